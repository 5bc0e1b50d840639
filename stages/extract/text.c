/* The pieces of a page as lines of plain text. */
#include "stages/extract/text.h"

#include "stages/extract/flow.h"

struct writer {
	struct buf *out;
	size_t start; /* of the text in out */
	uint32_t cell, row, column; /* of the cell written last */
};

/* A cell that begins: its row's line, then a tab for each column that it stands behind the last. */
static void begin_cell(struct writer *w, const struct flow *f)
{
	uint32_t column = w->column;

	if (f->row != w->row) {
		if (w->out->n > w->start)
			buf_str(w->out, f->gap == GAP_PARAGRAPH ? "\n\n" : "\n");
		column = 0;
	}
	for (; column < f->column; column++)
		buf_byte(w->out, '\t');
	w->cell = f->cell;
	w->row = f->row;
	w->column = f->column;
}

static void write_gap(struct writer *w, enum flow_gap gap)
{
	static const struct slice gaps[] = {
		[GAP_NONE] = { "", 0 },
		[GAP_SPACE] = { " ", 1 },
		[GAP_BREAK] = { "\n", 1 },
		[GAP_LINE] = { "\n", 1 },
		[GAP_PARAGRAPH] = { "\n\n", 2 },
	};

	if (w->out->n > w->start)
		buf_slice(w->out, gaps[gap]);
}

static void write_piece(void *to, const struct flow *f, struct slice text)
{
	struct writer *w = to;
	struct slice sign = f->display ? SLICE("$$") : SLICE("$");

	if (f->cell && f->cell != w->cell)
		begin_cell(w, f);
	else
		write_gap(w, f->gap);
	if (f->math)
		buf_slice(w->out, sign);
	buf_slice(w->out, text);
	if (f->math)
		buf_slice(w->out, sign);
}

void html_text_of(const struct html_tree *t, const uint8_t *in, struct buf *out)
{
	struct writer w = { .out = out, .start = out->n };

	flow_walk(t, in, write_piece, &w);
}

void html_text_all(const struct html_tree *t, struct buf *out)
{
	html_text_of(t, NULL, out);
}
