/* memory_input.h - bytes as a file that a test opens as an input. */
#ifndef CORPUS_TEST_MEMORY_INPUT_H
#define CORPUS_TEST_MEMORY_INPUT_H

#include "lib/stream/input.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

struct memory_input {
	int fd;
	struct input *in;
};

static inline void memory_input_open(struct memory_input *f, struct slice bytes, bool salvage)
{
	struct err e = { 0 };
	char path[40];

	f->fd = memfd_create("input", 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", f->fd);
	cr_assert(write(f->fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
	cr_assert(input_open(&f->in, path, salvage, &e) == 0, "%s", e.text);
}

static inline void memory_input_close(struct memory_input *f)
{
	input_free(f->in);
	close(f->fd);
}

/* Appends s as one gzip member. */
static inline void put_gzip_member(struct buf *out, struct slice s, int level)
{
	z_stream z = { 0 };
	size_t room;

	cr_assert(deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) == Z_OK);
	room = deflateBound(&z, s.n);
	memcpy(&z.next_in, &s.p, sizeof(s.p));
	z.avail_in = (uInt)s.n;
	z.next_out = (Bytef *)buf_reserve(out, room);
	z.avail_out = (uInt)room;
	cr_assert(deflate(&z, Z_FINISH) == Z_STREAM_END);
	out->n += room - z.avail_out;
	deflateEnd(&z);
}

#endif
