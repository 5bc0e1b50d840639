/* The stack of open elements. */
#include "lib/core/mem.h"
#include "lib/web/html_parser.h"

static unsigned slot_of(const struct html_open *e)
{
	if (e->tag == HTML_OTHER)
		return html_other_slot(e->name);
	return e->space == HTML_SPACE_HTML ? e->tag : SLOT_FOREIGN + e->tag;
}

/* What a special element at index at bounds. */
static void set_bounds(struct html_open *e, uint32_t at)
{
	bool html = e->space == HTML_SPACE_HTML;

	if (e->traits & IS_SCOPE)
		e->bounds[BOUND_SCOPE] = e->bounds[BOUND_BUTTON] = e->bounds[BOUND_LIST] = at;
	if (html && e->tag == HTML_BUTTON)
		e->bounds[BOUND_BUTTON] = at;
	if (e->traits & IS_LIST)
		e->bounds[BOUND_LIST] = at;
	if (e->traits & IS_TABLE_SCOPE)
		e->bounds[BOUND_TABLE] = at;
	if (!html || (e->tag != HTML_ADDRESS && e->tag != HTML_DIV && e->tag != HTML_P))
		e->bounds[BOUND_ITEM] = at;
	e->bounds[BOUND_SPECIAL] = at;
}

void html_push_entry(struct html_parser *p, const struct html_open *entry)
{
	uint32_t at = (uint32_t)p->depth + 1;
	struct html_open *e;

	if (at > p->limits->max_depth)
		html_stop(p, "max_depth", p->limits->max_depth);
	mem_grow(&p->stack, at, &p->cap_stack, sizeof(*p->stack));
	e = &p->stack[at];
	*e = *entry;
	memcpy(e->bounds, e[-1].bounds, sizeof(e->bounds));
	if (e->traits & IS_SPECIAL)
		set_bounds(e, at);
	if (e->space == HTML_SPACE_HTML)
		e->bounds[BOUND_HTML] = at;
	e->slot = (uint16_t)slot_of(e);
	e->prev = p->last[e->slot];
	p->last[e->slot] = at;
	p->t->nodes[e->node].open = true;
	p->depth = at;
}

void html_push(struct html_parser *p, uint32_t node, const struct html_token *tag)
{
	const struct html_node *el = &p->t->nodes[node];
	struct html_open e = { .node = node, .tag = el->tag, .space = el->space };

	if (el->space == HTML_SPACE_HTML)
		e.traits = (uint16_t)html_traits(el->tag);
	else
		e.traits = (uint16_t)html_foreign_traits(el->space, el->tag);
	if (tag) {
		e.name = tag->name;
		if (tag->html_encoding && el->space == HTML_SPACE_MATH)
			e.traits |= IS_HTML_POINT;
	}
	html_push_entry(p, &e);
}

void html_pop(struct html_parser *p)
{
	const struct html_open *e = html_top(p);

	p->last[e->slot] = e->prev;
	p->t->nodes[e->node].open = false;
	p->depth--;
}

void html_pop_to(struct html_parser *p, uint32_t index)
{
	while (p->depth >= index)
		html_pop(p);
}

void html_take(struct html_parser *p, uint32_t index)
{
	size_t n = p->depth - index;

	while (p->cap_above < n)
		mem_grow(&p->above, p->cap_above, &p->cap_above, sizeof(*p->above));
	if (n)
		memcpy(p->above, p->stack + index + 1, n * sizeof(*p->above));
	html_pop_to(p, index);
	for (size_t i = 0; i < n; i++)
		html_push_entry(p, &p->above[i]);
}

uint32_t html_index_of(const struct html_parser *p, uint32_t node)
{
	uint32_t i = (uint32_t)p->depth;

	if (!p->t->nodes[node].open)
		return 0;
	while (i && p->stack[i].node != node)
		i--;
	return i;
}

uint32_t html_heading_in_scope(const struct html_parser *p)
{
	uint32_t last = 0;

	for (unsigned tag = HTML_H1; tag <= HTML_H6; tag++)
		last = MAX(last, p->last[tag]);
	return last >= html_top(p)->bounds[BOUND_SCOPE] ? last : 0;
}

void html_imply_ends(struct html_parser *p, enum html_tag except)
{
	while (html_top(p)->traits & IS_IMPLIED && html_top(p)->tag != except)
		html_pop(p);
}

void html_imply_all_ends(struct html_parser *p)
{
	while (html_top(p)->traits & (IS_IMPLIED | IS_IMPLIED_TOO))
		html_pop(p);
}

void html_close_p(struct html_parser *p)
{
	uint32_t i = html_in_scope(p, HTML_P, BOUND_BUTTON);

	if (i)
		html_pop_to(p, i);
}
