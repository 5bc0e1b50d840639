/* tokens_blocks.h - finds tokens 64 bytes at a time; a file that includes it says how a block is
 * looked at and defines one function by BLOCK_SCANNER.
 *
 * The lower-cased text is written beside the text at the same offsets. Of each block the bytes of
 * words are a mask; where it turns, a token begins or ends, and these places are written one after
 * the other, so that each two are a token. Their hashes follow in a loop of their own, whose length
 * is known. Code points beyond ASCII are looked up one by one. The few whose lower case is of
 * another length are noted, and the tokens that hold them hashed anew by the plain way. */
#include "stages/dedup/tokens_scan.h"

#include "lib/core/mem.h"
#include "lib/text/utf8.h"
#include "stages/dedup/token_hash.h"
#include "stages/dedup/token_table.h"

#include <assert.h>

struct block {
	uint64_t word; /* bytes of words, of ASCII */
	uint64_t leads; /* bytes from C0 on */
};

/* Looks at the left bytes at p, at most 64, and writes them to lowered, ASCII in lower case, and
 * zeros up to 64. */
static inline struct block block_look(const char *p, size_t left, char *lowered);

/* Writes base plus the number of each bit that is set to places, and maybe more, up to 64 in all;
 * returns how many are set. */
static inline size_t block_places(uint32_t *places, size_t base, uint64_t bits);

/* The code point that begins with the lead p[0], in UTF-8 that need not be valid: then it is
 * another. At most U+10FFFF. */
static inline uint32_t block_decode(const unsigned char *p, unsigned *n)
{
	uint32_t c;

	if (p[0] < 0xE0) {
		*n = 2;
		return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
	}
	if (p[0] < 0xF0) {
		*n = 3;
		return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	}
	*n = 4;
	c = (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
	return MIN(c, 0x10FFFFu);
}

/* The code point c of n bytes at p, the lowered copy of byte at of the text. Returns how many of
 * its bytes are of a word. */
static inline unsigned block_char(
	struct tokens *t, size_t at, unsigned char *p, uint32_t c, unsigned n)
{
	const struct token_row *row = token_row_of(c);

	switch (row->kind) {
	case TOKEN_OTHER: return 0;
	case TOKEN_SAME: break;
	case TOKEN_LOWER: utf8_put((char *)p, (uint32_t)((int32_t)c + row->delta)); break;
	case TOKEN_SIGMA: utf8_put((char *)p, tokens_lower_sigma(t->text, at)); break;
	default:
		tokens_note_odd(t, at);
		/* It ends its token, maybe right before another: see tokens_mend. */
		return c == CAPITAL_DOTTED_I ? 1 : n;
	}
	return n;
}

/* Adds what is beyond ASCII to the block of so many bytes; returns how many of them are known: a
 * code point that the end of a block cuts is not. */
static __attribute__((noinline)) unsigned block_chars(
	struct tokens *t, struct block *b, unsigned bytes)
{
	unsigned char *lowered = (unsigned char *)t->lowered.p + t->read;

	for (uint64_t leads = b->leads; leads; leads &= leads - 1) {
		unsigned at = (unsigned)__builtin_ctzll(leads), n = 3, word = 3;
		unsigned char lead = lowered[at];

		/* U+5000 to U+9FFF and U+B000 to U+CFFF are letters without case. */
		bool letter = lead >= 0xE5 && lead <= 0xEC && lead != 0xEA;
		uint32_t c = letter ? 0 : block_decode(lowered + at, &n);

		if (at + n > bytes) {
			if (bytes == 64)
				return at;
			continue; /* the text is cut there */
		}
		if (!letter)
			word = block_char(t, t->read + at, lowered + at, c, n);
		b->word |= ((UINT64_C(1) << word) - 1) << at;
	}
	return bytes;
}

/* Reads one block and writes the places where its mask of words turns. */
static inline __attribute__((always_inline)) size_t block_read(struct tokens *t, uint32_t *places)
{
	size_t left = t->text.n - t->read, n;
	unsigned bytes = left < 64 ? (unsigned)left : 64;
	struct block b = block_look(t->text.p + t->read, bytes, t->lowered.p + t->read);
	uint64_t turns;

	if (b.leads) {
		bytes = block_chars(t, &b, bytes);
		b.word &= bytes < 64 ? (UINT64_C(1) << bytes) - 1 : UINT64_MAX;
	}
	turns = b.word ^ (b.word << 1 | t->open);
	/* Behind the last byte of the block, the next one says. */
	turns &= bytes < 64 ? (UINT64_C(1) << bytes) - 1 : UINT64_MAX;
	n = block_places(places, t->read, turns);
	t->open = b.word >> (bytes - 1) & 1;
	t->read += bytes;
	return n;
}

/* The next 16 bytes of what was lower-cased can be read behind any token. */
static inline __attribute__((always_inline)) void block_hash(
	struct tokens *t, const uint32_t *places, size_t n)
{
	const char *lowered = t->lowered.p;
	struct token *to;

	if (n == 0)
		return;
	tokens_reserve(t, n);
	to = t->at + t->n;
	for (size_t i = 0; i < n; i++, places += 2, to++) {
		to->hash = token_hash_readable(lowered + places[0], places[1] - places[0]);
		to->from = places[0];
		to->to = places[1];
	}
	t->n += n;
}

/* clang-format off */
#define BLOCK_SCANNER(name) \
	void name(struct tokens *t, size_t end) \
	{ \
		size_t first = t->n, n = 0; \
\
		tokens_reserve_places(t, end - t->read); \
		if (t->open) \
			t->places[n++] = t->from; \
		while (t->read < end) \
			n += block_read(t, t->places + n); \
		if (t->read == t->text.n && t->open) { \
			t->places[n++] = (uint32_t)t->read; \
			t->open = false; \
		} \
		if (t->open) \
			t->from = t->places[n - 1]; \
		block_hash(t, t->places, n / 2); \
		if (t->n_odd) \
			tokens_mend(t, first); \
	}
/* clang-format on */
