/* UTF-8: checking, decoding and repair. */
#include "lib/text/utf8_scan.h"

/* A row of Unicode 15, table 3-7: what lead bytes up to last want behind them. Only the second byte
 * has a range of its own; further ones are 80..BF. */
struct lead {
	unsigned char last;
	signed char more; /* bytes that follow; -1: no lead byte */
	unsigned char low, high; /* of the second */
	unsigned char mask; /* of the lead's own bits */
};

static const struct lead leads[] = {
	{ 0x7F, 0, 0x00, 0x00, 0x7F },
	{ 0xC1, -1, 0x00, 0x00, 0x00 },
	{ 0xDF, 1, 0x80, 0xBF, 0x1F },
	{ 0xE0, 2, 0xA0, 0xBF, 0x0F },
	{ 0xEC, 2, 0x80, 0xBF, 0x0F },
	{ 0xED, 2, 0x80, 0x9F, 0x0F },
	{ 0xEF, 2, 0x80, 0xBF, 0x0F },
	{ 0xF0, 3, 0x90, 0xBF, 0x07 },
	{ 0xF3, 3, 0x80, 0xBF, 0x07 },
	{ 0xF4, 3, 0x80, 0x8F, 0x07 },
	{ 0xFF, -1, 0x00, 0x00, 0x00 },
};

int utf8_decode(struct slice s, uint32_t *c)
{
	const unsigned char *p = (const unsigned char *)s.p;
	const struct lead *lead = leads;
	uint32_t value;

	while (lead->last < p[0])
		lead++;
	if (lead->more < 0)
		return -1;
	value = p[0] & lead->mask;
	for (int i = 1; i <= lead->more; i++) {
		unsigned char low = i == 1 ? lead->low : 0x80, high = i == 1 ? lead->high : 0xBF;

		if ((size_t)i == s.n || p[i] < low || p[i] > high)
			return -i;
		value = value << 6 | (p[i] & 0x3F);
	}
	*c = value;
	return lead->more + 1;
}

/* Bytes of the ASCII at the front, in steps of 8; 0 to 7 more may follow. */
static size_t ascii_head(struct slice s)
{
	size_t i = 0;
	uint64_t word;

	for (; s.n - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, s.p + i, sizeof(word));
		if (word & 0x8080808080808080)
			break;
	}
	return i;
}

size_t utf8_valid_head(struct slice s)
{
	struct slice rest = s;
	uint32_t c;

	while (rest.n) {
		int n;

		rest = slice_skip(rest, ascii_head(rest));
		if (!rest.n)
			break;
		n = utf8_decode(rest, &c);
		if (n < 0)
			break;
		rest = slice_skip(rest, (size_t)n);
	}
	return s.n - rest.n;
}

bool utf8_valid_plain(struct slice s)
{
	return utf8_valid_head(s) == s.n;
}

bool utf8_valid(struct slice s)
{
	return utf8_valid_plain(s);
}

uint64_t utf8_repair(struct buf *out, struct slice s)
{
	uint64_t replaced = 0;
	uint32_t c;

	for (;;) {
		size_t n = utf8_valid_head(s);

		buf_append(out, s.p, n);
		s = slice_skip(s, n);
		if (!s.n)
			return replaced;
		buf_slice(out, SLICE("\xEF\xBF\xBD"));
		s = slice_skip(s, (size_t)-utf8_decode(s, &c));
		replaced++;
	}
}

struct slice utf8_repaired(struct slice s, struct arena *arena, uint64_t *replaced)
{
	struct buf out = { 0 };

	if (utf8_valid(s))
		return s;
	*replaced += utf8_repair(&out, s);
	s = arena_copy(arena, buf_view(&out));
	buf_release(&out);
	return s;
}

size_t utf8_length(struct slice s)
{
	size_t n = 0;

	/* Every byte but the continuations 80..BF begins a code point. */
	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}
