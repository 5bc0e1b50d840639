/* The least values under 16 permutations at a time, for processors with AVX-512. */
#include "stages/dedup/permute.h"

#if defined(__x86_64__)

#include <immintrin.h>

/* So many vectors of permutations stay in registers, with their numbers, over all hashes. */
enum { GROUP = 8 };

static inline __attribute__((always_inline)) void least_of_group(const struct permutations *p,
	size_t at, size_t vectors, const uint64_t *hashes, size_t n, uint32_t *least)
{
	__m512i a[GROUP], b[GROUP], min[GROUP];

	for (size_t k = 0; k < vectors; k++) {
		a[k] = _mm512_load_si512(p->a + at + 16 * k);
		b[k] = _mm512_load_si512(p->b + at + 16 * k);
		min[k] = _mm512_load_si512(least + at + 16 * k);
	}
	for (size_t i = 0; i < n; i++) {
		__m512i h = _mm512_set1_epi32((int)(hashes[i] >> 32));

#pragma GCC unroll 8
		for (size_t k = 0; k < vectors; k++) {
			__m512i x = _mm512_add_epi32(_mm512_mullo_epi32(a[k], h), b[k]);

			min[k] = _mm512_min_epu32(min[k], x);
		}
	}
	for (size_t k = 0; k < vectors; k++)
		_mm512_store_si512(least + at + 16 * k, min[k]);
}

void permute_least_avx512(
	const struct permutations *p, const uint64_t *hashes, size_t n, uint32_t *least)
{
	size_t at = 0;

	for (; p->n - at >= 16 * GROUP; at += 16 * GROUP)
		least_of_group(p, at, GROUP, hashes, n, least);
	switch ((p->n - at) / 16) {
	case 7: least_of_group(p, at, 7, hashes, n, least); break; /* FineWeb's 112 */
	case 6: least_of_group(p, at, 6, hashes, n, least); break;
	case 5: least_of_group(p, at, 5, hashes, n, least); break;
	case 4: least_of_group(p, at, 4, hashes, n, least); break;
	case 3: least_of_group(p, at, 3, hashes, n, least); break;
	case 2: least_of_group(p, at, 2, hashes, n, least); break;
	case 1: least_of_group(p, at, 1, hashes, n, least); break;
	default: break;
	}
}

#endif
