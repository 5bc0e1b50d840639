/* features.h - what the model is told of a block: a row of small numbers.
 *
 * A feature is a byte: a share of 255, a count on a logarithmic scale of 8 steps an octave, or a
 * small number as it is. The rows depend on the page alone, never on other pages, and are made
 * of whole numbers: they are the same on every machine. */
#ifndef CORPUS_EXTRACT_FEATURES_H
#define CORPUS_EXTRACT_FEATURES_H

#include "stages/extract/blocks.h"

enum { FEATURES_MAX = 320, PAGE_FEATURES = 20 };

struct page_facts;
struct place;

/* What is known of a page before its rows are made; memory is used again. All zero is valid. */
struct features {
	const struct blocks *blocks;
	const struct html_tree *tree;
	struct page_facts *page;
	uint8_t page_row[PAGE_FEATURES]; /* the part of a row that is the same for all blocks */
	struct place *places; /* by block */
	size_t cap;
};

/* Begins a page, whose blocks and tree stay the caller's. Linear in its nodes. */
void features_begin(struct features *f, const struct blocks *b, const struct html_tree *t);

/* The row of block i, one value each stride bytes from row on; returns how many there are, at most
 * FEATURES_MAX, the same for every block. names, when not NULL, gets the names of the features.
 * Looks at a bounded number of blocks and elements around the block. */
uint32_t features_row(
	const struct features *f, uint32_t i, uint8_t *row, size_t stride, const char **names);

void features_release(struct features *f);

#endif
