/* Finds tokens in blocks of 64 bytes, byte by byte of each: for any processor. */
#include "stages/dedup/tokens_blocks.h"

static inline bool is_ascii_word(unsigned char low)
{
	return (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9') || low == '_';
}

static inline struct block block_look(const char *p, size_t left, char *lowered)
{
	struct block b = { 0 };

	for (size_t i = 0; i < left; i++) {
		unsigned char c = (unsigned char)p[i];
		unsigned char low = (unsigned char)(c + (c >= 'A' && c <= 'Z' ? 'a' - 'A' : 0));

		b.word |= (uint64_t)is_ascii_word(low) << i;
		b.leads |= (uint64_t)(c >= 0xC0) << i;
		lowered[i] = (char)low;
	}
	memset(lowered + left, 0, 64 - left);
	return b;
}

static inline size_t block_places(uint32_t *places, size_t base, uint64_t bits)
{
	size_t n = 0;

	for (; bits; bits &= bits - 1)
		places[n++] = (uint32_t)(base + (unsigned)__builtin_ctzll(bits));
	return n;
}

BLOCK_SCANNER(tokens_scan_bytes)
