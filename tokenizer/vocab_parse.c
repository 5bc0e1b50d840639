/* Vocabulary files by content, and what their formats share. */
#include "tokenizer/vocab_parse.h"

#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "tokenizer/bytemap.h"
#include "tokenizer/json_each.h"
#include "tokenizer/vocab_words.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- single values ---- */

int vocab_read_id(struct slice value, struct slice key, uint32_t *id, struct err *e)
{
	uint64_t n;

	if (!json_uint(value, &n) || n >= VOCAB_MAX_IDS)
		return err_set(e, ERR_DATA, "the id of %.*s is not a number from 0 to %d",
			(int)MIN(key.n, 80), key.p, VOCAB_MAX_IDS - 1);
	*id = (uint32_t)n;
	return 0;
}

int vocab_read_string(struct vocab_reader *r, struct slice value, struct slice *out, struct err *e)
{
	uint64_t replaced = 0;

	if (value.n == 0 || *value.p != '"')
		return err_set(e, ERR_DATA, "%.*s is not a string", (int)MIN(value.n, 80), value.p);
	*out = json_decode(value, &r->arena, &replaced);
	if (replaced)
		return err_set(e, ERR_DATA, "%.*s is not UTF-8", (int)MIN(value.n, 80), value.p);
	return 0;
}

int vocab_read_tree(struct slice value, const char *place, json_t **out, struct err *e)
{
	json_error_t where;

	*out = json_loadb(value.p, value.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &where);
	if (!*out)
		return err_set(e, ERR_DATA, "%s: %s", place, where.text);
	return 0;
}

/* ---- tokens ---- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte of <0x0A>, or -1. */
static int fallback_byte(struct slice text)
{
	int high, low;

	if (text.n != 6 || !slice_starts(text, SLICE("<0x")) || text.p[5] != '>')
		return -1;
	high = hex_digit(text.p[3]);
	low = hex_digit(text.p[4]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static int add_character_token(
	struct vocab_reader *r, struct slice text, uint32_t id, struct err *e)
{
	int byte = r->byte_fallback ? fallback_byte(text) : -1;
	char c = (char)byte;

	if (byte < 0)
		return vocab_add(r->v, id, text, e);
	if (r->v->byte_id[byte] != NO_TOKEN)
		return err_set(e, ERR_DATA, "the token %" PRIu32 " stands twice", id);
	r->v->byte_id[byte] = id;
	return vocab_add(r->v, id, (struct slice){ &c, 1 }, e);
}

/* An added token that is written as it is. It must have the id that it has there too. */
static int check_added(json_t *token, struct slice text, uint32_t id, struct err *e)
{
	json_t *other = json_object_get(token, "id");

	if (json_is_integer(other) && json_integer_value(other) == id)
		return 0;
	return err_set(e, ERR_DATA,
		"added token \"%.*s\" has another id in the vocabulary, %" PRIu32,
		(int)MIN(text.n, 80), text.p, id);
}

static int add_token(struct vocab_reader *r, struct slice text, uint32_t id, struct err *e)
{
	json_t *token = json_object_getn(r->added, text.p, text.n);
	bool mapped;

	if (token && check_added(token, text, id, e) < 0)
		return -1;
	if (r->v->characters)
		return add_character_token(r, text, id, e);
	buf_clear(&r->bytes, r->bytes.cap);
	mapped = bytemap_get(&r->bytes, text);
	if (token && !(mapped && slice_eq(buf_view(&r->bytes), text))) {
		r->as_is = r->as_is ? r->as_is : json_object();
		json_object_setn(r->as_is, text.p, text.n, token);
		return 0;
	}
	if (!mapped)
		return err_set(e, ERR_DATA,
			"token \"%.*s\" is not written in byte-level characters",
			(int)MIN(text.n, 80), text.p);
	return vocab_add(r->v, id, buf_view(&r->bytes), e);
}

/* The tokens that merges may name. A key that stands twice makes two of the same. */
static int make_words(struct vocab_reader *r, struct err *e)
{
	const struct vocab *v = r->v;

	vocab_words_init(&r->words, v->n_tokens);
	for (uint32_t id = 0; id < v->n_ids; id++) {
		if (!v->tokens[id].p || vocab_is_fallback(v, id))
			continue;
		vocab_words_put(v, &r->words, id);
		if (vocab_words_find(v, &r->words, v->tokens[id]) != id)
			return err_set(e, ERR_DATA, "the token %" PRIu32 " stands twice", id);
	}
	return 0;
}

int vocab_read_ids(struct vocab_reader *r, struct slice object, struct err *e)
{
	struct json_each each = json_each_begin(object);
	struct slice key, value, text;

	for (; json_each_next(&each, &key, &value); r->n_keys++) {
		uint32_t id = 0;

		arena_reset(&r->arena);
		if (vocab_read_string(r, key, &text, e) < 0 ||
			vocab_read_id(value, key, &id, e) < 0 || add_token(r, text, id, e) < 0)
			return -1;
	}
	return make_words(r, e);
}

/* ---- merges ---- */

/* Appends the bytes of a token as it is written; false when it is none. */
static bool put_bytes(struct vocab_reader *r, struct slice text)
{
	if (!r->v->characters)
		return bytemap_get(&r->bytes, text);
	buf_slice(&r->bytes, text);
	return true;
}

static uint32_t find_token(const struct vocab_reader *r, struct slice bytes)
{
	return bytes.n ? vocab_words_find(r->v, &r->words, bytes) : NO_TOKEN;
}

int vocab_read_merge(struct vocab_reader *r, struct slice left, struct slice right, struct err *e)
{
	struct vocab_merge m = { NO_TOKEN, NO_TOKEN, NO_TOKEN, (uint32_t)r->v->n_merges };
	struct slice bytes, missing;
	size_t n = 0;

	buf_clear(&r->bytes, r->bytes.cap);
	if (put_bytes(r, left)) {
		n = r->bytes.n;
		m.left = find_token(r, buf_view(&r->bytes));
	}
	if (put_bytes(r, right)) {
		bytes = buf_view(&r->bytes);
		m.right = find_token(r, slice_skip(bytes, n));
		m.made = find_token(r, bytes);
	}
	if (m.left != NO_TOKEN && m.right != NO_TOKEN && m.made != NO_TOKEN)
		return vocab_add_merge(r->v, &m, e);
	r->bytes.n = 0;
	buf_slice(&r->bytes, left);
	buf_slice(&r->bytes, right);
	missing = m.left == NO_TOKEN ? left : m.right == NO_TOKEN ? right : buf_view(&r->bytes);
	return err_set(e, ERR_DATA, "merge %zu: \"%.*s\" is not in the vocabulary", r->v->n_merges,
		(int)MIN(missing.n, 80), missing.p);
}

static int read_pair(struct vocab_reader *r, struct slice pair, struct slice *left,
	struct slice *right, struct err *e)
{
	struct json_each each = json_each_begin(pair);
	struct slice key, one, two, three;

	if (json_each_next(&each, &key, &one) && json_each_next(&each, &key, &two) &&
		!json_each_next(&each, &key, &three)) {
		if (vocab_read_string(r, one, left, e) < 0 ||
			vocab_read_string(r, two, right, e) < 0)
			return -1;
	}
	return 0;
}

static int read_joined(struct vocab_reader *r, struct slice value, struct slice *left,
	struct slice *right, struct err *e)
{
	struct slice text;
	size_t space;

	if (vocab_read_string(r, value, &text, e) < 0)
		return -1;
	space = slice_find(text, SLICE(" "));
	*left = slice_head(text, space);
	*right = slice_skip(text, space + 1);
	if (slice_find(*right, SLICE(" ")) < right->n)
		right->n = 0;
	return 0;
}

int vocab_read_merges(struct vocab_reader *r, struct slice array, struct err *e)
{
	struct json_each each = json_each_begin(array);
	struct slice key, value;

	while (json_each_next(&each, &key, &value)) {
		struct slice left = { NULL, 0 }, right = { NULL, 0 };

		arena_reset(&r->arena);
		if (*value.p == '[' && read_pair(r, value, &left, &right, e) < 0)
			return -1;
		if (*value.p == '"' && read_joined(r, value, &left, &right, e) < 0)
			return -1;
		if (!left.n || !right.n)
			return err_set(
				e, ERR_DATA, "merge %zu is not a pair of tokens", r->v->n_merges);
		if (vocab_read_merge(r, left, right, e) < 0)
			return -1;
	}
	return 0;
}

void vocab_reader_release(struct vocab_reader *r)
{
	arena_release(&r->arena);
	buf_release(&r->bytes);
	json_decref(r->added);
	json_decref(r->as_is);
	free(r->words.slots);
	*r = (struct vocab_reader){ 0 };
}

/* ---- formats by content ---- */

enum format { VOCAB_JSON, TOKENIZER_JSON, TEKKEN_JSON };

static enum format format_of(struct slice object)
{
	struct json_each each = json_each_begin(object);
	struct slice key, value;
	bool config = false, list = false;

	while (json_each_next(&each, &key, &value)) {
		if (slice_eq(key, SLICE("\"model\"")) && *value.p == '{')
			return TOKENIZER_JSON;
		config |= slice_eq(key, SLICE("\"config\"")) && *value.p == '{';
		list |= slice_eq(key, SLICE("\"vocab\"")) && *value.p == '[';
	}
	return config && list ? TEKKEN_JSON : VOCAB_JSON;
}

const char *vocab_file_kind(struct slice text)
{
	static const char *const names[] = { [VOCAB_JSON] = "vocab.json",
		[TOKENIZER_JSON] = "tokenizer.json",
		[TEKKEN_JSON] = "tekken.json" };
	struct slice rest = slice_trim(text, " \t\r\n");

	return slice_starts(rest, SLICE("{")) ? names[format_of(rest)] : "tiktoken";
}

static int check_json(struct slice text, struct err *e)
{
	const char *what = NULL;
	size_t where = 0, line = 1;

	if (json_valid(text, &where, &what))
		return 0;
	for (size_t i = 0; i < where; i++)
		line += text.p[i] == '\n';
	return err_set(e, ERR_DATA, "line %zu: %s", line, what);
}

static int parse_object(
	struct vocab *v, struct slice text, const struct vocab_hints *hints, struct err *e)
{
	enum format format = format_of(text);

	if (hints->pattern || hints->n_specials)
		return err_set(e, ERR_USAGE,
			"the file says itself how text is cut and which tokens are special: "
			"neither can be given");
	if (format != VOCAB_JSON && hints->merges.n)
		return err_set(e, ERR_USAGE, "the file holds its merges itself");
	if (format == TOKENIZER_JSON)
		return vocab_parse_tokenizer(v, text, e);
	if (format == TEKKEN_JSON)
		return vocab_parse_tekken(v, text, e);
	if (!hints->merges.n)
		return err_set(e, ERR_USAGE, "vocab.json needs its merges.txt beside it");
	return vocab_parse_two(v, text, hints->merges, e);
}

/* Field 1 of a ModelProto, of wire type 2, is a piece, whose field 1, the same, is its text.
 * Source: sentencepiece_model.proto. Its first is <unk> or <pad>. */
static bool is_sentencepiece(struct slice text)
{
	return text.n > 4 && text.p[0] == '\n' && text.p[2] == '\n' && text.p[4] == '<';
}

int vocab_parse_hints(
	struct vocab *v, struct slice text, const struct vocab_hints *hints, struct err *e)
{
	struct slice rest = slice_trim(text, " \t\r\n");

	if (rest.n == 0)
		return err_set(e, ERR_DATA, "the file is empty");
	if (is_sentencepiece(text))
		return err_set(e, ERR_DATA,
			"a SentencePiece model is not supported: use the tokenizer.json of the same "
			"vocabulary");
	if (*rest.p != '{')
		return vocab_parse_ranks(v, text, hints, e);
	if (check_json(text, e) < 0)
		return -1;
	return parse_object(v, rest, hints, e);
}

int vocab_parse(struct vocab *v, struct slice text, struct slice merges, struct err *e)
{
	return vocab_parse_hints(v, text, &(struct vocab_hints){ .merges = merges }, e);
}
