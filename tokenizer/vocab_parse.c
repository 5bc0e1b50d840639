/* Vocabulary files by content, and what their formats share. */
#include "tokenizer/vocab_parse.h"

#include "lib/core/mem.h"
#include "tokenizer/bytemap.h"

#include <stdlib.h>

static int id_of(json_t *value, const char *key, uint32_t *id, struct err *e)
{
	json_int_t n = json_is_integer(value) ? json_integer_value(value) : -1;

	if (n < 0 || n >= VOCAB_MAX_IDS)
		return err_set(e, ERR_DATA, "the id of \"%.80s\" is not a number from 0 to %d", key,
			VOCAB_MAX_IDS - 1);
	*id = (uint32_t)n;
	return 0;
}

int vocab_parse_ids(struct vocab *v, json_t *ids, json_t *raw, struct err *e)
{
	struct buf bytes = { 0 };
	const char *key;
	json_t *value;
	int result = 0;

	json_object_foreach(ids, key, value)
	{
		struct slice text = slice_str(key);
		uint32_t id = 0;
		bool mapped;

		buf_clear(&bytes, bytes.cap);
		mapped = bytemap_get(&bytes, text);
		if (json_object_get(raw, key) && !(mapped && slice_eq(buf_view(&bytes), text)))
			continue;
		if (!mapped)
			result = err_set(e, ERR_DATA,
				"token \"%.80s\" is not written in byte-level characters", key);
		else if (id_of(value, key, &id, e) < 0 || vocab_add(v, id, buf_view(&bytes), e) < 0)
			result = -1;
		if (result < 0)
			break;
	}
	buf_release(&bytes);
	return result;
}

static int find_id(json_t *ids, const char *key, uint32_t *id, const char **missing)
{
	json_t *value = json_object_get(ids, key);
	json_int_t n = json_is_integer(value) ? json_integer_value(value) : -1;

	if (n < 0 || n >= VOCAB_MAX_IDS) {
		*missing = key;
		return -1;
	}
	*id = (uint32_t)n;
	return 0;
}

int vocab_parse_merge(
	struct vocab *v, json_t *ids, struct slice left, struct slice right, struct err *e)
{
	struct vocab_merge m = { .rank = (uint32_t)v->n_merges };
	const char *missing = NULL;
	struct buf text = { 0 };
	int result;

	/* Three strings: left, right, left and right. */
	buf_slice(&text, left);
	buf_byte(&text, '\0');
	buf_slice(&text, right);
	buf_byte(&text, '\0');
	buf_slice(&text, left);
	buf_slice(&text, right);
	buf_cstr(&text);
	if (find_id(ids, text.p, &m.left, &missing) < 0 ||
		find_id(ids, text.p + left.n + 1, &m.right, &missing) < 0 ||
		find_id(ids, text.p + left.n + right.n + 2, &m.made, &missing) < 0)
		result = err_set(e, ERR_DATA, "merge %zu: \"%.80s\" is not in the vocabulary",
			v->n_merges, missing);
	else
		result = vocab_add_merge(v, &m, e);
	buf_release(&text);
	return result;
}

static int parse_object(struct vocab *v, json_t *root, struct slice merges, struct err *e)
{
	if (!json_is_object(root))
		return err_set(e, ERR_DATA, "not a JSON object");
	if (json_is_object(json_object_get(root, "model"))) {
		if (merges.n)
			return err_set(e, ERR_USAGE, "tokenizer.json holds its merges itself");
		return vocab_parse_tokenizer(v, root, e);
	}
	if (!merges.n)
		return err_set(e, ERR_USAGE, "vocab.json needs its merges.txt beside it");
	return vocab_parse_two(v, root, merges, e);
}

int vocab_parse(struct vocab *v, struct slice text, struct slice merges, struct err *e)
{
	size_t space = 0;
	json_error_t where;
	json_t *root;
	int result;

	while (space < text.n && byte_in(text.p[space], " \t\r\n"))
		space++;
	if (space == text.n)
		return err_set(e, ERR_DATA, "the file is empty");
	if (text.p[space] != '{')
		return vocab_parse_ranks(v, text, e);
	root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &where);
	if (!root)
		return err_set(e, ERR_DATA, "line %d: %s", where.line, where.text);
	result = parse_object(v, root, merges, e);
	json_decref(root);
	return result;
}
