/* Finds tokens 64 bytes at a time, for processors with AVX-512 VBMI2. */
#include "stages/dedup/tokens_scan.h"

#if defined(__x86_64__)

#include "stages/dedup/tokens_blocks.h"

#include <immintrin.h>

static inline struct block block_look(const char *p, size_t left, char *lowered)
{
	/* By the low seven bits: not 0 for \w. */
	static const char words[128] = { ['0'] = 1,
		['1'] = 1,
		['2'] = 1,
		['3'] = 1,
		['4'] = 1,
		['5'] = 1,
		['6'] = 1,
		['7'] = 1,
		['8'] = 1,
		['9'] = 1,
		['_'] = 1,
		['a'] = 1,
		['b'] = 1,
		['c'] = 1,
		['d'] = 1,
		['e'] = 1,
		['f'] = 1,
		['g'] = 1,
		['h'] = 1,
		['i'] = 1,
		['j'] = 1,
		['k'] = 1,
		['l'] = 1,
		['m'] = 1,
		['n'] = 1,
		['o'] = 1,
		['p'] = 1,
		['q'] = 1,
		['r'] = 1,
		['s'] = 1,
		['t'] = 1,
		['u'] = 1,
		['v'] = 1,
		['w'] = 1,
		['x'] = 1,
		['y'] = 1,
		['z'] = 1 };
	uint64_t known = left < 64 ? (UINT64_C(1) << left) - 1 : UINT64_MAX;
	__m512i v = _mm512_maskz_loadu_epi8(known, p);
	__mmask64 upper = _mm512_cmple_epu8_mask(
		_mm512_sub_epi8(v, _mm512_set1_epi8('A')), _mm512_set1_epi8('Z' - 'A'));
	__m512i low = _mm512_mask_add_epi8(v, upper, v, _mm512_set1_epi8('a' - 'A'));
	__m512i word = _mm512_permutex2var_epi8(
		_mm512_loadu_si512(words), low, _mm512_loadu_si512(words + 64));

	_mm512_storeu_si512(lowered, low);
	return (struct block){
		.word = _mm512_test_epi8_mask(word, word) & ~_mm512_movepi8_mask(v),
		.leads = _mm512_cmpge_epu8_mask(v, _mm512_set1_epi8((char)0xC0)),
	};
}

static inline size_t block_places(uint32_t *places, size_t base, uint64_t bits)
{
	static const uint8_t numbers[64] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
		16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36,
		37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57,
		58, 59, 60, 61, 62, 63 };
	size_t n = (size_t)__builtin_popcountll(bits), i = 0;
	__m512i at = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(numbers));
	__m512i from = _mm512_set1_epi32((int)base);

	/* 32 at once: prose turns some twenty times a block. */
	do {
		__m512i first = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(at));
		__m512i second = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(at, 1));

		_mm512_storeu_si512(places + i, _mm512_add_epi32(from, first));
		_mm512_storeu_si512(places + i + 16, _mm512_add_epi32(from, second));
		at = _mm512_alignr_epi64(at, at, 4);
		i += 32;
	} while (i < n);
	return n;
}

BLOCK_SCANNER(tokens_scan_avx512)

#endif
