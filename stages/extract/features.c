/* Fills the rows that the model judges blocks by. */
#include "stages/extract/features.h"

#include "lib/core/mem.h"
#include "stages/extract/page_facts.h"

#include <stdlib.h>

enum {
	CHAIN = 6, /* elements looked at above a block, those that add text */
	FAR = 2, /* blocks looked at on both sides */
};

/* --- scales ----------------------------------------------------------------------------------- */

/* 0 for 0, then 8 steps an octave, linear between powers of two. */
static uint8_t scale(uint64_t x)
{
	unsigned bits;
	uint64_t top;

	if (x == 0)
		return 0;
	if (x > 0x3fffffff)
		x = 0x3fffffff;
	bits = 63 - (unsigned)__builtin_clzll(x);
	top = bits >= 3 ? x >> (bits - 3) : x << (3 - bits);
	return (uint8_t)(bits * 8 + (top & 7) + 1);
}

/* part of whole, as a share of 255. */
static uint8_t share(uint64_t part, uint64_t whole)
{
	if (whole == 0)
		return 0;
	return (uint8_t)(MIN(part, whole) * 255 / whole);
}

static uint8_t cap(uint64_t x)
{
	return (uint8_t)MIN(x, 255);
}

struct row {
	uint8_t *v;
	size_t stride;
	uint32_t n;
	const char **names;
};

static inline void push(struct row *r, const char *name, uint8_t value)
{
	if (r->names)
		r->names[r->n] = name;
	r->v[r->n++ * r->stride] = value;
}

#define PUSH(name, value) push(r, name, value)

/* --- the page --------------------------------------------------------------------------------- */

static void push_page(struct row *r, const struct page_facts *p)
{
	PUSH("page.bytes", scale(p->bytes));
	PUSH("page.links", share(p->link_bytes, p->bytes));
	PUSH("page.blocks", scale(p->blocks));
	PUSH("page.long", share(p->long_bytes, p->bytes));
	PUSH("page.long_bytes", scale(p->long_bytes));
	PUSH("page.paragraphs", share(p->paragraph_bytes, p->bytes));
	PUSH("page.headings", scale(p->headings));
	PUSH("page.lists", share(p->list_bytes, p->bytes));
	PUSH("page.tables", share(p->table_bytes, p->bytes));
	PUSH("page.short", share(p->short_bytes, p->bytes));
	PUSH("page.post", share(p->post_bytes, p->bytes));
	PUSH("page.product", share(p->product_bytes, p->bytes));
	PUSH("page.comment", share(p->comment_bytes, p->bytes));
	PUSH("page.listing", share(p->listing_bytes, p->bytes));
	PUSH("page.article", share(p->article_bytes, p->bytes));
	PUSH("page.main", share(p->main_bytes, p->bytes));
	PUSH("page.articles", cap(p->articles));
	PUSH("page.prices", cap(p->prices));
	PUSH("page.stats", cap(p->stats));
	PUSH("page.dates", cap(p->dates));
}

/* --- the block itself ------------------------------------------------------------------------- */

/* Elements by what they are for, so that near ones have near numbers. */
static uint8_t kind_of(enum html_tag tag)
{
	switch (tag) {
	case HTML_P: return 10;
	case HTML_BLOCKQUOTE: return 11;
	case HTML_PRE: return 12;
	case HTML_DD: return 20;
	case HTML_DT: return 21;
	case HTML_LI: return 22;
	case HTML_TD: return 30;
	case HTML_TH: return 31;
	case HTML_CAPTION:
	case HTML_FIGCAPTION: return 40;
	case HTML_H1: return 51;
	case HTML_H2: return 52;
	case HTML_H3: return 53;
	case HTML_H4: return 54;
	case HTML_H5: return 55;
	case HTML_H6: return 56;
	case HTML_DIV: return 60;
	case HTML_SECTION: return 61;
	case HTML_ARTICLE: return 62;
	case HTML_MAIN: return 63;
	case HTML_BODY: return 64;
	case HTML_BUTTON: return 80;
	case HTML_SUMMARY: return 81;
	case HTML_LEGEND: return 82;
	case HTML_FORM: return 83;
	case HTML_HEADER: return 90;
	case HTML_FOOTER: return 91;
	case HTML_NAV: return 92;
	case HTML_ASIDE: return 93;
	case HTML_ADDRESS: return 94;
	default: return 70;
	}
}

static void push_block(struct row *r, const struct blocks *b, const struct html_tree *t, uint32_t i,
	const struct page_facts *p)
{
	const struct block *v = &b->v[i];
	enum html_tag tag = block_tag(t, v);

	PUSH("bytes", scale(v->bytes));
	PUSH("links", share(v->link_bytes, v->bytes));
	PUSH("n_links", cap(v->links));
	PUSH("href.length", v->links ? cap(v->href_bytes / v->links) : 0);
	PUSH("href.depth", v->links ? cap(v->href_depth * 16 / v->links) : 0);
	PUSH("plain", scale(v->bytes - v->link_bytes));
	PUSH("bold", share(v->bold_bytes, v->bytes));
	PUSH("words", scale(v->words));
	PUSH("word_length", cap(v->bytes * 8 / MAX(v->words, 1)));
	PUSH("marks", scale(v->marks));
	PUSH("mark_density", share(v->marks * 8, v->bytes));
	PUSH("digits", share(v->digits, v->bytes));
	PUSH("capitals", share(v->capitals, v->bytes));
	PUSH("ends", v->ends);
	PUSH("odd.bar", (v->odd & ODD_BAR) != 0);
	PUSH("breaks", v->breaks);
	PUSH("copies", cap(v->copies));
	PUSH("kind", kind_of(tag));
	PUSH("depth", cap(b->parts[v->element].depth));
	PUSH("share", share(v->bytes, p->bytes));
	PUSH("before", share(v->before, p->bytes));
	PUSH("index", share(i, b->n));
	PUSH("index_start", scale(i));
	PUSH("index_end", scale(b->n - 1 - i));
	PUSH("say.related", (v->phrases & PHRASE_RELATED) != 0);
	PUSH("say.subscribe", (v->phrases & PHRASE_SUBSCRIBE) != 0);
	PUSH("say.login", (v->phrases & PHRASE_LOGIN) != 0);
}

/* --- what is above it ------------------------------------------------------------------------- */

/* For each cue, how little of the page is in the nearest element that has it: 0 where none has,
 * 255 in a small part. A name counts for a part of the page, not for the page (themes put
 * "has-sidebar" on the body). */
static void push_cues(
	struct row *r, const struct blocks *b, const struct html_tree *t, const struct block *v)
{
	uint8_t extent[CUE_COUNT] = { 0 };
	uint64_t seen = 0;
	uint32_t total = b->parts[0].bytes;

	for (uint32_t k = v->element, n = 0; k && n < CLIMB; k = t->nodes[k].parent, n++) {
		const struct part *part = &b->parts[k];
		uint64_t fresh = part->cues & ~seen;
		uint8_t small;

		if (!fresh)
			continue;
		small = (uint8_t)(255 - share(part->bytes, total) * 254 / 255);
		seen |= fresh;
		for (; fresh; fresh &= fresh - 1)
			extent[__builtin_ctzll(fresh)] = small;
	}
	for (unsigned k = 0; k < CUE_COUNT; k++)
		PUSH(r->names ? cue_name(k) : NULL, extent[k]);
}

/* The nearest element above node with more blocks, or 0. */
static uint32_t widen(
	const struct blocks *b, const struct html_tree *t, uint32_t node, uint32_t *steps)
{
	uint32_t blocks = b->parts[node].blocks;

	while (node && b->parts[node].blocks == blocks && (*steps)++ < CLIMB)
		node = t->nodes[node].parent;
	return node;
}

/* What is told of an element above a block, the same for all blocks in it: made when asked. */
static const uint8_t *view_of(struct part *part, const struct page_facts *p)
{
	uint8_t *view = part->view;

	if (part->viewed)
		return view;
	part->viewed = true;
	view[0] = scale(part->bytes);
	view[1] = share(part->link_bytes, part->bytes);
	view[2] = scale(part->blocks);
	view[3] = share(part->marks * 8, part->bytes);
	view[4] = share(part->bytes, p->bytes);
	view[5] = share(part->headings, part->blocks);
	view[6] = share(part->long_bytes, part->bytes);
	view[7] = share(part->paragraph_bytes, part->bytes);
	view[8] = cap(part->images * 32 / MAX(part->blocks, 1));
	return view;
}

static void push_chain(struct row *r, const struct blocks *b, const struct html_tree *t,
	const struct block *v, const struct page_facts *p)
{
	static const char *const names[CHAIN][PART_VIEW] = {
#define NAMES(k) \
	{ k ".bytes", k ".links", k ".blocks", k ".marks", k ".share", k ".headings", k ".long", \
		k ".para", k ".images" }
		NAMES("up1"), NAMES("up2"), NAMES("up3"), NAMES("up4"), NAMES("up5"), NAMES("up6")
#undef NAMES
	};
	uint32_t node = v->element, steps = 0;

	for (int k = 0; k < CHAIN; k++) {
		const uint8_t *view;

		node = widen(b, t, node, &steps);
		view = view_of(&b->parts[node], p);
		for (int n = 0; n < PART_VIEW; n++)
			PUSH(names[k][n], view[n]);
	}
}

/* Repetition: the element on the way up with most siblings of its name. */
static void push_twins(struct row *r, const struct blocks *b, const struct html_tree *t,
	const struct block *v, const struct page_facts *p)
{
	uint32_t best = v->element, level = 0, n = 0;
	const struct part *part, *parent;

	for (uint32_t k = v->element; k && n < 12; k = t->nodes[k].parent, n++) {
		if (b->parts[k].twins > b->parts[best].twins) {
			best = k;
			level = n;
		}
	}
	part = &b->parts[best];
	parent = &b->parts[t->nodes[best].parent];
	PUSH("twins", cap(part->twins));
	PUSH("twins.level", cap(level));
	PUSH("twins.bytes", scale(part->twin_bytes / MAX(part->twins, 1)));
	PUSH("twins.share", share(part->twin_bytes, p->bytes));
	PUSH("twins.links", share(part->link_bytes, part->bytes));
	PUSH("twins.blocks", cap(part->blocks));
	PUSH("twins.parent_links", share(parent->link_bytes, parent->bytes));
	PUSH("own.twins", cap(b->parts[v->element].twins));
	PUSH("own.twin_bytes",
		scale(b->parts[v->element].twin_bytes / MAX(b->parts[v->element].twins, 1)));
}

/* Where the block stands to the page's candidates for the main part. */
static void push_candidates(struct row *r, const struct blocks *b, const struct html_tree *t,
	const struct block *v, const struct page_facts *p)
{
	uint64_t best = 0;

	for (uint32_t k = v->element, n = 0; k && n < CLIMB; k = t->nodes[k].parent, n++)
		best = MAX(best, b->parts[k].points);
	PUSH("top.inside", cap(v->first > p->top && v->first < t->nodes[p->top].end));
	PUSH("top.sibling",
		cap(p->top && t->nodes[p->top].parent && v->first > t->nodes[p->top].parent &&
			v->first < t->nodes[t->nodes[p->top].parent].end));
	PUSH("top.points", share(best, p->top_points));
	PUSH("top.share", share(b->parts[p->top].bytes, p->bytes));
	PUSH("dense.inside", cap(v->first > p->dense && v->first < t->nodes[p->dense].end));
	PUSH("dense.share", share(b->parts[p->dense].bytes, p->bytes));
	PUSH("dense.links", share(b->parts[p->dense].link_bytes, b->parts[p->dense].bytes));
}

/* What heads the parts around a block: the level of the nearest whose first block says so. */
static void push_leads(struct row *r, const struct blocks *b, const struct html_tree *t, uint32_t i)
{
	static const struct {
		const char *name;
		uint32_t phrases;
	} leads[] = {
		{ "lead.related", PHRASE_RELATED },
		{ "lead.comment", PHRASE_COMMENT },
		{ "lead.subscribe", PHRASE_SUBSCRIBE | PHRASE_LOGIN },
		{ "lead.shop", PHRASE_SHOP },
		{ "lead.spec", PHRASE_SPEC },
		{ "lead.question", PHRASE_QUESTION },
		{ "lead.tags", PHRASE_TAGS },
		{ "lead.more", PHRASE_MORE },
		{ "lead.search", PHRASE_SEARCH },
		{ "lead.site", PHRASE_SITE },
	};
	uint8_t level[ARRAY_LEN(leads)] = { 0 };
	uint32_t node = b->v[i].element, steps = 0;

	for (uint32_t k = 1; k <= CHAIN; k++) {
		const struct block *first;

		node = widen(b, t, node, &steps);
		if (!node)
			break;
		first = &b->v[b->parts[node].first];
		for (size_t n = 0; n < ARRAY_LEN(leads); n++)
			if (!level[n] && first->phrases & leads[n].phrases && first != &b->v[i])
				level[n] = (uint8_t)(8 - k);
	}
	for (size_t n = 0; n < ARRAY_LEN(leads); n++)
		PUSH(leads[n].name, level[n]);
}

/* --- what is around it ------------------------------------------------------------------------ */

static void push_neighbours(
	struct row *r, const struct blocks *b, const struct html_tree *t, uint32_t i)
{
	static const char *const names[2 * FAR][3] = {
#define NAMES(k) { k ".bytes", k ".links", k ".kind" }
		NAMES("prev2"),
		NAMES("prev1"),
		NAMES("next1"),
		NAMES("next2"),
#undef NAMES
	};

	for (int k = 0; k < 2 * FAR; k++) {
		int64_t at = (int64_t)i + (k < FAR ? k - FAR : k - FAR + 1);
		const struct block *o = at >= 0 && at < (int64_t)b->n ? &b->v[at] : NULL;

		PUSH(names[k][0], o ? scale(o->bytes) : 0);
		PUSH(names[k][1], o ? share(o->link_bytes, o->bytes) : 0);
		PUSH(names[k][2], o ? kind_of(block_tag(t, o)) : 0);
	}
}

/* Where a block stands in the order of the page: found in one pass forward and one backward. */
struct place {
	uint32_t heading; /* the last heading at or before it, or UINT32_MAX */
	uint32_t long_before, long_after; /* the nearest block of running text */
	uint32_t long_sum; /* bytes in such blocks before it */
};

static void find_places(struct features *f)
{
	const struct blocks *b = f->blocks;
	uint32_t heading = UINT32_MAX, before = UINT32_MAX, after = UINT32_MAX, sum = 0;

	if (f->cap < b->n) {
		f->cap = b->n * 2;
		f->places = mem_resize(f->places, f->cap, sizeof(*f->places));
	}
	for (uint32_t i = 0; i < b->n; i++) {
		if (html_tag_flags(block_tag(f->tree, &b->v[i])) & HTML_HEADING)
			heading = i;
		f->places[i] = (struct place){
			.heading = heading, .long_before = before, .long_sum = sum
		};
		if (block_is_long(&b->v[i])) {
			before = i;
			sum += b->v[i].bytes;
		}
	}
	for (uint32_t i = (uint32_t)b->n; i-- > 0;) {
		f->places[i].long_after = after;
		if (block_is_long(&b->v[i]))
			after = i;
	}
}

static uint8_t distance(uint32_t from, uint32_t to)
{
	if (from == UINT32_MAX || to == UINT32_MAX)
		return 255;
	return scale(from > to ? from - to : to - from);
}

static uint8_t byte_gap(const struct blocks *b, uint32_t from, uint32_t to)
{
	if (from == UINT32_MAX || to == UINT32_MAX)
		return 255;
	return scale(b->v[to].before - b->v[from].before);
}

static void push_heading_says(struct row *r, uint32_t phrases)
{
	static const struct {
		const char *name;
		uint32_t phrases;
	} says[] = {
		{ "heading.shop", PHRASE_SHOP },
		{ "heading.question", PHRASE_QUESTION },
	};

	for (size_t i = 0; i < ARRAY_LEN(says); i++)
		PUSH(says[i].name, (phrases & says[i].phrases) != 0);
}

static void push_place(struct row *r, const struct features *f, uint32_t i)
{
	const struct blocks *b = f->blocks;
	const struct html_tree *t = f->tree;
	const struct page_facts *p = f->page;
	const struct place *at = &f->places[i];
	const struct block *v = &b->v[i];
	uint32_t heading = at->heading;

	PUSH("heading.distance", distance(heading, i));
	PUSH("heading.kind", heading == UINT32_MAX ? 0 : kind_of(block_tag(t, &b->v[heading])));
	PUSH("heading.bytes", heading == UINT32_MAX ? 0 : scale(b->v[heading].bytes));
	PUSH("heading.links",
		heading == UINT32_MAX ? 0 : share(b->v[heading].link_bytes, b->v[heading].bytes));
	push_heading_says(r, heading == UINT32_MAX ? 0 : b->v[heading].phrases);
	PUSH("h1.after", p->h1 == UINT32_MAX ? 0 : i < p->h1 ? 1 : i == p->h1 ? 2 : 3);
	PUSH("h1.gap",
		p->h1 == UINT32_MAX  ? 255
			: i >= p->h1 ? byte_gap(b, p->h1, i)
				     : byte_gap(b, i, p->h1));
	PUSH("h1.distance", distance(p->h1, i));
	PUSH("long.before", distance(at->long_before, i));
	PUSH("long.after", distance(at->long_after, i));
	PUSH("long.before_gap", byte_gap(b, at->long_before, i));
	PUSH("long.after_gap", byte_gap(b, i, at->long_after));
	PUSH("long.sum", share(at->long_sum, p->long_bytes));
	PUSH("best.inside", cap(v->first > p->best && v->first < t->nodes[p->best].end));
	PUSH("best.share", share(b->parts[p->best].bytes, p->bytes));
	PUSH("best.links", share(b->parts[p->best].link_bytes, b->parts[p->best].bytes));
}

/* Blocks of the same path: cells of one column, items of one list, posts of one thread. */
static void push_path(struct row *r, const struct block *v, const struct page_facts *p)
{
	PUSH("path.blocks", scale(v->path_blocks));
	PUSH("path.bytes", scale(v->path_bytes / MAX(v->path_blocks, 1)));
	PUSH("path.share", share(v->path_bytes, p->bytes));
	PUSH("path.links", share(v->path_link_bytes, v->path_bytes));
	PUSH("path.marks", share(v->path_marks * 8, v->path_bytes));
}

void features_begin(struct features *f, const struct blocks *b, const struct html_tree *t)
{
	if (!f->page)
		f->page = mem_zalloc(1, sizeof(*f->page));
	f->blocks = b;
	f->tree = t;
	page_facts(f->page, b, t);
	push_page(&(struct row){ .v = f->page_row, .stride = 1 }, f->page);
	find_places(f);
}

uint32_t features_row(
	const struct features *f, uint32_t i, uint8_t *row, size_t stride, const char **names)
{
	const struct blocks *b = f->blocks;
	const struct html_tree *t = f->tree;
	const struct block *v = &b->v[i];
	struct row r = { .v = row, .stride = stride, .names = names };

	push_block(&r, b, t, i, f->page);
	push_cues(&r, b, t, v);
	push_chain(&r, b, t, v, f->page);
	push_twins(&r, b, t, v, f->page);
	push_leads(&r, b, t, i);
	push_candidates(&r, b, t, v, f->page);
	push_path(&r, v, f->page);
	push_neighbours(&r, b, t, i);
	push_place(&r, f, i);
	if (names)
		push_page(&r, f->page);
	else
		for (uint32_t k = 0; k < PAGE_FEATURES; k++)
			push(&r, NULL, f->page_row[k]);
	return r.n;
}

void features_release(struct features *f)
{
	free(f->page);
	free(f->places);
	*f = (struct features){ 0 };
}
