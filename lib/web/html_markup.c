/* What is neither text nor a tag: comments, doctypes, and what raw elements hold. */
#include "lib/web/html_parser.h"
#include "lib/web/html_scan.h"

/* --- comments --------------------------------------------------------------------------------- */

/* Behind the comment whose text begins at s. It ends at "-->" or "--!>", or at once at ">" or "->". */
static const char *skip_comment_text(const char *s, const char *end)
{
	if (s < end && *s == '>')
		return s + 1;
	if (end - s >= 2 && s[0] == '-' && s[1] == '>')
		return s + 2;
	while ((s = html_scan_hyphens(s, end)) < end) {
		s += 2;
		while (s < end && *s == '-')
			s++;
		if (end - s >= 2 && s[0] == '!' && s[1] == '>')
			return s + 2;
		if (s < end && *s == '>')
			return s + 1;
	}
	return end;
}

void html_skip_comment(struct html_parser *p)
{
	const char *s = p->p + 2;

	if (p->p[1] == '!' && p->end - s >= 2 && s[0] == '-' && s[1] == '-') {
		p->p = skip_comment_text(s + 2, p->end);
		return;
	}
	s = memchr(s, '>', (size_t)(p->end - s));
	p->p = s ? s + 1 : p->end;
}

/* --- doctypes --------------------------------------------------------------------------------- */

/* "The initial insertion mode": public identifiers that begin so ask for quirks mode. */
static const char *const quirky_beginnings[] = {
	"+//Silmaril//dtd html Pro v0r11 19970101//",
	"-//AS//DTD HTML 3.0 asWedit + extensions//",
	"-//AdvaSoft Ltd//DTD HTML 3.0 asWedit + extensions//",
	"-//IETF//DTD HTML 2.0 Level 1//",
	"-//IETF//DTD HTML 2.0 Level 2//",
	"-//IETF//DTD HTML 2.0 Strict Level 1//",
	"-//IETF//DTD HTML 2.0 Strict Level 2//",
	"-//IETF//DTD HTML 2.0 Strict//",
	"-//IETF//DTD HTML 2.0//",
	"-//IETF//DTD HTML 2.1E//",
	"-//IETF//DTD HTML 3.0//",
	"-//IETF//DTD HTML 3.2 Final//",
	"-//IETF//DTD HTML 3.2//",
	"-//IETF//DTD HTML 3//",
	"-//IETF//DTD HTML Level 0//",
	"-//IETF//DTD HTML Level 1//",
	"-//IETF//DTD HTML Level 2//",
	"-//IETF//DTD HTML Level 3//",
	"-//IETF//DTD HTML Strict Level 0//",
	"-//IETF//DTD HTML Strict Level 1//",
	"-//IETF//DTD HTML Strict Level 2//",
	"-//IETF//DTD HTML Strict Level 3//",
	"-//IETF//DTD HTML Strict//",
	"-//IETF//DTD HTML//",
	"-//Metrius//DTD Metrius Presentational//",
	"-//Microsoft//DTD Internet Explorer 2.0 HTML Strict//",
	"-//Microsoft//DTD Internet Explorer 2.0 HTML//",
	"-//Microsoft//DTD Internet Explorer 2.0 Tables//",
	"-//Microsoft//DTD Internet Explorer 3.0 HTML Strict//",
	"-//Microsoft//DTD Internet Explorer 3.0 HTML//",
	"-//Microsoft//DTD Internet Explorer 3.0 Tables//",
	"-//Netscape Comm. Corp.//DTD HTML//",
	"-//Netscape Comm. Corp.//DTD Strict HTML//",
	"-//O'Reilly and Associates//DTD HTML 2.0//",
	"-//O'Reilly and Associates//DTD HTML Extended 1.0//",
	"-//O'Reilly and Associates//DTD HTML Extended Relaxed 1.0//",
	"-//SQ//DTD HTML 2.0 HoTMetaL + extensions//",
	"-//SoftQuad Software//DTD HoTMetaL PRO 6.0::19990601::extensions to HTML 4.0//",
	"-//SoftQuad//DTD HoTMetaL PRO 4.0::19971010::extensions to HTML 4.0//",
	"-//Spyglass//DTD HTML 2.0 Extended//",
	"-//Sun Microsystems Corp.//DTD HotJava HTML//",
	"-//Sun Microsystems Corp.//DTD HotJava Strict HTML//",
	"-//W3C//DTD HTML 3 1995-03-24//",
	"-//W3C//DTD HTML 3.2 Draft//",
	"-//W3C//DTD HTML 3.2 Final//",
	"-//W3C//DTD HTML 3.2//",
	"-//W3C//DTD HTML 3.2S Draft//",
	"-//W3C//DTD HTML 4.0 Frameset//",
	"-//W3C//DTD HTML 4.0 Transitional//",
	"-//W3C//DTD HTML Experimental 19960712//",
	"-//W3C//DTD HTML Experimental 970421//",
	"-//W3C//DTD W3 HTML//",
	"-//W3O//DTD W3 HTML 3.0//",
	"-//WebTechs//DTD Mozilla HTML 2.0//",
	"-//WebTechs//DTD Mozilla HTML//",
};

static bool begins(struct slice s, const char *word)
{
	size_t n = strlen(word);

	return s.n >= n && slice_is_word(slice_head(s, n), word);
}

static bool is_quirky(struct slice public_id, struct slice system_id)
{
	for (size_t i = 0; i < ARRAY_LEN(quirky_beginnings); i++)
		if (begins(public_id, quirky_beginnings[i]))
			return true;
	if (!system_id.p &&
		(begins(public_id, "-//W3C//DTD HTML 4.01 Frameset//") ||
			begins(public_id, "-//W3C//DTD HTML 4.01 Transitional//")))
		return true;
	return slice_is_word(public_id, "-//W3O//DTD W3 HTML Strict 3.0//EN//") ||
		slice_is_word(public_id, "-/W3C/DTD HTML 4.0 Transitional/EN") ||
		slice_is_word(public_id, "HTML") ||
		slice_is_word(
			system_id, "http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd");
}

static struct slice skip_spaces(struct slice s)
{
	while (s.n && html_is_space(*s.p))
		s = slice_skip(s, 1);
	return s;
}

/* Takes a quoted identifier off the front of *s. False when it has no beginning or no end. */
static bool take_quoted(struct slice *s, struct slice *id)
{
	const char *close;

	*s = skip_spaces(*s);
	if (!s->n || (*s->p != '"' && *s->p != '\''))
		return false;
	close = memchr(s->p + 1, *s->p, s->n - 1);
	if (!close)
		return false;
	*id = (struct slice){ s->p + 1, (size_t)(close - s->p) - 1 };
	*s = slice_skip(*s, id->n + 2);
	return true;
}

/* s is what stands between "<!doctype" and ">". */
static bool doctype_is_quirky(struct slice s)
{
	struct slice name, public_id = { 0 }, system_id = { 0 };
	size_t n = 0;

	s = skip_spaces(s);
	while (n < s.n && !html_is_space(s.p[n]))
		n++;
	name = slice_head(s, n);
	s = skip_spaces(slice_skip(s, n));
	if (!slice_is_word(name, "html"))
		return true;
	if (begins(s, "public")) {
		s = slice_skip(s, 6);
		if (!take_quoted(&s, &public_id))
			return true;
		s = skip_spaces(s);
		if (s.n && (*s.p == '"' || *s.p == '\'') && !take_quoted(&s, &system_id))
			return true;
		/* Anything else but a quote there forces quirks mode as well. */
		if (s.n && !system_id.p)
			return true;
	} else if (begins(s, "system")) {
		s = slice_skip(s, 6);
		if (!take_quoted(&s, &system_id))
			return true;
	} else if (s.n) {
		return true;
	}
	return is_quirky(public_id, system_id);
}

/* A ">" ends a doctype, inside of quotes too. */
bool html_read_doctype(struct html_parser *p)
{
	const char *begin = p->p + strlen("<!doctype");
	const char *close = memchr(begin, '>', (size_t)(p->end - begin));

	p->p = close ? close + 1 : p->end;
	return !close || doctype_is_quirky((struct slice){ begin, (size_t)(close - begin) });
}

/* --- raw elements ----------------------------------------------------------------------------- */

/* Whether word, in any case, stands at s and ends there as a tag's name does. */
static bool is_tag_name(const char *s, const char *end, const char *word, size_t n)
{
	return (size_t)(end - s) > n && strncasecmp(s, word, n) == 0 &&
		(html_is_space(s[n]) || s[n] == '/' || s[n] == '>');
}

/* The end tag "</name" from s on, or end. */
static const char *find_end_tag(const char *s, const char *end, const char *name)
{
	size_t n = strlen(name);

	while ((s = memchr(s, '<', (size_t)(end - s))) != NULL) {
		if (end - s > 2 && s[1] == '/' && is_tag_name(s + 2, end, name, n))
			return s;
		s++;
	}
	return end;
}

/* Behind the tags of a script inside a comment inside a script: from s, behind "<script", to behind
 * "</script", or to the "-->" that ends the comment. */
static const char *skip_double_escaped(const char *s, const char *end)
{
	for (; s < end; s++) {
		s = html_scan(s, end, '<', '-', '<', '-');
		if (end - s >= 3 && memcmp(s, "-->", 3) == 0)
			return s;
		if (end - s > 2 && s[0] == '<' && s[1] == '/' &&
			is_tag_name(s + 2, end, "script", 6))
			return s + 8;
	}
	return end;
}

/* The end tag of a script: in "<!--", "<script" begins and "</script" ends a part in which the end
 * tag does not count ("script data double escaped state"). */
static const char *find_script_end(const char *s, const char *end)
{
	bool escaped = false;

	while (s < end) {
		s = escaped ? html_scan(s, end, '<', '-', '<', '-')
			    : html_scan(s, end, '<', '<', '<', '<');
		if (end - s < 3)
			return end;
		if (escaped && memcmp(s, "-->", 3) == 0) {
			escaped = false;
		} else if (s[0] == '<' && s[1] == '/' && is_tag_name(s + 2, end, "script", 6)) {
			return s;
		} else if (escaped && s[0] == '<' && is_tag_name(s + 1, end, "script", 6)) {
			s = skip_double_escaped(s + 7, end);
			continue;
		} else if (!escaped && end - s > 3 && memcmp(s, "<!--", 4) == 0) {
			escaped = true;
			s += 2; /* its hyphens may be those of "-->" */
			continue;
		}
		s++;
	}
	return end;
}

struct html_run html_read_raw(struct html_parser *p, enum html_tag tag, struct html_token *close)
{
	struct slice text;
	const char *end;

	if (tag == HTML_PLAINTEXT)
		end = p->end;
	else if (tag == HTML_SCRIPT)
		end = find_script_end(p->p, p->end);
	else
		end = find_end_tag(p->p, p->end, html_tag_name(tag));
	text = (struct slice){ p->p, (size_t)(end - p->p) };
	p->p = end;
	close->tag = 0;
	if (end < p->end) {
		p->p += 2;
		if (!html_read_tag(p, true, close))
			close->tag = 0;
	}
	if (tag == HTML_SCRIPT)
		return (struct html_run){ .at = (uint32_t)(text.p - p->t->page),
			.n = (uint32_t)text.n };
	return html_clean(
		p, text, tag == HTML_TITLE || tag == HTML_TEXTAREA ? HTML_RCDATA : HTML_RAWTEXT);
}
