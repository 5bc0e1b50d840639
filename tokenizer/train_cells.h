/* train_cells.h - the different pieces of a training run, as the tokens they are made of so far.
 *
 * All pieces stand in one array of cells, a byte a cell, with an edge before, between and behind. A
 * token of several bytes has its id in its first cell and SPAN with its length in its last, so that
 * both neighbours of a token are found in one step; no token begins in the cells between:
 *
 *	EDGE  t  h  e  EDGE      merge (h, e):   EDGE  t  he  SPAN+2  EDGE
 *
 * Beside each stands how often its piece does, so that a place is one look into memory. */
#ifndef CORPUSTOK_TRAIN_CELLS_H
#define CORPUSTOK_TRAIN_CELLS_H

#include "tokenizer/train_counts.h"

#include "lib/core/err.h"

#define TRAIN_EDGE UINT32_MAX
#define TRAIN_SPAN UINT32_C(0x80000000)
#define TRAIN_BIG UINT32_C(0x80000000)

struct train_cell {
	uint32_t symbol;
	uint32_t count; /* of the piece; TRAIN_BIG and an index where it is larger */
};

/* All zero is valid and empty. */
struct train_cells {
	struct train_cell *at;
	size_t n, cap;
	uint64_t *big;
	size_t n_big, cap_big;
	uint64_t n_pieces; /* of one byte too, which have no cells */
};

/* Appends a piece, whose symbols are its bytes. A piece of one byte has no pair and is left out.
 * ERR_LIMIT when the different pieces are 4 GiB or more. */
int train_cells_add(
	struct train_cells *c, struct slice piece, uint64_t count, struct err *e) MUST_CHECK;

/* Appends all that is counted, and empties the counts. */
int train_cells_take(struct train_cells *c, struct train_counts *counts, struct err *e) MUST_CHECK;

static inline uint64_t train_cells_count(const struct train_cells *c, uint32_t place)
{
	uint32_t count = c->at[place].count;

	return count & TRAIN_BIG ? c->big[count & ~TRAIN_BIG] : count;
}

void train_cells_release(struct train_cells *c);

#endif
