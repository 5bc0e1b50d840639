/* The insertion modes of tables. */
#include "lib/web/html_parser.h"

/* Pops what is not one of the tags, html or template: "clear the stack back to a table context". */
static void clear_to(struct html_parser *p, uint32_t a, uint32_t b, uint32_t c)
{
	uint32_t stop = MAX(MAX(MAX(p->last[a], p->last[b]), p->last[c]), p->last[HTML_TEMPLATE]);

	html_pop_to(p, MAX(stop, p->last[HTML_HTML]) + 1);
}

static void clear_to_table(struct html_parser *p)
{
	clear_to(p, HTML_TABLE, HTML_TABLE, HTML_TABLE);
}

static void clear_to_body(struct html_parser *p)
{
	clear_to(p, HTML_TBODY, HTML_TFOOT, HTML_THEAD);
}

static void clear_to_row(struct html_parser *p)
{
	clear_to(p, HTML_TR, HTML_TR, HTML_TR);
}

static uint32_t in_table_scope(const struct html_parser *p, enum html_tag tag)
{
	return html_in_scope(p, tag, BOUND_TABLE);
}

static bool go(struct html_parser *p, enum html_mode mode)
{
	p->mode = mode;
	return true;
}

/* --- in table --------------------------------------------------------------------------------- */

static bool by_body_rules(struct html_parser *p, struct html_token *token)
{
	bool again;

	p->foster = true;
	again = html_in_body(p, token);
	p->foster = false;
	return again;
}

static bool text_in_table(struct html_parser *p, struct html_token *token)
{
	struct html_token copy = *token;

	if (html_top(p)->traits & IS_TABLE_PART || html_top(p)->tag == HTML_TEMPLATE) {
		html_take_space(p, &copy);
		if (!copy.text.n) {
			html_insert_text(p, token->text);
			return false;
		}
	}
	return by_body_rules(p, token);
}

static bool end_in_table(struct html_parser *p, struct html_token *token)
{
	uint32_t table;

	switch (token->tag) {
	case HTML_TABLE:
		table = in_table_scope(p, HTML_TABLE);
		if (!table)
			return false;
		html_pop_to(p, table);
		html_reset_mode(p);
		return false;
	case HTML_BODY:
	case HTML_CAPTION:
	case HTML_COL:
	case HTML_COLGROUP:
	case HTML_HTML:
	case HTML_TBODY:
	case HTML_TD:
	case HTML_TFOOT:
	case HTML_TH:
	case HTML_THEAD:
	case HTML_TR: return false;
	case HTML_TEMPLATE: return html_in_head(p, token);
	default: return by_body_rules(p, token);
	}
}

/* A table inside a table, not in a cell of it, ends the first. */
static bool start_table_again(struct html_parser *p)
{
	uint32_t table = in_table_scope(p, HTML_TABLE);

	if (!table)
		return false;
	html_pop_to(p, table);
	html_reset_mode(p);
	return true;
}

static void start_form_in_table(struct html_parser *p, struct html_token *token)
{
	if (html_is_open(p, HTML_TEMPLATE) || p->form)
		return;
	p->form = html_insert(p, token);
	html_pop(p);
}

bool html_in_table(struct html_parser *p, struct html_token *token)
{
	if (token->tag == HTML_TEXT)
		return text_in_table(p, token);
	if (token->tag == HTML_DOCUMENT)
		return html_in_body(p, token);
	if (token->end)
		return end_in_table(p, token);
	switch (token->tag) {
	case HTML_CAPTION:
		clear_to_table(p);
		html_add_marker(p);
		html_insert(p, token);
		p->mode = MODE_IN_CAPTION;
		return false;
	case HTML_COLGROUP:
		clear_to_table(p);
		html_insert(p, token);
		p->mode = MODE_IN_COLUMN_GROUP;
		return false;
	case HTML_COL:
		clear_to_table(p);
		html_insert_tag(p, HTML_COLGROUP);
		return go(p, MODE_IN_COLUMN_GROUP);
	case HTML_TBODY:
	case HTML_TFOOT:
	case HTML_THEAD:
		clear_to_table(p);
		html_insert(p, token);
		p->mode = MODE_IN_TABLE_BODY;
		return false;
	case HTML_TD:
	case HTML_TH:
	case HTML_TR:
		clear_to_table(p);
		html_insert_tag(p, HTML_TBODY);
		return go(p, MODE_IN_TABLE_BODY);
	case HTML_TABLE: return start_table_again(p);
	case HTML_STYLE:
	case HTML_SCRIPT:
	case HTML_TEMPLATE: return html_in_head(p, token);
	case HTML_INPUT:
		if (!token->input_hidden)
			return by_body_rules(p, token);
		html_insert_void(p, token);
		return false;
	case HTML_FORM: start_form_in_table(p, token); return false;
	default: return by_body_rules(p, token);
	}
}

/* --- parts of tables -------------------------------------------------------------------------- */

/* Start tags that end a caption or a cell. */
static bool is_table_start(const struct html_token *token)
{
	switch (token->end ? HTML_OTHER : token->tag) {
	case HTML_CAPTION:
	case HTML_COL:
	case HTML_COLGROUP:
	case HTML_TBODY:
	case HTML_TD:
	case HTML_TFOOT:
	case HTML_TH:
	case HTML_THEAD:
	case HTML_TR: return true;
	default: return false;
	}
}

static bool leave_caption(struct html_parser *p)
{
	uint32_t caption = in_table_scope(p, HTML_CAPTION);

	if (!caption)
		return false;
	html_pop_to(p, caption);
	html_clear_to_marker(p);
	return go(p, MODE_IN_TABLE);
}

bool html_in_caption(struct html_parser *p, struct html_token *token)
{
	if (is_table_start(token))
		return leave_caption(p);
	switch (token->end ? token->tag : HTML_OTHER) {
	case HTML_CAPTION: leave_caption(p); return false;
	case HTML_TABLE: return leave_caption(p);
	case HTML_BODY:
	case HTML_COL:
	case HTML_COLGROUP:
	case HTML_HTML:
	case HTML_TBODY:
	case HTML_TD:
	case HTML_TFOOT:
	case HTML_TH:
	case HTML_THEAD:
	case HTML_TR: return false;
	default: return html_in_body(p, token);
	}
}

bool html_in_column_group(struct html_parser *p, struct html_token *token)
{
	html_insert_text(p, html_take_space(p, token));
	if (token->tag == HTML_TEXT && !token->text.n)
		return false;
	if (token->tag == HTML_DOCUMENT || (token->tag == HTML_HTML && !token->end))
		return html_in_body(p, token);
	if (token->tag == HTML_TEMPLATE)
		return html_in_head(p, token);
	if (token->tag == HTML_COL) {
		if (!token->end)
			html_insert_void(p, token);
		return false;
	}
	if (html_top(p)->tag != HTML_COLGROUP)
		return false;
	html_pop(p);
	p->mode = MODE_IN_TABLE;
	return !(token->end && token->tag == HTML_COLGROUP);
}

static bool leave_table_body(struct html_parser *p)
{
	if (!in_table_scope(p, HTML_TBODY) && !in_table_scope(p, HTML_THEAD) &&
		!in_table_scope(p, HTML_TFOOT))
		return false;
	clear_to_body(p);
	html_pop(p);
	return go(p, MODE_IN_TABLE);
}

static bool end_in_table_body(struct html_parser *p, struct html_token *token)
{
	switch (token->tag) {
	case HTML_TBODY:
	case HTML_TFOOT:
	case HTML_THEAD:
		if (in_table_scope(p, token->tag))
			leave_table_body(p);
		return false;
	case HTML_TABLE: return leave_table_body(p);
	case HTML_BODY:
	case HTML_CAPTION:
	case HTML_COL:
	case HTML_COLGROUP:
	case HTML_HTML:
	case HTML_TD:
	case HTML_TH:
	case HTML_TR: return false;
	default: return html_in_table(p, token);
	}
}

bool html_in_table_body(struct html_parser *p, struct html_token *token)
{
	if (token->end)
		return end_in_table_body(p, token);
	switch (token->tag) {
	case HTML_TR:
		clear_to_body(p);
		html_insert(p, token);
		p->mode = MODE_IN_ROW;
		return false;
	case HTML_TD:
	case HTML_TH:
		clear_to_body(p);
		html_insert_tag(p, HTML_TR);
		return go(p, MODE_IN_ROW);
	case HTML_CAPTION:
	case HTML_COL:
	case HTML_COLGROUP:
	case HTML_TBODY:
	case HTML_TFOOT:
	case HTML_THEAD: return leave_table_body(p);
	default: return html_in_table(p, token);
	}
}

static bool leave_row(struct html_parser *p)
{
	if (!in_table_scope(p, HTML_TR))
		return false;
	clear_to_row(p);
	html_pop(p);
	return go(p, MODE_IN_TABLE_BODY);
}

static bool end_in_row(struct html_parser *p, struct html_token *token)
{
	switch (token->tag) {
	case HTML_TR: leave_row(p); return false;
	case HTML_TABLE: return leave_row(p);
	case HTML_TBODY:
	case HTML_TFOOT:
	case HTML_THEAD: return in_table_scope(p, token->tag) && leave_row(p);
	case HTML_BODY:
	case HTML_CAPTION:
	case HTML_COL:
	case HTML_COLGROUP:
	case HTML_HTML:
	case HTML_TD:
	case HTML_TH: return false;
	default: return html_in_table(p, token);
	}
}

bool html_in_row(struct html_parser *p, struct html_token *token)
{
	if (token->end)
		return end_in_row(p, token);
	if (token->tag == HTML_TD || token->tag == HTML_TH) {
		clear_to_row(p);
		html_insert(p, token);
		html_add_marker(p);
		p->mode = MODE_IN_CELL;
		return false;
	}
	return is_table_start(token) ? leave_row(p) : html_in_table(p, token);
}

/* Up to the cell, which is in table scope. */
static bool leave_cell(struct html_parser *p, uint32_t cell)
{
	html_pop_to(p, cell);
	html_clear_to_marker(p);
	return go(p, MODE_IN_ROW);
}

static bool end_in_cell(struct html_parser *p, struct html_token *token)
{
	uint32_t at = in_table_scope(p, token->tag);

	switch (token->tag) {
	case HTML_TD:
	case HTML_TH:
		if (at)
			leave_cell(p, at);
		return false;
	case HTML_BODY:
	case HTML_CAPTION:
	case HTML_COL:
	case HTML_COLGROUP:
	case HTML_HTML: return false;
	case HTML_TABLE:
	case HTML_TBODY:
	case HTML_TFOOT:
	case HTML_THEAD:
	case HTML_TR: return at && leave_cell(p, MAX(p->last[HTML_TD], p->last[HTML_TH]));
	default: return html_in_body(p, token);
	}
}

bool html_in_cell(struct html_parser *p, struct html_token *token)
{
	if (token->end)
		return end_in_cell(p, token);
	if (is_table_start(token))
		return leave_cell(p, MAX(p->last[HTML_TD], p->last[HTML_TH]));
	return html_in_body(p, token);
}
