/* The streams of a bzip2 file that has many, decoded by the pool ahead of the reader.
 *
 * MediaWiki's multistream dumps begin a stream every hundred pages, and parallel compressors
 * (pbzip2, lbzip2) one every block. Where the next begins is guessed by its first ten bytes; a
 * guess counts only if the bytes up to it are one whole stream. Everything else (one long stream,
 * damage, padding, a stream that unpacks to very much) is left to the serial decoder, which finds
 * the input where it was: nothing depends on a guess but the time. */
#include "lib/stream/input_parts.h"

#include "lib/core/mem.h"
#include "lib/stream/pool.h"

#include <stdlib.h>

enum {
	MAX_STREAM = 4 * 1024 * 1024, /* bytes; a longer one is decoded serially */
	MAX_CONTENT = 16 * 1024 * 1024, /* decoded bytes, the same */
	HEAD = 10, /* bytes of a stream that tell it */
	STEP = 64 * 1024,
};

struct stream {
	struct job job; /* first: the job is the stream */
	uint64_t offset; /* in the file */
	struct buf raw, content;
	size_t taken; /* of content */
	bool whole; /* raw is one stream and nothing else */
};

struct streams {
	struct pool *pool;
	struct stream *ring;
	size_t first, n, cap;
	uint64_t next; /* where the stream begins that is looked for */
	bool found_none; /* it has no end in reach */
	bool open; /* the first one is being handed out */
};

void input_use_pool(struct input *in, struct pool *pool)
{
	struct streams *s;

	if (in->format != INPUT_BZIP2 || in->in_member || in->streams || pool_size(pool) < 2)
		return;
	s = mem_zalloc(1, sizeof(*s));
	s->pool = pool;
	s->cap = 2 * (size_t)pool_size(pool);
	s->ring = mem_zalloc(s->cap, sizeof(*s->ring));
	s->next = in->offset;
	in->streams = s;
}

/* On a worker. */

static void decode(struct job *job, unsigned worker)
{
	struct stream *s = (struct stream *)(void *)job;
	bz_stream bz = { .next_in = s->raw.p, .avail_in = (unsigned)s->raw.n };
	int r = BZ2_bzDecompressInit(&bz, 0, 0);

	(void)worker;
	s->content.n = 0;
	if (r != BZ_OK)
		return;
	while (r == BZ_OK && s->content.n < MAX_CONTENT) {
		bz.next_out = buf_reserve(&s->content, STEP);
		bz.avail_out = STEP;
		r = BZ2_bzDecompress(&bz);
		s->content.n += STEP - bz.avail_out;
		if (r == BZ_OK && bz.avail_in == 0 && bz.avail_out == STEP)
			break; /* it goes on behind the guess */
	}
	s->whole = r == BZ_STREAM_END && bz.avail_in == 0;
	BZ2_bzDecompressEnd(&bz);
}

/* On the reader. */

bool input_begins_bzip2(struct slice raw)
{
	return raw.n >= HEAD && memcmp(raw.p, "BZh", 3) == 0 && raw.p[3] >= '1' &&
		raw.p[3] <= '9' &&
		(memcmp(raw.p + 4, "1AY&SY", 6) == 0 || memcmp(raw.p + 4, "\x17rE8P\x90", 6) == 0);
}

/* Where the stream that is looked for ends: at the next one's first bytes, or the end of the file.
 * 1; 0 when neither is in reach; -1. */
static int find_end(struct input *in, size_t *length, struct err *e)
{
	size_t begin = (size_t)(in->streams->next - in->offset), at = begin + 1;

	for (;;) {
		struct slice raw, rest;

		if (raw_fill(in, at + STEP, e) < 0)
			return -1;
		raw = raw_view(in);
		rest = slice_skip(raw, at);
		at = raw.n - rest.n + slice_find(rest, SLICE("BZh"));
		if (at < raw.n && input_begins_bzip2(slice_skip(raw, at))) {
			*length = at - begin;
			return *length <= MAX_STREAM;
		}
		if (at == raw.n && in->eof) {
			*length = raw.n - begin;
			return *length > 0 && *length <= MAX_STREAM;
		}
		if (at - begin > MAX_STREAM)
			return 0;
		if (at == raw.n) /* "BZ" may be the last that was read */
			at = MAX(at - 2, begin + 1);
		else if (at + HEAD <= raw.n || in->eof)
			at++;
	}
}

static int look_ahead(struct input *in, struct err *e)
{
	struct streams *s = in->streams;

	if (s->next < in->offset) {
		s->next = in->offset;
		s->found_none = false;
	}
	while (s->n < s->cap && !s->found_none) {
		struct stream *stream = &s->ring[(s->first + s->n) % s->cap];
		size_t length = 0;
		int r = find_end(in, &length, e);

		if (r < 0)
			return -1;
		s->found_none = r == 0;
		if (r == 0)
			break;
		stream->offset = s->next;
		stream->taken = 0;
		stream->whole = false;
		stream->raw.n = 0;
		buf_append(&stream->raw, in->raw.p + in->at + (s->next - in->offset), length);
		stream->job = (struct job){ .work = decode };
		pool_submit(s->pool, &stream->job);
		s->next += length;
		s->n++;
	}
	return 0;
}

static void drop_first(struct streams *s)
{
	struct stream *stream = &s->ring[s->first];

	pool_wait(s->pool, &stream->job);
	/* A stream of unusual size is no reason to keep its memory. */
	buf_clear(&stream->raw, MAX_STREAM / 4);
	buf_clear(&stream->content, MAX_CONTENT / 4);
	s->first = (s->first + 1) % s->cap;
	s->n--;
}

/* The first stream, decoded, when it is the one that comes next in the file; else NULL. */
static struct stream *first_stream(struct input *in)
{
	struct streams *s = in->streams;

	while (s->n) {
		struct stream *stream = &s->ring[s->first];

		if (stream->offset > in->offset)
			return NULL;
		pool_wait(s->pool, &stream->job);
		if (stream->offset == in->offset && stream->whole)
			return stream;
		drop_first(s);
	}
	return NULL;
}

ssize_t input_streams_read(struct input *in, char *to, size_t n, struct err *e)
{
	struct streams *s = in->streams;

	while (s->open || !in->in_member) {
		struct stream *stream;
		size_t left, got;

		if (!s->open && look_ahead(in, e) < 0)
			return -1;
		stream = first_stream(in);
		if (!stream)
			return 0;
		in->member = stream->offset;
		left = stream->content.n - stream->taken;
		got = MIN(n, left);
		if (got)
			memcpy(to, stream->content.p + stream->taken, got);
		stream->taken += got;
		s->open = in->in_member = got < left;
		if (!s->open) {
			in->gap_open = false;
			raw_take(in, stream->raw.n);
			drop_first(s);
		}
		if (got)
			return (ssize_t)got;
	}
	return 0;
}

void input_streams_free(struct input *in)
{
	struct streams *s = in->streams;

	if (!s)
		return;
	while (s->n)
		drop_first(s);
	for (size_t i = 0; i < s->cap; i++) {
		buf_release(&s->ring[i].raw);
		buf_release(&s->ring[i].content);
	}
	free(s->ring);
	free(s);
	in->streams = NULL;
}
