/* check.c - does a build add up, and where do its documents come from.
 *
 * Documents move in files, so the chain is followed by paths: an input of one task that is an
 * output of another was handed over, and both must have seen the same content. What a task wrote
 * and nobody read is the end of the chain, unless its neighbours were read on: then it was lost. */
#include "stages/stats/check.h"

#include "lib/core/mem.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* An output of some task, found by its path. */
struct written {
	const char *file;
	size_t task;
	const struct part *part;
	const char *read_by; /* the stage, when one did */
};

struct chain {
	struct build *build;
	struct findings *found;
	struct written *files; /* sorted by path */
	size_t n;
};

static void PRINTF(2, 3) fault(struct findings *f, const char *fmt, ...)
{
	char text[1000];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	buf_printf(&f->faults, "%s\n", text);
	f->n_faults++;
}

/* True when all parts are of records; *sum is their number. Rejects are not among them. */
static bool sum_records(const struct part *parts, size_t n, uint64_t *sum)
{
	bool any = false;

	*sum = 0;
	for (size_t i = 0; i < n; i++) {
		if (parts[i].rejects)
			continue;
		if (!parts[i].of_records)
			return false;
		any = true;
		*sum += parts[i].count;
	}
	return any;
}

/* The outputs hold what was kept, each a part of it (shards), or each all of it in a form of its
 * own (token ids and the map of them). */
static bool outputs_hold(const struct task *t, uint64_t *sum)
{
	bool each = true;

	if (!sum_records(t->outputs, t->n_outputs, sum) || *sum == t->kept)
		return true;
	for (size_t i = 0; i < t->n_outputs; i++)
		each = each && (t->outputs[i].rejects || t->outputs[i].count == t->kept);
	return each;
}

/* The identity of one run, and that its files hold what it counted. */
static void check_task(const struct task *t, struct findings *f)
{
	uint64_t by_reason = 0, sum;

	if (t->read + t->split != t->kept + t->dropped + t->bad)
		fault(f,
			"%s: read %" PRIu64 " + split %" PRIu64 " is not kept %" PRIu64
			" + dropped %" PRIu64 " + bad %" PRIu64,
			t->from, t->read, t->split, t->kept, t->dropped, t->bad);
	for (size_t i = 0; i < t->n_drops; i++)
		by_reason += t->drops[i].count;
	if (by_reason != t->dropped)
		fault(f, "%s: %" PRIu64 " are dropped, but the reasons name %" PRIu64, t->from,
			t->dropped, by_reason);
	if (sum_records(t->inputs, t->n_inputs, &sum) && sum != t->read)
		fault(f, "%s: the inputs hold %" PRIu64 " records, but %" PRIu64 " are read",
			t->from, sum, t->read);
	if (!outputs_hold(t, &sum))
		fault(f, "%s: the outputs hold %" PRIu64 " records, but %" PRIu64 " are kept",
			t->from, sum, t->kept);
}

/* The manifest of a mix says of each shard what its task does, and its sources add up to the
 * whole. */
static void check_manifest(const struct task *t, struct findings *f)
{
	uint64_t in = 0, out = 0, left_out = 0;

	for (size_t i = 0; i < t->n_promised; i++) {
		const struct part *p = &t->promised[i], *q = NULL;

		for (size_t k = 0; k < t->n_outputs && !q; k++)
			if (strcmp(t->outputs[k].file, p->file) == 0)
				q = &t->outputs[k];
		if (!q)
			fault(f, "%s: in the manifest, but not written by %s", p->file, t->stage);
		else if (q->count != p->count || !q->digest || strcmp(q->digest, p->digest) != 0)
			fault(f,
				"%s: the manifest has %" PRIu64
				" documents, digest %s; %s wrote %" PRIu64 ", digest %s",
				p->file, p->count, p->digest, t->stage, q->count,
				q->digest ? q->digest : "unknown");
	}
	for (size_t i = 0; i < t->n_shares; i++) {
		in += t->shares[i].in;
		out += t->shares[i].out;
		left_out += t->shares[i].left_out;
	}
	if (t->n_shares && (in != t->read || out != t->kept || left_out != t->dropped))
		fault(f,
			"%s: read %" PRIu64 ", kept %" PRIu64 ", dropped %" PRIu64
			", but its manifest's sources %" PRIu64 ", %" PRIu64 " and %" PRIu64,
			t->from, t->read, t->kept, t->dropped, in, out, left_out);
}

static int by_path(const void *a, const void *b)
{
	const struct written *x = a, *y = b;
	int order = strcmp(x->file, y->file);

	/* Equal paths in the order of the tasks, so that a fault reads the same each time. */
	return order ? order : (x->task > y->task) - (x->task < y->task);
}

static int by_path_alone(const void *key, const void *b)
{
	return strcmp(key, ((const struct written *)b)->file);
}

static void index_outputs(struct chain *c)
{
	const struct build *b = c->build;
	size_t cap = 0;

	for (size_t i = 0; i < b->n_tasks; i++)
		for (size_t k = 0; k < b->tasks[i].n_outputs; k++) {
			const struct part *p = &b->tasks[i].outputs[k];

			if (strcmp(p->file, "-") == 0)
				continue; /* a pipe has no name to follow */
			mem_grow(&c->files, c->n, &cap, sizeof(*c->files));
			c->files[c->n++] =
				(struct written){ .file = p->file, .task = i, .part = p };
		}
	if (c->n)
		qsort(c->files, c->n, sizeof(*c->files), by_path);
	for (size_t i = 1; i < c->n; i++)
		if (strcmp(c->files[i - 1].file, c->files[i].file) == 0)
			fault(c->found, "%s: two tasks say they wrote it: %s and %s",
				c->files[i].file, b->tasks[c->files[i - 1].task].from,
				b->tasks[c->files[i].task].from);
}

static struct written *find_output(const struct chain *c, const char *file)
{
	return c->n ? bsearch(file, c->files, c->n, sizeof(*c->files), by_path_alone) : NULL;
}

/* What one task wrote as out and another read as in. */
static void check_hand_over(
	struct chain *c, struct written *out, const struct task *reader, const struct part *in)
{
	const struct task *writer = &c->build->tasks[out->task];
	uint64_t had = out->part->count;

	if (out->read_by && strcmp(out->read_by, reader->stage) == 0)
		fault(c->found, "%s: read twice by %s, so its records count double", in->file,
			reader->stage);
	out->read_by = reader->stage;
	if (!in->of_records || !out->part->of_records)
		return;
	c->found->handed_files++;
	c->found->handed_records += in->count;
	if (in->count < had)
		fault(c->found,
			"%s: %s wrote %" PRIu64 " records, %s read %" PRIu64 ": %" PRIu64
			" vanished",
			in->file, writer->stage, had, reader->stage, in->count, had - in->count);
	else if (in->count > had)
		fault(c->found,
			"%s: %s wrote %" PRIu64 " records, %s read %" PRIu64 ": %" PRIu64
			" came from nowhere",
			in->file, writer->stage, had, reader->stage, in->count, in->count - had);
	else if (in->digest && out->part->digest && strcmp(in->digest, out->part->digest) != 0)
		fault(c->found, "%s: %s wrote content %s, %s read %s", in->file, writer->stage,
			out->part->digest, reader->stage, in->digest);
}

static void check_hand_overs(struct chain *c)
{
	for (size_t i = 0; i < c->build->n_tasks; i++) {
		const struct task *t = &c->build->tasks[i];

		for (size_t k = 0; k < t->n_inputs; k++) {
			struct written *out = find_output(c, t->inputs[k].file);

			if (out)
				check_hand_over(c, out, t, &t->inputs[k]);
		}
	}
}

/* Outputs of one stage and source, and who reads on from them. */
struct kind {
	const char *stage, *source;
	const char *read_by; /* the stage that read one of them, or NULL */
};

static struct kind *kind_of(struct kind *kinds, size_t *n, const struct task *t)
{
	size_t i = 0;

	while (i < *n &&
		(strcmp(kinds[i].stage, t->stage) != 0 || strcmp(kinds[i].source, t->source) != 0))
		i++;
	if (i == *n)
		kinds[(*n)++] = (struct kind){ .stage = t->stage, .source = t->source };
	return &kinds[i];
}

/* An output that nobody read though another of its stage and source was read: it was lost. */
static void check_left_over(struct chain *c)
{
	struct kind *kinds = mem_zalloc(c->build->n_tasks + 1, sizeof(*kinds));
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		if (c->files[i].read_by)
			kind_of(kinds, &n, &c->build->tasks[c->files[i].task])->read_by =
				c->files[i].read_by;
	for (size_t i = 0; i < c->n; i++) {
		const struct task *t = &c->build->tasks[c->files[i].task];
		const struct part *p = c->files[i].part;
		const char *reader = kind_of(kinds, &n, t)->read_by;

		if (reader && !c->files[i].read_by && p->of_records && !p->rejects && p->count)
			fault(c->found,
				"%s: %" PRIu64
				" records of %s went nowhere: others of its kind were read by %s",
				p->file, p->count, t->stage, reader);
	}
	free(kinds);
}

/* One source if both are the same or unknown, else "*": of several. */
static const char *join_sources(const char *a, const char *b)
{
	if (!a || !b)
		return a ? a : b;
	return strcmp(a, b) == 0 ? a : "*";
}

/* Sets depth and source of t from those of the tasks that made its inputs, which are visited first.
 * A ring of files, which no build makes, is left where it closes. */
static void visit(struct chain *c, struct task *t)
{
	const char *source = NULL;

	if (t->visit)
		return;
	t->visit = 1;
	for (size_t k = 0; k < t->n_inputs; k++) {
		struct written *out = find_output(c, t->inputs[k].file);
		struct task *before = out ? &c->build->tasks[out->task] : NULL;

		if (!before)
			continue;
		visit(c, before);
		t->depth = MAX(t->depth, before->depth + 1);
		source = join_sources(source, before->source);
	}
	if (!t->source)
		t->source = source ? source : "-";
	t->visit = 2;
}

void build_check(struct build *b, struct findings *f)
{
	struct chain c = { .build = b, .found = f };

	index_outputs(&c);
	for (size_t i = 0; i < b->n_tasks; i++) {
		visit(&c, &b->tasks[i]);
		check_task(&b->tasks[i], f);
		check_manifest(&b->tasks[i], f);
	}
	check_hand_overs(&c);
	check_left_over(&c);
	free(c.files);
}

void findings_release(struct findings *f)
{
	buf_release(&f->faults);
	*f = (struct findings){ 0 };
}
