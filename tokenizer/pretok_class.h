/* pretok_class.h - what the patterns of pre-tokenisers ask of a code point.
 *
 * A class is the bits below, so that a bracket expression is one mask. The table is in
 * pretok_classes.c, in two stages: 128 classes a block, and a block for each 128 code points. */
#ifndef CORPUSTOK_PRETOK_CLASS_H
#define CORPUSTOK_PRETOK_CLASS_H

#include <stddef.h>
#include <stdint.h>

enum text_class {
	CLASS_LETTER = 1, /* \p{L} */
	CLASS_NUMBER = 2, /* \p{N} */
	CLASS_SPACE = 4, /* White_Space */
	CLASS_NEWLINE = 8, /* U+000A and U+000D, which are CLASS_SPACE too */
	CLASS_MARK = 16, /* \p{M} */
	CLASS_UPPER = 32, /* [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}] */
	CLASS_LOWER = 64, /* [\p{Ll}\p{Lm}\p{Lo}\p{M}] */
	CLASS_SIGN = 128, /* [\p{P}\p{S}] */
};

enum { CLASS_BLOCK = 128, N_CLASS_INDEX = 0x110000 / CLASS_BLOCK };

extern const uint8_t class_index[N_CLASS_INDEX];
extern const uint8_t class_blocks[][CLASS_BLOCK]; /* the first is ASCII */

static inline unsigned class_of(uint32_t c)
{
	return class_blocks[class_index[c / CLASS_BLOCK]][c % CLASS_BLOCK];
}

/* The code point at p of well-formed UTF-8, and its bytes. */
static inline uint32_t class_decode(const unsigned char *p, size_t *n)
{
	if (p[0] < 0x80) {
		*n = 1;
		return p[0];
	}
	if (p[0] < 0xE0) {
		*n = 2;
		return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
	}
	if (p[0] < 0xF0) {
		*n = 3;
		return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	}
	*n = 4;
	return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
}

/* The class of the code point at p of well-formed UTF-8, and its bytes. */
static inline unsigned class_at(const unsigned char *p, size_t *n)
{
	if (p[0] < 0x80) {
		*n = 1;
		return class_blocks[0][p[0]];
	}
	return class_of(class_decode(p, n));
}

#endif
