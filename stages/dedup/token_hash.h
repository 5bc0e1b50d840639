/* token_hash.h - the hash of a token, where bytes behind it can be read.
 *
 * Up to 16 bytes, which most are: the token's two words, filled up with zeros, each with a key and
 * one with the length, are multiplied to 128 bits whose halves are put together. No branch depends
 * on the length, which cannot be foreseen: with XXH3 alone finding the tokens of prose and code
 * took 1.9 times as long. Longer: XXH3-64. The keys are the first digits of pi's fraction
 * (Schneier 1993, "Description of a new variable-length key, 64-bit block cipher (Blowfish)", P1 to
 * P6). */
#ifndef CORPUS_DEDUP_TOKEN_HASH_H
#define CORPUS_DEDUP_TOKEN_HASH_H

#include "lib/core/base.h"

#include <endian.h>
#if defined(__BMI2__)
#include <immintrin.h>
#endif
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { TOKEN_SHORT = 16 }; /* that many bytes from its first are read, whatever its length */

#define TOKEN_KEY_LOW UINT64_C(0x243F6A8885A308D3)
#define TOKEN_KEY_HIGH UINT64_C(0x13198A2E03707344)
#define TOKEN_KEY_LENGTH UINT64_C(0xA4093822299F31D0)

/* The low n bytes of the word; all from 8 on. */
static inline uint64_t token_low_bytes(uint64_t word, size_t n)
{
#if defined(__BMI2__)
	return _bzhi_u64(word, (unsigned)(8 * n)); /* as it is from 64 bits on */
#else
	return n >= 8 ? word : word & ((UINT64_C(1) << 8 * n) - 1);
#endif
}

static inline uint64_t token_word(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return le64toh(word);
}

__extension__ typedef unsigned __int128 token_product;

static inline uint64_t token_hash_short(const char *p, size_t n)
{
	uint64_t low = token_low_bytes(token_word(p), n);
	uint64_t high = token_low_bytes(token_word(p + 8), n > 8 ? n - 8 : 0);
	token_product x = (token_product)(low ^ TOKEN_KEY_LOW) *
		(high ^ TOKEN_KEY_HIGH ^ n * TOKEN_KEY_LENGTH);

	return (uint64_t)x ^ (uint64_t)(x >> 64);
}

static inline uint64_t token_hash_readable(const char *p, size_t n)
{
	return n <= TOKEN_SHORT ? token_hash_short(p, n) : XXH3_64bits(p, n);
}

#endif
