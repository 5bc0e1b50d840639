/* corpus-dedup exact: drops records whose text was seen before. */
#include "lib/core/mem.h"
#include "lib/run.h"
#include "lib/stats.h"
#include "stages/dedup/dedup.h"
#include "stages/dedup/fates.h"
#include "stages/dedup/normalise.h"
#include "stages/dedup/passes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

const char *const dedup_normalise_names[] = { "none", "space", "fold", NULL };
const char *const dedup_exact_normalise_names[] = { "none", "space", "fold", "url", NULL };

struct exact {
	const struct dedup_exact_config *cfg;
	unsigned url_rules;
	const struct passes *passes;
	struct keep keep;
	bool ranks; /* of the pass at hand: records are told apart by more than their order */
	struct keyset *seen; /* hash to number, until it is full; then NULL */
	struct fates *fates; /* from then on all hashes */
	struct fate next; /* of fates, where more */
	bool more;
	struct stats against; /* of the files of --against */
	uint64_t compared, absent, no_string, no_url; /* records */
	uint64_t matched; /* dropped or annotated */
	uint64_t ranked; /* had what --keep asks for */
};

/* --- hashing, on the workers ------------------------------------------------------------------ */

struct hasher {
	const char *field;
	const struct keep *keep; /* NULL: the hash is all */
	struct normaliser *normaliser;
	bool urls; /* the text may be none */
};

static void *hasher_new(const void *config, struct err *e)
{
	const struct exact *x = config;
	struct hasher *h = mem_zalloc(1, sizeof(*h));

	h->field = x->cfg->field;
	h->urls = x->cfg->normalise == NORMALISE_URL;
	h->keep = x->ranks ? &x->keep : NULL;
	h->normaliser = h->urls ? normaliser_new_url(x->url_rules)
				: normaliser_new((enum normalise)x->cfg->normalise, e);
	if (h->normaliser)
		return h;
	free(h);
	return NULL;
}

static void hasher_free(void *worker)
{
	struct hasher *h = worker;

	normaliser_free(h->normaliser);
	free(h);
}

/* What the note says of a record without a text: no hash has a high half of 0. */
enum { NOTE_ABSENT, NOTE_NO_STRING, NOTE_NO_URL };

/* What it points to when there are ranks. */
struct ranked {
	struct key128 key;
	struct keep_rank rank;
	bool found;
};

static struct note note_text(struct hasher *h, struct record *r, struct slice text)
{
	struct slice normal = normaliser_apply(h->normaliser, text);
	XXH128_hash_t hash = XXH3_128bits(normal.p, normal.n);
	struct key128 key = { .lo = hash.low64, .hi = hash.high64 ? hash.high64 : 1 };
	struct ranked *ranked;

	if (h->urls && !normal.p)
		return (struct note){ .lo = NOTE_NO_URL };
	if (!h->keep)
		return (struct note){ .lo = key.lo, .hi = key.hi };
	ranked = arena_alloc(r->batch, sizeof(*ranked));
	ranked->key = key;
	ranked->found = keep_rank_record(h->keep, r, text, &ranked->rank);
	return (struct note){ .lo = (uintptr_t)ranked, .hi = 1 };
}

static enum verdict hash_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct hasher *h = worker;
	struct slice text;

	(void)to;
	(void)why;
	(void)e;
	switch (record_str(r, h->field, &text)) {
	case RECORD_ABSENT: r->note = (struct note){ .lo = NOTE_ABSENT }; break;
	case RECORD_OTHER_TYPE: r->note = (struct note){ .lo = NOTE_NO_STRING }; break;
	case RECORD_FOUND: r->note = note_text(h, r, text); break;
	}
	return KEEP;
}

/* --- the first pass --------------------------------------------------------------------------- */

/* True when there is a text to compare; counts either way. */
static bool count_text(struct exact *x, struct note note)
{
	if (note.hi)
		x->compared++;
	else if (note.lo == NOTE_ABSENT)
		x->absent++;
	else if (note.lo == NOTE_NO_STRING)
		x->no_string++;
	else
		x->no_url++;
	return note.hi != 0;
}

/* "record 17": the number of the one that stays, counted from 0 over all inputs, or over all files
 * of --against. */
static enum verdict drop_repeat(struct exact *x, struct reason *why, uint64_t keeper)
{
	bool foreign = keeper & FATE_FOREIGN;
	char name[32];
	int n = snprintf(name, sizeof(name), "record %" PRIu64, keeper & ~FATE_FOREIGN);

	x->matched++;
	return drop_named(why, foreign ? "against" : "exact", (struct slice){ name, (size_t)n });
}

/* The set is full: it goes to the sorter, where later records follow it. */
static int move_to_disk(struct exact *x, struct err *e)
{
	struct key128 key;
	uint64_t number;
	size_t at = 0;
	int result = 0;

	while (result == 0 && keyset_next(x->seen, &at, &key, &number))
		result = fates_add(x->fates, key, NULL, number, e);
	keyset_free(x->seen);
	x->seen = NULL;
	return result;
}

/* 1 and the record that has the key already, when that is known at once; 0; -1. */
static int look_up(
	struct exact *x, struct key128 key, uint64_t number, uint64_t *keeper, struct err *e)
{
	uint64_t *found;

	if (x->seen) {
		switch (keyset_put(x->seen, key, number, &found)) {
		case KEYSET_NEW: return 0;
		case KEYSET_SEEN: *keeper = *found; return 1;
		case KEYSET_FULL: break;
		}
		if (move_to_disk(x, e) < 0)
			return -1;
	}
	return fates_add(x->fates, key, NULL, number, e);
}

static enum verdict decide_hash(
	struct exact *x, uint64_t n, struct key128 key, struct reason *why, struct err *e)
{
	uint64_t keeper;
	int got = look_up(x, key, n, &keeper, e);

	if (got < 0)
		return FAIL;
	if (got > 0) {
		if (fates_put(x->fates, &(struct fate){ n, keeper, 0 }, e) < 0)
			return FAIL;
		return drop_repeat(x, why, keeper);
	}
	/* Written in vain where there is no set any more: what is dropped needs no compression. */
	if (!x->seen && x->passes->writes && !x->passes->rejects)
		return drop_repeat(x, why, n);
	return KEEP;
}

static enum verdict decide_first(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	struct exact *x = config;
	const struct ranked *ranked;

	if (!count_text(x, note))
		return KEEP;
	if (!x->ranks)
		return decide_hash(x, n, (struct key128){ note.lo, note.hi }, why, e);
	ranked = (const struct ranked *)(uintptr_t)note.lo;
	x->ranked += ranked->found;
	return fates_add(x->fates, ranked->key, &ranked->rank, n, e) < 0 ? FAIL : KEEP;
}

static const struct stage first_pass = {
	.name = "dedup",
	.worker_new = hasher_new,
	.worker_free = hasher_free,
	.record = hash_record,
	.decide = decide_first,
};

/* What a record needs to be compared. */
static const char *sought(const struct exact *x)
{
	return x->cfg->normalise == NORMALISE_URL ? "URL as" : "string";
}

/* --- the files of --against ------------------------------------------------------------------- */

static enum verdict decide_against(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	struct exact *x = config;
	struct key128 key = { note.lo, note.hi };
	uint64_t keeper;

	(void)why;
	if (!count_text(x, note))
		return KEEP;
	return look_up(x, key, n | FATE_FOREIGN, &keeper, e) < 0 ? FAIL : KEEP;
}

static const struct stage against_pass = {
	.name = "dedup",
	.worker_new = hasher_new,
	.worker_free = hasher_free,
	.record = hash_record,
	.decide = decide_against,
};

static int read_against(struct exact *x, struct run *run, struct err *e)
{
	bool ranks = x->ranks;
	int result;

	/* What is there stays whatever its rank. */
	x->ranks = false;
	result = passes_read_only(run, &against_pass, x, &x->cfg->against, &x->against, e);
	x->ranks = ranks;
	if (result < 0)
		return err_wrap(e, "--against");
	if (x->cfg->against.n && x->compared == 0)
		buf_printf(
			run->notes, "--against: no record has a %s %s\n", sought(x), x->cfg->field);
	x->compared = x->absent = x->no_string = x->no_url = 0;
	return 0;
}

/* The content of these files decides the output as the options do. */
static void exact_describe(const void *config, struct buf *json)
{
	const struct exact *x = config;
	char hex[33];

	if (!x->against.n_inputs)
		return;
	buf_str(json, "\"against\":");
	for (size_t i = 0; i < x->against.n_inputs; i++) {
		digest_hex(&x->against.inputs[i].digest, hex);
		buf_byte(json, i ? ',' : '[');
		json_put_string(json, slice_str(hex));
	}
	buf_byte(json, ']');
}

/* --- the second pass, when the set did not fit or could not know ------------------------------ */

static int next_fate(struct exact *x, struct err *e)
{
	int got = fates_next(x->fates, &x->next, e);

	x->more = got > 0;
	return got < 0 ? -1 : 0;
}

/* The set held all hashes: what was written is right. */
static bool is_done(const void *config)
{
	const struct exact *x = config;

	return x->seen != NULL;
}

static int between(void *config, struct err *e)
{
	struct exact *x = config;

	x->matched = 0;
	return fates_sort(x->fates, e) < 0 ? -1 : next_fate(x, e);
}

/* Fates come in the order of numbers, as the records do. */
static enum verdict decide_repeat(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	struct exact *x = config;
	uint64_t keeper = x->next.keeper;

	(void)note;
	if (!x->more || x->next.number != n)
		return KEEP;
	return next_fate(x, e) < 0 ? FAIL : drop_repeat(x, why, keeper);
}

static const struct stage second_pass = {
	.name = "dedup",
	.record = passes_keep,
	.decide = decide_repeat,
};

/* --- the same with --annotate ----------------------------------------------------------------- */

static enum verdict make_room(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	(void)worker;
	(void)to;
	(void)why;
	(void)e;
	r->note.lo = (uintptr_t)arena_alloc(r->batch, sizeof(struct fate));
	return KEEP;
}

static enum verdict decide_cluster(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	struct exact *x = config;

	(void)why;
	if (!x->more || x->next.number != n)
		return KEEP;
	x->matched++;
	*(struct fate *)(uintptr_t)note.lo = x->next;
	return next_fate(x, e) < 0 ? FAIL : AMEND;
}

static int write_cluster(void *worker, struct record *r, struct note note, struct err *e)
{
	const struct fate *fate = (const struct fate *)(uintptr_t)note.lo;
	bool foreign = fate->keeper & FATE_FOREIGN;

	(void)worker;
	(void)e;
	record_set_uint(
		r, foreign ? "exact_against" : "exact_cluster_id", fate->keeper & ~FATE_FOREIGN);
	record_set_uint(r, "exact_cluster_size", fate->size);
	return 0;
}

static const struct stage annotating_pass = {
	.name = "dedup",
	.record = make_room,
	.decide = decide_cluster,
	.amend = write_cluster,
};

/* --- the program ------------------------------------------------------------------------------ */

/* That all texts differ is told on demand only: a good run is silent. */
static void tell(const struct exact *x, bool verbose, struct buf *notes)
{
	const char *field = x->cfg->field;

	if (x->absent)
		buf_printf(notes, "%" PRIu64 " records without %s were kept\n", x->absent, field);
	if (x->no_string)
		buf_printf(notes, "%" PRIu64 " records whose %s is no string were kept\n",
			x->no_string, field);
	if (x->no_url)
		buf_printf(notes, "%" PRIu64 " records whose %s is no URL were kept\n", x->no_url,
			field);
	if (x->compared == 0)
		buf_printf(
			notes, "no record has a %s %s: nothing was compared\n", sought(x), field);
	else if (x->ranks && x->ranked == 0)
		buf_printf(notes, "no record has a number or string %s: --keep went by id alone\n",
			x->keep.field);
	if (x->compared && x->matched == 0 && verbose)
		buf_printf(notes,
			"nothing was %s: no two of %" PRIu64 " records have the same %s\n",
			x->cfg->annotate ? "annotated" : "dropped", x->compared, field);
}

static int find_and_write(struct run *run, struct exact *x, struct passes *passes, struct err *e)
{
	uint64_t known;

	if (read_against(x, run, e) < 0)
		return -1;
	known = passes_records_known(run);
	if (x->seen) {
		size_t room = keyset_room((size_t)run->common->memory / 2);

		passes->once = known <= room - keyset_count(x->seen) ? PASSES_ONCE : PASSES_PERHAPS;
	}
	if (passes_run(passes, run, x, e) < 0)
		return -1;
	tell(x, run->common->verbose, run->notes);
	return 0;
}

static int exact_run(struct run *run, void *config, struct err *e)
{
	const struct dedup_exact_config *cfg = config;
	struct passes passes = {
		.program = &dedup_exact_stage,
		.first = &first_pass,
		.second = cfg->annotate ? &annotating_pass : &second_pass,
		.between = between,
		.done = is_done,
	};
	struct exact x = { .cfg = cfg, .passes = &passes };
	size_t memory = (size_t)run->common->memory;
	int result;

	if (keep_parse(&x.keep, cfg->keep, e) < 0 ||
		normalise_url_rules(&cfg->url_rules, &x.url_rules, e) < 0)
		return -1;
	if (cfg->url_rules.n && cfg->normalise != NORMALISE_URL)
		return err_set(e, ERR_USAGE, "--url-rules goes with --normalise url");
	x.ranks = x.keep.kind != KEEP_FIRST;
	/* Who stays, and how many there are, is known behind the last record only. */
	if (!x.ranks && !cfg->annotate)
		x.seen = keyset_new(memory / 2);
	x.fates = fates_new(&(struct fates_options){
		.memory = x.seen ? memory / 2 : memory,
		.tmpdir = run->common->tmpdir,
		.ranks = x.ranks,
		.sizes = cfg->annotate,
	});
	result = find_and_write(run, &x, &passes, e);
	keyset_free(x.seen);
	fates_free(x.fates);
	stats_release(&x.against);
	return result;
}

const struct stage dedup_exact_stage = {
	.name = "dedup",
	.summary = "drop records whose text was seen before",
	.common = COMMON_OUTPUT | COMMON_THREADS | COMMON_ENCODE | COMMON_RECORDS | COMMON_STATS |
		COMMON_MEMORY | COMMON_WITH,
	.describe = exact_describe,
	.run = exact_run,
};
