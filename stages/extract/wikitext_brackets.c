/* Braces, brackets, bars and line ends: templates, links, tables. */
#include "stages/extract/wikitext_expand.h"

#include <stdlib.h>
#include <strings.h>

enum { LINE_START_REACH = 64 }; /* bytes; more white space before a table is none */

/* Whether nothing but white space and : (an indented table) stands before this on its line. */
static bool at_line_start(const struct expander *x)
{
	const struct buf *out = x->out;

	for (size_t i = 0; i < LINE_START_REACH; i++) {
		char c;

		if (i == out->n)
			return true;
		c = out->p[out->n - 1 - i];
		if (c == '\n')
			return true;
		if (c != ' ' && c != '\t' && c != ':' && c != MARK_GONE)
			return false;
	}
	return false;
}

static void close_table(struct expander *x, bool left_open)
{
	bool html = top(x)->kind == HTML_TABLE;
	struct slice content = slice_skip(frame_content(x), html ? 0 : 2);

	x->tmp.n = 0;
	if (x->depth <= WIKI_KEEP_DEPTH)
		wiki_table(content, html, left_open, &x->tmp);
	drop_frame(x);
	buf_slice(x->out, buf_view(&x->tmp));
}

void wiki_close_table(struct expander *x)
{
	close_table(x, false);
}

void wiki_close_open_tables(struct expander *x)
{
	while (x->depth) {
		bool table = top_is(x, TABLE) || top_is(x, HTML_TABLE);

		if (table && x->depth <= WIKI_KEEP_DEPTH)
			close_table(x, true);
		else
			pop(x);
	}
}

static void end_table(struct expander *x)
{
	while (!top_is(x, TABLE))
		pop(x);
	wiki_close_table(x);
}

/* Braces. */

/* True when it stood for the end of a table. */
static bool close_template(struct expander *x)
{
	struct slice content = frame_content(x), name = content;
	bool ends_table = wiki_template_ends_table(content, x->names->language);
	bool known;

	name.n = slice_find(content, SLICE("\x06"));
	if (x->depth == 1)
		x->disambiguation |= wiki_is_disambiguation_template(wiki_trim(name));

	x->tmp.n = 0;
	known = x->depth <= WIKI_KEEP_DEPTH &&
		wiki_template_expand(content, x->names->language, &x->tmp);
	x->out->n = top(x)->start;
	if (known)
		buf_slice(x->out, buf_view(&x->tmp));
	else
		buf_byte(x->out, MARK_GONE);
	return ends_table;
}

/* {{{name|default}}}: on a page of its own nobody gives it a value. */
static void close_parameter(struct expander *x)
{
	struct slice content = frame_content(x);
	const char *sep = memchr(content.p, MARK_SEP, content.n);
	struct slice value = { NULL, 0 };

	if (sep && x->depth <= WIKI_KEEP_DEPTH)
		value = slice_skip(content, (size_t)(sep + 1 - content.p));
	x->tmp.n = 0;
	buf_slice(&x->tmp, value);
	x->out->n = top(x)->start;
	buf_slice(x->out, buf_view(&x->tmp));
}

/* Three braces make a parameter and two a template, the inner ones first, as in
 * Preprocessor_Hash. A brace that is left over goes. */
void wiki_close_braces(struct expander *x)
{
	size_t n = run_length(x, '}');

	x->p += n;
	while (n >= 2 && x->open[BRACES]) {
		bool ends_table = false;
		size_t used;

		while (!top_is(x, BRACES))
			pop(x);
		used = MIN(top(x)->count, n) >= 3 ? 3 : 2;
		if (used == 3)
			close_parameter(x);
		else
			ends_table = close_template(x);
		n -= used;
		top(x)->count -= used;
		if (top(x)->count < 2)
			pop(x);
		if (ends_table && top_is(x, TABLE))
			wiki_close_table(x);
	}
	if (n == 1)
		buf_byte(x->out, '}');
}

void wiki_open_braces(struct expander *x)
{
	size_t n = run_length(x, '{');

	if (n == 1) {
		if (left(x) > 1 && x->p[1] == '|' && at_line_start(x))
			push(x, TABLE, 1);
		buf_byte(x->out, '{');
		x->p++;
		return;
	}
	push(x, BRACES, n);
	x->p += n;
}

/* Links. */

static bool is_protocol(struct slice s)
{
	static const char *const protocols[] = { "http://", "https://", "ftp://", "//",
		"mailto:", "news:", "irc://", "ircs://", "gopher://", "telnet://", "nntp://",
		"worldwind://", "svn://", "git://",
		"tel:", "sip:", "urn:", "geo:", "magnet:", "bitcoin:" };

	for (size_t i = 0; i < ARRAY_LEN(protocols); i++) {
		size_t n = strlen(protocols[i]);

		if (s.n > n && strncasecmp(s.p, protocols[i], n) == 0)
			return true;
	}
	return false;
}

static void keep_tail(struct expander *x, size_t start, struct slice kept)
{
	memmove(x->out->p + start, kept.p, kept.n);
	x->out->n = start + kept.n;
}

/* What follows the address of an external link. */
static struct slice external_label(struct slice content)
{
	size_t i = 0;

	while (i < content.n && !byte_in(content.p[i], " \t\n[]\"<>\x03\x06"))
		i++;
	return wiki_trim(slice_skip(content, i));
}

/* [[page|]]: the label is the page's name without its namespace and what tells it from others
 * (Help:Pipe trick). MediaWiki does this on saving, so that few are left. */
static struct slice pipe_trick(struct slice target)
{
	const char *colon = memchr(target.p, ':', target.n);
	const char *cut;

	if (colon)
		target = slice_skip(target, (size_t)(colon + 1 - target.p));
	if (target.n && target.p[target.n - 1] == ')' && (cut = memrchr(target.p, '(', target.n)))
		target.n = (size_t)(cut - target.p);
	else if ((cut = memmem(target.p, target.n, ", ", 2)))
		target.n = (size_t)(cut - target.p);
	return wiki_trim(target);
}

static struct slice link_label(struct slice content)
{
	const char *sep = memchr(content.p, MARK_SEP, content.n);
	struct slice target = content, label;

	if (sep)
		target.n = (size_t)(sep - content.p);
	target = wiki_trim(target);
	if (is_protocol(target))
		return external_label(content);
	if (target.n && target.p[0] == ':')
		target = slice_skip(target, 1);
	if (!sep)
		return target;
	label = slice_skip(content, (size_t)(sep + 1 - content.p));
	return label.n ? label : pipe_trick(target);
}

static void close_link(struct expander *x)
{
	struct slice content = frame_content(x);
	size_t start = top(x)->start;

	if (x->depth > WIKI_KEEP_DEPTH || wiki_link_kind(content, x->names) != WIKI_LINK_PAGE) {
		drop_frame(x);
		return;
	}
	pop(x);
	if (content.n)
		keep_tail(x, start, link_label(content));
}

/* A target in markdown: bytes that end it, or mean something around it, are written as numbers, and
 * so are those that begin mark-up here. */
static void put_target(struct slice target, struct buf *out)
{
	while (target.n) {
		unsigned char byte = (unsigned char)target.p[0];
		uint32_t c;
		size_t n = byte == '&' ? wiki_entity(target, &c) : 1;

		if (n > 1 && c < 0x80)
			byte = (unsigned char)c;
		if (n > 1 && c >= 0x80)
			buf_append(out, target.p, n);
		else if (byte <= ' ' || byte == 0x7F || byte_in((char)byte, "()<>[]{}\\`|$'\""))
			buf_printf(out, "%%%02X", byte);
		else
			buf_byte(out, (char)byte);
		target = slice_skip(target, n);
	}
}

/* What an external link leads to, or nothing where markdown cannot have a link: around another, and
 * inside what is taken apart by signs that an address may hold. */
static struct slice external_target(const struct expander *x, struct slice content)
{
	size_t n = 0;

	while (n < content.n && !byte_in(content.p[n], " \t\n[]\"<>\x03\x06"))
		n++;
	if (!x->links || x->open[BRACES] || x->open[VARIANT] || n == content.n ||
		content.p[n] == MARK_GONE || memchr(content.p, MARK_LINK, content.n))
		return (struct slice){ NULL, 0 };
	return slice_head(content, n);
}

/* The address alone shows as a number in brackets: it goes. */
static void close_external(struct expander *x)
{
	struct slice content = slice_skip(frame_content(x), 1);
	struct slice label = external_label(content);
	size_t start = top(x)->start;

	if (!label.n || x->depth > WIKI_KEEP_DEPTH) {
		drop_frame(x);
		return;
	}
	pop(x);
	x->tmp.n = 0;
	put_target(external_target(x, content), &x->tmp);
	if (x->tmp.n)
		x->out->p[start++] = MARK_LINK; /* where the [ was */
	keep_tail(x, start, label);
	if (!x->tmp.n)
		return;
	buf_byte(x->out, MARK_TARGET);
	buf_slice(x->out, buf_view(&x->tmp));
	buf_byte(x->out, MARK_LINK_END);
}

void wiki_open_brackets(struct expander *x)
{
	size_t n = run_length(x, '[');

	x->p += n;
	if (n >= 2) {
		if (n > 2)
			buf_byte(x->out, '[');
		push(x, LINK, 0);
		return;
	}
	if (is_protocol((struct slice){ x->p, left(x) })) {
		push(x, EXTERNAL, 1);
	} else {
		if (top_is(x, LINK))
			top(x)->count++;
		x->lone++;
	}
	buf_byte(x->out, '[');
}

/* True when two of n brackets close a link. A variant's frame above the link is given up. */
static bool link_is_open(struct expander *x)
{
	while (x->open[LINK] && top_is(x, VARIANT))
		pop(x);
	return top_is(x, LINK);
}

void wiki_close_brackets(struct expander *x)
{
	size_t n = run_length(x, ']');

	x->p += n;
	while (n) {
		if (top_is(x, EXTERNAL)) {
			close_external(x);
			n--;
		} else if (n >= 2 && link_is_open(x) && !(n > 2 && top(x)->count)) {
			close_link(x);
			n -= 2;
		} else if (n == 1 || x->lone) {
			if (top_is(x, LINK) && top(x)->count)
				top(x)->count--;
			x->lone -= x->lone > 0;
			buf_byte(x->out, ']');
			n--;
		} else {
			n = 0; /* a closer without an opener */
		}
	}
}

/* -{ }-, the choice between scripts (mediawiki.org, Writing systems/Syntax). Flags before a | say
 * what is shown; of "zh-hans:A; zh-hant:B" the first is taken. */
static struct slice variant_text(struct slice content)
{
	const char *sep = memchr(content.p, '|', content.n);
	const char *cut;

	if (sep) {
		struct slice flags = { content.p, (size_t)(sep - content.p) };

		content = slice_skip(content, flags.n + 1);
		if (flags.n == 1 && byte_in(flags.p[0], "HT-"))
			return (struct slice){ NULL, 0 };
	}
	cut = memchr(content.p, ';', content.n);
	if (cut && memchr(content.p, ':', (size_t)(cut - content.p)))
		content.n = (size_t)(cut - content.p);
	cut = content.n ? memchr(content.p, ':', content.n) : NULL;
	if (cut && cut - content.p < 12 && (cut + 1 == content.p + content.n || cut[1] != '/'))
		content = slice_skip(content, (size_t)(cut + 1 - content.p));
	return wiki_trim(content);
}

void wiki_close_variant(struct expander *x)
{
	struct slice content = frame_content(x);
	size_t start = top(x)->start;

	x->p += 2;
	if (x->depth > WIKI_KEEP_DEPTH || !content.n) {
		drop_frame(x);
		return;
	}
	pop(x);
	content = variant_text(content);
	if (content.n)
		keep_tail(x, start, content);
	else
		x->out->n = start;
}

void wiki_dash(struct expander *x)
{
	if (x->names->variants && next_is(x, "-{") && !next_is(x, "-{{")) {
		push(x, VARIANT, 1);
		x->p += 2;
		return;
	}
	buf_byte(x->out, '-');
	x->p++;
}

void wiki_bar(struct expander *x)
{
	bool closer = next_is(x, "|}") && x->open[TABLE] && at_line_start(x);

	if (closer && (top_is(x, TABLE) || !next_is(x, "|}}"))) {
		end_table(x);
		x->p += 2;
		return;
	}
	if (top_is(x, BRACES) || top_is(x, LINK)) {
		top(x)->piped = true;
		buf_byte(x->out, MARK_SEP);
	} else {
		buf_byte(x->out, '|');
	}
	x->p++;
}

/* An address ends with its line, and so does the target of a link; a label goes on to the end of
 * its paragraph, but a picture's caption may hold several. */
void wiki_newline(struct expander *x)
{
	bool paragraph = next_is(x, "\n\n");

	while (x->depth) {
		bool over = top_is(x, EXTERNAL) || (top_is(x, LINK) && !top(x)->piped);

		if (!over && paragraph && top_is(x, LINK))
			over = wiki_link_kind(frame_content(x), x->names) != WIKI_LINK_FILE;
		if (!over)
			break;
		pop(x);
	}
	if (next_is(x, "\n="))
		x->poems = 0; /* never closed */
	buf_byte(x->out, x->poems && !paragraph && !ends_line(x->out) ? MARK_BREAK : '\n');
	x->lone = 0;
	x->p++;
}
