/* Sums over a page, and which of its parts are candidates for the main one. */
#include "stages/extract/page_facts.h"

/* Text and sentence marks less links, and less what a block must have to be worth anything. The
 * weights are those that did best by hand when this was all there was. */
static int64_t score_of(const struct block *v)
{
	int64_t bytes = v->bytes, text = bytes + 12 * (int64_t)v->marks;

	return text * (5 * bytes - 9 * (int64_t)v->link_bytes) / (5 * bytes) - 12;
}

/* Points as Readability gives them (Arc90 2009; Readability.js, _grabArticle): a paragraph
 * speaks for the elements around it, the nearest most. Here for blocks of any element, and with
 * links held against them at once. Beside it the sum over each subtree of text less links, whose
 * maximum is the densest part (Pasternack and Roth 2009, over subtrees). */
static void give_points(const struct blocks *b, const struct html_tree *t)
{
	static const uint32_t weights[] = { 60, 30, 10, 7, 5 };

	for (uint32_t i = 0; i < b->n; i++) {
		const struct block *v = &b->v[i];
		uint32_t plain = v->bytes - v->link_bytes;
		uint32_t points = 1 + v->marks + MIN(plain / 80, 3);
		uint32_t node = t->nodes[v->element].parent;

		b->parts[v->element].score += score_of(v);
		if (plain < 20 || html_tag_flags(block_tag(t, v)) & HTML_HEADING)
			continue;
		for (uint32_t k = 0; node && k < ARRAY_LEN(weights); node = t->nodes[node].parent)
			if (b->parts[node].block == node)
				b->parts[node].points += points * weights[k++];
	}
	for (uint32_t i = (uint32_t)t->n_nodes - 1; i > 0; i--) {
		struct part *part = &b->parts[i];

		b->parts[t->nodes[i].parent].score += part->score;
		if (part->points) /* less what of it is links */
			part->points =
				part->points * (part->bytes - part->link_bytes) / part->bytes;
	}
}

static void find_tops(struct page_facts *p, const struct blocks *b, const struct html_tree *t)
{
	for (uint32_t i = 1; i < t->n_nodes; i++) {
		const struct part *part = &b->parts[i];

		if (part->block != i)
			continue;
		if (part->points > p->top_points) {
			p->top_points = part->points;
			p->top = i;
		}
		if (part->score >= p->dense_score) {
			p->dense_score = part->score;
			p->dense = i;
		}
	}
}

/* From the root down to the child that holds most of the running text, as long as it holds more
 * than two thirds of what its parent does. */
static uint32_t best_part(const struct blocks *b, const struct html_tree *t)
{
	uint32_t at = 0;

	for (;;) {
		uint32_t best = 0;

		for (uint32_t i = html_first(t, at); i; i = html_next(t, i))
			if (b->parts[i].long_bytes > (best ? b->parts[best].long_bytes : 0))
				best = i;
		if (!best || b->parts[best].long_bytes * 3 < b->parts[at].long_bytes * 2)
			return at;
		at = best;
	}
}

/* The cues of an element and of those above it. */
static uint64_t cues_above(const struct blocks *b, const struct html_tree *t, uint32_t node)
{
	uint64_t cues = 0;

	for (uint32_t n = 0; node && n <= CLIMB; node = t->nodes[node].parent, n++)
		cues |= b->parts[node].cues;
	return cues;
}

static void add_block(
	struct page_facts *p, const struct html_tree *t, const struct block *v, uint64_t above)
{
	enum html_tag tag = block_tag(t, v);

	p->list_bytes += tag == HTML_LI ? v->bytes : 0;
	p->table_bytes += tag == HTML_TD || tag == HTML_TH ? v->bytes : 0;
	p->short_bytes += v->bytes < 40 ? v->bytes : 0;
	p->post_bytes += above & CUE(POST) ? v->bytes : 0;
	p->product_bytes += above & CUE(PRODUCT) ? v->bytes : 0;
	p->comment_bytes += above & CUE(COMMENT) ? v->bytes : 0;
	p->listing_bytes += above & (CUE(LISTING) | CUE(CARD)) ? v->bytes : 0;
	p->article_bytes += above & CUE(E_ARTICLE) ? v->bytes : 0;
	p->main_bytes += above & CUE(E_MAIN) ? v->bytes : 0;
	p->prices += v->bytes < 40 && v->odd & ODD_CURRENCY;
	p->stats += (v->phrases & PHRASE_STATS) != 0;
	p->dates += (v->phrases & PHRASE_DATE) != 0;
}

void page_facts(struct page_facts *p, const struct blocks *b, const struct html_tree *t)
{
	const struct part *root = &b->parts[0];

	*p = (struct page_facts){
		.bytes = root->bytes,
		.link_bytes = root->link_bytes,
		.blocks = root->blocks,
		.long_bytes = root->long_bytes,
		.paragraph_bytes = root->paragraph_bytes,
		.headings = root->headings,
		.best = best_part(b, t),
		.h1 = UINT32_MAX,
	};
	for (uint32_t i = 0; i < b->n; i++) {
		add_block(p, t, &b->v[i], cues_above(b, t, b->v[i].element));
		if (p->h1 == UINT32_MAX && block_tag(t, &b->v[i]) == HTML_H1)
			p->h1 = i;
	}

	give_points(b, t);
	find_tops(p, b, t);
	for (uint32_t i = 1; i < t->n_nodes; i++)
		p->articles += t->nodes[i].tag == HTML_ARTICLE && b->parts[i].bytes;
}
