/* corpus-dedup filter: what stays of a shard, by what corpus-dedup cluster found. */
#include "lib/core/mem.h"
#include "lib/stats.h"
#include "stages/dedup/clusters.h"
#include "stages/dedup/near.h"

#include <inttypes.h>
#include <stdlib.h>

struct filter_task {
	struct near_passes passes; /* must be first: the stage's config */
	const struct dedup_filter_config *cfg;
	struct clusters *clusters;
	struct shard shard;
};

/* The records must be those that the keys were made of. */
static int check_input(const struct filter_task *t, const struct run *run, struct err *e)
{
	struct digest all = { 0 };
	char hex[33];

	for (size_t i = 0; i < run->stats->n_inputs; i++)
		digest_add(&all, &run->stats->inputs[i].digest);
	digest_hex(&all, hex);
	if (strcmp(hex, t->shard.digest) == 0)
		return 0;
	return err_set(e, ERR_DATA,
		"the records are not those of shard %s: content digest %s, but %s there",
		t->shard.name, hex, t->shard.digest);
}

/* A decision whose document never came is damage, and what follows it was not looked at: read to
 * the end, it shows in the digest. */
static int check_decisions(struct filter_task *t, struct err *e)
{
	struct judge *j = &t->passes.judge;
	uint64_t document = j->at.document;

	if (!j->more)
		return 0;
	while (j->more) {
		if (near_judge_begin(j, e) < 0)
			return -1;
	}
	return err_set(e, ERR_DATA, "%s: document %" PRIu64 " is none of shard %s, or out of order",
		t->cfg->clusters, document, t->shard.name);
}

static int filter_records(struct filter_task *t, struct run *run, struct err *e)
{
	struct output *out;

	if (near_judge_begin(&t->passes.judge, e) < 0 ||
		run_open(run, run->common->output, &out, e) < 0)
		return -1;
	if (run_stage(run, &near_judge_stage, t, out, e) < 0 || stats_check(run->stats, e) < 0 ||
		check_input(t, run, e) < 0 || check_decisions(t, e) < 0) {
		output_abort(out);
		return -1;
	}
	if (run->common->verbose && !t->cfg->annotate && t->passes.judge.dropped == 0)
		buf_printf(run->notes, "nothing was dropped of shard %s\n", t->shard.name);
	return run_close(run, &dedup_filter_stage, t->cfg, out, e);
}

static int filter_run(struct run *run, void *config, struct err *e)
{
	struct filter_task t = { .cfg = config };
	int result;

	if (!t.cfg->clusters || !t.cfg->shard)
		return err_set(e, ERR_USAGE, "--clusters and --shard must be given");
	result = run_check_kept(run, t.cfg->clusters, e);
	if (result == 0)
		result = run_check_kept(run, t.cfg->shard, e);
	if (result == 0)
		result = clusters_open(&t.clusters, t.cfg->clusters, t.cfg->shard, &t.shard, e);
	t.passes.judge = (struct judge){
		.next = clusters_next,
		.from = t.clusters,
		.first = t.shard.base,
		.annotate = t.cfg->annotate,
	};
	if (result == 0)
		result = filter_records(&t, run, e);
	clusters_free(t.clusters);
	free(t.shard.name);
	buf_release(&t.passes.judge.name_of);
	return result;
}

const struct stage dedup_filter_stage = {
	.name = "dedup",
	.summary = "keep one record of each cluster, of a shard",
	.common = COMMON_OUTPUT | COMMON_THREADS | COMMON_ENCODE | COMMON_RECORDS | COMMON_STATS |
		COMMON_WITH,
	.run = filter_run,
};
