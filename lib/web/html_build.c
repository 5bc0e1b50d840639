/* Builds the tree: which rules a token is for, and what all rules insert. */
#include "lib/core/mem.h"
#include "lib/web/html_parser.h"

#include <stdlib.h>

/* --- insert ----------------------------------------------------------------------------------- */

/* Text and elements that a table cannot hold go before it ("foster parenting"). */
static struct html_place foster_place(const struct html_parser *p)
{
	uint32_t table = p->last[HTML_TABLE], template = p->last[HTML_TEMPLATE];

	if (template > table)
		return (struct html_place){ .parent = p->stack[template].node };
	if (!table)
		return (struct html_place){ .parent = p->stack[1].node };
	return (struct html_place){ p->t->nodes[p->stack[table].node].parent,
		p->stack[table].node };
}

struct html_place html_place_in(const struct html_parser *p, const struct html_open *target)
{
	if (p->foster && target->traits & IS_TABLE_PART)
		return foster_place(p);
	return (struct html_place){ .parent = target->node };
}

static uint32_t add_element(struct html_parser *p, enum html_tag tag, struct html_token *from)
{
	uint32_t node;

	if (p->depth >= p->limits->max_depth)
		html_stop(p, "max_depth", p->limits->max_depth);
	node = html_add_node(p, tag, html_place_in(p, html_top(p)));
	if (from) {
		p->t->nodes[node].at = from->attr;
		p->t->nodes[node].n = from->n_attrs;
		from->kept = true;
	}
	return node;
}

uint32_t html_insert(struct html_parser *p, struct html_token *tag)
{
	uint32_t node = add_element(p, tag->tag, tag);

	html_push(p, node, tag);
	return node;
}

void html_insert_void(struct html_parser *p, struct html_token *tag)
{
	add_element(p, tag->tag, tag);
}

uint32_t html_insert_tag(struct html_parser *p, enum html_tag tag)
{
	uint32_t node = add_element(p, tag, NULL);

	html_push(p, node, NULL);
	return node;
}

void html_insert_foreign(struct html_parser *p, struct html_token *tag, enum html_space space)
{
	uint32_t node = add_element(p, tag->tag, tag);

	p->t->nodes[node].space = (uint8_t)space;
	html_push(p, node, tag);
	if (tag->self_closing)
		html_pop(p);
}

/* An element whose text is no markup, up to its end tag: the insertion mode "text" in one step. */
void html_insert_raw(struct html_parser *p, struct html_token *tag)
{
	uint32_t node = html_insert(p, tag);
	struct html_token close;
	struct html_run text;

	if (p->skip_newline && p->p < p->end) {
		p->p += *p->p == '\r';
		p->p += p->p < p->end && *p->p == '\n';
	}
	p->skip_newline = false;
	text = html_read_raw(p, tag->tag, &close);
	if (tag->tag != HTML_STYLE)
		html_add_text(p, text, (struct html_place){ .parent = node });
	html_pop(p);
}

void html_insert_text(struct html_parser *p, struct html_run run)
{
	html_add_text(p, run, html_place_in(p, html_top(p)));
}

/* Adds to node those attributes of the tag that it does not have: a second html or body. */
void html_merge_attrs(struct html_parser *p, uint32_t node, struct html_token *tag)
{
	struct html_tree *t = p->t;
	struct html_node *el = &t->nodes[node];
	uint32_t at = (uint32_t)t->n_attrs, n = el->n;
	uint64_t seen = 0;
	bool more = false;

	for (uint32_t i = 0; i < el->n; i++)
		seen |= UINT64_C(1) << t->attrs[el->at + i].name;
	for (uint32_t i = 0; i < tag->n_attrs; i++)
		more |= !(seen >> t->attrs[tag->attr + i].name & 1);
	if (!more)
		return;
	for (uint32_t i = 0; i < n + tag->n_attrs; i++) {
		struct html_attr attr = t->attrs[i < n ? el->at + i : tag->attr + i - n];

		if (i >= n && seen >> attr.name & 1)
			continue;
		mem_grow(&t->attrs, t->n_attrs, &t->cap_attrs, sizeof(*t->attrs));
		t->attrs[t->n_attrs++] = attr;
	}
	el->at = at;
	el->n = (uint32_t)t->n_attrs - at;
	tag->kept = true;
}

/* --- the insertion mode ----------------------------------------------------------------------- */

void html_reset_mode(struct html_parser *p)
{
	static const uint8_t modes[256] = {
		[HTML_TD] = MODE_IN_CELL,
		[HTML_TH] = MODE_IN_CELL,
		[HTML_TR] = MODE_IN_ROW,
		[HTML_TBODY] = MODE_IN_TABLE_BODY,
		[HTML_THEAD] = MODE_IN_TABLE_BODY,
		[HTML_TFOOT] = MODE_IN_TABLE_BODY,
		[HTML_CAPTION] = MODE_IN_CAPTION,
		[HTML_COLGROUP] = MODE_IN_COLUMN_GROUP,
		[HTML_TABLE] = MODE_IN_TABLE,
		[HTML_HEAD] = MODE_IN_HEAD,
		[HTML_BODY] = MODE_IN_BODY,
		[HTML_FRAMESET] = MODE_IN_FRAMESET,
	};

	for (size_t i = p->depth; i > 0; i--) {
		const struct html_open *e = &p->stack[i];

		if (e->space != HTML_SPACE_HTML)
			continue;
		if (e->tag == HTML_TEMPLATE)
			p->mode = p->template_modes[p->n_template_modes - 1];
		else if (e->tag == HTML_HTML)
			p->mode = p->head ? MODE_AFTER_HEAD : MODE_BEFORE_HEAD;
		else if (modes[e->tag])
			p->mode = modes[e->tag];
		else
			continue;
		return;
	}
}

struct html_run html_take_space(const struct html_parser *p, struct html_token *token)
{
	struct html_run *run = &token->text, space = *run;
	const char *s = (run->own ? p->t->bytes.p : p->t->page) + run->at;

	if (token->tag != HTML_TEXT)
		return (struct html_run){ 0 };
	for (space.n = 0; space.n < run->n && html_is_space(s[space.n]);)
		space.n++;
	run->at += space.n;
	run->n -= space.n;
	return space;
}

static html_rule *const rules[MODES] = {
	[MODE_INITIAL] = html_initial,
	[MODE_BEFORE_HTML] = html_before_html,
	[MODE_BEFORE_HEAD] = html_before_head,
	[MODE_IN_HEAD] = html_in_head,
	[MODE_IN_HEAD_NOSCRIPT] = html_in_head_noscript,
	[MODE_AFTER_HEAD] = html_after_head,
	[MODE_IN_BODY] = html_in_body,
	[MODE_IN_TABLE] = html_in_table,
	[MODE_IN_CAPTION] = html_in_caption,
	[MODE_IN_COLUMN_GROUP] = html_in_column_group,
	[MODE_IN_TABLE_BODY] = html_in_table_body,
	[MODE_IN_ROW] = html_in_row,
	[MODE_IN_CELL] = html_in_cell,
	[MODE_IN_TEMPLATE] = html_in_template,
	[MODE_AFTER_BODY] = html_after_body,
	[MODE_IN_FRAMESET] = html_in_frameset,
	[MODE_AFTER_FRAMESET] = html_after_frameset,
	[MODE_AFTER_AFTER_BODY] = html_after_after_body,
	[MODE_AFTER_AFTER_FRAMESET] = html_after_after_frameset,
};

void html_run_rules(struct html_parser *p, struct html_token *token)
{
	while (rules[p->mode](p, token))
		;
}

/* "Tree construction dispatcher": whether the token is for the rules of foreign content. */
static bool is_foreign(const struct html_parser *p, const struct html_token *token)
{
	const struct html_open *top = html_top(p);

	if (top->space == HTML_SPACE_HTML || token->tag == HTML_DOCUMENT)
		return false;
	if (token->end)
		return true;
	if (top->traits & IS_HTML_POINT)
		return false;
	if (top->traits & IS_MATH_TEXT_POINT)
		return token->tag == HTML_MGLYPH || token->tag == HTML_MALIGNMARK;
	return !(top->tag == HTML_ANNOTATION_XML && token->tag == HTML_SVG);
}

static void process(struct html_parser *p, struct html_token *token)
{
	if (!is_foreign(p, token) || html_in_foreign(p, token))
		html_run_rules(p, token);
}

/* --- the parse -------------------------------------------------------------------------------- */

static void process_text(struct html_parser *p, struct html_run run)
{
	struct html_token token = { .tag = HTML_TEXT, .text = run };

	if (p->skip_newline) {
		const char *s = (run.own ? p->t->bytes.p : p->t->page) + run.at;

		p->skip_newline = false;
		token.text.at += *s == '\n';
		token.text.n -= *s == '\n';
	}
	if (token.text.n)
		process(p, &token);
}

static void read_text(struct html_parser *p)
{
	struct html_token token = { .tag = HTML_TEXT };
	struct html_run run =
		html_read_text(p, is_foreign(p, &token) ? HTML_DATA_FOREIGN : HTML_DATA);

	if (run.n)
		process_text(p, run);
}

static bool stands_at(const struct html_parser *p, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(p->end - p->p) >= n && strncasecmp(p->p, word, n) == 0;
}

static void read_cdata(struct html_parser *p)
{
	struct slice text = { p->p + 9, (size_t)(p->end - p->p) - 9 };

	text.n = slice_find(text, SLICE("]]>"));
	p->p = MIN(text.p + text.n + 3, p->end);
	if (text.n)
		process_text(p, html_clean(p, text, HTML_RAWTEXT));
}

/* At "<!" or "<?", or at "</" with no letter behind it. */
static void read_markup(struct html_parser *p)
{
	if (p->end - p->p >= 9 && memcmp(p->p, "<![CDATA[", 9) == 0 &&
		html_top(p)->space != HTML_SPACE_HTML) {
		read_cdata(p);
	} else if (stands_at(p, "<!doctype")) {
		bool quirks = html_read_doctype(p);

		p->skip_newline = false;
		if (p->mode == MODE_INITIAL) {
			p->quirks = quirks;
			p->mode = MODE_BEFORE_HTML;
		}
	} else {
		html_skip_comment(p);
		p->skip_newline = false;
	}
}

/* What a tag that no node took has left behind is taken off again: a text that grows while such
 * tags come would be moved for each of them. */
static void read_tag(struct html_parser *p, bool end)
{
	struct html_tree *t = p->t;
	size_t n_attrs = t->n_attrs, n_bytes = t->bytes.n;
	struct html_token tag;

	p->p += end ? 2 : 1;
	p->skip_newline = false;
	if (!html_read_tag(p, end, &tag) || t->limit)
		return;
	process(p, &tag);
	if (!tag.kept && tag.n_attrs) {
		t->n_attrs = n_attrs;
		t->bytes.n = n_bytes;
	}
}

static void read_token(struct html_parser *p)
{
	if (*p->p != '<' || !html_is_markup(p->p, p->end))
		read_text(p);
	else if (html_is_letter(p->p[1]))
		read_tag(p, false);
	else if (p->p[1] == '/' && html_is_letter(p->p[2]))
		read_tag(p, true);
	else
		read_markup(p);
}

void html_begin(struct html_tree *t, struct slice page, const struct html_limits *limits)
{
	struct html_parser *p = t->parser ? t->parser : mem_zalloc(1, sizeof(*p));

	if (!page.p)
		page.p = "";
	t->n_nodes = t->n_attrs = 0;
	t->limit = NULL;
	t->page = page.p;
	t->parser = p;
	buf_clear(&t->bytes, MIB);
	p->t = t;
	p->limits = limits;
	p->p = page.p;
	p->end = page.p + page.n;
	p->kept = 0;
	p->depth = p->n_active = p->n_template_modes = 0;
	memset(p->last, 0, sizeof(p->last));
	memset(p->n_active_of, 0, sizeof(p->n_active_of));
	p->html = p->head = p->form = 0;
	p->mode = MODE_INITIAL;
	p->linked = p->quirks = p->foster = p->skip_newline = false;
	p->frameset_ok = true;
	if (!p->cap_stack)
		mem_grow(&p->stack, 0, &p->cap_stack, sizeof(*p->stack));
	p->stack[0] = (struct html_open){ 0 };
	html_add_node(p, HTML_DOCUMENT, (struct html_place){ 0 });
}

void html_parse(struct html_tree *t, struct slice page, const struct html_limits *limits)
{
	struct html_token end = { .tag = HTML_DOCUMENT };
	struct html_parser *p;

	html_begin(t, page, limits);
	p = t->parser;
	if (page.n > UINT32_MAX - MIB)
		html_stop(p, "max_body", UINT32_MAX - MIB);
	while (p->p < p->end && !t->limit)
		read_token(p);
	if (!t->limit)
		process(p, &end);
	html_finish_tree(p);
}

void html_release(struct html_tree *t)
{
	struct html_parser *p = t->parser;

	if (p) {
		free(p->stack);
		free(p->active);
		free(p->above);
		free(p->links);
		free(p->order);
		free(p->template_modes);
		free(p);
	}
	free(t->nodes);
	free(t->attrs);
	buf_release(&t->bytes);
	*t = (struct html_tree){ 0 };
}
