/* JSON lines of ids to records or text. */
#include "lib/core/mem.h"
#include "lib/driver/driver.h"
#include "lib/record/json.h"
#include "lib/stats.h"
#include "stages/tokenize/decode.h"

#include <inttypes.h>
#include <stdlib.h>

struct lines_worker {
	struct decode_config *config;
	struct ids ids;
	struct buf text, out;
};

/* The config of the pass is a pointer to the verb's, because workers get it const and hand their
 * texts over through it. */
static void *lines_worker_new(const void *config, struct err *e)
{
	struct lines_worker *self = mem_zalloc(1, sizeof(*self));

	(void)e;
	self->config = *(struct decode_config *const *)config;
	return self;
}

static void lines_worker_free(void *worker)
{
	struct lines_worker *self = worker;

	ids_release(&self->ids);
	buf_release(&self->text);
	buf_release(&self->out);
	free(self);
}

/* The numbers of a JSON array, each a token of the vocabulary. The record was checked to be
 * JSON. */
static int read_ids(struct lines_worker *self, struct slice array, struct err *e)
{
	self->ids.n = 0;
	if (!slice_starts(array, SLICE("[")))
		return err_set(e, ERR_DATA, "ids is no array");
	array = slice_trim(array, "[] \t\r\n");
	while (array.n) {
		size_t n = slice_find(array, SLICE(","));
		struct slice number = slice_trim(slice_head(array, n), " \t\r\n");
		uint64_t id;

		if (!json_uint(number, &id) || id >= NO_TOKEN ||
			!vocab_token(&self->config->use.vocab, (uint32_t)id).p)
			return err_set(e, ERR_DATA,
				"ids, number %zu: %.*s is not in the vocabulary", self->ids.n,
				(int)MIN(number.n, (size_t)40), number.p);
		ids_put(&self->ids, (uint32_t)id);
		array = slice_skip(array, n + 1);
	}
	return 0;
}

static enum verdict lines_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct lines_worker *self = worker;
	struct slice id = record_raw(r, "id"), array = record_raw(r, "ids");
	struct waiting *w;

	(void)to;
	if (!array.p)
		return drop_named(why, "no_ids", record_id(r));
	if (read_ids(self, array, e) < 0)
		return BAD;
	self->text.n = self->out.n = 0;
	if (decode_ids(self->config, &self->ids, &self->text, e) < 0)
		return BAD;
	decode_put(self->config, id, buf_view(&self->text), &r->replaced, &self->out);
	w = waiting_add(&self->config->list, self->out.n, (struct slice){ 0 });
	memcpy(w->bytes, self->out.p ? self->out.p : "", self->out.n);
	r->note.lo = (uintptr_t)w;
	return KEEP;
}

static enum verdict lines_decide(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	struct decode_config *c = *(struct decode_config **)config;
	struct waiting *w = (struct waiting *)(uintptr_t)note.lo;
	int result;

	(void)n;
	(void)why;
	result = output_lines(c->out, (struct slice){ w->bytes, w->n }, 1, NULL, e);
	waiting_free(&c->list, w);
	return result < 0 ? FAIL : KEEP;
}

static const struct stage lines_pass = {
	.name = "tokenize",
	.worker_new = lines_worker_new,
	.record = lines_record,
	.decide = lines_decide,
	.worker_free = lines_worker_free,
};

static int drive(struct run *run, struct decode_config *c, struct output *rejects, struct err *e)
{
	struct driver_run d = {
		.stage = &lines_pass,
		.config = (void *)&c,
		.common = run->common,
		.files = run->files,
		.n_files = run->n_files,
		.pool = run->pool,
		.rejects = rejects,
		.stats = run->stats,
		.notes = run->notes,
	};

	return driver_run(&d, e);
}

int decode_lines(struct run *run, struct decode_config *c, struct err *e)
{
	struct output *rejects = NULL;
	const char *path = run->common->rejects;

	if (path && run_open(run, path, &rejects, e) < 0)
		return -1;
	if (drive(run, c, rejects, e) < 0) {
		output_abort(rejects);
		return -1;
	}
	if (!run->stats->kept && run->stats->n_dropped)
		buf_str(run->notes, "no record has ids\n");
	return rejects ? run_close(run, &tokenize_decode_stage, c, rejects, e) : 0;
}
