/* The rules of foreign content: SVG and MathML. */
#include "lib/web/html_parser.h"

/* Pops up to where HTML goes on: an HTML element or an integration point. */
static void leave_foreign(struct html_parser *p)
{
	while (html_top(p)->space != HTML_SPACE_HTML &&
		!(html_top(p)->traits & (IS_MATH_TEXT_POINT | IS_HTML_POINT)))
		html_pop(p);
}

static bool breaks_out(const struct html_token *token)
{
	if (token->end)
		return token->tag == HTML_BR || token->tag == HTML_P;
	return html_traits(token->tag) & IS_BREAKOUT ||
		(token->tag == HTML_FONT && token->font_attr);
}

/* The topmost open foreign element of the tag's name above the HTML elements, or 0. */
static uint32_t foreign_in_scope(const struct html_parser *p, const struct html_token *token)
{
	bool other = token->tag == HTML_OTHER;
	unsigned slot = other ? html_other_slot(token->name) : (unsigned)SLOT_FOREIGN + token->tag;
	uint32_t i = p->last[slot];

	while (i > html_top(p)->bounds[BOUND_HTML]) {
		if (!other || p->stack[i].name == token->name)
			return i;
		i = p->stack[i].prev;
	}
	return 0;
}

/* True: the end tag is for the rules of the mode that is set. */
static bool end_foreign(struct html_parser *p, const struct html_token *token)
{
	uint32_t i = foreign_in_scope(p, token);

	if (i)
		html_pop_to(p, i);
	return !i;
}

/* Whether a text has more than white space and NULs, which are U+FFFD here. */
static bool has_content(const struct html_parser *p, struct html_run run)
{
	const char *s = (run.own ? p->t->bytes.p : p->t->page) + run.at, *end = s + run.n;

	while (s < end)
		if (html_is_space(*s))
			s++;
		else if (run.own && end - s >= 3 && memcmp(s, "\xEF\xBF\xBD", 3) == 0)
			s += 3;
		else
			return true;
	return false;
}

/* True: the token is for the rules of the mode that is set. */
bool html_in_foreign(struct html_parser *p, struct html_token *token)
{
	if (token->tag == HTML_TEXT) {
		p->frameset_ok = p->frameset_ok && !has_content(p, token->text);
		html_insert_text(p, token->text);
		return false;
	}
	if (breaks_out(token)) {
		leave_foreign(p);
		return true;
	}
	if (token->end)
		return end_foreign(p, token);
	html_insert_foreign(p, token, html_top(p)->space);
	return false;
}
