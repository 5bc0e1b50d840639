/* Makes a byte-level BPE vocabulary from the counts of pieces. */
#include "tokenizer/train.h"

#include "lib/core/mem.h"
#include "lib/text/utf8.h"
#include "tokenizer/bytemap.h"
#include "tokenizer/train_merge.h"
#include "tokenizer/vocab_words.h"

#include <inttypes.h>
#include <stdlib.h>

struct trainer {
	struct vocab *v;
	struct vocab_words words; /* tokens by bytes: a special token may have those of another */
	struct train_merger merger;
};

/* ---- the beginning: special tokens and bytes ---- */

/* A special token's text is written into tokenizer.json as it is, beside tokens whose bytes are
 * written as other code points. Where both readings are possible and differ, readers would take it
 * for other bytes. */
static int check_special(const char *text, struct err *e)
{
	struct buf bytes = { 0 };
	struct slice s = slice_str(text);
	bool ambiguous;

	if (!utf8_valid(s))
		return err_set(e, ERR_USAGE, "special token \"%s\" is not UTF-8", text);
	ambiguous = bytemap_get(&bytes, s) && !slice_eq(buf_view(&bytes), s);

	buf_release(&bytes);
	if (ambiguous)
		return err_set(e, ERR_USAGE,
			"special token \"%s\" would be read as other bytes: use another", text);
	return 0;
}

static int check_specials(const struct train_config *config, struct err *e)
{
	/* In front of the bytes one may be a byte. */
	size_t n = 256;

	for (size_t i = 0; i < config->n_specials; i++) {
		if (check_special(config->specials[i], e) < 0)
			return -1;
		n += config->specials_last || strlen(config->specials[i]) > 1;
		for (size_t k = 0; k < i; k++)
			if (strcmp(config->specials[i], config->specials[k]) == 0)
				return err_set(e, ERR_USAGE, "special token \"%s\" stands twice",
					config->specials[i]);
	}
	if (n <= config->vocab_size)
		return 0;
	return err_set(e, ERR_USAGE,
		"a vocabulary of %" PRIu32 " has no room for %zu special tokens and bytes",
		config->vocab_size, n);
}

int train_check(const struct train_config *config, struct err *e)
{
	if (config->vocab_size >= VOCAB_MAX_IDS)
		return err_set(e, ERR_USAGE, "a vocabulary of %" PRIu32 " is over the limit of %d",
			config->vocab_size, VOCAB_MAX_IDS - 1);
	return check_specials(config, e);
}

/* The next ids, or that of the token with the same bytes. */
static int add_specials(struct trainer *t, const struct train_config *config, struct err *e)
{
	for (size_t i = 0; i < config->n_specials; i++) {
		struct slice text = slice_str(config->specials[i]);
		uint32_t id = vocab_words_find(t->v, &t->words, text);

		if (vocab_add_special(t->v, id == NO_TOKEN ? t->v->n_ids : id, text, true, e) < 0)
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

/* ---- merging ---- */

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

static int make_merges(struct trainer *t, uint32_t vocab_size, struct err *e)
{
	struct vocab_merge m = { 0 };

	while (t->v->n_ids < vocab_size && train_merger_best(&t->merger, &m.left, &m.right)) {
		m.rank = (uint32_t)t->v->n_merges;
		if (make_token(t, &m, e) < 0)
			return -1;
		train_merger_merge(&t->merger, m.made);
	}
	return 0;
}

static int64_t min_count(const struct train_config *config)
{
	return (int64_t)MIN(MAX(config->min_frequency, 1), (uint64_t)INT64_MAX);
}

static int make_vocab(struct trainer *t, struct train_cells *cells,
	const struct train_config *config, struct err *e)
{
	size_t behind = config->specials_last ? config->n_specials : 0;
	uint32_t byte_id[256];

	if (!config->specials_last && add_specials(t, config, e) < 0)
		return -1;
	if (add_bytes(t, byte_id, e) < 0)
		return -1;
	train_merger_begin(&t->merger, cells, byte_id, min_count(config));
	if (make_merges(t, config->vocab_size - (uint32_t)behind, e) < 0)
		return -1;
	if (config->specials_last && add_specials(t, config, e) < 0)
		return -1;
	return vocab_finish(t->v, e);
}

int train_vocab(struct vocab *v, struct train_cells *cells, const struct train_config *config,
	struct err *e)
{
	struct trainer t = { .v = v };
	int result = train_check(config, e);

	if (result == 0) {
		vocab_words_init(&t.words, MAX(config->vocab_size, 256 + config->n_specials));
		vocab_words_init(&v->words, 0);
		if (config->pattern)
			vocab_add_pattern(v, config->pattern);
		result = make_vocab(&t, cells, config, e);
	}
	free(t.words.slots);
	train_merger_release(&t.merger);
	train_cells_release(cells);
	return result;
}
