/* markdown_inline.h - the text of one block of Markdown: marks, code, formulas, escapes.
 *
 *	inline_clear(&s);
 *	inline_add(&s, &style, SLICE("snake_case"));
 *	inline_space(&s, &style, ' ');
 *	inline_add(&s, &style, SLICE("[b]("));
 *	inline_render(&s, &how, &out); */
#ifndef CORPUS_EXTRACT_MARKDOWN_INLINE_H
#define CORPUS_EXTRACT_MARKDOWN_INLINE_H

#include "lib/core/buf.h"

/* Of a piece of text; ids tell one element from the next, 0 is none. */
struct inline_style {
	bool strong, em;
	bool math, display;
	uint32_t code;
	uint32_t link;
	struct slice target; /* of the link */
};

/* A run of text in one style. */
struct inline_part {
	size_t at;
	struct inline_style style;
	unsigned stars; /* before it, while it is rendered */
};

/* Strong from one part up to another. */
struct inline_span {
	size_t first, end;
};

/* All zero is an empty block. */
struct inline_text {
	struct buf text; /* as it is to be read; a newline is a line break */
	struct inline_part *parts;
	size_t n, cap;
	struct inline_span *spans; /* while it is rendered */
	size_t n_spans, cap_spans;
};

/* Where the text goes. */
struct inline_place {
	bool cell; /* of a table: | is escaped, line breaks are spaces */
	bool heading; /* # at the end is escaped, line breaks are spaces */
	bool item; /* it begins a list item: [ ] and [x] are escaped */
	/* Called for a line break, behind the mark of one. */
	void (*next_line)(void *to, struct buf *out);
	void *to;
};

void inline_clear(struct inline_text *s);
void inline_add(struct inline_text *s, const struct inline_style *style, struct slice text);

/* White space between what was added and what comes in this style: ' ' or '\n'. */
void inline_space(struct inline_text *s, const struct inline_style *next, char space);

/* Appends it as Markdown. Linear. */
void inline_render(struct inline_text *s, const struct inline_place *place, struct buf *out);

void inline_release(struct inline_text *s);

#endif
