/* Pages of books: what is shown, without navigation and page numbers. */
#include "stages/extract/book_html.h"

#include "lib/core/mem.h"
#include "stages/extract/markdown.h"
#include "stages/extract/text.h"

#include <ctype.h>
#include <stdlib.h>

enum {
	LONGEST_NUMBER = 24, /* bytes of a page's number with its brackets */
	NUMBER_NODES = 8, /* that it stands in at most */
	MIN_CONTENTS = 3, /* links of a table of contents */
};

/* Page numbers. */

/* The class names of the converters and makers of books that mark them (Project Gutenberg's
 * guidelines say pagenum; others were counted in its collection). */
static bool is_number_class(struct slice class)
{
	static const char *const names[] = { "pagenum", "pageno", "pagenumber", "page-number",
		"page-num", "pagebreak", "page-break", "pgnum", "pb", "folio", "page", "newpage" };

	while (class.n) {
		size_t n = 0;

		while (n < class.n && !isspace((unsigned char)class.p[n]))
			n++;
		for (size_t i = 0; i < ARRAY_LEN(names); i++)
			if (slice_is_word(slice_head(class, n), names[i]))
				return true;
		class = slice_skip(class, n + 1);
	}
	return false;
}

/* Page_12, pg12, p12 */
static bool is_number_id(struct slice id)
{
	static const char *const heads[] = { "page_", "page", "pg_", "pg", "p_", "p" };

	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		size_t n = strlen(heads[i]);

		if (id.n > n && strncasecmp(id.p, heads[i], n) == 0)
			return byte_in(id.p[n], "0123456789ivxlcIVXLC");
	}
	return false;
}

/* "[Pg 12]", "{xii}", "12", "p. 3" */
static bool is_number(struct slice s)
{
	static const char *const words[] = { "page", "pg", "pag", "p", "s" };

	s = slice_trim(s, " \t\r\n[](){}|.,-");
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t n = strlen(words[i]);

		if (s.n > n && strncasecmp(s.p, words[i], n) == 0 && byte_in(s.p[n], " ._\n")) {
			s = slice_trim(slice_skip(s, n), " ._\n");
			break;
		}
	}
	for (size_t i = 0; i < s.n; i++)
		if (!byte_in(s.p[i], "0123456789ivxlcdmIVXLCDM"))
			return false;
	return s.n > 0;
}

/* The text of a short subtree; false when it is longer. */
static bool short_text(const struct html_tree *t, uint32_t node, char *text, size_t *n)
{
	*n = 0;
	for (uint32_t i = node + 1; i < t->nodes[node].end; i++) {
		struct slice s;

		if (i - node > NUMBER_NODES)
			return false;
		if (t->nodes[i].tag != HTML_TEXT)
			continue;
		s = html_text(t, i);
		if (*n + s.n > LONGEST_NUMBER)
			return false;
		memcpy(text + *n, s.p, s.n);
		*n += s.n;
	}
	return true;
}

static bool is_page_number(const struct html_tree *t, uint32_t node)
{
	char text[LONGEST_NUMBER];
	size_t n;
	bool marked = is_number_class(html_attr(t, node, HTML_ATTR_CLASS)) ||
		is_number_id(html_attr(t, node, HTML_ATTR_ID)) ||
		is_number_id(html_attr(t, node, HTML_ATTR_NAME)) ||
		slice_eq(html_attr(t, node, HTML_ATTR_ROLE), SLICE("doc-pagebreak"));

	return marked && short_text(t, node, text, &n) && is_number((struct slice){ text, n });
}

/* What is text. */

static uint8_t *find_text(const struct html_tree *t)
{
	uint8_t *in = mem_zalloc(t->n_nodes, 1);

	for (uint32_t i = 1; i < t->n_nodes; i++) {
		enum html_tag tag = t->nodes[i].tag;

		if (tag == HTML_TEXT)
			in[i] = 1;
		else if (tag == HTML_NAV || is_page_number(t, i))
			i = t->nodes[i].end - 1;
	}
	return in;
}

bool book_html_text(struct html_tree *tree, struct slice utf8, const struct extract_config *cfg,
	bool markdown, struct buf *out)
{
	const struct html_limits limits = {
		.max_nodes = cfg->max_nodes,
		.max_depth = cfg->max_depth,
		.max_attrs = cfg->max_attrs,
		.max_bytes = cfg->max_body,
	};
	uint8_t *in;

	html_parse(tree, utf8, &limits);
	if (tree->limit)
		return false;
	in = find_text(tree);
	if (markdown)
		html_markdown_of(tree, in, cfg->links, out);
	else
		html_text_of(tree, in, out);
	free(in);
	return true;
}

static size_t letters(struct slice s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += !isspace((unsigned char)s.p[i]);
	return n;
}

bool book_html_is_contents(const struct html_tree *tree)
{
	size_t all = 0, linked = 0, links = 0;
	uint32_t link_end = 0;

	for (uint32_t i = 1; i < tree->n_nodes; i++) {
		const struct html_node *node = &tree->nodes[i];
		size_t n;

		if (node->tag == HTML_A && i >= link_end && html_attr(tree, i, HTML_ATTR_HREF).n) {
			links++;
			link_end = node->end;
		}
		if (node->tag != HTML_TEXT) {
			if (html_tag_flags(node->tag) & HTML_NO_TEXT)
				i = node->end - 1;
			continue;
		}
		n = letters(html_text(tree, i));
		all += n;
		linked += i < link_end ? n : 0;
	}
	return links >= MIN_CONTENTS && linked * 5 >= all * 4;
}

/* XHTML. */

static bool is_void(struct slice name)
{
	static const char *const names[] = { "area", "base", "br", "col", "embed", "hr", "img",
		"input", "link", "meta", "param", "source", "track", "wbr" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (slice_is_word(name, names[i]))
			return true;
	return false;
}

/* The bytes of the tag that page begins with, up to its > outside of quotes; all, without one. */
static size_t tag_length(struct slice page)
{
	char quote = 0;

	for (size_t i = 1; i < page.n; i++) {
		char c = page.p[i];

		if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			return i + 1;
	}
	return page.n;
}

static void put_tag(struct slice tag, struct buf *out)
{
	struct slice name = slice_skip(tag, 1);
	size_t n = 0;

	while (n < name.n && !byte_in(name.p[n], " \t\r\n/>"))
		n++;
	name.n = n;
	if (!slice_ends(tag, SLICE("/>")) || tag.p[1] == '/' || is_void(name)) {
		buf_slice(out, tag);
		return;
	}
	buf_append(out, tag.p, tag.n - 2);
	buf_str(out, "></");
	buf_slice(out, name);
	buf_byte(out, '>');
}

static void put_escaped(struct slice s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '<')
			buf_str(out, "&lt;");
		else if (s.p[i] == '&')
			buf_str(out, "&amp;");
		else
			buf_byte(out, s.p[i]);
	}
}

/* Takes from page what begins with open up to close; false when there is no such thing here. */
static bool take_between(
	struct slice *page, struct slice open, struct slice close, struct slice *inside)
{
	struct slice rest;
	size_t n;

	if (!slice_starts(*page, open))
		return false;
	rest = slice_skip(*page, open.n);
	n = slice_find(rest, close);
	*inside = slice_head(rest, n);
	*page = slice_skip(rest, n + close.n);
	return true;
}

void book_xhtml_to_html(struct slice page, struct buf *out)
{
	while (page.n) {
		size_t n = slice_find(page, SLICE("<"));
		struct slice inside;

		buf_append(out, page.p, n);
		page = slice_skip(page, n);
		if (take_between(&page, SLICE("<!--"), SLICE("-->"), &inside) ||
			take_between(&page, SLICE("<?"), SLICE("?>"), &inside))
			continue;
		if (take_between(&page, SLICE("<![CDATA["), SLICE("]]>"), &inside)) {
			put_escaped(inside, out);
			continue;
		}
		n = page.n ? tag_length(page) : 0;
		if (n)
			put_tag(slice_head(page, n), out);
		page = slice_skip(page, n);
	}
}

struct slice book_xhtml_label(struct slice page)
{
	struct slice head = slice_head(page, 200);
	char quote;

	if (slice_starts(head, SLICE("\xEF\xBB\xBF")))
		head = slice_skip(head, 3);
	head.n = slice_find(head, SLICE("?>"));
	if (!slice_starts(head, SLICE("<?xml")))
		return SLICE("utf-8");
	head = slice_skip(head, slice_find(head, SLICE("encoding")) + strlen("encoding"));
	head = slice_trim(head, " \t\r\n=");
	if (head.n < 2 || !byte_in(head.p[0], "\"'"))
		return SLICE("utf-8");
	quote = head.p[0];
	head = slice_skip(head, 1);
	for (size_t i = 0; i < head.n; i++)
		if (head.p[i] == quote)
			return slice_head(head, i);
	return SLICE("utf-8");
}
