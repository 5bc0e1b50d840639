/* Nodes and texts of the HTML parser.
 *
 * Nodes are appended to the array in document order, and nearly all pages end as they were built.
 * The first time that something has to go elsewhere - foster parenting, the adoption agency, a meta
 * element behind the head - the nodes get links (once, in linear time), and at the end they are
 * laid out anew by them. */
#include "lib/core/mem.h"
#include "lib/web/html_parser.h"

void html_stop(struct html_parser *p, const char *limit, uint64_t value)
{
	if (p->t->limit)
		return;
	p->t->limit = limit;
	p->t->limit_value = value;
}

void html_count_bytes(struct html_parser *p, size_t n)
{
	uint64_t max = MIN(p->limits->max_bytes, (uint64_t)UINT32_MAX);

	p->kept += n;
	if (p->kept > max)
		html_stop(p, "max_body", max);
}

/* --- links ------------------------------------------------------------------------------------ */

static void link_last(struct html_parser *p, uint32_t parent, uint32_t node)
{
	struct html_link *of = &p->links[parent], *link = &p->links[node];

	link->before = of->last;
	link->behind = 0;
	if (of->last)
		p->links[of->last].behind = node;
	else
		of->first = node;
	of->last = node;
}

static void link_before(struct html_parser *p, uint32_t parent, uint32_t behind, uint32_t node)
{
	struct html_link *link = &p->links[node];

	link->before = p->links[behind].before;
	link->behind = behind;
	if (link->before)
		p->links[link->before].behind = node;
	else
		p->links[parent].first = node;
	p->links[behind].before = node;
}

static void room_for_links(struct html_parser *p)
{
	if (p->cap_links >= p->t->n_nodes)
		return;
	p->cap_links = p->t->cap_nodes;
	p->links = mem_resize(p->links, p->cap_links, sizeof(*p->links));
}

static void link_all(struct html_parser *p)
{
	if (p->linked)
		return;
	p->linked = true;
	room_for_links(p);
	memset(p->links, 0, p->t->n_nodes * sizeof(*p->links));
	for (uint32_t i = 1; i < p->t->n_nodes; i++)
		link_last(p, p->t->nodes[i].parent, i);
}

static void link_in(struct html_parser *p, uint32_t node, struct html_place place)
{
	p->t->nodes[node].parent = place.parent;
	if (place.before)
		link_before(p, place.parent, place.before, node);
	else
		link_last(p, place.parent, node);
}

void html_detach(struct html_parser *p, uint32_t node)
{
	struct html_link *link, *of;

	link_all(p);
	link = &p->links[node];
	of = &p->links[p->t->nodes[node].parent];
	if (link->before)
		p->links[link->before].behind = link->behind;
	else
		of->first = link->behind;
	if (link->behind)
		p->links[link->behind].before = link->before;
	else
		of->last = link->before;
	link->before = link->behind = 0;
}

void html_move(struct html_parser *p, uint32_t node, struct html_place place)
{
	html_detach(p, node);
	link_in(p, node, place);
}

void html_move_children(struct html_parser *p, uint32_t from, uint32_t to)
{
	uint32_t next;

	link_all(p);
	for (uint32_t i = p->links[from].first; i; i = next) {
		next = p->links[i].behind;
		p->t->nodes[i].parent = to;
		link_last(p, to, i);
	}
	p->links[from].first = p->links[from].last = 0;
}

/* --- nodes ------------------------------------------------------------------------------------ */

void html_reopen(struct html_parser *p, uint32_t node)
{
	uint32_t i = (uint32_t)p->t->n_nodes - 1;

	while (i && i != node)
		i = p->t->nodes[i].parent;
	if (i != node)
		link_all(p);
}

/* At a limit there is one node more, which the end of the parse takes off. */
uint32_t html_add_node(struct html_parser *p, enum html_tag tag, struct html_place place)
{
	struct html_tree *t = p->t;
	uint64_t max = MIN(p->limits->max_nodes, (uint64_t)UINT32_MAX - MIB);
	uint32_t node = (uint32_t)t->n_nodes;

	if (node >= max)
		html_stop(p, "max_nodes", p->limits->max_nodes);
	if (place.before)
		link_all(p);
	mem_grow(&t->nodes, t->n_nodes, &t->cap_nodes, sizeof(*t->nodes));
	t->nodes[t->n_nodes++] = (struct html_node){ .parent = place.parent, .tag = (uint8_t)tag };
	if (p->linked) {
		room_for_links(p);
		p->links[node] = (struct html_link){ 0 };
		link_in(p, node, place);
	}
	return node;
}

/* --- texts ------------------------------------------------------------------------------------ */

/* The text that a new one at place would follow, or 0. */
static uint32_t text_before(const struct html_parser *p, struct html_place place)
{
	uint32_t i = (uint32_t)p->t->n_nodes - 1;

	if (p->linked)
		i = place.before ? p->links[place.before].before : p->links[place.parent].last;
	else if (place.before)
		i = place.before - 1;
	return i && p->t->nodes[i].tag == HTML_TEXT && p->t->nodes[i].parent == place.parent ? i
											     : 0;
}

/* Moves the text to the end of tree.bytes, where more can be appended. */
static void move_to_end(struct html_tree *t, struct html_node *text)
{
	size_t at = t->bytes.n;

	buf_reserve(&t->bytes, text->n);
	memcpy(t->bytes.p + at, (text->own ? t->bytes.p : t->page) + text->at, text->n);
	t->bytes.n += text->n;
	text->at = (uint32_t)at;
	text->own = true;
}

/* Whether the run joins the text at no cost: right behind it. */
static bool is_next_to(const struct html_node *text, struct html_run run)
{
	return text->own == run.own && text->at + text->n == run.at;
}

/* Whether a text that is not at the end of tree.bytes may be moved there to grow. Texts before
 * tables inside one another can grow by turns, each move copying all of a text; a long one that has
 * been moved before is left, and the tree has two texts in a row. */
static bool may_move(const struct html_tree *t, const struct html_node *text)
{
	enum { LONG = 256 };

	return !text->own || text->at + text->n == t->bytes.n || text->n <= LONG;
}

static void extend_text(struct html_parser *p, struct html_node *text, struct html_run run)
{
	struct html_tree *t = p->t;

	if (is_next_to(text, run)) {
		text->n += run.n;
		return;
	}
	if (t->bytes.n + text->n + run.n > UINT32_MAX) {
		html_stop(p, "max_body", UINT32_MAX);
		return;
	}
	if (!text->own || text->at + text->n != t->bytes.n) {
		if (text->own) /* what it leaves behind counts, too */
			html_count_bytes(p, text->n);
		move_to_end(t, text);
	}
	buf_reserve(&t->bytes, run.n);
	memcpy(t->bytes.p + t->bytes.n, (run.own ? t->bytes.p : t->page) + run.at, run.n);
	t->bytes.n += run.n;
	text->n += run.n;
}

void html_add_text(struct html_parser *p, struct html_run run, struct html_place place)
{
	uint32_t before, node;
	struct html_node *text;

	if (!run.n)
		return;
	html_count_bytes(p, run.n);
	before = text_before(p, place);
	text = &p->t->nodes[before];
	if (before && (is_next_to(text, run) || may_move(p->t, text))) {
		extend_text(p, text, run);
		return;
	}
	node = html_add_node(p, HTML_TEXT, place);
	text = &p->t->nodes[node];
	text->at = run.at;
	text->n = run.n;
	text->own = run.own;
}

/* --- the end ---------------------------------------------------------------------------------- */

/* Lays the nodes out in the order of the links. */
static void lay_out(struct html_parser *p)
{
	struct html_tree *t = p->t;
	struct html_node *old = t->nodes;
	size_t cap = t->cap_nodes, n = 1;
	uint32_t i = 0, parent = 0;

	if (p->cap_order < t->n_nodes) {
		p->cap_order = t->cap_nodes;
		p->order = mem_resize(p->order, p->cap_order, sizeof(*p->order));
	}
	p->order[0] = old[0];
	for (;;) {
		if (p->links[i].first) {
			parent = i ? old[i].end : 0;
			i = p->links[i].first;
		} else {
			while (i && !p->links[i].behind)
				i = old[i].parent;
			if (!i)
				break;
			i = p->links[i].behind;
			parent = old[i].parent ? old[old[i].parent].end : 0;
		}
		old[i].end = (uint32_t)n; /* its place in the new array */
		p->order[n] = old[i];
		p->order[n++].parent = parent;
	}
	t->nodes = p->order;
	t->cap_nodes = p->cap_order;
	t->n_nodes = n;
	p->order = old;
	p->cap_order = cap;
}

void html_finish_tree(struct html_parser *p)
{
	struct html_tree *t = p->t;
	struct html_node *nodes;

	if (p->linked)
		lay_out(p);
	if (t->limit && t->n_nodes > MAX(p->limits->max_nodes, 1))
		t->n_nodes = MAX(p->limits->max_nodes, 1);
	nodes = t->nodes;
	for (uint32_t i = 0; i < t->n_nodes; i++) {
		nodes[i].end = i + 1;
		nodes[i].open = false;
	}
	for (uint32_t i = (uint32_t)t->n_nodes - 1; i > 0; i--) {
		uint32_t parent = nodes[i].parent;

		nodes[parent].end = MAX(nodes[parent].end, nodes[i].end);
	}
}
