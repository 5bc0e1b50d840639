/* corpus-dedup cluster: from the band keys of all shards to what stays of each. */
#include "lib/core/mem.h"
#include "lib/store/disk.h"
#include "lib/stream/publish.h"
#include "stages/dedup/clusters.h"
#include "stages/dedup/edges.h"
#include "stages/dedup/groups.h"
#include "stages/dedup/near.h"
#include "stages/dedup/unite.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

struct cluster_task {
	const struct dedup_cluster_config *cfg;
	struct run *run;
	struct groups_file *files; /* of all shards */
	struct shard_table shards;
	struct band_facts facts; /* of the first shard: the others must agree */
	uint64_t documents;
	unsigned part, parts; /* of --part; parts 0: not given */
	struct unite *unite;
	struct edges *edges; /* of --part */
	uint64_t first; /* of the group at hand */
	/* reading ranks */
	size_t rank_shard;
	int rank_fd;
	struct runfile_reader *ranks;
	struct settle_facts settled;
};

static size_t share(const struct cluster_task *t)
{
	return (size_t)t->run->common->memory / 4;
}

/* --- shards ----------------------------------------------------------------------------------- */

static int check_alike(
	const struct cluster_task *t, const struct band_facts *f, const char *path, struct err *e)
{
	const struct band_facts *first = &t->facts;

	if (strcmp(f->parameters, first->parameters) != 0)
		return err_set(e, ERR_USAGE, "%s: made with %s, but %s with %s", path,
			f->parameters, t->shards.at[0].name, first->parameters);
	if (strcmp(f->keep, first->keep) != 0)
		return err_set(e, ERR_USAGE, "%s: made with --keep %s, but %s with --keep %s", path,
			f->keep, t->shards.at[0].name, first->keep);
	return 0;
}

static int add_shard(struct cluster_task *t, const char *path, struct err *e)
{
	struct shard_table *s = &t->shards;
	struct bandfile **file = &t->files[s->n].file;
	struct band_facts facts;

	for (size_t i = 0; i < s->n; i++) {
		if (strcmp(s->at[i].name, path) == 0)
			return err_set(e, ERR_USAGE, "%s is given twice", path);
	}
	if (bandfile_open(file, path, &facts, e) < 0)
		return -1;
	t->files[s->n].base = t->documents;
	mem_grow(&s->at, s->n, &s->cap, sizeof(*s->at));
	s->at[s->n] = (struct shard){
		.name = mem_strdup(path), .base = t->documents, .documents = facts.documents
	};
	digest_hex(&facts.input, s->at[s->n++].digest);
	t->documents += facts.documents;
	if (s->n == 1)
		t->facts = facts;
	if (t->documents > DOCUMENT_MAX)
		return err_set(e, ERR_LIMIT, "more documents than 2^40");
	return check_alike(t, &facts, path, e);
}

static int open_shards(struct cluster_task *t, struct err *e)
{
	if (t->run->n_files == 0)
		return err_set(e, ERR_USAGE, "no file of band keys is given");
	t->files = mem_zalloc(t->run->n_files, sizeof(*t->files));
	for (size_t i = 0; i < t->run->n_files; i++) {
		if (add_shard(t, t->run->files[i], e) < 0)
			return -1;
	}
	return 0;
}

/* What edges of parts must have been made of. */
static uint64_t identity(const struct cluster_task *t)
{
	struct buf text = { 0 };
	uint64_t digest;

	shard_table_write(&t->shards, &text);
	buf_str(&text, t->facts.parameters);
	digest = XXH3_64bits(text.p, text.n);
	buf_release(&text);
	return digest;
}

/* --- joining ---------------------------------------------------------------------------------- */

static int join(void *to, uint64_t a, uint64_t b, struct err *e)
{
	struct cluster_task *t = to;

	if (a >= t->documents || b >= t->documents)
		return err_set(e, ERR_DATA, "a document number is beyond the shards");
	return t->edges ? edges_add(t->edges, a, b, e) : unite_join(t->unite, a, b, e);
}

static int member(void *to, uint64_t document, bool fresh, struct err *e)
{
	struct cluster_task *t = to;

	if (fresh)
		t->first = document;
	return fresh ? 0 : join(t, t->first, document, e);
}

/* All partitions of keys, or those of --part I/N. */
static int walk(struct cluster_task *t, struct err *e)
{
	size_t all = (size_t)t->facts.bands * BAND_PARTS;
	struct groups_options o = {
		.files = t->files,
		.n_files = t->shards.n,
		.bands = t->facts.bands,
		.from = t->parts ? all * (t->part - 1) / t->parts : 0,
		.to = t->parts ? all * t->part / t->parts : all,
		.memory = share(t),
		.tmpdir = t->run->common->tmpdir,
	};

	return groups_walk(&o, member, t, e);
}

static int join_edges(struct cluster_task *t, struct err *e)
{
	const struct opt_list *files = &t->cfg->edges;

	return edges_read_all(files->at, files->n, identity(t), join, t, e);
}

/* --- ranks ------------------------------------------------------------------------------------ */

static void close_ranks(struct cluster_task *t)
{
	runfile_close(t->ranks);
	t->ranks = NULL;
	if (t->rank_fd >= 0)
		close(t->rank_fd);
	t->rank_fd = -1;
}

static int open_ranks(struct cluster_task *t, struct err *e)
{
	const char *path = t->shards.at[t->rank_shard].name;

	t->rank_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (t->rank_fd < 0)
		return err_set(e, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	return runfile_open(&t->ranks, t->rank_fd, bandfile_ranks(t->files[t->rank_shard].file),
		&near_rank_kind, path, MIB, e);
}

/* Those of one shard after another. */
static int next_rank(void *from, const char **rank, struct err *e)
{
	struct cluster_task *t = from;
	int got = 0;

	while (got == 0 && t->rank_shard < t->shards.n) {
		if (!t->ranks && open_ranks(t, e) < 0)
			return -1;
		got = runfile_next(t->ranks, rank, e);
		if (got == 0) {
			close_ranks(t);
			t->rank_shard++;
		}
	}
	return got;
}

/* --- the program ------------------------------------------------------------------------------ */

static int next_decision(void *from, struct decision *d, struct err *e)
{
	return settle_next(from, d, e);
}

static int write_clusters(struct cluster_task *t, struct settle *settle, struct err *e)
{
	const char *path = t->run->common->output;
	struct publish *file;

	if (publish_open(&file, path, e) < 0)
		return -1;
	if (clusters_write(publish_fd(file), path, &t->shards, next_decision, settle, e) == 0)
		return publish_commit(file, e);
	publish_abort(file);
	return -1;
}

static int settle_all(struct cluster_task *t, struct err *e)
{
	struct settle_options o = {
		.unite = t->unite,
		.rank = strcmp(t->facts.keep, "first") == 0 ? NULL : next_rank,
		.ranks = t,
		.max_cluster = t->cfg->max_cluster,
		.memory = share(t),
		.tmpdir = t->run->common->tmpdir,
	};
	struct settle *settle = NULL;
	int result = settle_new(&settle, &o, &t->settled, e);

	if (result == 0)
		result = write_clusters(t, settle, e);
	settle_free(settle);
	return result;
}

static int cluster(struct cluster_task *t, struct err *e)
{
	t->unite = unite_new(
		&(struct unite_options){ t->documents, share(t), t->run->common->tmpdir });
	if (t->cfg->edges.n ? join_edges(t, e) < 0 : walk(t, e) < 0)
		return -1;
	if (unite_finish(t->unite, e) < 0 || settle_all(t, e) < 0)
		return -1;
	near_tell_clusters(&t->settled, t->cfg->max_cluster, false, t->run->notes);
	if (t->settled.clusters == 0)
		buf_printf(t->run->notes, "no two of %" PRIu64 " documents share a key\n",
			t->documents);
	return 0;
}

static int one_part(struct cluster_task *t, struct err *e)
{
	t->edges = edges_new(share(t), t->run->common->tmpdir);
	if (walk(t, e) < 0)
		return -1;
	return edges_write(t->edges, t->run->common->output, identity(t), t->part, t->parts, e);
}

/* --part I/N. */
static int read_part(struct cluster_task *t, struct err *e)
{
	const char *word = t->cfg->part;
	char rest;

	if (!word)
		return 0;
	if (strspn(word, "0123456789/") != strlen(word) ||
		sscanf(word, "%5u/%5u%c", &t->part, &t->parts, &rest) != 2 || t->part < 1 ||
		t->part > t->parts)
		return err_set(e, ERR_USAGE, "--part %s: not I/N with I from 1 to N", word);
	if (t->cfg->edges.n)
		return err_set(e, ERR_USAGE, "--part and --edges exclude each other");
	return 0;
}

/* Keys and pairs stay for the next run. */
static int check_files(const struct cluster_task *t, struct err *e)
{
	for (size_t i = 0; i < t->run->n_files; i++) {
		if (run_check_kept(t->run, t->run->files[i], e) < 0)
			return -1;
	}
	for (size_t i = 0; i < t->cfg->edges.n; i++) {
		if (run_check_kept(t->run, t->cfg->edges.at[i], e) < 0)
			return -1;
	}
	return 0;
}

static int cluster_run(struct run *run, void *config, struct err *e)
{
	struct cluster_task t = { .cfg = config, .run = run, .rank_fd = -1 };
	const char *path = run->common->output;
	int result = 0;

	if (!path || strcmp(path, "-") == 0)
		result = err_set(e, ERR_USAGE, "--output must name a file");
	if (result == 0)
		result = read_part(&t, e);
	if (result == 0)
		result = check_files(&t, e);
	if (result == 0)
		result = open_shards(&t, e);
	if (result == 0)
		result = t.parts ? one_part(&t, e) : cluster(&t, e);
	close_ranks(&t);
	edges_free(t.edges);
	unite_free(t.unite);
	for (size_t i = 0; t.files && i < run->n_files; i++)
		bandfile_free(t.files[i].file);
	free(t.files);
	shard_table_release(&t.shards);
	return result;
}

const struct stage dedup_cluster_stage = {
	.name = "dedup",
	.summary = "find the clusters of all shards from their band keys",
	.operands = "BANDS ...",
	.common = COMMON_OUTPUT | COMMON_MEMORY,
	.run = cluster_run,
};
