/* flow.h - the chosen text of an HTML tree in reading order, and what stands around each piece.
 *
 * One walk over the tree, which the writers of plain text (text.h) and Markdown (markdown.h) share:
 * what is told here of the pieces of a page is the same to both. White space is folded as a browser
 * does (no-break spaces too) but in pre. Words on both sides of a block's border never touch, nor
 * do those of two links, buttons or labels side by side, which pages set apart by style.
 *
 * Block elements in headings and in the cells of data tables (tables.h) are a space. A formula
 * comes as TeX, once (math.h). Text that is not chosen leaves a space. */
#ifndef CORPUS_EXTRACT_FLOW_H
#define CORPUS_EXTRACT_FLOW_H

#include "lib/web/html.h"
#include "stages/extract/tables.h"

/* What stands between a piece and the one before it, the strongest wins. */
enum flow_gap {
	GAP_NONE,
	GAP_SPACE,
	GAP_BREAK, /* br */
	GAP_LINE, /* a block that takes a line: an item, a term, a row of what is no data table */
	GAP_PARAGRAPH,
};

/* Lists and quotes deeper than this are not told apart from what they stand in: readers of Markdown
 * have limits of their own, and each of them costs space in every line. */
enum { FLOW_MAX_DEPTH = 12 };

/* A list item or block quote that is open. */
struct flow_container {
	uint32_t node;
	uint32_t list; /* of an item: the ul or ol, or what else it stands in; 0: a block quote */
	uint32_t number; /* of an item of an ol */
	bool ordered;
	bool loose; /* has several paragraphs */
};

struct flow_list {
	uint32_t node;
	uint32_t next; /* the number of the next item */
};

struct flow {
	const struct html_tree *t;
	const uint8_t *in; /* NULL: every text is wanted */
	void (*piece)(void *to, const struct flow *f, struct slice text);
	void *to;

	/* of the piece; a node is 0 where there is none */
	enum flow_gap gap;
	bool rule; /* a hr came before it */
	bool math; /* it is TeX */
	bool display; /* it is TeX that stands in a paragraph of its own */
	bool strong, em;
	bool strong_ended, em_ended; /* one has ended since the piece before */
	uint32_t code; /* the outermost code, kbd, samp or tt */
	uint32_t link; /* the link it is in */
	uint32_t pre; /* the outermost pre: white space counts */
	uint32_t heading; /* the heading it is in */
	uint32_t cell; /* the cell of a data table it is in */
	uint32_t row; /* the row's node, or the cell where there is no tr */
	uint32_t column; /* of the cell, from 0 */
	struct flow_container containers[FLOW_MAX_DEPTH]; /* from the outermost */
	size_t n_containers;
	struct table table; /* the data table that is open; table.node is 0 when none is */

	/* the walk's own */
	bool formulas; /* the page has some */
	uint32_t next_chosen; /* a text; those before it that the walk has not come to are not */
	struct flow_list lists[FLOW_MAX_DEPTH];
	size_t n_lists;
	uint32_t strong_depth, em_depth, quote_depth;
	uint32_t quotes; /* q elements whose mark is still to be written */
	uint32_t glyphs; /* the math element that is open, of which there is no TeX */
	bool any; /* text came */
	bool fresh; /* no text came since the item began */
	bool closed; /* an inline element that looks like a box has ended since the last piece */
	bool boxed; /* and another has begun */
	bool spans; /* all of them are spans */
	bool after_math;
	char last; /* byte of the last piece */
	bool pre_told; /* text came in the pre */
	struct buf hold; /* white space in pre that has not been told yet */
};

/* Calls piece(to, f, text) for each piece; text is never empty. In a table's cell a gap is to the
 * text before it in the cell. Linear in the tree's nodes and the bytes of its text. */
void flow_walk(const struct html_tree *t, const uint8_t *in,
	void (*piece)(void *to, const struct flow *f, struct slice text), void *to);

#endif
