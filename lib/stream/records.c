/* The records of one file, one after another, on the calling thread. */
#include "lib/stream/records.h"

#include "lib/core/mem.h"
#include "lib/stream/batches.h"
#include "lib/stream/frame.h"
#include "lib/stream/pool.h"

#include <stdlib.h>
#include <zstd.h>

/* A batch read ahead; a worker decompresses it when it is a frame. */
struct ahead {
	struct job job;
	struct records *owner;
	struct batch batch;
	struct buf content;
	struct err err;
	bool submitted;
};

struct records {
	struct batches *from;
	struct pool *pool;
	uint64_t max_record;
	void **contexts; /* a ZSTD_DCtx a worker */

	struct ahead *ring;
	size_t n_ring;
	uint64_t begun, taken; /* batches so far */
	bool read_all;
	struct err read_error; /* comes when the batches before it are used up */

	struct slice rest; /* of the current batch */
	struct ahead *current;
	uint64_t number, byte;
	bool any;
	struct digest digest;
};

static void decompress(struct job *job, unsigned worker)
{
	struct ahead *a = (struct ahead *)job;
	void **context = &a->owner->contexts[worker];

	if (!*context)
		*context = ZSTD_createDCtx();
	if (frame_decompress(*context, buf_view(&a->batch.data), &a->content, &a->err) == 0 &&
		(!a->content.n || a->content.p[a->content.n - 1] != '\n'))
		err_set(&a->err, ERR_DATA, "damaged frame: it does not end in a line end");
}

int records_open(struct records **out, struct pool *pool, const char *path, size_t max_record,
	bool salvage, struct err *e)
{
	struct batches_options o = { .max_record = max_record, .salvage = salvage };
	struct records *r = mem_zalloc(1, sizeof(*r));

	*out = NULL;
	r->pool = pool;
	r->max_record = max_record;
	if (batches_open(&r->from, path, &o, e) < 0) {
		free(r);
		return -1;
	}
	r->n_ring = (size_t)pool_size(pool) + 2;
	r->ring = mem_zalloc(r->n_ring, sizeof(*r->ring));
	r->contexts = mem_zalloc(pool_size(pool), sizeof(*r->contexts));
	*out = r;
	return 0;
}

/* Reads batches until the ring is full. */
static void read_ahead(struct records *r)
{
	while (!r->read_all && r->begun - r->taken < r->n_ring) {
		struct ahead *a = &r->ring[r->begun % r->n_ring];
		int more = batches_next(r->from, &a->batch, &r->read_error);

		if (more <= 0) {
			r->read_all = true;
			return;
		}
		a->owner = r;
		a->content.n = 0;
		err_clear(&a->err);
		a->submitted = a->batch.frame;
		a->job.work = decompress;
		if (a->submitted)
			pool_submit(r->pool, &a->job);
		r->begun++;
	}
}

/* The content of the current batch. */
static const struct buf *content(const struct records *r)
{
	return r->current->batch.frame ? &r->current->content : &r->current->batch.data;
}

/* Moves to the next batch: 1, 0 at the end, -1. */
static int next_batch(struct records *r, struct err *e)
{
	struct ahead *a;

	if (r->current)
		r->taken++;
	r->current = NULL;
	read_ahead(r);
	if (r->taken == r->begun) {
		*e = r->read_error;
		return r->read_error.code == ERR_NONE ? 0 : -1;
	}
	a = r->current = &r->ring[r->taken % r->n_ring];
	if (a->submitted)
		pool_wait(r->pool, &a->job);
	a->submitted = false;
	if (a->err.code != ERR_NONE) {
		*e = a->err;
		return err_wrap(e, "%s", input_name(batches_input(r->from)));
	}
	r->rest = buf_view(content(r));
	return 1;
}

static void count(struct records *r, uint64_t byte)
{
	r->number += r->any;
	r->any = true;
	r->byte = r->current->batch.byte + byte;
}

int records_next(struct records *r, struct slice *line, struct err *e)
{
	while (!r->current || !next_record_line(&r->rest, line)) {
		int more = next_batch(r, e);

		if (more <= 0)
			return more;
		if (r->current->batch.too_long) {
			*line = (struct slice){ 0 };
			count(r, 0);
			return 1;
		}
	}
	count(r, (uint64_t)(line->p - content(r)->p));
	digest_line(&r->digest, *line);
	if (r->max_record && line->n > r->max_record)
		*line = (struct slice){ 0 };
	return 1;
}

uint64_t records_number(const struct records *r)
{
	return r->number;
}

uint64_t records_byte(const struct records *r)
{
	return r->byte;
}

struct digest records_digest(const struct records *r)
{
	return r->digest;
}

struct slice records_stamp(const struct records *r)
{
	return input_stamp(batches_input(r->from));
}

uint64_t records_offset(const struct records *r)
{
	return input_offset(batches_input(r->from));
}

void records_free(struct records *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n_ring; i++) {
		if (r->ring[i].submitted)
			pool_wait(r->pool, &r->ring[i].job);
		buf_release(&r->ring[i].batch.data);
		buf_release(&r->ring[i].content);
	}
	for (unsigned i = 0; i < pool_size(r->pool); i++)
		ZSTD_freeDCtx(r->contexts[i]);
	free(r->contexts);
	free(r->ring);
	batches_free(r->from);
	free(r);
}
