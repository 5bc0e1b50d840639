/* The signs of a data table, gathered in one pass over it; and the grid of its cells. */
#include "stages/extract/tables.h"

#include "lib/core/mem.h"

#include <stdlib.h>

enum {
	MAX_CELL = 600, /* bytes of a data cell, where nothing else speaks for data */
	MAX_TOLD_CELL = 3000, /* the same where something does */
	MAX_ROWSPAN = 65534, /* HTML Standard, 4.9.11 */
	FREE_SKIPS = 1000, /* columns that spans may pass over in any table */
	SKIPS_A_CELL = 8,
};

/* --- the grid --------------------------------------------------------------------------------- */

/* An attribute's number from 1 to max; 1 when it is none. */
static uint32_t span_of(
	const struct html_tree *tree, uint32_t node, enum html_attr_name name, uint32_t max)
{
	struct slice s = slice_trim(html_attr(tree, node, name), " \t\r\n\f");
	uint32_t n = 0;

	for (size_t i = 0; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
		n = MIN(n * 10 + (uint32_t)(s.p[i] - '0'), max);
	return MAX(n, 1);
}

static bool may_skip(const struct table *t)
{
	return t->skipped < FREE_SKIPS + SKIPS_A_CELL * t->cells;
}

static void pass_taken(struct table *t)
{
	while (t->column < t->n_down && t->down[t->column] && may_skip(t)) {
		t->down[t->column++]--;
		t->skipped++;
	}
}

static void take_down(struct table *t, uint32_t from, uint32_t n, uint32_t rows)
{
	if (!t->down)
		t->down = mem_zalloc(TABLE_MAX_COLUMNS, sizeof(*t->down));
	for (uint32_t i = from; i < MIN(from + n, TABLE_MAX_COLUMNS); i++) {
		t->down[i] = (uint16_t)rows;
		t->n_down = MAX(t->n_down, i + 1);
	}
}

/* Cells that reach down from above count a row less, also those behind the last cell. */
void table_row(struct table *t)
{
	if (!may_skip(t))
		t->n_down = 0;
	for (; t->column && t->column < t->n_down; t->column++, t->skipped++)
		if (t->down[t->column])
			t->down[t->column]--;
	while (t->n_down && !t->down[t->n_down - 1])
		t->n_down--;
	t->column = 0;
}

uint32_t table_cell(struct table *t, const struct html_tree *tree, uint32_t node)
{
	uint32_t across = 1, down, at;

	t->cells++;
	pass_taken(t);
	at = t->column;
	if (may_skip(t))
		across = span_of(tree, node, HTML_ATTR_COLSPAN, TABLE_MAX_COLUMNS);
	down = span_of(tree, node, HTML_ATTR_ROWSPAN, MAX_ROWSPAN);
	if (down > 1 || at < t->n_down)
		take_down(t, at, across, down - 1);
	t->skipped += across - 1;
	t->column += across;
	return at;
}

void table_end(struct table *t)
{
	free(t->down);
	*t = (struct table){ 0 };
}

/* --- is it data? ------------------------------------------------------------------------------ */

struct signs {
	uint32_t rows; /* with text */
	bool told; /* something says that it is of data */
	bool page; /* something only a page has */
	bool blocks; /* lists, several paragraphs in a cell, forms */
	uint32_t longest; /* bytes of a cell */
	uint32_t same, different; /* rows with as many cells as the first with text, and others */
	uint32_t first; /* cells of the first row with text */
	/* of the row and the cell that are open */
	uint32_t cells, row_bytes;
	uint32_t cell_bytes, paragraphs, breaks, cell_end, column;
};

static void close_row(struct signs *s)
{
	if (s->row_bytes) {
		s->rows++;
		if (!s->first)
			s->first = s->cells;
		s->same += s->cells == s->first;
		s->different += s->cells != s->first;
	}
	s->cells = s->row_bytes = 0;
}

static void see_text(struct signs *s, struct table *t, struct slice text, uint32_t node)
{
	uint32_t bytes = 0;

	for (size_t i = 0; i < text.n; i++)
		bytes += (unsigned char)text.p[i] > ' ' && (unsigned char)text.p[i] != 0xC2 &&
			(unsigned char)text.p[i] != 0xA0;
	if (!bytes)
		return;
	t->columns = MAX(t->columns, s->column + 1);
	s->row_bytes += bytes;
	s->cell_bytes += bytes;
	s->longest = MAX(s->longest, s->cell_bytes);
	s->page |= node >= s->cell_end; /* beside the cells */
}

static bool has_line(const struct html_tree *tree, uint32_t pre)
{
	for (uint32_t i = pre + 1; i < tree->nodes[pre].end; i++)
		if (tree->nodes[i].tag == HTML_BR ||
			(tree->nodes[i].tag == HTML_TEXT && html_text(tree, i).n &&
				memchr(html_text(tree, i).p, '\n', html_text(tree, i).n)))
			return true;
	return false;
}

/* False when the table cannot be of data. */
static bool see_element(struct signs *s, struct table *t, const struct html_tree *tree, uint32_t i)
{
	enum html_tag tag = tree->nodes[i].tag;

	switch (tag) {
	case HTML_TABLE: return false;
	case HTML_TR:
		close_row(s);
		table_row(t);
		break;
	case HTML_TH: s->told = true; /* fall through */
	case HTML_TD:
		s->column = table_cell(t, tree, i);
		if (s->column >= TABLE_MAX_COLUMNS)
			return false;
		s->cells++;
		s->cell_bytes = s->paragraphs = s->breaks = 0;
		s->cell_end = tree->nodes[i].end;
		break;
	case HTML_THEAD: s->told = true; break;
	case HTML_PRE:
	case HTML_LISTING:
	case HTML_PLAINTEXT:
	case HTML_XMP: s->page |= has_line(tree, i); break;
	case HTML_UL:
	case HTML_OL:
	case HTML_DL:
	case HTML_FORM:
	case HTML_BLOCKQUOTE: s->blocks = true; break;
	case HTML_P: s->blocks |= ++s->paragraphs > 1; break;
	case HTML_BR: s->blocks |= ++s->breaks > 3; break;
	default: s->page |= (html_tag_flags(tag) & HTML_HEADING) != 0; break;
	}
	return !s->page;
}

static bool settle(const struct signs *s, const struct table *t)
{
	if (s->page || s->rows < 2 || t->columns < 2)
		return false;
	if (s->told)
		return s->longest <= MAX_TOLD_CELL;
	return !s->blocks && s->longest <= MAX_CELL && s->same >= s->different;
}

static bool is_of_data(
	struct table *t, const struct html_tree *tree, const uint8_t *in, uint32_t node)
{
	struct signs s = { 0 };
	struct slice role = html_attr(tree, node, HTML_ATTR_ROLE);
	uint32_t end = tree->nodes[node].end;

	if (slice_is_word(role, "presentation") || slice_is_word(role, "none"))
		return false;
	for (uint32_t i = node + 1; i < end; i++) {
		enum html_tag tag = tree->nodes[i].tag;

		if (tag == HTML_TEXT) {
			if (!in || in[i])
				see_text(&s, t, html_text(tree, i), i);
		} else if (tag == HTML_CAPTION && !t->cells) {
			s.told = true;
			i = tree->nodes[i].end - 1;
		} else if (html_tag_flags(tag) & HTML_NO_TEXT) {
			i = tree->nodes[i].end - 1;
		} else if (!see_element(&s, t, tree, i)) {
			return false;
		}
	}
	close_row(&s);
	return settle(&s, t);
}

bool table_begin(struct table *t, const struct html_tree *tree, const uint8_t *in, uint32_t node)
{
	bool data = is_of_data(t, tree, in, node);
	uint32_t columns = t->columns;

	table_end(t);
	if (data)
		*t = (struct table){ .node = node, .columns = columns };
	return data;
}
