/* Comments, tags, templates, tables and links, in one pass over a stack of open brackets.
 *
 * What is kept is appended to out at once. A frame of the stack remembers where in out its bracket
 * opened; when the bracket closes, what stands behind that place is replaced by what it shows. So
 * inner brackets are done before outer ones, and nothing is read twice but kept text, once a level.
 */
#include "stages/extract/wikitext_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

enum { MAX_FRAMES = 500, LINE_START_REACH = 64 };

enum frame_kind { BRACES, LINK, EXTERNAL, TABLE, HTML_TABLE, VARIANT, N_FRAME_KINDS };

struct frame {
	size_t start; /* in out */
	size_t count; /* braces in the run that opened it; single [ seen inside a link */
	enum frame_kind kind;
	bool piped; /* a link with a | in it */
};

struct expander {
	const char *p, *end;
	struct buf *out;
	struct buf tmp;
	const struct wiki_names *names;
	unsigned open[N_FRAME_KINDS];
	size_t depth;
	size_t poems;
	size_t lone; /* single [ of this line without their ] */
	bool no_closer[WIKI_MAX_TAGS]; /* looked for once and not found */
	struct frame stack[MAX_FRAMES];
};

/* Whether a byte means something here; all others are copied. Control characters are dropped. */
static bool is_special(unsigned char c)
{
	static const bool special[128] = { ['<'] = true,
		['{'] = true,
		['}'] = true,
		['['] = true,
		[']'] = true,
		['|'] = true,
		['-'] = true };

	return c < ' ' ? c != '\t' : c < sizeof(special) && special[c];
}

static size_t left(const struct expander *x)
{
	return (size_t)(x->end - x->p);
}

static bool next_is(const struct expander *x, const char *s)
{
	size_t n = strlen(s);

	return left(x) >= n && memcmp(x->p, s, n) == 0;
}

static size_t run_length(const struct expander *x, char c)
{
	size_t n = 0;

	while (n < left(x) && x->p[n] == c)
		n++;
	return n;
}

static struct frame *top(struct expander *x)
{
	return x->depth ? &x->stack[x->depth - 1] : NULL;
}

static bool top_is(const struct expander *x, enum frame_kind kind)
{
	return x->depth && x->stack[x->depth - 1].kind == kind;
}

/* Deeper brackets than the stack holds are dropped where they stand. */
static void push(struct expander *x, enum frame_kind kind, size_t count)
{
	if (x->depth == MAX_FRAMES)
		return;
	x->stack[x->depth++] = (struct frame){ x->out->n, count, kind, false };
	x->open[kind]++;
}

static void pop(struct expander *x)
{
	x->open[top(x)->kind]--;
	x->depth--;
}

static struct slice frame_content(struct expander *x)
{
	return (struct slice){ x->out->p + top(x)->start, x->out->n - top(x)->start };
}

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

/* Replaces the newest frame and what is in it by nothing. */
static void drop_frame(struct expander *x)
{
	x->out->n = top(x)->start;
	pop(x);
	buf_byte(x->out, MARK_GONE);
}

static void end_table(struct expander *x)
{
	while (!top_is(x, TABLE))
		pop(x);
	drop_frame(x);
}

/* Braces. */

/* True when it stood for the end of a table. */
static bool close_template(struct expander *x)
{
	struct slice content = frame_content(x);
	bool ends_table = wiki_template_ends_table(content);
	bool known;

	x->tmp.n = 0;
	known = x->depth <= WIKI_KEEP_DEPTH && wiki_template_expand(content, &x->tmp);
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
static void close_braces(struct expander *x)
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
			drop_frame(x);
	}
	if (n == 1)
		buf_byte(x->out, '}');
}

static void open_braces(struct expander *x)
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

	while (i < content.n && !strchr(" \t\n[]\"<>\x03\x06", content.p[i]))
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

/* The address alone shows as a number in brackets: it goes. */
static void close_external(struct expander *x)
{
	struct slice label = external_label(slice_skip(frame_content(x), 1));
	size_t start = top(x)->start;

	if (!label.n || x->depth > WIKI_KEEP_DEPTH) {
		drop_frame(x);
		return;
	}
	pop(x);
	keep_tail(x, start, label);
}

static void open_brackets(struct expander *x)
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

static void close_brackets(struct expander *x)
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
		if (flags.n == 1 && strchr("HT-", flags.p[0]))
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

static void close_variant(struct expander *x)
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

static void dash(struct expander *x)
{
	if (x->names->variants && next_is(x, "-{") && !next_is(x, "-{{")) {
		push(x, VARIANT, 1);
		x->p += 2;
		return;
	}
	buf_byte(x->out, '-');
	x->p++;
}

static void bar(struct expander *x)
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

static bool ends_line(const struct buf *out)
{
	return out->n == 0 || out->p[out->n - 1] == '\n';
}

/* An address ends with its line, and so does the target of a link; a label goes on to the end of
 * its paragraph, but a picture's caption may hold several. */
static void newline(struct expander *x)
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

/* Comments and tags. */

/* A comment that has its line for itself takes the line's end along, so that the paragraph around
 * it stays one. */
static void comment(struct expander *x)
{
	const char *end = memmem(x->p, left(x), "-->", 3);
	bool alone = ends_line(x->out);

	if (!end) {
		x->p = x->end;
		return;
	}
	x->p = end + 3;
	if (!alone)
		return;
	while (end + 3 < x->end && (end[3] == ' ' || end[3] == '\t'))
		end++;
	if (end + 3 < x->end && end[3] == '\n')
		x->p = end + 4;
}

/* The place of </name, from p on, or NULL. Looked for once only when there is none. */
static const char *find_closer(struct expander *x, struct slice name, size_t number)
{
	const char *p = x->p;

	if (x->no_closer[number])
		return NULL;
	while ((p = memchr(p, '<', (size_t)(x->end - p)))) {
		const char *behind = p + 2 + name.n;

		if (behind < x->end && p[1] == '/' && strncasecmp(p + 2, name.p, name.n) == 0 &&
			(*behind == '>' || isspace((unsigned char)*behind)))
			return p;
		p++;
	}
	x->no_closer[number] = true;
	return NULL;
}

/* Behind the tag that begins at p, or the end. */
static const char *behind_tag(const struct expander *x, const char *p)
{
	const char *gt = memchr(p, '>', (size_t)(x->end - p));

	return gt ? gt + 1 : x->end;
}

static void verbatim(struct expander *x, char mark, struct slice content)
{
	buf_byte(x->out, mark);
	for (size_t i = 0; i < content.n; i++) {
		unsigned char c = (unsigned char)content.p[i];

		if (c >= ' ' || c == '\n' || c == '\t')
			buf_byte(x->out, (char)c);
	}
	buf_byte(x->out, MARK_END);
}

static struct slice trim_space(struct slice s)
{
	while (s.n && isspace((unsigned char)s.p[0]))
		s = slice_skip(s, 1);
	while (s.n && isspace((unsigned char)s.p[s.n - 1]))
		s.n--;
	return s;
}

/* TeX between dollar signs. A space parts {{ and [[, which means nothing to TeX and keeps the text
 * free of what looks like mark-up. */
static void formula(struct expander *x, const char *before, struct slice tex, const char *after)
{
	tex = trim_space(tex);
	buf_str(x->out, before);
	for (size_t i = 0; i < tex.n;) {
		size_t n = i + 1;

		while (n < tex.n && !(tex.p[n] == tex.p[n - 1] && strchr("{[", tex.p[n])))
			n++;
		verbatim(x, MARK_RAW, (struct slice){ tex.p + i, n - i });
		i = n;
		if (i < tex.n)
			buf_byte(x->out, ' ');
	}
	buf_str(x->out, after);
}

static void block_of_code(struct expander *x, char mark, struct slice code, bool is_inline)
{
	if (is_inline) {
		verbatim(x, mark, trim_space(code));
		return;
	}
	buf_str(x->out, "\n\n");
	verbatim(x, mark, code);
	buf_str(x->out, "\n\n");
}

/* An extension's tag with all that is in it; p stands behind the opening tag. */
static void extension(
	struct expander *x, enum wiki_tag_kind kind, struct slice attributes, struct slice content)
{
	switch (kind) {
	case TAG_NOWIKI: verbatim(x, MARK_TEXT, content); break;
	case TAG_PRE: block_of_code(x, MARK_TEXT, content, false); break;
	case TAG_CODE:
		block_of_code(x, MARK_RAW, content,
			slice_find(attributes, SLICE("inline")) < attributes.n);
		break;
	case TAG_MATH: formula(x, "$", content, "$"); break;
	case TAG_CHEMISTRY: formula(x, "$\\ce{", content, "}$"); break;
	default: buf_byte(x->out, MARK_GONE); break;
	}
}

static void superscript(struct expander *x, bool closing)
{
	/* 10<sup>6</sup> must not read as 106; an ordinal's letters need nothing. */
	bool number = x->p < x->end &&
		(isdigit((unsigned char)*x->p) || *x->p == '-' || *x->p == '+' ||
			next_is(x, "\xe2\x88\x92"));

	if (!closing && number && x->out->n && isalnum((unsigned char)x->out->p[x->out->n - 1]))
		buf_byte(x->out, '^');
}

static void html_table(struct expander *x, bool closing)
{
	if (!closing) {
		buf_byte(x->out, '\n');
		push(x, HTML_TABLE, 1);
	} else if (x->open[HTML_TABLE]) {
		while (!top_is(x, HTML_TABLE))
			pop(x);
		drop_frame(x);
		buf_byte(x->out, '\n');
	}
}

/* A tag of HTML that lines or brackets depend on; p stands behind it. */
static void element(struct expander *x, enum wiki_tag_kind kind, struct slice name, bool closing)
{
	switch (kind) {
	case TAG_BLOCK: buf_byte(x->out, '\n'); break;
	case TAG_BREAK: buf_byte(x->out, MARK_BREAK); break;
	case TAG_ITEM: buf_str(x->out, closing ? "\n" : "\n* "); break;
	case TAG_HEADING:
		for (int i = closing ? 0 : -1; i < name.p[1] - '0'; i++)
			buf_byte(x->out, i < 0 ? '\n' : '=');
		if (closing)
			buf_byte(x->out, '\n');
		break;
	case TAG_SUPERSCRIPT: superscript(x, closing); break;
	case TAG_TABLE: html_table(x, closing); break;
	case TAG_POEM:
		buf_byte(x->out, '\n');
		x->poems = closing ? x->poems - (x->poems > 0) : x->poems + 1;
		break;
	default: break;
	}
}

static bool is_extension(enum wiki_tag_kind kind)
{
	return kind == TAG_GONE || kind == TAG_NOWIKI || kind == TAG_PRE || kind == TAG_CODE ||
		kind == TAG_MATH || kind == TAG_CHEMISTRY;
}

/* The > that ends the tag at p, or NULL when another < comes before it. Each byte is looked at
 * once: the next < is where the next search begins. */
static const char *tag_end(const struct expander *x)
{
	for (const char *p = x->p + 1; p < x->end; p++) {
		if (*p == '>')
			return p;
		if (*p == '<')
			return NULL;
	}
	return NULL;
}

static struct slice tag_name(const struct expander *x, bool closing)
{
	const char *p = x->p + 1 + closing;
	size_t n = 0;

	while (p + n < x->end && n < 20 && isalnum((unsigned char)p[n]))
		n++;
	return (struct slice){ p, n };
}

static void tag(struct expander *x)
{
	bool closing = next_is(x, "</");
	struct slice name = tag_name(x, closing);
	size_t number = 0;
	const struct wiki_tag *row = wiki_tag_find(name, &number);
	const char *gt = row ? tag_end(x) : NULL;
	const char *closer;
	struct slice attributes;

	if (!gt) {
		buf_byte(x->out, *x->p++);
		return;
	}
	attributes = (struct slice){ name.p + name.n, (size_t)(gt - name.p) - name.n };
	x->p = gt + 1;
	if (!is_extension(row->kind)) {
		element(x, row->kind, name, closing);
	} else if (gt[-1] == '/') {
		extension(x, row->kind == TAG_NOWIKI ? TAG_NOWIKI : TAG_GONE, attributes,
			(struct slice){ NULL, 0 });
	} else if (!closing && (closer = find_closer(x, name, number))) {
		extension(
			x, row->kind, attributes, (struct slice){ x->p, (size_t)(closer - x->p) });
		x->p = behind_tag(x, closer);
	}
}

static void step(struct expander *x)
{
	switch (*x->p) {
	case '<':
		if (next_is(x, "<!--"))
			comment(x);
		else
			tag(x);
		break;
	case '{': open_braces(x); break;
	case '}':
		if (next_is(x, "}-") && top_is(x, VARIANT))
			close_variant(x);
		else
			close_braces(x);
		break;
	case '[': open_brackets(x); break;
	case ']': close_brackets(x); break;
	case '|': bar(x); break;
	case '-': dash(x); break;
	case '\n': newline(x); break;
	default: x->p++; break; /* a control character */
	}
}

static void expand(struct expander *x)
{
	while (x->p < x->end) {
		const char *run = x->p;

		while (x->p < x->end && !is_special((unsigned char)*x->p))
			x->p++;
		buf_append(x->out, run, (size_t)(x->p - run));
		if (x->p < x->end)
			step(x);
	}
}

void wikitext_to_text(struct slice wikitext, const struct wiki_names *names, struct buf *out)
{
	struct buf expanded = { 0 };
	struct expander x = { .p = wikitext.p,
		.end = wikitext.n ? wikitext.p + wikitext.n : wikitext.p,
		.out = &expanded,
		.names = names };

	if (!wikitext.n)
		return;
	buf_reserve(&expanded, wikitext.n);
	expand(&x);
	wiki_lines(buf_view(&expanded), out);
	buf_release(&x.tmp);
	buf_release(&expanded);
}
