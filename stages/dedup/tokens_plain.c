/* Tokens, code point by code point: the reference, and the way of machines without vectors. */
#include "stages/dedup/tokens_scan.h"

#include "lib/text/chars.h"
#include "lib/text/utf8.h"
#include "stages/dedup/token_hash.h"

#include <unicode/uchar.h>

static bool is_ignorable(uint32_t c)
{
	return u_hasBinaryProperty((UChar32)c, UCHAR_CASE_IGNORABLE);
}

static bool is_cased(uint32_t c)
{
	return u_hasBinaryProperty((UChar32)c, UCHAR_CASED);
}

/* Looks for a cased letter, over what case ignores. Between two capital sigmas each code point is
 * seen twice at most. */
static bool cased_before(const char *begin, const char *p)
{
	uint32_t c;

	while (p > begin) {
		p -= char_decode_back(begin, p, &c);
		if (!is_ignorable(c))
			return is_cased(c);
	}
	return false;
}

static bool cased_behind(const char *p, const char *end)
{
	uint32_t c;

	while (p < end) {
		p += char_decode(p, end, &c);
		if (!is_ignorable(c))
			return is_cased(c);
	}
	return false;
}

uint32_t tokens_lower_sigma(struct slice text, size_t at)
{
	const char *p = text.p + at;

	return cased_before(text.p, p) && !cased_behind(p + 2, text.p + text.n) ? FINAL_SIGMA
										: SMALL_SIGMA;
}

void tokens_lower(struct buf *out, struct slice text, size_t at, uint32_t c)
{
	char *p = buf_reserve(out, UTF8_MAX_BYTES);

	if (c == CAPITAL_DOTTED_I)
		c = 'i';
	else if (c == CAPITAL_SIGMA)
		c = tokens_lower_sigma(text, at);
	else
		c = (uint32_t)u_tolower((UChar32)c);
	out->n += utf8_put(p, c);
}

static void add_token(struct tokens *t, uint64_t hash, size_t from, size_t to)
{
	tokens_reserve(t, 1);
	t->at[t->n++] = (struct token){ hash, (uint32_t)from, (uint32_t)to };
}

static void close_token(struct tokens *t, size_t to)
{
	if (!t->open)
		return;
	add_token(t, token_hash(buf_view(&t->lowered)), t->from, to);
	t->open = false;
	buf_clear(&t->lowered, SIZE_MAX);
}

static void open_token(struct tokens *t, size_t from)
{
	if (t->open)
		return;
	t->open = true;
	t->from = (uint32_t)from;
}

void tokens_scan_plain(struct tokens *t, size_t end)
{
	while (t->read < end) {
		uint32_t c;
		size_t at = t->read, n = char_decode(t->text.p + at, t->text.p + t->text.n, &c);

		t->read += n;
		if (!(char_classes(c) & CHAR_WORD)) {
			close_token(t, at);
			continue;
		}
		open_token(t, at);
		tokens_lower(&t->lowered, t->text, at, c);
		if (c == CAPITAL_DOTTED_I)
			close_token(t, t->read);
	}
	if (t->read == t->text.n)
		close_token(t, t->read);
}
