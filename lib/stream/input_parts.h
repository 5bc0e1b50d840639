/* input_parts.h - what the files of input.c share. Only lib/stream/input*.c include this. */
#ifndef CORPUS_INPUT_PARTS_H
#define CORPUS_INPUT_PARTS_H

#include "lib/stream/frame.h"
#include "lib/stream/input.h"

#include <bzlib.h>
#include <libdeflate.h>
#include <zlib.h>
#include <zstd.h>

enum { INPUT_SNIFF = 18 }; /* bytes that tell the format and a frame's kind */

/* What the data frames of a stream add up to, and a hash of their entries in order. */
struct frame_sums {
	uint64_t frames, compressed, content, chain;
};

/* One compression format. step consumes raw bytes and produces up to n; *ended is set at the end
 * of a member. It may make no progress when raw bytes are short. */
struct decoder {
	const char *name;
	int (*start)(struct input *in);
	ssize_t (*step)(struct input *in, char *to, size_t n, bool *ended, struct err *e);
	void (*end)(struct input *in);
	const char *magic; /* how a member begins */
	size_t magic_n;
	bool (*plausible)(struct slice raw); /* whether INPUT_SNIFF bytes behind damage begin one */
};

enum {
	/* Bytes of a member that --salvage keeps, so that the search for the next one begins
	 * behind its first: a damaged member may seem to reach into what follows. */
	INPUT_KEEP = 16 * 1024 * 1024,
};

struct input {
	int fd;
	char *name;
	bool salvage;
	enum input_format format;
	const struct decoder *decoder;
	uint64_t size;

	struct buf raw; /* bytes of the file; those before at are consumed */
	size_t at;
	uint64_t offset; /* in the file, of raw.p[at] */
	bool eof; /* read(2) said so */
	int stop; /* a descriptor that ends waiting; 0: none, as on regular files */

	bool in_member;
	uint64_t member; /* where the current or last member begins */
	uint64_t position;
	struct buf ahead; /* decompressed bytes that input_peek read ahead, */
	size_t ahead_at; /* of which those before here are taken */

	bool stream_open; /* a mark or frame of ours was seen, and no table since */
	struct frame_sums seen; /* of the stream, to hold against its table */
	struct buf stamp;
	bool mixed; /* the file holds more than the one stream of the stamp */

	struct streams *streams; /* of bzip2, decoded ahead; NULL: none are */

	uint64_t gaps, lost;
	uint64_t breaks; /* places where the content does not go on from what was read */
	bool gap_open; /* no member was read whole since the last gap */
	uint64_t lost_to; /* bytes of the file before this are counted in lost */
	struct input_gap shown[INPUT_GAPS_SHOWN];

	z_stream gzip;
	struct libdeflate_decompressor *deflate;
	bool whole; /* the member stands in content, of which those before content_at are taken */
	struct buf content;
	size_t content_at;
	bz_stream bzip2;
	ZSTD_DCtx *zstd;
};

/* The bytes of the file that are read and not consumed. */
static inline struct slice raw_view(const struct input *in)
{
	return (struct slice){ in->raw.p + in->at, in->raw.n - in->at };
}

static inline void raw_take(struct input *in, size_t n)
{
	in->at += n;
	in->offset += n;
}

/* input.c: makes want bytes available where the file has so many; less is there only at its end. */
int raw_fill(struct input *in, size_t want, struct err *e) MUST_CHECK;

/* input.c: ERR_DATA at the byte where the input stands. Returns -1. */
int input_damaged(struct input *in, struct err *e, const char *what);

/* input_formats.c: by enum input_format; INPUT_PLAIN has a name alone. */
extern const struct decoder input_decoders[];

/* input_gzip.c: the members of struct decoder. */
int input_gzip_start(struct input *in);
ssize_t input_gzip_step(struct input *in, char *to, size_t n, bool *ended, struct err *e);
void input_gzip_end(struct input *in);

/* input_formats.c: zstd frames that follow are read with this dictionary, which is copied. -1 when
 * it is none. */
int input_zstd_dictionary(struct input *in, struct slice dictionary) MUST_CHECK;

/* input_frames.c: passes over skippable frames, marks, stamps and tables among them. Then
 * FRAME_DATA with the whole frame in raw, FRAME_FOREIGN, FRAME_NONE, or FRAME_SHORT at the end
 * of the file; -1 on damage. */
int input_next_frame(struct input *in, struct slice *frame, struct err *e) MUST_CHECK;

/* input_bzip2.c: as input_read does, while there are streams that the pool has decoded; 0: what
 * comes is for the serial decoder. */
ssize_t input_streams_read(struct input *in, char *to, size_t n, struct err *e) MUST_CHECK;
void input_streams_free(struct input *in);

/* input_bzip2.c: true when a stream begins so. */
bool input_begins_bzip2(struct slice raw);

/* input_frames.c: a data frame of ours goes by. */
void input_note_frame(struct input *in, struct slice frame);

#endif
