/* UTF-8: checking, decoding and repair. */
#include "lib/core/cpu.h"
#include "lib/text/utf8_scan.h"

/* The rows of Unicode 15, table 3-7, from two bytes on: only the second byte has a range of its
 * own, further ones are 80..BF. */
struct row {
	unsigned char more; /* bytes behind the lead; 0: no lead byte */
	unsigned char low, high; /* of the second */
	unsigned char mask; /* of the lead's own bits */
};

enum { NONE, C2_DF, E0, E1_EF, ED, F0, F1_F3, F4 };

static const struct row rows[] = {
	[NONE] = { 0, 0, 0, 0 },
	[C2_DF] = { 1, 0x80, 0xBF, 0x1F },
	[E0] = { 2, 0xA0, 0xBF, 0x0F },
	[E1_EF] = { 2, 0x80, 0xBF, 0x0F },
	[ED] = { 2, 0x80, 0x9F, 0x0F },
	[F0] = { 3, 0x90, 0xBF, 0x07 },
	[F1_F3] = { 3, 0x80, 0xBF, 0x07 },
	[F4] = { 3, 0x80, 0x8F, 0x07 },
};

/* Of the lead bytes C0..FF. */
static const unsigned char row_of[64] = {
	NONE, NONE, C2_DF, C2_DF, C2_DF, C2_DF, C2_DF, C2_DF, /* C0 */
	C2_DF, C2_DF, C2_DF, C2_DF, C2_DF, C2_DF, C2_DF, C2_DF, /* C8 */
	C2_DF, C2_DF, C2_DF, C2_DF, C2_DF, C2_DF, C2_DF, C2_DF, /* D0 */
	C2_DF, C2_DF, C2_DF, C2_DF, C2_DF, C2_DF, C2_DF, C2_DF, /* D8 */
	E0, E1_EF, E1_EF, E1_EF, E1_EF, E1_EF, E1_EF, E1_EF, /* E0 */
	E1_EF, E1_EF, E1_EF, E1_EF, E1_EF, ED, E1_EF, E1_EF, /* E8 */
	F0, F1_F3, F1_F3, F1_F3, F4, NONE, NONE, NONE, /* F0 */
	NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, /* F8 */
};

int utf8_decode(struct slice s, uint32_t *c)
{
	const unsigned char *p = (const unsigned char *)s.p;
	const struct row *row = &rows[p[0] < 0xC0 ? NONE : row_of[p[0] - 0xC0]];
	uint32_t value = p[0] & row->mask;

	if (p[0] < 0x80) {
		*c = p[0];
		return 1;
	}
	if (!row->more || s.n < 2 || p[1] < row->low || p[1] > row->high)
		return -1;
	value = value << 6 | (p[1] & 0x3F);
	for (int i = 2; i <= row->more; i++) {
		if ((size_t)i == s.n || (p[i] & 0xC0) != 0x80)
			return -i;
		value = value << 6 | (p[i] & 0x3F);
	}
	*c = value;
	return row->more + 1;
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
#if defined(__x86_64__)
	if (cpu_has_avx2())
		return utf8_valid_avx2(s);
#endif
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

/* Continuations among n words of eight bytes, n at most 255: counted in each of a word's bytes. */
static size_t continuations(const char *p, size_t n)
{
	const uint64_t pairs = UINT64_C(0x00FF00FF00FF00FF);
	uint64_t sums = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t x = load_le64(p + 8 * i);

		sums += (x & ~(x << 1)) >> 7 & UINT64_C(0x0101010101010101);
	}
	sums = (sums & pairs) + (sums >> 8 & pairs);
	return (size_t)(sums * UINT64_C(0x0001000100010001) >> 48);
}

size_t utf8_length(struct slice s)
{
	size_t n = s.n;

	/* Every byte but the continuations 80..BF begins a code point. */
	while (s.n >= 8) {
		size_t words = MIN(s.n / 8, 255U);

		n -= continuations(s.p, words);
		s = slice_skip(s, 8 * words);
	}
	for (size_t i = 0; i < s.n; i++)
		n -= ((unsigned char)s.p[i] & 0xC0) == 0x80;
	return n;
}
