/* Lines in the order of their keys. */
#include "stages/mix/shuffle.h"

#include "lib/core/buf.h"
#include "lib/core/mem.h"
#include "lib/store/buckets.h"
#include "stages/mix/draw.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Chunks of buckets are no smaller (lib/store/buckets.c), so more buckets than this square root
 * would take more memory for chunks than for a bucket. */
static const double chunk_bytes = 4096;
enum { MAX_BUCKETS = 1 << 16 };

/* What stands in front of each line in its bucket; read and written on one machine by one run. */
struct head {
	struct key128 key;
	uint64_t tokens, text_bytes, line_bytes;
	uint64_t source;
};

struct place {
	struct key128 key;
	const char *head;
};

/* One bucket being loaded by a worker, or handed out. */
struct load {
	struct job job;
	struct shuffle *owner;
	size_t bucket;
	struct buf data;
	struct place *places;
	size_t n, cap;
	struct err e;
	int result;
	bool submitted;
};

struct shuffle {
	struct buckets *buckets;
	size_t n_buckets;
	struct pool *pool;
	_Atomic uint64_t lines, bytes;
	struct load loads[2]; /* bucket i is loaded by loads[i % 2] */
	size_t current; /* the bucket being handed out; n_buckets: none is left */
	size_t next; /* the place there */
};

static size_t bucket_count(const struct shuffle_options *o)
{
	double beside = (double)(sizeof(struct head) + sizeof(struct place));
	double bytes = o->expected_bytes + beside * o->expected_lines;
	double n = ceil(4 * bytes / (double)MAX(o->memory, 1));

	n = fmin(n, ceil(sqrt(bytes / chunk_bytes)));
	return (size_t)fmax(1, fmin(n, MAX_BUCKETS));
}

int shuffle_new(struct shuffle **out, const struct shuffle_options *o, struct err *e)
{
	struct shuffle *s = mem_zalloc(1, sizeof(*s));
	struct buckets_options b = { .memory = o->memory / 4, .tmpdir = o->tmpdir };

	s->n_buckets = b.n = bucket_count(o);
	s->pool = o->pool;
	if (buckets_new(&s->buckets, &b, e) < 0) {
		free(s);
		return -1;
	}
	*out = s;
	return 0;
}

/* The buckets part the range of keys evenly: the high half of hi * n. */
static size_t bucket_of(const struct shuffle *s, struct key128 key)
{
	uint64_t n = s->n_buckets;

	return (size_t)(((key.hi >> 32) * n + ((key.hi & UINT32_MAX) * n >> 32)) >> 32);
}

int shuffle_add(
	struct shuffle *s, struct key128 key, const struct shuffle_line *line, struct err *e)
{
	struct head head = {
		.key = key,
		.tokens = line->tokens,
		.text_bytes = line->text_bytes,
		.line_bytes = line->line.n,
		.source = line->source,
	};

	atomic_fetch_add(&s->lines, 1);
	atomic_fetch_add(&s->bytes, line->line.n);
	return buckets_add(s->buckets, bucket_of(s, key),
		(struct slice){ (const char *)&head, sizeof(head) }, line->line, e);
}

uint64_t shuffle_count(const struct shuffle *s)
{
	return s->lines;
}

uint64_t shuffle_bytes(const struct shuffle *s)
{
	return s->bytes;
}

static struct head head_at(const char *p)
{
	struct head h;

	memcpy(&h, p, sizeof(h));
	return h;
}

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = draw_compare(x->key, y->key);
	struct head hx, hy;

	if (order)
		return order;
	hx = head_at(x->head);
	hy = head_at(y->head);
	order = memcmp(
		x->head + sizeof(hx), y->head + sizeof(hy), MIN(hx.line_bytes, hy.line_bytes));
	return order ? order : (hx.line_bytes > hy.line_bytes) - (hx.line_bytes < hy.line_bytes);
}

/* Where the record behind p begins. */
static const char *behind(const char *p)
{
	struct head h = head_at(p);

	return p + sizeof(h) + h.line_bytes;
}

static void list_places(struct load *l)
{
	const char *end = l->data.p + l->data.n;
	size_t n = 0;

	for (const char *p = l->data.p; p < end; p = behind(p))
		n++;
	if (n > l->cap) {
		free(l->places);
		l->places = mem_zalloc(n, sizeof(*l->places));
		l->cap = n;
	}
	for (const char *p = l->data.p; p < end; p = behind(p))
		l->places[l->n++] = (struct place){ head_at(p).key, p };
}

/* Buffers are made anew when they are too small: grown ones would be half as large again. */
static void load_work(struct job *job, unsigned worker)
{
	struct load *l = (struct load *)job;
	size_t bytes = buckets_size(l->owner->buckets, l->bucket);

	(void)worker;
	if (bytes > l->data.cap)
		buf_release(&l->data);
	buf_clear(&l->data, SIZE_MAX);
	l->n = 0;
	l->result = buckets_load(l->owner->buckets, l->bucket, &l->data, &l->e);
	if (l->result == 0)
		list_places(l);
	if (l->n)
		qsort(l->places, l->n, sizeof(*l->places), compare_places);
}

static void load_begin(struct shuffle *s, size_t bucket)
{
	struct load *l = &s->loads[bucket % 2];

	if (bucket >= s->n_buckets)
		return;
	l->job = (struct job){ .work = load_work };
	l->owner = s;
	l->bucket = bucket;
	l->submitted = true;
	pool_submit(s->pool, &l->job);
}

/* Waits until the bucket is there. */
static int load_end(struct shuffle *s, size_t bucket, struct err *e)
{
	struct load *l = &s->loads[bucket % 2];

	pool_wait(s->pool, &l->job);
	l->submitted = false;
	s->next = 0;
	return l->result < 0 ? err_set(e, l->e.code, "%s", l->e.text) : 0;
}

int shuffle_seal(struct shuffle *s, struct err *e)
{
	if (buckets_seal(s->buckets, e) < 0)
		return -1;
	load_begin(s, 0);
	load_begin(s, 1);
	return load_end(s, 0, e);
}

/* Makes the next bucket current, and has the one behind it loaded. */
static int step(struct shuffle *s, struct err *e)
{
	s->current++;
	if (s->current == s->n_buckets)
		return 0;
	if (load_end(s, s->current, e) < 0)
		return -1;
	load_begin(s, s->current + 1);
	return 0;
}

int shuffle_next(struct shuffle *s, struct shuffle_line *line, struct err *e)
{
	const struct load *l;
	const char *p;
	struct head h;

	while (s->current < s->n_buckets && s->next == s->loads[s->current % 2].n)
		if (step(s, e) < 0)
			return -1;
	if (s->current == s->n_buckets)
		return 0;
	l = &s->loads[s->current % 2];
	p = l->places[s->next++].head;
	h = head_at(p);
	*line = (struct shuffle_line){
		.line = { p + sizeof(h), h.line_bytes },
		.source = (uint32_t)h.source,
		.tokens = h.tokens,
		.text_bytes = h.text_bytes,
	};
	return 1;
}

void shuffle_free(struct shuffle *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < ARRAY_LEN(s->loads); i++) {
		if (s->loads[i].submitted)
			pool_wait(s->pool, &s->loads[i].job);
		buf_release(&s->loads[i].data);
		free(s->loads[i].places);
	}
	buckets_free(s->buckets);
	free(s);
}
