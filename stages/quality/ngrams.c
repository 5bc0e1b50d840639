/* Repeated runs of words: the most frequent n-gram, and n-grams seen before. */
#include "stages/quality/ngrams.h"

#include "lib/core/buf.h"
#include "stages/quality/seen.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

struct ngrams {
	struct seen seen;
	size_t n_words; /* of the text joined */
	size_t cap; /* words that the arrays below have room for */
	uint32_t *candidate; /* positions in ascending order */
	uint32_t *first_before; /* first of n - 1 */
	/* ngrams_top and ngrams_duplicated use the same memory one after the other. */
	union {
		uint32_t *count; /* of the n-gram that was first seen at this position */
		uint32_t *at; /* offset of each word in joined; one more for the end */
	};
	union {
		uint32_t *first; /* position at which this n-gram was first seen */
		uint32_t *chars_at; /* code points before each word */
	};
	uint32_t *hash; /* of what begins at each position */
	uint64_t *sketch; /* two bits a bucket: met once, met again */
	size_t cap_sketch;
	struct buf joined; /* all words without blanks */
};

/* Bytes at the beginning of an n-gram that are looked at to see that it is like no other, at
 * most. */
enum { PROBE = 32 };

struct ngrams *ngrams_new(void)
{
	return mem_zalloc(1, sizeof(struct ngrams));
}

static void release_arrays(struct ngrams *g)
{
	free(g->candidate);
	free(g->count);
	free(g->first);
	free(g->first_before);
	free(g->hash);
	g->cap = 0;
}

/* Room for n words; what only an exceptional text needed is given back. */
static void make_room(struct ngrams *g, size_t n)
{
	enum { KEEP = 1 << 19 };

	if (n <= g->cap && (g->cap <= KEEP || n > KEEP))
		return;
	release_arrays(g);
	g->cap = n + MIN(n / 4, KEEP);
	g->candidate = mem_alloc((g->cap + 1) * sizeof(g->candidate[0]));
	g->count = mem_alloc((g->cap + 1) * sizeof(g->count[0]));
	g->first = mem_alloc((g->cap + 1) * sizeof(g->first[0]));
	g->first_before = mem_alloc((g->cap + 1) * sizeof(g->first_before[0]));
	g->hash = mem_alloc((g->cap + 1) * sizeof(g->hash[0]));
}

/* A hash of two numbers whose lower and upper half are both good. Constant: the golden ratio of
 * 2^64, as in Knuth, The Art of Computer Programming, section 6.4. */
static inline uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t h = (a ^ (b << 32 | b >> 32)) * UINT64_C(0x9e3779b97f4a7c15);

	h ^= h >> 32;
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

/* Notes in the sketch which buckets the n hashes fall into, and which two of them share. Each hash
 * has eight buckets or more, so that one in ten is taken for repeated when it is not; all fits into
 * the nearest cache for a text of ordinary length, which a table of positions does not. */
static size_t sketch(struct ngrams *g, size_t n)
{
	enum { BUCKETS = 32 }; /* in 64 bits */
	size_t size = 16;

	while (size * BUCKETS < 8 * n)
		size *= 2;
	if (size > g->cap_sketch) {
		free(g->sketch);
		g->sketch = mem_alloc(size * sizeof(g->sketch[0]));
		g->cap_sketch = size;
	}
	memset(g->sketch, 0, size * sizeof(g->sketch[0]));
	for (size_t i = 0; i < n; i++) {
		uint64_t *at = &g->sketch[g->hash[i] / BUCKETS & (size - 1)];
		unsigned shift = g->hash[i] % BUCKETS * 2;

		*at |= (UINT64_C(1) | (*at >> shift & 1) << 1) << shift;
	}
	return size - 1;
}

/* True when another position may hold the same as i. */
static bool may_repeat(const struct ngrams *g, size_t mask, size_t i)
{
	return g->sketch[g->hash[i] / 32 & mask] >> (g->hash[i] % 32 * 2 + 1) & 1;
}

/* Two n-grams are equal when their first n - 1 words were first seen at the same position and their
 * last words are equal. last is the words from n - 1 on. */
struct tail {
	const uint32_t *first, *last;
};

static bool tails_equal(const void *of, uint32_t a, uint32_t b)
{
	const struct tail *t = of;

	return t->first[a] == t->first[b] && t->last[a] == t->last[b];
}

struct top {
	uint32_t count, first;
};

/* Counts the n-grams at the candidates of n - 1 and leaves those that occur twice or more as the
 * candidates of n. An n-gram whose first n - 1 words occur once occurs once itself. */
static struct top count_ngrams(struct ngrams *g, const struct tail *t, size_t *n_candidates)
{
	struct top top = { 1, 0 }; /* where each occurs once, the first is that of the first word */
	size_t n = 0;

	seen_begin(&g->seen, *n_candidates);
	for (size_t i = 0; i < *n_candidates; i++) {
		uint32_t at = g->candidate[i];
		uint32_t first =
			seen_add(&g->seen, mix(t->first[at], t->last[at]), at, tails_equal, t);

		g->first[at] = first;
		g->count[at] = 0;
		g->count[first]++;
		if (g->count[first] > top.count ||
			(g->count[first] == top.count && first < top.first))
			top = (struct top){ g->count[first], first };
	}
	for (size_t i = 0; i < *n_candidates; i++) {
		g->candidate[n] = g->candidate[i];
		n += g->count[g->first[g->candidate[i]]] >= 2;
	}
	*n_candidates = n;
	return top;
}

static uint64_t joined_chars(const struct words *w, uint32_t at, size_t n)
{
	uint64_t chars = n - 1;

	for (size_t i = 0; i < n; i++)
		chars += words_table(w)[words_at(w)[at + i]].chars;
	return chars;
}

/* The positions of words whose pair with the next may stand elsewhere too. */
static size_t find_pairs(struct ngrams *g, const uint32_t *word, size_t n_words)
{
	size_t n = 0, mask;

	for (size_t i = 0; i + 1 < n_words; i++)
		g->hash[i] = (uint32_t)mix(word[i], word[i + 1]);
	mask = sketch(g, n_words - 1);
	for (size_t i = 0; i + 1 < n_words; i++) {
		g->candidate[n] = (uint32_t)i;
		n += may_repeat(g, mask, i);
	}
	return n;
}

void ngrams_top(struct ngrams *g, const struct words *w, uint64_t chars[TOP_MAX + 1])
{
	size_t n_words = words_count(w), n_candidates = 0;
	const uint32_t *word = words_at(w);

	memset(chars, 0, (TOP_MAX + 1) * sizeof(chars[0]));
	if (n_words < TOP_MIN)
		return;
	make_room(g, n_words);
	n_candidates = find_pairs(g, word, n_words);
	for (size_t n = TOP_MIN; n <= TOP_MAX; n++) {
		struct tail t = { n == TOP_MIN ? word : g->first_before, word + n - 1 };
		struct top top;
		uint32_t *swap = g->first;

		if (n_words < n)
			return;
		while (n_candidates && g->candidate[n_candidates - 1] + n > n_words)
			n_candidates--;
		top = count_ngrams(g, &t, &n_candidates);
		chars[n] = joined_chars(w, top.first, n) * top.count;
		g->first = g->first_before;
		g->first_before = swap;
	}
}

/* Appends one word; the copy of a short one has a fixed size, which is a few moves. */
static void join_word(
	struct buf *joined, const struct words *w, const struct word *table, uint32_t number)
{
	const struct word *word = &table[number];
	size_t room = word->n + WORD_HEAD;
	char *at =
		joined->cap - joined->n >= room ? joined->p + joined->n : buf_reserve(joined, room);

	if (word->n <= WORD_HEAD)
		memcpy(at, word->head, WORD_HEAD);
	else
		memcpy(at, words_text(w, number).p, word->n);
	joined->n += word->n;
}

/* Joins the words, with PROBE bytes of room behind them. */
static void join(struct ngrams *g, const struct words *w)
{
	size_t n_words = words_count(w);
	const struct word *table = words_table(w);
	const uint32_t *number = words_at(w);
	uint32_t chars = 0;

	buf_clear(&g->joined, MIB);
	for (size_t i = 0; i < n_words; i++) {
		g->at[i] = (uint32_t)g->joined.n;
		g->chars_at[i] = chars;
		chars += table[number[i]].chars;
		join_word(&g->joined, w, table, number[i]);
	}
	g->n_words = n_words;
	g->at[n_words] = (uint32_t)g->joined.n;
	g->chars_at[n_words] = chars;
	memset(buf_reserve(&g->joined, PROBE), 0, PROBE);
}

/* A hash of n bytes, a multiple of 8. */
static inline uint32_t probe(const char *p, size_t n)
{
	uint64_t h = 0, v;

	for (size_t i = 0; i < n; i += sizeof(v)) {
		memcpy(&v, p + i, sizeof(v));
		h = mix(h, v);
	}
	return (uint32_t)h;
}

/* Leaves those of the candidates where a repeated n-gram of n words or more can begin: where bytes
 * stand, as many as probed, that stand elsewhere too, or where n words are shorter than that. */
static size_t narrow(struct ngrams *g, size_t n_candidates, size_t n, size_t probed)
{
	size_t kept = 0, mask;

	while (n_candidates && g->candidate[n_candidates - 1] + n > g->n_words)
		n_candidates--;
	for (size_t i = 0; i < n_candidates; i++)
		g->hash[i] = probe(g->joined.p + g->at[g->candidate[i]], probed);
	mask = sketch(g, n_candidates);
	for (size_t i = 0; i < n_candidates; i++) {
		uint32_t at = g->candidate[i];

		g->candidate[kept] = at;
		kept += may_repeat(g, mask, i) || g->at[at + n] - g->at[at] < probed;
	}
	return kept;
}

/* n-grams as bytes of joined. */
struct joined {
	const char *p;
	const uint32_t *at;
	size_t n;
};

static bool joined_equal(const void *of, uint32_t a, uint32_t b)
{
	const struct joined *j = of;
	size_t n = j->at[a + j->n] - j->at[a];

	return n == j->at[b + j->n] - j->at[b] && memcmp(j->p + j->at[a], j->p + j->at[b], n) == 0;
}

static uint64_t walk(struct ngrams *g, size_t n, size_t n_candidates)
{
	struct joined j = { g->joined.p, g->at, n };
	uint64_t chars = 0;
	size_t next = 0;

	seen_begin(&g->seen, n_candidates);
	for (size_t i = 0; i < n_candidates && g->candidate[i] + n <= g->n_words; i++) {
		uint32_t at = g->candidate[i];
		uint64_t hash;

		if (at < next)
			continue;
		hash = XXH3_64bits(j.p + j.at[at], j.at[at + n] - j.at[at]);
		if (seen_add(&g->seen, hash, at, joined_equal, &j) == at)
			continue;
		chars += g->chars_at[at + n] - g->chars_at[at];
		next = at + n;
	}
	return chars;
}

void ngrams_duplicated(struct ngrams *g, const struct words *w, uint64_t chars[DUP_MAX + 1])
{
	/* A word has between four and five bytes, so that most n-grams are longer than this. */
	static const struct {
		size_t n, bytes;
	} probes[] = { { 5, 16 }, { 7, 24 }, { 9, 32 } };
	size_t n_words = words_count(w), n_candidates;

	memset(chars, 0, (DUP_MAX + 1) * sizeof(chars[0]));
	if (n_words < DUP_MIN)
		return;
	make_room(g, n_words);
	join(g, w);
	for (size_t i = 0; i < n_words; i++)
		g->candidate[i] = (uint32_t)i;
	n_candidates = n_words;
	for (size_t n = DUP_MIN; n <= DUP_MAX; n++) {
		for (size_t i = 0; i < ARRAY_LEN(probes); i++) {
			if (probes[i].n == n)
				n_candidates = narrow(g, n_candidates, n, probes[i].bytes);
		}
		chars[n] = walk(g, n, n_candidates);
	}
}

void ngrams_free(struct ngrams *g)
{
	if (!g)
		return;
	release_arrays(g);
	seen_release(&g->seen);
	buf_release(&g->joined);
	free(g->sketch);
	free(g);
}
