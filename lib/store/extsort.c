/* External sort: radix-sorted runs in levels of temporary files, merged by a tree of losers. */
#include "lib/store/extsort.h"

#include "lib/core/mem.h"
#include "lib/store/disk.h"
#include "lib/store/merge.h"
#include "lib/store/runfile.h"
#include "lib/stream/publish.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Read buffers of a merge: large enough that a disk with seeks of 10 ms streams, small enough that
 * many runs fit. */
enum { MIN_BLOCK = 4 * 1024, MAX_BLOCK = 1024 * 1024, MAX_FAN_IN = 256 };

/* Level l holds runs of fan-in^l buffers. Fan-in is at least 2 and a run at least a record. */
enum { MAX_LEVELS = 64 };

struct level {
	int fd; /* valid when opened */
	bool opened;
	uint64_t end; /* bytes of its runs */
	uint64_t *runs; /* their offsets, the oldest first */
	size_t n, cap;
};

struct extsort {
	struct sort_shape shape;
	struct runfile_kind kind;
	const char *tmpdir;
	char *temp_name;
	size_t memory, block, fan_in;
	char *buffer;
	size_t n, cap, max; /* records in the buffer, room in it, room that memory allows */
	struct level levels[MAX_LEVELS];
	uint64_t count, spilled;
	bool finished;
	struct merge *merge; /* when there were runs; else the buffer is handed out from at on */
	size_t at;
};

struct extsort *extsort_new(const struct extsort_options *o)
{
	struct extsort *s = mem_zalloc(1, sizeof(*s));

	s->shape = o->shape;
	s->kind = (struct runfile_kind){ .shape = o->shape, .sorted = true };
	s->tmpdir = o->tmpdir;
	s->temp_name = disk_temp_name(o->tmpdir);
	s->memory = MAX(o->memory, EXTSORT_MIN_MEMORY);
	s->block = MIN(MAX(s->memory / 64, MIN_BLOCK), MAX_BLOCK);
	/* One block is the writer's. */
	s->fan_in = o->fan_in ? o->fan_in : s->memory / s->block - 1;
	s->fan_in = MIN(MAX(s->fan_in, 2), MAX_FAN_IN);
	/* Half is the sort's scratch. */
	s->max = MAX(s->memory / 2 / o->shape.record_bytes, 1);
	return s;
}

/* Sorts what is in the buffer. The scratch is not kept: merges and callers need the memory. */
static void sort_buffer(struct extsort *s)
{
	void *scratch = mem_alloc(s->n * s->shape.record_bytes);

	sort_records(&s->shape, s->buffer, scratch, s->n);
	free(scratch);
}

static int level_open(struct extsort *s, struct level *l, struct err *e)
{
	if (l->opened)
		return 0;
	l->fd = temp_open(s->tmpdir, e);
	if (l->fd < 0)
		return err_wrap(e, "sorting (--tmpdir)");
	l->opened = true;
	return 0;
}

/* Forgets the level's runs and gives their disk space back. */
static int level_clear(struct extsort *s, struct level *l, struct err *e)
{
	l->n = 0;
	l->end = 0;
	if (l->opened && ftruncate(l->fd, 0) < 0)
		return err_set(e, ERR_IO, "%s: %s", s->temp_name, strerror(errno));
	return 0;
}

/* The run that w wrote at the end of l is complete. */
static int level_push(struct extsort *s, struct level *l, struct runfile_writer *w, struct err *e)
{
	uint64_t begin = l->end;

	if (runfile_end(w, &l->end, e) < 0)
		return err_wrap(e, "sorting (--tmpdir)");
	mem_grow(&l->runs, l->n, &l->cap, sizeof(*l->runs));
	l->runs[l->n++] = begin;
	s->spilled += l->end - begin;
	return 0;
}

/* A merge of all runs of the levels from the highest, whose runs are the oldest, down to lowest. */
static int merge_levels(
	struct extsort *s, size_t lowest, size_t highest, struct merge **out, struct err *e)
{
	struct runfile_reader *readers[MAX_FAN_IN];
	size_t n = 0;

	for (size_t i = highest + 1; i-- > lowest;) {
		struct level *l = &s->levels[i];

		for (size_t r = 0; r < l->n; r++, n++) {
			assert(n < ARRAY_LEN(readers));
			if (runfile_open(&readers[n], l->fd, l->runs[r], &s->kind, s->temp_name,
				    s->block, e) < 0)
				goto fail;
		}
	}
	*out = merge_new_take(&s->shape, readers, n);
	return 0;
fail:
	while (n > 0)
		runfile_close(readers[--n]);
	return -1;
}

static int merge_into(struct merge *m, struct runfile_writer *w, struct err *e)
{
	const char *record;
	int got;

	while ((got = merge_next(m, &record, e)) > 0)
		if (runfile_put(w, record, 1, e) < 0)
			return err_wrap(e, "sorting (--tmpdir)");
	return got;
}

/* Makes one run of the level above out of all runs of level i. */
static int lift(struct extsort *s, size_t i, struct err *e)
{
	struct level *to = &s->levels[i + 1];
	struct runfile_writer *w;
	struct merge *m;
	int result;

	assert(i + 1 < MAX_LEVELS);
	if (level_open(s, to, e) < 0 || merge_levels(s, i, i, &m, e) < 0)
		return -1;
	w = runfile_begin(to->fd, to->end, &s->kind, s->temp_name, s->block);
	result = merge_into(m, w, e);
	merge_free(m);
	if (result < 0) {
		runfile_drop(w);
		return -1;
	}
	return level_push(s, to, w, e) < 0 ? -1 : level_clear(s, &s->levels[i], e);
}

/* The buffer becomes a run of level 0. */
static int spill(struct extsort *s, struct err *e)
{
	struct level *l = &s->levels[0];
	struct runfile_writer *w;

	sort_buffer(s);
	if (level_open(s, l, e) < 0)
		return -1;
	w = runfile_begin(l->fd, l->end, &s->kind, s->temp_name, s->block);
	if (runfile_put(w, s->buffer, s->n, e) < 0) {
		runfile_drop(w);
		return err_wrap(e, "sorting (--tmpdir)");
	}
	s->n = 0;
	return level_push(s, l, w, e);
}

/* Merges full levels upwards; the buffer's memory is lent to the merges. */
static int lift_full(struct extsort *s, struct err *e)
{
	for (size_t i = 0; s->levels[i].n >= s->fan_in; i++) {
		free(s->buffer);
		s->buffer = NULL;
		s->cap = 0;
		if (lift(s, i, e) < 0)
			return -1;
	}
	return 0;
}

int extsort_add(struct extsort *s, const void *record, struct err *e)
{
	assert(!s->finished);
	if (s->n == s->max && (spill(s, e) < 0 || lift_full(s, e) < 0))
		return -1;
	if (s->n == s->cap) {
		s->cap = MIN(MAX(2 * s->cap, 256), s->max);
		s->buffer = mem_resize(s->buffer, s->cap, s->shape.record_bytes);
	}
	memcpy(s->buffer + s->n++ * s->shape.record_bytes, record, s->shape.record_bytes);
	s->count++;
	return 0;
}

/* Lifts the lowest levels until one merge can read all that is left. */
static int reduce(struct extsort *s, size_t *highest, struct err *e)
{
	for (;;) {
		size_t runs = 0, lowest = MAX_LEVELS;

		for (size_t i = 0; i < MAX_LEVELS; i++) {
			runs += s->levels[i].n;
			if (s->levels[i].n) {
				*highest = i;
				lowest = MIN(lowest, i);
			}
		}
		if (runs <= s->fan_in)
			return 0;
		if (lift(s, lowest, e) < 0)
			return -1;
	}
}

int extsort_finish(struct extsort *s, struct err *e)
{
	size_t highest = 0;

	assert(!s->finished);
	s->finished = true;
	if (!s->levels[0].opened) {
		sort_buffer(s);
		return 0;
	}
	if (s->n > 0 && spill(s, e) < 0)
		return -1;
	free(s->buffer);
	s->buffer = NULL;
	if (reduce(s, &highest, e) < 0)
		return -1;
	return merge_levels(s, 0, highest, &s->merge, e);
}

int extsort_next(struct extsort *s, const void **record, struct err *e)
{
	const char *p;
	int got;

	assert(s->finished);
	if (!s->merge) {
		if (s->at == s->n)
			return 0;
		*record = s->buffer + s->at++ * s->shape.record_bytes;
		return 1;
	}
	got = merge_next(s->merge, &p, e);
	if (got > 0)
		*record = p;
	return got;
}

uint64_t extsort_spilled(const struct extsort *s)
{
	return s->spilled;
}

void extsort_free(struct extsort *s)
{
	if (!s)
		return;
	merge_free(s->merge);
	for (size_t i = 0; i < MAX_LEVELS; i++) {
		if (s->levels[i].opened)
			close(s->levels[i].fd);
		free(s->levels[i].runs);
	}
	free(s->buffer);
	free(s->temp_name);
	free(s);
}
