/* Tables, when their end is reached: what is in them is expanded by then.
 *
 * A table of data comes out row by row, with empty cells where one reaches over several. One that
 * arranges the page (it holds other tables, headings or several paragraphs a cell, or has one
 * column) is unwrapped, and navigation, notices and the like, known by their class, go.
 * Source of the syntax: https://www.mediawiki.org/wiki/Help:Tables and Parser::handleTables. */
#include "stages/extract/wikitext_parts.h"

#include "lib/core/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

enum {
	MAX_SPAN = 64, /* cells that one may reach over, and columns in which rows are */
};

struct cell {
	struct slice text; /* in the table's content */
	unsigned columns, rows; /* that it reaches over, itself included */
};

struct row {
	size_t first, n; /* in cells */
};

struct table {
	struct slice caption;
	struct cell *cells;
	size_t n_cells, cap_cells;
	struct row *rows;
	size_t n_rows, cap_rows;
	bool in_caption; /* lines belong to it, */
	bool between; /* or to nothing, behind the sign of a new row */
	bool left_open;
};

/* Attributes. */

/* The value of name="…" in attributes, or an empty slice. */
static struct slice attribute(struct slice attributes, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i + n < attributes.n; i++) {
		struct slice value;
		char quote;
		size_t end = 0;

		if (strncasecmp(attributes.p + i, name, n) != 0 ||
			(i && isalnum((unsigned char)attributes.p[i - 1])))
			continue;
		value = slice_trim(slice_skip(attributes, i + n), " \t");
		if (!slice_starts(value, SLICE("=")))
			continue;
		value = slice_trim(slice_skip(value, 1), " \t");
		quote = value.n && byte_in(value.p[0], "\"'") ? value.p[0] : ' ';
		value = slice_skip(value, quote != ' ');
		while (end < value.n && value.p[end] != quote)
			end++;
		return slice_head(value, end);
	}
	return (struct slice){ NULL, 0 };
}

static unsigned span(struct slice attributes, const char *name)
{
	struct slice value = attribute(attributes, name);
	unsigned n = 0;

	for (size_t i = 0; i < value.n && isdigit((unsigned char)value.p[i]) && n < MAX_SPAN; i++)
		n = n * 10 + (unsigned)(value.p[i] - '0');
	return MAX(MIN(n, (unsigned)MAX_SPAN), 1U);
}

/* Words in the class of a table that no reader came for: Wikipedia's MediaWiki:Common.css, shared
 * by most wikis, and the classes that its mobile site leaves out. */
static bool is_furniture(struct slice attributes)
{
	static const char *const parts[] = { "navbox", "infobox", "ambox", "sidebar", "taxobox",
		"sistersitebox" };
	static const char *const words[] = { "metadata", "noprint", "mbox", "toc", "nomobile",
		"navigation", "noexcerpt", "persondata" };
	struct slice class = attribute(attributes, "class");
	struct slice style = attribute(attributes, "style");

	while (class.n) {
		size_t n = 0;

		while (n < class.n && !isspace((unsigned char)class.p[n]))
			n++;
		for (size_t i = 0; i < ARRAY_LEN(parts); i++)
			if (slice_find(slice_head(class, n), slice_str(parts[i])) < n)
				return true;
		for (size_t i = 0; i < ARRAY_LEN(words); i++)
			if (slice_is_word(slice_head(class, n), words[i]))
				return true;
		class = slice_skip(class, n + 1);
	}
	return slice_find(style, SLICE("display:none")) < style.n;
}

/* Reading. */

static void begin_row(struct table *t)
{
	if (t->n_rows && t->rows[t->n_rows - 1].n == 0)
		return;
	mem_grow(&t->rows, t->n_rows, &t->cap_rows, sizeof(*t->rows));
	t->rows[t->n_rows++] = (struct row){ t->n_cells, 0 };
}

static void add_cell(struct table *t, struct slice attributes, struct slice text)
{
	if (!t->n_rows)
		begin_row(t);
	mem_grow(&t->cells, t->n_cells, &t->cap_cells, sizeof(*t->cells));
	t->cells[t->n_cells++] = (struct cell){ .text = text,
		.columns = span(attributes, "colspan"),
		.rows = span(attributes, "rowspan") };
	t->rows[t->n_rows - 1].n++;
}

/* Cells and captions grow with the lines that follow them. */
static void grow_to(struct table *t, const char *end)
{
	struct slice *text = t->in_caption ? &t->caption
		: t->n_cells		   ? &t->cells[t->n_cells - 1].text
					   : NULL;

	if (text && !t->between)
		text->n = (size_t)(end - text->p);
}

/* Goes over what stands at i of s: a byte, or a stretch. *cut is set when a stretch does not end in
 * s, so that the end is not looked for again. */
static size_t step(struct slice s, size_t i, bool *cut)
{
	bool begins = !*cut && (s.p[i] == MARK_TEXT || s.p[i] == MARK_RAW);
	const char *end = begins ? memchr(s.p + i, MARK_END, s.n - i) : NULL;

	*cut |= begins && !end;
	return end ? (size_t)(end + 1 - s.p) : i + 1;
}

/* Takes the attributes off a cell: what stands before a single |. */
static struct slice take_attributes(struct slice *cell)
{
	bool cut = false;

	for (size_t i = 0; i < cell->n; i = step(*cell, i, &cut)) {
		struct slice attributes = slice_head(*cell, i);

		if (cell->p[i] != '|')
			continue;
		*cell = slice_skip(*cell, i + 1);
		return attributes;
	}
	return (struct slice){ NULL, 0 };
}

/* True for attributes alone: of "| colspan=2 {{won}}" the template would have written "| Won". */
static bool is_attributes(struct slice cell)
{
	static const char *const names[] = { "align", "bgcolor", "class", "colspan",
		"data-sort-value", "nowrap", "rowspan", "scope", "style", "valign", "width" };

	cell = wiki_trim(cell);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		size_t n = strlen(names[i]);

		if (cell.n > n && strncasecmp(cell.p, names[i], n) == 0)
			return slice_starts(slice_trim(slice_skip(cell, n), " "), SLICE("="));
	}
	return false;
}

/* The cells of a line behind its first | or !, set apart by || or, in a row of headings, !!. */
static void add_cells(struct table *t, struct slice line, bool headings)
{
	bool cut = false;

	while (line.n) {
		size_t n = 0;
		struct slice cell, attributes;

		while (n < line.n &&
			!(n + 1 < line.n && line.p[n] == line.p[n + 1] &&
				(line.p[n] == '|' || (headings && line.p[n] == '!'))))
			n = step(line, n, &cut);
		cell = slice_head(line, n);
		attributes = take_attributes(&cell);
		if (!attributes.p && is_attributes(cell)) {
			attributes = cell;
			cell = slice_skip(cell, cell.n);
		}
		add_cell(t, attributes, cell);
		if (n >= line.n)
			return;
		line = slice_skip(line, n + 2);
	}
	add_cell(t, (struct slice){ NULL, 0 }, line);
}

static void read_line(struct table *t, struct slice line)
{
	struct slice s = line;

	while (s.n && (byte_in(s.p[0], " \t") || s.p[0] == MARK_GONE))
		s = slice_skip(s, 1);
	if (slice_starts(s, SLICE("|-"))) {
		t->in_caption = false;
		t->between = true;
		begin_row(t);
	} else if (slice_starts(s, SLICE("|+"))) {
		t->in_caption = true;
		t->between = false;
		t->caption = slice_skip(s, 2);
		take_attributes(&t->caption);
	} else if (s.n && (s.p[0] == '|' || s.p[0] == '!')) {
		t->in_caption = t->between = false;
		add_cells(t, slice_skip(s, 1), s.p[0] == '!');
	} else if (t->left_open && !t->in_caption && (t->between || !t->n_cells)) {
		t->between = false;
		add_cell(t, (struct slice){ NULL, 0 }, line);
	} else {
		grow_to(t, line.p + line.n);
	}
}

static void read_wiki(struct table *t, struct slice content)
{
	bool cut = false;

	while (content.n) {
		size_t n = 0;

		while (n < content.n && content.p[n] != '\n')
			n = step(content, n, &cut);
		read_line(t, slice_head(content, n));
		content = slice_skip(content, n + 1);
	}
}

/* What stands before the first row's mark is white space. */
static void read_html(struct table *t, struct slice content)
{
	bool cut = false;

	while (content.n) {
		char mark = content.p[0];
		struct slice attributes = { NULL, 0 }, text = content;
		size_t n = 0;

		if (mark == MARK_TR || mark == MARK_TD || mark == MARK_TH || mark == MARK_CAPTION) {
			attributes = slice_skip(content, 1);
			attributes.n = slice_find(attributes, SLICE("\x06"));
			text = slice_skip(content, attributes.n + 2);
		}
		while (n < text.n && text.p[n] != MARK_TR && text.p[n] != MARK_TD &&
			text.p[n] != MARK_TH && text.p[n] != MARK_CAPTION)
			n = step(text, n, &cut);
		if (mark == MARK_TR)
			begin_row(t);
		else if (mark == MARK_CAPTION)
			t->caption = slice_head(text, n);
		else if (mark == MARK_TD || mark == MARK_TH)
			add_cell(t, attributes, slice_head(text, n));
		content = slice_skip(text, n);
	}
}

/* Writing. */

/* True for what a cell of data does not hold: a row, a heading, an empty line between texts. */
static bool is_page_like(struct slice text)
{
	text = wiki_trim(text);
	return slice_find(text, SLICE("\x07")) < text.n ||
		slice_find(text, SLICE("\n=")) < text.n || slice_find(text, SLICE("\n\n")) < text.n;
}

static bool is_layout(const struct table *t)
{
	size_t widest = 0;

	for (size_t i = 0; i < t->n_rows; i++)
		widest = MAX(widest, t->rows[i].n);
	if (widest < 2)
		return true;
	for (size_t i = 0; i < t->n_cells; i++)
		if (is_page_like(t->cells[i].text))
			return true;
	return false;
}

static void put_apart(struct slice text, struct buf *out)
{
	/* A space in front would make a line of code of it. */
	text = wiki_trim(text);
	if (!text.n)
		return;
	buf_str(out, "\n\n");
	buf_slice(out, text);
	buf_str(out, "\n\n");
}

/* Lines of a cell become one, with a comma between the items of a list. */
static void put_cell(struct slice text, struct buf *out)
{
	bool item = false, cut = false;

	text = wiki_trim(text);
	for (size_t i = 0; i < text.n;) {
		size_t before = i, end;

		if (i == 0 || text.p[i - 1] == '\n') {
			while (i < text.n && byte_in(text.p[i], "*#:;"))
				i++;
			if (i > before && item)
				buf_byte(out, ',');
			item = i > before;
			if (before && i < text.n && text.p[i] != ' ')
				buf_byte(out, ' ');
			if (i > before)
				continue;
		}
		end = step(text, i, &cut);
		if (text.p[i] != '\n')
			buf_append(out, text.p + i, end - i);
		i = end;
	}
}

/* One row, with empty cells where those above reach into it. */
static void put_row(const struct table *t, const struct row *row, unsigned *left, size_t *columns,
	struct buf *out)
{
	size_t column = 0;

	buf_byte(out, MARK_ROW);
	for (size_t i = 0; i < row->n || (column < MAX_SPAN && left[column]);) {
		bool taken = column < MAX_SPAN && left[column];
		const struct cell *cell = taken ? NULL : &t->cells[row->first + i++];

		for (unsigned k = 0; k < (cell ? cell->columns : 1); k++, column++) {
			if (column)
				buf_byte(out, MARK_CELL);
			if (cell && k == 0)
				put_cell(cell->text, out);
			if (column < MAX_SPAN)
				left[column] = cell ? cell->rows - 1 : left[column] - 1;
		}
	}
	while (column < *columns) {
		buf_byte(out, MARK_CELL);
		column++;
	}
	*columns = MAX(*columns, column);
	buf_byte(out, '\n');
}

static bool row_has_text(const struct table *t, const struct row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (wiki_trim(t->cells[row->first + i].text).n)
			return true;
	return false;
}

/* Twice, since the first row must have as many cells as the longest. */
static void put_rows(const struct table *t, struct buf *out)
{
	size_t columns = 0, begin = out->n;

	for (int pass = 0; pass < 2; pass++) {
		unsigned left[MAX_SPAN] = { 0 };

		out->n = begin;
		for (size_t i = 0; i < t->n_rows; i++)
			if (row_has_text(t, &t->rows[i]))
				put_row(t, &t->rows[i], left, &columns, out);
	}
}

void wiki_table(struct slice content, bool html, bool left_open, struct buf *out)
{
	struct slice first = content;
	struct table t = { .left_open = left_open };

	first.n = html ? slice_find(content, SLICE("\x06")) : slice_find(content, SLICE("\n"));
	content = slice_skip(content, first.n + 1);
	if (!left_open && is_furniture(first))
		return;
	if (html)
		read_html(&t, content);
	else
		read_wiki(&t, content);
	put_apart(t.caption, out);
	buf_str(out, "\n\n");
	if (is_layout(&t)) {
		for (size_t i = 0; i < t.n_cells; i++)
			put_apart(t.cells[i].text, out);
	} else {
		put_rows(&t, out);
	}
	buf_str(out, "\n\n");
	free(t.cells);
	free(t.rows);
}
