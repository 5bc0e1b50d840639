/* Reads the input twice, or once where that turns out to be enough. */
#include "stages/dedup/passes.h"

#include "lib/core/mem.h"
#include "lib/driver/driver.h"
#include "lib/stream/stamp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum verdict passes_keep(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	(void)worker;
	(void)r;
	(void)to;
	(void)why;
	(void)e;
	return KEEP;
}

/* --- outputs ---------------------------------------------------------------------------------- */

/* What a pass writes; both NULL: nothing. */
struct outputs {
	struct output *kept, *rejects;
};

static int outputs_open(struct outputs *o, struct run *run, struct err *e)
{
	const struct common *c = run->common;

	if (run_open(run, c->output, &o->kept, e) < 0)
		return -1;
	return c->rejects ? run_open(run, c->rejects, &o->rejects, e) : 0;
}

static void outputs_abort(struct outputs *o)
{
	output_abort(o->kept);
	output_abort(o->rejects);
	*o = (struct outputs){ 0 };
}

static int outputs_close(struct outputs *o, struct run *run, const struct stage *program,
	const void *config, struct err *e)
{
	struct outputs taken = *o;

	*o = (struct outputs){ 0 };
	if (taken.rejects && run_close(run, program, config, taken.rejects, e) < 0) {
		output_abort(taken.kept);
		return -1;
	}
	return run_close(run, program, config, taken.kept, e);
}

/* True when what was written there can be forgotten and written anew. */
static bool is_replaceable(const char *path)
{
	struct stat st;

	if (!path || strcmp(path, "-") == 0)
		return false;
	return stat(path, &st) == 0 ? S_ISREG(st.st_mode) : errno == ENOENT;
}

static bool are_replaceable(const struct common *c)
{
	return is_replaceable(c->output) && (!c->rejects || is_replaceable(c->rejects));
}

uint64_t passes_records_known(const struct run *run)
{
	uint64_t sum = 0;

	if (run->n_files == 0)
		return UINT64_MAX;
	for (size_t i = 0; i < run->n_files; i++) {
		struct digest content;
		struct err ignored = { 0 };

		/* A damaged file is the reader's to tell. */
		if (strcmp(run->files[i], "-") == 0 ||
			stamp_read(run->files[i], &content, NULL, &ignored) <= 0)
			return UINT64_MAX;
		sum += content.records;
	}
	return sum;
}

/* --- passes ----------------------------------------------------------------------------------- */

static int drive(struct run *run, const struct stage *stage, void *config, const struct outputs *o,
	struct stats *stats, struct buf *notes, struct err *e)
{
	struct driver_run d = {
		.stage = stage,
		.config = config,
		.common = run->common,
		.files = run->files,
		.n_files = run->n_files,
		.names = run->names,
		.pool = run->pool,
		.out = o->kept,
		.rejects = o->rejects,
		.stats = stats,
		.notes = notes,
	};

	return driver_run(&d, e);
}

int passes_read_only(struct run *run, const struct stage *stage, void *config,
	const struct opt_list *files, struct stats *stats, struct err *e)
{
	struct common common = *run->common;
	struct run other = *run;
	char **names = mem_zalloc(files->n, sizeof(*names));
	int result = 0;

	/* The side files lie beside the records of the operands. */
	common.with = (struct opt_list){ 0 };
	other.common = &common;
	other.files = names;
	other.n_files = files->n;
	other.names = NULL;
	for (size_t i = 0; result == 0 && i < files->n; i++) {
		names[i] = mem_strdup(files->at[i]);
		result = run_check_kept(run, names[i], e);
	}
	if (result == 0 && files->n)
		result = drive(&other, stage, config, &(struct outputs){ 0 }, stats, run->notes, e);
	for (size_t i = 0; i < files->n; i++)
		free(names[i]);
	free(names);
	return result;
}

int passes_look(struct run *run, const struct stage *stage, void *config, struct err *e)
{
	struct stats stats = { 0 };
	struct buf notes = { 0 };
	int result = drive(run, stage, config, &(struct outputs){ 0 }, &stats, &notes, e);

	stats_release(&stats);
	buf_release(&notes);
	return result;
}

/* A pass in progress. */
struct state {
	struct passes *p;
	struct run *run;
	void *config;
	struct outputs o;
	struct stats first; /* of the first pass, while it is not known whether it counts */
	struct buf notes;
};

static int pass(struct state *s, const struct stage *stage, struct stats *stats, struct buf *notes,
	struct err *e)
{
	s->p->writes = s->o.kept != NULL;
	s->p->rejects = s->o.rejects != NULL;
	return drive(s->run, stage, s->config, &s->o, stats, notes, e);
}

/* 1: all is written; 0: it must be read again; -1. Counts and notes of a pass that is forgotten are
 * forgotten too: the second meets the same records. */
static int first(struct state *s, struct err *e)
{
	if (pass(s, s->p->first, &s->first, &s->notes, e) < 0)
		return -1;
	if (!s->o.kept || !s->p->done || !s->p->done(s->config))
		return 0;
	*s->run->stats = s->first;
	s->first = (struct stats){ 0 };
	buf_slice(s->run->notes, buf_view(&s->notes));
	return 1;
}

static int check_same(const struct stats *a, const struct stats *b, struct err *e)
{
	for (size_t i = 0; i < a->n_inputs; i++) {
		const struct digest *x = &a->inputs[i].digest, *y = &b->inputs[i].digest;

		if (i >= b->n_inputs || !digest_eq(x, y))
			return err_set(e, ERR_DATA, "%s: another when it was read again",
				a->inputs[i].name);
	}
	return 0;
}

static int second(struct state *s, struct err *e)
{
	if (s->p->between && s->p->between(s->config, e) < 0)
		return -1;
	if (outputs_open(&s->o, s->run, e) < 0 ||
		pass(s, s->p->second, s->run->stats, s->run->notes, e) < 0)
		return -1;
	return check_same(&s->first, s->run->stats, e);
}

static int both(struct state *s, struct err *e)
{
	enum passes_once once = s->p->once;
	bool opens =
		once == PASSES_ONCE || (once == PASSES_PERHAPS && are_replaceable(s->run->common));
	int result = run_check_sides(&s->run->common->with, e);

	if (result < 0)
		return -1;
	if (once != PASSES_ONCE && run_spool(s->run, e) < 0)
		return -1;
	if (opens && outputs_open(&s->o, s->run, e) < 0)
		return -1;
	result = first(s, e);
	if (result == 0) {
		outputs_abort(&s->o);
		result = second(s, e);
	}
	if (result < 0 || stats_check(s->run->stats, e) < 0)
		return -1;
	return outputs_close(&s->o, s->run, s->p->program, s->config, e);
}

int passes_run(struct passes *p, struct run *run, void *config, struct err *e)
{
	struct state s = { .p = p, .run = run, .config = config };
	int result = both(&s, e);

	outputs_abort(&s.o);
	stats_release(&s.first);
	buf_release(&s.notes);
	run_unspool(run);
	return result;
}
