/* book_html.h - the text of a page of a book, in HTML or XHTML.
 *
 * A book has no boilerplate as the Web has it, so all that is shown is text, but for navigation
 * (nav elements) and the numbers of printed pages, which stand in the middle of sentences. */
#ifndef CORPUS_BOOK_HTML_H
#define CORPUS_BOOK_HTML_H

#include "lib/web/html.h"
#include "stages/extract/config.h"

/* Appends the page's text to out, or its markdown. utf8 is the page; tree's memory is used again.
 * False: a limit of cfg was passed, tree->limit says which. */
bool book_html_text(struct html_tree *tree, struct slice utf8, const struct extract_config *cfg,
	bool markdown, struct buf *out) MUST_CHECK;

/* True when nearly all of the page's text, as it stands in tree, are links: a table of contents. */
bool book_html_is_contents(const struct html_tree *tree);

/* Appends an XHTML page as HTML: <a/> becomes <a></a>, as HTML knows no empty elements but its own,
 * CDATA sections become text, and the XML declaration goes. Linear. */
void book_xhtml_to_html(struct slice page, struct buf *out);

/* The encoding that an XML declaration names, else "utf-8" (XML 1.0, section 4.3.3). */
struct slice book_xhtml_label(struct slice page);

#endif
