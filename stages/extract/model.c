/* The plain way through the trees, and the choice of the way. */
#include "stages/extract/model.h"

#include "lib/core/cpu.h"

void model_judge_plain(const struct model *m, const uint8_t *columns, uint8_t levels[MODEL_LANES])
{
	int32_t sums[MODEL_LANES] = { 0 };

	for (size_t tree = 0; tree < m->n_trees; tree++) {
		for (size_t lane = 0; lane < MODEL_LANES; lane++) {
			unsigned leaf = 0;

			for (unsigned k = 0; k < MODEL_DEPTH; k++) {
				const struct model_split *split = &m->splits[tree][k];
				uint8_t value = columns[split->feature * MODEL_LANES + lane];

				leaf |= (unsigned)(value > split->above) << k;
			}
			sums[lane] += m->leaves[tree][leaf];
		}
	}
	for (size_t lane = 0; lane < MODEL_LANES; lane++)
		levels[lane] = model_level(sums[lane]);
}

void model_judge(const struct model *m, const uint8_t *columns, uint8_t levels[MODEL_LANES])
{
#if defined(__x86_64__)
	if (cpu_has_avx512()) {
		model_judge_avx512(m, columns, levels);
		return;
	}
	if (cpu_has_avx2()) {
		model_judge_avx2(m, columns, levels);
		return;
	}
#endif
	model_judge_plain(m, columns, levels);
}
