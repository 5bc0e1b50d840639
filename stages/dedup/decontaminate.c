/* corpus-dedup decontaminate: cuts out of a corpus what benchmarks ask. */
#include "lib/core/mem.h"
#include "lib/store/keyset.h"
#include "lib/stats.h"
#include "lib/stream/publish.h"
#include "stages/dedup/excerpt.h"
#include "stages/dedup/dedup.h"
#include "stages/dedup/passes.h"
#include "stages/dedup/sightings.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

/* Records, in the one pass or in the first of two. */
struct looked {
	uint64_t searched, absent, no_string;
	uint64_t replaced; /* ill-formed sequences */
};

struct decontaminate {
	const struct dedup_decontaminate_config *cfg;
	struct benchmarks benchmarks;
	struct excerpt_rules rules;
	_Atomic uint64_t *documents; /* in which each n-gram is */
	struct keyset *touched; /* lines in which one is; NULL: all may be */
	bool second; /* documents and touched are complete */
	struct looked looked;
	uint64_t pieces; /* that documents were cut into */
	struct sightings found;
};

/* --- a worker --------------------------------------------------------------------------------- */

struct searcher {
	struct decontaminate *all;
	struct tokens tokens;
	struct gram_hits hits;
	uint32_t *grams; /* of one document, for counting */
	size_t cap_grams;
	struct excerpt cut;
	struct buf id, json;
	struct looked looked;
	uint64_t pieces;
	struct sightings found;
};

/* The stages get a pointer to the run's struct, so that what workers found can be added to it. */
static struct decontaminate *of_config(const void *config)
{
	struct decontaminate *all;

	memcpy(&all, config, sizeof(all));
	return all;
}

static void *searcher_new(const void *config, struct err *e)
{
	struct searcher *s = mem_zalloc(1, sizeof(*s));

	(void)e;
	s->all = of_config(config);
	sightings_init(&s->found, &s->all->benchmarks, (size_t)s->all->cfg->examples);
	return s;
}

static void searcher_free(void *worker)
{
	struct searcher *s = worker;
	struct decontaminate *all = s->all;

	if (!all->second) {
		all->looked.searched += s->looked.searched;
		all->looked.absent += s->looked.absent;
		all->looked.no_string += s->looked.no_string;
		all->looked.replaced += s->looked.replaced;
	}
	all->pieces += s->pieces;
	sightings_merge(&all->found, &s->found);
	tokens_release(&s->tokens);
	free(s->hits.at);
	free(s->grams);
	excerpt_release(&s->cut);
	buf_release(&s->id);
	buf_release(&s->json);
	sightings_release(&s->found);
	free(s);
}

/* --- searching -------------------------------------------------------------------------------- */

/* False: there is no text. */
static bool get_text(struct searcher *s, struct record *r, struct slice *text)
{
	struct looked *l = &s->looked;
	enum record_found found = record_str(r, s->all->cfg->field, text);

	l->searched += found == RECORD_FOUND;
	l->absent += found == RECORD_ABSENT;
	l->no_string += found == RECORD_OTHER_TYPE;
	l->replaced += r->replaced;
	return found == RECORD_FOUND;
}

/* The hits of the text; -1: it is too long. */
static int search(struct searcher *s, struct slice text, struct err *e)
{
	if (!tokens_split(&s->tokens, text))
		return err_set(e, ERR_LIMIT, "a text of %zu bytes is too long", text.n);
	grams_find(s->all->benchmarks.grams, s->tokens.at, s->tokens.n, &s->hits);
	return 0;
}

static int compare_grams(const void *a, const void *b)
{
	uint32_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

/* One document more for each n-gram in it. */
static void count_document(struct searcher *s)
{
	size_t n = s->hits.n;

	if (!n)
		return;
	while (s->cap_grams < n)
		mem_grow(&s->grams, s->cap_grams, &s->cap_grams, sizeof(*s->grams));
	for (size_t i = 0; i < n; i++)
		s->grams[i] = s->hits.at[i].gram;
	qsort(s->grams, n, sizeof(*s->grams), compare_grams);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || s->grams[i] != s->grams[i - 1])
			atomic_fetch_add(&s->all->documents[s->grams[i]], 1);
	}
}

static bool counts(const struct decontaminate *all, uint32_t gram)
{
	return !all->cfg->max_docs || atomic_load(&all->documents[gram]) <= all->cfg->max_docs;
}

/* Leaves those hits whose n-gram is in few enough documents. */
static void leave_what_counts(struct searcher *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->hits.n; i++) {
		if (counts(s->all, s->hits.at[i].gram))
			s->hits.at[n++] = s->hits.at[i];
	}
	s->hits.n = n;
}

/* --- the first pass, which counts ------------------------------------------------------------- */

static struct key128 line_key(const struct record *r)
{
	XXH128_hash_t h = XXH3_128bits(r->line.p, r->line.n);

	return (struct key128){ h.low64, h.high64 };
}

/* The note is the key of a line that the second pass has to look at. */
static enum verdict count_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct searcher *s = worker;
	struct slice text;

	(void)to;
	(void)why;
	if (!get_text(s, r, &text))
		return KEEP;
	if (search(s, text, e) < 0)
		return BAD;
	count_document(s);
	if (s->hits.n) {
		struct key128 key = line_key(r);

		r->note = (struct note){ key.lo, key.hi };
	}
	return KEEP;
}

static enum verdict remember_line(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	struct decontaminate *all = of_config(config);
	struct key128 key = { note.lo, note.hi };
	uint64_t *found;

	(void)n;
	(void)why;
	(void)e;
	if (!all->touched || (!note.lo && !note.hi))
		return KEEP;
	if (keyset_put(all->touched, key, 0, &found) == KEYSET_FULL) {
		keyset_free(all->touched);
		all->touched = NULL;
	}
	return KEEP;
}

static const struct stage count_pass = {
	.name = "dedup",
	.worker_new = searcher_new,
	.worker_free = searcher_free,
	.record = count_record,
	.decide = remember_line,
};

/* --- the pass that cuts ----------------------------------------------------------------------- */

/* "ID#K" and "parent": a piece is no longer the document of that name. K counts from 1. */
static void name_piece(struct searcher *s, struct record *r, struct slice id, uint64_t k)
{
	s->id.n = 0;
	buf_slice(&s->id, id);
	buf_printf(&s->id, "#%" PRIu64, k);
	record_set_str(r, "id", buf_view(&s->id));
}

static enum verdict emit_pieces(struct searcher *s, struct record *r, struct emitter *to)
{
	struct slice whole = record_raw(r, "id"), id = record_id(r);

	/* A number is an id too, as it stands. */
	if (!id.n && whole.n && (whole.p[0] == '-' || (whole.p[0] >= '0' && whole.p[0] <= '9')))
		id = whole;
	if (id.n)
		record_set_raw(r, "parent", whole);
	for (size_t i = 0; i < s->cut.n; i++) {
		if (id.n)
			name_piece(s, r, id, i + 1);
		record_set_str(r, s->all->cfg->field, s->cut.at[i].text);
		record_write(r, to->out);
		to->emitted++;
	}
	s->pieces += s->cut.n;
	return SPLIT;
}

/* What would happen to the record. */
static void annotate(struct searcher *s, struct record *r, uint64_t removed, bool dropped)
{
	struct buf *json = &s->json;

	json->n = 0;
	buf_str(json, "{\"benchmarks\":[");
	for (size_t i = 0; i < s->all->benchmarks.n; i++) {
		if (!sightings_in_last(&s->found, i))
			continue;
		if (json->p[json->n - 1] != '[')
			buf_byte(json, ',');
		json_put_string(json, s->all->benchmarks.at[i].name);
	}
	buf_byte(json, ']');
	json_put_key(json, "ngrams");
	json_put_uint(json, s->hits.n);
	json_put_key(json, "characters_removed");
	json_put_uint(json, removed);
	json_put_key(json, "pieces");
	json_put_uint(json, dropped ? 0 : s->cut.n);
	buf_byte(json, '}');
	record_set_raw(r, "contamination", buf_view(json));
}

static uint64_t characters_kept(const struct excerpt *c)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < c->n; i++)
		sum += c->at[i].characters;
	return sum;
}

/* A record with hits that count. */
static enum verdict cut_out(struct searcher *s, struct record *r, struct slice text,
	struct emitter *to, struct reason *why)
{
	const struct excerpt_rules *rules = &s->all->rules;
	struct excerpt *c = &s->cut;
	struct sighted d = { .id = record_id(r),
		.text = text,
		.hash = line_key(r).lo,
		.tokens = &s->tokens,
		.hits = &s->hits };
	bool shattered;

	excerpt_cut(c, rules, text, &s->tokens, &s->hits);
	shattered = c->all > rules->max_pieces;
	d.dropped = shattered || !c->n;
	d.removed = c->characters - (d.dropped ? 0 : characters_kept(c));
	sightings_add(&s->found, &d);
	if (s->all->cfg->annotate) {
		annotate(s, r, d.removed, d.dropped);
		return KEEP;
	}
	if (shattered)
		return drop(why, "max_pieces", (double)c->all, (double)rules->max_pieces);
	if (!c->n)
		return drop(why, "min_piece", (double)c->longest, (double)rules->min_piece);
	return emit_pieces(s, r, to);
}

static enum verdict cut_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct searcher *s = worker;
	const struct decontaminate *all = s->all;
	struct slice text;

	if (all->second && all->touched && !keyset_get(all->touched, line_key(r)))
		return KEEP;
	if (!get_text(s, r, &text))
		return KEEP;
	if (search(s, text, e) < 0)
		return BAD;
	if (!all->second)
		count_document(s);
	leave_what_counts(s);
	return s->hits.n ? cut_out(s, r, text, to, why) : KEEP;
}

static const struct stage cut_pass = {
	.name = "dedup",
	.worker_new = searcher_new,
	.worker_free = searcher_free,
	.record = cut_record,
};

/* --- what is said ----------------------------------------------------------------------------- */

static void mark_questions(struct decontaminate *x)
{
	for (uint32_t i = 0; i < grams_count(x->benchmarks.grams); i++) {
		if (x->documents[i])
			sightings_mark(
				&x->found, i, counts(x, i) ? QUESTION_SEEN : QUESTION_FREQUENT);
	}
}

/* For --stats, without examples. */
static char *extra(const struct decontaminate *x)
{
	struct buf out = { 0 };

	buf_printf(&out,
		",\"contaminated\":{\"documents\":%" PRIu64 ",\"dropped\":%" PRIu64
		",\"pieces\":%" PRIu64 ",\"characters_removed\":%" PRIu64 ",\"benchmarks\":[",
		x->found.documents, x->found.dropped, x->pieces, x->found.removed);
	for (size_t i = 0; i < x->benchmarks.n; i++) {
		if (i)
			buf_byte(&out, ',');
		sightings_put(&x->found, i, false, &out);
	}
	buf_str(&out, "]}");
	return buf_cstr(&out);
}

static int write_report(const struct decontaminate *x, struct err *e)
{
	struct buf out = { 0 };
	int result;

	for (size_t i = 0; i < x->benchmarks.n; i++) {
		sightings_put(&x->found, i, true, &out);
		buf_byte(&out, '\n');
	}
	result = publish_bytes(x->cfg->report, buf_view(&out), e);
	buf_release(&out);
	return result;
}

static void tell(const struct decontaminate *x, const struct run *run)
{
	const struct looked *l = &x->looked;
	const char *field = x->cfg->field;
	struct buf *notes = run->notes;

	if (l->absent)
		buf_printf(notes, "%" PRIu64 " records without %s were kept\n", l->absent, field);
	if (l->no_string)
		buf_printf(notes, "%" PRIu64 " records whose %s is no string were kept\n",
			l->no_string, field);
	if (!l->searched)
		buf_printf(notes, "no record has a string %s: nothing was searched\n", field);
	else if (!x->found.documents)
		buf_printf(notes, "none of %zu questions was found in %" PRIu64 " records\n",
			x->benchmarks.n_questions, l->searched);
	else if (run->common->verbose)
		buf_printf(notes,
			"found questions in %" PRIu64 " records, of which %" PRIu64
			" were dropped: %" PRIu64 " characters removed\n",
			x->found.documents, x->found.dropped, x->found.removed);
}

/* --- the program ------------------------------------------------------------------------------ */

/* The report takes no input's and no other output's place. */
static int check_report(const struct run *run, const struct decontaminate *x, struct err *e)
{
	const char *report = x->cfg->report;
	const struct common *c = run->common;
	const char *others[] = { c->output, c->rejects, c->stats, c->metrics };

	for (size_t i = 0; report && i < ARRAY_LEN(others); i++) {
		if (others[i] && publish_same_place(report, others[i]))
			return err_set(e, ERR_USAGE, "--report and another output are one file: %s",
				report);
	}
	for (size_t i = 0; report && i < run->n_files; i++) {
		if (publish_same_place(report, run->files[i]))
			return err_set(e, ERR_USAGE, "--report would take the place of %s", report);
	}
	return 0;
}

static int check_files(const struct run *run, const struct decontaminate *x, struct err *e)
{
	for (size_t i = 0; i < x->benchmarks.n; i++) {
		const char *file = x->benchmarks.at[i].file;

		if (run_check_kept(run, file, e) < 0)
			return -1;
		if (x->cfg->report && publish_same_place(x->cfg->report, file))
			return err_set(e, ERR_USAGE, "--report would take the place of %s", file);
	}
	return check_report(run, x, e);
}

static int begin_second(void *config, struct err *e)
{
	(void)e;
	of_config(config)->second = true;
	return 0;
}

static bool one_is_enough(const void *config)
{
	(void)config;
	return true;
}

static int read_and_cut(struct run *run, struct decontaminate *x, struct err *e)
{
	struct passes twice = { .program = &dedup_decontaminate_stage,
		.first = &count_pass,
		.between = begin_second,
		.second = &cut_pass };
	struct passes once = { .program = &dedup_decontaminate_stage,
		.first = &cut_pass,
		.once = PASSES_ONCE,
		.done = one_is_enough };

	if (passes_run(x->cfg->max_docs ? &twice : &once, run, &x, e) < 0)
		return -1;
	/* The second pass decodes few texts. */
	if (x->second)
		run->stats->replaced = x->looked.replaced;
	mark_questions(x);
	run->stats->extra = extra(x);
	tell(x, run);
	return x->cfg->report ? write_report(x, e) : 0;
}

static int decontaminate_run(struct run *run, void *config, struct err *e)
{
	const struct dedup_decontaminate_config *cfg = config;
	size_t half = (size_t)run->common->memory / 2;
	struct decontaminate x = {
		.cfg = cfg,
		.rules = { cfg->ngram, cfg->window, cfg->min_piece, cfg->max_pieces },
		.touched = keyset_new(half),
	};
	struct benchmarks_options from = { &cfg->benchmarks, (size_t)cfg->ngram, half,
		run->common->max_record };
	int result = benchmarks_read(&x.benchmarks, &from, e);

	if (result == 0)
		result = check_files(run, &x, e);
	if (result == 0) {
		size_t n = grams_count(x.benchmarks.grams);

		benchmarks_tell(&x.benchmarks, (size_t)cfg->ngram, run->notes);
		x.documents = mem_zalloc(n + 1, sizeof(*x.documents));
		sightings_init(&x.found, &x.benchmarks, (size_t)cfg->examples);
		result = read_and_cut(run, &x, e);
	}
	sightings_release(&x.found);
	free(x.documents);
	keyset_free(x.touched);
	benchmarks_release(&x.benchmarks);
	return result;
}

static void decontaminate_describe(const void *config, struct buf *json)
{
	benchmarks_describe(&of_config(config)->benchmarks, json);
}

const struct stage dedup_decontaminate_stage = {
	.name = "dedup",
	.summary = "cut out what benchmarks ask",
	.common = COMMON_OUTPUT | COMMON_THREADS | COMMON_ENCODE | COMMON_RECORDS | COMMON_STATS |
		COMMON_MEMORY | COMMON_WITH,
	.describe = decontaminate_describe,
	.run = decontaminate_run,
};
