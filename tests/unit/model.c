/* The fast way through the trees against the plain one, and the shape of the table. */
#include "stages/extract/model.h"

#include "lib/core/cpu.h"
#include "stages/extract/features.h"
#include "tests/random.h"

#include <criterion/criterion.h>

#if defined(__x86_64__)
Test(model, gives_the_same_levels_on_every_processor)
{
	uint8_t columns[FEATURES_MAX * MODEL_LANES];
	uint64_t state = 1;

	if (!cpu_has_avx2())
		return;
	for (int round = 0; round < 200; round++) {
		uint8_t plain[MODEL_LANES], fast[MODEL_LANES];

		for (size_t i = 0; i < sizeof(columns); i++)
			columns[i] = (uint8_t)(random_next(&state) >>
				(round % 2 ? 0 : random_below(&state, 8)));
		model_judge_plain(&main_model, columns, plain);
		model_judge_avx2(&main_model, columns, fast);
		cr_assert_arr_eq(plain, fast, sizeof(plain), "round %d", round);
		if (!cpu_has_avx512())
			continue;
		model_judge_avx512(&main_model, columns, fast);
		cr_assert_arr_eq(plain, fast, sizeof(plain), "AVX-512, round %d", round);
	}
}
#endif

Test(model, asks_for_features_that_are_there)
{
	const struct model *m = &main_model;

	cr_assert(m->n_trees > 0);
	cr_assert(m->n_features <= FEATURES_MAX);
	for (size_t tree = 0; tree < m->n_trees; tree++)
		for (size_t k = 0; k < MODEL_DEPTH; k++)
			cr_expect(m->splits[tree][k].feature < m->n_features);
}

Test(model, is_surer_at_a_higher_level)
{
	for (size_t level = 1; level < MODEL_LEVELS; level++)
		cr_expect(main_model.share[level] > main_model.share[level - 1]);
	cr_expect_eq(model_level(0), MODEL_LEVELS / 2);
	cr_expect_eq(model_level(INT32_MIN / 2), 0);
	cr_expect_eq(model_level(INT32_MAX / 2), MODEL_LEVELS - 1);
}

/* The figures of a tree by hand: one question of feature 1, two leaves that differ. */
Test(model, adds_the_leaves_that_the_questions_lead_to)
{
	static const struct model_split splits[1][MODEL_DEPTH] = {
		{ { 1, 9 }, { 0, 255 }, { 0, 255 }, { 0, 255 }, { 0, 255 } },
	};
	static const int16_t leaves[1][MODEL_LEAVES] = { { -2560, 2560 } };
	const struct model m = { splits, leaves, NULL, 1, 2 };
	uint8_t columns[2 * MODEL_LANES] = { 0 }, levels[MODEL_LANES];

	columns[MODEL_LANES + 3] = 10;
	columns[MODEL_LANES + 4] = 9;
	model_judge(&m, columns, levels);
	cr_expect_eq(levels[3], 138);
	cr_expect_eq(levels[4], 118);
	cr_expect_eq(levels[0], 118);
}
