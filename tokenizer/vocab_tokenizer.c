/* tokenizer.json of Hugging Face tokenizers: what is read, and what is refused by name.
 *
 * Source: the serialisation in the tokenizers crate, src/tokenizer/serialization.rs,
 * src/models/bpe/serialization.rs and src/tokenizer/added_vocabulary.rs. */
#include "lib/record/json.h"
#include "tokenizer/json_each.h"
#include "tokenizer/vocab_members.h"
#include "tokenizer/vocab_parse.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const struct member top[] = {
	{ "version", IS_ANY },
	{ "truncation", IS_NULL },
	{ "padding", IS_NULL },
	{ "added_tokens", IS_NULL | IS_ARRAY },
	{ "normalizer", IS_ANY },
	{ "pre_tokenizer", IS_ANY },
	{ "post_processor", IS_ANY },
	{ "decoder", IS_ANY },
};

/* With a token for every byte nothing is unknown, so what the unknown would become is no matter. */
static const struct member model[] = {
	{ "type", IS_ANY },
	{ "dropout", IS_NULL | IS_ZERO },
	{ "unk_token", IS_NULL | IS_EMPTY | IS_STRING },
	{ "continuing_subword_prefix", IS_NULL | IS_EMPTY },
	{ "end_of_word_suffix", IS_NULL | IS_EMPTY },
	{ "fuse_unk", IS_NULL | IS_FALSE | IS_TRUE },
	{ "byte_fallback", IS_FALSE | IS_TRUE },
	{ "ignore_merges", IS_FALSE | IS_TRUE },
};

static const struct member added[] = {
	{ "id", IS_ANY },
	{ "content", IS_ANY },
	{ "single_word", IS_FALSE | IS_TRUE },
	{ "lstrip", IS_FALSE | IS_TRUE },
	{ "rstrip", IS_FALSE | IS_TRUE },
	{ "normalized", IS_FALSE | IS_TRUE },
	{ "special", IS_FALSE | IS_TRUE },
};

/* The file in parts: small ones as trees, the large ones as they stand. */
struct parts {
	json_t *top; /* without the model */
	json_t *model; /* without vocab and merges */
	struct slice vocab, merges;
};

static void parts_release(struct parts *p)
{
	json_decref(p->top);
	json_decref(p->model);
}

/* The text between the quotes. No key that is looked for holds an escape. */
static bool key_is(struct slice key, const char *name)
{
	return key.n == strlen(name) + 2 && memcmp(key.p + 1, name, key.n - 2) == 0;
}

static int put_part(json_t *tree, struct slice key, struct slice value, struct err *e)
{
	char name[64];
	json_t *part;

	snprintf(name, sizeof(name), "%.*s", (int)(key.n - 2), key.p + 1);
	if (json_object_get(tree, name))
		return err_set(e, ERR_DATA, "%s stands twice", name);
	if (vocab_read_tree(value, name, &part, e) < 0)
		return -1;
	if (json_object_set_new(tree, name, part) < 0)
		return err_set(e, ERR_DATA, "a key is not UTF-8");
	return 0;
}

static int take_large(struct slice *large, const char *name, struct slice value, struct err *e)
{
	if (large->p)
		return err_set(e, ERR_DATA, "model.%s stands twice", name);
	*large = value;
	return 0;
}

static int read_model_parts(struct parts *p, struct slice object, struct err *e)
{
	struct json_each each = json_each_begin(object);
	struct slice key, value;
	int result = 0;

	if (p->model)
		return err_set(e, ERR_DATA, "model stands twice");
	p->model = json_object();
	while (result == 0 && json_each_next(&each, &key, &value)) {
		if (key_is(key, "vocab"))
			result = take_large(&p->vocab, "vocab", value, e);
		else if (key_is(key, "merges"))
			result = take_large(&p->merges, "merges", value, e);
		else
			result = put_part(p->model, key, value, e);
	}
	return result;
}

static int read_parts(struct parts *p, struct slice text, struct err *e)
{
	struct json_each each = json_each_begin(text);
	struct slice key, value;
	int result = 0;

	p->top = json_object();
	while (result == 0 && json_each_next(&each, &key, &value)) {
		if (key_is(key, "model") && *value.p == '{')
			result = read_model_parts(p, value, e);
		else
			result = put_part(p->top, key, value, e);
	}
	return result;
}

/* ---- what must not change the ids of a text ---- */

/* A template puts special tokens around the text, which are not asked for here; the text itself
 * must stand in it once. */
static int check_template(json_t *object, const char *place, struct err *e)
{
	json_t *single = json_object_get(object, "single"), *part;
	size_t i, texts = 0;

	json_array_foreach(single, i, part) texts += json_object_get(part, "Sequence") != NULL;
	return texts == 1 ? 0 : members_refuse(e, place, "single", single);
}

static int check_processor(json_t *object, const char *place, struct err *e)
{
	static const char *const types[] = { "ByteLevel", "BertProcessing", "RobertaProcessing" };
	json_t *list = json_object_get(object, "processors"), *one;
	size_t i;

	if (!object || json_is_null(object))
		return 0;
	for (i = 0; i < ARRAY_LEN(types); i++)
		if (members_type_is(object, types[i]))
			return 0;
	if (members_type_is(object, "TemplateProcessing"))
		return check_template(object, place, e);
	if (!members_type_is(object, "Sequence"))
		return members_refuse_type(e, place, object);
	if (!json_is_array(list))
		return members_refuse(e, place, "processors", list);
	json_array_foreach(list, i, one) if (check_processor(one, place, e) < 0) return -1;
	return 0;
}

/* ---- added tokens ---- */

/* Puts the added tokens by their texts into r->added. One without a text is refused later. */
static int index_added(struct vocab_reader *r, json_t *tokens, struct err *e)
{
	json_t *token;
	size_t i;

	r->added = json_object();
	json_array_foreach(tokens, i, token)
	{
		json_t *content = json_object_get(token, "content");
		struct slice text = { json_string_value(content), json_string_length(content) };

		if (!text.n)
			continue;
		if (json_object_getn(r->added, text.p, text.n))
			return err_set(e, ERR_DATA, "added token \"%.*s\" stands twice",
				(int)MIN(text.n, 80), text.p);
		json_object_setn(r->added, text.p, text.n, token);
	}
	return 0;
}

static int read_added_id(json_t *token, uint32_t *id, struct slice *text, struct err *e)
{
	json_t *number = json_object_get(token, "id"), *content = json_object_get(token, "content");
	json_int_t n = json_is_integer(number) ? json_integer_value(number) : -1;

	*text = (struct slice){ json_string_value(content), json_string_length(content) };
	if (n < 0 || n >= VOCAB_MAX_IDS || !text->n)
		return err_set(e, ERR_DATA, "an added token has no id or content");
	*id = (uint32_t)n;
	return 0;
}

/* The library numbers the tokens that are not in the vocabulary by itself, from the vocabulary's
 * number of entries on, whatever the file says (add_tokens in added_vocabulary.rs). */
static int check_number(
	struct vocab_reader *r, uint32_t id, struct slice text, size_t *next, struct err *e)
{
	if (vocab_token(r->v, id).p || json_object_getn(r->as_is, text.p, text.n) ||
		id == (*next)++)
		return 0;
	return err_set(e, ERR_DATA,
		"added token \"%.*s\" has the id %" PRIu32 " in the file, but Hugging Face "
		"tokenizers gives it %zu",
		(int)MIN(text.n, 80), text.p, id, *next - 1);
}

static int read_added(struct vocab_reader *r, json_t *token, size_t *next, struct err *e)
{
	struct vocab_special *s;
	struct slice text;
	uint32_t id = 0;

	if (members_check(token, "added_tokens", added, ARRAY_LEN(added), e) < 0 ||
		read_added_id(token, &id, &text, e) < 0 || check_number(r, id, text, next, e) < 0 ||
		vocab_add_special(r->v, id, text, members_flag(token, "special", false), e) < 0)
		return -1;
	s = &r->v->specials[r->v->n_specials - 1];
	s->normalized = members_flag(token, "normalized", !s->control);
	s->lstrip = members_flag(token, "lstrip", false);
	s->rstrip = members_flag(token, "rstrip", false);
	s->single_word = members_flag(token, "single_word", false);
	return 0;
}

static int read_all_added(struct vocab_reader *r, json_t *tokens, struct err *e)
{
	size_t i, next = r->n_keys;
	json_t *token;

	json_array_foreach(tokens, i, token) if (read_added(r, token, &next, e) < 0) return -1;
	return 0;
}

/* ---- the model ---- */

static int read_unknown(struct vocab *v, json_t *m, struct vocab_reader *r, struct err *e)
{
	json_t *token = json_object_get(m, "unk_token");
	struct slice text = { json_string_value(token), json_string_length(token) };
	uint32_t id = 0;

	v->fuse_unk = members_flag(m, "fuse_unk", false);
	if (!v->characters || !text.n)
		return 0;
	id = vocab_words_find(v, &r->words, text);
	if (id == NO_TOKEN)
		return members_refuse(e, "model", "unk_token", token);
	v->has_unk = true;
	v->unk_id = id;
	return 0;
}

static int read_tokens(struct vocab *v, const struct parts *p, struct err *e)
{
	struct vocab_reader r = { .v = v };
	json_t *tokens = json_object_get(p->top, "added_tokens");
	int result = -1;

	r.byte_fallback = members_flag(p->model, "byte_fallback", false);
	if (index_added(&r, tokens, e) == 0 && vocab_read_ids(&r, p->vocab, e) == 0 &&
		read_unknown(v, p->model, &r, e) == 0 && vocab_read_merges(&r, p->merges, e) == 0)
		result = read_all_added(&r, tokens, e);
	vocab_reader_release(&r);
	return result;
}

static int check_parts(const struct parts *p, struct err *e)
{
	json_t *type = json_object_get(p->model, "type");

	if (members_check(p->top, "", top, ARRAY_LEN(top), e) < 0 ||
		members_check(p->model, "model", model, ARRAY_LEN(model), e) < 0)
		return -1;
	/* Older files have no type: BPE is told by its merges. */
	if (type ? !members_type_is(p->model, "BPE") : !p->merges.p)
		return members_refuse_type(e, "model", p->model);
	if (!p->vocab.n || *p->vocab.p != '{')
		return err_set(e, ERR_DATA, "model.vocab is not an object");
	if (!p->merges.n || *p->merges.p != '[')
		return err_set(e, ERR_DATA, "model.merges is not an array");
	return check_processor(json_object_get(p->top, "post_processor"), "post_processor", e);
}

/* A member as it stands, for writing it again. */
static struct slice keep_raw(struct vocab *v, json_t *top_level, const char *key)
{
	json_t *member = json_object_get(top_level, key);
	char *text = member ? json_dumps(member, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	struct slice kept = { NULL, 0 };

	if (text)
		kept = arena_copy(&v->arena, slice_str(text));
	free(text);
	return kept;
}

static int read_steps(struct vocab *v, const struct parts *p, struct err *e)
{
	bool byte_level;

	if (vocab_read_normalizer(v, json_object_get(p->top, "normalizer"), e) < 0 ||
		vocab_read_pre_tokenizer(
			v, json_object_get(p->top, "pre_tokenizer"), &byte_level, e) < 0 ||
		vocab_read_decoder(v, json_object_get(p->top, "decoder"), e) < 0)
		return -1;
	v->decoder = keep_raw(v, p->top, "decoder");
	v->post_processor = keep_raw(v, p->top, "post_processor");
	if (!byte_level)
		vocab_use_characters(v);
	return 0;
}

int vocab_parse_tokenizer(struct vocab *v, struct slice text, struct err *e)
{
	struct parts p = { 0 };
	int result = -1;

	if (read_parts(&p, text, e) == 0 && check_parts(&p, e) == 0 && read_steps(v, &p, e) == 0) {
		v->whole_first = members_flag(p.model, "ignore_merges", false);
		result = read_tokens(v, &p, e);
	}
	parts_release(&p);
	return result < 0 ? -1 : vocab_finish(v, e);
}
