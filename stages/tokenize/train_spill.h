/* train_spill.h - counts of pieces that no longer fit in memory, on disk.
 *
 *	struct train_spill *s = train_spill_new(memory, tmpdir);
 *	train_spill_take(s, &counts, &e);        any number of times, on any thread
 *	train_spill_cells(s, &cells, &e);        all of them, each piece once
 *	train_spill_free(s);
 *
 * Pieces are parted by a hash into buckets (lib/store/buckets.h), each of which is added up alone;
 * so none is lost, and the result is that of counting in memory. */
#ifndef CORPUS_TRAIN_SPILL_H
#define CORPUS_TRAIN_SPILL_H

#include "tokenizer/train_cells.h"

struct train_spill;

/* memory bytes, and at least 256 KiB, are held back before they are written. The temporary file is
 * opened when it is needed; tmpdir must live as long. */
struct train_spill *train_spill_new(size_t memory, const char *tmpdir);

/* Writes the counts and empties them. */
int train_spill_take(struct train_spill *s, struct train_counts *counts, struct err *e) MUST_CHECK;

/* Whether anything was taken. */
bool train_spill_used(struct train_spill *s);

/* Appends all to cells, once, behind the last take. Stops behind the bucket that brings them over
 * max_cells: the caller looks at their number. */
int train_spill_cells(struct train_spill *s, struct train_cells *cells, size_t max_cells,
	struct err *e) MUST_CHECK;

void train_spill_free(struct train_spill *s);

#endif
