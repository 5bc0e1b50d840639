/* Tokens, code point by code point: the reference, and the way of machines without vectors. */
#include "stages/dedup/tokens_scan.h"

#include "lib/core/mem.h"
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

void tokens_add(struct tokens *t, uint64_t hash, size_t from, size_t to)
{
	if (t->n == t->cap)
		mem_grow(&t->at, t->n, &t->cap, sizeof(t->at[0]));
	t->at[t->n++] = (struct token){ hash, (uint32_t)from, (uint32_t)to };
}

static void lower(struct buf *out, uint32_t c)
{
	char *at = buf_reserve(out, UTF8_MAX_BYTES);

	out->n += utf8_put(at, c);
}

static void close_token(struct tokens *t, size_t to)
{
	if (!t->open)
		return;
	tokens_add(t, token_hash(buf_view(&t->lowered)), t->from, to);
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
		size_t n = char_decode(t->text.p + t->read, t->text.p + t->text.n, &c);

		if (char_classes(c) & CHAR_WORD) {
			open_token(t, t->read);
			if (c == CAPITAL_DOTTED_I)
				lower(&t->lowered, 'i');
			else if (c == CAPITAL_SIGMA)
				lower(&t->lowered, tokens_lower_sigma(t->text, t->read));
			else
				lower(&t->lowered, (uint32_t)u_tolower((UChar32)c));
		}
		if (!(char_classes(c) & CHAR_WORD))
			close_token(t, t->read);
		else if (c == CAPITAL_DOTTED_I)
			close_token(t, t->read + n);
		t->read += n;
	}
	if (t->read == t->text.n)
		close_token(t, t->read);
}
