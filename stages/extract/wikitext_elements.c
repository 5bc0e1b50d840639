/* Comments, tags of HTML and of extensions. */
#include "stages/extract/wikitext_expand.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

/* A comment that has its line for itself takes the line's end along, so that the paragraph around
 * it stays one. */
void wiki_comment(struct expander *x)
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

static void put_content(struct expander *x, struct slice content)
{
	for (size_t i = 0; i < content.n; i++) {
		unsigned char c = (unsigned char)content.p[i];

		if (c >= ' ' || c == '\n' || c == '\t')
			buf_byte(x->out, (char)c);
	}
}

static void verbatim(struct expander *x, char mark, struct slice content)
{
	buf_byte(x->out, mark);
	put_content(x, content);
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
	verbatim(x, MARK_RAW, slice_str(before));
	for (size_t i = 0; i < tex.n;) {
		size_t n = i + 1;

		while (n < tex.n && !(tex.p[n] == tex.p[n - 1] && byte_in(tex.p[n], "{[")))
			n++;
		verbatim(x, MARK_RAW, (struct slice){ tex.p + i, n - i });
		i = n;
		if (i < tex.n)
			buf_byte(x->out, ' ');
	}
	verbatim(x, MARK_RAW, slice_str(after));
}

/* The name in lang="…", where it is one. */
static struct slice code_language(struct slice attributes)
{
	size_t at = slice_find(attributes, SLICE("lang="));
	struct slice name = slice_trim(slice_skip(attributes, at + strlen("lang=")), " \"'");
	size_t n = 0;

	while (n < name.n && n < 30 &&
		(isalnum((unsigned char)name.p[n]) || byte_in(name.p[n], "+#-_.")))
		n++;
	return slice_head(name, n);
}

/* The newline first in the stretch tells a block from what stands in a line. */
static void block_of_code(struct expander *x, char mark, struct slice code, struct slice attributes)
{
	struct slice language = code_language(attributes);

	buf_str(x->out, "\n\n");
	buf_byte(x->out, mark);
	if (language.n) {
		buf_byte(x->out, MARK_LANGUAGE);
		buf_slice(x->out, language);
		buf_byte(x->out, MARK_LANGUAGE);
	}
	buf_byte(x->out, '\n');
	put_content(x, code);
	buf_byte(x->out, MARK_END);
	buf_str(x->out, "\n\n");
}

static void code_in_line(struct expander *x, struct slice code)
{
	if (x->markdown)
		buf_byte(x->out, MARK_CODE);
	verbatim(x, MARK_RAW, trim_space(code));
	if (x->markdown)
		buf_byte(x->out, MARK_CODE_END);
}

/* An extension's tag with all that is in it; p stands behind the opening tag. */
static void extension(
	struct expander *x, enum wiki_tag_kind kind, struct slice attributes, struct slice content)
{
	switch (kind) {
	case TAG_NOWIKI: verbatim(x, MARK_TEXT, content); break;
	case TAG_PRE: block_of_code(x, MARK_TEXT, content, (struct slice){ NULL, 0 }); break;
	case TAG_CODE:
		if (slice_find(attributes, SLICE("inline")) < attributes.n)
			code_in_line(x, content);
		else
			block_of_code(x, MARK_RAW, content, attributes);
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

/* What wikitext_table.c asks of a tag's attributes: no marks, no brackets. */
static void put_attributes(struct expander *x, struct slice attributes)
{
	for (size_t i = 0; i < attributes.n; i++)
		if (isalnum((unsigned char)attributes.p[i]) ||
			byte_in(attributes.p[i], " =\"'-_:;"))
			buf_byte(x->out, attributes.p[i]);
	buf_byte(x->out, MARK_SEP);
}

static void html_table(struct expander *x, struct slice attributes, bool closing)
{
	if (!closing) {
		buf_byte(x->out, '\n');
		push(x, HTML_TABLE, 1);
		put_attributes(x, attributes);
	} else if (x->open[HTML_TABLE]) {
		while (!top_is(x, HTML_TABLE))
			pop(x);
		wiki_close_table(x);
	}
}

/* A row or cell of the table that is open; elsewhere a line of its own. */
static void table_part(struct expander *x, struct slice name, struct slice attributes, bool closing)
{
	static const struct {
		const char *name;
		char mark;
	} parts[] = { { "tr", MARK_TR }, { "td", MARK_TD }, { "th", MARK_TH },
		{ "caption", MARK_CAPTION } };

	buf_byte(x->out, '\n');
	if (closing || !top_is(x, HTML_TABLE))
		return;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!slice_is_word(name, parts[i].name))
			continue;
		buf_byte(x->out, parts[i].mark);
		put_attributes(x, attributes);
	}
}

/* A tag of HTML that lines or brackets depend on; p stands behind it. */
static void element(struct expander *x, enum wiki_tag_kind kind, struct slice name,
	struct slice attributes, bool closing)
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
	case TAG_TABLE: html_table(x, attributes, closing); break;
	case TAG_TABLE_PART: table_part(x, name, attributes, closing); break;
	case TAG_CODE_SPAN:
		if (x->markdown)
			buf_byte(x->out, closing ? MARK_CODE_END : MARK_CODE);
		break;
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

void wiki_tag(struct expander *x)
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
		element(x, row->kind, name, attributes, closing);
	} else if (gt[-1] == '/') {
		extension(x, row->kind == TAG_NOWIKI ? TAG_NOWIKI : TAG_GONE, attributes,
			(struct slice){ NULL, 0 });
	} else if (!closing && (closer = find_closer(x, name, number))) {
		extension(
			x, row->kind, attributes, (struct slice){ x->p, (size_t)(closer - x->p) });
		x->p = behind_tag(x, closer);
	}
}
