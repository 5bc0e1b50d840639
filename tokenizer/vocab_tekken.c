/* tekken.json of Mistral: pattern, ranks in base64, and the special tokens in front of them.
 *
 * Source: tokens/tokenizers/tekken.py of mistral-common 1.13.1. The id of a token is its rank and
 * the number of special tokens; of the ranks those are used that fit the size the file names. */
#include "tokenizer/base64.h"
#include "tokenizer/json_each.h"
#include "tokenizer/vocab_members.h"
#include "tokenizer/vocab_parse.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Of files up to version 7, which may not list them: DEPRECATED_SPECIAL_TOKENS. */
static const char *const old_specials[] = { "<unk>", "<s>", "</s>", "[INST]", "[/INST]",
	"[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]",
	"[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]", "[IMG_END]", "[PREFIX]", "[MIDDLE]",
	"[SUFFIX]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]" };

enum { LAST_OLD_VERSION = 7 };

/* Published files have 1000. The bound keeps a small file from asking for millions. */
enum { MAX_SPECIALS = 65536 };

static const struct member config_members[] = { { "pattern", IS_ANY },
	{ "num_vocab_tokens", IS_ANY }, { "default_vocab_size", IS_ANY },
	{ "default_num_special_tokens", IS_ANY }, { "version", IS_ANY } };

static const struct member special_members[] = { { "rank", IS_ANY }, { "token_str", IS_ANY },
	{ "is_control", IS_FALSE | IS_TRUE } };

struct tekken {
	struct vocab_reader r;
	json_t *config, *specials; /* specials: NULL where the file does not list them */
	struct slice ranks;
	size_t n_specials, n_ranks;
};

/* Settings of images and sound do not concern a text's ids. */
static int read_part(struct tekken *t, struct slice key, struct slice value, struct err *e)
{
	static const char *const others[] = { "\"image\"", "\"multimodal\"", "\"audio\"",
		"\"model_settings_builder\"", "\"version\"", "\"type\"" };

	if (slice_eq(key, SLICE("\"config\"")) && !t->config)
		return vocab_read_tree(value, "config", &t->config, e);
	if (slice_eq(key, SLICE("\"special_tokens\"")) && !t->specials)
		return vocab_read_tree(value, "special_tokens", &t->specials, e);
	if (slice_eq(key, SLICE("\"vocab\"")) && !t->ranks.p) {
		t->ranks = value;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (slice_eq(key, slice_str(others[i])))
			return 0;
	return err_set(e, ERR_DATA, "%.*s is not supported", (int)MIN(key.n, 80), key.p);
}

static int read_size(struct tekken *t, const char *key, size_t *out, struct err *e)
{
	json_t *value = json_object_get(t->config, key);
	json_int_t n = json_is_integer(value) ? json_integer_value(value) : -1;

	if (n < 0 || n > VOCAB_MAX_IDS)
		return members_refuse(e, "config", key, value);
	*out = (size_t)n;
	return 0;
}

static int read_config(struct tekken *t, struct err *e)
{
	struct slice pattern;
	size_t all = 0;

	if (members_check(t->config, "config", config_members, ARRAY_LEN(config_members), e) < 0 ||
		members_string(t->config, "config", "pattern", &pattern, e) < 0 ||
		read_size(t, "default_vocab_size", &all, e) < 0 ||
		read_size(t, "default_num_special_tokens", &t->n_specials, e) < 0)
		return -1;
	if (pattern.n == 0)
		return err_set(e, ERR_DATA, "config.pattern is empty");
	if (t->n_specials > MAX_SPECIALS)
		return err_set(e, ERR_LIMIT,
			"config.default_num_special_tokens %zu is over the limit of %d",
			t->n_specials, MAX_SPECIALS);
	if (all < t->n_specials)
		return err_set(e, ERR_DATA,
			"config.default_vocab_size is less than "
			"config.default_num_special_tokens");
	t->n_ranks = all - t->n_specials;
	vocab_add_cut(t->r.v, &(struct cut_step){ .pattern = pattern });
	return 0;
}

/* ---- the special tokens ---- */

static int add_special(
	struct tekken *t, size_t rank, struct slice text, bool control, struct err *e)
{
	if (rank >= t->n_specials)
		return err_set(e, ERR_DATA,
			"the special token \"%.*s\" has the rank %zu, and there are %zu",
			(int)MIN(text.n, 80), text.p, rank, t->n_specials);
	return vocab_add_special(t->r.v, (uint32_t)rank, text, control, e);
}

static int add_listed(struct tekken *t, struct err *e)
{
	json_t *one;
	size_t i;

	json_array_foreach(t->specials, i, one)
	{
		json_t *rank = json_object_get(one, "rank");
		struct slice text;

		if (members_check(one, "special_tokens", special_members,
			    ARRAY_LEN(special_members), e) < 0 ||
			members_string(one, "special_tokens", "token_str", &text, e) < 0)
			return -1;
		if (!json_is_integer(rank) || json_integer_value(rank) != (json_int_t)i)
			return err_set(e, ERR_DATA, "special_tokens[%zu].rank is not %zu", i, i);
		if (add_special(t, i, text, members_flag(one, "is_control", true), e) < 0)
			return -1;
	}
	return 0;
}

static int add_old(struct tekken *t, struct err *e)
{
	const char *version = json_string_value(json_object_get(t->config, "version"));

	if (!version || *version != 'v' || !version[1] ||
		strtoul(version + 1, NULL, 10) > LAST_OLD_VERSION)
		return err_set(e, ERR_DATA, "special_tokens is missing");
	for (size_t i = 0; i < ARRAY_LEN(old_specials); i++)
		if (add_special(t, i, slice_str(old_specials[i]), true, e) < 0)
			return -1;
	return 0;
}

/* The ranks that no special token has get one each. */
static int add_specials(struct tekken *t, struct err *e)
{
	char text[32];

	if ((json_is_array(t->specials) ? add_listed(t, e) : add_old(t, e)) < 0)
		return -1;
	for (size_t i = t->r.v->n_specials; i < t->n_specials; i++) {
		snprintf(text, sizeof(text), "<SPECIAL_%zu>", i);
		if (add_special(t, i, slice_str(text), true, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- the ranks ---- */

static int add_rank(struct tekken *t, struct slice object, size_t n, struct err *e)
{
	struct json_each each = json_each_begin(object);
	struct slice key, value, bytes = { NULL, 0 };
	uint32_t rank = NO_TOKEN;

	if (*object.p != '{')
		return err_set(e, ERR_DATA, "vocab[%zu] is not an object", n);
	while (json_each_next(&each, &key, &value)) {
		if (slice_eq(key, SLICE("\"rank\"")) && vocab_read_id(value, key, &rank, e) < 0)
			return -1;
		if (slice_eq(key, SLICE("\"token_bytes\"")) &&
			vocab_read_string(&t->r, value, &bytes, e) < 0)
			return -1;
	}
	buf_clear(&t->r.bytes, t->r.bytes.cap);
	if (rank != n || !base64_get(&t->r.bytes, bytes))
		return err_set(e, ERR_DATA, "vocab[%zu] has no rank %zu or no token_bytes", n, n);
	return vocab_add(t->r.v, (uint32_t)(t->n_specials + n), buf_view(&t->r.bytes), e);
}

static int add_ranks(struct tekken *t, struct err *e)
{
	struct json_each each = json_each_begin(t->ranks);
	struct slice key, value;
	size_t n = 0;

	for (; n < t->n_ranks && json_each_next(&each, &key, &value); n++) {
		arena_reset(&t->r.arena);
		if (add_rank(t, value, n, e) < 0)
			return -1;
	}
	if (n < t->n_ranks)
		return err_set(e, ERR_DATA, "vocab has %zu entries, and config asks for %zu", n,
			t->n_ranks);
	return 0;
}

int vocab_parse_tekken(struct vocab *v, struct slice text, struct err *e)
{
	struct json_each each = json_each_begin(text);
	struct tekken t = { .r.v = v };
	struct slice key, value;
	int result = 0;

	while (result == 0 && json_each_next(&each, &key, &value))
		result = read_part(&t, key, value, e);
	if (result == 0 &&
		(read_config(&t, e) < 0 || add_specials(&t, e) < 0 || add_ranks(&t, e) < 0))
		result = -1;
	vocab_reader_release(&t.r);
	json_decref(t.config);
	json_decref(t.specials);
	return result < 0 ? -1 : vocab_finish_ranks(v, e);
}
