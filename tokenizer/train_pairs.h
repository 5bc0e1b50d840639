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

/* The index of a pair that is not there yet. */
uint32_t train_pairs_new(struct train_pairs *t, uint64_t key);

/* Valid until the next train_pairs_new; NULL when it is not there. */
struct train_pair *train_pairs_find(const struct train_pairs *t, uint64_t key);

/* Room for so many places, of which there are none yet. */
void train_pair_reserve(struct train_pair *pair, uint32_t n);

/* One of those for which there is room. */
static inline void train_pair_put(struct train_pair *pair, uint32_t place)
{
	train_pair_places(pair)[pair->n_places++] = place;
}

/* The places are freed: pairs that stand too rarely to be merged do not need them. */
void train_pair_forget(struct train_pair *pair);

void train_pairs_release(struct train_pairs *t);

#endif
