/* A bounded set of 128-bit keys. */
#include "lib/store/keyset.h"

#include "lib/core/mem.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 16 };

struct slot {
	struct key128 key;
	uint64_t value;
};

/* A slot is in use when its bit of used is set: every key and every number is a valid one. */
struct keyset {
	struct slot *slots;
	uint64_t *used;
	size_t n, cap; /* cap: a power of two */
	unsigned shift; /* the place of a key is its high bits: hi >> shift */
	size_t memory;
};

static size_t table_bytes(size_t slots)
{
	return slots * sizeof(struct slot) + (slots + 63) / 64 * sizeof(uint64_t);
}

/* Three quarters full: linear probing then takes 8.5 steps for an absent key (Knuth, section 6.4:
 * (1 + 1 / (1 - a)^2) / 2). */
static size_t most_of(size_t slots)
{
	return slots / 4 * 3;
}

static bool may_double(size_t slots, size_t memory)
{
	return table_bytes(slots) + table_bytes(2 * slots) <= memory;
}

size_t keyset_room(size_t memory)
{
	size_t slots = FIRST_SLOTS;

	while (may_double(slots, memory))
		slots *= 2;
	return most_of(slots);
}

static void set_table(struct keyset *s, size_t cap)
{
	s->slots = mem_alloc(cap * sizeof(*s->slots));
	s->used = mem_zalloc((cap + 63) / 64, sizeof(*s->used));
	s->cap = cap;
	s->shift = 64 - (unsigned)__builtin_ctzll(cap);
}

struct keyset *keyset_new(size_t memory)
{
	struct keyset *s = mem_zalloc(1, sizeof(*s));

	s->memory = memory;
	set_table(s, FIRST_SLOTS);
	return s;
}

static bool is_used(const struct keyset *s, size_t i)
{
	return s->used[i / 64] >> (i % 64) & 1;
}

/* Where the key is, or the free slot where it would be put. */
static size_t find(const struct keyset *s, struct key128 key)
{
	size_t i = key.hi >> s->shift;

	while (is_used(s, i) && (s->slots[i].key.lo != key.lo || s->slots[i].key.hi != key.hi))
		i = (i + 1) & (s->cap - 1);
	return i;
}

static void place(struct keyset *s, size_t i, const struct slot *slot)
{
	s->used[i / 64] |= (uint64_t)1 << (i % 64);
	s->slots[i] = *slot;
}

/* A table of twice the size, where memory allows. */
static bool grow(struct keyset *s)
{
	struct keyset old = *s;

	if (!may_double(old.cap, s->memory))
		return false;
	set_table(s, 2 * old.cap);
	for (size_t i = 0; i < old.cap; i++)
		if (is_used(&old, i))
			place(s, find(s, old.slots[i].key), &old.slots[i]);
	free(old.slots);
	free(old.used);
	return true;
}

void keyset_prefetch(const struct keyset *s, struct key128 key)
{
	__builtin_prefetch(&s->slots[key.hi >> s->shift]);
}

enum keyset_put keyset_put(struct keyset *s, struct key128 key, uint64_t value, uint64_t **found)
{
	size_t i = find(s, key);

	if (is_used(s, i)) {
		*found = &s->slots[i].value;
		return KEYSET_SEEN;
	}
	if (s->n >= most_of(s->cap)) {
		if (!grow(s))
			return KEYSET_FULL;
		i = find(s, key);
	}
	place(s, i, &(struct slot){ key, value });
	s->n++;
	return KEYSET_NEW;
}

uint64_t *keyset_get(const struct keyset *s, struct key128 key)
{
	size_t i = find(s, key);

	return is_used(s, i) ? &s->slots[i].value : NULL;
}

bool keyset_next(const struct keyset *s, size_t *at, struct key128 *key, uint64_t *value)
{
	while (*at < s->cap && !is_used(s, *at))
		++*at;
	if (*at == s->cap)
		return false;
	*key = s->slots[*at].key;
	*value = s->slots[(*at)++].value;
	return true;
}

size_t keyset_count(const struct keyset *s)
{
	return s->n;
}

size_t keyset_bytes(const struct keyset *s)
{
	return table_bytes(s->cap);
}

void keyset_free(struct keyset *s)
{
	if (!s)
		return;
	free(s->slots);
	free(s->used);
	free(s);
}
