/* The questions that must not be in a corpus. */
#include "stages/dedup/benchmarks.h"

#include "lib/core/mem.h"
#include "lib/record/record.h"
#include "lib/stream/batches.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* --- NAME[:FIELD,...]=FILE -------------------------------------------------------------------- */

static int parse_one(struct benchmark *b, const char *given, struct err *e)
{
	struct slice left = slice_str(given);
	size_t equals = slice_find(left, SLICE("="));

	if (equals + 1 >= left.n)
		return err_set(
			e, ERR_USAGE, "--benchmark '%s' is not NAME[:FIELD,...]=FILE", given);
	*b = (struct benchmark){ .file = given + equals + 1, .fields = SLICE("text") };
	left.n = equals;
	b->name = slice_head(left, slice_find(left, SLICE(":")));
	if (b->name.n < left.n)
		b->fields = slice_skip(left, b->name.n + 1);
	return b->name.n && b->fields.n
		? 0
		: err_set(e, ERR_USAGE, "--benchmark '%s': an empty name", given);
}

static int parse(struct benchmarks *b, const struct opt_list *given, struct err *e)
{
	for (size_t i = 0; i < given->n; i++) {
		mem_grow(&b->at, b->n, &b->cap, sizeof(*b->at));
		if (parse_one(&b->at[i], given->at[i], e) < 0)
			return -1;
		for (size_t k = 0; k < i; k++) {
			if (slice_eq(b->at[k].name, b->at[i].name))
				return err_set(e, ERR_USAGE, "--benchmark: two have the name %.*s",
					(int)MIN(b->at[i].name.n, 100), b->at[i].name.p);
		}
		b->n++;
	}
	return 0;
}

/* Takes one field off the front of *fields; false behind the last. */
static bool next_field(struct slice *fields, struct slice *field)
{
	if (!fields->n)
		return false;
	*field = slice_head(*fields, slice_find(*fields, SLICE(",")));
	*fields = slice_skip(*fields, field->n + 1);
	return true;
}

/* --- questions -------------------------------------------------------------------------------- */

struct reading {
	struct benchmarks *all;
	struct benchmark *one;
	struct record record;
	struct tokens tokens;
	uint64_t *found; /* a field: questions that have a string there */
	uint64_t strings, grams; /* of the question at hand */
};

static int add_text(struct reading *r, struct slice text, struct err *e)
{
	uint32_t question = (uint32_t)r->all->n_questions - 1;
	int64_t added;

	if (!tokens_split(&r->tokens, text))
		return err_set(e, ERR_LIMIT, "a string of %zu bytes is too long", text.n);
	added = grams_add(r->all->grams, r->tokens.at, r->tokens.n, question, e);
	if (added < 0)
		return -1;
	r->strings++;
	r->grams += (uint64_t)added;
	return 0;
}

/* All strings of a value. */
static int add_value(struct reading *r, struct slice value, unsigned depth, struct err *e)
{
	struct json_members in = { 0 };
	const char *what;
	size_t where;
	int result = 0;
	bool read;

	if (value.p[0] == '"')
		return add_text(r, json_decode(value, &r->record.arena, &r->record.replaced), e);
	if (value.p[0] != '[' && value.p[0] != '{')
		return 0;
	if (depth == BENCHMARK_MAX_DEPTH)
		return err_set(e, ERR_LIMIT, "strings below more than %d arrays and objects",
			BENCHMARK_MAX_DEPTH);
	read = value.p[0] == '[' ? json_scan_array(value, &in, &where, &what)
				 : json_scan_object(value, &in, &where, &what);
	if (!read)
		result = err_set(e, ERR_LIMIT, "%s", what);
	for (size_t i = 0; result == 0 && i < in.n; i++)
		result = add_value(r, in.at[i].value, depth + 1, e);
	json_members_release(&in);
	return result;
}

static void add_question(struct reading *r)
{
	struct benchmarks *b = r->all;
	struct slice id = record_id(&r->record);
	char number[24];

	if (!id.n) {
		int n = snprintf(number, sizeof(number), "%zu", b->n_questions - r->one->first);

		id = (struct slice){ number, (size_t)n };
	}
	mem_grow(&b->questions, b->n_questions, &b->cap_questions, sizeof(*b->questions));
	b->questions[b->n_questions++] = (struct question){ .benchmark = (uint32_t)(r->one - b->at),
		.id = arena_copy(&b->ids, id) };
}

static int add_fields(struct reading *r, struct err *e)
{
	struct slice fields = r->one->fields, field;

	r->strings = r->grams = 0;
	for (size_t i = 0; next_field(&fields, &field); i++) {
		uint64_t before = r->strings;
		struct slice value = record_raw(&r->record, arena_copy(&r->record.arena, field).p);

		if (value.p && add_value(r, value, 0, e) < 0)
			return err_wrap(e, "%.*s", (int)MIN(field.n, 100), field.p);
		r->found[i] += r->strings > before;
	}
	r->one->no_string += r->strings == 0;
	r->one->too_short += r->strings && !r->grams;
	return 0;
}

static int add_line(struct reading *r, struct slice line, struct err *e)
{
	if (record_scan(&r->record, line, e) < 0)
		return -1;
	if (r->all->n_questions == UINT32_MAX)
		return err_set(e, ERR_LIMIT, "more than %" PRIu32 " questions", UINT32_MAX);
	digest_line(&r->one->digest, line);
	add_question(r);
	return add_fields(r, e);
}

/* --- files ------------------------------------------------------------------------------------ */

static int add_batch(struct reading *r, const struct batch *batch, struct err *e)
{
	struct slice rest = buf_view(&batch->data), line;
	const struct benchmark *b = r->one;

	if (batch->too_long)
		return err_set(e, ERR_LIMIT, "%s: a line of %" PRIu64 " bytes exceeds --max-record",
			b->file, batch->too_long);
	while (next_record_line(&rest, &line)) {
		size_t number = r->all->n_questions - b->first;

		if (add_line(r, line, e) < 0)
			return err_wrap(e, "%s: question %zu", b->file, number);
	}
	return 0;
}

static int check_fields(const struct reading *r, struct err *e)
{
	struct slice fields = r->one->fields, field;

	if (r->all->n_questions == r->one->first)
		return err_set(e, ERR_DATA, "%s: holds no question", r->one->file);
	for (size_t i = 0; next_field(&fields, &field); i++) {
		if (!r->found[i])
			return err_set(e, ERR_DATA, "%s: no question has a string %.*s",
				r->one->file, (int)MIN(field.n, 100), field.p);
	}
	return 0;
}

static int read_lines(struct reading *r, const struct benchmarks_options *o, struct err *e)
{
	struct batches_options how = { .max_record = o->max_record, .serial = true };
	struct batch batch = { 0 };
	struct batches *in;
	int got;

	if (batches_open(&in, r->one->file, &how, e) < 0)
		return -1;
	while ((got = batches_next(in, &batch, e)) > 0 && add_batch(r, &batch, e) == 0)
		;
	buf_release(&batch.data);
	batches_free(in);
	return got == 0 ? check_fields(r, e) : -1;
}

static int read_file(
	struct benchmarks *b, size_t i, const struct benchmarks_options *o, struct err *e)
{
	struct reading r = { .all = b, .one = &b->at[i] };
	int result;

	/* No more fields than bytes that name them. */
	r.found = mem_zalloc(r.one->fields.n, sizeof(*r.found));
	r.one->first = (uint32_t)b->n_questions;
	result = read_lines(&r, o, e);
	r.one->end = (uint32_t)b->n_questions;
	free(r.found);
	record_release(&r.record);
	tokens_release(&r.tokens);
	return result;
}

int benchmarks_read(struct benchmarks *b, const struct benchmarks_options *o, struct err *e)
{
	b->grams = grams_new(o->ngram, o->memory);
	if (!o->given->n)
		return err_set(e, ERR_USAGE, "--benchmark is needed: what is to be found");
	if (parse(b, o->given, e) < 0)
		return -1;
	for (size_t i = 0; i < b->n; i++) {
		if (read_file(b, i, o, e) < 0)
			return -1;
	}
	grams_seal(b->grams);
	return 0;
}

void benchmarks_describe(const struct benchmarks *b, struct buf *json)
{
	buf_str(json, "\"benchmarks\":[");
	for (size_t i = 0; i < b->n; i++) {
		char hex[33];

		digest_hex(&b->at[i].digest, hex);
		buf_str(json, i ? ",{" : "{");
		json_put_key(json, "name");
		json_put_string(json, b->at[i].name);
		json_put_key(json, "digest");
		json_put_string(json, slice_str(hex));
		buf_byte(json, '}');
	}
	buf_byte(json, ']');
}

void benchmarks_tell(const struct benchmarks *b, size_t ngram, struct buf *notes)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct benchmark *x = &b->at[i];
		uint32_t all = x->end - x->first;

		if (x->no_string)
			buf_printf(notes,
				"%.*s: %" PRIu64 " of %" PRIu32 " questions have no text\n",
				(int)x->name.n, x->name.p, x->no_string, all);
		if (x->too_short)
			buf_printf(notes,
				"%.*s: %" PRIu64 " of %" PRIu32 " questions have fewer than %zu "
				"tokens and cannot be found\n",
				(int)x->name.n, x->name.p, x->too_short, all, ngram);
	}
}

void benchmarks_release(struct benchmarks *b)
{
	grams_free(b->grams);
	arena_release(&b->ids);
	free(b->questions);
	free(b->at);
	*b = (struct benchmarks){ 0 };
}
