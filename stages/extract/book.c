/* Plain-text and HTML books to records. */
#include "stages/extract/book.h"

#include "lib/text/charset.h"
#include "lib/text/utf8.h"
#include "lib/web/html.h"
#include "stages/extract/book_strip.h"
#include "stages/extract/book_wrap.h"
#include "stages/extract/put.h"
#include "stages/extract/text.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

enum {
	HEAD_BYTES = 8 * 1024, /* in which a header says its encoding */
	TOLD_BYTES = 64 * 1024, /* in which an HTML book's header ends, behind its style sheet */
	TOLD_LINE = 60, /* of the line that ends it, up to GUTENBERG EBOOK */
};

/* One book on its way. Slices point into the UTF-8 text. */
struct book {
	const struct item *item;
	const char *charset, *mime;
	struct slice text;
	struct book_facts facts;
	uint64_t replaced; /* ill-formed sequences */
};

/* The record. */

/* Several lines as one. */
static void put_folded(struct buf *json, const char *key, struct slice value, struct buf *folded)
{
	folded->n = 0;
	for (size_t i = 0; i < value.n; i++) {
		bool space = isspace((unsigned char)value.p[i]);

		if (!space)
			buf_byte(folded, value.p[i]);
		else if (folded->n && folded->p[folded->n - 1] != ' ')
			buf_byte(folded, ' ');
	}
	put_field(json, key, buf_view(folded));
}

static unsigned month_of(struct slice s)
{
	static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul",
		"aug", "sep", "oct", "nov", "dec" };

	for (unsigned i = 0; s.n >= 3 && i < ARRAY_LEN(months); i++)
		if (strncasecmp(s.p, months[i], 3) == 0)
			return i + 1;
	return 0;
}

/* "August 25, 2005 [EBook #16595]", "January, 1994", "2001-05-17" to RFC 3339's full-date, or as
 * much of it as is said. */
static void put_date(struct buf *json, struct slice s)
{
	unsigned month = 0, day = 0, year = 0;
	char text[32];
	int n = 0;

	s.n = slice_find(s, SLICE("["));
	for (size_t i = 0; i < s.n; i++) {
		unsigned value = 0;
		size_t digits = 0;

		if (!month && isalpha((unsigned char)s.p[i]))
			month = month_of(slice_skip(s, i));
		while (i + digits < s.n && digits < 4 && isdigit((unsigned char)s.p[i + digits]))
			value = value * 10 + (unsigned)(s.p[i + digits++] - '0');
		if (digits == 4 && !year)
			year = value;
		else if (digits && !month && year)
			month = value;
		else if (digits && !day)
			day = value;
		i += digits ? digits - 1 : 0;
	}
	if (year < 1971 || year > 9999 || month > 12 || day > 31)
		return;
	n = snprintf(text, sizeof(text), "%04u", year);
	if (month)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "-%02u", month);
	if (month && day)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "-%02u", day);
	put_field(json, "published", (struct slice){ text, (size_t)n });
}

/* The last part of the path without its extensions. */
static struct slice file_stem(struct slice path)
{
	const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
	size_t dot;

	if (slash)
		path = slice_skip(path, (size_t)(slash + 1 - path.p));
	dot = slice_find(path, SLICE("."));
	return dot ? slice_head(path, dot) : path;
}

static void put_book(const struct book *b, const struct extract_config *cfg, struct buf *json)
{
	char id[40], url[80];
	struct buf folded = { 0 };

	snprintf(id, sizeof(id), "pg%llu", (unsigned long long)b->facts.number);
	snprintf(url, sizeof(url), "https://www.gutenberg.org/ebooks/%llu",
		(unsigned long long)b->facts.number);
	put_head(json, b->facts.number ? slice_str(id) : file_stem(slice_str(b->item->path)),
		b->text, cfg);
	if (b->facts.number)
		put_field(json, "url", slice_str(url));
	put_folded(json, "title", b->facts.title, &folded);
	put_folded(json, "author", b->facts.author, &folded);
	put_date(json, b->facts.released);
	put_field(json, "charset", slice_str(b->charset));
	put_field(json, "mime", slice_str(b->mime));
	if (b->replaced) {
		json_put_key(json, "replaced");
		json_put_uint(json, b->replaced);
	}
	put_field(json, "file_path", slice_str(b->item->path));
	buf_byte(json, '}');
	buf_release(&folded);
}

/* A book that is dropped is emitted all the same, for --rejects. */
static enum verdict settle(const struct book *b, const struct extract_config *cfg,
	struct buf *scratch, struct emitter *to, struct reason *why)
{
	size_t length = utf8_length(b->text);

	put_book(b, cfg, scratch);
	emit_line(to, buf_view(scratch));
	if (length == 0)
		return drop(why, "empty", 0, 1);
	if (length < cfg->min_text)
		return drop(why, "min_text", (double)length, (double)cfg->min_text);
	return KEEP;
}

/* Plain text. */

static void decode(struct book *b, struct slice label, bool html, struct buf *utf8)
{
	struct charset_choice choice = charset_choose(b->item->data, label, html);

	b->charset = charset_name(choice.charset);
	charset_decode(choice.charset, slice_skip(b->item->data, choice.bom), utf8, &b->replaced);
}

enum verdict book_item(const struct item *item, const struct extract_config *cfg,
	struct buf *scratch, struct emitter *to, struct reason *why, struct err *e)
{
	struct book b = { .item = item, .mime = "text/plain" };
	struct buf utf8 = { 0 }, text = { 0 };
	struct slice body;
	enum verdict verdict;

	(void)e;
	book_read_facts(slice_head(item->data, HEAD_BYTES), &b.facts);
	decode(&b, b.facts.charset, false, &utf8);
	book_strip(buf_view(&utf8), &body, &b.facts);
	book_unwrap(body, &text);
	b.text = buf_view(&text);
	verdict = settle(&b, cfg, scratch, to, why);
	buf_release(&text);
	buf_release(&utf8);
	return verdict;
}

/* HTML. */

bool book_html_told(struct slice page)
{
	struct slice head = slice_head(page, TOLD_BYTES);

	/* Since 2022 the line stands behind a tag. */
	for (;;) {
		size_t at = slice_find(head, SLICE("START OF TH"));
		struct slice behind = slice_head(slice_skip(head, at), TOLD_LINE);

		if (at == head.n)
			return false;
		if (at && byte_in(head.p[at - 1], "* ") &&
			slice_find(behind, SLICE("PROJECT GUTENBERG EBOOK")) < behind.n)
			return true;
		head = slice_skip(head, at + 1);
	}
}

static enum verdict read_html(struct book *b, const struct extract_config *cfg,
	struct html_tree *tree, struct buf *text, struct buf *scratch, struct emitter *to,
	struct reason *why)
{
	const struct html_limits limits = {
		.max_nodes = cfg->max_nodes,
		.max_depth = cfg->max_depth,
		.max_attrs = cfg->max_attrs,
		.max_bytes = cfg->max_body,
	};

	decode(b, (struct slice){ NULL, 0 }, true, scratch);
	html_parse(tree, buf_view(scratch), &limits);
	if (tree->limit)
		return drop(
			why, tree->limit, (double)tree->limit_value + 1, (double)tree->limit_value);
	html_text_all(tree, text);
	book_strip(buf_view(text), &b->text, &b->facts);
	return settle(b, cfg, scratch, to, why);
}

enum verdict book_html_item(const struct item *item, const struct extract_config *cfg,
	struct buf *scratch, struct emitter *to, struct reason *why, struct err *e)
{
	struct book b = { .item = item, .mime = "text/html" };
	struct html_tree tree = { 0 };
	struct buf text = { 0 };
	enum verdict verdict;

	(void)e;
	if (item->data.n > cfg->max_body)
		return drop(why, "max_body", (double)item->data.n, (double)cfg->max_body);
	scratch->n = 0;
	verdict = read_html(&b, cfg, &tree, &text, scratch, to, why);
	html_release(&tree);
	buf_release(&text);
	return verdict;
}
