/* Cuts a MediaWiki XML dump into its pages. */
#include "stages/extract/wiki_cut.h"

#include <inttypes.h>

enum {
	WINDOW = 64 * 1024,
	LONGEST_TAG = 16, /* bytes that must be at hand to tell the tags apart */
	MAX_SITEINFO = 256 * 1024,
};

enum tag { TAG_NONE, TAG_PAGE, TAG_SITEINFO, TAG_ROOT, TAG_ROOT_END };

static struct slice rest(const struct wiki_cutter *c)
{
	return slice_skip(buf_view(&c->window), c->at);
}

static void use(struct wiki_cutter *c, size_t n)
{
	c->at += n;
	c->used += n;
}

/* Reads more behind what is left. 1, 0 at the end, -1. */
static int fill(struct wiki_cutter *c, struct err *e)
{
	struct slice left = rest(c);
	ssize_t n;

	if (left.n)
		memmove(c->window.p, left.p, left.n);
	c->window.n = left.n;
	c->at = 0;
	n = c->bytes.read(c->bytes.from, buf_reserve(&c->window, WINDOW), WINDOW, e);
	if (n <= 0)
		return (int)n;
	c->offset = c->fresh_offset;
	c->fresh_offset = c->bytes.offset(c->bytes.from);
	c->fresh = left.n;
	c->window.n += (size_t)n;
	return 1;
}

static bool begins_tag(struct slice s, struct slice tag)
{
	return slice_starts(s, tag) && s.n > tag.n && byte_in(s.p[tag.n], "> \t\r\n");
}

static enum tag tag_at(struct slice s)
{
	if (begins_tag(s, SLICE("<page")))
		return TAG_PAGE;
	if (begins_tag(s, SLICE("<siteinfo")))
		return TAG_SITEINFO;
	if (begins_tag(s, SLICE("<mediawiki")))
		return TAG_ROOT;
	if (begins_tag(s, SLICE("</mediawiki")))
		return TAG_ROOT_END;
	return TAG_NONE;
}

/* Goes to the next tag that matters between pages. 1, 0 at the end, -1. */
static int find_tag(struct wiki_cutter *c, enum tag *tag, struct err *e)
{
	bool ended = false;

	for (;;) {
		struct slice s = rest(c);
		const char *lt = s.n ? memchr(s.p, '<', s.n) : NULL;

		use(c, lt ? (size_t)(lt - s.p) : s.n);
		s = rest(c);
		if (s.n < LONGEST_TAG && !ended) {
			int r = fill(c, e);

			if (r < 0)
				return -1;
			ended = r == 0;
			continue;
		}
		if (!s.n)
			return 0;
		*tag = tag_at(s);
		if (*tag != TAG_NONE)
			return 1;
		use(c, 1);
	}
}

/* Moves what comes up to and with end to out, or to nowhere when there are more than max bytes:
 * *too_long. 1, 0 when the input ends before, -1. */
static int take_element(struct wiki_cutter *c, struct slice end, struct buf *out, size_t max,
	bool *too_long, struct err *e)
{
	size_t begin = out->n;

	for (;;) {
		struct slice s = rest(c);
		size_t hit = slice_find(s, end);
		/* The end may stand across the border of the window. */
		size_t n = hit < s.n ? hit + end.n : s.n - MIN(s.n, end.n - 1);
		int r;

		if (!*too_long && out->n - begin + n > max) {
			*too_long = true;
			out->n = begin;
		}
		if (!*too_long)
			buf_append(out, s.p, n);
		use(c, n);
		if (hit < s.n)
			return 1;
		r = fill(c, e);
		if (r == 0)
			use(c, rest(c).n);
		if (r <= 0)
			return r;
	}
}

static int siteinfo(struct wiki_cutter *c, struct err *e)
{
	bool too_long = false;
	int r;

	c->siteinfo.n = 0;
	r = take_element(c, SLICE("</siteinfo>"), &c->siteinfo, MAX_SITEINFO, &too_long, e);
	if (r == 0)
		return err_set(e, ERR_DATA, "input ended inside <siteinfo>");
	return r;
}

/* With salvage a page that lost its end runs into one behind the gap: that one is kept. */
static void drop_broken(struct buf *data, size_t begin)
{
	struct slice rest = slice_skip(buf_view(data), begin), last = rest;

	while (rest.n) {
		last = rest;
		rest = slice_skip(rest, 1);
		rest = slice_skip(rest, slice_find(rest, SLICE("<page>")));
	}
	if (last.n)
		memmove(data->p + begin, last.p, last.n);
	data->n = begin + last.n;
}

static int page(struct wiki_cutter *c, struct buf *data, size_t max_bytes, bool *too_long,
	uint64_t *offset, struct err *e)
{
	size_t before = data->n;
	int r;

	*offset = c->at < c->fresh ? c->offset : c->fresh_offset;
	*too_long = false;
	c->page_from = c->used;
	buf_slice(data, buf_view(&c->siteinfo));
	r = take_element(c, SLICE("</page>"), data, max_bytes, too_long, e);
	if (r <= 0 || *too_long)
		data->n = before;
	else if (c->salvage)
		drop_broken(data, before + c->siteinfo.n);
	c->cut_off = r == 0;
	if (r == 0 && !c->salvage)
		return err_set(e, ERR_DATA,
			"input ended inside the page that begins at byte %" PRIu64, c->page_from);
	return r;
}

static int end(const struct wiki_cutter *c, struct err *e)
{
	if (c->salvage)
		return 0;
	if (c->root_open)
		return err_set(e, ERR_DATA, "input ended early: </mediawiki> is missing");
	if (!c->seen && c->used)
		return err_set(e, ERR_DATA, "no MediaWiki dump: there is no <page> in it");
	return 0;
}

int wiki_cut_next(struct wiki_cutter *c, struct buf *data, size_t max_bytes, bool *too_long,
	uint64_t *offset, struct err *e)
{
	enum tag tag;

	for (;;) {
		int r = find_tag(c, &tag, e);

		if (r <= 0)
			return r < 0 ? -1 : end(c, e);
		c->seen = true;
		if (tag == TAG_PAGE)
			return page(c, data, max_bytes, too_long, offset, e);
		if (tag == TAG_SITEINFO && siteinfo(c, e) < 0)
			return -1;
		if (tag == TAG_ROOT || tag == TAG_ROOT_END) {
			c->root_open = tag == TAG_ROOT;
			use(c, 1);
		}
	}
}

void wiki_cut_release(struct wiki_cutter *c)
{
	buf_release(&c->window);
	buf_release(&c->siteinfo);
}
