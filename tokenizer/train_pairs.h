/* train_pairs.h - the pairs of a training run: how often each stands, and where, for train.c. */
#ifndef CORPUSTOK_TRAIN_PAIRS_H
#define CORPUSTOK_TRAIN_PAIRS_H

#include "lib/core/base.h"

enum { TRAIN_FEW = 2 };

struct train_pair {
	uint64_t key; /* left << 32 | right */
	int64_t count;
	/* Cells (train_cells.h), ascending; at some it may stand no more. Most pairs have one or
	 * two, which stand here. */
	union {
		uint32_t few[TRAIN_FEW];
		uint32_t *many;
	};
	uint32_t n_places;
	bool allocated; /* many */
	bool forgotten; /* it stood somewhere, and that is not in places any more */
};

/* All zero is valid and empty. */
struct train_pairs {
	struct train_pair *at;
	size_t n, cap;
	uint32_t *slots; /* by key: index and one; 0 is free */
	size_t n_slots;
};

static inline uint64_t train_pair_key(uint32_t left, uint32_t right)
{
	return (uint64_t)left << 32 | right;
}

static inline uint32_t *train_pair_places(struct train_pair *pair)
{
	return pair->allocated ? pair->many : pair->few;
}

/* The index of the pair, which is new with a count of 0 if it was not there. */
uint32_t train_pairs_reach(struct train_pairs *t, uint64_t key);

/* Room for so many places more behind n_places. */
void train_pairs_reserve(struct train_pair *pair, uint32_t n);

/* The places are freed: pairs that stand too rarely to be merged do not need them. */
void train_pairs_forget(struct train_pairs *t, uint32_t pair);

void train_pairs_release(struct train_pairs *t);

#endif
