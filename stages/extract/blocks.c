/* Passes over a page's nodes: down for the text of each block and the names of each element, up for
 * the sums. */
#include "stages/extract/blocks.h"

#include "lib/core/mem.h"

#include <stdlib.h>
#include <xxhash.h>

enum {
	LONG_BLOCK = 80, /* bytes of running text that make a block long */
};

/* --- down: blocks and names ------------------------------------------------------------------- */

static uint32_t mix(uint32_t a, uint32_t b)
{
	uint64_t x = ((uint64_t)a << 32 | b) * 0x9E3779B97F4A7C15u;

	return (uint32_t)(x >> 32);
}

/* Numbers in names count things ("post-123"): those of all are one name. */
static uint32_t hash_class(struct slice class)
{
	uint32_t hash = WORD_HASH;

	for (size_t i = 0; i < class.n && i < 64; i++)
		if (!(class.p[i] >= '0' && class.p[i] <= '9'))
			hash = word_hash(hash, class.p[i]);
	return hash;
}

/* What a class says: the same few come over and over on a page. */
static const struct class_memo *read_class(struct blocks *b, struct slice class)
{
	uint64_t key = XXH3_64bits(class.p, class.n) | 1;
	struct class_memo *memo = &b->classes_read[key / 2 % ARRAY_LEN(b->classes_read)];

	if (memo->key != key) {
		memo->key = key;
		memo->hash = hash_class(class);
		memo->cues = cues_of_attribute(&b->cues, HTML_ATTR_CLASS, class);
	}
	return memo;
}

static void read_names(struct blocks *b, const struct html_tree *t, uint32_t i)
{
	const struct html_node *node = &t->nodes[i];
	struct part *part = &b->parts[i];
	uint32_t hash = 0;

	part->cues = cues_of_tag((enum html_tag)node->tag);
	for (uint32_t k = 0; k < node->n; k++) {
		const struct html_attr *attr = &t->attrs[node->at + k];
		struct slice value = html_value(t, attr);

		if (attr->name == HTML_ATTR_CLASS) {
			const struct class_memo *memo = read_class(b, value);

			hash = memo->hash;
			part->cues |= memo->cues;
		} else {
			part->cues |=
				cues_of_attribute(&b->cues, (enum html_attr_name)attr->name, value);
		}
	}
	part->name = mix(hash, node->tag);
	part->path = mix(b->parts[b->parts[node->parent].block].path, part->name);
}

static bool breaks_text(enum html_tag tag)
{
	return (html_tag_flags(tag) && tag != HTML_BR) || tag == HTML_BUTTON;
}

/* The innermost list or table around a block element, or 0. A table only when the block is a whole
 * cell of it: in a table that arranges the page, cells hold blocks of their own. */
static uint32_t group_of(const struct html_tree *t, uint32_t element)
{
	enum { CLIMB = 16 };
	enum html_tag own = (enum html_tag)t->nodes[element].tag;

	for (uint32_t k = element, n = 0; k && n < CLIMB; k = t->nodes[k].parent, n++) {
		switch (t->nodes[k].tag) {
		case HTML_UL:
		case HTML_OL:
		case HTML_DL: return k;
		case HTML_TABLE: return own == HTML_TD || own == HTML_TH ? k : 0;
		default: break;
		}
	}
	return 0;
}

static struct block *add_block(
	struct blocks *b, const struct html_tree *t, uint32_t node, uint32_t element)
{
	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 256;
		b->v = mem_resize(b->v, b->cap, sizeof(*b->v));
	}
	b->v[b->n] = (struct block){
		.first = node,
		.element = element,
		.group = group_of(t, element),
		.hash = WORD_HASH,
	};
	return &b->v[b->n++];
}

static void enter_element(struct blocks *b, const struct html_tree *t, uint32_t i)
{
	const struct part *parent = &b->parts[t->nodes[i].parent];
	struct part *part = &b->parts[i];
	enum html_tag tag = t->nodes[i].tag;

	if (html_tag_flags(tag) & HTML_NO_TEXT || tag == HTML_HEAD)
		part->flags |= PART_OUT;
	if (part->flags & PART_OUT)
		return;
	if (tag == HTML_A)
		part->flags |= PART_LINK;
	else if (tag == HTML_B || tag == HTML_STRONG)
		part->flags |= PART_BOLD;
	part->depth = (uint16_t)(parent->depth + 1);
	part->block = breaks_text(tag) ? i : parent->block;
	if (part->block != i)
		return;
	read_names(b, t, i);
}

static void drop_empty(struct blocks *b)
{
	if (b->n && b->v[b->n - 1].bytes == 0)
		b->n--;
}

static void add_link(struct block *v, const struct html_tree *t, uint32_t a)
{
	struct slice href = html_attr(t, a, HTML_ATTR_HREF);

	v->links++;
	v->href_bytes += (uint32_t)MIN(href.n, 255);
	for (size_t i = 0; i < href.n && i < 255; i++)
		v->href_depth += href.p[i] == '/';
}

static uint32_t link_around(const struct html_tree *t, uint32_t node)
{
	while (node && t->nodes[node].tag != HTML_A)
		node = t->nodes[node].parent;
	return node;
}

static void add_text(
	struct blocks *b, struct block *v, struct slice text, unsigned flags, bool *in_word)
{
	uint32_t before = v->bytes;

	block_add_text(&b->text, v, text, in_word);
	if (v->bytes == before)
		return;
	v->hash = mix(v->hash, (uint32_t)XXH3_64bits(text.p, text.n));
	if (flags & PART_LINK)
		v->link_bytes += v->bytes - before;
	if (flags & PART_BOLD)
		v->bold_bytes += v->bytes - before;
}

static void read_nodes(struct blocks *b, const struct html_tree *t)
{
	struct block *block = NULL;
	bool in_word = false;
	bool open = false;

	memset(b->classes_read, 0, sizeof(b->classes_read));
	memset(b->parts, 0, t->n_nodes * sizeof(*b->parts));
	b->parts[0].first = UINT32_MAX;
	b->n = 0;
	b->bytes = 0;
	for (uint32_t i = 1; i < t->n_nodes; i++) {
		struct part *part = &b->parts[i];
		const struct part *parent = &b->parts[t->nodes[i].parent];

		part->flags = parent->flags;
		if (t->nodes[i].tag != HTML_TEXT) {
			enter_element(b, t, i);
			part->images =
				t->nodes[i].tag == HTML_IMG || t->nodes[i].tag == HTML_PICTURE;
			part->first = UINT32_MAX;
			if (part->block == i)
				open = false;
			else if (t->nodes[i].tag == HTML_BR && open && block->breaks < 255)
				block->breaks++;
			else if (t->nodes[i].tag == HTML_A && open)
				add_link(block, t, i);
			continue;
		}
		part->first = UINT32_MAX;
		if (part->flags & PART_OUT)
			continue;
		if (!open || block->element != parent->block) {
			if (b->n)
				b->bytes += block->bytes;
			drop_empty(b);
			block = add_block(b, t, i, parent->block);
			block->before = b->bytes;
			in_word = false;
			open = true;
			/* A link around its text was entered before the block was. */
			if (parent->flags & PART_LINK)
				add_link(block, t, link_around(t, i));
		}
		block->last = i;
		add_text(b, block, html_text(t, i), part->flags, &in_word);
	}
	if (b->n)
		b->bytes += block->bytes;
	drop_empty(b);
}

/* --- up: sums --------------------------------------------------------------------------------- */

static bool is_running(enum html_tag tag)
{
	return tag == HTML_P || tag == HTML_BLOCKQUOTE || tag == HTML_PRE || tag == HTML_DD;
}

static void sum_up(struct blocks *b, const struct html_tree *t)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct block *v = &b->v[i];
		struct part *part = &b->parts[v->element];
		enum html_tag tag = t->nodes[v->element].tag;

		part->first = MIN(part->first, (uint32_t)i);
		part->bytes += v->bytes;
		part->link_bytes += v->link_bytes;
		part->marks += v->marks;
		part->blocks++;
		part->headings += (html_tag_flags(tag) & HTML_HEADING) != 0;
		part->paragraph_bytes += is_running(tag) ? v->bytes : 0;
		if (v->bytes >= LONG_BLOCK && v->link_bytes * 3 < v->bytes)
			part->long_bytes += v->bytes;
	}
	for (uint32_t i = (uint32_t)t->n_nodes - 1; i > 0; i--) {
		const struct part *part = &b->parts[i];
		struct part *parent = &b->parts[t->nodes[i].parent];

		parent->bytes += part->bytes;
		parent->link_bytes += part->link_bytes;
		parent->marks += part->marks;
		parent->blocks += part->blocks;
		parent->headings += part->headings;
		parent->images += part->images;
		parent->first = MIN(parent->first, part->first);
		parent->paragraph_bytes += part->paragraph_bytes;
		parent->long_bytes += part->long_bytes;
	}
}

/* --- twins and copies ------------------------------------------------------------------------- */

struct tally_slot {
	uint64_t key; /* 0: empty */
	uint32_t count, bytes, link_bytes, marks;
};

static struct tally_slot *find_slot(struct blocks *b, uint64_t key)
{
	size_t mask = b->n_slots - 1;
	size_t at = (size_t)(key * 0x9E3779B97F4A7C15u >> 32) & mask;

	while (b->slots[at].key && b->slots[at].key != key)
		at = (at + 1) & mask;
	b->slots[at].key = key;
	return &b->slots[at];
}

/* Makes the table empty, with room for n keys. */
static void clear_slots(struct blocks *b, size_t n)
{
	size_t want = 64;

	while (want < n * 2)
		want *= 2;
	if (want > b->slots_cap) {
		free(b->slots);
		b->slots = mem_zalloc(want, sizeof(*b->slots));
		b->slots_cap = want;
	} else {
		memset(b->slots, 0, want * sizeof(*b->slots));
	}
	b->n_slots = want;
}

static uint64_t twin_key(const struct html_tree *t, const struct part *part, uint32_t node)
{
	return ((uint64_t)t->nodes[node].parent << 32 | part->name) | 1;
}

static void count_twins(struct blocks *b, const struct html_tree *t)
{
	size_t n = 0;

	for (uint32_t i = 1; i < t->n_nodes; i++)
		n += b->parts[i].block == i && b->parts[i].bytes;
	clear_slots(b, n);
	for (uint32_t i = 1; i < t->n_nodes; i++) {
		const struct part *part = &b->parts[i];
		struct tally_slot *slot;

		if (part->block != i || !part->bytes)
			continue;
		slot = find_slot(b, twin_key(t, part, i));
		slot->count++;
		slot->bytes += part->bytes;
	}
	for (uint32_t i = 1; i < t->n_nodes; i++) {
		struct part *part = &b->parts[i];
		const struct tally_slot *slot;

		if (part->block != i || !part->bytes)
			continue;
		slot = find_slot(b, twin_key(t, part, i));
		part->twins = slot->count;
		part->twin_bytes = slot->bytes;
	}
}

static void count_copies(struct blocks *b)
{
	clear_slots(b, b->n);
	for (size_t i = 0; i < b->n; i++)
		find_slot(b, (uint64_t)b->v[i].bytes << 32 | b->v[i].hash)->count++;
	for (size_t i = 0; i < b->n; i++)
		b->v[i].copies = find_slot(b, (uint64_t)b->v[i].bytes << 32 | b->v[i].hash)->count;
}

static void count_paths(struct blocks *b)
{
	clear_slots(b, b->n);
	for (size_t i = 0; i < b->n; i++) {
		const struct block *v = &b->v[i];
		struct tally_slot *slot =
			find_slot(b, (uint64_t)b->parts[v->element].path << 1 | 1);

		slot->count++;
		slot->bytes += v->bytes;
		slot->link_bytes += v->link_bytes;
		slot->marks += v->marks;
	}
	for (size_t i = 0; i < b->n; i++) {
		struct block *v = &b->v[i];
		const struct tally_slot *slot =
			find_slot(b, (uint64_t)b->parts[v->element].path << 1 | 1);

		v->path_blocks = slot->count;
		v->path_bytes = slot->bytes;
		v->path_link_bytes = slot->link_bytes;
		v->path_marks = slot->marks;
	}
}

void blocks_cut(struct blocks *b, const struct html_tree *t)
{
	if (!b->cues.rows) {
		cue_words_make(&b->cues);
		text_tables_make(&b->text);
	}
	if (b->parts_cap < t->n_nodes) {
		b->parts_cap = t->n_nodes * 2;
		b->parts = mem_resize(b->parts, b->parts_cap, sizeof(*b->parts));
	}
	read_nodes(b, t);
	sum_up(b, t);
	count_twins(b, t);
	count_copies(b);
	count_paths(b);
}

void blocks_release(struct blocks *b)
{
	free(b->v);
	free(b->parts);
	free(b->slots);
	*b = (struct blocks){ 0 };
}
