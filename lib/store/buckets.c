/* Records parted into buckets on disk. */
#include "lib/store/buckets.h"

#include "lib/core/mem.h"
#include "lib/store/disk.h"
#include "lib/stream/publish.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

enum { MIN_CHUNK = 4 * 1024, MAX_CHUNK = 1024 * 1024 };

/* A chunk's header: magic, bucket, payload bytes, offset of the chunk before, digest of the four
 * and the payload. */
enum { AT_BUCKET = 4, AT_BYTES = 8, AT_BEFORE = 16, AT_DIGEST = 24, CHUNK_HEADER = 32 };
static const uint32_t chunk_magic = 0x4b42434du; /* MCBK */
static const uint64_t no_chunk = UINT64_MAX;

struct bucket {
	pthread_mutex_t lock;
	struct buf held; /* the chunk being filled, with room for its header in front */
	uint64_t last; /* offset of the newest chunk written, or no_chunk */
	uint64_t bytes;
};

struct buckets {
	int fd;
	char *temp_name;
	struct bucket *at;
	size_t n, chunk_bytes;
	_Atomic uint64_t end; /* of the file */
};

int buckets_new(struct buckets **out, const struct buckets_options *o, struct err *e)
{
	struct buckets *b;
	int fd = temp_open(o->tmpdir, e);

	if (fd < 0)
		return err_wrap(e, "buckets (--tmpdir)");
	b = mem_zalloc(1, sizeof(*b));
	b->fd = fd;
	b->temp_name = disk_temp_name(o->tmpdir);
	b->n = o->n;
	b->chunk_bytes = MIN(MAX(o->memory / MAX(o->n, 1), MIN_CHUNK), MAX_CHUNK);
	b->at = mem_zalloc(o->n, sizeof(*b->at));
	for (size_t i = 0; i < o->n; i++) {
		pthread_mutex_init(&b->at[i].lock, NULL);
		b->at[i].last = no_chunk;
	}
	*out = b;
	return 0;
}

static uint64_t chunk_digest(const char *chunk, size_t n)
{
	return XXH3_64bits_withSeed(
		chunk + CHUNK_HEADER, n - CHUNK_HEADER, XXH3_64bits(chunk, AT_DIGEST));
}

/* Writes the bucket's chunk; its lock is held. */
static int chunk_write(struct buckets *b, struct bucket *k, struct err *e)
{
	struct buf header = { 0 };
	uint64_t offset;
	int result;

	if (k->held.n <= CHUNK_HEADER)
		return 0;
	buf_le32(&header, chunk_magic);
	buf_le32(&header, (uint32_t)(k - b->at));
	buf_le64(&header, k->held.n - CHUNK_HEADER);
	buf_le64(&header, k->last);
	memcpy(k->held.p, header.p, header.n);
	buf_le64(&header, chunk_digest(k->held.p, k->held.n));
	memcpy(k->held.p, header.p, header.n);
	buf_release(&header);
	offset = atomic_fetch_add(&b->end, k->held.n);
	result = disk_write(b->fd, k->held.p, k->held.n, offset, b->temp_name, e);
	k->last = offset;
	buf_clear(&k->held, b->chunk_bytes);
	return result < 0 ? err_wrap(e, "buckets (--tmpdir)") : 0;
}

int buckets_add(
	struct buckets *b, size_t bucket, struct slice head, struct slice body, struct err *e)
{
	struct bucket *k = &b->at[bucket];
	size_t n = head.n + body.n;
	int result = 0;

	assert(bucket < b->n);
	pthread_mutex_lock(&k->lock);
	if (k->held.n + n > b->chunk_bytes)
		result = chunk_write(b, k, e);
	if (k->held.n == 0) {
		buf_reserve(&k->held, MAX(b->chunk_bytes, CHUNK_HEADER + n));
		k->held.n = CHUNK_HEADER;
	}
	buf_slice(&k->held, head);
	buf_slice(&k->held, body);
	k->bytes += n;
	pthread_mutex_unlock(&k->lock);
	return result;
}

int buckets_seal(struct buckets *b, struct err *e)
{
	for (size_t i = 0; i < b->n; i++) {
		if (chunk_write(b, &b->at[i], e) < 0)
			return -1;
		buf_release(&b->at[i].held);
	}
	return 0;
}

uint64_t buckets_size(const struct buckets *b, size_t bucket)
{
	return b->at[bucket].bytes;
}

static int damaged(const struct buckets *b, uint64_t offset, struct err *e)
{
	return err_set(e, ERR_DATA, "%s: the chunk at byte %llu is damaged", b->temp_name,
		(unsigned long long)offset);
}

/* Appends the payload of the chunk at offset; *before is the offset of the one before. */
static int chunk_read(struct buckets *b, size_t bucket, uint64_t offset, struct buf *out,
	uint64_t *before, struct err *e)
{
	char h[CHUNK_HEADER], *at;
	uint64_t bytes, left = b->at[bucket].bytes;

	if (disk_read(b->fd, h, sizeof(h), offset, b->temp_name, e) < 0)
		return -1;
	bytes = load_le64(h + AT_BYTES);
	if (load_le32(h) != chunk_magic || load_le32(h + AT_BUCKET) != bucket || bytes > left)
		return damaged(b, offset, e);
	at = buf_reserve(out, bytes);
	if (disk_read(b->fd, at, bytes, offset + CHUNK_HEADER, b->temp_name, e) < 0)
		return -1;
	if (XXH3_64bits_withSeed(at, bytes, XXH3_64bits(h, AT_DIGEST)) != load_le64(h + AT_DIGEST))
		return damaged(b, offset, e);
	out->n += bytes;
	*before = load_le64(h + AT_BEFORE);
	/* An error only means that the space is given back later, with the file. */
	(void)!fallocate(b->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset,
		(off_t)(bytes + CHUNK_HEADER));
	return 0;
}

int buckets_load(struct buckets *b, size_t bucket, struct buf *out, struct err *e)
{
	struct bucket *k = &b->at[bucket];
	size_t begin = out->n;

	buf_reserve(out, k->bytes);
	while (k->last != no_chunk)
		if (chunk_read(b, bucket, k->last, out, &k->last, e) < 0)
			return -1;
	return out->n - begin == k->bytes ? 0 : damaged(b, 0, e);
}

int buckets_fd(const struct buckets *b)
{
	return b->fd;
}

void buckets_free(struct buckets *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->n; i++) {
		pthread_mutex_destroy(&b->at[i].lock);
		buf_release(&b->at[i].held);
	}
	free(b->at);
	free(b->temp_name);
	close(b->fd);
	free(b);
}
