/* random.h - numbers for tests that are the same in every run. */
#ifndef CORPUS_TEST_RANDOM_H
#define CORPUS_TEST_RANDOM_H

#include "lib/core/base.h"

/* splitmix64 (Steele, Lea and Flood 2014): any state is a good one. */
static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
	z = (z ^ z >> 27) * 0x94D049BB133111EB;
	return z ^ z >> 31;
}

/* From 0 to n - 1. */
static inline size_t random_below(uint64_t *state, size_t n)
{
	return (size_t)(random_next(state) % n);
}

#endif
