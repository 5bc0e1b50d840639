/* Headings, lists, paragraphs and what stands inside a line. */
#include "lib/text/utf8.h"
#include "stages/extract/script.h"
#include "stages/extract/wikitext_parts.h"

#include <ctype.h>
#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <strings.h>

/* What the last line that was written belongs to. */
enum block { NOTHING, PARAGRAPH, LIST, CODE, HEADING };

enum { HEADING_LEVELS = 6 };

struct lines {
	struct buf *out;
	size_t begin; /* of this page in out */
	struct buf line; /* the line at hand, converted */
	enum block last;
	bool gap; /* an empty line stands before this one */
	bool no_more_ends; /* no MARK_END comes any more: a closer that was cut off */
	struct buf headings[HEADING_LEVELS + 1]; /* those that wait for text below them */
};

struct slice wiki_trim(struct slice s)
{
	while (s.n && (isspace((unsigned char)s.p[0]) || s.p[0] == MARK_GONE))
		s = slice_skip(s, 1);
	while (s.n && (isspace((unsigned char)s.p[s.n - 1]) || s.p[s.n - 1] == MARK_GONE))
		s.n--;
	return s;
}

/* Inside a line. */

static void put_utf8(struct buf *out, uint32_t c)
{
	buf_reserve(out, UTF8_MAX_BYTES);
	out->n += utf8_put(out->p + out->n, c);
}

static bool is_character(uint32_t c)
{
	return c >= ' ' && c != 0x7F && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

/* The character of &name; or &#number; between & and ;, or 0. */
static uint32_t entity_value(struct slice name)
{
	char text[16];
	const htmlEntityDesc *row;
	unsigned long value;
	bool hex = name.n > 1 && (name.p[1] == 'x' || name.p[1] == 'X');
	char *end;

	if (name.n == 0 || name.n >= sizeof(text))
		return 0;
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	if (text[0] != '#') {
		row = htmlEntityLookup((const xmlChar *)text);
		return row ? (uint32_t)row->value : 0;
	}
	if (!isxdigit((unsigned char)text[1 + hex]))
		return 0;
	value = strtoul(text + 1 + hex, &end, hex ? 16 : 10);
	return *end || value > 0x10FFFF || !is_character((uint32_t)value) ? 0 : (uint32_t)value;
}

/* Decodes the entity that s begins with; returns the bytes used. A no-break space becomes a plain
 * one, since here it is a matter of layout, and goes behind another; soft hyphens and zero-width
 * spaces go. */
static size_t put_entity(struct buf *out, struct slice s)
{
	size_t n = 1;
	uint32_t c;

	while (n < s.n && n < 16 && (isalnum((unsigned char)s.p[n]) || (n == 1 && s.p[n] == '#')))
		n++;
	c = n < s.n && s.p[n] == ';' ? entity_value((struct slice){ s.p + 1, n - 1 }) : 0;
	if (c == 0) {
		buf_byte(out, '&');
		return 1;
	}
	if (c == 0xA0)
		c = ' ';
	if (c != 0xAD && c != 0x200B && !(c == ' ' && out->n && out->p[out->n - 1] == ' '))
		put_utf8(out, c);
	return n + 1;
}

/* __NAME__: of ASCII names those that MediaWiki knows (Help:Magic words, Behavior switches); of
 * others, the translated ones, any. */
static bool is_switch(struct slice name)
{
	static const char *const names[] = { "ARCHIVEDTALK", "DISAMBIG",
		"EXPECTED_UNCONNECTED_PAGE", "EXPECTUNUSEDCATEGORY", "EXPECTUNUSEDTEMPLATE",
		"FORCETOC", "HIDDENCAT", "INDEX", "NEWSECTIONLINK", "NOCC", "NOCONTENTCONVERT",
		"NOEDITSECTION", "NOGALLERY", "NOGLOBAL", "NOINDEX", "NONEWSECTIONLINK", "NOTALK",
		"NOTC", "NOTITLECONVERT", "NOTOC", "STATICREDIRECT", "TOC" };

	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] >= 0x80)
			return true;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (slice_eq(name, slice_str(names[i])))
			return true;
	return false;
}

/* The length of the switch that s begins with, or 0. */
static size_t switch_length(struct slice s)
{
	size_t n = 2;

	if (!slice_starts(s, SLICE("__")))
		return 0;
	while (n < s.n && n < 80 &&
		((unsigned char)s.p[n] >= 0x80 || isupper((unsigned char)s.p[n]) ||
			(s.p[n] == '_' && n + 1 < s.n && s.p[n + 1] != '_')))
		n++;
	if (n == 2 || !slice_starts(slice_skip(s, n), SLICE("__")))
		return 0;
	return is_switch((struct slice){ s.p + 2, n - 2 }) ? n + 2 : 0;
}

struct inliner {
	struct buf *out;
	size_t begin; /* of the line in out */
	struct slice in;
	size_t i;
	size_t apostrophe; /* the place of a ''' that is ' and '', or SIZE_MAX */
};

static char last_byte(const struct inliner *l)
{
	return l->out->n > l->begin ? l->out->p[l->out->n - 1] : '\0';
}

static bool ends_in_space(const struct inliner *l)
{
	char c = last_byte(l);

	return c == '\0' || c == ' ' || c == '\n';
}

static void trim_end(struct inliner *l, const char *set)
{
	while (last_byte(l) && byte_in(last_byte(l), set))
		l->out->n--;
}

static size_t apostrophes_at(struct slice s, size_t i)
{
	size_t n = 0;

	while (i + n < s.n && s.p[i + n] == '\'')
		n++;
	return n;
}

/* How good a place p is to read ''' as an apostrophe and '': behind a word of one letter best, then
 * behind any other word, then behind a space (Parser::doQuotes). */
static int apostrophe_rank(struct slice s, size_t p)
{
	bool space1 = p == 0 || s.p[p - 1] == ' ';
	bool space2 = p < 2 || s.p[p - 2] == ' ';

	return space1 ? 1 : space2 ? 3 : 2;
}

/* Where both bold and italic quotes of a line are odd in number, one ''' holds an apostrophe. */
static size_t find_apostrophe(struct slice s)
{
	size_t bold = 0, italic = 0, best = SIZE_MAX;
	int best_rank = 0;

	for (size_t i = 0, n; i < s.n; i += MAX(n, (size_t)1)) {
		n = apostrophes_at(s, i);
		bold += n >= 3;
		italic += n == 2 || n >= 5;
		if ((n == 3 || n == 4) && apostrophe_rank(s, i + n - 3) > best_rank) {
			best = i + n - 3;
			best_rank = apostrophe_rank(s, best);
		}
	}
	return bold % 2 && italic % 2 ? best : SIZE_MAX;
}

/* Two apostrophes are italic, three bold, five both; what is over stands for itself. */
static void quotes(struct inliner *l)
{
	size_t n = apostrophes_at(l->in, l->i);
	size_t literal = n == 1 || n == 4 ? 1 : n > 5 ? n - 5 : 0;

	if (l->apostrophe >= l->i && l->apostrophe < l->i + n)
		literal++;
	for (size_t k = 0; k < literal; k++)
		buf_byte(l->out, '\'');
	l->i += n;
}

/* Where something was dropped, its brackets and the signs and spaces around it may be left without
 * a use: "A ( ; born 1900)", "B ( )", "C , D". */
static void close_gap(struct inliner *l)
{
	bool opened;
	char c;

	while (l->i < l->in.n &&
		(l->in.p[l->i] == MARK_GONE ||
			(ends_in_space(l) && isspace((unsigned char)l->in.p[l->i]))))
		l->i++;
	if (l->out->n > l->begin + 1 && memcmp(l->out->p + l->out->n - 2, "( ", 2) == 0)
		l->out->n--;
	opened = last_byte(l) == '(' || last_byte(l) == '\0';
	while (opened && l->i < l->in.n && byte_in(l->in.p[l->i], " ,;\x03"))
		l->i++;
	c = l->i < l->in.n ? l->in.p[l->i] : '\0';
	if (c == ')') {
		trim_end(l, " ,;");
		if (last_byte(l) == '(') {
			l->out->n--;
			trim_end(l, " ");
			l->i++;
		}
	} else if (c && byte_in(c, ",.;:")) {
		trim_end(l, " ");
	}
}

static void space(struct inliner *l)
{
	if (!ends_in_space(l))
		buf_byte(l->out, ' ');
	l->i++;
}

static void line_break(struct inliner *l)
{
	trim_end(l, " ");
	if (last_byte(l) && last_byte(l) != '\n')
		buf_byte(l->out, '\n');
	l->i++;
}

/* A stretch between marks, as it stands but for entities and line ends. */
static void stretch(struct inliner *l)
{
	bool raw = l->in.p[l->i++] == MARK_RAW;

	while (l->i < l->in.n && l->in.p[l->i] != MARK_END) {
		char c = l->in.p[l->i];

		if (c == '&' && !raw) {
			l->i += put_entity(l->out, slice_skip(l->in, l->i));
			continue;
		}
		buf_byte(l->out, c == '\n' ? ' ' : c);
		l->i++;
	}
	l->i++;
}

/* Brackets that mark-up left behind do not come together again in the text, and no tag of a
 * reference stays. */
static void other(struct inliner *l)
{
	char c = l->in.p[l->i];
	struct slice rest = slice_skip(l->in, l->i + 1);
	bool again = (c == '[' || c == '{') && last_byte(l) == c;
	bool ref = c == '<' && rest.n >= 3 && strncasecmp(rest.p, "ref", 3) == 0;

	if (!again && !ref)
		buf_byte(l->out, c);
	l->i++;
}

static void inline_step(struct inliner *l)
{
	size_t n;

	switch (l->in.p[l->i]) {
	case '\'': quotes(l); break;
	case '&': l->i += put_entity(l->out, slice_skip(l->in, l->i)); break;
	case ' ':
	case '\t':
	case '\n': space(l); break;
	case MARK_TEXT:
	case MARK_RAW: stretch(l); break;
	case MARK_GONE: close_gap(l); break;
	case MARK_BREAK: line_break(l); break;
	case MARK_END: l->i++; break;
	case MARK_SEP:
		buf_byte(l->out, '|');
		l->i++;
		break;
	case '_':
		n = switch_length(slice_skip(l->in, l->i));
		if (n == 0)
			buf_byte(l->out, '_');
		l->i += MAX(n, (size_t)1);
		break;
	default: other(l); break;
	}
}

void wiki_inline(struct slice line, struct buf *out)
{
	struct inliner l = { .out = out, .begin = out->n, .in = line };

	l.apostrophe = find_apostrophe(line);
	while (l.i < l.in.n)
		inline_step(&l);
	trim_end(&l, " \n");
}

/* Blocks. */

static void separate(struct lines *l, enum block kind, struct slice text)
{
	struct slice before = slice_skip(buf_view(l->out), l->begin);
	bool same = kind == l->last && (!l->gap || kind == LIST);

	if (!before.n)
		return;
	if (!same)
		buf_str(l->out, "\n\n");
	else if (kind != PARAGRAPH || before.p[before.n - 1] == '\n')
		buf_byte(l->out, '\n');
	else if (script_needs_space(before, text))
		buf_byte(l->out, ' ');
}

static void put_headings(struct lines *l)
{
	for (int i = 1; i <= HEADING_LEVELS; i++) {
		if (!l->headings[i].n)
			continue;
		separate(l, HEADING, buf_view(&l->headings[i]));
		buf_slice(l->out, buf_view(&l->headings[i]));
		l->headings[i].n = 0;
		l->last = HEADING;
		l->gap = true;
	}
}

static void put_block(struct lines *l, enum block kind, struct slice text)
{
	put_headings(l);
	separate(l, kind, text);
	buf_slice(l->out, text);
	l->last = kind;
	l->gap = false;
}

static size_t count_of(struct slice s, char c)
{
	size_t n = 0;

	while (n < s.n && s.p[n] == c)
		n++;
	return n;
}

/* == Heading ==; false when the line is none. */
static bool heading(struct lines *l, struct slice line)
{
	struct slice s = wiki_trim(line);
	size_t level = count_of(s, '=');
	size_t closing = 0;

	while (closing < s.n && s.p[s.n - 1 - closing] == '=')
		closing++;
	level = MIN(MIN(level, closing), (size_t)HEADING_LEVELS);
	if (line.p[0] != '=' || level == 0 || s.n < 2 * level + 1)
		return false;
	for (size_t i = level; i <= HEADING_LEVELS; i++)
		l->headings[i].n = 0;
	wiki_inline((struct slice){ s.p + level, s.n - 2 * level }, &l->headings[level]);
	l->gap = true;
	return true;
}

/* "; term : definition" on one line reads "term: definition". */
static void definition(struct slice s, struct buf *out)
{
	size_t colon = slice_find(s, SLICE(" : "));

	wiki_inline(slice_head(s, colon), out);
	if (colon == s.n)
		return;
	buf_str(out, ": ");
	wiki_inline(slice_skip(s, colon + 3), out);
}

static void list_item(struct lines *l, struct slice line)
{
	size_t depth = 0;
	char kind;
	size_t head;

	while (depth < line.n && byte_in(line.p[depth], "*#:;"))
		depth++;
	kind = line.p[depth - 1];
	for (size_t i = 1; i < MIN(depth, (size_t)10); i++)
		buf_str(&l->line, kind == '*' || kind == '#' ? "  " : "");
	if (kind == '*' || kind == '#')
		buf_str(&l->line, "- ");
	head = l->line.n;
	if (kind == ';')
		definition(slice_skip(line, depth), &l->line);
	else
		wiki_inline(slice_skip(line, depth), &l->line);
	if (l->line.n > head)
		put_block(l, LIST, buf_view(&l->line));
}

/* A block of code of several lines; its first and last line ends go. */
static void code(struct lines *l, struct slice line)
{
	bool raw = line.p[0] == MARK_RAW;
	struct slice s = { line.p + 1, line.n - 1 };

	if (s.n && s.p[s.n - 1] == MARK_END)
		s.n--;
	while (s.n && s.p[0] == '\n')
		s = slice_skip(s, 1);
	while (s.n && isspace((unsigned char)s.p[s.n - 1]))
		s.n--;
	for (size_t i = 0; i < s.n;) {
		if (s.p[i] == '&' && !raw)
			i += put_entity(&l->line, slice_skip(s, i));
		else
			buf_byte(&l->line, s.p[i++]);
	}
	if (s.n) {
		l->gap = true;
		put_block(l, CODE, buf_view(&l->line));
	}
}

static bool is_code(struct slice line)
{
	const char *end;

	if (line.p[0] != MARK_TEXT && line.p[0] != MARK_RAW)
		return false;
	end = memchr(line.p, MARK_END, line.n);
	return end && end + 1 == line.p + line.n && memchr(line.p, '\n', line.n);
}

/* Rows of a table whose frame is made by templates, or was never closed. */
static bool is_table_row(struct slice line)
{
	struct slice s = wiki_trim(line);

	return s.n && (s.p[0] == '|' || s.p[0] == MARK_SEP || slice_starts(s, SLICE("{|")));
}

static void text_line(struct lines *l, struct slice line)
{
	bool preformatted = line.p[0] == ' ';

	if (slice_starts(line, SLICE("----"))) {
		l->gap = true;
		line = slice_skip(line, count_of(line, '-'));
	}
	wiki_inline(line, &l->line);
	if (l->line.n)
		put_block(l, preformatted ? CODE : PARAGRAPH, buf_view(&l->line));
	else
		l->gap = true;
}

static void one_line(struct lines *l, struct slice line)
{
	l->line.n = 0;
	if (!wiki_trim(line).n || is_table_row(line))
		l->gap = true;
	else if (is_code(line))
		code(l, line);
	else if (line.p[0] == '=' && heading(l, line))
		return;
	else if (byte_in(line.p[0], "*#:;"))
		list_item(l, line);
	else
		text_line(l, line);
}

/* The bytes up to the next newline that stands in no stretch. */
static size_t line_length(struct lines *l, struct slice s)
{
	size_t i = 0;

	while (i < s.n && s.p[i] != '\n') {
		const char *end = NULL;

		if ((s.p[i] == MARK_TEXT || s.p[i] == MARK_RAW) && !l->no_more_ends) {
			end = memchr(s.p + i, MARK_END, s.n - i);
			l->no_more_ends = !end;
		}
		i = end ? (size_t)(end + 1 - s.p) : i + 1;
	}
	return i;
}

void wiki_lines(struct slice expanded, struct buf *out)
{
	struct lines l = { .out = out, .begin = out->n };

	while (expanded.n) {
		size_t n = line_length(&l, expanded);

		if (n == 0)
			l.gap = true;
		else
			one_line(&l, slice_head(expanded, n));
		expanded = slice_skip(expanded, n + 1);
	}
	for (int i = 1; i <= HEADING_LEVELS; i++)
		buf_release(&l.headings[i]);
	buf_release(&l.line);
}
