/* book_markdown.h - the text of a plain-text book as Markdown.
 *
 * Paragraphs stay, lines that were kept are lines with a break, the headings of chapters are
 * headings, words between underscores (as Project Gutenberg writes italics) are emphasised, and
 * what would be read as markup is escaped (markdown_inline.h). */
#ifndef CORPUS_BOOK_MARKDOWN_H
#define CORPUS_BOOK_MARKDOWN_H

#include "lib/core/buf.h"

/* text is what book_unwrap makes: paragraphs with a blank line between them. Linear. */
void book_markdown(struct slice text, struct buf *out);

/* The markdown of a page from which header and footer were cut, without the rules and halves of
 * fences that they left at both ends. */
struct slice book_markdown_trim(struct slice text);

#endif
