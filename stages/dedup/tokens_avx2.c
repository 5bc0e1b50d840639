/* Finds tokens 64 bytes at a time, for processors with AVX2. */
#include "stages/dedup/tokens_scan.h"

#if defined(__x86_64__)

#include "stages/dedup/tokens_blocks.h"

#include <immintrin.h>

/* Bytes from first to last, both below 80. */
static inline __m256i in_range(__m256i v, char first, char last)
{
	__m256i above = _mm256_cmpgt_epi8(v, _mm256_set1_epi8((char)(first - 1)));

	return _mm256_andnot_si256(_mm256_cmpgt_epi8(v, _mm256_set1_epi8(last)), above);
}

static inline uint64_t mask(__m256i v)
{
	return (uint32_t)_mm256_movemask_epi8(v);
}

static inline struct block look_half(__m256i v, char *lowered)
{
	__m256i upper = _mm256_and_si256(in_range(v, 'A', 'Z'), _mm256_set1_epi8('a' - 'A'));
	__m256i low = _mm256_add_epi8(v, upper);
	__m256i line = _mm256_cmpeq_epi8(low, _mm256_set1_epi8('_'));
	__m256i word = _mm256_or_si256(in_range(low, 'a', 'z'), in_range(low, '0', '9'));
	/* As numbers with a sign, leads are -64 to -1. */
	__m256i leads = _mm256_and_si256(_mm256_cmpgt_epi8(v, _mm256_set1_epi8(-65)), v);

	_mm256_storeu_si256((void *)lowered, low);
	return (struct block){ mask(_mm256_or_si256(word, line)), mask(leads) };
}

static inline struct block block_look(const char *p, size_t left, char *lowered)
{
	struct block first, second;

	if (left < 64) {
		memcpy(lowered, p, left);
		memset(lowered + left, 0, 64 - left);
		p = lowered;
	}
	first = look_half(_mm256_loadu_si256((const void *)p), lowered);
	second = look_half(_mm256_loadu_si256((const void *)(p + 32)), lowered + 32);
	return (struct block){ first.word | second.word << 32, first.leads | second.leads << 32 };
}

/* Eight at once, so that what cannot be foreseen is asked once for eight. */
static inline size_t block_places(uint32_t *places, size_t base, uint64_t bits)
{
	size_t n = (size_t)__builtin_popcountll(bits);

	for (size_t i = 0; i < n; i += 8) {
		for (size_t k = 0; k < 8; k++) {
			places[i + k] = (uint32_t)(base + _tzcnt_u64(bits));
			bits = _blsr_u64(bits);
		}
	}
	return n;
}

BLOCK_SCANNER(tokens_scan_avx2)

#endif
