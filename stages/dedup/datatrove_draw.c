/* datatrove's permutations: numpy's random numbers, and the least values under them. */
#include "lib/core/base.h"
#include "stages/dedup/datatrove.h"

/* MT19937: Matsumoto and Nishimura 1998, "Mersenne twister". */
enum { STATE = 624, MIDDLE = 397 };

struct twister {
	uint32_t state[STATE];
	size_t at;
};

/* The seeding of 2002 (init_genrand), which RandomState uses for one number. */
static void seed_twister(struct twister *t, uint32_t seed)
{
	for (uint32_t i = 0; i < STATE; i++) {
		t->state[i] = seed;
		seed = 1812433253 * (seed ^ seed >> 30) + i + 1;
	}
	t->at = STATE;
}

static void twist(struct twister *t)
{
	for (size_t i = 0; i < STATE; i++) {
		uint32_t y = (t->state[i] & 0x80000000) | (t->state[(i + 1) % STATE] & 0x7FFFFFFF);

		t->state[i] = t->state[(i + MIDDLE) % STATE] ^ y >> 1 ^ (y & 1 ? 0x9908B0DF : 0);
	}
	t->at = 0;
}

static uint32_t next_32(struct twister *t)
{
	uint32_t y;

	if (t->at == STATE)
		twist(t);
	y = t->state[t->at++];
	y ^= y >> 11;
	y ^= y << 7 & 0x9D2C5680;
	y ^= y << 15 & 0xEFC60000;
	return y ^ y >> 18;
}

/* From 0 to last, by numpy's way of the time: bits beyond last's are masked, and what is still
 * beyond it is drawn again. */
static uint64_t draw(struct twister *t, uint64_t last)
{
	uint64_t mask = UINT64_MAX >> __builtin_clzll(last), x;

	do {
		x = (uint64_t)next_32(t) << 32;
		x = (x | next_32(t)) & mask;
	} while (x > last);
	return x;
}

void datatrove_draw(uint64_t *a, uint64_t *b, size_t n, uint32_t seed)
{
	struct twister t;

	seed_twister(&t, seed);
	for (size_t i = 0; i < n; i++)
		a[i] = 1 + draw(&t, DATATROVE_PRIME - 2);
	for (size_t i = 0; i < n; i++)
		b[i] = draw(&t, DATATROVE_PRIME - 1);
}

/* x mod 2^61 - 1. */
static inline uint64_t modulo(uint64_t x)
{
	x = (x & DATATROVE_PRIME) + (x >> 61);
	return x >= DATATROVE_PRIME ? x - DATATROVE_PRIME : x;
}

void datatrove_least(const uint64_t *a, const uint64_t *b, size_t n_permutations,
	const uint64_t *hashes, size_t n, uint64_t *least)
{
	for (size_t k = 0; k < n_permutations; k++) {
		uint64_t min = least[k];

		for (size_t i = 0; i < n; i++) {
			uint64_t x = modulo(hashes[i] * a[k] + b[k]);

			min = MIN(min, x);
		}
		least[k] = min;
	}
}
