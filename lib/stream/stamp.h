/* stamp.h - what a stream says of itself: where it came from and what it holds.
 *
 * A JSON object: program, version, options that decide the output, "uses" (digests of rule sets,
 * models and vocabularies), inputs (records, bytes, digest and the stamp of each), and last the
 * facts of the content, which output_close adds: records, bytes, digest. It names no file and no
 * time, so that the same input gives the same bytes in any folder and on any day. */
#ifndef CORPUS_STAMP_H
#define CORPUS_STAMP_H

#include "lib/stats.h"

/* An input's stamp stands in the stamp of the output; when all of them together are larger than
 * this, only their digests do. A chain of ten stages over one source takes about 10 KiB. */
#define STAMP_MAX_INPUTS (256 * KIB)

/* The object up to the facts of the content. options is a JSON object; uses the members of one
 * (it may be empty). */
void stamp_describe(struct buf *out, const char *program, struct slice options, struct slice uses,
	const struct stats *inputs);

/* The content facts of a file of ours, from its end, without reading the rest. json: the whole
 * stamp, when not NULL. 1: found; 0: not one of ours (or plain); -1. */
int stamp_read(
	const char *path, struct digest *content, struct buf *json, struct err *e) MUST_CHECK;

#endif
