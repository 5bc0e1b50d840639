/* Plain text as documents: a file is one, or each of its lines is, or some lines together. */
#include "stages/tokenize/text_source.h"

#include "lib/core/mem.h"
#include "lib/text/utf8.h"

#include <stdlib.h>

enum { CHUNK = 256 * 1024 };

struct text_state {
	struct input *in;
	struct buf rest; /* read, of which the first taken bytes are handed out */
	size_t taken;
	bool end; /* of the input */
	bool done; /* the one text was handed out */
};

static int text_begin(const void *config, struct input *in, void **state, struct err *e)
{
	struct text_state *s = mem_zalloc(1, sizeof(*s));

	(void)config;
	(void)e;
	s->in = in;
	*state = s;
	return 0;
}

static void text_end(void *state)
{
	struct text_state *s = state;

	buf_release(&s->rest);
	free(s);
}

/* What is read and not handed out. */
static struct slice text_rest(const struct text_state *s)
{
	return slice_skip(buf_view(&s->rest), s->taken);
}

static uint64_t text_offset(const struct text_state *s)
{
	return input_position(s->in) - (s->rest.n - s->taken);
}

/* More bytes behind those that are there: 1, 0 at the end, -1. */
static int read_more(struct text_state *s, struct err *e)
{
	ssize_t got;

	if (s->end)
		return 0;
	if (s->taken) {
		memmove(s->rest.p, s->rest.p + s->taken, s->rest.n - s->taken);
		s->rest.n -= s->taken;
		s->taken = 0;
	}
	got = input_read(s->in, buf_reserve(&s->rest, CHUNK), CHUNK, e);
	if (got < 0)
		return -1;
	s->rest.n += (size_t)got;
	s->end = got == 0;
	return got > 0;
}

/* ---- a file ---- */

static int whole_next(
	void *state, struct buf *data, struct item *item, size_t max_bytes, struct err *e)
{
	struct text_state *s = state;
	size_t begin = data->n;
	ssize_t got = 1;

	if (s->done)
		return 0;
	s->done = true;
	item->offset = 0;
	while (got > 0) {
		got = input_read(s->in, buf_reserve(data, CHUNK), CHUNK, e);
		if (got < 0)
			return -1;
		data->n += (size_t)got;
		if (data->n - begin > max_bytes)
			return err_set(e, ERR_LIMIT, "%s: the text exceeds --max-record %zu",
				input_name(s->in), max_bytes);
	}
	return 1;
}

const struct source text_source_whole = {
	.begin = text_begin,
	.next = whole_next,
	.end = text_end,
};

/* ---- lines ---- */

/* A line that is too long is passed over, so that no more than max_bytes are held of it. */
static int lines_next(
	void *state, struct buf *data, struct item *item, size_t max_bytes, struct err *e)
{
	struct text_state *s = state;
	size_t begin = data->n;
	bool any = false;

	item->offset = text_offset(s);
	for (;;) {
		struct slice rest = text_rest(s);
		const char *end = rest.n ? memchr(rest.p, '\n', rest.n) : NULL;
		size_t n = end ? (size_t)(end - rest.p) : rest.n;
		int more;

		any |= rest.n > 0;
		if (n > max_bytes - (data->n - begin))
			item->skip = 1;
		if (item->skip)
			data->n = begin;
		else
			buf_append(data, rest.p, n);
		s->taken += n + (end != NULL);
		if (end)
			return 1;
		more = read_more(s, e);
		if (more <= 0)
			return more < 0 ? -1 : any;
	}
}

static const char *const skips[] = { "max_record", NULL };

const struct source text_source_lines = {
	.begin = text_begin,
	.next = lines_next,
	.end = text_end,
	.skips = skips,
};

/* ---- some lines ---- */

/* Before the last code point, so that none is cut. */
static size_t before_point(struct slice text)
{
	size_t n = text.n;

	while (text.n - n < UTF8_MAX_BYTES - 1 && ((unsigned char)text.p[n - 1] & 0xC0) == 0x80)
		n--;
	return n - 1;
}

/* Bytes up to the last line end, or 0 when more must be read to find one. The first *searched bytes
 * are known to hold none. */
static size_t whole_lines(const struct text_state *s, size_t max, size_t *searched)
{
	struct slice text = slice_head(text_rest(s), max);
	struct slice new = slice_skip(text, *searched);
	const char *last = new.n ? memrchr(new.p, '\n', new.n) : NULL;

	if (last)
		return (size_t)(last - text.p) + 1;
	if (text.n == max)
		return before_point(text);
	*searched = text.n;
	return s->end ? text.n : 0;
}

static int blocks_next(
	void *state, struct buf *data, struct item *item, size_t max_bytes, struct err *e)
{
	struct text_state *s = state;
	size_t searched = 0, n, max = MAX(max_bytes, (size_t)CHUNK);

	item->offset = text_offset(s);
	while ((n = whole_lines(s, max, &searched)) == 0) {
		int more = read_more(s, e);

		if (more < 0)
			return -1;
		if (more == 0 && !text_rest(s).n)
			return 0;
	}
	buf_slice(data, slice_head(text_rest(s), n));
	s->taken += n;
	return 1;
}

const struct source text_source_blocks = {
	.begin = text_begin,
	.next = blocks_next,
	.end = text_end,
};
