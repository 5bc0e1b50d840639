/* ledger.c - documents in and out by stage and source, drops by reason, and whether they add up. */
#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/path_list.h"
#include "lib/run.h"
#include "lib/stream/publish.h"
#include "stages/stats/check.h"
#include "stages/stats/stats.h"
#include "stages/stats/task.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

/* All tasks of one stage and source. */
struct row {
	const char *stage, *source;
	unsigned depth; /* of the last task of its stage: rows stand in the order of the work */
	uint64_t tasks, in, bytes_in, split, out, bytes_out, dropped, bad;
};

/* Documents that one rule dropped in one stage and source. */
struct drop_row {
	const char *stage, *source, *rule;
	unsigned depth; /* as that of a row */
	uint64_t count;
};

struct ledger {
	struct row *rows;
	size_t n_rows, cap_rows;
	struct drop_row *drops;
	size_t n_drops, cap_drops;
	uint64_t tokens;
	struct findings found;
};

static struct row *row_of(struct ledger *l, const struct task *t, const char *source)
{
	for (size_t i = 0; i < l->n_rows; i++)
		if (strcmp(l->rows[i].stage, t->stage) == 0 &&
			strcmp(l->rows[i].source, source) == 0)
			return &l->rows[i];
	mem_grow(&l->rows, l->n_rows, &l->cap_rows, sizeof(*l->rows));
	l->rows[l->n_rows] = (struct row){ .stage = t->stage, .source = source };
	return &l->rows[l->n_rows++];
}

static void add_drop(
	struct ledger *l, const struct task *t, const char *source, const struct rule_count *drop)
{
	for (size_t i = 0; i < l->n_drops; i++)
		if (strcmp(l->drops[i].stage, t->stage) == 0 &&
			strcmp(l->drops[i].source, source) == 0 &&
			strcmp(l->drops[i].rule, drop->name) == 0) {
			l->drops[i].count += drop->count;
			return;
		}
	mem_grow(&l->drops, l->n_drops, &l->cap_drops, sizeof(*l->drops));
	l->drops[l->n_drops++] = (struct drop_row){
		.stage = t->stage, .source = source, .rule = drop->name, .count = drop->count
	};
}

/* Drops by rule; those of a mix, which has one rule alone, by source too. */
static void add_drops(struct ledger *l, const struct task *t)
{
	if (t->n_drops == 1 && t->n_shares) {
		for (size_t i = 0; i < t->n_shares; i++) {
			struct rule_count drop = { t->drops[0].name, t->shares[i].left_out };

			if (drop.count)
				add_drop(l, t, t->shares[i].source, &drop);
		}
		return;
	}
	for (size_t i = 0; i < t->n_drops; i++)
		add_drop(l, t, t->source, &t->drops[i]);
}

/* A document that stands in a mix several times was split into copies of itself. */
static void add_share(struct row *r, const struct share *s)
{
	r->tasks++;
	r->in += s->in;
	r->bytes_in += s->bytes_in;
	r->out += s->out;
	r->bytes_out += s->bytes_out;
	r->split += s->out + s->left_out - s->in;
	r->dropped += s->left_out;
}

static void add_task(struct ledger *l, const struct task *t)
{
	for (size_t i = 0; i < t->n_shares; i++)
		add_share(row_of(l, t, t->shares[i].source), &t->shares[i]);
	add_drops(l, t);
	l->tokens += t->tokens;
	if (t->n_shares)
		return;

	struct row *r = row_of(l, t, t->source);

	r->tasks++;
	r->in += t->read;
	r->bytes_in += t->read_bytes;
	r->split += t->split;
	r->out += t->kept;
	r->bytes_out += t->kept_bytes;
	r->dropped += t->dropped;
	r->bad += t->bad;
}

static int order_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = (x->depth > y->depth) - (x->depth < y->depth);

	if (!order)
		order = strcmp(x->stage, y->stage);
	return order ? order : strcmp(x->source, y->source);
}

/* As the rows; within one, what dropped most stands first. */
static int order_drops(const void *a, const void *b)
{
	const struct drop_row *x = a, *y = b;
	int order = (x->depth > y->depth) - (x->depth < y->depth);

	if (!order)
		order = strcmp(x->stage, y->stage);
	if (!order)
		order = strcmp(x->source, y->source);
	if (!order)
		order = (x->count < y->count) - (x->count > y->count);
	return order ? order : strcmp(x->rule, y->rule);
}

/* A source may skip a stage, so what counts is the depth of the stage over all of them. */
static unsigned stage_depth(const struct build *b, const char *stage)
{
	unsigned depth = 0;

	for (size_t i = 0; i < b->n_tasks; i++)
		if (strcmp(b->tasks[i].stage, stage) == 0)
			depth = MAX(depth, b->tasks[i].depth);
	return depth;
}

static void ledger_fill(struct ledger *l, struct build *b)
{
	build_check(b, &l->found);
	for (size_t i = 0; i < b->n_tasks; i++)
		add_task(l, &b->tasks[i]);
	for (size_t i = 0; i < l->n_rows; i++)
		l->rows[i].depth = stage_depth(b, l->rows[i].stage);
	for (size_t i = 0; i < l->n_drops; i++)
		l->drops[i].depth = stage_depth(b, l->drops[i].stage);
	if (l->n_rows)
		qsort(l->rows, l->n_rows, sizeof(*l->rows), order_rows);
	if (l->n_drops)
		qsort(l->drops, l->n_drops, sizeof(*l->drops), order_drops);
}

/* The widths of the two columns of names. */
static int width_of(const struct ledger *l, size_t offset)
{
	size_t width = 6;

	for (size_t i = 0; i < l->n_rows; i++) {
		const char *name;

		memcpy(&name, (const char *)&l->rows[i] + offset, sizeof(name));
		width = MAX(width, strlen(name));
	}
	return (int)width;
}

static void print_text(const struct ledger *l, struct buf *out)
{
	int stage = width_of(l, offsetof(struct row, stage));
	int source = width_of(l, offsetof(struct row, source));

	buf_printf(out, "%-*s  %-*s %6s %12s %10s %12s %12s %8s %15s %15s\n", stage, "stage",
		source, "source", "tasks", "documents in", "split", "out", "dropped", "bad",
		"bytes in", "bytes out");
	for (size_t i = 0; i < l->n_rows; i++) {
		const struct row *r = &l->rows[i];

		buf_printf(out,
			"%-*s  %-*s %6" PRIu64 " %12" PRIu64 " %10" PRIu64 " %12" PRIu64
			" %12" PRIu64 " %8" PRIu64 " %15" PRIu64 " %15" PRIu64 "\n",
			stage, r->stage, source, r->source, r->tasks, r->in, r->split, r->out,
			r->dropped, r->bad, r->bytes_in, r->bytes_out);
	}
	if (l->n_drops)
		buf_printf(out, "\n%-*s  %-*s %12s  %s\n", stage, "stage", source, "source",
			"dropped", "reason");
	for (size_t i = 0; i < l->n_drops; i++) {
		const struct drop_row *d = &l->drops[i];

		buf_printf(out, "%-*s  %-*s %12" PRIu64 "  %s\n", stage, d->stage, source,
			d->source, d->count, d->rule);
	}
	buf_printf(out, "\ntaken in: %" PRIu64 " files, %" PRIu64 " documents or items\n",
		l->found.taken_files, l->found.taken_records);
	buf_printf(out, "handed on: %" PRIu64 " files, %" PRIu64 " documents\n",
		l->found.handed_files, l->found.handed_records);
	if (l->tokens)
		buf_printf(out, "written: %" PRIu64 " tokens\n", l->tokens);
	for (struct slice rest = buf_view(&l->found.faults); rest.n;) {
		size_t line = slice_find(rest, SLICE("\n")) + 1;

		buf_str(out, "fault: ");
		buf_slice(out, slice_head(rest, line));
		rest = slice_skip(rest, line);
	}
	if (l->found.n_faults)
		buf_printf(out, "does not add up: faults: %" PRIu64 "\n", l->found.n_faults);
	else
		buf_str(out, "adds up, to the document\n");
}

static void put_name(struct buf *out, const char *key, const char *value)
{
	json_put_key(out, key);
	json_put_string(out, slice_str(value));
}

static void put_count(struct buf *out, const char *key, uint64_t value)
{
	json_put_key(out, key);
	json_put_uint(out, value);
}

static void json_row(const struct row *r, struct buf *out)
{
	buf_byte(out, '{');
	put_name(out, "stage", r->stage);
	put_name(out, "source", r->source);
	put_count(out, "tasks", r->tasks);
	put_count(out, "read", r->in);
	put_count(out, "read_bytes", r->bytes_in);
	put_count(out, "split", r->split);
	put_count(out, "kept", r->out);
	put_count(out, "kept_bytes", r->bytes_out);
	put_count(out, "dropped", r->dropped);
	put_count(out, "bad", r->bad);
	buf_byte(out, '}');
}

static void json_drop(const struct drop_row *d, struct buf *out)
{
	buf_byte(out, '{');
	put_name(out, "stage", d->stage);
	put_name(out, "source", d->source);
	put_name(out, "rule", d->rule);
	put_count(out, "records", d->count);
	buf_byte(out, '}');
}

/* One object; a row, a drop or a fault a line, so that two ledgers can be compared by diff. */
static void print_json(const struct ledger *l, struct buf *out)
{
	buf_str(out, "{\"stages\":[");
	for (size_t i = 0; i < l->n_rows; i++) {
		buf_str(out, i ? ",\n" : "\n");
		json_row(&l->rows[i], out);
	}
	buf_str(out, "],\n\"drops\":[");
	for (size_t i = 0; i < l->n_drops; i++) {
		buf_str(out, i ? ",\n" : "\n");
		json_drop(&l->drops[i], out);
	}
	buf_printf(out,
		"],\n\"taken_in\":{\"files\":%" PRIu64 ",\"records\":%" PRIu64
		"},\n\"handed_on\":{\"files\":%" PRIu64 ",\"records\":%" PRIu64
		"},\n\"tokens\":%" PRIu64 ",\n\"faults\":[",
		l->found.taken_files, l->found.taken_records, l->found.handed_files,
		l->found.handed_records, l->tokens);
	for (struct slice rest = buf_view(&l->found.faults); rest.n;) {
		size_t line = slice_find(rest, SLICE("\n"));

		buf_str(out, out->p[out->n - 1] == '[' ? "\n" : ",\n");
		json_put_string(out, slice_head(rest, line));
		rest = slice_skip(rest, line + 1);
	}
	buf_printf(out, "],\n\"adds_up\":%s}\n", l->found.n_faults ? "false" : "true");
}

static int write_out(const char *path, struct slice text, struct err *e)
{
	if (!path || strcmp(path, "-") == 0)
		return write_all(STDOUT_FILENO, text.p, text.n, "standard output", e);
	return publish_bytes(path, text, e);
}

static int read_build(struct build *b, const struct path_list *files, struct err *e)
{
	for (size_t i = 0; i < files->n; i++)
		if (build_add(b, files->at[i], e) < 0)
			return -1;
	return build_join(b, e);
}

static void ledger_release(struct ledger *l)
{
	findings_release(&l->found);
	free(l->rows);
	free(l->drops);
	*l = (struct ledger){ 0 };
}

/* The ledger is written also when it does not add up: the faults stand in it. */
static int ledger_print(
	struct run *run, const struct ledger_config *cfg, struct build *b, struct err *e)
{
	struct ledger l = { 0 };
	struct buf text = { 0 };
	int rc;

	ledger_fill(&l, b);
	if (cfg->json)
		print_json(&l, &text);
	else
		print_text(&l, &text);
	rc = write_out(run->common->output, buf_view(&text), e);
	if (rc == 0 && l.found.n_faults)
		rc = err_set(e, ERR_DATA, "the build does not add up: %.*s",
			(int)slice_find(buf_view(&l.found.faults), SLICE("\n")), l.found.faults.p);
	buf_release(&text);
	ledger_release(&l);
	return rc;
}

static int ledger_run(struct run *run, void *config, struct err *e)
{
	const struct ledger_config *cfg = config;
	struct path_list files = { 0 };
	struct build build = { 0 };
	int rc = path_list_operands(&files, run, cfg->files_from, e);

	if (rc == 0)
		rc = read_build(&build, &files, e);
	if (rc == 0)
		rc = ledger_print(run, cfg, &build, e);
	build_release(&build);
	path_list_release(&files);
	return rc;
}

const struct stage ledger_stage = {
	.name = "stats",
	.summary = "show where every document went, and fail if one is missing",
	.operands = "FILE ...",
	.common = COMMON_OUTPUT,
	.run = ledger_run,
};
