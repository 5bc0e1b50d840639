/* The n-grams of questions, to be found in texts. */
#include "stages/dedup/grams.h"

#include "lib/core/mem.h"
#include "lib/store/sort.h"

#include <assert.h>
#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <xxhash.h>

/* The rolling hash is a polynomial in this odd number, modulo 2^64, whose coefficients are the
 * tokens' hashes: the multiplier of MMIX's generator (Knuth, The Art of Computer Programming 2,
 * section 3.3.4, table 1, line 26). */
static const uint64_t BASE = 6364136223846793005;

/* An n-gram of a question; little-endian, to be sorted by all three. */
struct entry {
	uint64_t rolled, check, question;
};
static const struct sort_shape entry_shape = { sizeof(struct entry), sizeof(struct entry),
	KEY_LE64 };

/* Bytes that an entry comes to take at the worst: three times its own while the list of them
 * doubles. Sealed, all that is made of one takes less. */
enum { ENTRY_MEMORY = 3 * sizeof(struct entry) };

struct gram {
	uint64_t rolled, check;
	uint32_t first; /* of its questions */
};

struct grams {
	size_t n; /* tokens */
	uint64_t leaving; /* the factor of the token that goes: BASE to the n - 1 */
	size_t max_entries;
	struct entry *entries; /* until sealed */
	size_t n_entries, cap_entries;
	struct gram *at; /* sorted; one more tells where the questions of the last end */
	size_t count;
	uint32_t *questions;
	uint32_t *slots; /* number of a gram + 1, at the top bits of rolled or behind; 0: none */
	size_t slot_mask;
	unsigned slot_shift;
	uint64_t *bitmap; /* of the low bits of rolled: 15 of 16 other n-grams end there */
	uint64_t bit_mask;
};

struct grams *grams_new(size_t n, size_t memory)
{
	struct grams *g = mem_zalloc(1, sizeof(*g));

	assert(n > 0 && n <= GRAMS_MAX_TOKENS);
	g->n = n;
	g->max_entries = MIN(memory / ENTRY_MEMORY, (size_t)UINT32_MAX / 4);
	g->leaving = 1;
	for (size_t i = 1; i < n; i++)
		g->leaving *= BASE;
	return g;
}

/* --- hashing ---------------------------------------------------------------------------------- */

static uint64_t check_of(const struct token *t, size_t n)
{
	uint64_t hashes[GRAMS_MAX_TOKENS];

	for (size_t i = 0; i < n; i++)
		hashes[i] = htole64(t[i].hash);
	return XXH3_64bits(hashes, n * sizeof(*hashes));
}

/* All but the last token of an n-gram. */
static uint64_t roll_first(const struct token *t, size_t n)
{
	uint64_t rolled = 0;

	for (size_t i = 0; i + 1 < n; i++)
		rolled = rolled * BASE + t[i].hash;
	return rolled;
}

/* --- building --------------------------------------------------------------------------------- */

int64_t grams_add(
	struct grams *g, const struct token *t, size_t n, uint32_t question, struct err *e)
{
	size_t added = n < g->n ? 0 : n - g->n + 1;
	uint64_t rolled = added ? roll_first(t, g->n) : 0;

	if (added > g->max_entries - g->n_entries)
		return err_set(e, ERR_LIMIT,
			"the benchmarks hold more than the %zu n-grams that half of --memory has "
			"room for",
			g->max_entries);
	for (size_t i = 0; i < added; i++) {
		rolled = rolled * BASE + t[i + g->n - 1].hash;
		mem_grow(&g->entries, g->n_entries, &g->cap_entries, sizeof(*g->entries));
		g->entries[g->n_entries++] = (struct entry){ htole64(rolled),
			htole64(check_of(t + i, g->n)), htole64(question) };
		rolled -= t[i].hash * g->leaving;
	}
	return (int64_t)added;
}

/* The smallest power of two that is n or more. */
static size_t power_of_two(size_t n)
{
	size_t p = 1;

	while (p < n)
		p *= 2;
	return p;
}

/* Equal entries are one, and those of one n-gram are its questions. */
static void gather(struct grams *g)
{
	const struct entry *last = NULL;
	size_t n_questions = 0;

	g->at = mem_alloc((g->n_entries + 1) * sizeof(*g->at));
	g->questions = mem_alloc(g->n_entries * sizeof(*g->questions));
	for (size_t i = 0; i < g->n_entries; i++) {
		const struct entry *x = &g->entries[i];
		bool same = last && x->rolled == last->rolled && x->check == last->check;

		if (same && x->question == last->question)
			continue;
		if (!same)
			g->at[g->count++] = (struct gram){ le64toh(x->rolled), le64toh(x->check),
				(uint32_t)n_questions };
		g->questions[n_questions++] = (uint32_t)le64toh(x->question);
		last = x;
	}
	g->at[g->count] = (struct gram){ .first = (uint32_t)n_questions };
}

static void index_grams(struct grams *g)
{
	size_t n_slots = power_of_two(2 * g->count + 2), bits = power_of_two(16 * g->count + 64);

	g->slots = mem_zalloc(n_slots, sizeof(*g->slots));
	g->slot_mask = n_slots - 1;
	g->slot_shift = 64 - (unsigned)__builtin_ctzll(n_slots);
	g->bitmap = mem_zalloc(bits / 64, sizeof(*g->bitmap));
	g->bit_mask = bits - 1;
	for (size_t i = 0; i < g->count; i++) {
		uint64_t rolled = g->at[i].rolled, bit = rolled & g->bit_mask;
		size_t slot = rolled >> g->slot_shift;

		while (g->slots[slot])
			slot = (slot + 1) & g->slot_mask;
		g->slots[slot] = (uint32_t)i + 1;
		g->bitmap[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

void grams_seal(struct grams *g)
{
	struct entry *scratch = mem_alloc(g->n_entries * sizeof(*scratch));

	if (g->n_entries)
		sort_records(&entry_shape, g->entries, scratch, g->n_entries);
	free(scratch);
	gather(g);
	free(g->entries);
	g->entries = NULL;
	index_grams(g);
}

/* --- finding ---------------------------------------------------------------------------------- */

size_t grams_tokens(const struct grams *g)
{
	return g->n;
}

size_t grams_count(const struct grams *g)
{
	return g->count;
}

const uint32_t *grams_questions(const struct grams *g, uint32_t gram, size_t *n)
{
	*n = g->at[gram + 1].first - g->at[gram].first;
	return g->questions + g->at[gram].first;
}

/* The number of the n-gram at t, or UINT32_MAX. */
static uint32_t look_up(const struct grams *g, uint64_t rolled, const struct token *t)
{
	size_t slot = rolled >> g->slot_shift;
	uint64_t check = 0;
	bool checked = false;

	for (; g->slots[slot]; slot = (slot + 1) & g->slot_mask) {
		const struct gram *gram = &g->at[g->slots[slot] - 1];

		if (gram->rolled != rolled)
			continue;
		if (!checked)
			check = check_of(t, g->n);
		checked = true;
		if (gram->check == check)
			return g->slots[slot] - 1;
	}
	return UINT32_MAX;
}

static void add_hit(const struct grams *g, uint64_t rolled, const struct token *t, size_t i,
	struct gram_hits *hits)
{
	uint32_t gram = look_up(g, rolled, t + i);

	if (gram == UINT32_MAX)
		return;
	mem_grow(&hits->at, hits->n, &hits->cap, sizeof(*hits->at));
	hits->at[hits->n++] = (struct gram_hit){ gram, (uint32_t)i };
}

void grams_find(const struct grams *g, const struct token *t, size_t n, struct gram_hits *hits)
{
	uint64_t rolled;

	hits->n = 0;
	if (n < g->n)
		return;
	rolled = roll_first(t, g->n);
	for (size_t i = 0; i + g->n <= n; i++) {
		uint64_t bit;

		rolled = rolled * BASE + t[i + g->n - 1].hash;
		bit = rolled & g->bit_mask;
		if (g->bitmap[bit / 64] >> bit % 64 & 1)
			add_hit(g, rolled, t, i, hits);
		rolled -= t[i].hash * g->leaving;
	}
}

void grams_free(struct grams *g)
{
	if (!g)
		return;
	free(g->entries);
	free(g->at);
	free(g->questions);
	free(g->slots);
	free(g->bitmap);
	free(g);
}
