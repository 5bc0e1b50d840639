/* One merge after the other over all pieces of a training run. */
#include "tokenizer/train_merge.h"

#include "lib/core/mem.h"

#include <stdlib.h>

/* How many places ahead cells are asked for: they are all over the memory. */
enum { AHEAD = 12 };

enum { LEFT, RIGHT };

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
		struct train_pair *pair;

		if (sums[i].n == 0)
			continue;
		sums[i].pair = train_pairs_reach(
			&m->pairs, train_pair_key(byte_id[i >> 8], byte_id[i & 0xFF]));
		pair = &m->pairs.at[sums[i].pair];
		pair->count = sums[i].count;
		if (pair->count >= m->min_count)
			train_pairs_reserve(pair, sums[i].n);
		else
			pair->forgotten = true;
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
		if (right != TRAIN_EDGE) {
			struct train_pair *pair = &m->pairs.at[sums[left << 8 | right].pair];

			if (!pair->forgotten)
				train_pair_places(pair)[pair->n_places++] = i;
		}
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
		if (!m->pairs.at[i].forgotten)
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

/* Adds the sums of a side to the pairs of the token made; what they take from the pairs of the old
 * one is for lose. */
static void gain(struct train_merger *m, struct train_side *s, uint32_t made)
{
	for (size_t i = 0; i < s->n_symbols; i++) {
		uint32_t symbol = s->symbols[i];

		s->by_symbol[symbol].pair =
			train_pairs_reach(&m->pairs, key_beside(m, s, symbol, made));
		m->pairs.at[s->by_symbol[symbol].pair].count += s->by_symbol[symbol].count;
	}
}

static void lose(struct train_merger *m, const struct train_side *s, uint32_t old)
{
	for (size_t i = 0; i < s->n_symbols; i++) {
		uint32_t symbol = s->symbols[i];
		uint32_t pair = train_pairs_reach(&m->pairs, key_beside(m, s, symbol, old));

		m->pairs.at[pair].count -= s->by_symbol[symbol].count;
	}
}

/* Puts the places of the new pairs down. A pair that is still too rare does without. */
static void keep_places(struct train_merger *m, struct train_side *s)
{
	for (size_t i = 0; i < s->n_symbols; i++) {
		const struct train_sum *sum = &s->by_symbol[s->symbols[i]];
		struct train_pair *pair = &m->pairs.at[sum->pair];

		if (pair->count < m->min_count)
			train_pairs_forget(&m->pairs, sum->pair);
		else if (!pair->forgotten)
			train_pairs_reserve(pair, sum->n);
	}
	for (size_t i = 0; i < s->n_seen; i++) {
		struct train_pair *pair = &m->pairs.at[s->by_symbol[s->seen[i].symbol].pair];

		if (!pair->forgotten)
			train_pair_places(pair)[pair->n_places++] = s->seen[i].place;
	}
}

static int compare_places(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* All places of a pair that was forgotten and stands often enough now. Only a token that is made
 * twice, of other parts each time, brings a pair back. */
static void find_places(struct train_merger *m, struct train_pair *pair)
{
	uint32_t left = (uint32_t)(pair->key >> 32), right = (uint32_t)pair->key;
	uint32_t to_right = m->lengths[left], n = 0;
	const struct train_cell *at = m->cells->at;

	for (uint32_t i = 0; i + to_right < m->cells->n; i++)
		n += at[i].symbol == left && at[i + to_right].symbol == right;
	pair->forgotten = false;
	train_pairs_reserve(pair, n);
	for (uint32_t i = 0; i + to_right < m->cells->n; i++)
		if (at[i].symbol == left && at[i + to_right].symbol == right)
			train_pair_places(pair)[pair->n_places++] = i;
}

static void queue_pairs(struct train_merger *m, struct train_side *s)
{
	for (size_t i = 0; i < s->n_symbols; i++) {
		struct train_sum *sum = &s->by_symbol[s->symbols[i]];
		struct train_pair *pair = &m->pairs.at[sum->pair];

		if (pair->count >= m->min_count) {
			if (pair->forgotten)
				find_places(m, pair);
			else if (pair->n_places > sum->n)
				qsort(train_pair_places(pair), pair->n_places, sizeof(uint32_t),
					compare_places);
			train_queue_put(&m->queue, &m->pairs, sum->pair);
		}
		*sum = (struct train_sum){ 0 };
	}
	s->n_symbols = s->n_seen = 0;
}

void train_merger_merge(struct train_merger *m, uint32_t made)
{
	struct train_pair pair = m->pairs.at[m->best];
	uint32_t left = (uint32_t)(pair.key >> 32), right = (uint32_t)pair.key;
	uint32_t length = m->lengths[left] + m->lengths[right];

	reach_symbol(m, made);
	m->lengths[made] = length;
	merge_places(m, &pair, made, length);
	gain(m, &m->sides[LEFT], made);
	gain(m, &m->sides[RIGHT], made);
	lose(m, &m->sides[LEFT], left);
	lose(m, &m->sides[RIGHT], right);
	m->pairs.at[m->best].count = 0; /* runs have changed it: it stands nowhere now */
	train_pairs_forget(&m->pairs, m->best);
	for (int i = 0; i < 2; i++)
		keep_places(m, &m->sides[i]);
	for (int i = 0; i < 2; i++)
		queue_pairs(m, &m->sides[i]);
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
