/* lines.h - what rules ask of the lines and paragraphs of a text. */
#ifndef CORPUS_QUALITY_LINES_H
#define CORPUS_QUALITY_LINES_H

#include "lib/core/base.h"

/* Lines end where Python's str.splitlines ends them: at LF, CR, CR LF, VT, FF, U+001C to U+001E,
 * U+0085, U+2028 and U+2029; a final line end makes no empty last line. */
struct line_counts {
	uint64_t lines;
	uint64_t bullets; /* whose first non-space is "•" or "-" */
	uint64_t end_ellipsis; /* that end, white space aside, in "..." or "…" */
	uint64_t hashes; /* "#" in the text */
	uint64_t ellipses; /* "…", and "..." without overlap, in the text */
};

void lines_count(struct slice text, struct line_counts *out);

/* Second and later occurrences of a piece of text. */
struct repeats {
	uint64_t pieces; /* all */
	uint64_t repeated; /* of them, those seen before */
	uint64_t repeated_chars; /* their code points */
};

struct repeat_finder;

struct repeat_finder *repeat_finder_new(void);

/* Cuts text at each min_breaks or more LF one after another; empty pieces count. An empty text is
 * one empty piece. */
void repeats_count(
	struct repeat_finder *f, struct slice text, size_t min_breaks, struct repeats *out);

void repeat_finder_free(struct repeat_finder *f);

#endif
