/* The tokens of a piece by longest matches. */
#include "tokenizer/matcher.h"

#include "lib/core/mem.h"
#include "tokenizer/token_trie.h"

#include <assert.h>
#include <stdlib.h>

/* Within this file a token goes by its number: the bytes are 0 to 255, and behind them stand the
 * tokens that merging makes, in the order of the merges that make them. So of two merges the one
 * whose token has the smaller number comes first. */
enum { N_BYTES = 256 };

/* What is asked of a token, a quarter of a line of the processor's cache: most are not there when a
 * piece is new. */
struct number {
	uint32_t left, right; /* of the last merge that makes it; a byte's are itself */
	uint32_t shorter; /* the longest token it begins with, or NO_TOKEN */
	uint32_t id : 24, length : 8; /* MANY_BYTES when it is longer */
};

enum { MANY_BYTES = 255 };

static_assert(VOCAB_MAX_IDS <= 1 << 24, "an id has 24 bits");

struct matcher {
	struct token_trie trie; /* to numbers */
	size_t n; /* tokens */
	struct number *numbers;
	const struct slice *tokens; /* the vocabulary's, by id */
	/* What two tokens make, found by hash: the number in the lower id_bits, 0 where it is free
	 * (no merge makes a byte), and above it some of the hash, so that few others are looked at.
	 * */
	uint32_t *made;
	unsigned made_shift, id_bits;
	/* A bit for each pair that a merge joins, by its hash: 8 bits a pair, so that one pair in
	 * nine that none joins looks as if. Most pairs need no more than this, and it stays in the
	 * processor's second cache. */
	uint64_t *joined;
	unsigned joined_shift;
	void *pages; /* where the tables stand when all are made */
	size_t pages_bytes;
};

static inline size_t length_of(const struct matcher *m, uint32_t number)
{
	const struct number *n = &m->numbers[number];

	return n->length < MANY_BYTES ? n->length : m->tokens[n->id].n;
}

/* ---- making one ---- */

static int compare_ranks(const void *a, const void *b)
{
	const struct vocab_merge *x = a, *y = b;

	return (x->rank > y->rank) - (x->rank < y->rank);
}

/* Whether each merge comes after those that made its two parts, and no two at once. */
static bool ranks_rise(const struct matcher *m, const struct vocab_merge *in_order)
{
	for (size_t i = N_BYTES; i < m->n; i++) {
		if (m->numbers[i].left >= i || m->numbers[i].right >= i)
			return false;
		if (i > N_BYTES && in_order[i - N_BYTES].rank == in_order[i - N_BYTES - 1].rank)
			return false;
	}
	return true;
}

/* numbers are by id. False when the ranks do not tell which merge comes first. */
static bool number_tokens(
	const struct vocab *v, struct matcher *m, struct vocab_merge *splits, uint32_t *numbers)
{
	size_t n = m->n - N_BYTES;

	memset(numbers, 0xFF, v->n_ids * sizeof(*numbers));
	qsort(splits, n, sizeof(*splits), compare_ranks);
	for (uint32_t b = 0; b < N_BYTES; b++) {
		m->numbers[b] = (struct number){ .left = b, .right = b };
		if (v->byte_id[b] == NO_TOKEN)
			continue;
		m->numbers[b].id = v->byte_id[b] & 0xFFFFFF;
		m->numbers[b].length = 1;
		numbers[v->byte_id[b]] = b;
	}
	for (uint32_t i = 0; i < n; i++) {
		size_t length = v->tokens[splits[i].made].n;

		m->numbers[N_BYTES + i].id = splits[i].made & 0xFFFFFF;
		m->numbers[N_BYTES + i].length = MIN(length, (size_t)MANY_BYTES) & 0xFF;
		numbers[splits[i].made] = N_BYTES + i;
	}
	for (size_t i = 0; i < n; i++) {
		m->numbers[N_BYTES + i].left = numbers[splits[i].left];
		m->numbers[N_BYTES + i].right = numbers[splits[i].right];
	}
	return ranks_rise(m, splits);
}

struct entry {
	struct slice token;
	uint32_t number;
};

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = memcmp(x->token.p, y->token.p, MIN(x->token.n, y->token.n));

	return order ? order : (x->token.n > y->token.n) - (x->token.n < y->token.n);
}

/* The token before in the order that this one begins with, if any: in the order of bytes the
 * tokens that one begins with are a chain of those before it. */
static void fill_shorter(struct matcher *m, const struct entry *entries, size_t n)
{
	m->numbers[entries[0].number].shorter = NO_TOKEN;
	for (size_t i = 1; i < n; i++) {
		struct slice token = entries[i].token, before = entries[i - 1].token;
		uint32_t number = entries[i - 1].number;
		size_t common = 0, most = MIN(token.n, before.n);

		while (common < most && token.p[common] == before.p[common])
			common++;
		while (number != NO_TOKEN && length_of(m, number) > common)
			number = m->numbers[number].shorter;
		m->numbers[entries[i].number].shorter = number;
	}
}

static bool fill_trie(const struct vocab *v, struct matcher *m)
{
	size_t n = 0;
	bool done;
	struct entry *entries = mem_zalloc(m->n, sizeof(*entries));
	struct slice *tokens = mem_zalloc(m->n, sizeof(*tokens));
	uint32_t *numbers = mem_zalloc(m->n, sizeof(*numbers));

	/* Bytes that UTF-8 does not have may be no tokens; they are in no text then. */
	for (uint32_t i = 0; i < m->n; i++)
		if (m->numbers[i].length > 0)
			entries[n++] = (struct entry){ v->tokens[m->numbers[i].id], i };
	qsort(entries, n, sizeof(*entries), compare_entries);
	for (size_t i = 0; i < n; i++) {
		tokens[i] = entries[i].token;
		numbers[i] = entries[i].number;
	}
	fill_shorter(m, entries, n);
	done = token_trie_make(&m->trie, tokens, numbers, n);
	free(entries);
	free(tokens);
	free(numbers);
	return done;
}

static uint64_t pair_hash(uint32_t left, uint32_t right)
{
	return left * UINT64_C(0x9E3779B97F4A7C15) ^ right * UINT64_C(0xC2B2AE3D27D4EB4F);
}

static unsigned bits_for(size_t n)
{
	unsigned bits = 6;

	while (((size_t)1 << bits) < n)
		bits++;
	return bits;
}

/* The slot's part of the hash: of the bits below those that are the index. */
static uint32_t made_tag(const struct matcher *m, uint64_t hash)
{
	return (uint32_t)(hash >> (m->made_shift - 32)) >> m->id_bits << m->id_bits;
}

static void fill_made(struct matcher *m)
{
	unsigned bits = bits_for(2 * m->n);
	size_t mask = ((size_t)1 << bits) - 1;

	m->id_bits = bits_for(m->n);
	m->made_shift = 64 - bits;
	m->made = mem_zalloc(mask + 1, sizeof(*m->made));
	m->joined_shift = 64 - bits_for(8 * m->n);
	m->joined = mem_zalloc((size_t)1 << (64 - m->joined_shift - 6), sizeof(*m->joined));
	for (uint32_t i = N_BYTES; i < m->n; i++) {
		uint64_t hash = pair_hash(m->numbers[i].left, m->numbers[i].right);
		uint64_t bit = hash >> m->joined_shift;
		size_t slot = (size_t)(hash >> m->made_shift);

		m->joined[bit / 64] |= UINT64_C(1) << bit % 64;
		while (m->made[slot])
			slot = (slot + 1) & mask;
		m->made[slot] = made_tag(m, hash) | i;
	}
}

/* Bytes of a table in the pages: it begins at a line of the cache. */
static size_t table_bytes(size_t n, size_t size)
{
	return (n * size + 63) / 64 * 64;
}

static void *move_take(char **to, void *table, size_t n, size_t size)
{
	void *at = memcpy(*to, table, n * size);

	*to += table_bytes(n, size);
	free(table);
	return at;
}

/* All tables side by side in huge pages: for a new piece some thirty places are read at random,
 * each of which would miss the TLB too. A tenth of the time of a first pass over English. */
static void move_to_pages(struct matcher *m)
{
	struct token_trie *t = &m->trie;
	size_t n_made = (size_t)1 << (64 - m->made_shift);
	size_t n_joined = (size_t)1 << (64 - m->joined_shift - 6);
	char *to;

	m->pages_bytes = table_bytes(m->n, sizeof(*m->numbers)) +
		table_bytes(n_made, sizeof(*m->made)) + table_bytes(n_joined, sizeof(*m->joined)) +
		table_bytes(t->n_units, sizeof(*t->units)) +
		table_bytes(t->n_units, sizeof(*t->ids)) +
		2 * table_bytes(TRIE_STARTS, sizeof(*t->two));
	to = m->pages = mem_pages(m->pages_bytes);
	m->joined = move_take(&to, m->joined, n_joined, sizeof(*m->joined));
	m->numbers = move_take(&to, m->numbers, m->n, sizeof(*m->numbers));
	m->made = move_take(&to, m->made, n_made, sizeof(*m->made));
	t->two = move_take(&to, t->two, TRIE_STARTS, sizeof(*t->two));
	t->three = move_take(&to, t->three, TRIE_STARTS, sizeof(*t->three));
	t->units = move_take(&to, t->units, t->n_units, sizeof(*t->units));
	t->ids = move_take(&to, t->ids, t->n_units, sizeof(*t->ids));
}

struct matcher *matcher_new(const struct vocab *v, struct vocab_merge *splits, size_t n)
{
	struct matcher *m = mem_zalloc(1, sizeof(*m));
	uint32_t *numbers = mem_zalloc(v->n_ids, sizeof(*numbers));
	bool rise;

	m->n = N_BYTES + n;
	m->tokens = v->tokens;
	m->numbers = mem_zalloc(m->n, sizeof(*m->numbers));
	rise = number_tokens(v, m, splits, numbers);
	free(numbers);
	if (!rise || !fill_trie(v, m)) {
		matcher_free(m);
		return NULL;
	}
	fill_made(m);
	move_to_pages(m);
	return m;
}

void matcher_free(struct matcher *m)
{
	if (!m)
		return;
	if (m->pages) {
		mem_pages_free(m->pages, m->pages_bytes);
	} else {
		token_trie_release(&m->trie);
		free(m->numbers);
	}
	free(m);
}

/* ---- whether two tokens may stand side by side ---- */

/* Whether the two make a token with a number below the limit. */
static bool makes_below(const struct matcher *m, uint32_t left, uint32_t right, uint32_t limit)
{
	uint64_t hash = pair_hash(left, right), bit = hash >> m->joined_shift;
	size_t mask = ((size_t)1 << (64 - m->made_shift)) - 1;
	uint32_t tag, id_mask = (UINT32_C(1) << m->id_bits) - 1;

	if (!(m->joined[bit / 64] >> bit % 64 & 1))
		return false;
	tag = made_tag(m, hash);
	for (size_t slot = (size_t)(hash >> m->made_shift); m->made[slot];
		slot = (slot + 1) & mask) {
		uint32_t number = m->made[slot] & id_mask;

		if ((m->made[slot] & ~id_mask) == tag && number < limit &&
			m->numbers[number].left == left && m->numbers[number].right == right)
			return true;
	}
	return false;
}

/* Takes the merges of both tokens back, the last one first (of two of the same token that on the
 * right, because the left one goes first), and looks at each stage whether the two that touch would
 * have been merged before the merge that was taken back. */
static bool stand_apart(const struct matcher *m, uint32_t left, uint32_t right)
{
	uint32_t limit = UINT32_MAX;

	for (;;) {
		if (makes_below(m, left, right, limit))
			return false;
		if (MAX(left, right) < N_BYTES)
			return true;
		if (left > right) {
			limit = left;
			left = m->numbers[left].right;
		} else {
			/* Where it makes the same token the pair that touches is further left. */
			limit = right + 1;
			right = m->numbers[right].left;
		}
	}
}

static_assert(VOCAB_MAX_IDS + N_BYTES < 1 << 25, "a slot has room for two numbers and two marks");

static bool may_stand(
	const struct matcher *m, struct match_scratch *s, uint32_t left, uint32_t right)
{
	uint64_t pair = (uint64_t)left << 25 | right;
	uint64_t *slot = &s->pairs[pair_hash(left, right) >> (64 - MATCH_PAIR_BITS)];

	/* The pair, a mark that the slot is in use, and the answer. */
	if (*slot >> 1 != (pair << 1 | 1))
		*slot = pair << 2 | 2 | stand_apart(m, left, right);
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

void matcher_encode(
	const struct matcher *m, struct match_scratch *s, struct slice piece, struct ids *out)
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
			(is_dead(s, at + length) || (to > first && !may_stand(m, s, to[-1], id)))) {
			id = m->numbers[id].shorter;
			length = id == NO_TOKEN ? 0 : length_of(m, id);
		}
		if (id == NO_TOKEN) {
			/* The first token is never given up for good: a text can be encoded. */
			assert(to > first);
			s->dead[at / 64] |= UINT64_C(1) << at % 64;
			id = *--to;
			at -= length_of(m, id);
			id = m->numbers[id].shorter;
			length = id == NO_TOKEN ? 0 : length_of(m, id);
			continue;
		}
		*to++ = id;
		at += length;
		if (at == piece.n)
			break;
		id = token_trie_longest(&m->trie, slice_skip(piece, at), &length);
	}
	for (uint32_t *at_token = first; at_token < to; at_token++)
		*at_token = m->numbers[*at_token].id;
	out->n += (size_t)(to - first);
}

void match_scratch_release(struct match_scratch *s)
{
	free(s->pairs);
	free(s->dead);
	*s = (struct match_scratch){ 0 };
}
