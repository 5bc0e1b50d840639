/* model.h - the learnt part of main-content extraction: how likely a block is main content.
 *
 * Gradient-boosted oblivious trees (Prokhorenkova et al. 2018, "CatBoost: unbiased boosting with
 * categorical features"): at each level of a tree all nodes ask the same question, so that a tree
 * is MODEL_DEPTH comparisons that make the number of a leaf, for 32 blocks at once. The numbers
 * are in model_table.c, which tools/train_maintext.py writes. */
#ifndef CORPUS_EXTRACT_MODEL_H
#define CORPUS_EXTRACT_MODEL_H

#include <stddef.h>
#include <stdint.h>

enum {
	MODEL_DEPTH = 5,
	MODEL_LEAVES = 1 << MODEL_DEPTH,
	MODEL_LANES = 32, /* blocks judged at once */
	MODEL_STEP = 256, /* a level of likelihood in the sum of leaves */
	MODEL_LEVELS = 256,
};

struct model_split {
	uint16_t feature;
	uint8_t above; /* the bit is set when the feature's value is greater */
};

/* The leaves' values are log-odds of 1/4096; a level of likelihood is 1/16 of them. */
struct model {
	const struct model_split (*splits)[MODEL_DEPTH]; /* by tree */
	const int16_t (*leaves)[MODEL_LEAVES]; /* by tree */
	const uint16_t *share; /* by level: the probability, of 65535 */
	size_t n_trees;
	size_t n_features;
};

extern const struct model main_model;

/* Judges up to MODEL_LANES blocks: columns holds MODEL_LANES values a feature, n_features after one
 * another; levels gets for each lane 0 (surely not) to 255 (surely). Safe from several threads. */
void model_judge(const struct model *m, const uint8_t *columns, uint8_t levels[MODEL_LANES]);

/* The reference that model_judge is tested against. */
void model_judge_plain(const struct model *m, const uint8_t *columns, uint8_t levels[MODEL_LANES]);
void model_judge_avx2(const struct model *m, const uint8_t *columns, uint8_t levels[MODEL_LANES]);
void model_judge_avx512(const struct model *m, const uint8_t *columns, uint8_t levels[MODEL_LANES]);

/* The level of a sum of leaves. */
static inline uint8_t model_level(int32_t sum)
{
	int32_t level = (sum + MODEL_STEP * MODEL_LEVELS / 2) / MODEL_STEP;

	return (uint8_t)(level < 0 ? 0 : level > MODEL_LEVELS - 1 ? MODEL_LEVELS - 1 : level);
}

#endif
