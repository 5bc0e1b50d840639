/* What the options of near duplicates mean, and which do not go together. */
#include "lib/core/mem.h"
#include "lib/stream/publish.h"
#include "stages/dedup/minhash.h"
#include "stages/dedup/near.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct minhash_config near_sign_config(const struct dedup_near_config *cfg)
{
	return (struct minhash_config){
		.shingle = (unsigned)cfg->shingle,
		.bands = (unsigned)cfg->bands,
		.rows = (unsigned)cfg->rows,
		.seed = cfg->seed,
		.compat = cfg->compat,
	};
}

int near_check(const struct dedup_near_config *cfg, struct err *e)
{
	struct minhash_config config = near_sign_config(cfg);
	struct keep keep;
	struct minhash *m;

	if (cfg->bands > BAND_MAX)
		return err_set(
			e, ERR_USAGE, "--bands %" PRIu64 ": more than %d", cfg->bands, BAND_MAX);
	if (keep_parse(&keep, cfg->keep, e) < 0)
		return -1;
	m = minhash_new(&config, e);
	minhash_free(m);
	return m ? 0 : -1;
}

void near_parameters(const struct dedup_near_config *cfg, char out[128])
{
	snprintf(out, 128,
		"field=%.40s shingle=%" PRIu64 " bands=%" PRIu64 " rows=%" PRIu64 " seed=%" PRIu64
		" compat=%s",
		cfg->field, cfg->shingle, cfg->bands, cfg->rows, cfg->seed,
		minhash_compat_names[cfg->compat]);
}

/* The files of an index come after the output, and would take its place. */
static int check_folder(const char *index, const struct common *c, struct err *e)
{
	const char *outputs[] = { c->output, c->rejects, c->stats, c->metrics };

	for (size_t i = 0; i < ARRAY_LEN(outputs); i++) {
		const char *slash = outputs[i] ? strrchr(outputs[i], '/') : NULL;
		const char *name = slash ? slash + 1 : outputs[i];
		char *there;
		bool within;

		if (!name || strcmp(outputs[i], "-") == 0)
			continue;
		there = mem_printf("%s/%s", index, name);
		within = publish_same_place(there, outputs[i]);
		free(there);
		if (within)
			return err_set(
				e, ERR_USAGE, "%s lies in the folder of --index", outputs[i]);
	}
	return 0;
}

/* An index holds keys and ids, no texts, and remembers what was dropped. */
int near_check_index(const struct dedup_near_config *cfg, const struct run *run, struct err *e)
{
	if (!cfg->index)
		return 0;
	if (!isnan(cfg->verify))
		return err_set(e, ERR_USAGE,
			"--index and --verify exclude each other: an index holds no texts");
	if (cfg->annotate)
		return err_set(e, ERR_USAGE,
			"--index and --annotate exclude each other: an index tells what was "
			"dropped");
	if (cfg->pairs)
		return err_set(e, ERR_USAGE, "--index and --pairs exclude each other");
	if (cfg->against.n)
		return err_set(e, ERR_USAGE,
			"--index and --against exclude each other: take one run for each");
	return check_folder(cfg->index, run->common, e);
}

/* --pairs is a file beside the others. */
int near_check_pairs(const struct dedup_near_config *cfg, const struct run *run, struct err *e)
{
	const struct common *c = run->common;
	const char *others[] = { c->output, c->rejects, c->stats, c->metrics };
	const char *path = cfg->pairs;

	if (!path)
		return 0;
	if (strcmp(path, "-") == 0)
		return err_set(e, ERR_USAGE, "--pairs takes the name of a file");
	for (size_t i = 0; i < run->n_files; i++) {
		if (publish_same_place(path, run->files[i]))
			return err_set(e, ERR_USAGE, "--pairs would overwrite the input %s", path);
	}
	for (size_t i = 0; i < cfg->against.n; i++) {
		if (publish_same_place(path, cfg->against.at[i]))
			return err_set(e, ERR_USAGE, "--pairs would overwrite the input %s", path);
	}
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		if (others[i] && publish_same_place(path, others[i]))
			return err_set(
				e, ERR_USAGE, "--pairs and another output name one file: %s", path);
	}
	return 0;
}
