/* maintext.h - which texts of a page are its main content.
 *
 * Five steps, each linear in the page:
 *	cut	the tree becomes blocks of text (blocks.h)
 *	tell	each block becomes a row of features: of itself, of the elements above it, of what
 *		stands around it, of the page (features.h)
 *	judge	a model learnt from pages whose text readers have marked says how likely each
 *		block is main content (model.h)
 *	unite	a list or table is taken whole or not at all
 *	choose	of all sets of blocks that one bar of likelihood makes, the one with the highest
 *		expected mean of precision and recall is taken. The bar is so the page's own:
 *		lower on a front page, where no block is sure, than in an article. Code stays with
 *		the text before it. A page of a few words is taken whole.
 *
 * Sources: text and link density, Kohlschütter, Fankhauser and Nejdl 2010, "Boilerplate
 * detection using shallow text features"; learnt block classifiers, Vogels, Ganea and Eickhoff
 * 2018, "Web2Text"; the choice, after Lewis 1995, "Evaluating and optimizing autonomous text
 * classification systems", section 4, there for the F score; the geometric mean of precision and
 * recall is Fowlkes and Mallows' 1983. */
#ifndef CORPUS_EXTRACT_MAINTEXT_H
#define CORPUS_EXTRACT_MAINTEXT_H

#include "stages/extract/features.h"

/* A worker's memory for it; nothing of a page is kept. All zero is valid. */
struct maintext {
	uint8_t *in; /* by node: 1 where the text is main content */
	size_t cap;
	struct group *groups; /* by node */
	uint8_t *levels; /* by block: how likely it is main content */
	size_t levels_cap;
	struct blocks blocks;
	struct features features;
};

/* What matters more in a doubtful block. The order is that of the options' choices. */
enum maintext_mode {
	MAINTEXT_BALANCED,
	MAINTEXT_PRECISION, /* what is taken is main content */
	MAINTEXT_RECALL, /* main content is taken */
};

/* Sets m->in for the nodes of t. Returns the bytes of text chosen, white space left aside; 0 when
 * nothing on the page looks like content. With comments those of readers are taken too. */
uint64_t maintext_choose(
	struct maintext *m, const struct html_tree *t, enum maintext_mode mode, bool comments);

void maintext_release(struct maintext *m);

#endif
