/* text.h - an HTML tree as plain text.
 *
 * Paragraphs are set apart by a blank line; list items, table rows and lines broken by br stand on
 * lines; fields of a row are set apart by a tab. White space is folded as a browser does (no-break
 * spaces too) but in pre. Words on both sides of a block's border never touch. Cells of a table
 * that only arranges the page (it holds tables, lists, headings or several paragraphs a cell) are
 * paragraphs. The text ends without a newline. */
#ifndef CORPUS_EXTRACT_TEXT_H
#define CORPUS_EXTRACT_TEXT_H

#include "lib/web/html.h"

/* Appends the texts for which in[node] is not 0. in has t->n_nodes bytes; the bytes of elements do
 * not count. */
void html_text_of(const struct html_tree *t, const uint8_t *in, struct buf *out);

/* Appends all that a reader would see: no scripts, styles, head, or controls of forms. */
void html_text_all(const struct html_tree *t, struct buf *out);

#endif
