/* Runs a record or source stage over files on all threads, in order. */
#include "lib/driver/driver.h"

#include "lib/core/mem.h"
#include "lib/driver/progress.h"
#include "lib/driver/work.h"
#include "lib/record/json.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

const char *driver_file_name(const struct driver *d, size_t file)
{
	return d->run.n_files ? d->run.files[file] : "-";
}

const char *driver_operand(const struct driver *d, size_t file)
{
	return d->run.names ? d->run.names[file] : driver_file_name(d, file);
}

static const char *shown_name(const struct driver *d, const struct work *w)
{
	const char *name = w->path ? w->path : driver_operand(d, w->file);

	return strcmp(name, "-") == 0 ? "standard input" : name;
}

/* As the user counts them: from 0 in each file. */
static uint64_t shown_number(const struct driver *d, const struct work *w, uint64_t n)
{
	return w->path && n < w->n_items ? w->items[n].number : d->file_records + n;
}

/* --- bad records ------------------------------------------------------------------------------ */

/* The first bad record is told with its place, each of them with --verbose; the rest is a
 * number. */
static void tell_bad(struct driver *d, struct work *w, const struct bad_record *bad)
{
	if (d->bad_said && !d->run.common->verbose)
		return;
	buf_printf(d->run.notes, "%s: record %" PRIu64 " at byte %" PRIu64 ": %s\n",
		shown_name(d, w), shown_number(d, w, bad->number), bad->byte, bad->text);
	d->bad_said = true;
}

static int take_bad(struct driver *d, struct work *w, struct err *e)
{
	uint64_t max = d->run.common->max_errors;
	int r = 0;

	for (size_t i = 0; i < w->n_bad; i++) {
		const struct bad_record *bad = &w->bad[i];

		tell_bad(d, w, bad);
		if (r == 0 && ++d->n_bad > max)
			r = err_set(e, ERR_LIMIT,
				"%s: record %" PRIu64 " at byte %" PRIu64
				": %s (bad record number %" PRIu64 ", --max-errors %" PRIu64 ")",
				shown_name(d, w), shown_number(d, w, bad->number), bad->byte,
				bad->text, d->n_bad, max);
		free(w->bad[i].text);
	}
	w->n_bad = 0;
	return r;
}

/* --- what a worker left ----------------------------------------------------------------------- */

static void reject_decided(struct work *w, const struct outgoing *o, const struct reason *why)
{
	const char *from = (o->in_lines ? w->lines.p : w->content.p) + o->at;
	struct slice line = { from, o->n };
	struct record r = { 0 };
	struct err e = { 0 };

	if (slice_ends(line, SLICE("\n")))
		line.n--;
	if (record_scan(&r, line, &e) == 0)
		work_reject(w, &r, why);
	record_release(&r);
}

/* The stage's last word on each record, in input order. Edits that it asks for are the workers'. */
static int decide(struct driver *d, struct work *w)
{
	bool amends = false;

	for (size_t i = 0; i < w->n_out; i++) {
		struct outgoing *o = &w->out[i];
		struct reason why = { 0 };
		enum verdict v = d->run.stage->decide(
			d->run.config, d->all_records + o->number, o->note, &why, &w->err);

		if (v == FAIL)
			return -1;
		o->amend = v == AMEND;
		amends |= o->amend;
		if (v == KEEP || v == AMEND)
			continue;
		o->dropped = true;
		stats_drop(d->run.stats, why.rule, 1);
		if (d->run.rejects)
			reject_decided(w, o, &why);
	}
	if (amends) {
		w->job = (struct job){ .work = worker_amend_job };
		pool_submit(d->run.pool, &w->job);
	} else {
		work_assemble(w);
	}
	return 0;
}

static int write_out(struct driver *d, struct work *w, struct err *e)
{
	struct slice content = buf_view(&w->content);

	if (d->run.rejects && w->n_rejects &&
		output_lines(d->run.rejects, buf_view(&w->rejects), w->n_rejects, NULL, e) < 0)
		return -1;
	if (!d->run.out || !w->kept)
		return 0;
	if (w->whole && w->batch.frame)
		return output_frame(
			d->run.out, buf_view(&w->batch.data), content, &w->out_digest, e);
	return output_lines(
		d->run.out, w->whole ? content : buf_view(&w->lines), w->kept, &w->out_digest, e);
}

static void note_gaps(struct driver *d, const struct work *w)
{
	if (w->gaps && !d->file_gaps)
		memcpy(d->damage, w->damage, sizeof(d->damage));
	d->file_gaps += w->gaps;
	d->file_lost += w->lost;
}

static void count(struct driver *d, struct work *w)
{
	struct stats *s = d->run.stats;

	s->read += w->read;
	s->read_bytes += w->read_bytes;
	s->split += w->split;
	s->bad += w->n_bad;
	s->replaced += w->replaced;
	s->duplicate_keys += w->duplicate_keys;
	for (size_t i = 0; i < w->n_drops; i++)
		stats_drop(s, w->drops[i].rule, w->drops[i].records);
	for (size_t i = 0; i < w->n_values; i++)
		stats_drop_value(s, w->values[i].rule, w->values[i].value, 1);
	s->kept += w->kept;
	s->kept_bytes += w->out_digest.bytes;
	digest_add(&d->file_digest, &w->in_digest);
	note_gaps(d, w);
}

static bool decide_batch(struct driver *d, struct work *w)
{
	bool failed;

	pool_wait(d->run.pool, &w->job);
	failed = w->err.code != ERR_NONE;
	w->undecided = !failed && d->run.stage->decide && decide(d, w) < 0;
	d->all_records += w->read;
	return !failed && !w->undecided;
}

static int take_batch(struct driver *d, struct work *w, struct err *e)
{
	int r;

	pool_wait(d->run.pool, &w->job);
	count(d, w);
	r = take_bad(d, w, e);
	if (r == 0 && w->undecided) {
		*e = w->err;
		r = -1;
	}
	if (r == 0 && w->err.code != ERR_NONE) {
		*e = w->err;
		r = err_wrap(e, "%s: record %" PRIu64, shown_name(d, w),
			shown_number(d, w, w->read ? w->read - 1 : 0));
	}
	if (r == 0)
		r = write_out(d, w, e);
	d->file_records += w->read;
	return r;
}

/* --- ends of files ---------------------------------------------------------------------------- */

/* The digest in the stamp is that of what was read, or bytes got lost where no checksum sees it. */
static int check_stamp(struct driver *d, struct work *w, struct err *e)
{
	struct json_members members = { 0 };
	size_t where;
	const char *what;
	char hex[35];
	int r = 0;

	if (!w->stamp.n || d->run.common->range || d->file_gaps)
		return 0;
	digest_hex(&d->file_digest, hex + 1);
	hex[0] = hex[33] = '"';
	if (!json_scan_object(buf_view(&w->stamp), &members, &where, &what))
		r = err_set(e, ERR_DATA, "%s: damaged stamp", shown_name(d, w));
	for (size_t i = 0; r == 0 && i < members.n; i++) {
		if (slice_eq(members.at[i].key, SLICE("\"digest\"")) &&
			!slice_eq(members.at[i].value, (struct slice){ hex, 34 }))
			r = err_set(e, ERR_DATA,
				"%s: content digest %.32s, but its stamp says %.*s",
				shown_name(d, w), hex + 1, (int)members.at[i].value.n,
				members.at[i].value.p);
	}
	json_members_release(&members);
	return r;
}

static int take_file_end(struct driver *d, struct work *w, struct err *e)
{
	struct stats *s = d->run.stats;
	struct stats_file *file = stats_add_input(s, driver_operand(d, w->file));
	bool source = d->run.stage->source != NULL;

	file->records = !source;
	file->digest = d->file_digest;
	if (source)
		file->digest = (struct digest){ .records = d->file_records };
	file->file_bytes = w->offset;
	if (w->stamp.n)
		file->stamp = mem_strndup(w->stamp.p, w->stamp.n);
	note_gaps(d, w);
	s->gaps += d->file_gaps;
	s->lost += d->file_lost;
	if (d->file_gaps)
		buf_printf(d->run.notes,
			"%s: damaged in %" PRIu64 " place%s, %" PRIu64
			" bytes of the file lost: %s%s\n",
			shown_name(d, w), d->file_gaps, d->file_gaps == 1 ? "" : "s", d->file_lost,
			d->file_gaps == 1 ? "" : "first ", d->damage);
	if (d->file_gaps > 1)
		buf_slice(d->run.notes, buf_view(&w->places));
	if (w->links)
		buf_printf(d->run.notes, "%s: %" PRIu64 " symbolic link%s not followed\n",
			shown_name(d, w), w->links, w->links == 1 ? "" : "s");
	if (!source && check_stamp(d, w, e) < 0)
		return -1;
	d->file_digest = (struct digest){ 0 };
	d->file_records = d->file_gaps = d->file_lost = 0;
	return 0;
}

/* --- the loop --------------------------------------------------------------------------------- */

static struct work *next_work(struct driver *d)
{
	struct work *w;

	pthread_mutex_lock(&d->lock);
	while (!d->ready)
		pthread_cond_wait(&d->changed, &d->lock);
	w = d->ready;
	d->ready = w->next;
	if (!d->ready)
		d->ready_end = &d->ready;
	pthread_mutex_unlock(&d->lock);
	return w;
}

static void set_free(struct driver *d, struct work *w)
{
	struct buf content = w->content;

	/* Lines that came plain were moved there by the worker. Back where the reader fills them
	 * they take one buffer's memory, not two. */
	if (w->kind == WORK_LINES && !w->batch.frame) {
		w->content = w->batch.data;
		w->batch.data = content;
	}
	pthread_mutex_lock(&d->lock);
	w->next = d->free;
	d->free = w;
	pthread_cond_broadcast(&d->changed);
	pthread_mutex_unlock(&d->lock);
}

/* 1: go on; 0: all is read; -1. */
static int take_work(struct driver *d, struct work *w, struct err *e)
{
	if (w->kind == WORK_FILE_END)
		return take_file_end(d, w, e) < 0 ? -1 : 1;
	if (w->kind == WORK_ERROR) {
		*e = w->err;
		return e->code == ERR_NONE ? 0 : -1;
	}
	return take_batch(d, w, e) < 0 ? -1 : 1;
}

/* Decided batches wait in order, while the workers make their edits. False when nothing is to be
 * decided behind this one. */
static bool add_decided(struct driver *d, struct work *w)
{
	bool go_on = w->kind != WORK_ERROR;

	if (w->kind == WORK_LINES || w->kind == WORK_ITEMS)
		go_on = decide_batch(d, w);
	w->next = NULL;
	*d->decided_end = w;
	d->decided_end = &w->next;
	d->n_decided++;
	return go_on;
}

static struct work *oldest_decided(struct driver *d)
{
	struct work *w = d->decided;

	d->decided = w->next;
	if (!d->decided)
		d->decided_end = &d->decided;
	d->n_decided--;
	return w;
}

/* As many batches wait as there are workers, of those two a worker that there are. */
static int loop(struct driver *d, struct err *e)
{
	size_t waiting = d->run.stage->amend && d->run.out ? pool_size(d->run.pool) : 0;
	struct progress progress = { 0 };
	bool last = false;
	int r = 1;

	progress_begin(&progress, d);
	while (r > 0) {
		struct work *w;

		if (!last && d->n_decided <= waiting) {
			w = next_work(d);
			progress_show(&progress, w);
			last = !add_decided(d, w);
		}
		if (d->n_decided <= waiting && !last)
			continue;
		w = oldest_decided(d);
		r = take_work(d, w, e);
		set_free(d, w);
	}
	progress_end(&progress);
	return r;
}

/* --- making and ending ------------------------------------------------------------------------ */

static void release_work(struct work *w)
{
	buf_release(&w->batch.data);
	buf_release(&w->sides);
	buf_release(&w->stamp);
	buf_release(&w->places);
	buf_release(&w->content);
	buf_release(&w->lines);
	buf_release(&w->made);
	buf_release(&w->rejects);
	arena_release(&w->beyond);
	for (size_t i = 0; i < w->n_bad; i++)
		free(w->bad[i].text);
	free(w->bad);
	free(w->items);
	free(w->out);
	free(w->drops);
	free(w->values);
	free(w->path);
}

static int start(struct driver *d, struct err *e)
{
	if (pipe2(d->stop_pipe, O_CLOEXEC) != 0)
		return err_set(e, ERR_IO, "cannot make a pipe: %s", strerror(errno));
	if (pthread_create(&d->reader, NULL, reader_main, d) == 0)
		return 0;
	close(d->stop_pipe[0]);
	close(d->stop_pipe[1]);
	return err_set(e, ERR_IO, "cannot start a thread");
}

/* Stops the reader, and waits for the batches that are still with the workers. */
static void stop(struct driver *d)
{
	pthread_mutex_lock(&d->lock);
	d->stop = true;
	pthread_cond_broadcast(&d->changed);
	pthread_mutex_unlock(&d->lock);
	close(d->stop_pipe[1]);
	pthread_join(d->reader, NULL);
	close(d->stop_pipe[0]);
	for (struct work *w = d->ready; w; w = w->next)
		pool_wait(d->run.pool, &w->job);
	for (struct work *w = d->decided; w; w = w->next)
		pool_wait(d->run.pool, &w->job);
}

static void release_workers(struct driver *d)
{
	const struct stage *stage = d->run.stage;

	for (unsigned i = 0; i < pool_size(d->run.pool); i++) {
		if (d->workers[i].made && stage->worker_free)
			stage->worker_free(d->workers[i].stage_worker);
		record_release(&d->workers[i].record);
		ZSTD_freeDCtx(d->workers[i].zstd);
	}
	free(d->workers);
}

static int check_options(const struct driver_run *run, struct err *e)
{
	if (run->common->range && run->n_files > 1)
		return err_set(e, ERR_USAGE, "--range takes one FILE, not %zu", run->n_files);
	if (run->common->with.n && run->common->range)
		return err_set(e, ERR_USAGE, "--with and --range exclude each other");
	if (run->common->annotate_only && run->stage->decide)
		return err_set(
			e, ERR_USAGE, "--annotate-only is not for a stage that compares records");
	return 0;
}

/* A range that the input does not fill must not look like one that it does. */
static void tell_range(const struct driver *d)
{
	uint64_t from = 0, to = 0;
	struct err e = { 0 };

	if (!d->run.common->range || common_range(d->run.common, &from, &to, &e) < 0)
		return;
	if ((!d->all_records && from < to) || (to != UINT64_MAX && d->all_records < to - from))
		buf_printf(d->run.notes, "--range %s: the input ends before record %" PRIu64 "\n",
			d->run.common->range, from + d->all_records);
}

int driver_run(const struct driver_run *run, struct err *e)
{
	/* Where nothing is written the calling thread is soon done with a batch, and none need wait
	 * for it. */
	size_t n_works = (run->out ? 2 : 1) * (size_t)pool_size(run->pool) + 2;
	struct driver d = { .run = *run, .serial = run->common->with.n > 0 };
	struct work *works;
	int r;

	if (check_options(run, e) < 0)
		return -1;
	works = mem_zalloc(n_works, sizeof(*works));
	d.workers = mem_zalloc(pool_size(run->pool), sizeof(*d.workers));
	d.ready_end = &d.ready;
	d.decided_end = &d.decided;
	pthread_mutex_init(&d.lock, NULL);
	pthread_cond_init(&d.changed, NULL);
	for (size_t i = 0; i < n_works; i++) {
		works[i].driver = &d;
		works[i].next = d.free;
		d.free = &works[i];
	}
	r = start(&d, e);
	if (r == 0) {
		r = loop(&d, e);
		stop(&d);
	}
	if (r == 0)
		tell_range(&d);
	if (d.n_bad > 1 && !run->common->verbose)
		buf_printf(run->notes, "%" PRIu64 " bad records in all\n", d.n_bad);
	release_workers(&d);
	for (size_t i = 0; i < n_works; i++)
		release_work(&works[i]);
	free(works);
	pthread_mutex_destroy(&d.lock);
	pthread_cond_destroy(&d.changed);
	return r;
}
