/* Cuts texts into lines or paragraphs, and such parts out of texts. */
#include "stages/dedup/parts.h"

#include "lib/core/mem.h"

#include <assert.h>
#include <stdlib.h>

/* --- splitting -------------------------------------------------------------------------------- */

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* White space of ASCII at the ends does not count. */
static struct slice trimmed(struct slice s)
{
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	while (s.n && is_space(*s.p))
		s = slice_skip(s, 1);
	return s;
}

/* s is trimmed. A code point has at most 4 bytes, so that most are told by their bytes alone. */
static bool is_long(struct slice s, uint64_t min_length)
{
	uint64_t points = 0;

	if (s.n < min_length)
		return false;
	if (s.n / 4 >= min_length)
		return true;
	for (size_t i = 0; i < s.n; i++)
		points += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return points >= min_length;
}

static void add_part(struct parts *u, struct part part)
{
	mem_grow(&u->at, u->n, &u->cap, sizeof(*u->at));
	u->at[u->n++] = part;
}

/* Text in progress. */
struct cutter {
	struct parts *u;
	struct slice text;
	uint64_t min_length;
};

static struct slice range(const struct cutter *c, size_t from, size_t to)
{
	return (struct slice){ c->text.p + from, to - from };
}

static size_t line_end(const struct cutter *c, size_t from)
{
	const char *end = memchr(c->text.p + from, '\n', c->text.n - from);

	return end ? (size_t)(end - c->text.p) : c->text.n;
}

static size_t behind(const struct cutter *c, size_t to)
{
	return MIN(to + 1, c->text.n);
}

static void add_if_long(
	struct cutter *c, size_t from, size_t to, size_t next, bool inner, bool last)
{
	struct part part = { (uint32_t)from, (uint32_t)to, (uint32_t)next, inner, last };

	if (is_long(trimmed(range(c, from, to)), c->min_length))
		add_part(c->u, part);
}

static void split_lines(struct cutter *c)
{
	for (size_t from = 0, to; from < c->text.n; from = to + 1) {
		to = line_end(c, from);
		if (!trimmed(range(c, from, to)).n)
			continue;
		c->u->content += to - from;
		add_if_long(c, from, to, behind(c, to), false, false);
	}
}

/* The lines of a paragraph of several. */
static void add_inner(struct cutter *c, size_t from, size_t to)
{
	for (size_t end; from < to; from = end + 1) {
		end = line_end(c, from);
		add_if_long(c, from, end, behind(c, end), true, end == to);
	}
}

/* The next paragraph from from on. Returns where the one behind it begins. */
static size_t add_paragraph(struct cutter *c, size_t from)
{
	size_t to = from, next = from, lines = 0, at;

	while (next < c->text.n) {
		size_t end = line_end(c, next);

		if (!trimmed(range(c, next, end)).n)
			break;
		to = end;
		next = behind(c, end);
		lines++;
	}
	while (next < c->text.n && !trimmed(range(c, next, line_end(c, next))).n)
		next = behind(c, line_end(c, next));
	if (!lines)
		return next;
	c->u->content += to - from;
	at = c->u->n;
	add_if_long(c, from, to, next, false, false);
	if (lines > 1 && c->u->n > at)
		add_inner(c, from, to);
	return next;
}

void parts_split(struct parts *u, struct slice text, enum part_kind kind, uint64_t min_length)
{
	struct cutter c = { u, text, min_length };

	assert(text.n <= PARTS_MAX_TEXT);
	u->n = 0;
	u->content = 0;
	if (kind == PART_LINES) {
		split_lines(&c);
		return;
	}
	for (size_t at = 0; at < text.n;)
		at = add_paragraph(&c, at);
}

void parts_release(struct parts *u)
{
	free(u->at);
	*u = (struct parts){ 0 };
}

/* --- cutting out ------------------------------------------------------------------------------ */

uint32_t part_content(const struct part *u)
{
	return u->to - u->from + (u->inner && !u->last);
}

/* What went was the last: the line feeds before it go, but the text ends as it did. */
static void end_text(struct buf *out, size_t begin, enum part_kind kind, bool feed)
{
	do {
		if (out->n > begin && out->p[out->n - 1] == '\n')
			out->n--;
	} while (kind == PART_PARAGRAPHS && out->n > begin && out->p[out->n - 1] == '\n');
	if (feed && out->n > begin)
		buf_byte(out, '\n');
}

/* True when the part goes, or all its lines do: then no blank line is left of it. */
static bool goes(const struct part *parts, const bool *gone, size_t n, size_t i)
{
	uint64_t content = 0;

	for (size_t k = i + 1; !gone[i] && k < n && parts[k].inner && !parts[i].inner; k++)
		content += gone[k] ? part_content(&parts[k]) : 0;
	return gone[i] || content >= part_content(&parts[i]);
}

void parts_cut(struct buf *out, struct slice text, enum part_kind kind, const struct part *parts,
	const bool *gone, size_t n)
{
	size_t begin = out->n, at = 0;

	for (size_t i = 0; i < n; i++) {
		if (parts[i].from < at || !goes(parts, gone, n, i))
			continue;
		buf_append(out, text.p + at, parts[i].from - at);
		at = parts[i].next;
	}
	buf_append(out, text.p + at, text.n - at);
	if (at && at == text.n)
		end_text(out, begin, kind, text.p[text.n - 1] == '\n');
}
