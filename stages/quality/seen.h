/* seen.h - which items of a text were seen before: a table of item numbers by hash.
 *
 * Only numbers are stored; who asks says what makes two items equal. It keeps its memory from text
 * to text. */
#ifndef CORPUS_QUALITY_SEEN_H
#define CORPUS_QUALITY_SEEN_H

#include "lib/core/mem.h"

#include <stdlib.h>

struct seen {
	uint64_t *slots; /* upper half of the hash, then item + 1; 0: free */
	size_t mask;
	size_t cap;
};

/* Forgets everything and makes room for max items. Memory that only an exceptional text needed is
 * given back. */
static inline void seen_begin(struct seen *s, size_t max)
{
	enum { KEEP = 1 << 20 };
	size_t n = 16;

	while (n < 2 * max)
		n *= 2;
	if (n > s->cap || (s->cap > KEEP && n <= KEEP)) {
		free(s->slots);
		s->slots = mem_alloc(n * sizeof(s->slots[0]));
		s->cap = n;
	}
	memset(s->slots, 0, n * sizeof(s->slots[0]));
	s->mask = n - 1;
}

/* The first item that was added and is equal to this one: itself when there was none. The address
 * of equal is a constant where this is called, so that the compiler puts its body here. */
static inline uint32_t seen_add(struct seen *s, uint64_t hash, uint32_t item,
	bool (*equal)(const void *of, uint32_t a, uint32_t b), const void *of)
{
	size_t at = hash & s->mask;
	uint64_t slot;

	for (; (slot = s->slots[at]); at = (at + 1) & s->mask) {
		uint32_t other = (uint32_t)slot - 1;

		if (slot >> 32 == hash >> 32 && equal(of, other, item))
			return other;
	}
	s->slots[at] = (hash >> 32) << 32 | (item + 1);
	return item;
}

static inline void seen_release(struct seen *s)
{
	free(s->slots);
	*s = (struct seen){ 0 };
}

#endif
