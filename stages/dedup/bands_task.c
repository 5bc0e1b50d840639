/* corpus-dedup bands: the band keys of a shard, for corpus-dedup cluster. */
#include "lib/core/mem.h"
#include "lib/driver/driver.h"
#include "lib/store/disk.h"
#include "lib/stream/publish.h"
#include "stages/dedup/near.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct bands_task {
	struct near_passes passes; /* must be first: the stage's config */
	const struct dedup_near_config *cfg;
	struct run *run;
	struct publish *file;
	char *temp_name;
	int ranks_fd;
};

static size_t share(const struct bands_task *t)
{
	return (size_t)t->run->common->memory / 2;
}

/* The published file keeps its descriptor; who writes keys has another. */
static int open_file(struct bands_task *t, struct err *e)
{
	const char *path = t->run->common->output;
	int fd;

	if (!path || strcmp(path, "-") == 0)
		return err_set(e, ERR_USAGE, "--output must name a file for the keys");
	if (publish_open(&t->file, path, e) < 0)
		return -1;
	fd = fcntl(publish_fd(t->file), F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
	t->passes.sign.bands = bandfile_new(fd, path, (uint32_t)t->cfg->bands, share(t));
	return 0;
}

static int open_ranks(struct bands_task *t, struct err *e)
{
	if (t->passes.sign.keep.kind == KEEP_FIRST)
		return 0;
	t->ranks_fd = temp_open(t->run->common->tmpdir, e);
	if (t->ranks_fd < 0)
		return err_wrap(e, "--tmpdir");
	t->passes.sign.ranks = runfile_begin(t->ranks_fd, 0, &near_rank_kind, t->temp_name, MIB);
	return 0;
}

/* Counted as any run: what was read and what of it was bad. */
static int sign_all(struct bands_task *t, struct err *e)
{
	struct run *run = t->run;
	struct driver_run d = {
		.stage = &near_sign_stage,
		.config = t,
		.common = run->common,
		.files = run->files,
		.n_files = run->n_files,
		.names = run->names,
		.pool = run->pool,
		.stats = run->stats,
		.notes = run->notes,
	};

	return driver_run(&d, e) < 0 ? -1 : stats_check(run->stats, e);
}

static int store(struct bands_task *t, struct err *e)
{
	struct band_facts facts = { .documents = t->passes.sign.documents };
	struct runfile_writer *ranks = t->passes.sign.ranks;
	struct publish *file = t->file;
	uint64_t end;

	near_parameters(t->cfg, facts.parameters);
	snprintf(facts.keep, sizeof(facts.keep), "%s", t->cfg->keep);
	for (size_t i = 0; i < t->run->stats->n_inputs; i++)
		digest_add(&facts.input, &t->run->stats->inputs[i].digest);
	t->passes.sign.ranks = NULL;
	if (ranks && runfile_end(ranks, &end, e) < 0)
		return -1;
	if (bandfile_store(t->passes.sign.bands, &facts, t->ranks_fd, e) < 0)
		return -1;
	t->file = NULL;
	return publish_commit(file, e);
}

static int bands_all(struct bands_task *t, struct err *e)
{
	if (t->run->common->rejects)
		return err_set(e, ERR_USAGE, "--rejects: bands drops nothing");
	if (strlen(t->cfg->keep) >= sizeof(((struct band_facts *)NULL)->keep))
		return err_set(e, ERR_USAGE, "--keep %s: too long", t->cfg->keep);
	if (near_check(t->cfg, e) < 0 || keep_parse(&t->passes.sign.keep, t->cfg->keep, e) < 0)
		return -1;
	if (open_file(t, e) < 0 || open_ranks(t, e) < 0 || sign_all(t, e) < 0)
		return -1;
	near_tell_signed(&t->passes.sign, t->run->notes);
	return store(t, e);
}

static int bands_run(struct run *run, void *config, struct err *e)
{
	struct bands_task t = {
		.passes.sign.cfg = config,
		.cfg = config,
		.run = run,
		.temp_name = disk_temp_name(run->common->tmpdir),
		.ranks_fd = -1,
	};
	int result = bands_all(&t, e);

	runfile_drop(t.passes.sign.ranks);
	bandfile_free(t.passes.sign.bands);
	publish_abort(t.file);
	if (t.ranks_fd >= 0)
		close(t.ranks_fd);
	free(t.temp_name);
	return result;
}

const struct stage dedup_bands_stage = {
	.name = "dedup",
	.summary = "write the band keys of a shard",
	.common = COMMON_OUTPUT | COMMON_THREADS | COMMON_RECORDS | COMMON_STATS | COMMON_MEMORY |
		COMMON_WITH,
	.run = bands_run,
};
