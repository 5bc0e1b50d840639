/* text.h - an HTML tree as plain text.
 *
 * Paragraphs are set apart by a blank line; list items, rows of data tables (tables.h) and lines
 * broken by br stand on lines; fields of a row are set apart by a tab, and one that a cell spans is
 * empty. Items of several paragraphs and the cells of tables that only arrange the page are
 * paragraphs. Text in pre stands as it is. A formula is TeX between dollar signs, two each side
 * where it is a paragraph of its own. White space and words: flow.h. The text ends without a
 * newline. */
#ifndef CORPUS_EXTRACT_TEXT_H
#define CORPUS_EXTRACT_TEXT_H

#include "lib/web/html.h"

/* Appends the texts for which in[node] is not 0. in has t->n_nodes bytes; the bytes of elements do
 * not count. */
void html_text_of(const struct html_tree *t, const uint8_t *in, struct buf *out);

/* Appends all that a reader would see: no scripts, styles, head, or controls of forms. */
void html_text_all(const struct html_tree *t, struct buf *out);

#endif
