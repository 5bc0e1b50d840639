/* Vocabulary files of lines: merges.txt beside vocab.json, and .tiktoken. */
#include "lib/core/mem.h"
#include "tokenizer/pretok.h"
#include "tokenizer/vocab_parse.h"

#include <inttypes.h>
#include <stdlib.h>
#include <xxhash.h>

static bool next_line(struct slice *text, struct slice *line)
{
	if (text->n == 0)
		return false;
	*line = slice_head(*text, slice_find(*text, SLICE("\n")));
	*text = slice_skip(*text, line->n + 1);
	if (slice_ends(*line, SLICE("\r")))
		line->n--;
	return true;
}

/* ---- vocab.json and merges.txt ---- */

static int read_merges(struct vocab *v, json_t *ids, struct slice text, struct err *e)
{
	struct slice line;

	for (uint64_t n = 1; next_line(&text, &line); n++) {
		struct slice left = slice_head(line, slice_find(line, SLICE(" ")));
		struct slice right = slice_skip(line, left.n + 1);

		if (line.n == 0 || slice_starts(line, SLICE("#version")))
			continue;
		if (left.n == 0 || right.n == 0 || memchr(right.p, ' ', right.n))
			return err_set(
				e, ERR_DATA, "merges: line %" PRIu64 " is not a pair of tokens", n);
		if (vocab_parse_merge(v, ids, left, right, e) < 0)
			return err_wrap(e, "merges: line %" PRIu64, n);
	}
	return 0;
}

/* What no merge makes and is no single byte can only be a special token. */
static int add_unmade(struct vocab *v, struct err *e)
{
	bool *made = mem_zalloc(v->n_ids, sizeof(*made));
	int result = 0;

	for (size_t i = 0; i < v->n_merges; i++)
		made[v->merges[i].made] = true;
	for (uint32_t id = 0; id < v->n_ids && result == 0; id++)
		if (v->tokens[id].n > 1 && !made[id])
			result = vocab_add_special(v, id, v->tokens[id], true, e);
	free(made);
	return result;
}

int vocab_parse_two(struct vocab *v, json_t *ids, struct slice merges, struct err *e)
{
	vocab_add_pattern(v, pretok_gpt2_pattern);
	if (vocab_parse_ids(v, ids, NULL, e) < 0 || read_merges(v, ids, merges, e) < 0 ||
		add_unmade(v, e) < 0)
		return -1;
	return vocab_finish(v, e);
}

/* ---- .tiktoken ---- */

/* Files whose pattern and special tokens are known, by the XXH3-128 of their bytes. Source:
 * openai_public.py of tiktoken. */
static const struct {
	uint64_t high, low;
	const char *special;
	uint32_t id;
} known[] = {
	/* r50k_base */
	{ UINT64_C(0xAA5EF69A716D8A56), UINT64_C(0x3CB2FBE95939BD2D), "<|endoftext|>", 50256 },
	/* p50k_base */
	{ UINT64_C(0x1BFE2EADD49E9688), UINT64_C(0xF2D3FA62565E6E17), "<|endoftext|>", 50256 },
};

static int base64_value(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* RFC 4648 section 4, with its padding. False when it is none. */
static bool base64_get(struct buf *out, struct slice text)
{
	uint32_t bits = 0;
	size_t n = text.n;

	while (n > 0 && text.n - n < 2 && text.p[n - 1] == '=')
		n--;
	if (text.n % 4 || n == 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		int value = base64_value(text.p[i]);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		if (i % 4)
			buf_byte(out, (char)(bits >> (6 - 2 * (i % 4)) & 0xFF));
	}
	return true;
}

static int read_rank(struct slice text, uint32_t *rank)
{
	uint64_t n = 0;

	if (text.n == 0 || text.n > 9)
		return -1;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return -1;
		n = n * 10 + (uint64_t)(text.p[i] - '0');
	}
	*rank = (uint32_t)n;
	return 0;
}

static int read_ranks(struct vocab *v, struct slice text, struct err *e)
{
	struct buf bytes = { 0 };
	struct slice line;
	int result = 0;

	for (uint64_t n = 1; result == 0 && next_line(&text, &line); n++) {
		struct slice token = slice_head(line, slice_find(line, SLICE(" ")));
		uint32_t rank;

		if (line.n == 0)
			continue;
		buf_clear(&bytes, bytes.cap);
		if (!base64_get(&bytes, token) ||
			read_rank(slice_skip(line, token.n + 1), &rank) < 0)
			result = err_set(e, ERR_DATA,
				"line %" PRIu64 " is not a token in base64 and its rank", n);
		else if (vocab_add(v, rank, buf_view(&bytes), e) < 0)
			result = err_wrap(e, "line %" PRIu64, n);
	}
	buf_release(&bytes);
	return result;
}

int vocab_parse_ranks(struct vocab *v, struct slice text, struct err *e)
{
	XXH128_hash_t hash = XXH3_128bits(text.p, text.n);

	if (read_ranks(v, text, e) < 0)
		return -1;
	v->cuts_missing = true;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (known[i].high == hash.high64 && known[i].low == hash.low64) {
			vocab_add_pattern(v, pretok_gpt2_pattern);
			v->cuts_missing = false;
			if (vocab_add_special(
				    v, known[i].id, slice_str(known[i].special), true, e) < 0)
				return -1;
		}
	return vocab_finish_ranks(v, e);
}
