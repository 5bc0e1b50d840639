/* math.h - formulas in pages, as TeX.
 *
 * Pages hold a formula up to four times: MathML for screen readers, glyphs in spans or an image to
 * look at, and the TeX they were made from. Read are the annotation and alttext of MathML (KaTeX,
 * LaTeXML, MediaWiki), script elements of type math/tex (MathJax 2), and the alt of the images of
 * MediaWiki and WordPress. */
#ifndef CORPUS_EXTRACT_MATH_H
#define CORPUS_EXTRACT_MATH_H

#include "lib/web/html.h"

enum math_kind {
	MATH_NONE, /* no formula, or one of which only the glyphs are there */
	MATH_TEX, /* a formula */
	MATH_COPY, /* what only shows a formula that stands beside it, or one that is not chosen */
};

/* What node is. Of MATH_TEX, the TeX is appended to tex: one line, of balanced dollar signs, with
 * none at its ends; and *display tells whether it stands in a paragraph of its own. */
enum math_kind math_at(const struct html_tree *t, const uint8_t *in, uint32_t node, struct buf *tex,
	bool *display);

/* False when math_at gives MATH_NONE for every node: of most pages. */
bool math_in(const struct html_tree *t);

#endif
