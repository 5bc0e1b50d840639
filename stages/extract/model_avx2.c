/* 32 blocks a comparison. */
#include "stages/extract/model.h"

#if defined(__x86_64__)

#include <immintrin.h>

/* The lane numbers of the leaves of one tree. */
static __m256i leaves_of(const struct model_split *splits, const uint8_t *columns)
{
	__m256i leaf = _mm256_setzero_si256();

	for (unsigned k = 0; k < MODEL_DEPTH; k++) {
		const uint8_t *column = columns + (size_t)splits[k].feature * MODEL_LANES;
		__m256i values = _mm256_loadu_si256((const __m256i *)(const void *)column);
		__m256i above = _mm256_set1_epi8((char)splits[k].above);
		/* Zero where values <= above: no unsigned comparison is there. */
		__m256i at_most =
			_mm256_cmpeq_epi8(_mm256_subs_epu8(values, above), _mm256_setzero_si256());

		leaf = _mm256_or_si256(
			leaf, _mm256_andnot_si256(at_most, _mm256_set1_epi8((char)(1 << k))));
	}
	return leaf;
}

void model_judge_avx2(const struct model *m, const uint8_t *columns, uint8_t levels[MODEL_LANES])
{
	int32_t sums[MODEL_LANES] = { 0 };

	for (size_t tree = 0; tree < m->n_trees; tree++) {
		uint8_t leaf[MODEL_LANES];

		_mm256_storeu_si256((__m256i *)(void *)leaf, leaves_of(m->splits[tree], columns));
		for (size_t lane = 0; lane < MODEL_LANES; lane++)
			sums[lane] += m->leaves[tree][leaf[lane]];
	}
	for (size_t lane = 0; lane < MODEL_LANES; lane++)
		levels[lane] = model_level(sums[lane]);
}
#endif
