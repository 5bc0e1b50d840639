/* The anchors of windows: rolling hashes, and the smallest of those that are in sight. */
#include "stages/dedup/anchors.h"

#include "lib/core/mem.h"

#include <stdlib.h>

/* A polynomial in 2^64 at an odd place. Grams that agree by chance, or because somebody wished it,
 * cost time and change no result. */
static const uint64_t base = 0xd6e8feb86659fd93u;

void anchors_init(struct anchors *a, size_t window)
{
	a->window = window;
	a->gram = window - window / 4;
	a->leaving = 1;
	for (size_t i = 0; i < a->gram; i++)
		a->leaving *= base;
}

/* The low bits of a product know nothing of the high ones of its factors. */
static uint64_t mix(uint64_t h)
{
	h ^= h >> 32;
	h *= 0xe7037ed1a0b428dbu;
	return h ^ h >> 32;
}

static void hash_grams(struct anchors *a, const uint64_t *units, size_t n)
{
	uint64_t h = 0;

	for (size_t i = 0; i < a->gram; i++)
		h = h * base + units[i];
	a->grams[0] = mix(h);
	for (size_t i = a->gram; i < n; i++) {
		h = h * base + (units[i] - units[i - a->gram] * a->leaving);
		a->grams[i - a->gram + 1] = mix(h);
	}
}

/* The last of the smallest. */
static size_t smallest(const uint64_t *grams, size_t from, size_t to)
{
	size_t least = from;

	for (size_t i = from + 1; i < to; i++)
		least = grams[i] <= grams[least] ? i : least;
	return least;
}

static void find(struct anchors *a, size_t n_windows)
{
	const uint64_t *grams = a->grams;
	size_t in_sight = a->window - a->gram + 1, least = 0;

	for (size_t i = 0; i < n_windows; i++) {
		size_t newest = i + in_sight - 1, before = least;

		if (i == 0 || least < i)
			least = smallest(grams, i, i + in_sight);
		else if (grams[newest] <= grams[least])
			least = newest;
		if (i > 0 && least == before)
			a->at[a->n - 1].n++;
		else
			a->at[a->n++] = (struct anchor){ grams[least], i, 1 };
	}
}

void anchors_find(struct anchors *a, const uint64_t *units, size_t n)
{
	a->n = 0;
	if (n < a->window)
		return;
	if (n > a->cap) {
		a->cap = n;
		a->grams = mem_resize(a->grams, n, sizeof(*a->grams));
		a->at = mem_resize(a->at, n, sizeof(*a->at));
	}
	hash_grams(a, units, n);
	find(a, n - a->window + 1);
}

void anchors_release(struct anchors *a)
{
	free(a->grams);
	free(a->at);
	*a = (struct anchors){ 0 };
}
