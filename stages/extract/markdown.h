/* markdown.h - an HTML tree as Markdown that reads back to the same structure.
 *
 * CommonMark 0.31 with the pipe tables of GitHub's: headings, nested lists, block quotes, fenced
 * code with its language, data tables, rules, line breaks, code, strong and emphasis; formulas as
 * $TeX$ and $$TeX$$, which readers of formulas take as they are. What a text holds that would be
 * read as markup is escaped, and nothing else. Which text is what: flow.h. Lists and quotes nest
 * FLOW_MAX_DEPTH deep, deeper ones lose their marks. Emphasis goes where its marks would not be
 * read as such (inside a word, beside punctuation), and where it is all of a heading.
 *
 * markdown.c has the blocks, markdown_inline.c what stands in them. */
#ifndef CORPUS_EXTRACT_MARKDOWN_H
#define CORPUS_EXTRACT_MARKDOWN_H

#include "lib/web/html.h"

/* Appends the texts for which in[node] is not 0, all when in is NULL. With links, those that lead
 * somewhere keep their targets as they stand in the page. Linear. */
void html_markdown_of(const struct html_tree *t, const uint8_t *in, bool links, struct buf *out);

#endif
