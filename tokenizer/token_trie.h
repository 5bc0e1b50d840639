/* token_trie.h - the longest token that a text begins with, for matcher.c.
 *
 * A double array (Aoe 1989, "An efficient digital search algorithm by using a double-array
 * structure") whose children stand at base XOR byte, as in Yata's darts-clone: a step is one load of
 * 8 bytes. The first two bytes are one step, by a table of 65,536; so are the three of a character
 * of Chinese, Japanese, Korean or an Indic script. */
#ifndef CORPUSTOK_TOKEN_TRIE_H
#define CORPUSTOK_TOKEN_TRIE_H

#include "lib/core/base.h"

/* Bits 0 to 7 the byte that leads here, 8 whether the unit is in use, 9 to 32 the id of the token
 * that ends here and one (0: none), from 33 on the base; of base 0 there are no children. */
typedef uint64_t trie_unit;

struct token_trie {
	trie_unit *units;
	size_t n_units;
	uint32_t one[256]; /* the ids of the bytes */
	/* By the first two bytes, and by the lower bits of a character of three: the token is the
	 * longest that they begin with, and bits 0 to 7 are how many bytes it is short of them. */
	trie_unit *two, *three;
};

/* ids are n tokens in the order of their bytes (memcmp, then length), each different. Every byte
 * is one of them. */
void token_trie_make(
	struct token_trie *t, const struct slice *tokens, const uint32_t *ids, size_t n);
void token_trie_release(struct token_trie *t);

static inline uint32_t trie_token(trie_unit unit)
{
	return (uint32_t)(unit >> 9 & 0xFFFFFF);
}

/* Of a unit of two or three. */
static inline size_t trie_missing(trie_unit unit)
{
	return unit & 0xFF;
}

/* The index in three of the first bytes of the text; UINT32_MAX when they are no such character. */
static inline uint32_t trie_three(const unsigned char *p)
{
	if (p[0] >> 4 != 0xE || p[1] >> 6 != 2 || p[2] >> 6 != 2)
		return UINT32_MAX;
	return (p[0] & 0xFu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
}

/* The id of the longest token at the front of the text, which is not empty; *length is set to its
 * bytes. */
static inline uint32_t token_trie_longest(
	const struct token_trie *t, struct slice text, size_t *length)
{
	const unsigned char *p = (const unsigned char *)text.p, *end = p + text.n, *best_end;
	trie_unit unit;
	uint32_t best, at;

	if (text.n == 1) {
		*length = 1;
		return t->one[*p];
	}
	if (text.n >= 3 && (at = trie_three(p)) != UINT32_MAX) {
		unit = t->three[at];
		p += 3;
	} else {
		unit = t->two[(size_t)p[0] << 8 | p[1]];
		p += 2;
	}
	best = trie_token(unit);
	best_end = p - trie_missing(unit);
	while (p < end) {
		unit = t->units[unit >> 33 ^ *p];
		if ((unit & 0x1FF) != (*p | 0x100u))
			break;
		p++;
		if (trie_token(unit)) {
			best = trie_token(unit);
			best_end = p;
		}
	}
	*length = (size_t)(best_end - (const unsigned char *)text.p);
	return best - 1;
}

#endif
