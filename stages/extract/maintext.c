/* Judges the blocks of a page and takes the best set of them. */
#include "stages/extract/maintext.h"

#include "lib/core/mem.h"
#include "stages/extract/model.h"

#include <stdlib.h>

/* --- judge ------------------------------------------------------------------------------------ */

static void judge(struct maintext *m, const struct html_tree *t)
{
	uint8_t columns[FEATURES_MAX * MODEL_LANES] = { 0 };
	size_t n = m->blocks.n;

	if (m->levels_cap < n + MODEL_LANES) {
		m->levels_cap = (n + MODEL_LANES) * 2;
		m->levels = mem_resize(m->levels, m->levels_cap, 1);
	}
	features_begin(&m->features, &m->blocks, t);
	for (size_t at = 0; at < n; at += MODEL_LANES) {
		size_t lanes = MIN(n - at, MODEL_LANES);

		for (size_t k = 0; k < lanes; k++)
			features_row(
				&m->features, (uint32_t)(at + k), columns + k, MODEL_LANES, NULL);
		model_judge(&main_model, columns, m->levels + at);
	}
}

/* --- lists and tables ------------------------------------------------------------------------- */

/* What a list or table holds, by its node. */
struct group {
	double weight;
	double good; /* of that, what is expected to be main content */
};

/* What a block weighs in the choice: its bytes, and a few for being one. */
static uint32_t weight_of(const struct block *v)
{
	return v->bytes + 3;
}

/* The level whose share is nearest below. */
static uint8_t level_of_share(double share)
{
	unsigned low = 0, high = MODEL_LEVELS;

	while (high - low > 1) {
		unsigned middle = (low + high) / 2;

		if (main_model.share[middle] <= share * 65535)
			low = middle;
		else
			high = middle;
	}
	return (uint8_t)low;
}

/* Lists and tables are taken whole or not at all: each block gets the mean likelihood of its
 * group. (Cross-validated, that gains 0.003 of wcxb's F1, most of it in listings.) */
static void unite_groups(struct maintext *m, const struct html_tree *t)
{
	const struct blocks *b = &m->blocks;

	memset(m->groups, 0, t->n_nodes * sizeof(*m->groups));
	for (size_t i = 0; i < b->n; i++) {
		struct group *group = &m->groups[b->v[i].group];
		double weight = weight_of(&b->v[i]);

		group->weight += weight;
		group->good += weight * main_model.share[m->levels[i]] / 65535;
	}
	for (size_t i = 0; i < b->n; i++) {
		uint32_t node = b->v[i].group;
		const struct group *group = &m->groups[node];

		if (node)
			m->levels[i] = level_of_share(group->good / group->weight);
	}
}

/* --- choose ----------------------------------------------------------------------------------- */

/* How often precision and recall count in the product that the choice makes as large as it can: the
 * geometric mean of both. It gains 0.004 of wcxb's F1, cross-validated, over an F score: where no
 * set of blocks is sure, it rather takes the larger part. */
struct balance {
	unsigned precision, recall;
};

static struct balance balance_of(enum maintext_mode mode)
{
	switch (mode) {
	case MAINTEXT_PRECISION: return (struct balance){ 2, 1 };
	case MAINTEXT_RECALL: return (struct balance){ 1, 2 };
	default: return (struct balance){ 1, 1 };
	}
}

/* Below this expected mean there is no main content: navigation and notices alone. Of 1,037
 * development pages four fall below: two that scripts build, one whose gold text is empty, and a
 * front page. */
#define LEAST_SCORE 0.12

/* A page of a few words has no parts to be told apart: it is what it says. */
static bool is_tiny(const struct maintext *m)
{
	return m->blocks.n < 4 && m->blocks.bytes < 64;
}

static double product(double precision, double recall, struct balance balance)
{
	double out = 1;

	for (unsigned n = 0; n < balance.precision; n++)
		out *= precision;
	for (unsigned n = 0; n < balance.recall; n++)
		out *= recall;
	return out;
}

/* The lowest level taken, or MODEL_LEVELS for none. */
static unsigned find_bar(const struct maintext *m, struct balance balance)
{
	double weights[MODEL_LEVELS] = { 0 }, all = 0;
	double good = 0, taken = 0, best = product(LEAST_SCORE, LEAST_SCORE, balance);
	unsigned bar = MODEL_LEVELS;

	for (size_t i = 0; i < m->blocks.n; i++) {
		double weight = weight_of(&m->blocks.v[i]);

		weights[m->levels[i]] += weight;
		all += weight * main_model.share[m->levels[i]] / 65535;
	}
	for (unsigned level = MODEL_LEVELS; level-- > 0;) {
		double score;

		if (weights[level] == 0)
			continue;
		taken += weights[level];
		good += weights[level] * main_model.share[level] / 65535;
		score = product(good / taken, good / all, balance);
		if (score > best) {
			best = score;
			bar = level;
		}
	}
	return bar;
}

static bool is_code(const struct html_tree *t, const struct block *v)
{
	enum { INSIDE = 4 }; /* highlighters set each line in elements of its own */
	uint32_t k = v->element;

	for (int n = 0; k && n < INSIDE; k = t->nodes[k].parent, n++)
		if (t->nodes[k].tag == HTML_PRE)
			return true;
	return false;
}

/* Code goes with what stands before it, and the line that opens a part with what it opens, though
 * neither looks like prose. */
static void keep_together(struct maintext *m, const struct html_tree *t, unsigned bar)
{
	const struct blocks *b = &m->blocks;

	for (size_t i = 1; i < b->n; i++)
		if (m->levels[i] < bar && m->levels[i - 1] >= bar && is_code(t, &b->v[i]))
			m->levels[i] = (uint8_t)bar;
	for (size_t i = b->n; i-- > 1;)
		if (m->levels[i - 1] < bar && m->levels[i] >= bar &&
			t->nodes[b->v[i - 1].element].tag == HTML_SUMMARY)
			m->levels[i - 1] = (uint8_t)bar;
}

/* A comment of a reader: text in a part named so that holds most of it not in links. The part that
 * holds nearly all of the page is named after something else. */
static bool is_comment(const struct maintext *m, const struct html_tree *t, const struct block *v)
{
	const struct part *parts = m->blocks.parts;
	uint64_t cues = 0;

	if (v->link_bytes * 2 > v->bytes)
		return false;
	for (uint32_t k = v->element; k; k = t->nodes[k].parent) {
		if (parts[k].bytes > parts[0].bytes / 10 * 9)
			break;
		cues |= parts[k].cues;
	}
	return cues & CUE(COMMENT) && !(cues & (CUE(E_FORM) | CUE(E_HIDDEN) | CUE(FORM)));
}

uint64_t maintext_choose(
	struct maintext *m, const struct html_tree *t, enum maintext_mode mode, bool comments)
{
	uint64_t taken = 0;
	unsigned bar;

	if (m->cap < t->n_nodes) {
		m->cap = t->n_nodes * 2;
		m->in = mem_resize(m->in, m->cap, 1);
		m->groups = mem_resize(m->groups, m->cap, sizeof(*m->groups));
	}
	blocks_cut(&m->blocks, t);
	judge(m, t);
	unite_groups(m, t);
	bar = is_tiny(m) ? 0 : find_bar(m, balance_of(mode));
	keep_together(m, t, bar);
	memset(m->in, 0, t->n_nodes);
	for (size_t i = 0; i < m->blocks.n; i++) {
		const struct block *v = &m->blocks.v[i];

		if (m->levels[i] < bar && !(comments && is_comment(m, t, v)))
			continue;
		taken += v->bytes;
		memset(m->in + v->first, 1, v->last - v->first + 1);
	}
	return taken;
}

void maintext_release(struct maintext *m)
{
	blocks_release(&m->blocks);
	features_release(&m->features);
	free(m->levels);
	free(m->groups);
	free(m->in);
	*m = (struct maintext){ 0 };
}
