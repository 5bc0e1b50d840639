/* train_pairs.h - the pairs of a training run: counts, places and the most frequent one, for
 * train.c. */
#ifndef CORPUSTOK_TRAIN_PAIRS_H
#define CORPUSTOK_TRAIN_PAIRS_H

#include "lib/core/base.h"

struct train_pair {
	uint64_t key; /* left << 32 | right */
	int64_t count;
	uint32_t *places; /* ascending; some may be out of date */
	uint32_t n_places;
	uint32_t n_new; /* places in the log */
};

/* All zero is valid and empty. */
struct train_pairs {
	struct train_pair *at;
	size_t n, cap;
	uint32_t *slots; /* by key: index and one; 0 is free */
	size_t n_slots;

	struct place {
		uint32_t pair, place;
	} * log; /* places found since the last settle */
	size_t n_log, cap_log;

	struct candidate {
		int64_t count; /* what it was when it was put here */
		uint64_t key;
		uint32_t pair;
	} * heap;
	size_t n_heap, cap_heap;
};

/* The pair stands at this place, count times. */
void train_pairs_add(
	struct train_pairs *t, uint32_t left, uint32_t right, int64_t count, uint32_t place);

/* It stands there no longer. */
void train_pairs_drop(struct train_pairs *t, uint32_t left, uint32_t right, int64_t count);

/* After a round of the two: pairs that gained places and stand at least min_count times become
 * candidates. What falls short never comes back, because a pair gains places in one round only:
 * that which made the newer of its two tokens. */
void train_pairs_settle(struct train_pairs *t, int64_t min_count);

/* Takes the most frequent candidate out, of equals the one of smallest key; NULL when none stands
 * min_count times. Valid until the next train_pairs_add. */
struct train_pair *train_pairs_best(struct train_pairs *t, int64_t min_count);

void train_pairs_release(struct train_pairs *t);

#endif
