/* maintext.h - which texts of a page are its main content.
 *
 * One pass up and one down the tree, each linear in its nodes:
 *	1. measure	text, links and sentence marks of each element and of all in it
 *	2. judge	each block of text gets a score by its length, link density, element and the
 *			names around it (cues.h); parts that are page furniture by name are set aside
 *	3. choose	the element whose blocks sum up highest is the main part of the page
 *	4. prune	groups of links in it go, unless they are most of it (then the page is a list)
 * When names had it wrong (without them ten times as much is found) they are not believed; when
 * the best part is a small share of the page (a front page, a list) all of the page but its
 * furniture is taken. A page that scripts build is read from its noscript elements.
 *
 * Sources: text and link density, Kohlschütter, Fankhauser and Nejdl 2010, "Boilerplate
 * detection using shallow text features"; the best run of scored text, Pasternack and Roth 2009,
 * "Extracting article text from the Web with maximum subsequence segmentation", here over
 * subtrees. */
#ifndef CORPUS_EXTRACT_MAINTEXT_H
#define CORPUS_EXTRACT_MAINTEXT_H

#include "lib/web/html.h"

struct main_node;

/* A worker's memory for it; nothing of a page is kept. All zero is valid. */
struct maintext {
	uint8_t *in; /* by node: 1 where the text is main content */
	struct main_node *nodes;
	size_t cap;
};

/* Sets m->in for the nodes of t. Returns the bytes of text chosen, white space left aside. */
uint64_t maintext_choose(struct maintext *m, const struct html_tree *t);

void maintext_release(struct maintext *m);

#endif
