/* Bytes that grow at the end. */
#include "lib/core/buf.h"

#include "lib/core/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

char *buf_reserve(struct buf *b, size_t extra)
{
	if (b->cap - b->n < extra) {
		size_t want = b->n + extra;
		size_t grown = b->cap + b->cap / 2;

		b->cap = MAX(MAX(want, grown), 64);
		b->p = mem_resize(b->p, b->cap, 1);
	}
	return b->p + b->n;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n <= 0)
		return;
	buf_reserve(b, (size_t)n + 1);
	va_start(args, fmt);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, args);
	va_end(args);
	b->n += (size_t)n;
}

void buf_le32(struct buf *b, uint32_t v)
{
	unsigned char out[4];

	for (int i = 0; i < 4; i++)
		out[i] = (unsigned char)(v >> (8 * i));
	buf_append(b, out, sizeof(out));
}

void buf_le64(struct buf *b, uint64_t v)
{
	buf_le32(b, (uint32_t)v);
	buf_le32(b, (uint32_t)(v >> 32));
}

char *buf_cstr(struct buf *b)
{
	*buf_reserve(b, 1) = '\0';
	return b->p;
}

void buf_clear(struct buf *b, size_t keep)
{
	b->n = 0;
	if (b->cap > keep) {
		free(b->p);
		*b = (struct buf){ 0 };
	}
}

void buf_release(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ 0 };
}
