/* One reader for each format, chosen by --from or by the first bytes of the input. */
#include "stages/extract/sources.h"

#include "lib/core/mem.h"
#include "lib/web/mime.h"
#include "lib/web/warc.h"
#include "stages/extract/wiki.h"

#include <stdlib.h>
#include <strings.h>

enum { SNIFF_BYTES = 4096, CHUNK = 64 * 1024 };

/* Items that no worker needs to look at. The rule names of --stats. */
enum skip {
	SKIP_NONE,
	SKIP_MAX_RECORD,
	SKIP_DAMAGED,
	SKIP_WARCINFO,
	SKIP_REQUEST,
	SKIP_METADATA,
	SKIP_REVISIT,
	SKIP_CONTINUATION,
	SKIP_WARC_TYPE,
	SKIP_EMPTY,
};

static const char *const skips[] = {
	[SKIP_MAX_RECORD - 1] = "max_record",
	[SKIP_DAMAGED - 1] = "damaged",
	[SKIP_WARCINFO - 1] = "warcinfo",
	[SKIP_REQUEST - 1] = "request",
	[SKIP_METADATA - 1] = "metadata",
	[SKIP_REVISIT - 1] = "revisit",
	[SKIP_CONTINUATION - 1] = "continuation",
	[SKIP_WARC_TYPE - 1] = "warc_type",
	[SKIP_EMPTY - 1] = "empty",
};

/* One input in progress. */
struct reader {
	const void *config;
	struct input *in;
	enum extract_from from;
	struct warc *warc;
	void *wiki;
	struct buf ahead; /* JSON lines: bytes read; those before at are taken */
	size_t at;
	bool done;
	bool empty; /* a file of a folder without a byte, which is an item of no format */
};

/* --- what is it? ------------------------------------------------------------------------------ */

static bool starts_with_tag(struct slice s, const char *tag)
{
	return s.n >= strlen(tag) && strncasecmp(s.p, tag, strlen(tag)) == 0;
}

static bool holds_tag(struct slice s, const char *tag)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '<' && starts_with_tag(slice_skip(s, i), tag))
			return true;
	return false;
}

/* XML is a dump, XHTML, or nothing that is read: a feed has a title element too. */
static enum extract_from sniff_xml(struct slice head)
{
	if (holds_tag(head, "<mediawiki"))
		return FROM_WIKI;
	return holds_tag(head, "<!doctype html") || holds_tag(head, "<html") ? FROM_HTML
									     : FROM_AUTO;
}

/* Of what begins like text. */
static enum extract_from sniff_text(struct slice head)
{
	while (head.n && byte_in(*head.p, " \t\r\n\f"))
		head = slice_skip(head, 1);
	if (starts_with_tag(head, "<?xml") || starts_with_tag(head, "<mediawiki"))
		return sniff_xml(head);
	if (slice_starts(head, SLICE("{")))
		return FROM_JSONL;
	if (mime_is_html(mime_of_bytes(head)) ||
		(slice_starts(head, SLICE("<")) &&
			(holds_tag(head, "<!doctype html") || holds_tag(head, "<html") ||
				holds_tag(head, "<head") || holds_tag(head, "<body") ||
				holds_tag(head, "<title"))))
		return FROM_HTML;
	return FROM_TEXT;
}

/* Of what holds NUL bytes or the mark of UTF-16: a page in UTF-16 shows its tags when the NUL bytes
 * are left out. Dumps and JSON lines are UTF-8. */
static enum extract_from sniff_wide(struct slice head, bool marked)
{
	char narrow[SNIFF_BYTES];
	size_t n = 0;

	for (size_t i = marked ? 2 : 0; i < head.n && n < sizeof(narrow); i++)
		if (head.p[i])
			narrow[n++] = head.p[i];
	if (sniff_text((struct slice){ narrow, n }) == FROM_HTML)
		return FROM_HTML;
	return marked ? FROM_TEXT : FROM_AUTO;
}

enum extract_from extract_sniff(struct slice head)
{
	bool utf16 = slice_starts(head, SLICE("\xFE\xFF")) || slice_starts(head, SLICE("\xFF\xFE"));

	if (slice_starts(head, SLICE("\xEF\xBB\xBF")))
		head = slice_skip(head, 3);
	while (head.n && byte_in(*head.p, " \t\r\n\f"))
		head = slice_skip(head, 1);
	if (starts_with_tag(head, "WARC/") || starts_with_tag(head, "filedesc:"))
		return FROM_WARC;
	if (slice_starts(head, SLICE("PK\x03\x04")))
		return FROM_EPUB;
	if (mime_of_bytes(head).n && !mime_is_html(mime_of_bytes(head)))
		return FROM_AUTO; /* a PDF may begin with pages of ASCII */
	if (utf16 || (head.n && memchr(head.p, '\0', head.n)))
		return sniff_wide(head, utf16);
	return sniff_text(head);
}

/* --- WARC ------------------------------------------------------------------------------------- */

static enum skip skip_of(enum warc_type type)
{
	switch (type) {
	case WARC_RESPONSE:
	case WARC_RESOURCE:
	case WARC_CONVERSION: return SKIP_NONE;
	case WARC_INFO: return SKIP_WARCINFO;
	case WARC_REQUEST: return SKIP_REQUEST;
	case WARC_METADATA: return SKIP_METADATA;
	case WARC_REVISIT: return SKIP_REVISIT;
	case WARC_CONTINUATION: return SKIP_CONTINUATION;
	case WARC_DAMAGED: return SKIP_DAMAGED;
	case WARC_OTHER: break;
	}
	return SKIP_WARC_TYPE;
}

static int next_warc(
	struct reader *r, struct buf *data, struct item *item, size_t max, struct err *e)
{
	size_t begin = data->n;
	struct warc_header h;
	struct warc_place place;
	enum skip skip;
	int got = warc_next(r->warc, data, &h, e);

	if (got <= 0)
		return got;
	skip = skip_of(h.type);
	if (!skip && h.length > max - MIN(h.header_bytes, max))
		skip = SKIP_MAX_RECORD;
	got = skip ? 1 : warc_block(r->warc, data, e);
	if (got > 0)
		got = warc_finish(r->warc, &place, e);
	if (got < 0)
		return -1;
	if (got == 0) {
		skip = SKIP_DAMAGED;
		place = (struct warc_place){ 0 };
	}
	if (skip)
		data->n = begin;
	item->skip = skip;
	item->offset = place.offset;
	item->length = place.length;
	return 1;
}

/* --- other formats ---------------------------------------------------------------------------- */

static int next_wiki(
	struct reader *r, struct buf *data, struct item *item, size_t max, struct err *e)
{
	static const enum skip ours[] = {
		[0] = SKIP_NONE,
		[WIKI_SKIP_MAX_RECORD] = SKIP_MAX_RECORD,
		[WIKI_SKIP_DAMAGED] = SKIP_DAMAGED,
	};
	int got = wiki_source.next(r->wiki, data, item, max, e);

	if (got > 0)
		item->skip = ours[item->skip];
	return got;
}

/* The whole input is one item. */
static int next_whole(
	struct reader *r, struct buf *data, struct item *item, size_t max, struct err *e)
{
	size_t begin = data->n;
	ssize_t got = 1;

	if (r->done)
		return 0;
	r->done = true;
	while (got > 0 && data->n - begin <= max) {
		got = input_read(r->in, buf_reserve(data, CHUNK), CHUNK, e);
		if (got < 0)
			return -1;
		data->n += (size_t)got;
	}
	item->offset = 0;
	item->length = input_offset(r->in);
	if (data->n - begin > max) {
		data->n = begin;
		item->skip = SKIP_MAX_RECORD;
	}
	return 1;
}

/* Reads until a newline stands behind at, or the end. 1 when a line is there; 0; -1. */
static int fill_line(struct reader *r, size_t max, size_t *n, bool *too_long, struct err *e)
{
	size_t looked = 0;

	*too_long = false;
	for (;;) {
		const char *from = r->ahead.p + r->at, *end;
		size_t there = r->ahead.n - r->at;
		ssize_t got;

		end = there > looked ? memchr(from + looked, '\n', there - looked) : NULL;
		if (end || (r->done && there)) {
			*n = end ? (size_t)(end - from) + 1 : there;
			return 1;
		}
		if (r->done)
			return 0;
		if (there > max) { /* what came of the line so far is let go */
			*too_long = true;
			r->at = r->ahead.n;
			there = 0;
		}
		looked = there;
		if (there)
			memmove(r->ahead.p, r->ahead.p + r->at, there);
		r->ahead.n = there;
		r->at = 0;
		got = input_read(r->in, buf_reserve(&r->ahead, CHUNK), CHUNK, e);
		if (got < 0)
			return -1;
		r->ahead.n += (size_t)got;
		r->done = got == 0;
	}
}

static int next_line(
	struct reader *r, struct buf *data, struct item *item, size_t max, struct err *e)
{
	struct slice line;

	for (;;) {
		bool too_long;
		size_t n = 0;
		int got = fill_line(r, max, &n, &too_long, e);

		if (got < 0 || (got == 0 && !too_long))
			return got;
		line = (struct slice){ r->ahead.p + r->at, n };
		item->offset = input_position(r->in) - (r->ahead.n - r->at);
		item->length = n;
		r->at += n;
		if (too_long || n > max) {
			item->skip = SKIP_MAX_RECORD;
			return 1;
		}
		while (line.n && byte_in(line.p[line.n - 1], " \t\r\n"))
			line.n--;
		if (line.n)
			break;
	}
	buf_slice(data, line);
	return 1;
}

/* An item of no known format is handed out by its first bytes alone. */
static int next_unknown(
	struct reader *r, struct buf *data, struct item *item, size_t max, struct err *e)
{
	struct slice head;

	if (r->done)
		return 0;
	r->done = true;
	if (input_peek(r->in, SNIFF_BYTES, &head, e) < 0)
		return -1;
	buf_slice(data, slice_head(head, max));
	item->length = input_size(r->in);
	return 1;
}

/* --- the source ------------------------------------------------------------------------------- */

typedef int next_item(
	struct reader *r, struct buf *data, struct item *item, size_t max, struct err *e);

static next_item *const readers[] = {
	[FROM_AUTO] = next_unknown,
	[FROM_WARC] = next_warc,
	[FROM_WIKI] = next_wiki,
	[FROM_HTML] = next_whole,
	[FROM_TEXT] = next_whole,
	[FROM_JSONL] = next_line,
	[FROM_EPUB] = next_whole,
};

/* A name tells a page that begins without a tag; in a folder, a style sheet from a text too. */
static enum extract_from sniff_named(
	const struct reader *r, enum extract_from asked, bool found, struct slice head)
{
	struct slice named = mime_of_name(input_name(r->in));
	enum extract_from seen = extract_sniff(head);

	if (asked != FROM_AUTO || seen != FROM_TEXT)
		return asked != FROM_AUTO && seen != FROM_AUTO ? asked : seen;
	if (mime_is_html(named))
		return FROM_HTML;
	return !found || !named.n || slice_eq(named, SLICE("text/plain")) ? FROM_TEXT : FROM_AUTO;
}

static int choose(struct reader *r, const struct extract_config *c, bool found, struct err *e)
{
	struct slice head;

	r->from = (enum extract_from)c->from;
	if (r->from != FROM_AUTO && !found)
		return 0;
	if (input_peek(r->in, SNIFF_BYTES, &head, e) < 0)
		return -1;
	if (head.n == 0) {
		r->done = true;
		r->empty = found;
	}
	r->from = sniff_named(r, r->from, found, head);
	if (r->from == FROM_AUTO && !found)
		return err_set(e, ERR_DATA,
			"%s: neither WARC, dump, page, book nor text (say which by --from)",
			input_name(r->in));
	return 0;
}

static void end(void *state)
{
	struct reader *r = state;

	if (!r)
		return;
	warc_free(r->warc);
	if (r->wiki)
		wiki_source.end(r->wiki);
	buf_release(&r->ahead);
	free(r);
}

static int begin_any(const void *config, struct input *in, bool found, void **state, struct err *e)
{
	struct reader *r = mem_zalloc(1, sizeof(*r));

	*r = (struct reader){ .config = config, .in = in };
	if (choose(r, config, found, e) < 0)
		goto failed;
	if (r->from == FROM_WARC)
		r->warc = warc_new(in);
	if (r->from == FROM_WIKI && wiki_source.begin(config, in, &r->wiki, e) < 0)
		goto failed;
	*state = r;
	return 0;
failed:
	end(r);
	return -1;
}

static int begin(const void *config, struct input *in, void **state, struct err *e)
{
	return begin_any(config, in, false, state, e);
}

static int begin_found(const void *config, struct input *in, void **state, struct err *e)
{
	return begin_any(config, in, true, state, e);
}

static int next(void *state, struct buf *data, struct item *item, size_t max_bytes, struct err *e)
{
	struct reader *r = state;
	size_t max = max_bytes ? max_bytes : SIZE_MAX; /* --max-record 0 is no limit */
	int got;

	if (r->empty) {
		r->empty = false;
		item->skip = SKIP_EMPTY;
		return 1;
	}
	got = readers[r->from](r, data, item, max, e);
	item->kind = r->from;
	return got;
}

const struct source extract_source = {
	.begin = begin,
	.begin_found = begin_found,
	.next = next,
	.end = end,
	.skips = skips,
};
