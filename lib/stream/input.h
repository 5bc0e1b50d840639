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

/* Opens path; "-" is standard input, shown in messages as "standard input". A directory is refused.
 * With salvage, damage ends the input with a note (input_salvaged) instead of an error. */
int input_open(struct input **out, const char *path, bool salvage, struct err *e) MUST_CHECK;

/* Up to n decompressed bytes into p; 0 is the end, -1 an error. Never returns bytes of two members
 * (gzip members, zstd frames, bzip2 streams) in one call, so that input_member_offset says where
 * the bytes came from. Blocks until there is at least one byte. */
ssize_t input_read(struct input *in, void *p, size_t n, struct err *e) MUST_CHECK;

/* The compressed byte offset at which the member begins that the last bytes read came from (the
 * offset of those bytes themselves in a plain input), and that at which the next member begins,
 * valid once its last byte was read. */
uint64_t input_member_offset(const struct input *in);

/* Compressed bytes consumed so far. For progress and for the end of a member. */
uint64_t input_offset(const struct input *in);

/* Decompressed bytes handed out so far. */
uint64_t input_position(const struct input *in);

/* The size of a regular file in bytes, or 0. */
uint64_t input_size(const struct input *in);

enum input_format input_format(const struct input *in);
const char *input_name(const struct input *in);

/* What --salvage passed over, as a sentence, or NULL. */
const char *input_salvaged(const struct input *in);

void input_free(struct input *in);

/* The whole decompressed content appended to out, at most max bytes, else ERR_LIMIT. For
 * configuration files, vocabularies and other small inputs. */
int input_slurp(const char *path, size_t max, struct buf *out, struct err *e) MUST_CHECK;

#endif
