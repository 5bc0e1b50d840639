/* output.h - a stream of records written as frames, stamp and seek table.
 *
 * The format is corpus-stream(5). Lines are appended by one thread; frames of 4 MiB are cut by the
 * order of lines alone, compressed by the pool's workers and written in order by whoever appends,
 * so the bytes do not depend on the number of threads. Memory: two frames a worker. */
#ifndef CORPUS_OUTPUT_H
#define CORPUS_OUTPUT_H

#include "lib/core/buf.h"
#include "lib/core/err.h"
#include "lib/stream/digest.h"

struct pool;
struct publish;
struct output;

/* Decompressed bytes after which a frame ends at the next line end. 4 MiB: DESIGN section 4. */
#define FRAME_BYTES (4 * MIB)

enum {
	LEVEL_DEFAULT = INT32_MIN,
	OUTPUT_PIPE_LEVEL = -1000000, /* LEVEL_STORE of frame.h */
};

struct output_options {
	int level; /* of zstd; LEVEL_DEFAULT: 3 to a file, OUTPUT_PIPE_LEVEL to a pipe */
	bool plain; /* lines without compression, stamp or table */
};

/* path NULL or "-" is standard output. A name that ends in .jsonl, .ndjson or .json, and a
 * terminal, are written plain. */
int output_open(struct output **out, struct pool *pool, const char *path,
	const struct output_options *o, struct err *e) MUST_CHECK;

/* Whole lines, each with its newline; records is their number. The digest is taken here unless
 * known is given. */
int output_lines(struct output *out, struct slice lines, uint64_t records,
	const struct digest *known, struct err *e) MUST_CHECK;

/* A complete compressed frame with its checksum and content size, passed on as it is. lines is its
 * content (used when a frame so small is better merged), known its digest. */
int output_frame(struct output *out, struct slice frame, struct slice lines,
	const struct digest *known, struct err *e) MUST_CHECK;

/* Ends the stream: the last frame, the stamp (stamp_json, see stamp.h; content facts are added),
 * the table; then publishes the file. *file_bytes (when not NULL) is what was given to the file.
 * Frees out in every case. */
int output_close(struct output *out, struct slice stamp_json, uint64_t *file_bytes,
	struct err *e) MUST_CHECK;

/* The same for one of several files that are to appear together: what is to be committed, or
 * aborted, is handed out in *file; NULL for standard output, which is closed. */
int output_end(struct output *out, struct slice stamp_json, uint64_t *file_bytes,
	struct publish **file, struct err *e) MUST_CHECK;

/* Nothing is published. */
void output_abort(struct output *out);

/* What was written so far. */
struct digest output_digest(const struct output *out);

/* The path as it was given, - for standard output. */
const char *output_operand(const struct output *out);

#endif
