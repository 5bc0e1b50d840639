/* MediaWiki XML dumps to records. */
#include "stages/extract/wiki.h"

#include "lib/core/mem.h"
#include "lib/text/utf8.h"
#include "stages/extract/put.h"
#include "stages/extract/wiki_cut.h"
#include "stages/extract/wiki_page.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

/* The source. */

static ssize_t read_input(void *from, void *p, size_t n, struct err *e)
{
	return input_read(from, p, n, e);
}

static uint64_t member_offset(void *from)
{
	return input_member_offset(from);
}

static int begin(const void *config, struct input *in, void **state, struct err *e)
{
	struct wiki_cutter *c = mem_zalloc(1, sizeof(*c));

	(void)config;
	(void)e;
	c->bytes = (struct wiki_bytes){ read_input, member_offset, in };
	c->salvage = input_salvages(in);
	*state = c;
	return 0;
}

/* What the cutter finds wrong has no name of a file yet; what the input says has. */
static int name_error(const struct input *in, struct err *e)
{
	const char *name = input_name(in);

	return strncmp(e->text, name, strlen(name)) == 0 ? -1 : err_wrap(e, "%s", name);
}

/* At the end of the input with salvage: the page that lacks its end is an item all the same, so
 * that it is counted. How many bytes of a compressed file it had, its reader alone can tell. */
static int next_cut_off(struct wiki_cutter *c, struct item *item)
{
	struct input *in = c->bytes.from;
	bool page = c->cut_off;
	bool known = page && input_format(in) == INPUT_PLAIN;

	if (page || c->root_open)
		input_note_damage(in, known ? c->page_from : input_offset(in),
			known ? c->used - c->page_from : 0, "the dump ended early");
	c->cut_off = false;
	c->root_open = false;
	item->skip = WIKI_SKIP_DAMAGED;
	return page;
}

static int next(void *state, struct buf *data, struct item *item, size_t max_bytes, struct err *e)
{
	bool too_long = false;
	size_t before = data->n;
	struct wiki_cutter *c = state;
	int r = wiki_cut_next(c, data, max_bytes, &too_long, &item->offset, e);

	if (r < 0)
		return name_error(c->bytes.from, e);
	if (r == 0)
		return next_cut_off(c, item);
	item->data = (struct slice){ data->p + before, data->n - before };
	item->skip = too_long ? WIKI_SKIP_MAX_RECORD : 0;
	return 1;
}

static void finish(void *state)
{
	wiki_cut_release(state);
	free(state);
}

static const char *const skips[] = {
	[WIKI_SKIP_MAX_RECORD - 1] = "max_record",
	[WIKI_SKIP_DAMAGED - 1] = "damaged",
	[WIKI_SKIP_DAMAGED] = NULL,
};

const struct source wiki_source = {
	.begin = begin,
	.next = next,
	.end = finish,
	.skips = skips,
};

/* The record. */

/* What is decoded of one page. */
struct decoded {
	struct buf title, id, url, wikitext, text, names;
};

static void release(struct decoded *d)
{
	buf_release(&d->title);
	buf_release(&d->id);
	buf_release(&d->url);
	buf_release(&d->wikitext);
	buf_release(&d->text);
	buf_release(&d->names);
}

/* The title as wfUrlencode writes it: spaces are _, and these signs stay. */
static void put_url(struct buf *url, struct slice base, struct slice title)
{
	static const char hex[] = "0123456789ABCDEF";
	const char *slash = base.n ? memrchr(base.p, '/', base.n) : NULL;

	if (!slash)
		return;
	buf_append(url, base.p, (size_t)(slash + 1 - base.p));
	for (size_t i = 0; i < title.n; i++) {
		unsigned char c = (unsigned char)title.p[i];

		if (c == ' ')
			c = '_';
		if (c < 0x80 && (isalnum(c) || byte_in((char)c, "-_.;@$!*(),/~:"))) {
			buf_byte(url, (char)c);
			continue;
		}
		buf_byte(url, '%');
		buf_byte(url, hex[c >> 4]);
		buf_byte(url, hex[c & 15]);
	}
}

static void put_id(struct buf *id, const struct wiki_page *page)
{
	if (page->dbname.n) {
		buf_slice(id, page->dbname);
		buf_byte(id, '-');
	}
	buf_slice(id, page->id.n ? page->id : page->title);
}

static void emit(const struct wiki_page *page, const struct decoded *d, const struct item *item,
	const struct extract_config *cfg, struct buf *json, struct emitter *to)
{
	put_head(json, buf_view(&d->id), buf_view(&d->text), cfg);
	put_field(json, "url", buf_view(&d->url));
	put_field(json, "date", page->timestamp);
	put_field(json, "title", buf_view(&d->title));
	put_field(json, "mime", page->format);
	put_field(json, "file_path", slice_str(item->path));
	buf_byte(json, '}');
	emit_line(to, buf_view(json));
}

static enum verdict judge(const struct wiki_page *page, struct decoded *d,
	const struct extract_config *cfg, struct reason *why)
{
	struct slice ns = page->ns.n ? page->ns : page->title_namespace;
	unsigned flags = cfg->format != FORMAT_MARKDOWN ? 0
		: cfg->links				? WIKI_MARKDOWN | WIKI_LINKS
							: WIKI_MARKDOWN;
	bool disambiguation;
	size_t length;

	if (ns.n && !slice_eq(ns, SLICE("0")))
		return drop(why, "namespace", strtod(buf_cstr(&d->names), NULL), 0);
	if (page->redirect || wikitext_is_redirect(buf_view(&d->wikitext)))
		return drop_named(why, "redirect", buf_view(&d->title));
	if (page->model.n && !slice_eq(page->model, SLICE("wikitext")))
		return drop_named(why, "model", page->model);
	disambiguation = wikitext_to_text(buf_view(&d->wikitext), &page->names, flags, &d->text);
	disambiguation |= wikitext_disambiguates(buf_view(&d->title));
	length = utf8_length(buf_view(&d->text));
	if (disambiguation && !cfg->disambiguation)
		return drop_named(why, "disambiguation", buf_view(&d->title));
	if (length == 0)
		return drop(why, "empty", 0, 1);
	if (length < cfg->min_text)
		return drop(why, "min_text", (double)length, (double)cfg->min_text);
	return KEEP;
}

enum verdict wiki_item(const struct item *item, const struct extract_config *cfg,
	struct buf *scratch, struct emitter *to, struct reason *why, struct err *e)
{
	struct wiki_page page;
	struct decoded d = { .title = { 0 } };
	enum verdict verdict;

	if (!wiki_page_parse(item->data, &page)) {
		err_set(e, ERR_DATA, "a <page> without a title");
		return BAD;
	}
	wiki_xml_decode(page.title, &d.title);
	wiki_xml_decode(page.text, &d.wikitext);
	buf_slice(&d.names, page.ns.n ? page.ns : page.title_namespace);
	put_id(&d.id, &page);
	put_url(&d.url, page.base, buf_view(&d.title));
	verdict = judge(&page, &d, cfg, why);
	/* A page that is dropped goes to --rejects as it was found. */
	emit(&page, &d, item, cfg, scratch, to);
	release(&d);
	return verdict;
}
