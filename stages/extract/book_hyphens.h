/* book_hyphens.h - what a hyphen at the end of a line stands for: a break in a word, or itself.
 *
 * The book tells. "inter-/esting" is one word when "interesting" stands elsewhere in it, and two
 * with a hyphen when "inter-esting" does. Where neither does, the other breaks decide: in a book
 * whose known breaks are mostly within words, this is one too, unless both halves are words of the
 * book; in any other (Project Gutenberg's are wrapped without breaking words) the hyphen stays. */
#ifndef CORPUS_BOOK_HYPHENS_H
#define CORPUS_BOOK_HYPHENS_H

#include "lib/core/base.h"

struct hyphens {
	uint64_t *words; /* hashes of words, sorted; NULL when no line ends in a hyphen */
	size_t n, cap;
	bool breaks_words; /* most breaks that are known are within words */
};

/* Reads the words of a text in UTF-8. Memory: eight bytes a word; n log n. */
void hyphens_read(struct hyphens *h, struct slice text);

/* Whether before, a line that ends in a hyphen, and after, the line that follows it, join without
 * it. */
bool hyphens_joins(const struct hyphens *h, struct slice before, struct slice after);

void hyphens_release(struct hyphens *h);

#endif
