/* Two bits for each place: never, once, more than once. */
#include "stages/dedup/twice.h"

#include "lib/core/mem.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { MIN_BYTES = 4096, PLACE_BITS = 5 }; /* 32 places a word */

struct twice {
	_Atomic uint64_t *words;
	unsigned shift; /* leaves the bits that number a place */
};

struct twice *twice_new(size_t bytes)
{
	struct twice *t = mem_zalloc(1, sizeof(*t));
	size_t n = MIN_BYTES / sizeof(*t->words);
	unsigned bits = PLACE_BITS;

	while (n * 2 * sizeof(*t->words) <= bytes)
		n *= 2;
	for (size_t i = n; i > 1; i /= 2)
		bits++;
	t->shift = 64 - bits;
	t->words = mem_zalloc(n, sizeof(*t->words));
	return t;
}

/* The word and the lower of its two bits. Anchors are the smallest of hashes, so their high bits
 * say little: the product brings all of them there. */
static _Atomic uint64_t *place(const struct twice *t, uint64_t hash, uint64_t *bit)
{
	uint64_t number = hash * 0x9e3779b97f4a7c15u >> t->shift;

	*bit = (uint64_t)1 << 2 * (number & ((1 << PLACE_BITS) - 1));
	return &t->words[number >> PLACE_BITS];
}

void twice_add(struct twice *t, uint64_t hash)
{
	uint64_t bit;
	_Atomic uint64_t *word = place(t, hash, &bit);
	uint64_t seen = atomic_load_explicit(word, memory_order_relaxed);

	if (seen & bit << 1)
		return;
	seen = atomic_fetch_or_explicit(word, bit, memory_order_relaxed);
	if (seen & bit)
		atomic_fetch_or_explicit(word, bit << 1, memory_order_relaxed);
}

bool twice_perhaps(const struct twice *t, uint64_t hash)
{
	uint64_t bit;
	_Atomic uint64_t *word = place(t, hash, &bit);

	return atomic_load_explicit(word, memory_order_relaxed) & bit << 1;
}

void twice_free(struct twice *t)
{
	if (!t)
		return;
	free(t->words);
	free(t);
}
