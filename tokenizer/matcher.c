/* The tokens of a piece by longest matches. */
#include "tokenizer/matcher.h"

#include "lib/core/mem.h"
#include "tokenizer/token_trie.h"

#include <assert.h>
#include <stdlib.h>

/* The last merge that makes a token; a byte has none. */
struct split {
	uint32_t left, right;
	uint32_t rank;
};

#define NO_RANK UINT32_MAX

struct matcher {
	struct token_trie trie;
	struct split *splits; /* by id; rank is NO_RANK for bytes and what merging does not make */
	uint32_t *shorter; /* by id: the longest token it begins with, or NO_TOKEN */
	uint32_t *lengths; /* by id, in bytes */
	/* A bit for each pair that a merge joins, by its hash: 16 bits a pair, so that one pair in
	 * seventeen that none joins looks as if. In a table a tenth of v->pairs' size most pairs
	 * need no more than this. */
	uint64_t *joined;
	unsigned joined_shift;
};

/* ---- making one ---- */

/* Whether each merge comes after those that made its two parts. */
static bool ranks_rise(const struct vocab *v, const struct matcher *m)
{
	for (uint32_t id = 0; id < v->n_ids; id++) {
		const struct split *merge = &m->splits[id];
		const struct split *left = &m->splits[merge->left];
		const struct split *right = &m->splits[merge->right];

		if (merge->rank == NO_RANK)
			continue;
		if ((left->rank != NO_RANK && left->rank >= merge->rank) ||
			(right->rank != NO_RANK && right->rank >= merge->rank))
			return false;
	}
	return true;
}

struct entry {
	struct slice token;
	uint32_t id;
};

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = memcmp(x->token.p, y->token.p, MIN(x->token.n, y->token.n));

	return order ? order : (x->token.n > y->token.n) - (x->token.n < y->token.n);
}

/* The tokens that merging makes, bytes among them, in order. */
static size_t made_tokens(const struct vocab *v, const struct matcher *m, struct entry *entries)
{
	size_t n = 0;

	for (uint32_t id = 0; id < v->n_ids; id++)
		if (m->splits[id].rank != NO_RANK)
			entries[n++] = (struct entry){ v->tokens[id], id };
	for (unsigned b = 0; b < 256; b++)
		if (v->byte_id[b] != NO_TOKEN)
			entries[n++] = (struct entry){ v->tokens[v->byte_id[b]], v->byte_id[b] };
	qsort(entries, n, sizeof(*entries), compare_entries);
	return n;
}

/* The token before in the order that this one begins with, if any: in the order of bytes the
 * tokens that one begins with are a chain of those before it. */
static void fill_shorter(struct matcher *m, const struct entry *entries, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint32_t id = entries[i - 1].id;
		size_t common = 0, longest = MIN(entries[i].token.n, entries[i - 1].token.n);

		while (common < longest &&
			entries[i].token.p[common] == entries[i - 1].token.p[common])
			common++;
		while (id != NO_TOKEN && m->lengths[id] > common)
			id = m->shorter[id];
		m->shorter[entries[i].id] = id;
	}
}

static void fill_trie(const struct vocab *v, struct matcher *m)
{
	struct entry *entries = mem_zalloc(v->n_ids, sizeof(*entries));
	size_t n = made_tokens(v, m, entries);
	struct slice *tokens = mem_zalloc(n, sizeof(*tokens));
	uint32_t *ids = mem_zalloc(n, sizeof(*ids));

	for (size_t i = 0; i < n; i++) {
		tokens[i] = entries[i].token;
		ids[i] = entries[i].id;
	}
	fill_shorter(m, entries, n);
	token_trie_make(&m->trie, tokens, ids, n);
	free(entries);
	free(tokens);
	free(ids);
}

static uint64_t pair_hash(uint32_t left, uint32_t right)
{
	return left * UINT64_C(0x9E3779B97F4A7C15) ^ right * UINT64_C(0xC2B2AE3D27D4EB4F);
}

static void fill_joined(struct matcher *m, const struct vocab_merge *splits, size_t n)
{
	unsigned bits = 10;

	while (((size_t)1 << bits) < 16 * n)
		bits++;
	m->joined_shift = 64 - bits;
	m->joined = mem_zalloc((size_t)1 << (bits - 6), sizeof(*m->joined));
	for (size_t i = 0; i < n; i++) {
		uint64_t bit = pair_hash(splits[i].left, splits[i].right) >> m->joined_shift;

		m->joined[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

struct matcher *matcher_new(const struct vocab *v, const struct vocab_merge *splits, size_t n)
{
	struct matcher *m = mem_zalloc(1, sizeof(*m));

	m->splits = mem_zalloc(v->n_ids, sizeof(*m->splits));
	for (uint32_t id = 0; id < v->n_ids; id++)
		m->splits[id] = (struct split){ id, id, NO_RANK };
	for (size_t i = 0; i < n; i++)
		m->splits[splits[i].made] =
			(struct split){ splits[i].left, splits[i].right, splits[i].rank };
	if (!ranks_rise(v, m)) {
		matcher_free(m);
		return NULL;
	}
	m->shorter = mem_zalloc(v->n_ids, sizeof(*m->shorter));
	m->lengths = mem_zalloc(v->n_ids, sizeof(*m->lengths));
	for (uint32_t id = 0; id < v->n_ids; id++) {
		m->shorter[id] = NO_TOKEN;
		m->lengths[id] = (uint32_t)v->tokens[id].n;
	}
	fill_trie(v, m);
	fill_joined(m, splits, n);
	return m;
}

void matcher_free(struct matcher *m)
{
	if (!m)
		return;
	token_trie_release(&m->trie);
	free(m->splits);
	free(m->shorter);
	free(m->lengths);
	free(m->joined);
	free(m);
}

/* ---- whether two tokens may stand side by side ---- */

/* The rank at which the two merge, or UINT64_MAX. */
static uint64_t rank_of(
	const struct vocab *v, const struct matcher *m, uint32_t left, uint32_t right)
{
	uint64_t bit = pair_hash(left, right) >> m->joined_shift;
	const struct vocab_pair *pair = NULL;

	if (m->joined[bit / 64] >> bit % 64 & 1)
		pair = vocab_pair_find(v, left, right);
	return pair ? pair->rank : UINT64_MAX;
}

/* Takes the merges of both tokens back, the last one first (of two of one rank that on the right,
 * because the left one goes first), and looks at each stage whether the two that touch would have
 * been merged before the merge that was taken back. */
static bool stand_apart(
	const struct vocab *v, const struct matcher *m, uint32_t left, uint32_t right)
{
	uint64_t limit = UINT64_MAX;

	for (;;) {
		const struct split *l = &m->splits[left], *r = &m->splits[right];

		if (rank_of(v, m, left, right) < limit)
			return false;
		if (l->rank == NO_RANK && r->rank == NO_RANK)
			return true;
		if (r->rank == NO_RANK || (l->rank != NO_RANK && l->rank > r->rank)) {
			limit = l->rank;
			left = l->right;
		} else {
			/* At the same rank the pair that touches is further left than it. */
			limit = (uint64_t)r->rank + 1;
			right = r->left;
		}
	}
}

enum { ID_BITS = 24 };

static_assert(VOCAB_MAX_IDS <= 1 << ID_BITS, "a slot has room for two ids and two marks");

static bool may_stand(const struct vocab *v, const struct matcher *m, struct match_scratch *s,
	uint32_t left, uint32_t right)
{
	uint64_t pair = (uint64_t)left << ID_BITS | right;
	uint64_t *slot = &s->pairs[pair_hash(left, right) >> (64 - MATCH_PAIR_BITS)];

	/* The pair, a mark that the slot is in use, and the answer. */
	if (*slot >> 1 != (pair << 1 | 1))
		*slot = pair << 2 | 2 | stand_apart(v, m, left, right);
	return *slot & 1;
}

/* ---- the search ---- */

static void clear_dead(struct match_scratch *s, size_t n)
{
	size_t words = n / 64 + 1;

	if (!s->pairs)
		s->pairs = mem_zalloc((size_t)1 << MATCH_PAIR_BITS, sizeof(*s->pairs));
	if (s->cap_dead < words) {
		s->cap_dead = words;
		s->dead = mem_resize(s->dead, words, sizeof(*s->dead));
	}
	memset(s->dead, 0, words * sizeof(*s->dead));
}

static bool is_dead(const struct match_scratch *s, size_t place)
{
	return s->dead[place / 64] >> place % 64 & 1;
}

void matcher_encode(const struct vocab *v, const struct matcher *m, struct match_scratch *s,
	struct slice piece, struct ids *out)
{
	uint32_t *first = ids_reserve(out, piece.n), *to = first;
	size_t at = 0, length;
	uint32_t id;

	if (piece.n == 0)
		return;
	clear_dead(s, piece.n);
	id = token_trie_longest(&m->trie, piece, &length);
	for (;;) {
		while (id != NO_TOKEN &&
			(is_dead(s, at + length) ||
				(to > first && !may_stand(v, m, s, to[-1], id)))) {
			id = m->shorter[id];
			length = id == NO_TOKEN ? 0 : m->lengths[id];
		}
		if (id == NO_TOKEN) {
			/* The first token is never given up for good: a text can be encoded. */
			assert(to > first);
			s->dead[at / 64] |= UINT64_C(1) << at % 64;
			id = *--to;
			at -= m->lengths[id];
			id = m->shorter[id];
			length = id == NO_TOKEN ? 0 : m->lengths[id];
			continue;
		}
		*to++ = id;
		at += length;
		if (at == piece.n)
			break;
		id = token_trie_longest(&m->trie, slice_skip(piece, at), &length);
	}
	out->n += (size_t)(to - first);
}

void match_scratch_release(struct match_scratch *s)
{
	free(s->pairs);
	free(s->dead);
	*s = (struct match_scratch){ 0 };
}
