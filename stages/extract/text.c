/* The tree's texts in reading order, with the breaks that elements make. */
#include "stages/extract/text.h"

#include "lib/core/mem.h"

#include <stdlib.h>

/* What stands between the text so far and the next, the strongest wins. */
enum gap { GAP_NONE, GAP_SPACE, GAP_FIELD, GAP_LINE, GAP_PARAGRAPH };

struct writer {
	const struct html_tree *t;
	const uint8_t *in; /* NULL: every text is wanted */
	const uint8_t *layout; /* by node: a table or cell that arranges the page */
	struct buf *out;
	size_t start; /* of the text in out */
	enum gap gap;
	uint32_t row; /* the innermost data table cell that is open, or 0: no breaks in it */
	uint32_t pre; /* the innermost pre that is open, or 0 */
};

static void ask_gap(struct writer *w, enum gap gap)
{
	if (w->row && gap > GAP_SPACE)
		gap = GAP_SPACE;
	w->gap = MAX(w->gap, gap);
}

static void write_gap(struct writer *w)
{
	static const struct slice gaps[] = { { "", 0 }, { " ", 1 }, { "\t", 1 }, { "\n", 1 },
		{ "\n\n", 2 } };

	if (w->out->n > w->start)
		buf_slice(w->out, gaps[w->gap]);
	w->gap = GAP_NONE;
}

/* Bytes of white space at p: ASCII's, and U+00A0, which pages use as padding. */
static size_t space_at(const char *p, size_t n)
{
	unsigned char c = (unsigned char)*p;

	if (c == ' ' || (c >= '\t' && c <= '\r'))
		return 1;
	return n > 1 && c == 0xC2 && (unsigned char)p[1] == 0xA0 ? 2 : 0;
}

static void write_folded(struct writer *w, struct slice text)
{
	while (text.n) {
		size_t n = 0, space = 0;

		while (n < text.n && (space = space_at(text.p + n, text.n - n)) == 0)
			n++;
		if (n) {
			write_gap(w);
			buf_append(w->out, text.p, n);
		}
		if (space)
			ask_gap(w, GAP_SPACE);
		text = slice_skip(text, n + space);
	}
}

/* As it stands, but for the newlines at its end, which the gap behind it makes. */
static void write_pre(struct writer *w, struct slice text)
{
	size_t n = text.n;

	while (n && text.p[n - 1] == '\n')
		n--;
	if (n) {
		write_gap(w);
		buf_append(w->out, text.p, n);
	}
	for (; n < text.n && w->out->n > w->start; n++)
		w->gap = w->gap == GAP_LINE ? GAP_PARAGRAPH : MAX(w->gap, GAP_LINE);
}

static enum gap gap_of(const struct writer *w, uint32_t node)
{
	unsigned flags = html_tag_flags(w->t->nodes[node].tag);

	if (flags & HTML_BLOCK)
		return GAP_PARAGRAPH;
	if (flags & HTML_LINE)
		return GAP_LINE;
	if (flags & HTML_CELL)
		return w->layout[node] ? GAP_PARAGRAPH : GAP_FIELD;
	return GAP_NONE;
}

static void enter(struct writer *w, uint32_t node)
{
	enum html_tag tag = w->t->nodes[node].tag;

	if (tag == HTML_BR && w->gap == GAP_LINE)
		ask_gap(w, GAP_PARAGRAPH);
	ask_gap(w, gap_of(w, node));
	if ((tag == HTML_TD || tag == HTML_TH) && !w->layout[node] && !w->row)
		w->row = node;
	if (tag == HTML_PRE && !w->pre)
		w->pre = node;
}

static void leave(struct writer *w, uint32_t node)
{
	if (w->row == node)
		w->row = 0;
	if (w->pre == node)
		w->pre = 0;
	if (w->t->nodes[node].tag != HTML_BR)
		ask_gap(w, gap_of(w, node));
}

static void write_text(struct writer *w, uint32_t node)
{
	struct slice text = html_text(w->t, node);

	if (w->in && !w->in[node])
		return;
	if (w->pre && !w->row)
		write_pre(w, text);
	else
		write_folded(w, text);
}

/* Marks tables that arrange the page instead of holding data, and their cells. A cell of data holds
 * one paragraph at most, and none of what only a page has. */
static uint8_t *find_layout(const struct html_tree *t)
{
	uint8_t *layout = mem_zalloc(t->n_nodes, 1);
	uint32_t table = 0, paragraphs = 0;
	uint32_t *outer = mem_zalloc(t->n_nodes, sizeof(*outer)); /* the table a node stands in */

	for (uint32_t i = 1; i < t->n_nodes; i++) {
		enum html_tag tag = t->nodes[i].tag;
		uint32_t parent = t->nodes[i].parent;

		table = t->nodes[parent].tag == HTML_TABLE ? parent : outer[parent];
		outer[i] = table;
		if (tag == HTML_TD || tag == HTML_TH || tag == HTML_TABLE)
			paragraphs = 0;
		if (!table)
			continue;
		paragraphs += tag == HTML_P;
		if (tag == HTML_TABLE || tag == HTML_UL || tag == HTML_OL ||
			html_tag_flags(tag) & HTML_HEADING || paragraphs > 1)
			layout[table] = 1;
	}
	for (uint32_t i = 1; i < t->n_nodes; i++)
		if (html_tag_flags(t->nodes[i].tag) & HTML_CELL)
			layout[i] = outer[i] == 0 || layout[outer[i]];
	free(outer);
	return layout;
}

static void walk(struct writer *w)
{
	const struct html_tree *t = w->t;
	uint32_t open = 0;

	for (uint32_t i = 1; i <= t->n_nodes; i++) {
		while (open && (i == t->n_nodes || i >= t->nodes[open].end)) {
			leave(w, open);
			open = t->nodes[open].parent;
		}
		if (i == t->n_nodes)
			break;
		if (t->nodes[i].tag == HTML_TEXT) {
			write_text(w, i);
		} else if (html_tag_flags(t->nodes[i].tag) & HTML_NO_TEXT) {
			i = t->nodes[i].end - 1;
		} else {
			enter(w, i);
			open = i;
		}
	}
}

void html_text_of(const struct html_tree *t, const uint8_t *in, struct buf *out)
{
	uint8_t *layout = find_layout(t);
	struct writer w = { .t = t, .in = in, .layout = layout, .out = out, .start = out->n };

	walk(&w);
	free(layout);
}

void html_text_all(const struct html_tree *t, struct buf *out)
{
	html_text_of(t, NULL, out);
}
