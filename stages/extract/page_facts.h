/* page_facts.h - what is the same for all blocks of a page, with candidates for its main part. */
#ifndef CORPUS_EXTRACT_PAGE_FACTS_H
#define CORPUS_EXTRACT_PAGE_FACTS_H

#include "stages/extract/blocks.h"

enum { CLIMB = 48 }; /* elements looked at above a block, at most */

/* Sums are bytes of text of the blocks that stand in such a part. */
struct page_facts {
	uint32_t bytes, link_bytes, blocks, long_bytes, paragraph_bytes, headings;
	uint32_t list_bytes, table_bytes, short_bytes;
	uint32_t post_bytes, product_bytes, comment_bytes, listing_bytes, article_bytes, main_bytes;
	uint32_t articles, prices, stats, dates;
	uint32_t best; /* the element with most long text, narrowed */
	uint32_t h1; /* the first block in h1, or none */
	uint32_t top, dense; /* the candidates with most points, and of the highest score */
	uint64_t top_points;
	int64_t dense_score;
};

/* Gathers p, and gives the parts of b their points and scores. Linear in the page. */
void page_facts(struct page_facts *p, const struct blocks *b, const struct html_tree *t);

static inline enum html_tag block_tag(const struct html_tree *t, const struct block *v)
{
	return (enum html_tag)t->nodes[v->element].tag;
}

/* Running text: long, with few links. */
static inline bool block_is_long(const struct block *v)
{
	return v->bytes >= 80 && v->link_bytes * 3 < v->bytes;
}

#endif
