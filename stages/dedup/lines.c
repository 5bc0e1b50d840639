/* corpus-dedup lines and paragraphs: drops what of texts was seen before. */
#include "lib/core/mem.h"
#include "lib/run.h"
#include "lib/stats.h"
#include "stages/dedup/dedup.h"
#include "stages/dedup/fates.h"
#include "stages/dedup/normalise.h"
#include "stages/dedup/passes.h"
#include "stages/dedup/parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

struct lines {
	const struct dedup_lines_config *cfg;
	enum part_kind kind;
	const struct passes *passes;
	struct keep keep;
	bool hashes; /* of the pass at hand: the workers hash and rank */
	struct keyset *seen; /* hash to the copies met, until it is full; then NULL */
	struct fates *fates; /* from then on all hashes */
	struct fate next; /* of fates, where more */
	bool more;
	uint64_t absent, no_string, ranked; /* records */
	uint64_t parts, gone, gone_bytes;
};

/* A part's place in the whole input: the number of its record and its own in that. What has no
 * place is never dropped. */
enum { PART_BITS = 23 };
#define MAX_RECORDS ((uint64_t)1 << (63 - PART_BITS))

static uint64_t place_of(uint64_t record, uint64_t part)
{
	return record << PART_BITS | part;
}

/* --- splitting, on the workers ---------------------------------------------------------------- */

/* What a record's note points to. */
struct split {
	size_t n;
	uint64_t content; /* bytes */
	struct part *parts;
	struct key128 *keys; /* with hashes */
	bool *gone; /* what decide says */
	uint64_t n_gone, gone_bytes;
	struct keep_rank rank;
	bool ranked;
};

/* What it says when there is none. */
enum { NOTE_ABSENT, NOTE_NO_STRING };

struct splitter {
	const struct lines *x;
	struct normaliser *normaliser;
	struct parts parts;
	struct buf cut;
};

static void *splitter_new(const void *config, struct err *e)
{
	struct splitter *s = mem_zalloc(1, sizeof(*s));

	s->x = config;
	s->normaliser = normaliser_new((enum normalise)s->x->cfg->normalise, e);
	if (s->normaliser)
		return s;
	free(s);
	return NULL;
}

static void splitter_free(void *worker)
{
	struct splitter *s = worker;

	normaliser_free(s->normaliser);
	parts_release(&s->parts);
	buf_release(&s->cut);
	free(s);
}

static struct key128 hash_part(struct splitter *s, struct slice text, const struct part *u)
{
	struct slice bytes = { text.p + u->from, u->to - u->from };
	struct slice normal = normaliser_apply(s->normaliser, bytes);
	XXH128_hash_t h = XXH3_128bits(normal.p, normal.n);

	return (struct key128){ .lo = h.low64, .hi = h.high64 };
}

static struct split *split_text(struct splitter *s, struct record *r, struct slice text)
{
	struct split *out = arena_alloc(r->batch, sizeof(*out));
	size_t n;

	parts_split(&s->parts, text, s->x->kind, s->x->cfg->min_length);
	n = MIN(s->parts.n, (size_t)1 << PART_BITS);
	*out = (struct split){ .n = n, .content = s->parts.content };
	if (s->x->hashes)
		out->ranked = keep_rank_record(&s->x->keep, r, text, &out->rank);
	if (!n)
		return out;
	out->parts = arena_alloc(r->batch, n * sizeof(*out->parts));
	memcpy(out->parts, s->parts.at, n * sizeof(*out->parts));
	out->gone = arena_alloc(r->batch, n * sizeof(*out->gone));
	memset(out->gone, 0, n * sizeof(*out->gone));
	if (!s->x->hashes)
		return out;
	out->keys = arena_alloc(r->batch, n * sizeof(*out->keys));
	for (size_t i = 0; i < n; i++)
		out->keys[i] = hash_part(s, text, &out->parts[i]);
	return out;
}

static enum verdict split_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct splitter *s = worker;
	struct slice text;

	(void)to;
	(void)why;
	switch (record_str(r, s->x->cfg->field, &text)) {
	case RECORD_ABSENT: r->note = (struct note){ .lo = NOTE_ABSENT }; return KEEP;
	case RECORD_OTHER_TYPE: r->note = (struct note){ .lo = NOTE_NO_STRING }; return KEEP;
	case RECORD_FOUND: break;
	}
	if (text.n > PARTS_MAX_TEXT) {
		err_set(e, ERR_LIMIT, "%s of %zu bytes: 4 GiB at most", s->x->cfg->field, text.n);
		return BAD;
	}
	r->note = (struct note){ .lo = (uintptr_t)split_text(s, r, text), .hi = 1 };
	return KEEP;
}

/* --- what a record is without what goes ------------------------------------------------------- */

static enum verdict judge(struct lines *x, struct split *s, struct reason *why)
{
	double share = (double)s->gone_bytes / (double)MAX(s->content, (uint64_t)1);

	if (!s->n_gone)
		return KEEP;
	x->gone += s->n_gone;
	x->gone_bytes += s->gone_bytes;
	if (x->cfg->annotate)
		return AMEND;
	if (s->gone_bytes >= s->content)
		return drop(why, "emptied", 1, 1);
	if (share > x->cfg->max_share)
		return drop(why, "max_share", share, x->cfg->max_share);
	return AMEND;
}

static void mark_gone(struct split *s, size_t i)
{
	s->gone[i] = true;
	s->n_gone++;
	s->gone_bytes += part_content(&s->parts[i]);
}

/* The first part behind i that is no line of the paragraph i. */
static size_t behind_inner(const struct split *s, size_t i)
{
	for (i++; i < s->n && s->parts[i].inner; i++)
		;
	return i;
}

static int cut_record(void *worker, struct record *r, struct note note, struct err *e)
{
	const struct split *s = (const struct split *)(uintptr_t)note.lo;
	struct splitter *self = worker;
	const struct lines *x = self->x;
	struct slice text;

	(void)e;
	if (x->cfg->annotate) {
		bool lines = x->kind == PART_LINES;

		record_set_uint(r, lines ? "repeated_lines" : "repeated_paragraphs", s->n_gone);
		record_set_ratio(r, lines ? "repeated_lines_share" : "repeated_paragraphs_share",
			MIN((double)s->gone_bytes / (double)s->content, 1.0));
		return 0;
	}
	record_str(r, x->cfg->field, &text);
	buf_clear(&self->cut, MIB);
	parts_cut(&self->cut, text, x->kind, s->parts, s->gone, s->n);
	record_set_str(r, x->cfg->field, buf_view(&self->cut));
	return 0;
}

/* --- the first pass --------------------------------------------------------------------------- */

static bool count_text(struct lines *x, struct note note)
{
	if (!note.hi && note.lo == NOTE_ABSENT)
		x->absent++;
	else if (!note.hi)
		x->no_string++;
	return note.hi != 0;
}

/* The set is full: each key goes to the sorter with as many places as it has copies, so that all
 * that comes later is behind them. The places are of nothing that is dropped. */
static int move_to_disk(struct lines *x, struct err *e)
{
	struct key128 key;
	uint64_t copies;
	size_t at = 0;
	int result = 0;

	while (result == 0 && keyset_next(x->seen, &at, &key, &copies))
		for (; result == 0 && copies > 0; copies--)
			result = fates_add(x->fates, key, NULL, 0, e);
	keyset_free(x->seen);
	x->seen = NULL;
	return result;
}

/* 1: it is a copy too many; 0: it stays, or nobody knows yet; -1. */
static int look_up(struct lines *x, const struct split *s, size_t i, uint64_t place, struct err *e)
{
	uint64_t *copies;

	if (x->seen) {
		switch (keyset_put(x->seen, s->keys[i], 1, &copies)) {
		case KEYSET_NEW: return 0;
		case KEYSET_SEEN:
			if (*copies == x->cfg->copies)
				return 1;
			++*copies;
			return 0;
		case KEYSET_FULL: break;
		}
		if (move_to_disk(x, e) < 0)
			return -1;
	}
	return fates_add(x->fates, s->keys[i], &s->rank, place, e);
}

/* Keys so far ahead are on their way to the caches. */
enum { AHEAD = 8 };

static void prefetch(const struct lines *x, const struct split *s, size_t i)
{
	if (x->seen && i < s->n)
		keyset_prefetch(x->seen, s->keys[i]);
}

static int look_up_all(struct lines *x, uint64_t n, struct split *s, struct err *e)
{
	for (size_t i = 0; i < AHEAD; i++)
		prefetch(x, s, i);
	for (size_t i = 0, next; i < s->n; i = next) {
		uint64_t place = place_of(n, i);
		int got = look_up(x, s, i, place, e);

		prefetch(x, s, i + AHEAD);
		next = i + 1;
		if (got < 0)
			return -1;
		if (got == 0)
			continue;
		if (fates_put(x->fates, &(struct fate){ .number = place }, e) < 0)
			return -1;
		mark_gone(s, i);
		if (!s->parts[i].inner)
			next = behind_inner(s, i);
	}
	return 0;
}

static enum verdict decide_first(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	struct split *s = (struct split *)(uintptr_t)note.lo;
	struct lines *x = config;

	if (!count_text(x, note))
		return KEEP;
	if (n >= MAX_RECORDS) {
		err_set(e, ERR_LIMIT, "more than %" PRIu64 " records", MAX_RECORDS);
		return FAIL;
	}
	x->parts += s->n;
	x->ranked += s->ranked;
	if (look_up_all(x, n, s, e) < 0)
		return FAIL;
	/* Written in vain where there is no set any more: what is dropped needs no compression. */
	if (!x->seen && x->passes->writes && !x->passes->rejects)
		return drop(why, "emptied", 1, 1);
	return judge(x, s, why);
}

static const struct stage first_pass = {
	.name = "dedup",
	.worker_new = splitter_new,
	.worker_free = splitter_free,
	.record = split_record,
	.decide = decide_first,
	.amend = cut_record,
};

/* --- the second pass -------------------------------------------------------------------------- */

static int next_fate(struct lines *x, struct err *e)
{
	int got = fates_next(x->fates, &x->next, e);

	x->more = got > 0;
	return got < 0 ? -1 : 0;
}

/* The set held all hashes: what was written is right. */
static bool is_done(const void *config)
{
	const struct lines *x = config;

	return x->seen != NULL;
}

static int between(void *config, struct err *e)
{
	struct lines *x = config;

	x->gone = x->gone_bytes = 0;
	x->hashes = false;
	return fates_sort(x->fates, e) < 0 ? -1 : next_fate(x, e);
}

/* Fates come in the order of places, as the parts do. */
static enum verdict decide_known(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	struct split *s = (struct split *)(uintptr_t)note.lo;
	struct lines *x = config;
	size_t inner_to = 0;

	if (!note.hi)
		return KEEP;
	while (x->more && x->next.number >> PART_BITS == n) {
		size_t i = x->next.number & (((uint64_t)1 << PART_BITS) - 1);

		if (i >= s->n)
			break;
		/* Lines of a paragraph that goes are no losses of their own. */
		if (i >= inner_to)
			mark_gone(s, i);
		if (i >= inner_to && !s->parts[i].inner)
			inner_to = behind_inner(s, i);
		if (next_fate(x, e) < 0)
			return FAIL;
	}
	return judge(x, s, why);
}

static const struct stage second_pass = {
	.name = "dedup",
	.worker_new = splitter_new,
	.worker_free = splitter_free,
	.record = split_record,
	.decide = decide_known,
	.amend = cut_record,
};

/* --- the program ------------------------------------------------------------------------------ */

static void tell(const struct lines *x, bool verbose, struct buf *notes)
{
	const char *parts = x->kind == PART_LINES ? "lines" : "paragraphs";
	const char *field = x->cfg->field;

	if (x->absent)
		buf_printf(notes, "%" PRIu64 " records without %s were kept\n", x->absent, field);
	if (x->no_string)
		buf_printf(notes, "%" PRIu64 " records whose %s is no string were kept\n",
			x->no_string, field);
	if (!x->parts)
		buf_printf(notes, "no record has %s of %" PRIu64 " characters in %s\n", parts,
			x->cfg->min_length, field);
	else if (x->keep.kind == KEEP_BEST && !x->ranked)
		buf_printf(notes, "no record has a number or string %s: --keep went by id alone\n",
			x->keep.field);
	if (x->parts && (verbose || !x->gone))
		buf_printf(notes, "%" PRIu64 " of %" PRIu64 " %s are repeats: %" PRIu64 " bytes\n",
			x->gone, x->parts, parts, x->gone_bytes);
}

/* For --stats: what of the parts went, beside the counts of records. */
static char *extra(const struct lines *x)
{
	return mem_printf(",\"%s\":{\"compared\":%" PRIu64 ",\"repeats\":%" PRIu64
			  ",\"repeated_bytes\":%" PRIu64 "}",
		x->kind == PART_LINES ? "lines" : "paragraphs", x->parts, x->gone, x->gone_bytes);
}

static int cut_run(struct run *run, const struct dedup_lines_config *cfg,
	const struct stage *program, enum part_kind kind, struct err *e)
{
	struct passes passes = {
		.program = program,
		.first = &first_pass,
		.second = &second_pass,
		.once = PASSES_PERHAPS,
		.between = between,
		.done = is_done,
	};
	struct lines x = { .cfg = cfg, .kind = kind, .passes = &passes, .hashes = true };
	size_t memory = (size_t)run->common->memory;
	int result;

	if (keep_parse(&x.keep, cfg->keep, e) < 0)
		return -1;
	/* Who stays is else known behind the last record only. */
	if (x.keep.kind == KEEP_FIRST)
		x.seen = keyset_new(memory / 2);
	else
		passes.once = PASSES_TWICE;
	x.fates = fates_new(&(struct fates_options){
		.memory = x.seen ? memory / 2 : memory,
		.tmpdir = run->common->tmpdir,
		.ranks = !x.seen,
		.more = cfg->copies - 1,
	});
	result = passes_run(&passes, run, &x, e);
	if (result == 0) {
		tell(&x, run->common->verbose, run->notes);
		run->stats->extra = extra(&x);
	}
	keyset_free(x.seen);
	fates_free(x.fates);
	return result;
}

static int run_lines(struct run *run, void *config, struct err *e)
{
	return cut_run(run, config, &dedup_lines_stage, PART_LINES, e);
}

static int run_paragraphs(struct run *run, void *config, struct err *e)
{
	return cut_run(run, config, &dedup_paragraphs_stage, PART_PARAGRAPHS, e);
}

#define LINES_COMMON \
	(COMMON_OUTPUT | COMMON_THREADS | COMMON_ENCODE | COMMON_RECORDS | COMMON_STATS | \
		COMMON_MEMORY | COMMON_WITH)

const struct stage dedup_lines_stage = {
	.name = "dedup",
	.summary = "take lines out of texts that were seen before",
	.common = LINES_COMMON,
	.run = run_lines,
};

const struct stage dedup_paragraphs_stage = {
	.name = "dedup",
	.summary = "take paragraphs out of texts that were seen before",
	.common = LINES_COMMON,
	.run = run_paragraphs,
};
