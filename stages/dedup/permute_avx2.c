/* The least values under 8 permutations at a time, for processors with AVX2. */
#include "stages/dedup/permute.h"

#if defined(__x86_64__)

#include <immintrin.h>

/* So many vectors of permutations stay in registers, with their numbers, over all hashes. */
enum { GROUP = 4 };

static inline __m256i load(const uint32_t *p)
{
	return _mm256_load_si256((const void *)p);
}

static inline __attribute__((always_inline)) void least_of_group(const struct permutations *p,
	size_t at, size_t vectors, const uint64_t *hashes, size_t n, uint32_t *least)
{
	__m256i a[GROUP], b[GROUP], min[GROUP];

	for (size_t k = 0; k < vectors; k++) {
		a[k] = load(p->a + at + 8 * k);
		b[k] = load(p->b + at + 8 * k);
		min[k] = load(least + at + 8 * k);
	}
	for (size_t i = 0; i < n; i++) {
		__m256i h = _mm256_set1_epi32((int)(hashes[i] >> 32));

#pragma GCC unroll 4
		for (size_t k = 0; k < vectors; k++) {
			__m256i x = _mm256_add_epi32(_mm256_mullo_epi32(a[k], h), b[k]);

			min[k] = _mm256_min_epu32(min[k], x);
		}
	}
	for (size_t k = 0; k < vectors; k++)
		_mm256_store_si256((void *)(least + at + 8 * k), min[k]);
}

void permute_least_avx2(
	const struct permutations *p, const uint64_t *hashes, size_t n, uint32_t *least)
{
	size_t at = 0;

	for (; p->n - at >= 8 * GROUP; at += 8 * GROUP)
		least_of_group(p, at, GROUP, hashes, n, least);
	if (at < p->n)
		least_of_group(p, at, PERMUTE_STEP / 8, hashes, n, least);
}

#endif
