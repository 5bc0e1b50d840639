/* bandfile_parts.h - what the two halves of bandfile.h share; nobody else includes it. */
#ifndef CORPUS_BANDFILE_PARTS_H
#define CORPUS_BANDFILE_PARTS_H

#include "stages/dedup/bandfile.h"

enum { BANDFILE_HEADER = 512, BANDFILE_ROW = 24 };

/* What the directory says of a partition. */
struct band_row {
	uint64_t last; /* offset of its newest chunk, UINT64_MAX without */
	uint64_t bytes, entries; /* in its chunks, without their headers */
};

struct band_part {
	struct buf held; /* the chunk being filled, its header's room in front */
	uint32_t held_entries;
	uint64_t document; /* of the newest entry in held */
	struct band_row written;
};

struct bandfile {
	int fd; /* -1: the file is opened for each call */
	char *name;
	uint32_t bands;
	size_t chunk_bytes;
	struct band_part *parts; /* NULL in a file that was opened */
	uint64_t end; /* of what was written */
	uint64_t directory, ranks; /* offsets, in a file that was opened */
	uint64_t entries;
	struct buf chunk; /* the last that was read */
};

/* Writes what every partition holds. */
int bandfile_flush(struct bandfile *b, struct err *e) MUST_CHECK;

/* The row of a file that was opened. */
int bandfile_read_row(
	const struct bandfile *b, size_t partition, struct band_row *row, struct err *e) MUST_CHECK;

#endif
