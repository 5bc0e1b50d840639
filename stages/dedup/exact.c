/* corpus-dedup exact: drops records whose text was seen before. */
#include "lib/core/mem.h"
#include "lib/run.h"
#include "lib/stats.h"
#include "lib/store/extsort.h"
#include "lib/store/keyset.h"
#include "lib/stream/stamp.h"
#include "stages/dedup/dedup.h"
#include "stages/dedup/normalise.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

const char *const dedup_normalise_names[] = { "none", "space", "fold", NULL };

/* A text's hash and the number of its record; equal hashes are sorted by it, because records are
 * added in their order and the sort is stable. */
struct hashed {
	uint64_t hi, lo, number;
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
	struct keyset *seen; /* in one pass: hash to number */
	struct extsort *hashes, *repeats; /* in two */
	struct repeat next; /* of repeats, where more */
	bool more;
	uint64_t compared, absent, no_string, dropped; /* records */
	struct err e; /* decide cannot fail: the first error waits for the end of the pass */
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

/* --- one pass -------------------------------------------------------------------------------- */

static enum verdict decide_seen(void *config, uint64_t n, struct note note, struct reason *why)
{
	struct exact *x = config;
	uint64_t *first;

	if (!count_text(x, note))
		return KEEP;
	switch (keyset_put(x->seen, (struct key128){ note.lo, note.hi }, n, &first)) {
	case KEYSET_SEEN: return drop_repeat(x, why, *first);
	case KEYSET_FULL: err_set(&x->e, ERR_DATA, "more records than the stamps say"); break;
	case KEYSET_NEW: break;
	}
	return KEEP;
}

static const struct stage one_pass = {
	.name = "dedup",
	.worker_new = hasher_new,
	.worker_free = hasher_free,
	.record = hash_record,
	.decide = decide_seen,
};

/* The records of all inputs, or UINT64_MAX where one of them does not say. */
static uint64_t records_known(const struct run *run)
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

/* --- two passes ------------------------------------------------------------------------------ */

static enum verdict decide_later(void *config, uint64_t n, struct note note, struct reason *why)
{
	struct exact *x = config;
	struct hashed h = { htole64(note.hi), htole64(note.lo), n };

	(void)why;
	if (count_text(x, note) && x->e.code == ERR_NONE && extsort_add(x->hashes, &h, &x->e) < 0)
		err_wrap(&x->e, "record %" PRIu64, n);
	return KEEP;
}

static const struct stage first_pass = {
	.name = "dedup",
	.worker_new = hasher_new,
	.worker_free = hasher_free,
	.record = hash_record,
	.decide = decide_later,
};

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
		struct repeat r;

		memcpy(&h, next, sizeof(h));
		if (h.hi != first.hi || h.lo != first.lo) {
			first = h;
			continue;
		}
		r = (struct repeat){ htole64(h.number), first.number };
		if (extsort_add(x->repeats, &r, e) < 0)
			return -1;
	}
	return got < 0 ? -1 : extsort_finish(x->repeats, e);
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

static enum verdict keep_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	(void)worker;
	(void)r;
	(void)to;
	(void)why;
	(void)e;
	return KEEP;
}

/* Repeats come in the order of numbers, as the records do. */
static enum verdict decide_repeat(void *config, uint64_t n, struct note note, struct reason *why)
{
	struct exact *x = config;
	uint64_t first = x->next.first;

	(void)note;
	if (!x->more || le64toh(x->next.number) != n)
		return KEEP;
	(void)!next_repeat(x, &x->e);
	return drop_repeat(x, why, first);
}

static const struct stage second_pass = {
	.name = "dedup",
	.record = keep_record,
	.decide = decide_repeat,
};

/* Fills x->repeats. The first pass says nothing: the second meets the same bad records. */
static int look_first(struct run *run, struct exact *x, struct err *e)
{
	size_t memory = (size_t)run->common->memory;
	struct buf unsaid = { 0 };
	struct run silent = *run;
	int result;

	silent.notes = &unsaid;
	x->hashes = extsort_new(
		&(struct extsort_options){ hashed_shape, memory / 4 * 3, run->common->tmpdir, 0 });
	x->repeats = extsort_new(
		&(struct extsort_options){ repeat_shape, memory / 4, run->common->tmpdir, 0 });
	result = run_stage(&silent, &first_pass, x, NULL, e);
	buf_release(&unsaid);
	if (result < 0)
		return -1;
	if (x->e.code != ERR_NONE)
		return err_set(e, x->e.code, "%s", x->e.text);
	if (find_repeats(x, e) < 0)
		return -1;
	extsort_free(x->hashes);
	x->hashes = NULL;
	return next_repeat(x, e);
}

/* --- the program ----------------------------------------------------------------------------- */

static void tell(const struct exact *x, struct buf *notes)
{
	const char *field = x->cfg->field;

	if (x->absent)
		buf_printf(notes, "%" PRIu64 " records without %s were kept\n", x->absent, field);
	if (x->no_string)
		buf_printf(notes, "%" PRIu64 " records whose %s is no string were kept\n",
			x->no_string, field);
	if (x->compared == 0)
		buf_printf(notes, "no record has a string %s: nothing was compared\n", field);
	else if (x->dropped == 0)
		buf_printf(notes,
			"nothing was dropped: no two of %" PRIu64 " records have the same %s\n",
			x->compared, field);
}

/* The pass that writes. */
static int write_out(struct run *run, struct exact *x, const struct stage *stage, struct err *e)
{
	struct output *out;

	if (run_open(run, run->common->output, &out, e) < 0)
		return -1;
	if (run_stage(run, stage, x, out, e) < 0)
		goto fail;
	if (x->e.code != ERR_NONE) {
		err_set(e, x->e.code, "%s", x->e.text);
		goto fail;
	}
	if (x->more) {
		err_set(e, ERR_DATA, "the input was another when it was read again");
		goto fail;
	}
	if (stats_check(run->stats, e) < 0)
		goto fail;
	tell(x, run->notes);
	return run_close(run, stage, x, out, e);
fail:
	output_abort(out);
	return -1;
}

/* The names that run_spool made go; operands are the command line's again. */
static void end_spool(struct run *run, char **operands, size_t n)
{
	if (run->files == operands)
		return;
	for (size_t i = 0; i < run->n_files; i++)
		if (i >= n || run->files[i] != operands[i])
			free(run->files[i]);
	free(run->files);
	run->files = operands;
	run->n_files = n;
}

static int exact_run(struct run *run, void *config, struct err *e)
{
	struct exact x = { .cfg = config };
	char **operands = run->files;
	size_t n = run->n_files;
	uint64_t records = records_known(run);
	size_t memory = (size_t)run->common->memory;
	int result = -1;

	if (records <= keyset_room(memory)) {
		x.seen = keyset_new(memory);
		result = write_out(run, &x, &one_pass, e);
	} else if (run_spool(run, e) == 0 && look_first(run, &x, e) == 0) {
		result = write_out(run, &x, &second_pass, e);
	}
	end_spool(run, operands, n);
	keyset_free(x.seen);
	extsort_free(x.hashes);
	extsort_free(x.repeats);
	return result;
}

const struct stage dedup_exact_stage = {
	.name = "dedup",
	.summary = "drop records whose text was seen before",
	.common = COMMON_OUTPUT | COMMON_THREADS | COMMON_ENCODE | COMMON_RECORDS | COMMON_STATS |
		COMMON_MEMORY,
	.run = exact_run,
};
