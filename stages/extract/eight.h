/* eight.h - questions to eight bytes at a time, in one word of 64 bits.
 *
 * A word is loaded by load_le64, so that its lowest byte is the first in memory. An answer has the
 * highest bit of each byte set of which it holds; eight_first tells which is the first. */
#ifndef CORPUS_EXTRACT_EIGHT_H
#define CORPUS_EXTRACT_EIGHT_H

#include "lib/core/base.h"

#define EIGHT(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The first n of at most 8 bytes, and zeros. */
static inline uint64_t eight_load(const char *p, size_t n)
{
	const unsigned char *b = (const unsigned char *)p;

	if (n >= 8)
		return load_le64(p);
	if (n >= 4)
		return load_le32(p) | (uint64_t)load_le32(p + n - 4) << (8 * (n - 4));
	if (n == 0)
		return 0;
	return b[0] | (uint64_t)b[n / 2] << (8 * (n / 2)) | (uint64_t)b[n - 1] << (8 * (n - 1));
}

/* Which byte is the first of an answer that is not 0. */
static inline size_t eight_first(uint64_t answer)
{
	return (size_t)__builtin_ctzll(answer) / 8;
}

/* Bytes that are at least low, which is 1 to 128; those of 128 and above are. */
static inline uint64_t eight_from(uint64_t x, uint8_t low)
{
	return (((x & EIGHT(0x7F)) + EIGHT(0x80U - low)) | x) & EIGHT(0x80);
}

static inline uint64_t eight_equal(uint64_t x, char c)
{
	return ~eight_from(x ^ EIGHT((unsigned char)c), 1) & EIGHT(0x80);
}

static inline uint64_t eight_digits(uint64_t x)
{
	return ~eight_from(x ^ EIGHT('0'), 10) & EIGHT(0x80);
}

/* ASCII letters of either case. */
static inline uint64_t eight_letters(uint64_t x)
{
	uint64_t small = x | EIGHT(0x20);

	return eight_from(small, 'a') & ~eight_from(small, 'z' + 1);
}

/* A set of letters of either case, by their last five bits; other bytes may seem to be in it. */
#define LETTER_INDEX(c) ((unsigned char)(c)&31)
#define LETTER_BIT(c) (UINT32_C(1) << LETTER_INDEX(c))

#endif
