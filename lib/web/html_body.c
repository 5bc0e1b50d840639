/* The insertion mode "in body". */
#include "lib/web/html_parser.h"

/* --- start tags ------------------------------------------------------------------------------- */

static void start_block(struct html_parser *p, struct html_token *token)
{
	html_close_p(p);
	html_insert(p, token);
}

static void start_plain(struct html_parser *p, struct html_token *token)
{
	html_reconstruct(p);
	html_insert(p, token);
}

static void start_void(struct html_parser *p, struct html_token *token)
{
	html_reconstruct(p);
	html_insert_void(p, token);
	p->frameset_ok = false;
}

static void start_formatting(struct html_parser *p, struct html_token *token)
{
	html_reconstruct(p);
	html_add_active(p, html_insert(p, token), token);
}

static void start_html(struct html_parser *p, struct html_token *token)
{
	if (!html_is_open(p, HTML_TEMPLATE))
		html_merge_attrs(p, p->html, token);
}

/* Whether the second element of the stack is the body. */
static bool in_body_element(const struct html_parser *p)
{
	return p->depth > 1 && p->stack[2].tag == HTML_BODY && p->stack[2].space == HTML_SPACE_HTML;
}

static void start_body(struct html_parser *p, struct html_token *token)
{
	if (!in_body_element(p) || html_is_open(p, HTML_TEMPLATE))
		return;
	p->frameset_ok = false;
	html_merge_attrs(p, p->stack[2].node, token);
}

static void start_frameset(struct html_parser *p, struct html_token *token)
{
	if (!in_body_element(p) || !p->frameset_ok)
		return;
	html_detach(p, p->stack[2].node);
	html_pop_to(p, 2);
	html_insert(p, token);
	p->mode = MODE_IN_FRAMESET;
}

static void start_heading(struct html_parser *p, struct html_token *token)
{
	html_close_p(p);
	if (html_top(p)->traits & IS_HEADING)
		html_pop(p);
	html_insert(p, token);
}

static void start_form(struct html_parser *p, struct html_token *token)
{
	bool in_template = html_is_open(p, HTML_TEMPLATE);
	uint32_t node;

	if (p->form && !in_template)
		return;
	html_close_p(p);
	node = html_insert(p, token);
	if (!in_template)
		p->form = node;
}

/* li, dd and dt end one before them, unless another block stands between. */
static void start_item(struct html_parser *p, struct html_token *token, uint32_t before)
{
	p->frameset_ok = false;
	if (before && before >= html_top(p)->bounds[BOUND_ITEM])
		html_pop_to(p, before);
	start_block(p, token);
}

static void start_button(struct html_parser *p, struct html_token *token)
{
	uint32_t before = html_in_scope(p, HTML_BUTTON, BOUND_SCOPE);

	if (before)
		html_pop_to(p, before);
	start_plain(p, token);
	p->frameset_ok = false;
}

/* A link inside a link ends the first. */
static void start_a(struct html_parser *p, struct html_token *token)
{
	uint32_t before = html_active(p, HTML_A);

	if (before) {
		html_adopt(p, token);
		html_forget_active(p, before);
		if (html_index_of(p, before))
			html_take(p, html_index_of(p, before));
	}
	start_formatting(p, token);
}

static void start_nobr(struct html_parser *p, struct html_token *token)
{
	html_reconstruct(p);
	if (html_in_scope(p, HTML_NOBR, BOUND_SCOPE)) {
		html_adopt(p, token);
		html_reconstruct(p);
	}
	html_add_active(p, html_insert(p, token), token);
}

static void start_object(struct html_parser *p, struct html_token *token)
{
	start_plain(p, token);
	html_add_marker(p);
	p->frameset_ok = false;
}

static void start_table(struct html_parser *p, struct html_token *token)
{
	if (!p->quirks)
		html_close_p(p);
	html_insert(p, token);
	p->frameset_ok = false;
	p->mode = MODE_IN_TABLE;
}

static bool close_select(struct html_parser *p)
{
	uint32_t before = html_in_scope(p, HTML_SELECT, BOUND_SCOPE);

	if (before)
		html_pop_to(p, before);
	return before;
}

static void start_input(struct html_parser *p, struct html_token *token)
{
	bool frameset_ok = p->frameset_ok;

	close_select(p);
	start_void(p, token);
	if (token->input_hidden)
		p->frameset_ok = frameset_ok;
}

static void start_hr(struct html_parser *p, struct html_token *token)
{
	html_close_p(p);
	if (html_in_scope(p, HTML_SELECT, BOUND_SCOPE))
		html_imply_ends(p, HTML_OTHER);
	html_insert_void(p, token);
	p->frameset_ok = false;
}

static void start_select(struct html_parser *p, struct html_token *token)
{
	if (close_select(p))
		return;
	start_plain(p, token);
	p->frameset_ok = false;
}

static void start_option(struct html_parser *p, struct html_token *token)
{
	if (html_in_scope(p, HTML_SELECT, BOUND_SCOPE))
		html_imply_ends(p, token->tag == HTML_OPTION ? HTML_OPTGROUP : HTML_OTHER);
	else if (html_top(p)->tag == HTML_OPTION && html_top(p)->space == HTML_SPACE_HTML)
		html_pop(p);
	start_plain(p, token);
}

static void start_ruby_part(struct html_parser *p, struct html_token *token)
{
	if (html_in_scope(p, HTML_RUBY, BOUND_SCOPE))
		html_imply_ends(
			p, token->tag == HTML_RT || token->tag == HTML_RP ? HTML_RTC : HTML_OTHER);
	html_insert(p, token);
}

static void start_raw(struct html_parser *p, struct html_token *token)
{
	if (token->tag == HTML_XMP) {
		html_close_p(p);
		html_reconstruct(p);
	}
	if (token->tag != HTML_NOEMBED)
		p->frameset_ok = false;
	p->skip_newline = token->tag == HTML_TEXTAREA;
	html_insert_raw(p, token);
}

static void text_in_body(struct html_parser *p, struct html_token *token)
{
	html_reconstruct(p);
	html_insert_text(p, token->text);
	if (p->frameset_ok) {
		html_take_space(p, token);
		p->frameset_ok = !token->text.n;
	}
}

/* All that follows is text, but of the body, where formatting goes on. */
static void start_plaintext(struct html_parser *p, struct html_token *token)
{
	struct html_token text = { .tag = HTML_TEXT }, none;

	start_block(p, token);
	text.text = html_read_raw(p, HTML_PLAINTEXT, &none);
	text_in_body(p, &text);
}

static bool start_in_body(struct html_parser *p, struct html_token *token)
{
	switch (token->tag) {
	case HTML_HTML: start_html(p, token); break;
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
	case HTML_BODY: start_body(p, token); break;
	case HTML_FRAMESET: start_frameset(p, token); break;
	case HTML_ADDRESS:
	case HTML_ARTICLE:
	case HTML_ASIDE:
	case HTML_BLOCKQUOTE:
	case HTML_CENTER:
	case HTML_DETAILS:
	case HTML_DIALOG:
	case HTML_DIR:
	case HTML_DIV:
	case HTML_DL:
	case HTML_FIELDSET:
	case HTML_FIGCAPTION:
	case HTML_FIGURE:
	case HTML_FOOTER:
	case HTML_HEADER:
	case HTML_HGROUP:
	case HTML_MAIN:
	case HTML_MENU:
	case HTML_NAV:
	case HTML_OL:
	case HTML_P:
	case HTML_SEARCH:
	case HTML_SECTION:
	case HTML_SUMMARY:
	case HTML_UL: start_block(p, token); break;
	case HTML_H1:
	case HTML_H2:
	case HTML_H3:
	case HTML_H4:
	case HTML_H5:
	case HTML_H6: start_heading(p, token); break;
	case HTML_PRE:
	case HTML_LISTING:
		start_block(p, token);
		p->skip_newline = true;
		p->frameset_ok = false;
		break;
	case HTML_FORM: start_form(p, token); break;
	case HTML_LI: start_item(p, token, p->last[HTML_LI]); break;
	case HTML_DD:
	case HTML_DT: start_item(p, token, MAX(p->last[HTML_DD], p->last[HTML_DT])); break;
	case HTML_BUTTON: start_button(p, token); break;
	case HTML_A: start_a(p, token); break;
	case HTML_B:
	case HTML_BIG:
	case HTML_CODE:
	case HTML_EM:
	case HTML_FONT:
	case HTML_I:
	case HTML_S:
	case HTML_SMALL:
	case HTML_STRIKE:
	case HTML_STRONG:
	case HTML_TT:
	case HTML_U: start_formatting(p, token); break;
	case HTML_NOBR: start_nobr(p, token); break;
	case HTML_APPLET:
	case HTML_MARQUEE:
	case HTML_OBJECT: start_object(p, token); break;
	case HTML_TABLE: start_table(p, token); break;
	case HTML_IMAGE: token->tag = HTML_IMG; return true;
	case HTML_AREA:
	case HTML_BR:
	case HTML_EMBED:
	case HTML_IMG:
	case HTML_KEYGEN:
	case HTML_WBR: start_void(p, token); break;
	case HTML_INPUT: start_input(p, token); break;
	case HTML_PARAM:
	case HTML_SOURCE:
	case HTML_TRACK: html_insert_void(p, token); break;
	case HTML_HR: start_hr(p, token); break;
	case HTML_TEXTAREA:
	case HTML_XMP:
	case HTML_IFRAME:
	case HTML_NOEMBED: start_raw(p, token); break;
	case HTML_PLAINTEXT: start_plaintext(p, token); break;
	case HTML_SELECT: start_select(p, token); break;
	case HTML_OPTION:
	case HTML_OPTGROUP: start_option(p, token); break;
	case HTML_RB:
	case HTML_RP:
	case HTML_RT:
	case HTML_RTC: start_ruby_part(p, token); break;
	case HTML_MATH:
		html_reconstruct(p);
		html_insert_foreign(p, token, HTML_SPACE_MATH);
		break;
	case HTML_SVG:
		html_reconstruct(p);
		html_insert_foreign(p, token, HTML_SPACE_SVG);
		break;
	case HTML_CAPTION:
	case HTML_COL:
	case HTML_COLGROUP:
	case HTML_FRAME:
	case HTML_HEAD:
	case HTML_TBODY:
	case HTML_TD:
	case HTML_TFOOT:
	case HTML_TH:
	case HTML_THEAD:
	case HTML_TR: break;
	default: start_plain(p, token); break;
	}
	return false;
}

/* --- end tags --------------------------------------------------------------------------------- */

/* True: the element was there. */
static bool end_in_scope(struct html_parser *p, enum html_tag tag, enum bound bound)
{
	uint32_t i = html_in_scope(p, tag, bound);

	if (i)
		html_pop_to(p, i);
	return i;
}

static void end_form(struct html_parser *p)
{
	uint32_t i = p->form ? html_index_of(p, p->form) : 0;

	if (html_is_open(p, HTML_TEMPLATE)) {
		end_in_scope(p, HTML_FORM, BOUND_SCOPE);
		return;
	}
	p->form = 0;
	if (!i || i < html_top(p)->bounds[BOUND_SCOPE])
		return;
	html_imply_ends(p, HTML_OTHER);
	html_take(p, i);
}

static void end_p(struct html_parser *p)
{
	if (!html_in_scope(p, HTML_P, BOUND_BUTTON))
		html_insert_tag(p, HTML_P);
	html_close_p(p);
}

static void end_br(struct html_parser *p)
{
	struct html_token br = { .tag = HTML_BR };

	start_void(p, &br);
}

/* An element without rules of its own ends where one of its name is open, unless a special element
 * stands above it. */
static void end_other(struct html_parser *p, const struct html_token *token)
{
	uint32_t i;

	if (token->tag != HTML_OTHER) {
		end_in_scope(p, token->tag, BOUND_SPECIAL);
		return;
	}
	i = p->last[html_other_slot(token->name)];
	while (i > html_top(p)->bounds[BOUND_SPECIAL] &&
		(p->stack[i].name != token->name || p->stack[i].space != HTML_SPACE_HTML))
		i = p->stack[i].prev;
	if (i > html_top(p)->bounds[BOUND_SPECIAL])
		html_pop_to(p, i);
}

static bool end_in_body(struct html_parser *p, struct html_token *token)
{
	uint32_t i;

	switch (token->tag) {
	case HTML_TEMPLATE: return html_in_head(p, token);
	case HTML_BODY:
	case HTML_HTML:
		if (!html_in_scope(p, HTML_BODY, BOUND_SCOPE))
			return false;
		p->mode = MODE_AFTER_BODY;
		return token->tag == HTML_HTML;
	case HTML_ADDRESS:
	case HTML_ARTICLE:
	case HTML_ASIDE:
	case HTML_BLOCKQUOTE:
	case HTML_BUTTON:
	case HTML_CENTER:
	case HTML_DD:
	case HTML_DETAILS:
	case HTML_DIALOG:
	case HTML_DIR:
	case HTML_DIV:
	case HTML_DL:
	case HTML_DT:
	case HTML_FIELDSET:
	case HTML_FIGCAPTION:
	case HTML_FIGURE:
	case HTML_FOOTER:
	case HTML_HEADER:
	case HTML_HGROUP:
	case HTML_LISTING:
	case HTML_MAIN:
	case HTML_MENU:
	case HTML_NAV:
	case HTML_OL:
	case HTML_PRE:
	case HTML_SEARCH:
	case HTML_SECTION:
	case HTML_SELECT:
	case HTML_SUMMARY:
	case HTML_UL: end_in_scope(p, token->tag, BOUND_SCOPE); break;
	case HTML_LI: end_in_scope(p, HTML_LI, BOUND_LIST); break;
	case HTML_FORM: end_form(p); break;
	case HTML_P: end_p(p); break;
	case HTML_H1:
	case HTML_H2:
	case HTML_H3:
	case HTML_H4:
	case HTML_H5:
	case HTML_H6:
		i = html_heading_in_scope(p);
		if (i)
			html_pop_to(p, i);
		break;
	case HTML_A:
	case HTML_B:
	case HTML_BIG:
	case HTML_CODE:
	case HTML_EM:
	case HTML_FONT:
	case HTML_I:
	case HTML_NOBR:
	case HTML_S:
	case HTML_SMALL:
	case HTML_STRIKE:
	case HTML_STRONG:
	case HTML_TT:
	case HTML_U: html_adopt(p, token); break;
	case HTML_APPLET:
	case HTML_MARQUEE:
	case HTML_OBJECT:
		if (end_in_scope(p, token->tag, BOUND_SCOPE))
			html_clear_to_marker(p);
		break;
	case HTML_BR: end_br(p); break;
	default: end_other(p, token); break;
	}
	return false;
}

/* --- the mode --------------------------------------------------------------------------------- */

bool html_in_body(struct html_parser *p, struct html_token *token)
{
	if (token->tag == HTML_TEXT) {
		text_in_body(p, token);
		return false;
	}
	if (token->tag == HTML_DOCUMENT)
		return p->n_template_modes && html_in_template(p, token);
	return token->end ? end_in_body(p, token) : start_in_body(p, token);
}
