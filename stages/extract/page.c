/* From the bytes of a page to a record: codings, charset, tree, main text, metadata. */
#include "stages/extract/page.h"

#include "lib/core/mem.h"
#include "lib/text/charset.h"
#include "lib/text/utf8.h"
#include "lib/web/html.h"
#include "lib/web/http.h"
#include "lib/web/mime.h"
#include "lib/web/warc.h"
#include "stages/extract/embedded.h"
#include "stages/extract/maintext.h"
#include "stages/extract/markdown.h"
#include "stages/extract/metadata.h"
#include "stages/extract/optouts.h"
#include "stages/extract/put.h"
#include "stages/extract/robots_sites.h"
#include "stages/extract/text.h"

#include <stdlib.h>
#include <strings.h>

struct pages {
	const struct extract_config *config;
	struct http_scratch http;
	struct buf utf8;
	struct html_tree tree;
	struct maintext main;
	struct embedded embedded;
	struct arena arena; /* of the page's metadata */
	struct buf text;
	struct buf line;
};

enum { KEEP_BYTES = 1024 * 1024 }; /* memory a buffer keeps after a large page */

/* One page on its way. Slices point into the item, the arena or the worker's buffers. */
struct page {
	const struct item *item;
	struct slice id, url, date, truncated;
	struct slice mime;
	struct slice label; /* of the charset, in the HTTP header */
	struct slice bytes; /* of the page, without codings */
	struct slice text;
	const char *text_from; /* of the page's data; NULL: its tree */
	const char *charset;
	uint64_t replaced; /* ill-formed sequences */
	unsigned optouts;
	struct metadata about;
};

/* --- the record ------------------------------------------------------------------------------- */

static void put_place(struct buf *out, const struct item *item)
{
	put_field(out, "file_path", slice_str(item->path));
	if (item->kind != FROM_WARC)
		return;
	json_put_key(out, "warc_offset");
	json_put_uint(out, item->offset);
	if (!item->length)
		return;
	json_put_key(out, "warc_length");
	json_put_uint(out, item->length);
}

static void put_optouts(struct buf *out, unsigned optouts)
{
	struct buf names = { 0 };

	optouts_print(optouts, &names);
	put_field(out, "robots", buf_view(&names));
	buf_release(&names);
}

static void emit_page(struct pages *p, const struct page *page, struct emitter *to)
{
	struct buf *out = &p->line;
	const struct metadata *m = &page->about;

	buf_clear(out, KEEP_BYTES);
	put_head(out, page->id, page->text, p->config);
	put_field(out, "url", page->url.n ? page->url : m->canonical);
	put_field(out, "date", page->date);
	put_field(out, "title", m->title);
	put_field(out, "author", m->author);
	put_field(out, "published", m->published);
	put_field(out, "site", m->site);
	put_field(out, "description", m->description);
	put_field(out, "declared_language", m->language);
	put_field(out, "license", m->license);
	if (!slice_eq(m->canonical, page->url) && page->url.n)
		put_field(out, "canonical", m->canonical);
	put_optouts(out, page->optouts | m->optouts);
	put_field(out, "text_from", slice_str(page->text_from));
	put_field(out, "charset", slice_str(page->charset));
	put_field(out, "mime", page->mime);
	put_field(out, "truncated", page->truncated);
	if (page->replaced) {
		json_put_key(out, "replaced");
		json_put_uint(out, page->replaced);
	}
	put_place(out, page->item);
	buf_byte(out, '}');
	emit_line(to, buf_view(out));
}

/* The last word on a page whose text is there. What is dropped is emitted all the same, for
 * --rejects. */
static enum verdict settle(
	struct pages *p, const struct page *page, struct emitter *to, struct reason *why)
{
	const struct extract_config *c = p->config;
	unsigned optouts = page->optouts | page->about.optouts;
	size_t length = utf8_length(page->text);

	emit_page(p, page, to);
	if (c->respect_optout && optouts) {
		struct buf names = { 0 };

		optouts_print(optouts, &names);
		drop_named(why, "optout", buf_view(&names));
		buf_release(&names);
		return DROP;
	}
	if (length < c->min_text)
		return drop(why, "min_text", (double)length, (double)c->min_text);
	return KEEP;
}

/* --- the text --------------------------------------------------------------------------------- */

/* Valid UTF-8, which most pages are, is not copied. */
static struct slice decode(struct pages *p, struct page *page, const struct charset_choice *choice)
{
	buf_clear(&p->utf8, KEEP_BYTES);
	page->charset = charset_name(choice->charset);
	return charset_text(choice, page->bytes, &p->utf8, &page->replaced);
}

static enum maintext_mode mode_of(const struct extract_config *c)
{
	if (c->precision)
		return MAINTEXT_PRECISION;
	return c->recall ? MAINTEXT_RECALL : MAINTEXT_BALANCED;
}

static enum verdict drop_mime(struct reason *why, struct slice mime)
{
	char name[sizeof(why->name)];
	size_t n = MIN(mime.n, sizeof(name));

	for (size_t i = 0; i < n; i++)
		name[i] = mime.p[i] >= 'A' && mime.p[i] <= 'Z' ? (char)(mime.p[i] + 32) : mime.p[i];
	return drop_counted(why, "mime", (struct slice){ name, n });
}

/* Servers call images and archives HTML. What these bytes are that are none; else nothing. */
static struct slice belied_type(struct slice bytes, const struct charset_choice *choice)
{
	static const char *const readable[] = { "application/pdf", "application/postscript",
		"application/rtf" };

	struct slice type = mime_of_bytes(bytes);

	/* These may begin without a binary byte; the marks of others may begin a text. */
	for (size_t i = 0; i < ARRAY_LEN(readable); i++)
		if (slice_eq(type, slice_str(readable[i])))
			return type;
	if (mime_is_html(type) || !mime_is_binary(bytes))
		return (struct slice){ 0 };
	if (!type.n && strncmp(charset_name(choice->charset), "UTF-16", 6) != 0)
		return SLICE("application/octet-stream");
	return type;
}

/* What of the tree in says; NULL: all of it. */
static void write_text(struct pages *p, const uint8_t *in)
{
	const struct extract_config *c = p->config;

	if (c->format == FORMAT_MARKDOWN)
		html_markdown_of(&p->tree, in, c->links, &p->text);
	else
		html_text_of(&p->tree, in, &p->text);
}

/* The main text of the tree, or where that is a shell, of the page's data. */
static void write_main_text(struct pages *p, struct page *page)
{
	const struct extract_config *c = p->config;
	const uint64_t shown = maintext_choose(&p->main, &p->tree, mode_of(c), c->comments);
	const enum embedded_from from =
		embedded_find(&p->embedded, &p->tree, page->about.title, shown);

	page->text_from = embedded_name(from);
	if (from)
		embedded_write(&p->embedded, c->format == FORMAT_MARKDOWN, c->links, &p->text);
	else
		write_text(p, p->main.in);
}

static enum verdict read_html(
	struct pages *p, struct page *page, struct emitter *to, struct reason *why)
{
	const struct extract_config *c = p->config;
	const struct html_limits limits = {
		.max_nodes = c->max_nodes,
		.max_depth = c->max_depth,
		.max_attrs = c->max_attrs,
		.max_bytes = c->max_body,
	};
	const struct charset_choice choice =
		charset_choose_page(page->bytes, page->label, page->url, true);
	const struct slice belied = belied_type(page->bytes, &choice);

	if (belied.n)
		return drop_mime(why, belied);
	html_parse(&p->tree, decode(p, page, &choice), &limits);
	if (p->tree.limit)
		return drop(why, p->tree.limit, (double)p->tree.limit_value + 1,
			(double)p->tree.limit_value);
	metadata_find(&page->about, &p->tree, page->url, &p->arena);
	buf_clear(&p->text, KEEP_BYTES);
	if (c->all_text)
		write_text(p, NULL);
	else
		write_main_text(p, page);
	page->text = buf_view(&p->text);
	return settle(p, page, to, why);
}

/* --- WARC ------------------------------------------------------------------------------------- */

static void read_header_optouts(struct page *page, const struct http_response *r)
{
	struct slice rest = r->fields, name, value;

	while (http_next_field(&rest, &name, &value))
		page->optouts |= optouts_of_field(name, value);
}

/* A page without a Content-Type is what it looks like (MIME Sniffing Standard, section 7.1). */
static struct slice sniff_mime(struct slice bytes)
{
	struct slice type = mime_of_bytes(bytes);

	return type.n ? type : SLICE("unknown");
}

static enum verdict read_response(struct pages *p, struct page *page, struct slice block,
	struct slice payload_type, struct emitter *to, struct reason *why)
{
	struct http_response r;
	struct slice type, coding = { 0 };
	enum http_coding_result result;

	if (!http_parse(block, &r))
		return drop_named(why, "status", SLICE("no HTTP response"));
	if (r.status != 200)
		return drop(why, "status", r.status, 200);
	type = http_field(&r, "Content-Type");
	page->mime = type.n ? http_media_type(type) : payload_type;
	if (page->mime.n && !mime_is_html(page->mime))
		return drop_mime(why, page->mime);
	result = http_decode(&r, (size_t)p->config->max_body, &p->http, &page->bytes, &coding);
	if (result == HTTP_UNKNOWN_CODING)
		return drop_counted(why, "coding", coding);
	if (result == HTTP_TOO_LONG)
		return drop(why, "max_body", (double)p->config->max_body + 1,
			(double)p->config->max_body);
	if (result == HTTP_CUT && !page->truncated.n)
		page->truncated = SLICE("coding");
	if (!page->mime.n)
		page->mime = sniff_mime(page->bytes);
	if (!mime_is_html(page->mime))
		return drop_mime(why, page->mime);
	page->label = charset_parameter(type);
	read_header_optouts(page, &r);
	return read_html(p, page, to, why);
}

static enum verdict read_resource(struct pages *p, struct page *page, struct slice block,
	struct slice type, struct emitter *to, struct reason *why)
{
	page->mime = type.n ? http_media_type(type) : sniff_mime(block);
	if (!mime_is_html(page->mime))
		return drop_mime(why, page->mime);
	page->label = charset_parameter(type);
	page->bytes = block;
	return read_html(p, page, to, why);
}

/* The text of a WET file is the record's, in UTF-8; repaired where it is not. */
static enum verdict read_conversion(struct pages *p, struct page *page, struct slice block,
	struct slice type, struct emitter *to, struct reason *why)
{
	const struct charset_choice utf8 = { .charset = charset_of_label(SLICE("utf-8")) };

	page->mime = http_media_type(type);
	if (page->mime.n && !slice_is_word(page->mime, "text/plain"))
		return drop_mime(why, page->mime);
	page->bytes = block;
	page->text = decode(p, page, &utf8);
	while (page->text.n && byte_in(page->text.p[page->text.n - 1], "\r\n"))
		page->text.n--;
	return settle(p, page, to, why);
}

enum verdict page_warc_item(struct pages *p, const struct item *item, struct emitter *to,
	struct reason *why, struct err *e)
{
	struct page page = { .item = item };
	struct warc_header h;
	struct slice block;
	const char *what;

	if (!warc_parse(item->data, &h, &what)) {
		err_set(e, ERR_DATA, "%s", what);
		return BAD;
	}
	arena_reset(&p->arena);
	block = slice_skip(item->data, h.header_bytes);
	page.id = h.id;
	page.url = h.uri;
	page.date = h.date;
	page.truncated = h.truncated;
	if (p->config->sites && robots_sites_refuse(p->config->sites, h.uri))
		page.optouts |= OPTOUT_ROBOTS_TXT;
	if (h.type == WARC_CONVERSION)
		return read_conversion(p, &page, block, h.content_type, to, why);
	if (h.type == WARC_RESPONSE &&
		(!h.content_type.n ||
			slice_is_word(http_media_type(h.content_type), "application/http")))
		return read_response(p, &page, block, h.payload_type, to, why);
	return read_resource(p, &page, block, h.content_type, to, why);
}

/* --- files ------------------------------------------------------------------------------------ */

enum verdict page_file_item(struct pages *p, const struct item *item, struct emitter *to,
	struct reason *why, struct err *e)
{
	struct page page = {
		.item = item,
		.id = slice_str(item->path),
		.mime = SLICE("text/html"),
		.bytes = item->data,
	};

	(void)e;
	arena_reset(&p->arena);
	if (item->data.n > p->config->max_body)
		return drop(why, "max_body", (double)item->data.n, (double)p->config->max_body);
	return read_html(p, &page, to, why);
}

struct pages *pages_new(const struct extract_config *config)
{
	struct pages *p = mem_zalloc(1, sizeof(*p));

	p->config = config;
	return p;
}

void pages_free(struct pages *p)
{
	if (!p)
		return;
	http_scratch_release(&p->http);
	buf_release(&p->utf8);
	html_release(&p->tree);
	maintext_release(&p->main);
	embedded_release(&p->embedded);
	arena_release(&p->arena);
	buf_release(&p->text);
	buf_release(&p->line);
	free(p);
}
