/* chars.h - code points of UTF-8 and the classes that rules of words and lines ask for.
 *
 * Text of a record is valid UTF-8; these functions are safe on any bytes: what is no UTF-8 reads
 * as U+FFFD. */
#ifndef CORPUS_CHARS_H
#define CORPUS_CHARS_H

#include "lib/core/base.h"

/* Classes of char_table.c, in the order of tools/gen-spacy-en.py. */
enum char_class {
	CHAR_SPACE = 1 << 0, /* Python's str.isspace */
	CHAR_LETTER = 1 << 1, /* general category L* */
	CHAR_PUNCTUATION = 1 << 2, /* general category P* */
	CHAR_SYMBOL = 1 << 3, /* datatrove's PUNCTUATION_SET */
	CHAR_TERMINAL = 1 << 4, /* datatrove's TERMINAL_PUNCTUATION */
	CHAR_SENTENCE_END = 1 << 5, /* spaCy's sentencizer */
	/* What spaCy's English tokenizer cuts, and beside what (spacy_en.c). */
	CHAR_PREFIX = 1 << 6,
	CHAR_SUFFIX = 1 << 7,
	CHAR_INFIX = 1 << 8,
	CHAR_BEFORE_STOP = 1 << 9,
	CHAR_CAPITAL = 1 << 10,
	CHAR_STOP_LEFT = 1 << 11,
	CHAR_STOP_RIGHT = 1 << 12,
	CHAR_ALPHA = 1 << 13,
	CHAR_ALPHA_DIGIT = 1 << 14,
	/* Its expression for URLs. */
	CHAR_TLD = 1 << 15,
	CHAR_LABEL = 1 << 16,
	CHAR_WORD = 1 << 17,
	CHAR_DIGIT = 1 << 18, /* general category Nd */
};

extern const uint32_t char_rows[]; /* the combinations of classes that occur */
extern const uint8_t char_block_of[]; /* of the code points N * 256 ... */
extern const uint8_t char_blocks[][256]; /* row of each code point of a block */

/* The classes of code point c, at most U+10FFFF. */
static inline uint32_t char_classes(uint32_t c)
{
	return char_rows[char_blocks[char_block_of[c >> 8]][c & 0xff]];
}

static inline bool char_continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* A multi-byte code point at p, before end; the number of its bytes. */
size_t char_decode_long(const char *p, const char *end, uint32_t *c);

/* The code point at p, before end; returns the number of its bytes, at least 1. */
static inline size_t char_decode(const char *p, const char *end, uint32_t *c)
{
	if ((unsigned char)*p < 0x80) {
		*c = (unsigned char)*p;
		return 1;
	}
	return char_decode_long(p, end, c);
}

/* The code point that ends before p, after begin; returns the number of its bytes, at least 1. */
size_t char_decode_back(const char *begin, const char *p, uint32_t *c);

/* Bytes of the white space (CHAR_SPACE) at p, one character, or 0. */
static inline size_t char_space(const char *p, const char *end)
{
	unsigned char b = (unsigned char)*p;
	uint32_t c;
	size_t n;

	if (b < 0x80)
		return b == ' ' || (b >= 9 && b <= 13) || (b >= 0x1c && b <= 0x1f);
	if (b != 0xc2 && (b < 0xe1 || b > 0xe3))
		return 0;
	n = char_decode_long(p, end, &c);
	return char_classes(c) & CHAR_SPACE ? n : 0;
}

/* Without the white space at both ends. */
struct slice char_strip(struct slice s);

#endif
