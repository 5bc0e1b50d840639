/* Pages of tags and signs as Markdown: md4c reads the plain text of the page in it, and no HTML. */
#include "stages/extract/markdown.h"
#include "stages/extract/text.h"

#include <assert.h>
#include <md4c.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *const pieces[] = { "<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<code>",
	"</code>", "<ul>", "</ul>", "<ol start=3>", "</ol>", "<li>", "<li>", "<blockquote>",
	"</blockquote>", "<pre>", "</pre>", "<br>", "<hr>", "<h2>", "</h2>",
	"<table><tr><th>h<th>k<tr><td>", "<td>", "<tr><td>", "</table>", "<a href=/x>", "</a>",
	"<span>", "</span>", "<q>", "</q>", "*", "**", "_", "__", "`", "``", "~", "#", "# ", "-",
	"- ", "+ ", "1", "1. ", "2)", "&gt;", "[", "]", "](", "[x]", "]: ", "!", "|", " | ", "-|-",
	"=", "===", "&lt;", "&lt;b>", "&lt;!--", "&amp;", "amp;", "#1;", "\\", "$", ":", " ", " ",
	" ", "\n", "\t", "    ", "&nbsp;", ".", "(", ")", "\"", "a", "b", "two words", "é", "漢",
	"«", "€", "©", "5", "\u200b", "@" };

struct got {
	struct buf text;
	bool foreign; /* HTML, links or entities came */
};

static int on_block(MD_BLOCKTYPE type, void *detail, void *to)
{
	struct got *got = to;

	(void)detail;
	got->foreign |= type == MD_BLOCK_HTML;
	buf_byte(&got->text, '\n');
	return 0;
}

static int on_span(MD_SPANTYPE type, void *detail, void *to)
{
	struct got *got = to;

	(void)detail;
	got->foreign |= type != MD_SPAN_EM && type != MD_SPAN_STRONG && type != MD_SPAN_CODE;
	return 0;
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE n, void *to)
{
	struct got *got = to;

	got->foreign |= type == MD_TEXT_HTML || type == MD_TEXT_ENTITY;
	if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
		buf_byte(&got->text, '\n');
	else
		buf_append(&got->text, text, n);
	return 0;
}

/* White space of any length is one space, and none at the ends. */
static void fold(struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		bool hard = i + 1 < b->n && memcmp(b->p + i, "\u00a0", 2) == 0;

		i += hard;
		if (!hard && !byte_in(b->p[i], " \t\n\r\f\v"))
			b->p[n++] = b->p[i];
		else if (n && b->p[n - 1] != ' ')
			b->p[n++] = ' ';
	}
	b->n = n - (n && b->p[n - 1] == ' ');
}

/* The escape of a | goes in all of a cell (GitHub Flavored Markdown, 4.10), but md4c leaves it in
 * code. */
static bool is_misread(const struct buf *page)
{
	return slice_find(buf_view(page), SLICE("<table")) < page->n &&
		slice_find(buf_view(page), SLICE("|")) < page->n &&
		(slice_find(buf_view(page), SLICE("<code")) < page->n ||
			slice_find(buf_view(page), SLICE("<pre")) < page->n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct html_limits limits = {
		.max_nodes = 2000, .max_depth = 100, .max_bytes = 100000
	};
	static const MD_PARSER parser = { .flags = MD_FLAG_TABLES,
		.enter_block = on_block,
		.leave_block = on_block,
		.enter_span = on_span,
		.leave_span = on_span,
		.text = on_text };
	struct html_tree tree = { 0 };
	struct buf page = { 0 }, plain = { 0 }, marked = { 0 };
	struct got got = { 0 };

	for (size_t i = 0; i < n; i++)
		buf_str(&page, pieces[data[i] % ARRAY_LEN(pieces)]);
	html_parse(&tree, buf_view(&page), &limits);
	html_text_all(&tree, &plain);
	html_markdown_of(&tree, NULL, false, &marked);
	assert(md_parse(marked.p, (MD_SIZE)marked.n, &parser, &got) == 0);
	fold(&plain);
	fold(&got.text);
	assert(is_misread(&page) ||
		(!got.foreign && slice_eq(buf_view(&plain), buf_view(&got.text))));
	buf_release(&page);
	buf_release(&plain);
	buf_release(&marked);
	buf_release(&got.text);
	html_release(&tree);
	return 0;
}
