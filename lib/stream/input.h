/* input.h - one input, decompressed: zstd, gzip, bzip2 or plain, told apart by its first bytes.
 *
 * Serial reading for everything that is not cut into frames of ours; frames.h reads those. A
 * damaged or truncated input is ERR_DATA with the byte offset, never a quiet end. */
#ifndef CORPUS_INPUT_H
#define CORPUS_INPUT_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

#include <sys/types.h>

enum input_format { INPUT_PLAIN, INPUT_ZSTD, INPUT_GZIP, INPUT_BZIP2 };

struct input;
struct pool;

/* Opens path; "-" is standard input, shown in messages as "standard input". A directory is
 * refused. With salvage, damage does not end the input: reading goes on at the next member that
 * can be found, and input_gaps counts such places. */
int input_open(struct input **out, const char *path, bool salvage, struct err *e) MUST_CHECK;

/* The same for a thread that others may want to end: a read that waits for a pipe gives up with
 * ERR_PIPE as soon as stop, a descriptor, can be read or is hung up. 0: none. */
int input_open_until(
	struct input **out, const char *path, bool salvage, int stop, struct err *e) MUST_CHECK;

/* What is said of a pipe that ends without a byte, unless salvage is asked for: ERR_DATA. */
#define INPUT_EMPTY_PIPE \
	"input ended early: nothing came through the pipe (--salvage takes that for no records)"

/* Lets the pool decode the streams of a bzip2 file that has many, as MediaWiki's multistream dumps
 * have, ahead of the reader; what is read is the same to the byte. Before the first read; does
 * nothing for other formats and for a pool of one thread. Memory: two streams a thread, of 20 MiB
 * at most. */
void input_use_pool(struct input *in, struct pool *pool);

/* Up to n decompressed bytes into p; 0 is the end, -1 an error that names the file and the byte.
 * Never returns bytes of two members (gzip members, zstd frames, bzip2 streams) in one call, so
 * that input_member_offset says where the bytes came from. Blocks until there is at least one
 * byte. */
ssize_t input_read(struct input *in, void *p, size_t n, struct err *e) MUST_CHECK;

/* The next bytes without taking them, at most n: fewer at the end of the input or of a member. For
 * telling what an input holds. *head is valid until the next call. */
int input_peek(struct input *in, size_t n, struct slice *head, struct err *e) MUST_CHECK;

/* Takes the next frame whole and compressed when it is one of ours (frame.h) that holds at most
 * max_content bytes: 1, and its bytes in *frame, valid until the next call; 0 when anything else
 * comes or the end, which input_read then gives; -1. Only between members. */
int input_frame(
	struct input *in, uint64_t max_content, struct slice *frame, struct err *e) MUST_CHECK;

/* The offset in the file at which the member begins that the last bytes came from; of those bytes
 * themselves in a plain input. */
uint64_t input_member_offset(const struct input *in);

/* True when the last bytes read were the last of their member: input_offset is then where the next
 * one begins. */
bool input_member_ended(const struct input *in);

/* Bytes of the file consumed so far. */
uint64_t input_offset(const struct input *in);

/* Decompressed bytes handed out so far by input_read. */
uint64_t input_position(const struct input *in);

/* The size of a regular file in bytes, or 0. */
uint64_t input_size(const struct input *in);

enum input_format input_format(const struct input *in);
const char *input_name(const struct input *in);

/* For reading at random, with frame_index_read. input_seek goes to the offset of a member. */
int input_fd(const struct input *in);

/* Another name for messages: of a temporary file, what it is a copy of. */
void input_rename(struct input *in, const char *name);
int input_seek(struct input *in, uint64_t offset, struct err *e) MUST_CHECK;

/* The JSON of the stamp that was passed, valid until the next call; empty while there was none, and
 * when the input holds more than one stream. */
struct slice input_stamp(const struct input *in);

/* True when it was opened to be salvaged. */
bool input_salvages(const struct input *in);

/* How often --salvage passed over damage, and the file's bytes that were lost so: of each member
 * that could not be read whole all bytes, up to where reading went on. */
uint64_t input_gaps(const struct input *in);
uint64_t input_lost(const struct input *in);

/* The first gaps one by one: where the damaged member begins, the bytes lost, what is wrong. False:
 * there is no such gap, or it is none of the first. */
enum { INPUT_GAPS_SHOWN = 10 };
struct input_gap {
	uint64_t at, bytes;
	char what[160];
};
bool input_gap(const struct input *in, size_t i, struct input_gap *gap);

/* A number that changes when bytes were passed over: what was read before does not go on in what is
 * read now. */
uint64_t input_breaks(const struct input *in);

/* A reader of the content passed over damage that it found (with salvage): counts one gap of so
 * many bytes of the file, from at on. */
void input_note_damage(struct input *in, uint64_t at, uint64_t bytes, const char *what);

void input_free(struct input *in);

/* The whole decompressed content appended to out, at most max bytes, else ERR_LIMIT. For
 * configuration files, vocabularies and other small inputs. */
int input_slurp(const char *path, size_t max, struct buf *out, struct err *e) MUST_CHECK;

#endif
