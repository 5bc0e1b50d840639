/* warc.h - records of WARC files (ISO 28500; versions 0.17 to 1.1 are read) and ARC files (arc.h),
 * whose records come with the WARC header that says the same.
 *
 *	struct warc *w = warc_new(in);
 *	while ((r = warc_next(w, &data, &header, &e)) > 0) {
 *		if (header.type == WARC_RESPONSE && header.length <= max)
 *			warc_block(w, &data, &e);
 *		warc_finish(w, &place, &e);
 *	}
 *
 * Memory is bounded by the header (1 MiB): a block that nobody asks for is passed over without
 * being held. Damage is ERR_DATA with the file, the record's number and the byte. When the input is
 * opened to be salvaged, a record that cannot be read is handed out as WARC_DAMAGED instead, and
 * reading goes on at the next line that begins "WARC/", of an ARC file at the next that begins a record. */
#ifndef CORPUS_WARC_H
#define CORPUS_WARC_H

#include "lib/core/buf.h"
#include "lib/core/err.h"
#include "lib/stream/input.h"

enum warc_type {
	WARC_OTHER,
	WARC_INFO,
	WARC_RESPONSE,
	WARC_RESOURCE,
	WARC_REQUEST,
	WARC_METADATA,
	WARC_REVISIT,
	WARC_CONVERSION,
	WARC_CONTINUATION,
	WARC_DAMAGED, /* only with salvage: bytes were passed over */
};

/* Header fields; those that are absent are {NULL, 0}. Slices point into the parsed bytes. */
struct warc_header {
	enum warc_type type;
	struct slice uri; /* WARC-Target-URI; WARC 1.0's angle brackets taken off */
	struct slice id; /* WARC-Record-ID, the same */
	struct slice date;
	struct slice content_type; /* of the block */
	struct slice truncated;
	struct slice payload_type; /* WARC-Identified-Payload-Type */
	uint64_t length; /* of the block, in bytes */
	size_t header_bytes; /* of the header with its empty line */
};

/* Reads the header that text begins with, as warc_next appends it. what says what is wrong. */
bool warc_parse(struct slice text, struct warc_header *h, const char **what);

/* Where a record stands in its file. */
struct warc_place {
	uint64_t number; /* from 0 */
	uint64_t offset; /* of the compressed member that it begins in; of itself in a plain file */
	uint64_t
		length; /* of that member, when it holds this record and nothing else; of the record
			    in a plain file; else 0 */
};

struct warc;

/* Reads in, which stays the caller's. */
struct warc *warc_new(struct input *in);

/* Appends the next record's header to data, folded lines unfolded, and describes it in *h, whose
 * slices point into data until it grows. 1; 0 at the end; -1. Finishes the record before, if
 * nobody did. */
int warc_next(struct warc *w, struct buf *data, struct warc_header *h, struct err *e) MUST_CHECK;

/* Appends the whole block to data. 1; with salvage 0 when it is damaged; -1. */
int warc_block(struct warc *w, struct buf *data, struct err *e) MUST_CHECK;

/* Passes over what is left of the record and says where it stood. 1; with salvage 0 when what was
 * left is damaged; -1. */
int warc_finish(struct warc *w, struct warc_place *place, struct err *e) MUST_CHECK;

void warc_free(struct warc *w);

#endif
