/* corpus-mix: records of several sources into one shuffled corpus, by a recipe. */
#include "stages/mix/mix.h"

#include "lib/core/mem.h"
#include "lib/core/mkdirs.h"
#include "lib/record/json.h"
#include "lib/run.h"
#include "lib/stats.h"
#include "lib/stream/publish.h"
#include "stages/mix/folder.h"
#include "stages/mix/manifest.h"
#include "stages/mix/recipe.h"
#include "stages/mix/shards.h"
#include "stages/mix/shuffle.h"
#include "stages/mix/sources.h"
#include "stages/mix/spread.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

const char *const mix_layout_names[] = { "mixed", "source", NULL };

/* More files than this are a slip of the pen. */
enum { MAX_SHARDS = 1000000 };

/* A share that differs from the planned one by more than a hundredth of the whole is told. */
static const double told_difference = 0.01;

struct mix {
	const struct mix_config *cfg;
	struct run *run;
	struct recipe recipe;
	struct sources sources;
	enum mix_unit unit;
	double total; /* asked for; 0: the largest */
	uint64_t seed;
	struct plan plan;
	struct shard_list shards;
	struct output *rejects;
};

/* --- what is asked ---------------------------------------------------------------------------- */

static int leave_out(struct mix *m, struct err *e)
{
	const struct opt_list *names = &m->cfg->without;

	for (size_t i = 0; i < names->n; i++) {
		size_t at = recipe_find(&m->recipe, slice_str(names->at[i]));

		if (at == m->recipe.n)
			return err_set(e, ERR_USAGE, "--without %s: %s has no such source",
				names->at[i], m->recipe.path);
		recipe_remove(&m->recipe, at);
	}
	if (m->recipe.n == 0)
		return err_set(e, ERR_USAGE, "--without leaves no source");
	if (names->n)
		buf_printf(m->run->notes, "%zu of the recipe's sources left out\n", names->n);
	return 0;
}

static bool lies_in(const char *file, const char *folder)
{
	char *path = realpath(file, NULL), *place = realpath(folder, NULL);
	char *slash = path ? strrchr(path, '/') : NULL;
	bool inside;

	if (slash)
		*slash = '\0';
	inside = slash && place && strcmp(path, place) == 0;
	free(path);
	free(place);
	return inside;
}

/* The folder is cleared of shards of a run before: an input that lay there would go with them. */
static int check_inputs(const struct mix *m, const char *dir, struct err *e)
{
	for (size_t i = 0; i < m->sources.n_files; i++) {
		const char *file = m->sources.files[i];

		if (lies_in(file, dir))
			return err_set(e, ERR_USAGE, "the input %s lies in the output folder %s",
				file, dir);
		if (run_check_input(m->run, file, e) < 0)
			return -1;
	}
	for (size_t i = 0; i < m->sources.n; i++) {
		const struct opt_list *with = &m->sources.at[i].with;

		if (run_check_sides(with, e) < 0)
			return -1;
		for (size_t k = 0; k < with->n; k++)
			if (run_check_input(m->run, with->at[k], e) < 0)
				return -1;
	}
	return 0;
}

static int read_request(struct mix *m, struct err *e)
{
	const struct mix_config *cfg = m->cfg;
	const char *dir = m->run->common->output;

	if (!cfg->recipe)
		return err_set(e, ERR_USAGE, "--recipe FILE is needed");
	if (!dir || strcmp(dir, "-") == 0)
		return err_set(e, ERR_USAGE, "--output DIR is needed: a mix is a folder");
	if (recipe_load(&m->recipe, cfg->recipe, e) < 0 || leave_out(m, e) < 0)
		return -1;
	m->total = m->recipe.total;
	if (cfg->total && !recipe_number(cfg->total, &m->total))
		return err_set(e, ERR_USAGE, "--total: '%s' is no number such as 300e9 or 300G",
			cfg->total);
	m->seed = cfg->seed == UINT64_MAX ? m->recipe.seed : cfg->seed;
	if (sources_parse(&m->sources, &m->recipe, m->run->files, m->run->n_files, &cfg->with, e) <
		0)
		return -1;
	return check_inputs(m, dir, e) < 0 ? -1 : mkdirs(dir, e);
}

/* Pipes become temporary files. */
static int make_rereadable(struct mix *m, struct err *e)
{
	struct sources *s = &m->sources;
	struct run part = *m->run;

	part.files = s->files;
	part.n_files = s->n_files;
	if (run_spool(&part, e) < 0)
		return -1;
	for (size_t i = 0; i < s->n_files; i++) {
		if (part.files[i] == s->files[i])
			continue;
		free(s->files[i]);
		s->files[i] = part.files[i];
	}
	free(part.files);
	free(part.names);
	return 0;
}

/* --- the plan --------------------------------------------------------------------------------- */

static int plan(struct mix *m, struct err *e)
{
	int asked = m->cfg->unit >= 0 ? m->cfg->unit : m->recipe.unit;
	struct sources *s = &m->sources;
	double *sizes;
	int result;

	if (sources_unit(s, asked, m->total > 0, &m->unit, m->run->notes, e) < 0)
		return -1;
	sizes = mem_zalloc(s->n, sizeof(*sizes));
	for (size_t i = 0; i < s->n; i++)
		sizes[i] = tally_size(&s->at[i].in, m->unit);
	result = plan_make(&m->plan, &m->recipe, sizes, m->total, m->run->notes, e);
	free(sizes);
	for (size_t i = 0; i < s->n && result == 0; i++) {
		s->at[i].epochs = m->plan.epochs[i];
		s->at[i].share = m->plan.share[i];
		s->at[i].draw = draw_epochs(m->plan.epochs[i]);
	}
	return result;
}

/* --- writing ---------------------------------------------------------------------------------- */

static size_t shard_count(const struct mix *m, uint64_t bytes)
{
	uint64_t size = m->cfg->shard_size;

	if (m->cfg->shards != UINT64_MAX)
		return (size_t)m->cfg->shards;
	return (size_t)MIN(MAX((bytes + size - 1) / size, 1), MAX_SHARDS);
}

/* Spreads the sources from first up to end. */
static int spread(struct mix *m, size_t first, size_t end, struct shuffle **out, struct err *e)
{
	struct shuffle_options o = {
		.memory = (size_t)m->run->common->memory,
		.tmpdir = m->run->common->tmpdir,
		.pool = m->run->pool,
	};

	for (size_t i = first; i < end; i++)
		spread_expect(&m->sources.at[i], &o);
	if (shuffle_new(out, &o, e) < 0)
		return -1;
	for (size_t i = first; i < end; i++)
		if (spread_source(m->run, &m->sources, i, m->seed, *out, m->rejects, e) < 0)
			return -1;
	return shuffle_seal(*out, e);
}

/* One shuffle: sources first to end, into shards of one prefix. */
static int write_group(struct mix *m, size_t first, size_t end, const char *prefix, struct err *e)
{
	struct shuffle *lines = NULL;
	int result = spread(m, first, end, &lines, e);

	if (result == 0)
		result = shards_write(&m->shards, m->run, &mix_stage, m, m->run->common->output,
			prefix, shard_count(m, shuffle_bytes(lines)), lines, &m->sources, e);
	shuffle_free(lines);
	return result;
}

static int write_shards(struct mix *m, struct err *e)
{
	folder_open(m->run->common->output);
	if (m->cfg->layout == LAYOUT_MIXED)
		return write_group(m, 0, m->sources.n, "train", e);
	for (size_t i = 0; i < m->sources.n; i++)
		if (write_group(m, i, i + 1, m->sources.at[i].name, e) < 0)
			return -1;
	return 0;
}

/* The accounts must add up before the mix is declared whole by its manifest. */
static int check(struct mix *m, struct err *e)
{
	struct tally all = { 0 };

	for (size_t i = 0; i < m->sources.n; i++)
		tally_add(&all, &m->sources.at[i].out);
	if (all.digest.records != m->run->stats->kept)
		return err_set(e, ERR_INTERNAL,
			"%" PRIu64 " documents went into the shuffle and %" PRIu64 " came out",
			m->run->stats->kept, all.digest.records);
	m->run->stats->kept_bytes = all.digest.bytes;
	return stats_check(m->run->stats, e);
}

static int write_manifest(struct mix *m, struct err *e)
{
	struct manifest manifest = { &m->recipe, m->seed, m->unit, m->plan.total,
		mix_layout_names[m->cfg->layout], &m->sources, &m->shards };
	char *path = mem_printf("%s/manifest.json", m->run->common->output);
	struct buf json = { 0 };
	int result;

	manifest_put(&manifest, &json);
	result = publish_bytes(path, buf_view(&json), e);
	buf_release(&json);
	free(path);
	return result;
}

/* In a small corpus the choice by hash is far from what was planned: better said than found out. */
static void note_chance(const struct mix *m)
{
	struct tally all = { 0 };

	for (size_t i = 0; i < m->sources.n; i++)
		tally_add(&all, &m->sources.at[i].out);
	for (size_t i = 0; i < m->sources.n; i++) {
		const struct mix_source *s = &m->sources.at[i];
		double got = tally_size(&s->out, m->unit) / fmax(tally_size(&all, m->unit), 1);

		if (fabs(got - s->share) > told_difference)
			buf_printf(m->run->notes,
				"%s: %.2f %% of the mix, planned %.2f %%: the chance of the choice "
				"among %" PRIu64 " documents\n",
				s->name, 100 * got, 100 * s->share, s->in.digest.records);
	}
}

static int finish(struct mix *m, struct err *e)
{
	size_t removed;

	if (m->rejects) {
		struct output *rejects = m->rejects;

		m->rejects = NULL;
		if (run_close(m->run, &mix_stage, m, rejects, e) < 0)
			return -1;
	}
	if (check(m, e) < 0 ||
		folder_close(m->run->common->output, &m->shards, &m->sources, &removed, e) < 0)
		return -1;
	note_chance(m);
	if (removed)
		buf_printf(m->run->notes, "%zu shards of a run before removed\n", removed);
	return write_manifest(m, e);
}

static void note_ids(const struct mix *m)
{
	for (size_t i = 0; i < m->sources.n; i++)
		if (m->sources.at[i].without_id)
			buf_printf(m->run->notes,
				"%s: %" PRIu64 " documents have no id; their lines stand for it\n",
				m->sources.at[i].name, m->sources.at[i].without_id);
}

static int make_mix(struct mix *m, struct err *e)
{
	const char *rejects = m->run->common->rejects;

	if (read_request(m, e) < 0 || make_rereadable(m, e) < 0 ||
		sources_count(&m->sources, m->run, e) < 0 || plan(m, e) < 0)
		return -1;
	note_ids(m);
	if (rejects && run_open(m->run, rejects, &m->rejects, e) < 0)
		return -1;
	return write_shards(m, e) < 0 ? -1 : finish(m, e);
}

static int mix_run(struct run *run, void *config, struct err *e)
{
	struct mix m = { .cfg = config, .run = run };
	int result = make_mix(&m, e);

	output_abort(m.rejects);
	shard_list_release(&m.shards);
	plan_release(&m.plan);
	sources_release(&m.sources);
	recipe_release(&m.recipe);
	return result;
}

/* For the stamps: config is the mix here, because run_close is called with it. */
static void mix_describe(const void *config, struct buf *json)
{
	const struct mix *m = config;

	json_put_key(json, "recipe");
	json_put_string(json, slice_str(m->recipe.digest));
	json_put_key(json, "seed");
	json_put_uint(json, m->seed);
}

const struct stage mix_stage = {
	.name = "mix",
	.summary = "mix sources by a recipe into shuffled shards",
	.operands = "NAME=FILE ...",
	.common = COMMON_FOLDER | COMMON_THREADS | COMMON_ENCODE | COMMON_RECORDS | COMMON_STATS |
		COMMON_MEMORY,
	.describe = mix_describe,
	.run = mix_run,
};
