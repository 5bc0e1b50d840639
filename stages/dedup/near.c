/* corpus-dedup minhash: of near duplicates one stays. */
#include "stages/dedup/near.h"

#include "lib/stats.h"
#include "lib/core/mem.h"
#include "lib/store/disk.h"
#include "lib/stream/publish.h"
#include "stages/dedup/groups.h"
#include "stages/dedup/idfile.h"
#include "stages/dedup/pairs.h"
#include "stages/dedup/passes.h"
#include "stages/dedup/unite.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

struct near {
	struct near_passes passes; /* must be first: the stages' config */
	const struct dedup_near_config *cfg;
	struct run *run;
	char *temp_name;
	uint64_t older; /* documents of --against, numbered before those of the run */
	int ranks_fd;
	struct unite *unite;
	struct pairs *pairs;
	struct settle *settle;
	struct settle_facts facts;
};

/* Memory is shared by what is held at a time: while signing, the buffers of band keys and ranks;
 * then a partition and its sort, the sets, and what sorts pairs; then the sets and two sorts. */
static size_t share(const struct near *n)
{
	return (size_t)n->run->common->memory / 4;
}

static int temp(const struct near *n, struct err *e)
{
	int fd = temp_open(n->run->common->tmpdir, e);

	return fd < 0 ? err_wrap(e, "--tmpdir") : fd;
}

/* --- opening ---------------------------------------------------------------------------------- */

static int open_bands(struct near *n, struct err *e)
{
	int fd = temp(n, e);

	if (fd < 0)
		return -1;
	n->passes.sign.bands = bandfile_new(fd, n->temp_name, (uint32_t)n->cfg->bands, share(n));
	return 0;
}

static int open_ranks(struct near *n, struct err *e)
{
	if (n->passes.sign.keep.kind == KEEP_FIRST)
		return 0;
	n->ranks_fd = temp(n, e);
	if (n->ranks_fd < 0)
		return -1;
	n->passes.sign.ranks =
		runfile_begin(n->ranks_fd, 0, &near_rank_kind, n->temp_name, MIN(share(n), MIB));
	return 0;
}

static int open_ids(struct near *n, struct err *e)
{
	int fd, ends;

	if (!n->cfg->pairs && !n->cfg->against.n)
		return 0;
	fd = temp(n, e);
	if (fd < 0)
		return -1;
	ends = temp(n, e);
	if (ends < 0) {
		close(fd);
		return -1;
	}
	n->passes.sign.ids = idfile_new_take(fd, ends, n->temp_name);
	return 0;
}

/* --- between the passes ----------------------------------------------------------------------- */

/* Each with the first of its group. */
struct linker {
	struct near *n;
	uint64_t first;
};

static int link_member(void *to, uint64_t document, bool fresh, struct err *e)
{
	struct linker *l = to;

	if (fresh)
		l->first = document;
	else if (unite_join(l->n->unite, l->first, document, e) < 0)
		return -1;
	return l->n->pairs ? pairs_member(l->n->pairs, document, fresh, e) : 0;
}

static int unite_groups(struct near *n, struct err *e)
{
	struct sign *sign = &n->passes.sign;
	struct linker linker = { .n = n };
	struct groups_file file = { sign->bands, 0 };
	struct groups_options o = {
		.files = &file,
		.n_files = 1,
		.bands = (uint32_t)n->cfg->bands,
		.to = n->cfg->bands * BAND_PARTS,
		.memory = share(n),
		.tmpdir = n->run->common->tmpdir,
	};

	n->unite = unite_new(
		&(struct unite_options){ sign->documents, share(n), n->run->common->tmpdir });
	if (n->cfg->pairs)
		n->pairs = pairs_new(share(n), n->run->common->tmpdir);
	if (bandfile_seal(sign->bands, e) < 0 || groups_walk(&o, link_member, &linker, e) < 0)
		return -1;
	bandfile_free(sign->bands);
	sign->bands = NULL;
	return unite_finish(n->unite, e);
}

static int settle_sets(struct near *n, struct err *e)
{
	struct settle_options o = {
		.unite = n->unite,
		.first = n->older,
		.max_cluster = n->cfg->max_cluster,
		.memory = share(n),
		.tmpdir = n->run->common->tmpdir,
	};
	struct runfile_writer *ranks = n->passes.sign.ranks;
	uint64_t end;
	int result;

	n->passes.sign.ranks = NULL;
	if (ranks &&
		(runfile_end(ranks, &end, e) < 0 ||
			runfile_open(&o.ranks, n->ranks_fd, 0, &near_rank_kind, n->temp_name,
				MIN(share(n), MIB), e) < 0))
		return -1;
	result = settle_new(&n->settle, &o, &n->facts, e);
	runfile_close(o.ranks);
	unite_free(n->unite);
	n->unite = NULL;
	return result;
}

static int write_pairs(struct near *n, struct err *e)
{
	struct pairs *pairs = n->pairs;
	int result;

	if (!pairs)
		return 0;
	result = pairs_write(pairs, n->run, n->cfg->pairs, n->passes.sign.ids, e);
	pairs_free(pairs);
	n->pairs = NULL;
	return result;
}

static int next_decision(void *from, struct decision *d, struct err *e)
{
	return settle_next(((struct near *)from)->settle, d, e);
}

static int name_older(void *names, uint64_t document, struct buf *out, struct err *e)
{
	return idfile_get(((struct near *)names)->passes.sign.ids, document, out, e);
}

static int between(void *config, struct err *e)
{
	struct near *n = config;

	if (n->passes.sign.ids && idfile_seal(n->passes.sign.ids, e) < 0)
		return -1;
	if (unite_groups(n, e) < 0 || write_pairs(n, e) < 0 || settle_sets(n, e) < 0)
		return -1;
	n->passes.judge = (struct judge){
		.next = next_decision,
		.from = n,
		.first = n->older,
		.annotate = n->cfg->annotate,
		.name = name_older,
		.names = n,
	};
	return near_judge_begin(&n->passes.judge, e);
}

/* --- the program ------------------------------------------------------------------------------ */

static int read_against(struct near *n, struct err *e)
{
	const struct opt_list *files = &n->cfg->against;
	struct runfile_writer *ranks = n->passes.sign.ranks;
	struct stats older = { 0 };
	int result;

	n->passes.sign.ranks = NULL; /* who is older stays whatever the rank */
	result = passes_read_only(n->run, &near_sign_stage, n, files, &older, e);
	n->passes.sign.ranks = ranks;
	n->older = n->passes.sign.documents;
	stats_release(&older);
	return result;
}

/* --pairs is a file beside the others. */
static int check_pairs(const struct near *n, struct err *e)
{
	const struct common *c = n->run->common;
	const char *path = n->cfg->pairs;

	if (!path)
		return 0;
	if (strcmp(path, "-") == 0)
		return err_set(e, ERR_USAGE, "--pairs takes the name of a file");
	for (size_t i = 0; i < n->run->n_files; i++) {
		if (publish_same_place(path, n->run->files[i]))
			return err_set(e, ERR_USAGE, "--pairs would overwrite the input %s", path);
	}
	if ((c->output && publish_same_place(path, c->output)) ||
		(c->rejects && publish_same_place(path, c->rejects)))
		return err_set(e, ERR_USAGE, "--pairs and another output name one file: %s", path);
	return 0;
}

static void tell(const struct near *n, struct buf *notes)
{
	const struct judge *j = &n->passes.judge;

	near_tell_signed(&n->passes.sign, notes);
	near_tell_clusters(&n->facts, n->cfg->max_cluster, false, notes);
	if (n->run->common->verbose)
		buf_printf(notes,
			"%" PRIu64 " clusters of %" PRIu64 " documents, the largest of %" PRIu64
			"\n",
			n->facts.clusters, n->facts.documents, n->facts.largest);
	if (!n->cfg->annotate && j->dropped == 0 && n->run->common->verbose)
		buf_printf(notes,
			"nothing was dropped: no two of %" PRIu64 " records share a band\n",
			n->passes.sign.signed_documents);
}

static int near_all(struct near *n, struct err *e)
{
	struct passes passes = {
		.program = &dedup_minhash_stage,
		.first = &near_sign_stage,
		.second = &near_judge_stage,
		.once = PASSES_TWICE,
		.between = between,
	};

	if (near_check(n->cfg, e) < 0 || check_pairs(n, e) < 0 ||
		keep_parse(&n->passes.sign.keep, n->cfg->keep, e) < 0)
		return -1;
	if (open_bands(n, e) < 0 || open_ranks(n, e) < 0 || open_ids(n, e) < 0 ||
		read_against(n, e) < 0)
		return -1;
	return passes_run(&passes, n->run, n, e);
}

static int near_run(struct run *run, void *config, struct err *e)
{
	struct near n = {
		.passes.sign.cfg = config,
		.cfg = config,
		.run = run,
		.temp_name = disk_temp_name(run->common->tmpdir),
		.ranks_fd = -1,
	};
	int result = near_all(&n, e);

	if (result == 0)
		tell(&n, run->notes);
	runfile_drop(n.passes.sign.ranks);
	bandfile_free(n.passes.sign.bands);
	idfile_free(n.passes.sign.ids);
	unite_free(n.unite);
	pairs_free(n.pairs);
	settle_free(n.settle);
	buf_release(&n.passes.judge.name_of);
	if (n.ranks_fd >= 0)
		close(n.ranks_fd);
	free(n.temp_name);
	return result;
}

const struct stage dedup_minhash_stage = {
	.name = "dedup",
	.summary = "keep one of each cluster of near duplicates",
	.common = COMMON_OUTPUT | COMMON_THREADS | COMMON_ENCODE | COMMON_RECORDS | COMMON_STATS |
		COMMON_MEMORY | COMMON_WITH,
	.run = near_run,
};
