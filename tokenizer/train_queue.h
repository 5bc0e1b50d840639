/* train_queue.h - pairs in the order in which they are merged: the most frequent first, of equals
 * the one of the smallest key.
 *
 * What is taken out stands ever less often, so this is a radix heap (Ahuja, Mehlhorn, Orlin and
 * Tarjan 1990, "Faster algorithms for the shortest path problem"): list i holds counts whose
 * highest bit that differs from the level, the count of the last one taken, is bit i - 1. A list is
 * spread over those below it when the level comes down to it, so most pairs, which are rare and
 * never merged, are written once and not looked at again. Those of the level itself are a heap by
 * key. */
#ifndef CORPUSTOK_TRAIN_QUEUE_H
#define CORPUSTOK_TRAIN_QUEUE_H

#include "tokenizer/train_pairs.h"

struct train_tie {
	uint64_t key;
	uint32_t pair;
};

/* All zero is valid and empty. */
struct train_queue {
	uint64_t level; /* 0: nothing was put in yet */
	struct train_list {
		uint32_t *at; /* pairs, whose counts may have fallen since */
		size_t n, cap;
	} lists[64], spare; /* lists[0] is not used */
	struct train_tie *ties;
	size_t n_ties, cap_ties;
};

/* The pair stands pairs->at[pair].count times, at least once, and not more often than the last that
 * was taken. Its count may fall while it is here. */
void train_queue_put(struct train_queue *q, const struct train_pairs *pairs, uint32_t pair);

/* Takes the first out; false when none stands min_count times. The places of those that fell below
 * are freed. */
bool train_queue_take(
	struct train_queue *q, struct train_pairs *pairs, int64_t min_count, uint32_t *pair);

void train_queue_release(struct train_queue *q);

#endif
