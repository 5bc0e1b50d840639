/* Plain text as documents: a file is one, or each of its lines is. */
#include "stages/tokenize/text_source.h"

#include "lib/core/mem.h"

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

/* A line that is too long is passed over, so that no more than max_bytes are held of it. */
static int lines_next(
	void *state, struct buf *data, struct item *item, size_t max_bytes, struct err *e)
{
	struct text_state *s = state;
	size_t begin = data->n;
	bool any = false;

	item->offset = input_position(s->in) - (s->rest.n - s->taken);
	for (;;) {
		struct slice rest = { s->rest.p + s->taken, s->rest.n - s->taken };
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
