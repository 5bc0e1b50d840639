/* A BPE vocabulary: tokens, merges, special tokens, and the tables to look them up. */
#include "tokenizer/vocab.h"

#include "lib/core/mem.h"
#include "tokenizer/bpe.h"
#include "tokenizer/crossings.h"
#include "tokenizer/matcher.h"
#include "tokenizer/pretok.h"
#include "tokenizer/vocab_words.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <xxhash.h>

void vocab_use_characters(struct vocab *v)
{
	v->characters = true;
	for (size_t b = 0; b < ARRAY_LEN(v->byte_id); b++)
		v->byte_id[b] = NO_TOKEN;
}

static void ids_reach(struct vocab *v, uint32_t id)
{
	size_t cap = MAX(v->cap_ids, 512);

	while (cap <= id)
		cap *= 2;
	if (cap > v->cap_ids) {
		v->tokens = mem_resize(v->tokens, cap, sizeof(*v->tokens));
		memset(v->tokens + v->cap_ids, 0, (cap - v->cap_ids) * sizeof(*v->tokens));
		v->cap_ids = cap;
	}
	v->n_ids = MAX(v->n_ids, id + 1);
}

int vocab_add(struct vocab *v, uint32_t id, struct slice bytes, struct err *e)
{
	if (id >= VOCAB_MAX_IDS)
		return err_set(e, ERR_DATA, "token id %" PRIu32 " is over the limit of %d", id,
			VOCAB_MAX_IDS - 1);
	if (bytes.n == 0)
		return err_set(e, ERR_DATA, "token id %" PRIu32 " is empty", id);
	ids_reach(v, id);
	if (v->tokens[id].p)
		return err_set(e, ERR_DATA, "token id %" PRIu32 " stands twice", id);
	v->tokens[id] = arena_copy(&v->arena, bytes);
	v->n_tokens++;
	return 0;
}

int vocab_add_merge(struct vocab *v, const struct vocab_merge *m, struct err *e)
{
	if (!vocab_token(v, m->left).p || !vocab_token(v, m->right).p || !vocab_token(v, m->made).p)
		return err_set(e, ERR_DATA, "merge %zu names an id that is no token", v->n_merges);
	mem_grow(&v->merges, v->n_merges, &v->cap_merges, sizeof(*v->merges));
	v->merges[v->n_merges++] = *m;
	return 0;
}

int vocab_add_special(struct vocab *v, uint32_t id, struct slice text, bool control, struct err *e)
{
	bool added = !vocab_token(v, id).p;

	if (added) {
		if (vocab_add(v, id, text, e) < 0)
			return -1;
	} else if (!slice_eq(v->tokens[id], text)) {
		return err_set(e, ERR_DATA,
			"the special token \"%.*s\" has the id %" PRIu32 " of another token",
			(int)MIN(text.n, 80), text.p, id);
	}
	mem_grow(&v->specials, v->n_specials, &v->cap_specials, sizeof(*v->specials));
	v->specials[v->n_specials++] = (struct vocab_special){
		.text = v->tokens[id], .id = id, .control = control, .added = added
	};
	return 0;
}

void vocab_add_norm(struct vocab *v, const struct norm_step *step)
{
	struct norm_step *to;

	mem_grow(&v->norms, v->n_norms, &v->cap_norms, sizeof(*v->norms));
	to = &v->norms[v->n_norms++];
	*to = *step;
	to->from = arena_copy(&v->arena, step->from);
	to->to = arena_copy(&v->arena, step->to);
}

void vocab_add_cut(struct vocab *v, const struct cut_step *step)
{
	struct cut_step *to;

	mem_grow(&v->cuts, v->n_cuts, &v->cap_cuts, sizeof(*v->cuts));
	to = &v->cuts[v->n_cuts++];
	*to = *step;
	to->pattern = arena_copy(&v->arena, step->pattern);
}

void vocab_add_pattern(struct vocab *v, const char *pattern)
{
	size_t n;
	const struct cut_step *steps = pretok_named(pattern, &n);

	if (!steps)
		vocab_add_cut(v, &(struct cut_step){ .pattern = slice_str(pattern) });
	for (size_t i = 0; steps && i < n; i++)
		vocab_add_cut(v, &steps[i]);
}

/* ---- tables ---- */

static size_t slots_for(size_t entries)
{
	size_t n = 16;

	while (n < entries * 2)
		n *= 2;
	return n;
}

void vocab_words_init(struct vocab_words *w, size_t entries)
{
	size_t n = slots_for(entries);

	w->slots = mem_resize(w->slots, n, sizeof(*w->slots));
	memset(w->slots, 0xFF, n * sizeof(*w->slots));
	w->mask = n - 1;
}

/* Of two tokens with the same bytes the first one added here stays. */
void vocab_words_put(const struct vocab *v, struct vocab_words *w, uint32_t id)
{
	uint64_t hash = XXH3_64bits(v->tokens[id].p, v->tokens[id].n);
	size_t i = (size_t)hash;

	for (; w->slots[i & w->mask].id != NO_TOKEN; i++)
		if (slice_eq(v->tokens[w->slots[i & w->mask].id], v->tokens[id]))
			return;
	w->slots[i & w->mask] = (struct vocab_word){ .tag = (uint32_t)(hash >> 32), .id = id };
}

uint32_t vocab_words_find(
	const struct vocab *v, const struct vocab_words *words, struct slice bytes)
{
	uint64_t hash = XXH3_64bits(bytes.p, bytes.n);

	for (size_t i = (size_t)hash;; i++) {
		struct vocab_word at = words->slots[i & words->mask];

		if (at.id == NO_TOKEN)
			return NO_TOKEN;
		if (at.tag == (uint32_t)(hash >> 32) && slice_eq(v->tokens[at.id], bytes))
			return at.id;
	}
}

/* By id: whether it is a token of the model. The caller frees it. */
static bool *model_tokens(const struct vocab *v)
{
	bool *model = mem_zalloc(v->n_ids, sizeof(*model));

	for (uint32_t id = 0; id < v->n_ids; id++)
		model[id] = v->tokens[id].p;
	for (size_t i = 0; i < v->n_specials; i++)
		if (v->specials[i].added)
			model[v->specials[i].id] = false;
	return model;
}

static void make_words(struct vocab *v, const bool *model)
{
	vocab_words_init(&v->words, v->n_tokens);
	for (uint32_t id = 0; id < v->n_ids; id++)
		if (model[id] && !vocab_is_fallback(v, id))
			vocab_words_put(v, &v->words, id);
}

/* A character that has no token is never lost in silence. */
static int check_fallback(const struct vocab *v, struct err *e)
{
	for (unsigned b = 0; b < 256; b++)
		if (v->byte_id[b] == NO_TOKEN && !v->has_unk)
			return err_set(e, ERR_DATA,
				"no token for the byte 0x%02X and none for the unknown: characters "
				"would be lost",
				b);
	return 0;
}

/* Bytes that well-formed UTF-8 does not have (Unicode 15, table 3-7). */
static bool never_in_utf8(unsigned byte)
{
	return byte == 0xC0 || byte == 0xC1 || byte >= 0xF5;
}

static int find_bytes(struct vocab *v, struct err *e)
{
	if (v->characters)
		return check_fallback(v, e);
	for (unsigned b = 0; b < 256; b++) {
		char byte = (char)(unsigned char)b;

		v->byte_id[b] = vocab_words_find(v, &v->words, (struct slice){ &byte, 1 });
		if (v->byte_id[b] != NO_TOKEN)
			continue;
		v->bytes_missing = true;
		if (!never_in_utf8(b))
			return err_set(e, ERR_DATA,
				"no token for the byte 0x%02X: not a byte-level vocabulary", b);
	}
	return 0;
}

static void set_join(struct vocab *v, const struct vocab_merge *m)
{
	struct slice left = v->tokens[m->left], right = v->tokens[m->right];
	unsigned two = (unsigned char)left.p[left.n - 1] * 256u + (unsigned char)right.p[0];

	v->joins[two / 8] |= (unsigned char)(1u << two % 8);
}

static int put_pair(struct vocab *v, const struct vocab_merge *merge, struct err *e)
{
	uint64_t key = (uint64_t)merge->left << 32 | merge->right;
	size_t i = (size_t)vocab_pair_hash(key);

	for (; v->pairs.slots[i & v->pairs.mask].key != UINT64_MAX; i++)
		if (v->pairs.slots[i & v->pairs.mask].key == key)
			return err_set(e, ERR_DATA,
				"merge %zu stands twice (tokens %" PRIu32 " and %" PRIu32 ")",
				(size_t)(merge - v->merges), merge->left, merge->right);
	v->pairs.slots[i & v->pairs.mask] =
		(struct vocab_pair){ .key = key, .rank = merge->rank, .made = merge->made };
	return 0;
}

static void clear_pairs(struct vocab *v, size_t entries)
{
	size_t n = slots_for(entries);

	v->pairs.slots = mem_resize(v->pairs.slots, n, sizeof(*v->pairs.slots));
	memset(v->pairs.slots, 0xFF, n * sizeof(*v->pairs.slots));
	v->pairs.mask = n - 1;
}

static int make_pairs(struct vocab *v, struct err *e)
{
	clear_pairs(v, v->n_merges);
	for (size_t m = 0; m < v->n_merges; m++) {
		if (put_pair(v, &v->merges[m], e) < 0)
			return -1;
		set_join(v, &v->merges[m]);
	}
	return 0;
}

/* Of all the merges that make one token only the last one of its own bytes' merging ever happens:
 * were its two parts merged otherwise in some text, the merges inside of them would be those of
 * its bytes alone, up to another last one. Leaving the others out halves the tables of a vocabulary
 * of ranks and changes nothing. */
static int keep_splits(struct vocab *v, struct vocab_merge *splits, struct err *e)
{
	size_t n = 0;

	for (uint32_t id = 0; id < v->n_ids; id++)
		if (splits[id].made == id)
			splits[n++] = splits[id];
	clear_pairs(v, n);
	memset(v->joins, 0, sizeof(v->joins));
	for (size_t i = 0; i < n; i++) {
		if (put_pair(v, &splits[i], e) < 0)
			return -1;
		set_join(v, &splits[i]);
	}
	crossings_make(v, splits, n);
	v->matcher = matcher_new(v, splits, n);
	return 0;
}

/* A token that no merges make (a special token in vocab.json, for one) is never the answer for a
 * piece of the same bytes, unless whole_first says so. */
static int make_whole(struct vocab *v, const bool *model, struct err *e)
{
	struct bpe_scratch scratch = { 0 };
	struct ids made = { 0 };
	struct vocab_merge *splits = mem_zalloc(v->n_ids, sizeof(*splits));
	int result = 0;

	vocab_words_init(&v->whole, v->n_tokens);
	for (uint32_t id = 0; id < v->n_ids && result == 0; id++) {
		bool is_made;

		splits[id].made = NO_TOKEN;
		if (!model[id])
			continue;
		made.n = 0;
		result = bpe_merge(v, &scratch, v->tokens[id], &made, e);
		is_made = made.n == 1 && made.at[0] == id;
		if (is_made && v->tokens[id].n > 1)
			splits[id] = scratch.last;
		if (!v->whole_first && !is_made)
			continue;
		vocab_words_put(v, &v->whole, id);
		v->longest = MAX(v->longest, v->tokens[id].n);
		if (!is_made)
			v->longest_unmade = MAX(v->longest_unmade, v->tokens[id].n);
	}
	if (result == 0)
		result = keep_splits(v, splits, e);
	free(splits);
	ids_release(&made);
	bpe_scratch_release(&scratch);
	return result;
}

/* Of a vocabulary of characters nothing is found out: bpe_chars.h merges by all pairs. */
static int make_whole_characters(struct vocab *v, const bool *model)
{
	vocab_words_init(&v->whole, v->whole_first ? v->n_tokens : 0);
	for (uint32_t id = 0; v->whole_first && id < v->n_ids; id++)
		if (model[id] && !vocab_is_fallback(v, id)) {
			vocab_words_put(v, &v->whole, id);
			v->longest = MAX(v->longest, v->tokens[id].n);
		}
	return 0;
}

int vocab_finish(struct vocab *v, struct err *e)
{
	bool *model = model_tokens(v);
	int result = -1;

	make_words(v, model);
	if (find_bytes(v, e) == 0 && make_pairs(v, e) == 0)
		result = v->characters ? make_whole_characters(v, model) : make_whole(v, model, e);
	free(model);
	return result;
}

/* Every way to cut the token into two tokens. */
static int add_cuts(struct vocab *v, uint32_t id, struct err *e)
{
	struct slice token = v->tokens[id];
	uint32_t other = vocab_words_find(v, &v->words, token);

	if (other != id)
		return err_set(e, ERR_DATA, "the tokens %" PRIu32 " and %" PRIu32 " are the same",
			other, id);
	if (token.n > VOCAB_MAX_RANKED)
		return err_set(e, ERR_LIMIT,
			"token id %" PRIu32 " has %zu bytes, over the limit of %d", id, token.n,
			VOCAB_MAX_RANKED);
	for (size_t cut = 1; cut < token.n; cut++) {
		struct vocab_merge m = { .made = id, .rank = id };

		m.left = vocab_words_find(v, &v->words, slice_head(token, cut));
		m.right = vocab_words_find(v, &v->words, slice_skip(token, cut));
		if (m.left != NO_TOKEN && m.right != NO_TOKEN && vocab_add_merge(v, &m, e) < 0)
			return -1;
	}
	return 0;
}

int vocab_finish_ranks(struct vocab *v, struct err *e)
{
	bool *model = model_tokens(v);
	int result = 0;

	make_words(v, model);
	for (uint32_t id = 0; id < v->n_ids && result == 0; id++)
		if (model[id])
			result = add_cuts(v, id, e);
	free(model);
	v->whole_first = true;
	v->ranked = true;
	return result < 0 ? -1 : vocab_finish(v, e);
}

/* ---- questions ---- */

uint32_t vocab_find(const struct vocab *v, struct slice bytes)
{
	for (size_t i = 0; i < v->n_specials; i++)
		if (slice_eq(v->specials[i].text, bytes))
			return v->specials[i].id;
	return vocab_words_find(v, &v->words, bytes);
}

/* A token's text with a space for each mark, or for none of the first token. */
static void put_unmarked(const struct vocab *v, struct slice token, bool drop, struct buf *out)
{
	while (token.n) {
		size_t at = slice_find(token, v->space_mark);

		buf_slice(out, slice_head(token, at));
		if (at < token.n && !drop)
			buf_byte(out, ' ');
		token = slice_skip(token, at + v->space_mark.n);
	}
}

int vocab_decode(
	const struct vocab *v, const uint32_t *ids, size_t n, struct buf *out, struct err *e)
{
	size_t was = out->n;

	for (size_t i = 0; i < n; i++) {
		struct slice token = vocab_token(v, ids[i]);

		if (!token.p)
			return err_set(e, ERR_DATA,
				"token %zu: id %" PRIu32 " is not in the vocabulary", i, ids[i]);
		if (v->space_mark.n)
			put_unmarked(v, token, i == 0 && v->strip == STRIP_MARKS, out);
		else
			buf_slice(out, token);
	}
	if (v->strip == STRIP_SPACE && out->n > was && out->p[was] == ' ') {
		memmove(out->p + was, out->p + was + 1, out->n - was - 1);
		out->n--;
	}
	return 0;
}

unsigned vocab_id_bytes(const struct vocab *v)
{
	return v->n_ids > UINT16_MAX + 1u ? 4 : 2;
}

void vocab_slim(struct vocab *v)
{
	assert(v->matcher && !v->characters);
	free(v->merges);
	v->merges = NULL;
	v->n_merges = v->cap_merges = 0;
	free(v->pairs.slots);
	v->pairs = (struct vocab_pairs){ 0 };
	/* A whole piece that merges make is the matcher's first find. */
	if (v->longest_unmade > 0)
		return;
	free(v->whole.slots);
	v->whole = (struct vocab_words){ 0 };
}

void vocab_release(struct vocab *v)
{
	arena_release(&v->arena);
	free(v->tokens);
	free(v->merges);
	free(v->specials);
	free(v->norms);
	free(v->cuts);
	free(v->words.slots);
	free(v->whole.slots);
	free(v->pairs.slots);
	crossings_release(&v->crossings);
	matcher_free(v->matcher);
	*v = (struct vocab){ 0 };
}
