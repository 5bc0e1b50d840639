/* The reader thread: cuts the inputs into batches ahead of the workers. */
#include "lib/driver/work.h"

#include "lib/core/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* An empty batch, or NULL when the run is stopping. */
struct work *reader_take_free(struct driver *d)
{
	struct work *w;

	pthread_mutex_lock(&d->lock);
	while (!d->free && !d->stop)
		pthread_cond_wait(&d->changed, &d->lock);
	w = d->stop ? NULL : d->free;
	if (w)
		d->free = w->next;
	pthread_mutex_unlock(&d->lock);
	if (w) {
		free(w->path);
		w->path = NULL;
	}
	return w;
}

void reader_give_back(struct driver *d, struct work *w)
{
	pthread_mutex_lock(&d->lock);
	w->next = d->free;
	d->free = w;
	pthread_mutex_unlock(&d->lock);
}

/* To the workers, and in order to the calling thread. */
void reader_hand_over(struct driver *d, struct work *w)
{
	w->job.work = worker_job;
	w->job.done = true;
	w->next = NULL;
	if (w->kind == WORK_LINES || w->kind == WORK_ITEMS)
		pool_submit(d->run.pool, &w->job);
	pthread_mutex_lock(&d->lock);
	*d->ready_end = w;
	d->ready_end = &w->next;
	pthread_cond_broadcast(&d->changed);
	pthread_mutex_unlock(&d->lock);
}

/* --- side files ------------------------------------------------------------------------------- */

/* One --with file, read in step with the records. */
struct side {
	struct batches *from;
	struct batch batch;
	struct slice rest;
};

static int open_sides(struct driver *d, struct side *sides, struct err *e)
{
	const struct common *common = d->run.common;
	struct batches_options o = {
		.max_record = common->max_record,
		.serial = true,
		.stop = d->stop_pipe[0],
	};

	for (size_t i = 0; i < common->with.n; i++) {
		if (batches_open(&sides[i].from, common->with.at[i], &o, e) < 0)
			return -1;
	}
	return 0;
}

static void close_sides(struct driver *d, struct side *sides)
{
	for (size_t i = 0; i < d->run.common->with.n; i++) {
		batches_free(sides[i].from);
		buf_release(&sides[i].batch.data);
	}
	free(sides);
}

/* The next batch of the side file: 1, 0, or -1. A line over the limit cannot be passed over here:
 * those behind it would stand beside the wrong records. */
static int next_side_batch(struct side *s, struct err *e)
{
	int r = batches_next(s->from, &s->batch, e);

	if (r > 0 && s->batch.too_long)
		return err_set(e, ERR_LIMIT, "%s: line of %" PRIu64 " bytes exceeds --max-record",
			input_name(batches_input(s->from)), s->batch.too_long);
	s->rest = r > 0 ? buf_view(&s->batch.data) : (struct slice){ 0 };
	return r;
}

/* Appends n lines of the side file to out, behind their length. */
static int take_lines(struct side *s, uint64_t n, struct buf *out, struct err *e)
{
	size_t begin = out->n;
	struct slice line;

	buf_le64(out, 0);
	while (n) {
		int r;

		if (next_record_line(&s->rest, &line)) {
			buf_slice(out, line);
			buf_byte(out, '\n');
			n--;
			continue;
		}
		r = next_side_batch(s, e);
		if (r < 0)
			return -1;
		if (r == 0)
			return err_set(e, ERR_DATA, "%s: ended before the records it stands beside",
				input_name(batches_input(s->from)));
	}
	n = out->n - begin - 8;
	for (int i = 0; i < 8; i++)
		out->p[begin + (size_t)i] = (char)(n >> (8 * i));
	return 0;
}

static int add_sides(struct driver *d, struct side *sides, struct work *w, struct err *e)
{
	uint64_t n = w->batch.too_long ? 1 : count_records(buf_view(&w->batch.data));

	buf_clear(&w->sides, 4 * FRAME_BYTES);
	for (size_t i = 0; i < d->run.common->with.n; i++) {
		if (take_lines(&sides[i], n, &w->sides, e) < 0)
			return -1;
	}
	return 0;
}

/* Whether the side file has a line left: 1, 0, or -1. */
static int has_line(struct side *s, struct err *e)
{
	struct slice line;

	while (!next_record_line(&s->rest, &line)) {
		int r = next_side_batch(s, e);

		if (r <= 0)
			return r;
	}
	return 1;
}

/* Side lines left over: the files do not belong together. */
static int check_sides(struct driver *d, struct side *sides, struct err *e)
{
	for (size_t i = 0; i < d->run.common->with.n; i++) {
		int r = has_line(&sides[i], e);

		if (r < 0)
			return -1;
		if (r > 0)
			return err_set(e, ERR_DATA, "%s: has more lines than there are records",
				input_name(batches_input(sides[i].from)));
	}
	return 0;
}

/* --- files ------------------------------------------------------------------------------------ */

int reader_end_file(struct driver *d, size_t file, struct read_sums *sums, struct slice stamp)
{
	struct work *w = reader_take_free(d);

	if (w) {
		w->kind = WORK_FILE_END;
		w->file = file;
		w->offset = sums->bytes;
		buf_clear(&w->stamp, 0);
		buf_slice(&w->stamp, stamp);
		buf_clear(&w->places, 0);
		buf_slice(&w->places, buf_view(&sums->places));
		w->gaps = sums->gaps;
		w->lost = sums->lost;
		w->links = sums->links;
		memcpy(w->damage, sums->damage, sizeof(w->damage));
		reader_hand_over(d, w);
	}
	buf_release(&sums->places);
	return w ? 0 : 1;
}

static void list_gaps(struct buf *out, const struct input *in)
{
	struct input_gap gap;

	for (size_t i = 0; input_gap(in, i, &gap); i++)
		buf_printf(out, "%s: %" PRIu64 " bytes lost from byte %" PRIu64 " on: %s\n",
			input_name(in), gap.bytes, gap.at, gap.what);
}

void reader_add_sums(struct read_sums *sums, const struct input *in)
{
	struct input_gap first;

	if (!sums->gaps && input_gap(in, 0, &first))
		snprintf(sums->damage, sizeof(sums->damage), "%s", first.what);
	sums->bytes += input_offset(in);
	sums->gaps += input_gaps(in);
	sums->lost += input_lost(in);
	if (sums->places.n < 4096) /* of a folder, as of a file, the first places are told */
		list_gaps(&sums->places, in);
}

/* 0: at its end; 1: the run is stopping; -1. */
static int read_lines(
	struct driver *d, size_t file, struct batches *from, struct side *sides, struct err *e)
{
	for (;;) {
		struct work *w = reader_take_free(d);
		int r;

		if (!w)
			return 1;
		w->kind = WORK_LINES;
		w->file = file;
		w->batch.data.n = 0;
		r = batches_next(from, &w->batch, e);
		if (r > 0 && d->serial)
			r = add_sides(d, sides, w, e) < 0 ? -1 : 1;
		if (r <= 0) {
			reader_give_back(d, w);
			return r;
		}
		w->offset = input_offset(batches_input(from));
		reader_hand_over(d, w);
	}
}

static int read_record_file(struct driver *d, size_t file, struct side *sides, struct err *e)
{
	const struct common *common = d->run.common;
	struct batches_options o = {
		.max_record = common->max_record,
		.salvage = common->salvage,
		.serial = d->serial,
		.range = common->range != NULL,
		.stop = d->stop_pipe[0],
	};
	struct batches *from;
	int r;

	if (o.range && common_range(common, &o.first, &o.end, e) < 0)
		return -1;
	if (batches_open(&from, driver_file_name(d, file), &o, e) < 0)
		return -1;
	input_rename(batches_input(from), driver_operand(d, file));
	input_use_pool(batches_input(from), d->run.pool);
	r = read_lines(d, file, from, sides, e);
	if (r == 0) {
		struct read_sums sums = { 0 };

		reader_add_sums(&sums, batches_input(from));
		r = reader_end_file(d, file, &sums, input_stamp(batches_input(from)));
	}
	batches_free(from);
	return r;
}

static int read_files(struct driver *d, struct side *sides, struct err *e)
{
	size_t n = MAX(d->run.n_files, (size_t)1);

	if (open_sides(d, sides, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int r = d->run.stage->source ? reader_source(d, i, e)
					     : read_record_file(d, i, sides, e);

		if (r != 0)
			return r;
	}
	return check_sides(d, sides, e);
}

void *reader_main(void *arg)
{
	struct driver *d = arg;
	struct side *sides = mem_zalloc(d->run.common->with.n, sizeof(*sides));
	struct err e = { 0 };
	struct work *last;
	int r = read_files(d, sides, &e);

	close_sides(d, sides);
	last = r == 1 ? NULL : reader_take_free(d);
	if (last) {
		/* The end of all is an error without a code: it comes behind all batches, as an
		 * error does. */
		last->kind = WORK_ERROR;
		last->err = e;
		reader_hand_over(d, last);
	}
	return NULL;
}
