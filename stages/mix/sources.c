/* The sources of a mix. */
#include "stages/mix/sources.h"

#include "lib/core/mem.h"
#include "lib/path_list.h"

#include <inttypes.h>
#include <stdlib.h>

void tally_add(struct tally *t, const struct tally *other)
{
	digest_add(&t->digest, &other->digest);
	t->tokens += other->tokens;
	t->text_bytes += other->text_bytes;
}

double tally_size(const struct tally *t, enum mix_unit unit)
{
	switch (unit) {
	case UNIT_TOKENS: return (double)t->tokens;
	case UNIT_BYTES: return (double)t->text_bytes;
	default: return (double)t->digest.records;
	}
}

struct slice source_document_id(struct record *r)
{
	struct slice id = record_id(r);

	return id.n ? id : r->line;
}

/* --- operands --------------------------------------------------------------------------------- */

static void put_names(const struct recipe *r, struct buf *out)
{
	for (size_t i = 0; i < r->n; i++)
		buf_printf(out, "%s%s", i ? ", " : "", r->sources[i].name);
}

static int unknown_source(const struct recipe *r, struct slice name, struct err *e)
{
	struct buf names = { 0 };

	put_names(r, &names);
	err_set(e, ERR_USAGE, "%s has no source %.*s, but %s", r->path, (int)MIN(name.n, 100),
		name.p, buf_cstr(&names));
	buf_release(&names);
	return -1;
}

/* NAME=FILE: the number of the source and the file. */
static int split_operand(
	const struct recipe *r, const char *operand, size_t *i, const char **file, struct err *e)
{
	struct slice name = slice_str(operand);

	name.n = slice_find(name, SLICE("="));
	if (!operand[name.n] || !operand[name.n + 1])
		return err_set(e, ERR_USAGE, "'%s' is not NAME=FILE", operand);
	*file = operand + name.n + 1;
	*i = recipe_find(r, name);
	return *i == r->n ? unknown_source(r, name, e) : 0;
}

static int read_side(struct sources *out, const struct recipe *r, const char *side, struct err *e)
{
	struct opt_list *with;
	const char *file;
	size_t i;

	if (split_operand(r, side, &i, &file, e) < 0)
		return err_wrap(e, "--with");
	with = &out->at[i].with;
	mem_grow(&with->at, with->n, &with->cap, sizeof(*with->at));
	with->at[with->n++] = file;
	return 0;
}

static int add_listed(struct path_list *l, const char *path, struct err *e)
{
	size_t before = l->n;

	if (path_list_read(l, path, e) < 0)
		return -1;
	return l->n > before ? 0 : err_set(e, ERR_DATA, "%s: lists no file", path);
}

static int read_operand(
	struct path_list *lists, const struct recipe *r, const char *operand, struct err *e)
{
	const char *file;
	size_t i;

	if (split_operand(r, operand, &i, &file, e) < 0)
		return -1;
	if (*file == '@')
		return add_listed(&lists[i], file + 1, e);
	path_list_add(&lists[i], slice_str(file));
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Puts the lists one after another, each sorted, so that the order of operands shows nowhere. */
static int join_lists(
	struct sources *out, const struct recipe *r, struct path_list *lists, struct err *e)
{
	size_t cap = 0;

	for (size_t i = 0; i < r->n; i++) {
		out->at[i].name = r->sources[i].name;
		out->at[i].first_file = out->n_files;
		out->at[i].n_files = lists[i].n;
		if (lists[i].n == 0)
			err_set(e, ERR_USAGE,
				"the recipe's source %s has no file: give %s=FILE, or leave it out "
				"by --without %s",
				out->at[i].name, out->at[i].name, out->at[i].name);
		if (lists[i].n)
			qsort(lists[i].at, lists[i].n, sizeof(*lists[i].at), compare_names);
		for (size_t f = 0; f < lists[i].n; f++) {
			mem_grow(&out->files, out->n_files, &cap, sizeof(*out->files));
			out->files[out->n_files++] = lists[i].at[f];
		}
		lists[i].n = 0;
	}
	return e->code == ERR_NONE ? 0 : -1;
}

int sources_parse(struct sources *out, const struct recipe *r, char **operands, size_t n,
	const struct opt_list *with, struct err *e)
{
	struct path_list *lists = mem_zalloc(r->n, sizeof(*lists));
	int result = 0;

	*out = (struct sources){ .at = mem_zalloc(r->n, sizeof(*out->at)), .n = r->n };
	for (size_t i = 0; i < n && result == 0; i++)
		result = read_operand(lists, r, operands[i], e);
	for (size_t i = 0; i < with->n && result == 0; i++)
		result = read_side(out, r, with->at[i], e);
	if (result == 0)
		result = join_lists(out, r, lists, e);
	for (size_t i = 0; i < r->n; i++)
		path_list_release(&lists[i]);
	free(lists);
	if (result < 0)
		sources_release(out);
	return result;
}

void sources_release(struct sources *s)
{
	for (size_t i = 0; i < s->n_files; i++)
		free(s->files[i]);
	for (size_t i = 0; i < s->n; i++)
		free(s->at[i].with.at);
	free(s->files);
	free(s->at);
	*s = (struct sources){ 0 };
}

/* --- counting --------------------------------------------------------------------------------- */

/* A worker's own counts; worker_free, which runs alone, adds them to the source's. */
struct counter {
	struct mix_source *source;
	struct mix_source own;
	struct buf joined;
};

/* What the joined fields add to the line. */
static uint64_t joined_bytes(struct counter *c, const struct record *r)
{
	if (!record_changed(r))
		return 0;
	buf_clear(&c->joined, MIB);
	record_write(r, &c->joined);
	return c->joined.n - MIN(c->joined.n, r->line.n + 1);
}

static void *counter_new(const void *config, struct err *e)
{
	struct counter *c = mem_zalloc(1, sizeof(*c));

	(void)e;
	memcpy(&c->source, config, sizeof(c->source));
	return c;
}

static enum verdict count_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct mix_source *own = &((struct counter *)worker)->own;
	uint64_t tokens = 0;

	(void)to;
	(void)why;
	(void)e;
	if (record_uint(r, "token_count", &tokens) == RECORD_FOUND)
		own->with_tokens++;
	own->in.tokens += tokens;
	own->in.text_bytes += record_text(r).n;
	own->in.digest.records++;
	own->in.digest.bytes += r->line.n + 1;
	own->without_id += record_id(r).n == 0;
	own->joined_bytes += joined_bytes(worker, r);
	return KEEP;
}

static void counter_free(void *worker)
{
	struct counter *c = worker;

	tally_add(&c->source->in, &c->own.in);
	c->source->with_tokens += c->own.with_tokens;
	c->source->without_id += c->own.without_id;
	c->source->joined_bytes += c->own.joined_bytes;
	buf_release(&c->joined);
	free(c);
}

/* Its config is a pointer to the source. */
static const struct stage count_stage = {
	.name = "mix",
	.worker_new = counter_new,
	.worker_free = counter_free,
	.record = count_record,
};

struct common source_common(const struct mix_source *source, const struct run *run)
{
	struct common c = *run->common;

	c.with = source->with;
	return c;
}

int sources_count(struct sources *s, struct run *run, struct err *e)
{
	struct buf unsaid = { 0 }; /* the second pass meets the same bad records */
	int result = 0;

	for (size_t i = 0; i < s->n && result == 0; i++) {
		struct mix_source *source = &s->at[i];
		struct common common = source_common(source, run);
		struct run part = *run;

		part.common = &common;
		part.files = s->files + source->first_file;
		part.n_files = source->n_files;
		part.notes = &unsaid;
		result = run_stage(&part, &count_stage, &source, NULL, e);
	}
	buf_release(&unsaid);
	return result;
}

/* --- the unit --------------------------------------------------------------------------------- */

/* Sources in which no document has a token_count, of those that hold documents. */
static const struct mix_source *uncounted(const struct sources *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->at[i].in.digest.records && !s->at[i].with_tokens)
			return &s->at[i];
	return NULL;
}

static void note_missing(const struct sources *s, struct buf *notes)
{
	for (size_t i = 0; i < s->n; i++) {
		uint64_t all = s->at[i].in.digest.records, missing = all - s->at[i].with_tokens;

		if (missing)
			buf_printf(notes,
				"%s: %" PRIu64 " of %" PRIu64 " documents have no token_count and "
				"count as 0 tokens\n",
				s->at[i].name, missing, all);
	}
}

int sources_unit(const struct sources *s, int asked, bool total, enum mix_unit *out,
	struct buf *notes, struct err *e)
{
	const struct mix_source *without = uncounted(s);

	*out = asked < 0 ? UNIT_TOKENS : (enum mix_unit)asked;
	if (*out != UNIT_TOKENS)
		return 0;
	if (without && total)
		return err_set(e, ERR_DATA,
			"the total is in tokens, but no document of %s has a token_count: count "
			"them by corpus-tokenize count, or give --unit bytes",
			without->name);
	if (without) {
		*out = UNIT_BYTES;
		buf_printf(notes,
			"no document of %s has a token_count: the mix is measured in bytes of "
			"text, not in tokens\n",
			without->name);
	} else {
		note_missing(s, notes);
	}
	return 0;
}
