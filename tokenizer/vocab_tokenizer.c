/* tokenizer.json of Hugging Face tokenizers: what is read, and what is refused by name.
 *
 * Source: the serialisation in the tokenizers crate, src/tokenizer/serialization.rs and
 * src/models/bpe/serialization.rs. */
#include "tokenizer/pretok.h"
#include "tokenizer/vocab_parse.h"

#include <inttypes.h>

/* Values a member may have. A member that is not listed may only be null or false. */
enum {
	IS_NULL = 1,
	IS_FALSE = 2,
	IS_TRUE = 4,
	IS_EMPTY = 8, /* an empty string */
	IS_ZERO = 16,
	IS_ANY = 32,
};

struct member {
	const char *key;
	int allowed;
};

/* The post-processor and decoder do not touch the ids of a text: see check_byte_level. */
static const struct member top[] = {
	{ "version", IS_ANY },
	{ "truncation", IS_NULL },
	{ "padding", IS_NULL },
	{ "added_tokens", IS_ANY },
	{ "normalizer", IS_NULL },
	{ "pre_tokenizer", IS_ANY },
	{ "post_processor", IS_ANY },
	{ "decoder", IS_ANY },
	{ "model", IS_ANY },
};

/* With a token for every byte nothing is unknown, so what the unknown would become is no matter. */
static const struct member model[] = {
	{ "type", IS_ANY },
	{ "dropout", IS_NULL | IS_ZERO },
	{ "unk_token", IS_ANY },
	{ "continuing_subword_prefix", IS_NULL | IS_EMPTY },
	{ "end_of_word_suffix", IS_NULL | IS_EMPTY },
	{ "fuse_unk", IS_ANY },
	{ "byte_fallback", IS_FALSE },
	{ "ignore_merges", IS_FALSE | IS_TRUE },
	{ "vocab", IS_ANY },
	{ "merges", IS_ANY },
};

/* Without a normaliser "normalized" changes nothing. */
static const struct member added[] = {
	{ "id", IS_ANY },
	{ "content", IS_ANY },
	{ "single_word", IS_FALSE },
	{ "lstrip", IS_FALSE },
	{ "rstrip", IS_FALSE },
	{ "normalized", IS_FALSE | IS_TRUE },
	{ "special", IS_FALSE | IS_TRUE },
};

static const struct member byte_level[] = {
	{ "type", IS_ANY },
	{ "add_prefix_space", IS_FALSE },
	{ "trim_offsets", IS_FALSE | IS_TRUE },
	{ "use_regex", IS_FALSE | IS_TRUE },
};

static const struct member split[] = {
	{ "type", IS_ANY },
	{ "pattern", IS_ANY },
	{ "behavior", IS_ANY },
	{ "invert", IS_FALSE },
};

static const struct member sequence[] = {
	{ "type", IS_ANY },
	{ "pretokenizers", IS_ANY },
};

static int form_of(json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_NULL: return IS_NULL;
	case JSON_FALSE: return IS_FALSE;
	case JSON_TRUE: return IS_TRUE;
	case JSON_STRING: return json_string_length(value) ? 0 : IS_EMPTY;
	case JSON_INTEGER:
	case JSON_REAL: return json_number_value(value) == 0 ? IS_ZERO : 0;
	default: return 0;
	}
}

static int refuse(struct err *e, const char *place, const char *key, json_t *value)
{
	const char *dot = *place ? "." : "";
	char *text;

	if (!value)
		return err_set(e, ERR_DATA, "%s%s%s is missing", place, dot, key);
	text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

	err_set(e, ERR_DATA, "%s%s%s %.80s is not supported", place, dot, key, text ? text : "");
	free(text);
	return -1;
}

static int check_members(
	json_t *object, const char *place, const struct member *members, size_t n, struct err *e)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return err_set(e, ERR_DATA, "%s is not an object", *place ? place : "the file");
	json_object_foreach(object, key, value)
	{
		int allowed = IS_NULL | IS_FALSE;

		for (size_t i = 0; i < n; i++)
			if (strcmp(members[i].key, key) == 0)
				allowed = members[i].allowed;
		if (!(allowed & (form_of(value) | IS_ANY)))
			return refuse(e, place, key, value);
	}
	return 0;
}

static bool type_is(json_t *object, const char *type)
{
	const char *is = json_string_value(json_object_get(object, "type"));

	return is && strcmp(is, type) == 0;
}

/* ---- the pre-tokeniser ---- */

/* ByteLevel cuts by GPT-2's pattern unless use_regex says no; then what is before it must have
 * cut. */
static int read_byte_level(json_t *object, const char *place, bool regex, struct err *e)
{
	json_t *use = json_object_get(object, "use_regex");

	if (!type_is(object, "ByteLevel"))
		return refuse(e, place, "type", json_object_get(object, "type"));
	if (check_members(object, place, byte_level, ARRAY_LEN(byte_level), e) < 0)
		return -1;
	if (!json_object_get(object, "add_prefix_space"))
		return err_set(e, ERR_DATA, "%s.add_prefix_space is missing", place);
	if ((use ? json_is_true(use) : true) != regex)
		return refuse(e, place, "use_regex", use ? use : json_true());
	return 0;
}

static int read_split(json_t *object, const char *place, struct err *e)
{
	json_t *pattern = json_object_get(json_object_get(object, "pattern"), "Regex");
	json_t *behavior = json_object_get(object, "behavior");
	const char *regex = json_string_value(pattern);

	if (!type_is(object, "Split"))
		return refuse(e, place, "type", json_object_get(object, "type"));
	if (check_members(object, place, split, ARRAY_LEN(split), e) < 0)
		return -1;
	if (!regex ||
		(strcmp(regex, pretok_gpt2_pattern) != 0 &&
			strcmp(regex, pretok_gpt2_pattern_long) != 0))
		return refuse(e, place, "pattern", json_object_get(object, "pattern"));
	if (!json_is_string(behavior) || strcmp(json_string_value(behavior), "Isolated") != 0)
		return refuse(e, place, "behavior", behavior);
	return 0;
}

static int read_pre_tokenizer(struct vocab *v, json_t *object, struct err *e)
{
	json_t *steps = json_object_get(object, "pretokenizers");

	if (!json_is_object(object))
		return refuse(e, "", "pre_tokenizer", object);
	vocab_add_pattern(v, pretok_gpt2_pattern);
	if (!type_is(object, "Sequence"))
		return read_byte_level(object, "pre_tokenizer", true, e);
	if (check_members(object, "pre_tokenizer", sequence, ARRAY_LEN(sequence), e) < 0)
		return -1;
	if (json_array_size(steps) != 2)
		return err_set(e, ERR_DATA, "a pre_tokenizer Sequence of %zu is not supported",
			json_array_size(steps));
	if (read_split(json_array_get(steps, 0), "pre_tokenizer[0]", e) < 0)
		return -1;
	return read_byte_level(json_array_get(steps, 1), "pre_tokenizer[1]", false, e);
}

/* A post-processor or decoder: ByteLevel, whose settings are about offsets and display, or none. */
static int check_byte_level(json_t *object, const char *key, struct err *e)
{
	if (!object || json_is_null(object) || type_is(object, "ByteLevel"))
		return 0;
	return refuse(e, key, "type", json_object_get(object, "type"));
}

/* ---- the model ---- */

static int read_merge(struct vocab *v, json_t *ids, json_t *merge, struct err *e)
{
	struct slice left = { NULL, 0 }, right = { NULL, 0 };

	if (json_is_string(merge)) {
		struct slice text = { json_string_value(merge), json_string_length(merge) };

		left = slice_head(text, slice_find(text, SLICE(" ")));
		right = slice_skip(text, left.n + 1);
	} else if (json_array_size(merge) == 2) {
		left = slice_str(json_string_value(json_array_get(merge, 0)));
		right = slice_str(json_string_value(json_array_get(merge, 1)));
	}
	if (!left.n || !right.n)
		return err_set(e, ERR_DATA, "merge %zu is not a pair of tokens", v->n_merges);
	return vocab_parse_merge(v, ids, left, right, e);
}

static int read_merges(struct vocab *v, json_t *ids, json_t *merges, struct err *e)
{
	json_t *merge;
	size_t i;

	if (!json_is_array(merges))
		return err_set(e, ERR_DATA, "model.merges is not an array");
	json_array_foreach(merges, i, merge) if (read_merge(v, ids, merge, e) < 0) return -1;
	return 0;
}

/* ---- added tokens ---- */

static int read_added(struct vocab *v, json_t *token, struct err *e)
{
	json_t *id = json_object_get(token, "id"), *content = json_object_get(token, "content");
	struct slice text = { json_string_value(content), json_string_length(content) };

	if (check_members(token, "added_tokens", added, ARRAY_LEN(added), e) < 0)
		return -1;
	if (!json_is_integer(id) || json_integer_value(id) < 0 ||
		json_integer_value(id) >= VOCAB_MAX_IDS || !text.n)
		return err_set(e, ERR_DATA, "an added token has no id or content");
	return vocab_add_special(v, (uint32_t)json_integer_value(id), text,
		json_is_true(json_object_get(token, "special")), e);
}

/* The added tokens' texts as keys of an object, which the caller frees. */
static json_t *added_texts(json_t *tokens)
{
	json_t *texts = json_object(), *token;
	size_t i;

	json_array_foreach(tokens, i, token)
	{
		const char *text = json_string_value(json_object_get(token, "content"));

		if (text)
			json_object_set(texts, text, token);
	}
	return texts;
}

static int read_tokens(struct vocab *v, json_t *root, struct err *e)
{
	json_t *m = json_object_get(root, "model"), *ids = json_object_get(m, "vocab");
	json_t *tokens = json_object_get(root, "added_tokens"), *texts, *token;
	size_t i;
	int result;

	if (!json_is_object(ids))
		return err_set(e, ERR_DATA, "model.vocab is not an object");
	texts = added_texts(tokens);
	result = vocab_parse_ids(v, ids, texts, e);
	json_decref(texts);
	if (result < 0 || read_merges(v, ids, json_object_get(m, "merges"), e) < 0)
		return -1;
	json_array_foreach(tokens, i, token) if (read_added(v, token, e) < 0) return -1;
	return vocab_finish(v, e);
}

int vocab_parse_tokenizer(struct vocab *v, json_t *root, struct err *e)
{
	json_t *m = json_object_get(root, "model");
	json_t *type = json_object_get(m, "type");

	if (check_members(root, "", top, ARRAY_LEN(top), e) < 0 ||
		check_members(m, "model", model, ARRAY_LEN(model), e) < 0)
		return -1;
	/* Older files have no type: BPE is told by its merges. */
	if (type ? !type_is(m, "BPE") : !json_object_get(m, "merges"))
		return refuse(e, "model", "type", type);
	if (read_pre_tokenizer(v, json_object_get(root, "pre_tokenizer"), e) < 0 ||
		check_byte_level(json_object_get(root, "post_processor"), "post_processor", e) <
			0 ||
		check_byte_level(json_object_get(root, "decoder"), "decoder", e) < 0)
		return -1;
	v->whole_first = json_is_true(json_object_get(m, "ignore_merges"));
	return read_tokens(v, root, e);
}
