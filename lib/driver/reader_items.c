/* The reader thread of stages with a source: files and folders cut into batches of items. */
#include "lib/driver/work.h"

#include "lib/core/mem.h"
#include "lib/stream/folder.h"

#include <stdlib.h>

enum {
	ITEMS_BYTES =
		1024 * 1024, /* of the items in a batch: tens of milliseconds of work on pages */
	ITEMS_MAX = 256,
};

/* One operand on its way: a file, or the files of a folder. */
struct source_run {
	struct driver *d;
	size_t file;
	const char *path; /* of the file in a folder; else NULL */
	uint64_t number; /* of the next item */
	struct read_sums sums;
};

/* Fills a batch with items. 1, 0 at the end, -1. */
static int read_items(struct source_run *s, void *state, struct work *w, struct err *e)
{
	struct driver *d = s->d;
	struct buf *data = &w->batch.data;

	data->n = w->n_items = 0;
	w->batch.frame = false;
	w->path = s->path ? mem_strdup(s->path) : NULL;
	while (data->n < ITEMS_BYTES && w->n_items < ITEMS_MAX) {
		struct item item = { .number = s->number };
		size_t begin = data->n;
		int r;

		item.path = w->path ? w->path : driver_operand(d, s->file);
		r = d->run.stage->source->next(state, data, &item, d->run.common->max_record, e);
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		s->number++;
		item.data = (struct slice){ NULL, data->n - begin };
		mem_grow(&w->items, w->n_items, &w->cap_items, sizeof(*w->items));
		w->items[w->n_items++] = item;
	}
	return w->n_items > 0;
}

/* 0: at its end; 1: the run is stopping; -1. */
static int read_all_items(struct source_run *s, struct input *in, void *state, struct err *e)
{
	for (;;) {
		struct work *w = reader_take_free(s->d);
		int r;

		if (!w)
			return 1;
		w->kind = WORK_ITEMS;
		w->file = s->file;
		r = read_items(s, state, w, e);
		if (r <= 0) {
			reader_give_back(s->d, w);
			return r;
		}
		w->offset = s->sums.bytes + input_offset(in);
		reader_hand_over(s->d, w);
	}
}

static int read_file(struct source_run *s, const char *path, const char *name, struct err *e)
{
	const struct source *source = s->d->run.stage->source;
	int stop = s->d->stop_pipe[0], r;
	struct input *in;
	void *state;

	if (input_open_until(&in, path, s->d->run.common->salvage, stop, e) < 0)
		return -1;
	input_rename(in, name);
	input_use_pool(in, s->d->run.pool);
	s->number = 0;
	if ((s->path ? source->begin_found : source->begin)(s->d->run.config, in, &state, e) < 0) {
		input_free(in);
		return -1;
	}
	r = read_all_items(s, in, state, e);
	source->end(state);
	reader_add_sums(&s->sums, in);
	input_free(in);
	return r;
}

static int read_folder(struct source_run *s, const char *path, struct err *e)
{
	struct folder *folder = folder_new(path);
	bool any = false;
	int r = 0, next = 1;

	while (r == 0 && next > 0) {
		next = folder_next(folder, &s->path, e);
		any |= next > 0;
		if (next > 0)
			r = read_file(s, s->path, s->path, e);
	}
	if (!any && next == 0) /* a wrong name must not look like success */
		next = err_set(e, ERR_NOINPUT, "%s: a folder without files", path);
	s->sums.links = folder_links(folder);
	folder_free(folder);
	return next < 0 ? -1 : r;
}

int reader_source(struct driver *d, size_t file, struct err *e)
{
	struct source_run s = { .d = d, .file = file };
	const char *path = driver_file_name(d, file);
	int r;

	if (d->run.stage->source->begin_found && folder_is_one(path))
		r = read_folder(&s, path, e);
	else
		r = read_file(&s, path, driver_operand(d, file), e);
	if (r == 0)
		return reader_end_file(d, file, &s.sums, (struct slice){ 0 });
	buf_release(&s.sums.places);
	return r;
}
