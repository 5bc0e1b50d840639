/* One merge after the other over all pieces of a training run. */
#include "tokenizer/train_merge.h"

#include "lib/core/mem.h"

#include <stdlib.h>

/* How many places ahead cells are asked for: they are all over the memory. */
enum { AHEAD = 12 };

enum { LEFT, RIGHT };

#define NO_PAIR UINT32_MAX

/* Tables by symbol have room for this one. */
static void reach_symbol(struct train_merger *m, uint32_t symbol)
{
	size_t n = m->n_symbols;

	if (symbol < n)
		return;
	m->n_symbols = MAX((size_t)symbol + 1, n + n / 2);
	m->lengths = mem_resize(m->lengths, m->n_symbols, sizeof(*m->lengths));
	for (int i = 0; i < 2; i++) {
		struct train_side *s = &m->sides[i];

		s->by_symbol = mem_resize(s->by_symbol, m->n_symbols, sizeof(*s->by_symbol));
		memset(s->by_symbol + n, 0, (m->n_symbols - n) * sizeof(*s->by_symbol));
	}
}

/* ---- the beginning: pairs of bytes ---- */

static void count_bytes(const struct train_cells *c, struct train_sum sums[65536])
{
	for (uint32_t i = 0; i + 1 < c->n; i++) {
		uint32_t left = c->at[i].symbol, right = c->at[i + 1].symbol;

		if (left != TRAIN_EDGE && right != TRAIN_EDGE) {
			sums[left << 8 | right].count += (int64_t)train_cells_count(c, i);
			sums[left << 8 | right].n++;
		}
	}
}

static void make_pairs(
	struct train_merger *m, struct train_sum sums[65536], const uint32_t byte_id[256])
{
	for (uint32_t i = 0; i < 65536; i++) {
		struct train_sum *sum = &sums[i];

		sum->pair = NO_PAIR;
		if (sum->count < m->min_count)
			continue;
		sum->pair = train_pairs_new(
			&m->pairs, train_pair_key(byte_id[i >> 8], byte_id[i & 0xFF]));
		m->pairs.at[sum->pair].count = sum->count;
		train_pair_reserve(&m->pairs.at[sum->pair], sum->n);
	}
}

static void place_bytes(
	struct train_merger *m, const struct train_sum sums[65536], const uint32_t byte_id[256])
{
	struct train_cell *at = m->cells->at;

	for (uint32_t i = 0; i + 1 < m->cells->n; i++) {
		uint32_t left = at[i].symbol, right = at[i + 1].symbol;

		if (left == TRAIN_EDGE)
			continue;
		at[i].symbol = byte_id[left];
		if (right != TRAIN_EDGE && sums[left << 8 | right].pair != NO_PAIR)
			train_pair_put(&m->pairs.at[sums[left << 8 | right].pair], i);
	}
}

void train_merger_begin(struct train_merger *m, struct train_cells *cells,
	const uint32_t byte_id[256], int64_t min_count)
{
	struct train_sum *sums = mem_zalloc(65536, sizeof(*sums));

	m->cells = cells;
	m->min_count = min_count;
	for (int byte = 0; byte < 256; byte++) {
		reach_symbol(m, byte_id[byte]);
		m->lengths[byte_id[byte]] = 1;
	}
	count_bytes(cells, sums);
	make_pairs(m, sums, byte_id);
	place_bytes(m, sums, byte_id);
	free(sums);
	for (uint32_t i = 0; i < m->pairs.n; i++)
		train_queue_put(&m->queue, &m->pairs, i);
}

/* ---- a merge ---- */

bool train_merger_best(struct train_merger *m, uint32_t *left, uint32_t *right)
{
	if (!train_queue_take(&m->queue, &m->pairs, m->min_count, &m->best))
		return false;
	*left = (uint32_t)(m->pairs.at[m->best].key >> 32);
	*right = (uint32_t)m->pairs.at[m->best].key;
	return true;
}

static void see(struct train_side *s, uint32_t symbol, uint32_t place, int64_t count)
{
	struct train_sum *sum = &s->by_symbol[symbol];

	if (sum->n++ == 0) {
		mem_grow(&s->symbols, s->n_symbols, &s->cap_symbols, sizeof(*s->symbols));
		s->symbols[s->n_symbols++] = symbol;
	}
	sum->count += count;
	mem_grow(&s->seen, s->n_seen, &s->cap_seen, sizeof(*s->seen));
	s->seen[s->n_seen++] = (struct train_seen){ symbol, place };
}

/* Where the token ends that ends before this cell. */
static uint32_t token_before(const struct train_cell *at)
{
	return at[-1].symbol & TRAIN_SPAN ? at[-1].symbol & ~TRAIN_SPAN : 1;
}

/* The pair at this place becomes the token made. */
static void merge_place(
	struct train_merger *m, uint32_t place, uint32_t made, uint32_t to_right, uint32_t length)
{
	struct train_cell *at = m->cells->at + place;
	int64_t count = (int64_t)train_cells_count(m->cells, place);

	if (at[-1].symbol != TRAIN_EDGE) {
		uint32_t back = token_before(at);

		see(&m->sides[LEFT], at[-(ptrdiff_t)back].symbol, place - back, count);
	}
	if (at[length].symbol != TRAIN_EDGE)
		see(&m->sides[RIGHT], at[length].symbol, place, count);
	at->symbol = made;
	at[to_right].symbol = TRAIN_SPAN; /* no token begins here any more */
	at[length - 1].symbol = TRAIN_SPAN | length;
}

static void merge_places(
	struct train_merger *m, struct train_pair *pair, uint32_t made, uint32_t length)
{
	const uint32_t *places = train_pair_places(pair);
	uint32_t left = (uint32_t)(pair->key >> 32), right = (uint32_t)pair->key;
	uint32_t to_right = m->lengths[left];
	struct train_cell *at = m->cells->at;

	for (uint32_t i = 0; i < pair->n_places; i++) {
		uint32_t place = places[i];

		if (pair->n_places - i > AHEAD)
			__builtin_prefetch(&at[places[i + AHEAD]], 1);
		if (at[place].symbol == left && at[place + to_right].symbol == right)
			merge_place(m, place, made, to_right, length);
	}
}

static uint64_t key_beside(
	const struct train_merger *m, const struct train_side *s, uint32_t symbol, uint32_t token)
{
	return s == &m->sides[LEFT] ? train_pair_key(symbol, token) : train_pair_key(token, symbol);
}

/* What the merge takes from the pairs of the neighbours and its own two tokens. */
static void lose(struct train_merger *m, const struct train_side *s, uint32_t old, uint32_t made)
{
	for (size_t i = 0; i < s->n_symbols; i++) {
		uint32_t symbol = s->symbols[i];
		struct train_pair *pair;

		if (symbol == made)
			continue;
		pair = train_pairs_find(&m->pairs, key_beside(m, s, symbol, old));
		if (pair)
			pair->count -= s->by_symbol[symbol].count;
	}
}

/* The pairs of the neighbours and the token made, but those that are too rare to be merged, which
 * they stay. */
static void gain(struct train_merger *m, struct train_side *s, uint32_t made)
{
	for (size_t i = 0; i < s->n_symbols; i++) {
		struct train_sum *sum = &s->by_symbol[s->symbols[i]];

		sum->pair = NO_PAIR;
		if (sum->count < m->min_count)
			continue;
		sum->pair = train_pairs_new(&m->pairs, key_beside(m, s, s->symbols[i], made));
		m->pairs.at[sum->pair].count = sum->count;
		train_pair_reserve(&m->pairs.at[sum->pair], sum->n);
	}
	for (size_t i = 0; i < s->n_seen; i++) {
		uint32_t pair = s->by_symbol[s->seen[i].symbol].pair;

		if (pair != NO_PAIR)
			train_pair_put(&m->pairs.at[pair], s->seen[i].place);
	}
}

static void queue_pairs(struct train_merger *m, struct train_side *s)
{
	for (size_t i = 0; i < s->n_symbols; i++) {
		struct train_sum *sum = &s->by_symbol[s->symbols[i]];

		if (sum->pair != NO_PAIR)
			train_queue_put(&m->queue, &m->pairs, sum->pair);
		*sum = (struct train_sum){ 0 };
	}
	s->n_symbols = s->n_seen = 0;
}

void train_merger_merge(struct train_merger *m, uint32_t made)
{
	struct train_pair *best = &m->pairs.at[m->best];
	uint32_t left = (uint32_t)(best->key >> 32), right = (uint32_t)best->key;
	struct train_side *before = &m->sides[LEFT], *behind = &m->sides[RIGHT];

	reach_symbol(m, made);
	m->lengths[made] = m->lengths[left] + m->lengths[right];
	merge_places(m, best, made, m->lengths[made]);
	lose(m, before, left, made);
	lose(m, behind, right, made);
	/* Two of the pair side by side: the first was seen beside the left token of the second,
	 * which is there no more. */
	behind->by_symbol[left].count -= before->by_symbol[made].count;
	best->count = 0; /* runs have changed it: it stands nowhere now */
	train_pair_forget(best);
	gain(m, before, made);
	gain(m, behind, made);
	queue_pairs(m, before);
	queue_pairs(m, behind);
}

void train_merger_release(struct train_merger *m)
{
	train_pairs_release(&m->pairs);
	train_queue_release(&m->queue);
	free(m->lengths);
	for (int i = 0; i < 2; i++) {
		free(m->sides[i].by_symbol);
		free(m->sides[i].seen);
		free(m->sides[i].symbols);
	}
	*m = (struct train_merger){ 0 };
}
