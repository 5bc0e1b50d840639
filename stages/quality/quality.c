/* corpus-quality: drops records that fail rule sets, or writes their statistics. */
#include "stages/quality/quality.h"

#include "lib/core/mem.h"
#include "stages/quality/report.h"
#include "stages/quality/sets.h"

#include <stdlib.h>

struct quality_worker {
	const struct quality_config *cfg;
	struct quality_sets *sets;
	struct text_stats *stats;
	struct report report;
};

/* The side file is there to hold statistics. */
static int quality_annotate_only(void *config, struct err *e)
{
	struct quality_config *cfg = config;

	(void)e;
	cfg->annotate = !cfg->explain;
	return 0;
}

static int quality_setup(void *config, struct err *e)
{
	struct quality_config *cfg = config;

	if (cfg->rules.n == 0)
		return err_set(
			e, ERR_USAGE, "no rule set: name one with --rules, such as --rules gopher");
	if (cfg->annotate && cfg->explain)
		return err_set(e, ERR_USAGE, "--annotate and --explain exclude each other");
	return quality_sets_load(&cfg->sets, &cfg->rules, e);
}

static void quality_worker_free(void *worker)
{
	struct quality_worker *self = worker;

	if (!self)
		return;
	text_stats_free(self->stats);
	report_release(&self->report);
	free(self);
}

static void *quality_worker_new(const void *config, struct err *e)
{
	const struct quality_config *cfg = config;
	struct quality_worker *self = mem_zalloc(1, sizeof(*self));

	self->cfg = cfg;
	self->sets = cfg->sets;
	if (text_stats_new(&self->stats, self->sets->splitters, self->sets->n_splitters, e) == 0)
		return self;
	quality_worker_free(self);
	return NULL;
}

/* The first rule that fails, in the order of the sets and their files. */
static enum verdict first_failure(struct quality_worker *self, struct reason *why)
{
	for (size_t s = 0; s < self->sets->n; s++) {
		const struct rule_set *set = &self->sets->at[s];

		for (size_t i = 0; i < set->n; i++) {
			struct rule *rule = &set->rules[i];
			struct finding f;

			if (!rule->has_min && !rule->has_max)
				continue;
			f = quality_try(self->stats, set, rule);
			if (f.fails)
				return drop(why, rule->name, f.value, f.limit);
		}
	}
	return KEEP;
}

static enum verdict apply_rules(
	struct quality_worker *self, struct record *r, struct emitter *to, struct reason *why)
{
	const struct quality_config *cfg = self->cfg;
	unsigned all = cfg->all_reasons ? REPORT_ALL_REASONS : 0;
	enum verdict v = KEEP;

	if (cfg->explain) {
		report_explain(&self->report, self->sets, self->stats, r, to);
		return SPLIT;
	}
	if (cfg->annotate)
		report_annotate(&self->report, self->sets, self->stats, REPORT_STATISTICS | all, r);
	else
		v = first_failure(self, why);
	if (v == DROP && all)
		report_annotate(&self->report, self->sets, self->stats, all, r);
	return v;
}

static enum verdict quality_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct quality_worker *self = worker;
	struct slice text;

	if (self->sets->n_rules == 0) /* nothing to decode the text for */
		return KEEP;
	text = record_text(r);
	if (text.n >= WORDS_MAX_TEXT) {
		err_set(e, ERR_LIMIT, "text of %zu bytes: rules read less than 1 GiB", text.n);
		return BAD;
	}
	quality_set_once(&self->sets->record_seen);
	if (text.n)
		quality_set_once(&self->sets->text_seen);
	text_stats_set(self->stats, text);
	return apply_rules(self, r, to, why);
}

static void quality_describe(const void *config, struct buf *json)
{
	const struct quality_config *cfg = config;

	quality_sets_describe(cfg->sets, json);
}

static int quality_finish(void *config, struct buf *notes, struct err *e)
{
	const struct quality_config *cfg = config;

	(void)e;
	quality_sets_notes(cfg->sets, notes);
	return 0;
}

static void quality_release(void *config)
{
	struct quality_config *cfg = config;

	quality_sets_free(cfg->sets);
	cfg->sets = NULL;
}

const struct stage quality_stage = {
	.name = "quality",
	.summary = "keep the records that pass quality rules",
	.annotate_only = quality_annotate_only,
	.setup = quality_setup,
	.worker_new = quality_worker_new,
	.worker_free = quality_worker_free,
	.record = quality_record,
	.describe = quality_describe,
	.finish = quality_finish,
	.release = quality_release,
};
