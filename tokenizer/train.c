/* Makes a byte-level BPE vocabulary from the counts of pieces. */
#include "tokenizer/train.h"

#include "lib/core/mem.h"
#include "tokenizer/bytemap.h"
#include "tokenizer/train_pairs.h"
#include "tokenizer/vocab_words.h"

#include <inttypes.h>
#include <stdlib.h>

/* All pieces stand in one array of symbols, a byte a place, with an EDGE before, between and
 * behind. A token of several bytes has its id at its first place and SPAN with its length at its
 * last, so that both neighbours of a token are found in one step; the places between are stale:
 *
 *	EDGE  t  h  e  EDGE      merge (h, e):   EDGE  t  he  SPAN+2  EDGE
 * / */
#define EDGE UINT32_MAX
#define SPAN UINT32_C(0x80000000)

struct trainer {
	uint32_t *symbols;
	uint32_t *piece_of; /* by place: the piece's number */
	int64_t *counts; /* by piece */
	size_t n_symbols, n_pieces;
	struct train_pairs pairs;
	struct vocab *v;
	struct vocab_words words; /* tokens by bytes: two merges may make the same one */
};

/* ---- the beginning: special tokens, bytes, pieces ---- */

/* A special token's text is written into tokenizer.json as it is, beside tokens whose bytes are
 * written as other code points. Where both readings are possible and differ, readers would take it
 * for other bytes. */
static int check_special(const char *text, struct err *e)
{
	struct buf bytes = { 0 };
	struct slice s = slice_str(text);
	bool ambiguous = bytemap_get(&bytes, s) && !slice_eq(buf_view(&bytes), s);

	buf_release(&bytes);
	if (ambiguous)
		return err_set(e, ERR_USAGE,
			"special token \"%s\" would be read as other bytes: use another", text);
	return 0;
}

static int add_specials(struct trainer *t, const struct train_config *config, struct err *e)
{
	for (size_t i = 0; i < config->n_specials; i++) {
		struct slice text = slice_str(config->specials[i]);

		if (check_special(config->specials[i], e) < 0)
			return -1;
		if (vocab_find(t->v, text) != NO_TOKEN)
			return err_set(e, ERR_USAGE, "special token \"%s\" stands twice",
				config->specials[i]);
		if (vocab_add_special(t->v, (uint32_t)i, text, true, e) < 0)
			return -1;
	}
	return 0;
}

/* The id of the token with these bytes, which is new unless a special token has the same. That one
 * becomes a token of the model then. */
static int token_for(struct trainer *t, struct slice bytes, uint32_t *id, struct err *e)
{
	struct vocab *v = t->v;

	*id = vocab_words_find(v, &t->words, bytes);
	if (*id != NO_TOKEN)
		return 0;
	for (size_t i = 0; i < v->n_specials && *id == NO_TOKEN; i++)
		if (slice_eq(v->specials[i].text, bytes)) {
			v->specials[i].added = false;
			*id = v->specials[i].id;
		}
	if (*id == NO_TOKEN) {
		*id = v->n_ids;
		if (vocab_add(v, *id, bytes, e) < 0)
			return -1;
	}
	vocab_words_put(v, &t->words, *id);
	return 0;
}

static int add_bytes(struct trainer *t, uint32_t byte_id[256], struct err *e)
{
	for (uint32_t point = 0; point < 0x200; point++) {
		int byte = bytemap_byte(point);
		char c = (char)byte;

		if (byte >= 0 && token_for(t, (struct slice){ &c, 1 }, &byte_id[byte], e) < 0)
			return -1;
	}
	return 0;
}

static void add_piece(struct trainer *t, const struct train_count *c, const uint32_t byte_id[256])
{
	for (size_t i = 0; i < c->piece.n; i++) {
		t->piece_of[t->n_symbols] = (uint32_t)t->n_pieces;
		t->symbols[t->n_symbols++] = byte_id[(unsigned char)c->piece.p[i]];
	}
	t->symbols[t->n_symbols++] = EDGE;
	t->counts[t->n_pieces++] = (int64_t)MIN(c->count, (uint64_t)INT64_MAX);
}

/* A piece of one byte has no pair and is left out. */
static int add_pieces(
	struct trainer *t, struct train_counts *counts, const uint32_t byte_id[256], struct err *e)
{
	size_t size = counts->piece_bytes + counts->n + 1;

	if (size >= SPAN)
		return err_set(e, ERR_LIMIT,
			"the different pieces are %zu bytes, over the limit of 2 GiB",
			counts->piece_bytes);
	t->symbols = mem_resize(NULL, size, sizeof(*t->symbols));
	t->piece_of = mem_resize(NULL, size, sizeof(*t->piece_of));
	t->counts = mem_resize(NULL, counts->n, sizeof(*t->counts));
	t->symbols[t->n_symbols++] = EDGE;
	for (size_t i = 0; i < counts->n_slots; i++)
		if (counts->slots[i].count && counts->slots[i].piece.n > 1)
			add_piece(t, &counts->slots[i], byte_id);
	train_counts_release(counts);
	return 0;
}

static void count_pairs(struct trainer *t)
{
	for (size_t i = 1; i + 1 < t->n_symbols; i++)
		if (t->symbols[i] != EDGE && t->symbols[i + 1] != EDGE)
			train_pairs_add(&t->pairs, t->symbols[i], t->symbols[i + 1],
				t->counts[t->piece_of[i]], (uint32_t)i);
}

/* ---- merging ---- */

static uint32_t token_length(const struct trainer *t, uint32_t id)
{
	return (uint32_t)t->v->tokens[id].n;
}

/* The pair at this place becomes the token made. Its neighbours' pairs change: each was counted
 * once and is counted anew. */
static void merge_place(struct trainer *t, uint32_t place, const struct vocab_merge *m)
{
	uint32_t *at = t->symbols + place;
	uint32_t *right = at + token_length(t, m->left);
	uint32_t *after = right + token_length(t, m->right);
	int64_t count = t->counts[t->piece_of[place]];

	if (at[-1] != EDGE) {
		uint32_t back = at[-1] & SPAN ? at[-1] & ~SPAN : 1;

		train_pairs_drop(&t->pairs, at[-(ptrdiff_t)back], m->left, count);
		train_pairs_add(&t->pairs, at[-(ptrdiff_t)back], m->made, count, place - back);
	}
	if (*after != EDGE) {
		train_pairs_drop(&t->pairs, m->right, *after, count);
		train_pairs_add(&t->pairs, m->made, *after, count, place);
	}
	*at = m->made;
	*right = SPAN; /* no token begins here any more */
	after[-1] = SPAN | (uint32_t)(after - at);
}

static void merge_everywhere(
	struct trainer *t, const struct vocab_merge *m, const uint32_t *places, uint32_t n)
{
	uint32_t step = token_length(t, m->left);

	for (uint32_t i = 0; i < n; i++)
		if (t->symbols[places[i]] == m->left && t->symbols[places[i] + step] == m->right)
			merge_place(t, places[i], m);
}

static int make_token(struct trainer *t, struct vocab_merge *m, struct err *e)
{
	struct slice left = t->v->tokens[m->left], right = t->v->tokens[m->right];
	struct buf bytes = { 0 };
	int result;

	buf_slice(&bytes, left);
	buf_slice(&bytes, right);
	result = token_for(t, buf_view(&bytes), &m->made, e);
	buf_release(&bytes);
	return result < 0 ? -1 : vocab_add_merge(t->v, m, e);
}

static int make_merges(struct trainer *t, const struct train_config *config, struct err *e)
{
	int64_t min_count = (int64_t)MIN(MAX(config->min_frequency, 1), (uint64_t)INT64_MAX);
	struct train_pair *best;

	train_pairs_settle(&t->pairs, min_count);
	while (t->v->n_ids < config->vocab_size &&
		(best = train_pairs_best(&t->pairs, min_count))) {
		struct vocab_merge m = { .left = (uint32_t)(best->key >> 32),
			.right = (uint32_t)best->key,
			.rank = (uint32_t)t->v->n_merges };
		uint32_t *places = best->places;
		uint32_t n = best->n_places;
		int made;

		best->places = NULL;
		best->n_places = 0;
		made = make_token(t, &m, e);
		if (made == 0)
			merge_everywhere(t, &m, places, n);
		free(places);
		if (made < 0)
			return -1;
		train_pairs_settle(&t->pairs, min_count);
	}
	return 0;
}

int train_vocab(struct vocab *v, struct train_counts *counts, const struct train_config *config,
	struct err *e)
{
	struct trainer t = { .v = v };
	uint32_t byte_id[256];
	int result = -1;

	if (config->vocab_size >= VOCAB_MAX_IDS)
		return err_set(e, ERR_USAGE, "a vocabulary of %" PRIu32 " is over the limit of %d",
			config->vocab_size, VOCAB_MAX_IDS - 1);
	vocab_words_init(&t.words, MAX(config->vocab_size, 256 + config->n_specials));
	vocab_words_init(&v->words, 0);
	vocab_add_pattern(v, config->pattern);
	if (add_specials(&t, config, e) < 0 || add_bytes(&t, byte_id, e) < 0)
		goto out;
	if (v->n_ids > config->vocab_size) {
		err_set(e, ERR_USAGE,
			"a vocabulary of %" PRIu32 " has no room for %" PRIu32
			" special tokens and bytes",
			config->vocab_size, v->n_ids);
		goto out;
	}
	if (add_pieces(&t, counts, byte_id, e) < 0)
		goto out;
	count_pairs(&t);
	if (make_merges(&t, config, e) == 0)
		result = vocab_finish(v, e);
out:
	free(t.symbols);
	free(t.piece_of);
	free(t.counts);
	free(t.words.slots);
	train_pairs_release(&t.pairs);
	return result;
}
