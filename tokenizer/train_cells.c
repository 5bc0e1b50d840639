/* The different pieces of a training run, as tokens. */
#include "tokenizer/train_cells.h"

#include "lib/core/mem.h"

#include <stdlib.h>

static void put(struct train_cells *c, uint32_t symbol, uint32_t count)
{
	mem_grow(&c->at, c->n, &c->cap, sizeof(*c->at));
	c->at[c->n++] = (struct train_cell){ symbol, count };
}

/* The count as it stands in a cell. */
static uint32_t stored(struct train_cells *c, uint64_t count)
{
	if (count < TRAIN_BIG)
		return (uint32_t)count;
	mem_grow(&c->big, c->n_big, &c->cap_big, sizeof(*c->big));
	c->big[c->n_big] = MIN(count, (uint64_t)INT64_MAX);
	return TRAIN_BIG | (uint32_t)c->n_big++;
}

int train_cells_add(struct train_cells *c, struct slice piece, uint64_t count, struct err *e)
{
	uint32_t in_cell;

	c->n_pieces++;
	if (piece.n < 2)
		return 0;
	if (c->n + piece.n + 2 >= UINT32_MAX || piece.n >= TRAIN_SPAN)
		return err_set(e, ERR_LIMIT, "the different pieces are over the limit of 4 GiB");
	if (c->n == 0)
		put(c, TRAIN_EDGE, 0);
	in_cell = stored(c, count);
	for (size_t i = 0; i < piece.n; i++)
		put(c, (unsigned char)piece.p[i], in_cell);
	put(c, TRAIN_EDGE, 0);
	return 0;
}

int train_cells_take(struct train_cells *c, struct train_counts *counts, struct err *e)
{
	struct train_walk walk = { 0 };

	while (train_counts_next(counts, &walk))
		if (train_cells_add(c, walk.piece, walk.count, e) < 0)
			return -1;
	train_counts_release(counts);
	return 0;
}

void train_cells_release(struct train_cells *c)
{
	free(c->at);
	free(c->big);
	*c = (struct train_cells){ 0 };
}
