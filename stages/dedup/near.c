/* corpus-dedup minhash: of near duplicates one stays. */
#include "stages/dedup/near.h"

#include "lib/stats.h"
#include "lib/core/mem.h"
#include "lib/store/disk.h"
#include "lib/stream/publish.h"
#include "stages/dedup/blobfile.h"
#include "stages/dedup/groups.h"
#include "stages/dedup/index.h"
#include "stages/dedup/pairs.h"
#include "stages/dedup/pairsort.h"
#include "stages/dedup/passes.h"
#include "stages/dedup/unite.h"
#include "stages/dedup/verify.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

struct near {
	struct near_passes passes; /* must be first: the stages' config */
	const struct dedup_near_config *cfg;
	struct run *run;
	char *temp_name;
	uint64_t older; /* documents of --against or --index, numbered before those of the run */
	struct index *index;
	struct index_new fresh; /* its new snapshot; bands and ids are sign's too */
	int ranks_fd;
	struct unite *unite;
	struct pairs *pairs;
	struct verify *verify;
	struct settle *settle;
	struct settle_facts facts;
	char options[96]; /* of the index */
	uint64_t disk; /* the most bytes of temporary files so far */
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

/* "keep=best:score ranks=0123456789abcdef": what beside the keys decides who stays. */
static void options_of(const struct near *n, char out[96])
{
	const struct sign *sign = &n->passes.sign;
	int length = snprintf(out, 96, "keep=%.60s", n->cfg->keep);

	if (sign->keep.kind != KEEP_FIRST)
		snprintf(out + length, 96 - (size_t)length, " ranks=%016" PRIx64,
			sign->ranks_digest);
}

static int open_index(struct near *n, struct err *e)
{
	struct band_facts facts = { 0 };
	struct sign *sign = &n->passes.sign;

	if (!n->cfg->index)
		return 0;
	near_parameters(n->cfg, facts.parameters);
	if (index_open(&n->index, n->cfg->index, facts.parameters, n->options, e) < 0 ||
		index_begin(n->index, (uint32_t)n->cfg->bands, share(n), n->run->common->tmpdir,
			&n->fresh, e) < 0)
		return -1;
	sign->bands = n->fresh.bands;
	sign->ids = n->fresh.ids;
	sign->fingerprint = XXH3_createState();
	XXH3_64bits_reset(sign->fingerprint);
	return 0;
}

static int open_bands(struct near *n, struct err *e)
{
	int fd;

	if (n->index)
		return 0;
	fd = temp(n, e);

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
	if (n->index || (!n->cfg->pairs && !n->cfg->against.n))
		return 0;
	n->passes.sign.ids = blobfile_new_temp(n->run->common->tmpdir, NEAR_ID_MAX, e);
	return n->passes.sign.ids ? 0 : -1;
}

static int open_verify(struct near *n, struct err *e)
{
	if (isnan(n->cfg->verify))
		return 0;
	return verify_new(&n->verify, n->cfg, share(n) / 2, n->run->common->tmpdir, e);
}

static int open_all(struct near *n, struct err *e)
{
	if (open_index(n, e) < 0 || open_bands(n, e) < 0 || open_ranks(n, e) < 0 ||
		open_ids(n, e) < 0)
		return -1;
	return open_verify(n, e);
}

/* --- between the passes ----------------------------------------------------------------------- */

/* Each with the first of its group. */
struct linker {
	struct near *n;
	uint64_t first;
	bool first_told; /* to pairs and verify: a group of an index alone is no news */
};

static int join(void *to, uint64_t a, uint64_t b, struct err *e)
{
	return unite_join(((struct near *)to)->unite, a, b, e);
}

static int tell_member(struct near *n, uint64_t document, bool fresh, struct err *e)
{
	if (n->pairs && pairs_member(n->pairs, document, fresh, e) < 0)
		return -1;
	return n->verify ? verify_member(n->verify, document, fresh, e) : 0;
}

/* Of the documents of an index only the first of a group counts, and only with new ones. */
static int link_member(void *to, uint64_t document, bool fresh, struct err *e)
{
	struct linker *l = to;
	struct near *n = l->n;

	if (fresh)
		l->first = document;
	if (!n->verify && !fresh && !(n->index && document < n->older) &&
		unite_join(n->unite, l->first, document, e) < 0)
		return -1;
	return tell_member(n, document, fresh, e);
}

static int walk(struct near *n, struct err *e)
{
	size_t old = n->index ? index_snapshots(n->index) : 0;
	struct groups_file *files = mem_zalloc(old + 1, sizeof(*files));
	struct linker linker = { .n = n };
	struct groups_options o = {
		.files = files,
		.n_files = old + 1,
		.bands = (uint32_t)n->cfg->bands,
		.to = n->cfg->bands * BAND_PARTS,
		.memory = share(n),
		.tmpdir = n->run->common->tmpdir,
	};
	int result;

	if (n->index)
		index_files(n->index, files);
	files[old] = (struct groups_file){ n->passes.sign.bands, n->index ? n->older : 0 };
	result = groups_walk(&o, link_member, &linker, e);
	n->disk = MAX(n->disk, o.spilled + bandfile_bytes(n->passes.sign.bands));
	free(files);
	return result;
}

/* Only pairs that hold are joined. */
static int join_verified(struct near *n, struct err *e)
{
	if (!n->verify)
		return 0;
	if (verify_begin(n->verify, e) < 0)
		return -1;
	if (n->cfg->against.n && verify_read(n->verify, n->run, &n->cfg->against, e) < 0)
		return -1;
	if (verify_read(n->verify, n->run, NULL, e) < 0)
		return -1;
	return verify_each(n->verify, join, n, e);
}

static int unite_groups(struct near *n, struct err *e)
{
	uint64_t documents = n->passes.sign.documents + (n->index ? n->older : 0);
	int result;

	n->unite =
		unite_new(&(struct unite_options){ documents, share(n), n->run->common->tmpdir });
	if (n->cfg->pairs)
		n->pairs = pairs_new(share(n) / 2, n->run->common->tmpdir, PAIRS_ALL);
	result = walk(n, e);
	bandfile_free(n->passes.sign.bands);
	n->passes.sign.bands = n->fresh.bands = NULL;
	return result < 0 || join_verified(n, e) < 0 ? -1 : unite_finish(n->unite, e);
}

static int next_rank(void *from, const char **rank, struct err *e)
{
	return runfile_next(from, rank, e);
}

/* The ranks are complete; *out is NULL where there are none. */
static int read_ranks(struct near *n, struct runfile_reader **out, struct err *e)
{
	struct runfile_writer *ranks = n->passes.sign.ranks;
	uint64_t end;

	n->passes.sign.ranks = NULL;
	if (!ranks)
		return 0;
	if (runfile_end(ranks, &end, e) < 0)
		return -1;
	return runfile_open(
		out, n->ranks_fd, 0, &near_rank_kind, n->temp_name, MIN(share(n), MIB), e);
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
	struct runfile_reader *ranks = NULL;
	int result;

	if (read_ranks(n, &ranks, e) < 0)
		return -1;
	o.rank = ranks ? next_rank : NULL;
	o.ranks = ranks;
	result = settle_new(&n->settle, &o, &n->facts, e);
	runfile_close(ranks);
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

/* What an index is to remember: for whom a document was put aside. */
static int put_link(struct near *n, const struct decision *d, struct err *e)
{
	char link[PAIR_BYTES];

	pair_put(link, d->document - n->older, d->stays);
	return runfile_put(n->fresh.links, link, 1, e);
}

/* An older document may have been put aside for another in its time. */
static int next_decision(void *from, struct decision *d, struct err *e)
{
	struct near *n = from;
	int got = settle_next(n->settle, d, e);

	if (got <= 0 || !n->index)
		return got;
	if (d->stays < n->older && index_kept(n->index, d->stays, &d->stays, e) < 0)
		return -1;
	return d->stays != d->document && put_link(n, d, e) < 0 ? -1 : got;
}

static int name_older(void *names, uint64_t document, struct buf *out, struct err *e)
{
	struct near *n = names;

	return n->index ? index_name(n->index, document, out, e)
			: blobfile_get(n->passes.sign.ids, document, out, e);
}

/* The new snapshot is complete but for its links, or turns out to be one that is there already. */
static int store_snapshot(struct near *n, struct err *e)
{
	struct sign *sign = &n->passes.sign;
	struct band_facts facts = { .documents = sign->documents };

	if (!n->index)
		return 0;
	near_parameters(n->cfg, facts.parameters);
	facts.input.lo = XXH3_64bits_digest(sign->fingerprint);
	facts.input.records = sign->documents;
	options_of(n, n->options);
	if (index_recognise(n->index, facts.input.lo, sign->documents, e) < 0)
		return -1;
	n->older = index_documents(n->index);
	if (n->older + sign->documents > DOCUMENT_MAX)
		return err_set(e, ERR_LIMIT, "--index %s: more documents than 2^40", n->cfg->index);
	return bandfile_store(sign->bands, &facts, -1, e);
}

static int between(void *config, struct err *e)
{
	struct near *n = config;
	struct sign *sign = &n->passes.sign;

	if (sign->ids && blobfile_seal(sign->ids, e) < 0)
		return -1;
	if (n->index ? store_snapshot(n, e) < 0 : bandfile_seal(sign->bands, e) < 0)
		return -1;
	n->disk = bandfile_bytes(sign->bands);
	if (unite_groups(n, e) < 0 || write_pairs(n, e) < 0 || settle_sets(n, e) < 0)
		return -1;
	n->passes.judge = (struct judge){
		.next = next_decision,
		.from = n,
		.first = n->older,
		.older = n->older,
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

	if (files->n == 0)
		return 0;
	n->passes.sign.ranks = NULL; /* who is older stays whatever the rank */
	result = passes_read_only(n->run, &near_sign_stage, n, files, &older, e);
	n->passes.sign.ranks = ranks;
	n->older = n->passes.sign.documents;
	stats_release(&older);
	return result;
}

static void tell(const struct near *n, struct buf *notes)
{
	const struct judge *j = &n->passes.judge;

	near_tell_signed(&n->passes.sign, notes);
	near_tell_clusters(&n->facts, n->cfg->max_cluster, n->verify != NULL, notes);
	if (n->verify && n->run->common->verbose)
		verify_tell(n->verify, notes);
	if (n->index && index_again(n->index))
		buf_printf(notes,
			"--index %s: these records are snapshot %" PRIu64
			" already: the output is the same again, and nothing was added\n",
			n->cfg->index, index_again(n->index));
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

/* When the output is there the snapshot may be, not before: what was dropped for a document of it
 * would else be lost with a run that was killed. */
static int commit(struct near *n, struct err *e)
{
	struct runfile_writer *links = n->fresh.links;
	uint64_t end;

	if (!n->index)
		return 0;
	n->fresh.links = NULL;
	return runfile_end(links, &end, e) < 0 ? -1 : index_commit(n->index, e);
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

	if (near_check(n->cfg, e) < 0 || near_check_pairs(n->cfg, n->run, e) < 0 ||
		near_check_index(n->cfg, n->run, e) < 0 ||
		keep_parse(&n->passes.sign.keep, n->cfg->keep, e) < 0)
		return -1;
	if (open_all(n, e) < 0 || read_against(n, e) < 0)
		return -1;
	return passes_run(&passes, n->run, n, e) < 0 ? -1 : commit(n, e);
}

static void release(struct near *n)
{
	runfile_drop(n->passes.sign.ranks);
	runfile_drop(n->fresh.links);
	bandfile_free(n->passes.sign.bands);
	blobfile_free(n->passes.sign.ids);
	XXH3_freeState(n->passes.sign.fingerprint);
	unite_free(n->unite);
	pairs_free(n->pairs);
	verify_free(n->verify);
	settle_free(n->settle);
	index_free(n->index);
	buf_release(&n->passes.judge.name_of);
	if (n->ranks_fd >= 0)
		close(n->ranks_fd);
	free(n->temp_name);
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
	release(&n);
	return result;
}

const struct stage dedup_minhash_stage = {
	.name = "dedup",
	.summary = "keep one of each cluster of near duplicates",
	.common = COMMON_OUTPUT | COMMON_THREADS | COMMON_ENCODE | COMMON_RECORDS | COMMON_STATS |
		COMMON_MEMORY | COMMON_WITH,
	.run = near_run,
};
