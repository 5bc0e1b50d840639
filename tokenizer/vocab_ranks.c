/* .tiktoken: a token in base64 and its rank a line. */
#include "tokenizer/vocab_ranks.h"

#include "tokenizer/base64.h"
#include "tokenizer/vocab_parse.h"

#include <inttypes.h>
#include <stdio.h>

bool vocab_next_line(struct slice *text, struct slice *line)
{
	if (text->n == 0)
		return false;
	*line = slice_head(*text, slice_find(*text, SLICE("\n")));
	*text = slice_skip(*text, line->n + 1);
	if (slice_ends(*line, SLICE("\r")))
		line->n--;
	return true;
}

/* At most nine digits and nothing else. */
static bool read_number(struct slice text, uint32_t *out)
{
	uint32_t n = 0;

	if (text.n == 0 || text.n > 9)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		n = n * 10 + (uint32_t)(text.p[i] - '0');
	}
	*out = n;
	return true;
}

static int read_ranks(struct vocab *v, struct slice text, struct err *e)
{
	struct buf bytes = { 0 };
	struct slice line;
	int result = 0;

	for (uint64_t n = 1; result == 0 && vocab_next_line(&text, &line); n++) {
		struct slice token = slice_head(line, slice_find(line, SLICE(" ")));
		uint32_t rank;

		if (line.n == 0)
			continue;
		buf_clear(&bytes, bytes.cap);
		if (!base64_get(&bytes, token) ||
			!read_number(slice_skip(line, token.n + 1), &rank))
			result = err_set(e, ERR_DATA,
				"line %" PRIu64 " is not a token in base64 and its rank", n);
		else if (vocab_add(v, rank, buf_view(&bytes), e) < 0)
			result = err_wrap(e, "line %" PRIu64, n);
	}
	buf_release(&bytes);
	return result;
}

/* ---- the pattern and the special tokens ---- */

static int add_known(struct vocab *v, const struct known_special *s, struct err *e)
{
	char text[64];

	for (uint32_t i = 0; i < s->n; i++) {
		struct slice given = slice_str(s->text);
		size_t mark = slice_find(given, SLICE("%u"));

		snprintf(text, sizeof(text), "%.*s", (int)mark, s->text);
		if (mark < given.n)
			snprintf(text + mark, sizeof(text) - mark, "%" PRIu32 "%s", i,
				s->text + mark + 2);
		if (vocab_add_special(v, s->id + i, slice_str(text), true, e) < 0)
			return -1;
	}
	return 0;
}

/* TEXT=ID; the text may hold the sign itself. */
static int add_given(struct vocab *v, const char *given, struct err *e)
{
	const char *sign = strrchr(given, '=');
	uint32_t id;

	if (!sign || sign == given || !read_number(slice_str(sign + 1), &id))
		return err_set(e, ERR_USAGE,
			"the special token \"%.80s\" is not a text, = and an id", given);
	return vocab_add_special(v, id, (struct slice){ given, (size_t)(sign - given) }, true, e);
}

static int add_specials(struct vocab *v, const struct vocab_hints *hints,
	const struct known_ranks *known, struct err *e)
{
	for (size_t i = 0; i < hints->n_specials; i++)
		if (add_given(v, hints->specials[i], e) < 0)
			return -1;
	for (size_t i = 0; known && !hints->n_specials && known->specials[i].text; i++)
		if (add_known(v, &known->specials[i], e) < 0)
			return -1;
	return 0;
}

int vocab_parse_ranks(
	struct vocab *v, struct slice text, const struct vocab_hints *hints, struct err *e)
{
	const struct known_ranks *known = known_ranks_find(text);

	if (hints->merges.n)
		return err_set(e, ERR_USAGE, "a file of ranks has no merges");
	if (hints->pattern && known)
		return err_set(
			e, ERR_USAGE, "the pattern of this file is known: none can be given");
	if (read_ranks(v, text, e) < 0)
		return -1;
	v->cuts_missing = !hints->pattern && !known;
	if (!v->cuts_missing)
		vocab_add_pattern(v, known ? known->pattern : hints->pattern);
	if (known && known->nfc)
		vocab_add_norm(v, &(struct norm_step){ .kind = NORM_NFC });
	return add_specials(v, hints, known, e) < 0 ? -1 : vocab_finish_ranks(v, e);
}
