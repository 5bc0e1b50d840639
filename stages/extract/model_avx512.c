/* The 32 leaves of a tree are one register, which is looked up for 32 blocks at once: a fifth of
 * the time of model_avx2.c in a profile of the development pages. */
#include "stages/extract/model.h"

#if defined(__x86_64__)

#include <immintrin.h>

/* The number of the leaf of each lane, in 16 bits. */
static __m512i leaves_of(const struct model_split *splits, const uint8_t *columns)
{
	__m256i leaf = _mm256_setzero_si256();

	for (unsigned k = 0; k < MODEL_DEPTH; k++) {
		const uint8_t *column = columns + (size_t)splits[k].feature * MODEL_LANES;
		__m256i values = _mm256_loadu_si256((const __m256i *)(const void *)column);
		__mmask32 above =
			_mm256_cmpgt_epu8_mask(values, _mm256_set1_epi8((char)splits[k].above));

		leaf = _mm256_or_si256(leaf, _mm256_maskz_set1_epi8(above, (char)(1 << k)));
	}
	return _mm512_cvtepu8_epi16(leaf);
}

void model_judge_avx512(const struct model *m, const uint8_t *columns, uint8_t levels[MODEL_LANES])
{
	__m512i low = _mm512_setzero_si512(), high = _mm512_setzero_si512();
	int32_t sums[MODEL_LANES];

	for (size_t tree = 0; tree < m->n_trees; tree++) {
		__m512i leaves = _mm512_loadu_si512(m->leaves[tree]);
		__m512i values =
			_mm512_permutexvar_epi16(leaves_of(m->splits[tree], columns), leaves);

		low = _mm512_add_epi32(low, _mm512_cvtepi16_epi32(_mm512_castsi512_si256(values)));
		high = _mm512_add_epi32(
			high, _mm512_cvtepi16_epi32(_mm512_extracti64x4_epi64(values, 1)));
	}
	_mm512_storeu_si512(sums, low);
	_mm512_storeu_si512(sums + 16, high);
	for (size_t lane = 0; lane < MODEL_LANES; lane++)
		levels[lane] = model_level(sums[lane]);
}

#endif
