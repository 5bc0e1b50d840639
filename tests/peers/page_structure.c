/* What a page's tree holds, told without the writers of text and Markdown: for markdown.py here.
 *
 *	page_structure [--all-text] < RESPONSES
 *
 * RESPONSES is, one behind the other, a line with the size of an HTTP response and the response.
 * Of each a line of JSON: headings [level, text], items [depth, text] without the items in them,
 * code [text], tables [rows [cells with text]]. White space is left out but in code. A plain
 * recursion over the tree; what it shares with corpus-extract is the choice of the main text, of
 * data tables, and where formulas are. */
#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/text/charset.h"
#include "lib/web/http.h"
#include "stages/extract/maintext.h"
#include "stages/extract/math.h"
#include "stages/extract/tables.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_DEPTH = 12 }; /* of lists and quotes: FLOW_MAX_DEPTH */

struct list {
	struct buf *rows; /* JSON each, in the order in which they began */
	size_t n, cap;
};

struct dump {
	const struct html_tree *t;
	const uint8_t *in;
	struct list headings, items, code, tables;
	struct buf *heading, *pre, *cell; /* open ones */
	struct buf *item;
	int containers, item_depth;
	struct buf rows; /* of the table that is open */
	bool in_table;
	int quotes, codes; /* open; told */
};

static size_t reserve(struct list *l)
{
	mem_grow(&l->rows, l->n, &l->cap, sizeof(*l->rows));
	l->rows[l->n] = (struct buf){ 0 };
	return l->n++;
}

static bool is_space(struct slice s, size_t i, size_t *n)
{
	unsigned char c = (unsigned char)s.p[i];

	*n = c == 0xC2 && i + 1 < s.n && (unsigned char)s.p[i + 1] == 0xA0 ? 2 : 1;
	return *n == 2 || c == ' ' || (c >= '\t' && c <= '\r');
}

static void add_bare(struct buf *to, struct slice s)
{
	for (size_t i = 0, n; to && i < s.n; i += n)
		if (!is_space(s, i, &n))
			buf_byte(to, s.p[i]);
}

static void add_text(struct dump *d, struct slice s)
{
	add_bare(d->heading, s);
	add_bare(d->cell, s);
	add_bare(d->item, s);
	for (size_t i = 0; d->pre && i < s.n; i++)
		if (s.p[i] != '\r')
			buf_byte(d->pre, s.p[i]);
		else if (i + 1 == s.n || s.p[i + 1] != '\n')
			buf_byte(d->pre, '\n');
}

static void children(struct dump *d, uint32_t node);

static void break_code(struct dump *d)
{
	size_t n = d->pre->n;

	while (n && byte_in(d->pre->p[n - 1], " \t\f"))
		n--;
	if (n && d->pre->p[n - 1] != '\n')
		buf_byte(d->pre, '\n');
}

/* --- items ------------------------------------------------------------------------------------ */

static bool is_list(const struct dump *d, uint32_t node)
{
	return d->t->nodes[node].tag == HTML_UL || d->t->nodes[node].tag == HTML_OL;
}

static uint32_t next_element(const struct dump *d, uint32_t node)
{
	while ((node = html_next(d->t, node)) != 0 && d->t->nodes[node].tag == HTML_TEXT) {
		struct slice s = html_text(d->t, node);

		for (size_t i = 0, n; i < s.n; i += n)
			if (!is_space(s, i, &n))
				return 0;
	}
	return node;
}

static void one(struct dump *d, uint32_t node);

/* An item and the lists that stand right behind it in its list. Returns the last of them. */
static uint32_t item(struct dump *d, uint32_t node)
{
	bool counts = d->containers < MAX_DEPTH && !d->heading && !d->cell && !d->pre;
	bool kept;
	size_t at = 0;
	struct buf text = { 0 }, *outer = d->item;
	uint32_t next;
	int codes;

	if (counts) {
		at = reserve(&d->items);
		d->item = &text;
		d->containers++;
		d->item_depth++;
	}
	codes = d->codes;
	children(d, node);
	if (counts)
		while ((next = next_element(d, node)) != 0 && is_list(d, next)) {
			one(d, next);
			node = next;
		}
	if (!counts)
		return node;
	kept = d->codes > codes;
	for (size_t i = at + 1; i < d->items.n; i++)
		kept |= d->items.rows[i].n > 0;
	if (kept || text.n) {
		buf_printf(&d->items.rows[at], "[%d,", d->item_depth);
		json_put_string(&d->items.rows[at], buf_view(&text));
		buf_byte(&d->items.rows[at], ']');
	}
	d->item = outer;
	d->containers--;
	d->item_depth--;
	buf_release(&text);
	return node;
}

/* --- the other blocks ------------------------------------------------------------------------- */

static bool is_pre(enum html_tag tag)
{
	return tag == HTML_PRE || tag == HTML_LISTING || tag == HTML_PLAINTEXT || tag == HTML_XMP;
}

static bool is_heading(const struct dump *d, uint32_t node)
{
	int paragraphs = 0;

	for (uint32_t i = node + 1; i < d->t->nodes[node].end; i++) {
		enum html_tag tag = d->t->nodes[i].tag;

		paragraphs += tag == HTML_P;
		if ((tag >= HTML_H1 && tag <= HTML_H6) || is_list(d, i) || tag == HTML_TABLE ||
			is_pre(tag) || tag == HTML_BLOCKQUOTE)
			return false;
	}
	return paragraphs < 2;
}

static void heading(struct dump *d, uint32_t node)
{
	size_t at = reserve(&d->headings);
	struct buf text = { 0 };

	d->heading = &text;
	children(d, node);
	d->heading = NULL;
	if (text.n) {
		buf_printf(&d->headings.rows[at], "[%d,",
			(int)d->t->nodes[node].tag - (int)HTML_H1 + 1);
		json_put_string(&d->headings.rows[at], buf_view(&text));
		buf_byte(&d->headings.rows[at], ']');
	}
	buf_release(&text);
}

/* Without the empty lines at its head and the white space at its end. */
static void code(struct dump *d, uint32_t node)
{
	size_t at = reserve(&d->code);
	struct buf text = { 0 };
	struct slice s;

	d->pre = &text;
	children(d, node);
	d->pre = NULL;
	s = buf_view(&text);
	while (s.n && byte_in(s.p[s.n - 1], " \t\n\f"))
		s.n--;
	for (struct slice rest = s, line; rest.n;) {
		line = slice_take_line(&rest);
		if (!rest.n || slice_trim(line, " \t\n\f").n)
			break;
		s = rest;
	}
	if (s.n) {
		json_put_string(&d->code.rows[at], s);
		d->codes++;
	}
	buf_release(&text);
}

static void cell(struct dump *d, uint32_t node)
{
	struct buf text = { 0 };

	d->cell = &text;
	children(d, node);
	d->cell = NULL;
	if (text.n) {
		if (d->rows.p[d->rows.n - 1] != '[')
			buf_byte(&d->rows, ',');
		json_put_string(&d->rows, buf_view(&text));
	}
	buf_release(&text);
}

static void row(struct dump *d, uint32_t node)
{
	size_t before = d->rows.n;

	if (d->rows.n > 1)
		buf_byte(&d->rows, ',');
	buf_byte(&d->rows, '[');
	children(d, node);
	if (d->rows.p[d->rows.n - 1] == '[')
		d->rows.n = before;
	else
		buf_byte(&d->rows, ']');
}

static void table(struct dump *d, uint32_t node)
{
	struct table grid = { 0 };
	bool data = !d->heading && !d->cell && !d->pre && table_begin(&grid, d->t, d->in, node);
	size_t at;

	table_end(&grid);
	if (!data) {
		children(d, node);
		return;
	}
	at = reserve(&d->tables);
	d->in_table = true;
	d->rows.n = 0;
	buf_byte(&d->rows, '[');
	children(d, node);
	buf_byte(&d->rows, ']');
	d->in_table = false;
	buf_slice(&d->tables.rows[at], buf_view(&d->rows));
}

/* --- the walk --------------------------------------------------------------------------------- */

static bool formula(struct dump *d, uint32_t node)
{
	struct buf tex = { 0 };
	bool display, own;
	enum math_kind kind = math_at(d->t, d->in, node, &tex, &display);

	own = display && !d->heading && !d->cell;
	if (kind == MATH_TEX) {
		add_text(d, own ? SLICE("$$") : SLICE("$"));
		add_text(d, buf_view(&tex));
		add_text(d, own ? SLICE("$$") : SLICE("$"));
	}
	buf_release(&tex);
	return kind != MATH_NONE;
}

/* A q of less than 200 nodes without blocks in it has its marks, when text is in it. */
static void quote(struct dump *d, uint32_t node)
{
	struct buf *to[] = { d->heading, d->cell, d->item };
	bool inner = d->quotes % 2, marked = !d->pre && d->t->nodes[node].end - node <= 200;
	size_t opened[ARRAY_LEN(to)] = { 0 };

	for (uint32_t i = node + 1; marked && i < d->t->nodes[node].end; i++)
		marked = !(html_tag_flags(d->t->nodes[i].tag) &
				 (HTML_BLOCK | HTML_LINE | HTML_CELL)) &&
			d->t->nodes[i].tag != HTML_MATH;
	if (marked)
		add_text(d, inner ? SLICE("‘") : SLICE("“"));
	for (size_t i = 0; i < ARRAY_LEN(to); i++)
		opened[i] = to[i] ? to[i]->n : 0;
	d->quotes += marked;
	children(d, node);
	d->quotes -= marked;
	for (size_t i = 0; marked && i < ARRAY_LEN(to); i++)
		if (to[i] && to[i]->n == opened[i])
			to[i]->n -= strlen("“");
		else
			add_bare(to[i], inner ? SLICE("’") : SLICE("”"));
}

static void one(struct dump *d, uint32_t node)
{
	enum html_tag tag = d->t->nodes[node].tag;
	unsigned flags = html_tag_flags(tag);
	bool line = d->pre && flags & (HTML_BLOCK | HTML_LINE) && tag != HTML_BR;
	bool flat = d->heading || d->cell || d->pre;

	if (tag == HTML_TEXT) {
		if (!d->in || d->in[node])
			add_text(d, html_text(d->t, node));
		return;
	}
	if (!d->pre && formula(d, node))
		return;
	if (flags & HTML_NO_TEXT ||
		((tag == HTML_OTHER || tag == HTML_ANNOTATION_XML) &&
			html_attr(d->t, node, HTML_ATTR_ENCODING).p))
		return;
	if (line)
		break_code(d);
	if (tag == HTML_BR && d->pre)
		buf_byte(d->pre, '\n');
	else if (flags & HTML_HEADING && !flat && is_heading(d, node))
		heading(d, node);
	else if (is_pre(tag) && !flat)
		code(d, node);
	else if (tag == HTML_TABLE && !flat)
		table(d, node);
	else if (tag == HTML_TR && d->in_table && !d->cell)
		row(d, node);
	else if (flags & HTML_CELL && d->in_table && !d->cell)
		cell(d, node);
	else if (tag == HTML_Q)
		quote(d, node);
	else if (tag == HTML_BLOCKQUOTE && !flat && d->containers < MAX_DEPTH) {
		d->containers++;
		children(d, node);
		d->containers--;
	} else {
		children(d, node);
	}
	if (line)
		break_code(d);
}

static void children(struct dump *d, uint32_t node)
{
	for (uint32_t i = html_first(d->t, node); i; i = html_next(d->t, i)) {
		bool is_item = d->t->nodes[i].tag == HTML_LI;

		if (is_item && d->pre)
			break_code(d);
		if (is_item)
			i = item(d, i);
		else
			one(d, i);
		if (is_item && d->pre)
			break_code(d);
	}
}

static void put_list(struct list *l, const char *name, struct buf *out)
{
	buf_printf(out, ",\"%s\":[", name);
	for (size_t i = 0; i < l->n; i++) {
		if (l->rows[i].n && out->p[out->n - 1] != '[')
			buf_byte(out, ',');
		buf_slice(out, buf_view(&l->rows[i]));
		buf_release(&l->rows[i]);
	}
	buf_byte(out, ']');
	free(l->rows);
}

/* --- a page ----------------------------------------------------------------------------------- */

static void print_page(struct slice block, bool all)
{
	static const struct html_limits limits = {
		.max_nodes = 1000000, .max_depth = 512, .max_attrs = 1000, .max_bytes = 32 * MIB
	};
	struct http_response r;
	struct http_scratch scratch = { 0 };
	struct slice body, coding;
	struct charset_choice choice;
	struct buf utf8 = { 0 }, out = { 0 };
	struct html_tree tree = { 0 };
	struct maintext main_text = { 0 };
	struct dump d = { .t = &tree };
	uint64_t replaced = 0;

	http_parse(block, &r);
	http_decode(&r, 32 * MIB, &scratch, &body, &coding);
	choice = charset_choose(body, charset_parameter(http_field(&r, "Content-Type")), true);
	charset_decode(choice.charset, slice_skip(body, choice.bom), &utf8, &replaced);
	html_parse(&tree, buf_view(&utf8), &limits);
	if (!all) {
		maintext_choose(&main_text, &tree, MAINTEXT_BALANCED, false);
		d.in = main_text.in;
	}
	children(&d, 0);
	buf_str(&out, "{\"nodes\":");
	json_put_uint(&out, tree.n_nodes);
	put_list(&d.headings, "headings", &out);
	put_list(&d.items, "items", &out);
	put_list(&d.code, "code", &out);
	put_list(&d.tables, "tables", &out);
	buf_byte(&out, '}');
	puts(buf_cstr(&out));
	buf_release(&out);
	buf_release(&utf8);
	buf_release(&d.rows);
	http_scratch_release(&scratch);
	maintext_release(&main_text);
	html_release(&tree);
}

int main(int argc, char **argv)
{
	bool all = argc > 1 && strcmp(argv[1], "--all-text") == 0;
	struct buf block = { 0 };
	size_t n;

	while (scanf("%zu", &n) == 1 && getchar() == '\n') {
		block.n = 0;
		buf_reserve(&block, n);
		block.n = fread(block.p, 1, n, stdin);
		print_page(buf_view(&block), all);
	}
	buf_release(&block);
	return 0;
}
