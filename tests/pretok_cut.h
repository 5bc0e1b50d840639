/* pretok_cut.h - what tests of pre-tokenisers share: the ends of pieces, and random text of what
 * patterns tell apart. */
#ifndef CORPUS_TEST_PRETOK_CUT_H
#define CORPUS_TEST_PRETOK_CUT_H

#include "lib/core/buf.h"
#include "lib/text/utf8.h"
#include "tokenizer/pretok.h"

#include <criterion/criterion.h>

/* Of text cut up to cap pieces at a time, the ends as 32-bit numbers. */
static inline void cut_ends(struct pretok_walk *w, const struct pretok *p, struct slice text,
	size_t cap, struct buf *out)
{
	struct err e = { 0 };
	size_t n;

	out->n = 0;
	pretok_begin(w, p, text);
	do {
		uint32_t *ends = (uint32_t *)(void *)buf_reserve(out, cap * sizeof(*ends));

		cr_assert_eq(pretok_fill(w, ends, cap, &n, &e), 0, "%s", e.text);
		out->n += n * sizeof(*ends);
	} while (n);
}

/* The pieces with a bar between them. */
static inline void cut_bars(
	struct pretok_walk *w, const struct pretok *p, struct slice text, struct buf *out)
{
	struct err e = { 0 };
	struct slice piece;
	int got;

	out->n = 0;
	pretok_begin(w, p, text);
	while ((got = pretok_next(w, &piece, &e)) > 0) {
		if (out->n)
			buf_byte(out, '|');
		buf_slice(out, piece);
	}
	cr_assert_eq(got, 0, "%s", e.text);
}

static inline uint32_t next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33);
}

/* What patterns tell apart. */
static const char *const pretok_atoms[] = { "'s", "'S", "'\u017F", "'t", "'ll", "'LL", "'lL", "'re",
	"'Ve", "'d", "'M", "'", "''", "'x", "\u2019s", " ", " ", " ", "  ", "\n", "\n", "\r\n",
	"\r", "\t", "\v", "\xC2\x85", "\u00A0", "\u1680", "\u180E", "\u2003", "\u2028", "\u200B",
	"\u200D", "\u3000", "1", "12", "345", "6789", "\u0663", "\u00B2", "\u216B", "\U0001D7D8",
	"a", "b", "s", "ll", "word", "Z", "AB", "Camel", "\u00E9", "\u00C9", "\u01C5", "\u02B0",
	"\u0131", "\u017F", "\u212A", "\u4E2D", "\u4E2D\u6587", "\u9FA5", "\u9FA6", "\u3042",
	"\u30A2", "\u30FC", "\u30FB", "\u3099", "\u309B", "\u3040", "\u3097", "\u3105",
	"\u0E01\u0E33", "\u0915\u093E", "\u0301", "\u0489", "\u20DD", "\uFE0F", "!", ".", "/", "//",
	"-", "_", "$", "\\", "{", "\u00AB", "\u201C", "\u3002", "\uFF0C", "\u20AC", "\U0001F600",
	"\U00020000", "\U000E0100", "\x01", "\x7F", "\u00AD", "\uFEFF", "\uE000", "\u0378",
	"\U0010FFFF" };

/* One of those that are allowed; NULL is all. */
static inline uint32_t random_point(const bool *allowed, uint64_t *state)
{
	static const uint32_t tops[] = { 0x80, 0x100, 0x800, 0x3100, 0x10000, 0x20000, 0x110000 };
	uint32_t c;

	do
		c = next_random(state) % tops[next_random(state) % ARRAY_LEN(tops)];
	while ((c >= 0xD800 && c < 0xE000) || (allowed && !allowed[c]));
	return c;
}

/* Text of up to most atoms; in one text of two ASCII outnumbers the rest. Well-formed where every
 * code point is allowed. */
static inline void random_text(
	struct buf *text, uint32_t most, const bool *allowed, uint64_t *state)
{
	uint32_t n = next_random(state) % most;
	bool ascii = next_random(state) % 2, ill_formed = allowed && next_random(state) % 4 == 0;

	text->n = 0;
	while (n--) {
		uint32_t kind = next_random(state) % 16;
		const char *atom = pretok_atoms[next_random(state) % ARRAY_LEN(pretok_atoms)];

		if (kind == 0)
			text->n += utf8_put(
				buf_reserve(text, UTF8_MAX_BYTES), random_point(allowed, state));
		else if (kind == 1)
			buf_byte(text, '\0');
		else if (kind == 2 && ill_formed)
			buf_str(text, next_random(state) % 2 ? "\xFF" : "\xE4\xB8");
		else if (!ascii || !(*atom & 0x80) || kind == 2)
			buf_str(text, atom);
	}
}

#endif
