/* buf.h - bytes that grow at the end.
 *
 * All zero is a valid empty buffer. p is owned by the buffer and moves when it grows. Nothing here
 * can fail (mem.h). */
#ifndef CORPUS_BUF_H
#define CORPUS_BUF_H

#include "lib/core/base.h"

struct buf {
	char *p;
	size_t n;
	size_t cap;
};

/* Room for extra more bytes behind the n that are there; returns where they begin. */
char *buf_reserve(struct buf *b, size_t extra);

static inline void buf_append(struct buf *b, const void *p, size_t n)
{
	if (n == 0) /* p may be NULL, and b->p too */
		return;
	memcpy(b->cap - b->n >= n ? b->p + b->n : buf_reserve(b, n), p, n);
	b->n += n;
}

static inline void buf_slice(struct buf *b, struct slice s)
{
	buf_append(b, s.p, s.n);
}

static inline void buf_str(struct buf *b, const char *s)
{
	buf_append(b, s, strlen(s));
}

static inline void buf_byte(struct buf *b, char c)
{
	if (b->n == b->cap)
		buf_reserve(b, 1);
	b->p[b->n++] = c;
}

void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_le32(struct buf *b, uint32_t v);
void buf_le64(struct buf *b, uint64_t v);

/* A NUL byte behind the end, not counted, so that p can be used as a string. Returns p. */
char *buf_cstr(struct buf *b);

static inline struct slice buf_view(const struct buf *b)
{
	return (struct slice){ b->p, b->n };
}

/* Empties it and keeps the memory, down to keep bytes of it. */
void buf_clear(struct buf *b, size_t keep);

void buf_release(struct buf *b);

#endif
