/* maintext.h - which texts of a page are its main content.
 *
 * Passes up and down the tree, each linear in its nodes:
 *	measure	text, links and sentence marks of each element and of all in it
 *	judge	each block of text gets a score by its length, link density, element and the
 *		names around it (cues.h); what is page furniture by name is set aside
 *	choose	the element whose blocks sum up highest is the main part of the page
 *	prune	groups of links in it go, unless they are most of it (the page is a list)
 *
 * When names had it wrong (with less belief in them ten times as much is found) only those of
 * small parts count; when the best part is a small share of the page (a front page, a list) all of
 * the page but its furniture is taken. What scripts build is read from noscript elements.
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
	float score; /* of the part that was chosen last */
};

/* Sets m->in for the nodes of t. Returns the bytes of text chosen, white space left aside. */
uint64_t maintext_choose(struct maintext *m, const struct html_tree *t);

void maintext_release(struct maintext *m);

#endif
