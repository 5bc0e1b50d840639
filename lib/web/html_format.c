/* The list of active formatting elements, and the adoption agency.
 *
 * Time: a clone is a node, and so bounded by max_nodes; what looks through the list or the stack
 * beyond that is bounded by their lengths, the stack's by max_depth and the list's by what clones
 * leave room for: n entries that are not open cost n nodes at each text. */
#include "lib/core/mem.h"
#include "lib/web/html_parser.h"

enum { MARKER = 0 };

static void drop_entry(struct html_parser *p, size_t at)
{
	p->n_active_of[p->active[at].tag]--;
	memmove(p->active + at, p->active + at + 1, (p->n_active - at - 1) * sizeof(*p->active));
	p->n_active--;
}

static void insert_entry(struct html_parser *p, size_t at, struct html_formatting entry)
{
	mem_grow(&p->active, p->n_active, &p->cap_active, sizeof(*p->active));
	memmove(p->active + at + 1, p->active + at, (p->n_active - at) * sizeof(*p->active));
	p->active[at] = entry;
	p->n_active++;
	p->n_active_of[entry.tag]++;
}

void html_add_marker(struct html_parser *p)
{
	insert_entry(p, p->n_active, (struct html_formatting){ .node = MARKER });
}

void html_clear_to_marker(struct html_parser *p)
{
	bool marker = false;

	while (p->n_active && !marker) {
		marker = p->active[p->n_active - 1].node == MARKER;
		drop_entry(p, p->n_active - 1);
	}
}

/* The index behind the entry of the node, or 0. */
static size_t entry_of(const struct html_parser *p, uint32_t node)
{
	size_t i = p->n_active;

	if (!p->n_active_of[p->t->nodes[node].tag])
		return 0;
	while (i && p->active[i - 1].node != node)
		i--;
	return i;
}

void html_forget_active(struct html_parser *p, uint32_t node)
{
	size_t i = entry_of(p, node);

	if (i)
		drop_entry(p, i - 1);
}

/* The index behind the last entry of the tag since the last marker, or 0. */
static size_t last_active(const struct html_parser *p, enum html_tag tag)
{
	if (!p->n_active_of[tag])
		return 0;
	for (size_t i = p->n_active; i && p->active[i - 1].node != MARKER; i--)
		if (p->active[i - 1].tag == tag)
			return i;
	return 0;
}

uint32_t html_active(const struct html_parser *p, enum html_tag tag)
{
	size_t i = last_active(p, tag);

	return i ? p->active[i - 1].node : 0;
}

static uint64_t attrs_hash(const struct html_parser *p, struct html_formatting *entry)
{
	if (!entry->attrs_hash)
		entry->attrs_hash = html_hash_attrs(p, entry->attrs_at);
	return entry->attrs_hash;
}

/* The Noah's Ark clause: at most three alike since the last marker. */
static void keep_two_alike(struct html_parser *p, struct html_formatting *entry)
{
	size_t alike = 0, first = 0;

	if (p->n_active_of[entry->tag] < 3)
		return;
	for (size_t i = p->n_active; i && p->active[i - 1].node != MARKER; i--) {
		struct html_formatting *other = &p->active[i - 1];

		if (other->tag != entry->tag || attrs_hash(p, other) != attrs_hash(p, entry))
			continue;
		alike++;
		first = i - 1;
	}
	if (alike >= 3)
		drop_entry(p, first);
}

void html_add_active(struct html_parser *p, uint32_t node, const struct html_token *tag)
{
	struct html_formatting entry = { .node = node, .attrs_at = tag->attrs_at, .tag = tag->tag };

	keep_two_alike(p, &entry);
	insert_entry(p, p->n_active, entry);
}

/* A new element with the tag and the attributes of node. */
static uint32_t clone(struct html_parser *p, uint32_t node, struct html_place place)
{
	uint32_t copy = html_add_node(p, p->t->nodes[node].tag, place);

	p->t->nodes[copy].at = p->t->nodes[node].at;
	p->t->nodes[copy].n = p->t->nodes[node].n;
	return copy;
}

static bool needs_no_clone(const struct html_parser *p, const struct html_formatting *entry)
{
	return entry->node == MARKER || p->t->nodes[entry->node].open;
}

void html_reconstruct(struct html_parser *p)
{
	size_t i = p->n_active;

	while (i && !needs_no_clone(p, &p->active[i - 1]))
		i--;
	for (; i < p->n_active && !p->t->limit; i++) {
		uint32_t node = clone(p, p->active[i].node, html_place_in(p, html_top(p)));

		html_push(p, node, NULL);
		p->active[i].node = node;
	}
}

/* --- the adoption agency ---------------------------------------------------------------------- */

/* "Any other end tag" of the insertion mode "in body". */
static void close_other(struct html_parser *p, enum html_tag tag)
{
	uint32_t i = html_in_scope(p, tag, BOUND_SPECIAL);

	if (i)
		html_pop_to(p, i);
}

/* The parts of the stack that a round of the adoption agency works on. */
struct round {
	size_t entry; /* of the formatting element in the list */
	uint32_t subject; /* its index in the stack */
	uint32_t furthest; /* that of the furthest block */
	size_t bookmark; /* where in the list the clone goes */
};

/* Steps of the inner loop: the elements between the furthest block and the formatting element are
 * cloned, or dropped from the stack; each takes the one below it as its child. Kept ones are put at
 * the end of p->above, topmost first. Returns the last. */
static uint32_t adopt_between(struct html_parser *p, struct round *r, size_t *n_between)
{
	uint32_t last = p->stack[r->furthest].node;
	size_t counter = 0;

	r->bookmark = r->entry;
	*n_between = 0;
	for (uint32_t i = r->furthest - 1; i > r->subject; i--) {
		struct html_open open = p->stack[i];
		size_t entry = entry_of(p, open.node);

		if (++counter > 3 && entry) {
			drop_entry(p, entry - 1);
			r->bookmark -= entry - 1 < r->bookmark;
			r->entry -= entry - 1 < r->entry;
			entry = 0;
		}
		if (!entry)
			continue;
		open.node = clone(p, open.node, (struct html_place){ .parent = 0 });
		p->active[entry - 1].node = open.node;
		if (last == p->stack[r->furthest].node)
			r->bookmark = entry;
		html_move(p, last, (struct html_place){ .parent = open.node });
		last = open.node;
		while (p->cap_above <= *n_between)
			mem_grow(&p->above, p->cap_above, &p->cap_above, sizeof(*p->above));
		p->above[(*n_between)++] = open;
	}
	return last;
}

/* The stack without the formatting element, with the clones, and its own clone behind the furthest
 * block. The first n_between of p->above are the clones, topmost first. */
static void restack(struct html_parser *p, const struct round *r, size_t n_between, uint32_t copy)
{
	struct html_open subject = p->stack[r->subject];
	size_t n_above = p->depth - r->furthest, n = n_between;

	subject.node = copy;
	while (p->cap_above < n_between + n_above + 2)
		mem_grow(&p->above, p->cap_above, &p->cap_above, sizeof(*p->above));
	p->above[n++] = p->stack[r->furthest];
	memcpy(p->above + n, p->stack + r->furthest + 1, n_above * sizeof(*p->above));
	html_pop_to(p, r->subject);
	for (size_t i = n_between; i > 0; i--)
		html_push_entry(p, &p->above[i - 1]);
	html_push_entry(p, &p->above[n_between]);
	html_push_entry(p, &subject);
	for (size_t i = 0; i < n_above; i++)
		html_push_entry(p, &p->above[n + i]);
}

/* The topmost special element above the formatting element, or 0. */
static uint32_t furthest_block(const struct html_parser *p, uint32_t subject)
{
	for (uint32_t i = subject + 1; i <= p->depth; i++)
		if (p->stack[i].traits & IS_SPECIAL)
			return i;
	return 0;
}

static void adopt_once(struct html_parser *p, struct round *r)
{
	size_t n_between;
	uint32_t block = p->stack[r->furthest].node, formatting = p->stack[r->subject].node, copy;
	uint32_t last = adopt_between(p, r, &n_between);
	struct html_formatting entry;

	html_move(p, last, html_place_in(p, &p->stack[r->subject - 1]));
	copy = clone(p, formatting, (struct html_place){ .parent = 0 });
	html_move_children(p, block, copy);
	html_move(p, copy, (struct html_place){ .parent = block });
	entry = p->active[r->entry];
	entry.node = copy;
	drop_entry(p, r->entry);
	insert_entry(p, r->bookmark - (r->entry < r->bookmark), entry);
	restack(p, r, n_between, copy);
}

void html_adopt(struct html_parser *p, const struct html_token *tag)
{
	enum { ROUNDS = 8 };

	if (html_top(p)->tag == tag->tag && html_top(p)->space == HTML_SPACE_HTML &&
		!entry_of(p, html_top(p)->node)) {
		html_pop(p);
		return;
	}
	for (int i = 0; i < ROUNDS && !p->t->limit; i++) {
		struct round r = { .entry = last_active(p, tag->tag) };

		if (!r.entry) {
			close_other(p, tag->tag);
			return;
		}
		r.entry--;
		r.subject = html_index_of(p, p->active[r.entry].node);
		if (!r.subject) {
			drop_entry(p, r.entry);
			return;
		}
		if (r.subject < html_top(p)->bounds[BOUND_SCOPE])
			return;
		r.furthest = furthest_block(p, r.subject);
		if (!r.furthest) {
			html_pop_to(p, r.subject);
			drop_entry(p, r.entry);
			return;
		}
		adopt_once(p, &r);
	}
}
