/* token_trie.h - the longest token that a text begins with, for matcher.c.
 *
 * A double array (Aoe 1989, "An efficient digital search algorithm by using a double-array
 * structure") whose children stand at base XOR byte, as in Yata's darts-clone: a step is one load
 * of 4 bytes. The first two bytes are one step, by a table of 65,536; so are the three of a
 * character of Chinese, Japanese, Korean or an Indic script. */
#ifndef CORPUSTOK_TOKEN_TRIE_H
#define CORPUSTOK_TOKEN_TRIE_H

#include "lib/core/base.h"

/* Bits 0 to 7 the byte that leads here, 8 whether the unit is in use, 9 whether a token ends here,
 * from 10 on the base; of base 0 there are no children. */
typedef uint32_t trie_unit;

/* What two bytes can be, and the lower bits of three that are a character. */
enum { TRIE_STARTS = 65536 };

enum { TRIE_USED = 0x100, TRIE_TOKEN = 0x200, TRIE_BASE = 10 };

/* Where the first bytes of a text lead. */
struct trie_start {
	uint32_t base;
	uint32_t id; /* of the longest token that they begin with */
	uint32_t length; /* of it in bytes */
};

struct token_trie {
	trie_unit *units;
	uint32_t *ids; /* of the token that ends at a unit */
	size_t n_units;
	uint32_t one[256]; /* the ids of the bytes */
	struct trie_start *two; /* by the first two bytes */
	struct trie_start *three; /* by the lower bits of a character of three bytes */
};

/* ids are n tokens in the order of their bytes (memcmp, then length), each different, bytes
 * among them. False when they need more than 4 million units. */
bool token_trie_make(
	struct token_trie *t, const struct slice *tokens, const uint32_t *ids, size_t n);
void token_trie_release(struct token_trie *t);

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
	const unsigned char *p = (const unsigned char *)text.p, *end = p + text.n;
	const struct trie_start *start;
	size_t best = 0;
	uint32_t base, at;

	if (text.n == 1) {
		*length = 1;
		return t->one[*p];
	}
	if (text.n >= 3 && (at = trie_three(p)) != UINT32_MAX) {
		start = &t->three[at];
		p += 3;
	} else {
		start = &t->two[(size_t)p[0] << 8 | p[1]];
		p += 2;
	}
	*length = start->length;
	for (base = start->base; p < end; base = t->units[at] >> TRIE_BASE) {
		at = base ^ *p;
		if ((t->units[at] & (TRIE_USED | 0xFF)) != (TRIE_USED | *p))
			break;
		p++;
		if (t->units[at] & TRIE_TOKEN) {
			best = at;
			*length = (size_t)(p - (const unsigned char *)text.p);
		}
	}
	return best ? t->ids[best] : start->id;
}

#endif
