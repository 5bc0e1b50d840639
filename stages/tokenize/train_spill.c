/* Counts of pieces that no longer fit in memory. */
#include "stages/tokenize/train_spill.h"

#include "lib/core/mem.h"
#include "lib/store/buckets.h"

#include <pthread.h>
#include <stdlib.h>
#include <xxhash.h>

/* A record is the count and the number of bytes, little-endian, and the bytes. */
enum { BUCKET_BITS = 6, HEAD = 12 };

struct train_spill {
	size_t memory;
	const char *tmpdir;
	pthread_mutex_t lock; /* of buckets while they are made */
	struct buckets *buckets; /* NULL: nothing was taken yet */
};

struct train_spill *train_spill_new(size_t memory, const char *tmpdir)
{
	struct train_spill *s = mem_zalloc(1, sizeof(*s));

	s->memory = memory;
	s->tmpdir = tmpdir;
	pthread_mutex_init(&s->lock, NULL);
	return s;
}

void train_spill_free(struct train_spill *s)
{
	if (!s)
		return;
	buckets_free(s->buckets);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static int open_buckets(struct train_spill *s, struct err *e)
{
	struct buckets_options o = {
		.n = 1 << BUCKET_BITS, .memory = s->memory, .tmpdir = s->tmpdir
	};
	int result = 0;

	pthread_mutex_lock(&s->lock);
	if (!s->buckets)
		result = buckets_new(&s->buckets, &o, e);
	pthread_mutex_unlock(&s->lock);
	return result;
}

bool train_spill_used(struct train_spill *s)
{
	bool used;

	pthread_mutex_lock(&s->lock);
	used = s->buckets != NULL;
	pthread_mutex_unlock(&s->lock);
	return used;
}

static void put_le(char *p, uint64_t v, int n)
{
	for (int i = 0; i < n; i++)
		p[i] = (char)(v >> 8 * i);
}

int train_spill_take(struct train_spill *s, struct train_counts *counts, struct err *e)
{
	struct train_walk walk = { 0 };
	char head[HEAD];

	if (open_buckets(s, e) < 0)
		return -1;
	while (train_counts_next(counts, &walk)) {
		uint64_t hash = XXH3_64bits(walk.piece.p, walk.piece.n);

		put_le(head, walk.count, 8);
		put_le(head + 8, walk.piece.n, 4);
		if (buckets_add(s->buckets, (size_t)(hash >> (64 - BUCKET_BITS)),
			    (struct slice){ head, HEAD }, walk.piece, e) < 0)
			return -1;
	}
	train_counts_release(counts);
	return 0;
}

static int add_up(struct slice records, struct train_counts *counts, struct err *e)
{
	while (records.n) {
		struct slice piece = slice_skip(records, HEAD);
		uint64_t count = records.n > HEAD ? load_le64(records.p) : 0;
		size_t n = count ? load_le32(records.p + 8) : 0;

		if (n == 0 || n > piece.n)
			return err_set(e, ERR_INTERNAL, "a count on disk is no count");
		train_counts_add(counts, slice_head(piece, n), count);
		records = slice_skip(piece, n);
	}
	return 0;
}

static int load_bucket(
	struct train_spill *s, size_t bucket, struct train_cells *cells, struct err *e)
{
	struct train_counts counts = { 0 };
	struct buf records = { 0 };
	int result = -1;

	if (buckets_load(s->buckets, bucket, &records, e) == 0 &&
		add_up(buf_view(&records), &counts, e) == 0)
		result = 0;
	buf_release(&records);
	if (result == 0)
		result = train_cells_take(cells, &counts, e);
	train_counts_release(&counts);
	return result;
}

int train_spill_cells(
	struct train_spill *s, struct train_cells *cells, size_t max_cells, struct err *e)
{
	if (buckets_seal(s->buckets, e) < 0)
		return -1;
	for (size_t i = 0; i < 1 << BUCKET_BITS && cells->n <= max_cells; i++)
		if (load_bucket(s, i, cells, e) < 0)
			return -1;
	return 0;
}
