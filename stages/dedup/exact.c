/* corpus-dedup exact: drops records whose text was seen before. */
#include "lib/core/mem.h"
#include "lib/run.h"
#include "lib/store/extsort.h"
#include "lib/store/keyset.h"
#include "stages/dedup/dedup.h"
#include "stages/dedup/normalise.h"
#include "stages/dedup/passes.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

const char *const dedup_normalise_names[] = { "none", "space", "fold", NULL };

/* A text's hash and the number of its record; equal hashes are sorted by it, because records are
 * added in their order and the sort is stable. */
struct hashed {
	uint64_t hi, lo; /* little-endian: the key */
	uint64_t number;
};
static const struct sort_shape hashed_shape = { sizeof(struct hashed), 16, KEY_LE64 };

/* A record to be dropped, and the first with its text. */
struct repeat {
	uint64_t number; /* little-endian: the key */
	uint64_t first;
};
static const struct sort_shape repeat_shape = { sizeof(struct repeat), 8, KEY_LE64 };

struct exact {
	const struct dedup_exact_config *cfg;
	struct keyset *seen; /* hash to number, until it is full; then NULL */
	struct extsort *hashes; /* from then on all hashes */
	struct extsort *repeats;
	const struct passes *passes;
	struct repeat next; /* of repeats, where more */
	bool more;
	uint64_t compared, absent, no_string, dropped; /* records */
};

/* --- hashing, on the workers ----------------------------------------------------------------- */

struct hasher {
	const char *field;
	struct normaliser *normaliser;
};

static void *hasher_new(const void *config, struct err *e)
{
	const struct exact *x = config;
	struct hasher *h = mem_zalloc(1, sizeof(*h));

	h->field = x->cfg->field;
	h->normaliser = normaliser_new((enum normalise)x->cfg->normalise, e);
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
enum { NOTE_ABSENT, NOTE_NO_STRING };

static struct note hash_note(struct slice text)
{
	XXH128_hash_t h = XXH3_128bits(text.p, text.n);

	return (struct note){ .lo = h.low64, .hi = h.high64 ? h.high64 : 1 };
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
	case RECORD_FOUND: r->note = hash_note(normaliser_apply(h->normaliser, text)); break;
	}
	return KEEP;
}

/* --- the first pass -------------------------------------------------------------------------- */

/* True when there is a text to compare; counts either way. */
static bool count_text(struct exact *x, struct note note)
{
	if (note.hi)
		x->compared++;
	else if (note.lo == NOTE_ABSENT)
		x->absent++;
	else
		x->no_string++;
	return note.hi != 0;
}

/* "record 17": the number of the one that stays, counted from 0 over all inputs. */
static enum verdict drop_repeat(struct exact *x, struct reason *why, uint64_t first)
{
	char name[32];
	int n = snprintf(name, sizeof(name), "record %" PRIu64, first);

	x->dropped++;
	return drop_named(why, "exact", (struct slice){ name, (size_t)n });
}

static int add_hash(struct exact *x, struct key128 key, uint64_t number, struct err *e)
{
	struct hashed h = { htole64(key.hi), htole64(key.lo), number };

	return extsort_add(x->hashes, &h, e);
}

static int add_repeat(struct exact *x, uint64_t number, uint64_t first, struct err *e)
{
	struct repeat r = { htole64(number), first };

	return extsort_add(x->repeats, &r, e);
}

/* The set is full: it goes to the sorter, where later records follow it. */
static int move_to_disk(struct exact *x, struct err *e)
{
	struct key128 key;
	uint64_t number;
	size_t at = 0;
	int result = 0;

	while (result == 0 && keyset_next(x->seen, &at, &key, &number))
		result = add_hash(x, key, number, e);
	keyset_free(x->seen);
	x->seen = NULL;
	return result;
}

static enum verdict decide_first(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	struct exact *x = config;
	struct key128 key = { note.lo, note.hi };
	uint64_t *first;

	if (!count_text(x, note))
		return KEEP;
	if (x->seen) {
		switch (keyset_put(x->seen, key, n, &first)) {
		case KEYSET_NEW: return KEEP;
		case KEYSET_SEEN:
			if (add_repeat(x, n, *first, e) < 0)
				return FAIL;
			return drop_repeat(x, why, *first);
		case KEYSET_FULL: break;
		}
		if (move_to_disk(x, e) < 0)
			return FAIL;
	}
	if (add_hash(x, key, n, e) < 0)
		return FAIL;
	/* Written in vain from here on: what is dropped needs no compression. */
	return x->passes->writes && !x->passes->rejects ? drop_repeat(x, why, n) : KEEP;
}

static const struct stage first_pass = {
	.name = "dedup",
	.worker_new = hasher_new,
	.worker_free = hasher_free,
	.record = hash_record,
	.decide = decide_first,
};

/* --- the second pass, when the set did not fit ----------------------------------------------- */

/* All but the first of equal hashes become repeats. */
static int find_repeats(struct exact *x, struct err *e)
{
	struct hashed first = { 0 };
	const void *next;
	int got;

	if (extsort_finish(x->hashes, e) < 0)
		return -1;
	while ((got = extsort_next(x->hashes, &next, e)) > 0) {
		struct hashed h;

		memcpy(&h, next, sizeof(h));
		if (h.hi != first.hi || h.lo != first.lo)
			first = h;
		else if (add_repeat(x, h.number, first.number, e) < 0)
			return -1;
	}
	return got;
}

static int next_repeat(struct exact *x, struct err *e)
{
	const void *next;
	int got = extsort_next(x->repeats, &next, e);

	x->more = got > 0;
	if (x->more)
		memcpy(&x->next, next, sizeof(x->next));
	return got < 0 ? -1 : 0;
}

/* Repeats come in the order of numbers, as the records do. */
static enum verdict decide_repeat(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	struct exact *x = config;
	uint64_t first = x->next.first;

	(void)note;
	if (!x->more || le64toh(x->next.number) != n)
		return KEEP;
	return next_repeat(x, e) < 0 ? FAIL : drop_repeat(x, why, first);
}

static const struct stage second_pass = {
	.name = "dedup",
	.record = passes_keep,
	.decide = decide_repeat,
};

/* --- the program ----------------------------------------------------------------------------- */

/* The set held all hashes: what was written is right. */
static bool is_done(const void *config)
{
	const struct exact *x = config;

	return x->seen != NULL;
}

static int between(void *config, struct err *e)
{
	struct exact *x = config;

	x->dropped = 0;
	if (!x->seen && find_repeats(x, e) < 0)
		return -1;
	return extsort_finish(x->repeats, e) < 0 ? -1 : next_repeat(x, e);
}

/* That all texts differ is told on demand only: a good run is silent. */
static void tell(const struct exact *x, bool verbose, struct buf *notes)
{
	const char *field = x->cfg->field;

	if (x->absent)
		buf_printf(notes, "%" PRIu64 " records without %s were kept\n", x->absent, field);
	if (x->no_string)
		buf_printf(notes, "%" PRIu64 " records whose %s is no string were kept\n",
			x->no_string, field);
	if (x->compared == 0)
		buf_printf(notes, "no record has a string %s: nothing was compared\n", field);
	else if (x->dropped == 0 && verbose)
		buf_printf(notes,
			"nothing was dropped: no two of %" PRIu64 " records have the same %s\n",
			x->compared, field);
}

static int exact_run(struct run *run, void *config, struct err *e)
{
	size_t memory = (size_t)run->common->memory;
	const char *tmpdir = run->common->tmpdir;
	bool fits = passes_records_known(run) <= keyset_room(memory / 2);
	struct passes passes = {
		.program = &dedup_exact_stage,
		.first = &first_pass,
		.second = &second_pass,
		.once = fits ? PASSES_ONCE : PASSES_PERHAPS,
		.between = between,
		.done = is_done,
	};
	struct exact x = {
		.cfg = config,
		.passes = &passes,
		.seen = keyset_new(memory / 2),
		.hashes = extsort_new(
			&(struct extsort_options){ hashed_shape, memory / 4, tmpdir, 0 }),
		.repeats = extsort_new(
			&(struct extsort_options){ repeat_shape, memory / 4, tmpdir, 0 }),
	};
	int result = passes_run(&passes, run, &x, e);

	if (result == 0)
		tell(&x, run->common->verbose, run->notes);
	keyset_free(x.seen);
	extsort_free(x.hashes);
	extsort_free(x.repeats);
	return result;
}

const struct stage dedup_exact_stage = {
	.name = "dedup",
	.summary = "drop records whose text was seen before",
	.common = COMMON_OUTPUT | COMMON_THREADS | COMMON_ENCODE | COMMON_RECORDS | COMMON_STATS |
		COMMON_MEMORY | COMMON_WITH,
	.run = exact_run,
};
