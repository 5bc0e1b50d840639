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
static void check_manifest(const struct build *b, const struct task *t, struct findings *f)
{
	uint64_t in = 0, out = 0, left_out = 0;

	for (size_t i = 0; i < t->n_promised; i++) {
		const struct written *written = build_find(b, t->promised[i].file);
		const struct part *p = &t->promised[i], *q = written ? written->part : NULL;

		if (!q || &b->tasks[written->task] != t)
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

static void check_writers(const struct build *b, struct findings *f)
{
	for (size_t i = 1; i < b->n_files; i++) {
		const struct written *x = &b->files[i - 1], *y = &b->files[i];

		if (strcmp(x->file, y->file) == 0)
			fault(f, "%s: two tasks say they wrote it: %s and %s", y->file,
				b->tasks[x->task].from, b->tasks[y->task].from);
	}
}

/* What one task wrote as out and another read as in. */
static void check_hand_over(const struct build *b, struct findings *f, struct written *out,
	const struct task *reader, const struct part *in)
{
	const struct task *writer = &b->tasks[out->task];
	uint64_t had = out->part->count;

	if (out->read_by && strcmp(out->read_by, reader->stage) == 0)
		fault(f, "%s: read twice by %s, so its records count double", in->file,
			reader->stage);
	out->read_by = reader->stage;
	if (!in->of_records || !out->part->of_records)
		return;
	f->handed_files++;
	f->handed_records += in->count;
	if (in->count < had)
		fault(f,
			"%s: %s wrote %" PRIu64 " records, %s read %" PRIu64 ": %" PRIu64
			" vanished",
			in->file, writer->stage, had, reader->stage, in->count, had - in->count);
	else if (in->count > had)
		fault(f,
			"%s: %s wrote %" PRIu64 " records, %s read %" PRIu64 ": %" PRIu64
			" came from nowhere",
			in->file, writer->stage, had, reader->stage, in->count, in->count - had);
	else if (in->digest && out->part->digest && strcmp(in->digest, out->part->digest) != 0)
		fault(f, "%s: %s wrote content %s, %s read %s", in->file, writer->stage,
			out->part->digest, reader->stage, in->digest);
}

static bool has_stage(const struct build *b, const char *stage)
{
	for (size_t i = 0; i < b->n_tasks; i++)
		if (strcmp(b->tasks[i].stage, stage) == 0)
			return true;
	return false;
}

/* Where the chain begins: an input that no task wrote. One whose stamp names a stage that has tasks
 * here was written by another of it, which is missing. */
static void check_taken_in(
	const struct build *b, struct findings *f, const struct task *reader, const struct part *in)
{
	if (in->made_by && strcmp(in->file, "-") == 0)
		return; /* a pipe has no name to follow */
	f->taken_files++;
	f->taken_records += in->count;
	if (in->of_records && in->made_by && has_stage(b, in->made_by))
		fault(f,
			"%s: made by %s, but no task here wrote it: %" PRIu64
			" records that %s read come from nowhere",
			in->file, in->made_by, in->count, reader->stage);
}

static void check_hand_overs(const struct build *b, struct findings *f)
{
	for (size_t i = 0; i < b->n_tasks; i++) {
		const struct task *t = &b->tasks[i];

		for (size_t k = 0; k < t->n_inputs; k++) {
			struct written *out = build_find(b, t->inputs[k].file);

			if (out)
				check_hand_over(b, f, out, t, &t->inputs[k]);
			else
				check_taken_in(b, f, t, &t->inputs[k]);
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
static void check_left_over(const struct build *b, struct findings *f)
{
	struct kind *kinds = mem_zalloc(b->n_tasks + 1, sizeof(*kinds));
	size_t n = 0;

	for (size_t i = 0; i < b->n_files; i++)
		if (b->files[i].read_by)
			kind_of(kinds, &n, &b->tasks[b->files[i].task])->read_by =
				b->files[i].read_by;
	for (size_t i = 0; i < b->n_files; i++) {
		const struct task *t = &b->tasks[b->files[i].task];
		const struct part *p = b->files[i].part;
		const char *reader = kind_of(kinds, &n, t)->read_by;

		if (reader && !b->files[i].read_by && p->of_records && !p->rejects && p->count)
			fault(f,
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
static void visit(struct build *b, struct task *t)
{
	const char *source = NULL;

	if (t->visit)
		return;
	t->visit = 1;
	for (size_t k = 0; k < t->n_inputs; k++) {
		const struct written *out = build_find(b, t->inputs[k].file);
		struct task *before = out ? &b->tasks[out->task] : NULL;

		if (!before)
			continue;
		visit(b, before);
		t->depth = MAX(t->depth, before->depth + 1);
		source = join_sources(source, before->source);
	}
	if (!t->source)
		t->source = source ? source : "-";
	t->visit = 2;
}

void build_check(struct build *b, struct findings *f)
{
	check_writers(b, f);
	for (size_t i = 0; i < b->n_tasks; i++) {
		visit(b, &b->tasks[i]);
		check_task(&b->tasks[i], f);
		check_manifest(b, &b->tasks[i], f);
	}
	check_hand_overs(b, f);
	check_left_over(b, f);
}

void findings_release(struct findings *f)
{
	buf_release(&f->faults);
	*f = (struct findings){ 0 };
}
