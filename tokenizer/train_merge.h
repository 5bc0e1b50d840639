/* train_merge.h - one merge after the other over all pieces of a training run, for train.c.
 *
 *	train_merger_begin(&m, &cells, byte_id, min_count);
 *	while (train_merger_best(&m, &left, &right))
 *		train_merger_merge(&m, made);
 *	train_merger_release(&m);
 *
 * A merge visits the places of its pair and sums up what it changes by the neighbour: the table of
 * pairs is asked once for each different neighbour, not at every place.
 *
 * No two merges make tokens of the same bytes. Where such bytes are whole tokens, in any piece and
 * before any merge, they are the same tokens: at first they are bytes, and a merge joins the same
 * of them everywhere, unless it takes in a neighbour from outside, and then they are whole tokens
 * no more. (Of a run of one token it joins two and two from the left, and from the beginning of
 * these bytes, or it would have taken in the one before.) So a pair gets its places in one round,
 * that which made the newer of its tokens, and its count only falls from then on. */
#ifndef CORPUSTOK_TRAIN_MERGE_H
#define CORPUSTOK_TRAIN_MERGE_H

#include "tokenizer/train_cells.h"
#include "tokenizer/train_queue.h"

/* What one merge does on one side of its pair. */
struct train_side {
	struct train_sum {
		int64_t count;
		uint32_t n; /* places */
		uint32_t pair; /* of the neighbour and the new token, if it is frequent enough */
	} * by_symbol; /* all zero between merges */
	struct train_seen {
		uint32_t symbol, place; /* the neighbour, and where the new pair stands */
	} * seen; /* in the order of the places */
	size_t n_seen, cap_seen;
	uint32_t *symbols; /* those with a sum */
	size_t n_symbols, cap_symbols;
};

struct train_merger {
	struct train_cells *cells;
	struct train_pairs pairs;
	struct train_queue queue;
	int64_t min_count;
	uint32_t *lengths; /* by symbol: cells */
	size_t n_symbols; /* of those and of the sums */
	struct train_side sides[2]; /* left, right */
	uint32_t best; /* what train_merger_best found */
};

/* Counts the pairs of the cells, which hold bytes, and puts their ids. min_count is at least 1. The
 * cells must live as long as m, which is all zero. */
void train_merger_begin(struct train_merger *m, struct train_cells *cells,
	const uint32_t byte_id[256], int64_t min_count);

/* The pair that stands most often, of equals the one of the smaller left id, then right id; false
 * when none stands min_count times. */
bool train_merger_best(struct train_merger *m, uint32_t *left, uint32_t *right);

/* That pair becomes made everywhere, a token that stands nowhere yet. */
void train_merger_merge(struct train_merger *m, uint32_t made);

void train_merger_release(struct train_merger *m);

#endif
