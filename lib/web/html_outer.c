/* The insertion modes before and behind the body, those of templates and framesets. */
#include "lib/core/mem.h"
#include "lib/web/html_parser.h"

static bool is_text(const struct html_token *token)
{
	return token->tag == HTML_TEXT;
}

/* Whether nothing is left of a text token. */
static bool is_spent(const struct html_token *token)
{
	return is_text(token) && !token->text.n;
}

static bool go(struct html_parser *p, enum html_mode mode)
{
	p->mode = mode;
	return true;
}

/* End tags that stand for "anything else" before the body; all others are passed over there. */
static bool is_passed_over(const struct html_token *token)
{
	return token->end && token->tag != HTML_BODY && token->tag != HTML_HTML &&
		token->tag != HTML_BR;
}

/* --- before the body -------------------------------------------------------------------------- */

bool html_initial(struct html_parser *p, struct html_token *token)
{
	html_take_space(p, token);
	if (is_spent(token))
		return false;
	p->quirks = true;
	return go(p, MODE_BEFORE_HTML);
}

bool html_before_html(struct html_parser *p, struct html_token *token)
{
	html_take_space(p, token);
	if (is_spent(token) || (is_passed_over(token) && token->tag != HTML_HEAD))
		return false;
	p->mode = MODE_BEFORE_HEAD;
	if (token->tag == HTML_HTML && !token->end) {
		p->html = html_insert(p, token);
		return false;
	}
	p->html = html_insert_tag(p, HTML_HTML);
	return true;
}

bool html_before_head(struct html_parser *p, struct html_token *token)
{
	html_take_space(p, token);
	if (is_spent(token) || (is_passed_over(token) && token->tag != HTML_HEAD))
		return false;
	if (token->tag == HTML_HTML && !token->end)
		return html_in_body(p, token);
	p->mode = MODE_IN_HEAD;
	if (token->tag == HTML_HEAD && !token->end) {
		p->head = html_insert(p, token);
		return false;
	}
	p->head = html_insert_tag(p, HTML_HEAD);
	return true;
}

static void start_template(struct html_parser *p, struct html_token *token)
{
	html_insert(p, token);
	html_add_marker(p);
	p->frameset_ok = false;
	p->mode = MODE_IN_TEMPLATE;
	mem_grow(&p->template_modes, p->n_template_modes, &p->cap_template_modes, 1);
	p->template_modes[p->n_template_modes++] = MODE_IN_TEMPLATE;
}

static void leave_template(struct html_parser *p)
{
	html_pop_to(p, p->last[HTML_TEMPLATE]);
	html_clear_to_marker(p);
	p->n_template_modes--;
	html_reset_mode(p);
}

static void end_template(struct html_parser *p)
{
	if (!html_is_open(p, HTML_TEMPLATE))
		return;
	html_imply_all_ends(p);
	leave_template(p);
}

/* Start tags that belong into the head, wherever they stand. False: it is none. */
static bool start_in_head(struct html_parser *p, struct html_token *token)
{
	switch (token->tag) {
	case HTML_BASE:
	case HTML_BASEFONT:
	case HTML_BGSOUND:
	case HTML_LINK:
	case HTML_META: html_insert_void(p, token); return true;
	case HTML_TITLE:
	case HTML_NOFRAMES:
	case HTML_STYLE:
	case HTML_SCRIPT: html_insert_raw(p, token); return true;
	case HTML_TEMPLATE: start_template(p, token); return true;
	default: return false;
	}
}

bool html_in_head(struct html_parser *p, struct html_token *token)
{
	html_insert_text(p, html_take_space(p, token));
	if (is_spent(token))
		return false;
	if (token->end) {
		if (token->tag == HTML_TEMPLATE)
			end_template(p);
		if (token->tag != HTML_HEAD && is_passed_over(token))
			return false;
		p->mode = MODE_AFTER_HEAD;
		html_pop(p);
		return token->tag != HTML_HEAD;
	}
	if (token->tag == HTML_HTML)
		return html_in_body(p, token);
	if (token->tag == HTML_HEAD || start_in_head(p, token))
		return false;
	if (token->tag == HTML_NOSCRIPT) {
		html_insert(p, token);
		p->mode = MODE_IN_HEAD_NOSCRIPT;
		return false;
	}
	html_pop(p);
	return go(p, MODE_AFTER_HEAD);
}

bool html_in_head_noscript(struct html_parser *p, struct html_token *token)
{
	html_insert_text(p, html_take_space(p, token));
	if (is_spent(token))
		return false;
	if (token->end && token->tag == HTML_NOSCRIPT) {
		html_pop(p);
		p->mode = MODE_IN_HEAD;
		return false;
	}
	if (token->end && token->tag != HTML_BR)
		return false;
	switch (token->end ? HTML_BR : token->tag) {
	case HTML_HTML: return html_in_body(p, token);
	case HTML_BASEFONT:
	case HTML_BGSOUND:
	case HTML_LINK:
	case HTML_META:
	case HTML_NOFRAMES:
	case HTML_STYLE: start_in_head(p, token); return false;
	case HTML_HEAD:
	case HTML_NOSCRIPT: return false;
	default: break;
	}
	html_pop(p);
	return go(p, MODE_IN_HEAD);
}

/* What comes late goes into the head all the same. */
static bool start_in_closed_head(struct html_parser *p, struct html_token *token)
{
	bool taken;
	uint32_t at;

	html_reopen(p, p->head);
	html_push(p, p->head, NULL);
	at = (uint32_t)p->depth;
	taken = start_in_head(p, token);
	html_take(p, at);
	return taken;
}

bool html_after_head(struct html_parser *p, struct html_token *token)
{
	html_insert_text(p, html_take_space(p, token));
	if (is_spent(token))
		return false;
	if (token->end && token->tag == HTML_TEMPLATE)
		return html_in_head(p, token);
	if (is_passed_over(token))
		return false;
	switch (token->end ? HTML_BR : token->tag) {
	case HTML_HTML: return html_in_body(p, token);
	case HTML_HEAD: return false;
	case HTML_BODY:
		html_insert(p, token);
		p->frameset_ok = false;
		p->mode = MODE_IN_BODY;
		return false;
	case HTML_FRAMESET:
		html_insert(p, token);
		p->mode = MODE_IN_FRAMESET;
		return false;
	case HTML_BASE:
	case HTML_BASEFONT:
	case HTML_BGSOUND:
	case HTML_LINK:
	case HTML_META:
	case HTML_NOFRAMES:
	case HTML_SCRIPT:
	case HTML_STYLE:
	case HTML_TEMPLATE:
	case HTML_TITLE: start_in_closed_head(p, token); return false;
	default: break;
	}
	html_insert_tag(p, HTML_BODY);
	return go(p, MODE_IN_BODY);
}

/* --- templates -------------------------------------------------------------------------------- */

static bool go_in_template(struct html_parser *p, enum html_mode mode)
{
	p->template_modes[p->n_template_modes - 1] = (uint8_t)mode;
	return go(p, mode);
}

bool html_in_template(struct html_parser *p, struct html_token *token)
{
	if (token->tag == HTML_DOCUMENT) {
		if (!html_is_open(p, HTML_TEMPLATE))
			return false;
		leave_template(p);
		return true;
	}
	if (is_text(token))
		return html_in_body(p, token);
	if (token->end)
		return token->tag == HTML_TEMPLATE && html_in_head(p, token);
	switch (token->tag) {
	case HTML_BASE:
	case HTML_BASEFONT:
	case HTML_BGSOUND:
	case HTML_LINK:
	case HTML_META:
	case HTML_NOFRAMES:
	case HTML_SCRIPT:
	case HTML_STYLE:
	case HTML_TEMPLATE:
	case HTML_TITLE: return html_in_head(p, token);
	case HTML_CAPTION:
	case HTML_COLGROUP:
	case HTML_TBODY:
	case HTML_TFOOT:
	case HTML_THEAD: return go_in_template(p, MODE_IN_TABLE);
	case HTML_COL: return go_in_template(p, MODE_IN_COLUMN_GROUP);
	case HTML_TR: return go_in_template(p, MODE_IN_TABLE_BODY);
	case HTML_TD:
	case HTML_TH: return go_in_template(p, MODE_IN_ROW);
	default: return go_in_template(p, MODE_IN_BODY);
	}
}

/* --- behind the body -------------------------------------------------------------------------- */

/* White space in front is body text. */
static void take_body_space(struct html_parser *p, struct html_token *token)
{
	struct html_token space = { .tag = HTML_TEXT };

	space.text = html_take_space(p, token);
	if (space.text.n)
		html_in_body(p, &space);
}

bool html_after_body(struct html_parser *p, struct html_token *token)
{
	take_body_space(p, token);
	if (is_spent(token) || token->tag == HTML_DOCUMENT)
		return false;
	if (token->tag == HTML_HTML && !token->end)
		return html_in_body(p, token);
	if (token->tag == HTML_HTML) {
		p->mode = MODE_AFTER_AFTER_BODY;
		return false;
	}
	return go(p, MODE_IN_BODY);
}

bool html_after_after_body(struct html_parser *p, struct html_token *token)
{
	take_body_space(p, token);
	if (is_spent(token) || token->tag == HTML_DOCUMENT)
		return false;
	if (token->tag == HTML_HTML && !token->end)
		return html_in_body(p, token);
	return go(p, MODE_IN_BODY);
}

/* --- framesets -------------------------------------------------------------------------------- */

/* The white space alone of a text is kept. */
static void insert_spaces(struct html_parser *p, struct html_token *token)
{
	while (token->text.n) {
		html_insert_text(p, html_take_space(p, token));
		if (token->text.n) {
			token->text.at++;
			token->text.n--;
		}
	}
}

bool html_in_frameset(struct html_parser *p, struct html_token *token)
{
	insert_spaces(p, token);
	if (token->end) {
		if (token->tag != HTML_FRAMESET || p->depth == 1)
			return false;
		html_pop(p);
		if (html_top(p)->tag != HTML_FRAMESET)
			p->mode = MODE_AFTER_FRAMESET;
		return false;
	}
	switch (token->tag) {
	case HTML_HTML: return html_in_body(p, token);
	case HTML_FRAMESET: html_insert(p, token); break;
	case HTML_FRAME: html_insert_void(p, token); break;
	case HTML_NOFRAMES: html_insert_raw(p, token); break;
	default: break;
	}
	return false;
}

bool html_after_frameset(struct html_parser *p, struct html_token *token)
{
	insert_spaces(p, token);
	if (token->tag == HTML_HTML && token->end)
		p->mode = MODE_AFTER_AFTER_FRAMESET;
	else if (token->tag == HTML_HTML)
		return html_in_body(p, token);
	else if (token->tag == HTML_NOFRAMES && !token->end)
		html_insert_raw(p, token);
	return false;
}

bool html_after_after_frameset(struct html_parser *p, struct html_token *token)
{
	insert_spaces(p, token);
	if (token->tag == HTML_HTML && !token->end)
		return html_in_body(p, token);
	if (token->tag == HTML_NOFRAMES && !token->end)
		html_insert_raw(p, token);
	return false;
}
