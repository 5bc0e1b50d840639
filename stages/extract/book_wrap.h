/* book_wrap.h - paragraphs that were wrapped into lines, joined again.
 *
 * A block of lines without a blank one is prose when its lines are full: the next line's first word
 * would not have found room, measured against the width that the book is wrapped at. All else
 * (verse, tables, title pages, indented text) keeps its lines and its indentation against one
 * another. A word that was broken at the end of a line is whole again (book_hyphens.h). Blocks come
 * out with one blank line between them. */
#ifndef CORPUS_BOOK_WRAP_H
#define CORPUS_BOOK_WRAP_H

#include "lib/core/buf.h"

/* Appends the UTF-8 text to out, without a newline at its end. Carriage returns go. Linear. */
void book_unwrap(struct slice text, struct buf *out);

#endif
