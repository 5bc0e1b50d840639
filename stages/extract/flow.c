/* The walk that tells the chosen text piece by piece. */
#include "stages/extract/flow.h"

#include "stages/extract/flow_parts.h"
#include "stages/extract/math.h"

#include <string.h>

enum {
	MAX_QUOTE = 200, /* nodes in a q that has marks */
	WORTH_SKIPPING = 8, /* nodes; fewer may be a rule or a line break, with what wraps it */
};

/* --- lists and quotes ------------------------------------------------------------------------- */

static bool is_list(enum html_tag tag)
{
	return tag == HTML_UL || tag == HTML_OL;
}

static uint32_t number_of(
	const struct flow *f, uint32_t node, enum html_attr_name name, uint32_t otherwise)
{
	struct slice s = slice_trim(html_attr(f->t, node, name), " \t\r\n\f");
	uint32_t n = 0;

	if (!s.n)
		return otherwise;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || i == 9) /* as many digits as CommonMark has */
			return otherwise;
		n = n * 10 + (uint32_t)(s.p[i] - '0');
	}
	return n;
}

static void push(struct flow *f, struct flow_container c)
{
	if (f->n_containers < FLOW_MAX_DEPTH && !f->heading && !f->cell && !f->pre)
		f->containers[f->n_containers++] = c;
}

static void enter_item(struct flow *f, uint32_t node)
{
	uint32_t parent = f->t->nodes[node].parent;
	struct flow_list *list = f->n_lists ? &f->lists[f->n_lists - 1] : NULL;
	struct flow_container item = { .node = node, .list = parent };

	if (list && list->node == parent && f->t->nodes[parent].tag == HTML_OL) {
		item.ordered = true;
		item.number = number_of(f, node, HTML_ATTR_VALUE, list->next);
		list->next = MIN(item.number, 999999998) + 1;
	}
	f->fresh = false;
	flow_ask(f, GAP_LINE);
	push(f, item);
	f->fresh = f->n_containers && f->containers[f->n_containers - 1].node == node;
}

/* A list right in a list is meant for the item before it: it stays open until that list ends. */
static bool goes_on(const struct flow *f, uint32_t node)
{
	while ((node = html_next(f->t, node)) != 0 && f->t->nodes[node].tag == HTML_TEXT)
		if (slice_trim(html_text(f->t, node), " \t\r\n\f").n)
			return false;
	return node && is_list(f->t->nodes[node].tag);
}

static void leave_item(struct flow *f)
{
	struct flow_container *item = &f->containers[--f->n_containers];

	if (!f->fresh && f->gap == GAP_PARAGRAPH && !item->loose)
		f->gap = GAP_LINE;
	else if (!f->fresh && item->loose)
		flow_ask(f, GAP_PARAGRAPH);
	f->fresh = false;
}

static void leave_container(struct flow *f, uint32_t node)
{
	struct flow_container *c = f->n_containers ? &f->containers[f->n_containers - 1] : NULL;

	if (!c)
		return;
	if (c->node == node && !c->list)
		f->n_containers--;
	else if (c->list &&
		(c->node == node ||
			(is_list(f->t->nodes[node].tag) && f->t->nodes[node].parent == c->list)))
		if (!goes_on(f, node))
			leave_item(f);
}

/* --- elements --------------------------------------------------------------------------------- */

/* Elements that pages set side by side with space by style. Counted on the pages with a gold text
 * under ../shared: where the end of one met the beginning of the next without white space, the gold
 * text had the words apart for 570 of 574 pairs of a, 288 of 309 of span, 187 of 187 of label and
 * span, 45 of 45 of code. */
static bool looks_boxed(enum html_tag tag)
{
	return tag == HTML_A || tag == HTML_SPAN || tag == HTML_LABEL || tag == HTML_CODE ||
		tag == HTML_BUTTON || tag == HTML_I || tag == HTML_SMALL || tag == HTML_TIME ||
		tag == HTML_OTHER;
}

/* Takes note of the begin or end of an element between two pieces. */
static void see_border(struct flow *f, uint32_t node, bool begins)
{
	enum html_tag tag = f->t->nodes[node].tag;

	if (tag == HTML_SUB || tag == HTML_SUP)
		f->closed = f->boxed = false;
	if (!looks_boxed(tag) || f->code || f->glyphs)
		return;
	f->boxed |= begins && f->closed;
	f->closed |= !begins;
	f->spans &= tag == HTML_SPAN || tag == HTML_I;
}

/* What shows as a picture or a control between words. */
static bool is_replaced(enum html_tag tag)
{
	return tag == HTML_IMG || tag == HTML_INPUT || tag == HTML_SELECT || tag == HTML_IFRAME ||
		tag == HTML_VIDEO || tag == HTML_AUDIO || tag == HTML_OBJECT || tag == HTML_EMBED ||
		tag == HTML_CANVAS || tag == HTML_SVG || tag == HTML_TEXTAREA || tag == HTML_BUTTON;
}

static bool is_pre(enum html_tag tag)
{
	return tag == HTML_PRE || tag == HTML_LISTING || tag == HTML_PLAINTEXT || tag == HTML_XMP;
}

static enum flow_gap gap_of(const struct flow *f, uint32_t node)
{
	enum html_tag tag = f->t->nodes[node].tag;
	unsigned flags = html_tag_flags(tag);

	if (is_replaced(tag))
		return GAP_SPACE;
	if (is_list(tag) && f->n_containers && f->containers[f->n_containers - 1].list)
		return GAP_LINE;
	if (flags & HTML_BLOCK)
		return GAP_PARAGRAPH;
	if (flags & HTML_LINE)
		return GAP_LINE;
	if (flags & HTML_CELL)
		return f->table.node ? GAP_SPACE : GAP_PARAGRAPH;
	return GAP_NONE;
}

/* A heading of several blocks is one that lacks its end tag, and no heading. */
static bool is_heading(const struct flow *f, uint32_t node)
{
	unsigned blocks = 0;

	for (uint32_t i = node + 1; i < f->t->nodes[node].end; i++) {
		enum html_tag tag = f->t->nodes[i].tag;

		blocks += tag == HTML_P;
		if (blocks > 1 || is_list(tag) || tag == HTML_TABLE || is_pre(tag) ||
			tag == HTML_BLOCKQUOTE || html_tag_flags(tag) & HTML_HEADING)
			return false;
	}
	return true;
}

static void enter_cell(struct flow *f, uint32_t node)
{
	uint32_t parent = f->t->nodes[node].parent;

	if (!f->table.node || f->cell)
		return;
	f->cell = node;
	f->row = f->t->nodes[parent].tag == HTML_TR ? parent : f->row ? f->row : node;
	f->column = table_cell(&f->table, f->t, node);
}

/* A q without blocks in it has its marks. */
static bool is_quote(const struct flow *f, uint32_t node)
{
	uint32_t end = f->t->nodes[node].end;

	if (f->pre || end - node > MAX_QUOTE)
		return false;
	for (uint32_t i = node + 1; i < end; i++)
		if (html_tag_flags(f->t->nodes[i].tag) & ~(unsigned)HTML_NO_TEXT ||
			f->t->nodes[i].tag == HTML_MATH)
			return false;
	return true;
}

static void enter_pre(struct flow *f, uint32_t node)
{
	if (f->pre)
		return;
	if (f->heading || f->cell) {
		f->code = f->code ? f->code : node;
		return;
	}
	f->pre = node;
	f->pre_told = false;
	f->hold.n = 0;
}

static void enter_break(struct flow *f)
{
	if (f->pre)
		buf_byte(&f->hold, '\n');
	else
		flow_ask(f, f->gap == GAP_BREAK ? GAP_PARAGRAPH : GAP_BREAK);
}

/* Borders of blocks in pre: the lines of code are elements of their own on some pages. */
static void break_line(struct flow *f, uint32_t node)
{
	if (html_tag_flags(f->t->nodes[node].tag) & (HTML_BLOCK | HTML_LINE) && f->pre_told &&
		!(f->hold.n && memchr(f->hold.p, '\n', f->hold.n)))
		buf_byte(&f->hold, '\n');
}

static void enter(struct flow *f, uint32_t node)
{
	enum html_tag tag = f->t->nodes[node].tag;

	if (tag == HTML_BR) {
		enter_break(f);
		return;
	}
	if (f->pre) {
		break_line(f, node);
	} else {
		see_border(f, node, true);
		if (tag != HTML_LI)
			flow_ask(f, gap_of(f, node));
	}
	switch (tag) {
	case HTML_A: f->link = html_attr(f->t, node, HTML_ATTR_HREF).n ? node : f->link; break;
	case HTML_B:
	case HTML_STRONG: f->strong = ++f->strong_depth; break;
	case HTML_I:
	case HTML_EM: f->em = ++f->em_depth; break;
	case HTML_CODE:
	case HTML_KBD:
	case HTML_SAMP:
	case HTML_TT: f->code = f->code ? f->code : node; break;
	case HTML_Q:
		if (is_quote(f, node)) {
			f->quotes++;
			f->quote_depth++;
		}
		break;
	case HTML_HR: f->rule = f->any && !f->heading && !f->cell && !f->pre; break;
	case HTML_UL:
	case HTML_OL:
		if (f->n_lists < FLOW_MAX_DEPTH)
			f->lists[f->n_lists++] =
				(struct flow_list){ node, number_of(f, node, HTML_ATTR_START, 1) };
		break;
	case HTML_LI: enter_item(f, node); break;
	case HTML_BLOCKQUOTE: push(f, (struct flow_container){ .node = node }); break;
	case HTML_PRE:
	case HTML_LISTING:
	case HTML_PLAINTEXT:
	case HTML_XMP: enter_pre(f, node); break;
	case HTML_MATH: f->glyphs = node; break;
	case HTML_TABLE:
		if (!f->heading && !f->cell && !f->pre)
			table_begin(&f->table, f->t, f->in, node);
		break;
	case HTML_TR:
		if (f->table.node && !f->cell) {
			table_row(&f->table);
			f->row = node;
		}
		break;
	case HTML_TD:
	case HTML_TH: enter_cell(f, node); break;
	default:
		if (html_tag_flags(tag) & HTML_HEADING && !f->heading && !f->cell && !f->pre &&
			is_heading(f, node))
			f->heading = node;
		break;
	}
}

static void leave_quote(struct flow *f, uint32_t node)
{
	enum flow_gap gap = f->gap;

	if (!is_quote(f, node))
		return;
	f->quote_depth--;
	if (f->quotes) {
		f->quotes--;
		return;
	}
	f->gap = GAP_NONE;
	flow_tell(f, f->quote_depth % 2 ? SLICE("’") : SLICE("”"));
	f->gap = gap;
}

static void leave(struct flow *f, uint32_t node)
{
	enum html_tag tag = f->t->nodes[node].tag;

	switch (tag) {
	case HTML_B:
	case HTML_STRONG:
		f->strong = --f->strong_depth;
		f->strong_ended |= !f->strong;
		break;
	case HTML_I:
	case HTML_EM:
		f->em = --f->em_depth;
		f->em_ended |= !f->em;
		break;
	case HTML_Q: leave_quote(f, node); break;
	case HTML_UL:
	case HTML_OL: f->n_lists -= f->n_lists && f->lists[f->n_lists - 1].node == node; break;
	case HTML_TABLE:
		if (f->table.node == node)
			table_end(&f->table);
		break;
	default: break;
	}
	if (f->link == node)
		f->link = 0;
	if (f->glyphs == node)
		f->glyphs = 0;
	if (f->code == node)
		f->code = 0;
	if (f->heading == node)
		f->heading = 0;
	if (f->cell == node)
		f->cell = 0;
	if (f->pre == node)
		f->pre = 0;
	if (f->pre)
		break_line(f, node);
	else if (tag != HTML_BR && tag != HTML_LI)
		flow_ask(f, gap_of(f, node));
	else if (tag == HTML_LI)
		flow_ask(f, GAP_LINE);
	leave_container(f, node);
	see_border(f, node, false);
}

/* True when the node at i was told or passed over with all in it. */
static bool passed(struct flow *f, uint32_t i, struct buf *tex)
{
	enum html_tag tag = f->t->nodes[i].tag;
	bool display;

	if (f->pre && tag != HTML_SCRIPT)
		return html_tag_flags(tag) & HTML_NO_TEXT;
	tex->n = 0;
	switch (!f->formulas ? MATH_NONE : math_at(f->t, f->in, i, tex, &display)) {
	case MATH_TEX: flow_math(f, buf_view(tex), display); return true;
	case MATH_COPY: return true;
	case MATH_NONE: break;
	}
	if (html_tag_flags(tag) & HTML_NO_TEXT) {
		flow_ask(f, is_replaced(tag) ? GAP_SPACE : GAP_NONE);
		return true;
	}
	/* An annotation of MathML that is not TeX says the same once more. */
	return (tag == HTML_OTHER || tag == HTML_ANNOTATION_XML) &&
		html_attr(f->t, i, HTML_ATTR_ENCODING).p;
}

/* True when no text in the element at i is chosen. */
static bool is_left_out(struct flow *f, uint32_t i)
{
	const uint8_t *hit;

	if (f->next_chosen < i) {
		hit = memchr(f->in + i, 1, f->t->n_nodes - i);
		f->next_chosen = hit ? (uint32_t)(hit - f->in) : UINT32_MAX;
	}
	return f->next_chosen >= f->t->nodes[i].end;
}

/* Passes over an element with nothing chosen in it, which is most of a page. Formulas are never
 * chosen themselves, items and cells count. */
static bool skipped(struct flow *f, uint32_t i)
{
	enum html_tag tag = f->t->nodes[i].tag;

	if (!f->in || f->formulas || f->pre || f->table.node || tag == HTML_LI ||
		f->t->nodes[i].end - i < WORTH_SKIPPING || !is_left_out(f, i))
		return false;
	flow_ask(f, MAX(gap_of(f, i), GAP_SPACE));
	leave_container(f, i);
	return true;
}

void flow_walk(const struct html_tree *t, const uint8_t *in,
	void (*piece)(void *to, const struct flow *f, struct slice text), void *to)
{
	struct flow f = { .t = t, .in = in, .piece = piece, .to = to, .formulas = math_in(t) };
	struct buf tex = { 0 };
	uint32_t open = 0;

	for (uint32_t i = 1; i <= t->n_nodes; i++) {
		while (open && (i == t->n_nodes || i >= t->nodes[open].end)) {
			leave(&f, open);
			open = t->nodes[open].parent;
		}
		if (i == t->n_nodes)
			break;
		if (t->nodes[i].tag == HTML_TEXT) {
			flow_text(&f, i);
		} else if (skipped(&f, i) || passed(&f, i, &tex)) {
			i = t->nodes[i].end - 1;
		} else {
			enter(&f, i);
			open = i;
		}
	}
	table_end(&f.table);
	buf_release(&f.hold);
	buf_release(&tex);
}
