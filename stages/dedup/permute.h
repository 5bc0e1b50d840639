/* permute.h - the least value of a set of hashes under each of many permutations.
 *
 * Permutation k of the 32-bit numbers is a[k] * h + b[k] mod 2^32 with an odd a[k]. 32 bits do:
 * two different shingles of a pair of texts share a least value once in 2^32 / n for n shingles,
 * and a band key is made of many values. */
#ifndef CORPUS_DEDUP_PERMUTE_H
#define CORPUS_DEDUP_PERMUTE_H

#include "lib/core/base.h"

/* Permutations come in steps of so many, so that no way of computing has a rest. */
enum { PERMUTE_STEP = 16 };

struct permutations {
	size_t n; /* a multiple of PERMUTE_STEP */
	uint32_t *a, *b; /* n numbers each, aligned to 64 bytes */
};

/* At least n of them, drawn from seed; equal seeds give equal ones. They stand in files: the
 * sequence of splitmix64 never changes. */
struct permutations permutations_new(size_t n, uint64_t seed);
void permutations_free(struct permutations *p);

/* least[k] becomes the least of itself and of what permutation k makes of the high halves of n
 * hashes. least has p->n numbers, aligned to 64 bytes. */
void permute_least(const struct permutations *p, const uint64_t *hashes, size_t n, uint32_t *least);

/* The ways of it, for tests. */
void permute_least_plain(
	const struct permutations *p, const uint64_t *hashes, size_t n, uint32_t *least);
#if defined(__x86_64__)
void permute_least_avx2(
	const struct permutations *p, const uint64_t *hashes, size_t n, uint32_t *least);
void permute_least_avx512(
	const struct permutations *p, const uint64_t *hashes, size_t n, uint32_t *least);
#endif

#endif
