/* The least value of a set of hashes under each of many permutations. */
#include "stages/dedup/permute.h"

#include "lib/core/cpu.h"
#include "lib/core/mem.h"

#include <assert.h>
#include <stdlib.h>

/* splitmix64: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators". */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static uint32_t *numbers_new(size_t n)
{
	void *p = aligned_alloc(64, n * sizeof(uint32_t));

	if (!p)
		mem_exhausted();
	return p;
}

/* One after the other, so that more permutations begin with fewer. */
struct permutations permutations_new(size_t n, uint64_t seed)
{
	struct permutations p = { .n = (n + PERMUTE_STEP - 1) / PERMUTE_STEP * PERMUTE_STEP };

	p.a = numbers_new(p.n);
	p.b = numbers_new(p.n);
	for (size_t i = 0; i < p.n; i++) {
		uint64_t x = draw(&seed);

		p.a[i] = (uint32_t)x | 1;
		p.b[i] = (uint32_t)(x >> 32);
	}
	return p;
}

void permutations_free(struct permutations *p)
{
	free(p->a);
	free(p->b);
	*p = (struct permutations){ 0 };
}

void permute_least_plain(
	const struct permutations *p, const uint64_t *hashes, size_t n, uint32_t *least)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t h = (uint32_t)(hashes[i] >> 32);

		for (size_t k = 0; k < p->n; k++)
			least[k] = MIN(least[k], p->a[k] * h + p->b[k]);
	}
}

void permute_least(const struct permutations *p, const uint64_t *hashes, size_t n, uint32_t *least)
{
#if defined(__x86_64__)
	if (cpu_has_avx512()) {
		permute_least_avx512(p, hashes, n, least);
		return;
	}
	if (cpu_has_avx2()) {
		permute_least_avx2(p, hashes, n, least);
		return;
	}
#endif
	permute_least_plain(p, hashes, n, least);
}
