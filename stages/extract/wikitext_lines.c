/* Headings, lists, paragraphs, code, rows of tables: what a line is, and what stands between. */
#include "stages/extract/script.h"
#include "stages/extract/wikitext_parts.h"

#include "lib/text/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

/* What the last line that was written belongs to. */
enum block { NOTHING, PARAGRAPH, LIST, CODE, HEADING, TABLE };

enum { HEADING_LEVELS = 6, LIST_LEVELS = 10 };

struct lines {
	struct buf *out;
	size_t begin; /* of this page in out */
	bool markdown;
	struct buf line; /* the line at hand, converted */
	enum block last;
	bool gap; /* an empty line stands before this one */
	bool framed; /* the line before was a template that went, or a row that followed one */
	bool no_more_ends; /* no MARK_END comes any more: a closer that was cut off */
	struct buf headings[HEADING_LEVELS + 1]; /* those that wait for text below them */
	struct buf code; /* in markdown, lines that begin with a space, until one does not */
	size_t indents[LIST_LEVELS + 1]; /* in markdown, columns before what is in the items */
	unsigned numbers[LIST_LEVELS + 1]; /* of the last item at each level; 0: not numbered */
	size_t levels; /* of them that are open */
};

static size_t count_of(struct slice s, char c)
{
	size_t n = 0;

	while (n < s.n && s.p[n] == c)
		n++;
	return n;
}

static void convert(struct lines *l, struct slice s, struct buf *out)
{
	wiki_inline(s, l->markdown ? INLINE_MARKDOWN : 0, out);
}

/* Markdown: beginnings of lines. */

/* Where in the line a backslash must stand, so that it begins no block (CommonMark 0.31, sections 4
 * and 5.2); SIZE_MAX: nowhere. What is escaped anywhere is not looked at here. */
static size_t guard_place(struct slice line)
{
	char c = line.n ? line.p[0] : '\0', behind;
	size_t n;

	switch (c) {
	case '>': return 0;
	case '#':
		n = count_of(line, '#');
		return n <= 6 && (n == line.n || line.p[n] == ' ') ? 0 : SIZE_MAX;
	case '+':
	case '-':
		if (line.n == 1 || line.p[1] == ' ')
			return 0;
		break;
	default: break;
	}
	if (c && byte_in(c, "-=|:")) {
		for (n = 0; n < line.n && byte_in(line.p[n], "-=|: \\"); n++)
			;
		return n == line.n ? 0 : SIZE_MAX;
	}
	for (n = 0; n < line.n && n < 9 && isdigit((unsigned char)line.p[n]); n++)
		;
	behind = n + 1 < line.n ? line.p[n + 1] : ' ';
	return n && n < line.n && byte_in(line.p[n], ".)") && behind == ' ' ? n : SIZE_MAX;
}

static void put_spaces(struct buf *out, size_t n)
{
	while (n--)
		buf_byte(out, ' ');
}

/* Appends text whose lines are lines of one paragraph; indent columns stand before all but the
 * first, which may go on a line that is there. */
static void put_guarded(struct buf *out, struct slice text, size_t indent, bool goes_on)
{
	for (;; goes_on = false) {
		size_t n = slice_find(text, SLICE("\n"));
		struct slice line = slice_head(text, n);
		size_t place = goes_on ? SIZE_MAX : guard_place(line);

		if (place != SIZE_MAX) {
			buf_append(out, line.p, place);
			buf_byte(out, '\\');
			line = slice_skip(line, place);
		}
		buf_slice(out, line);
		if (n == text.n)
			return;
		text = slice_skip(text, n + 1);
		buf_str(out, "\\\n");
		put_spaces(out, indent);
	}
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

static void put_heading(struct lines *l, int level)
{
	struct slice text = buf_view(&l->headings[level]);

	separate(l, HEADING, text);
	if (l->markdown) {
		for (int i = 0; i < level; i++)
			buf_byte(l->out, '#');
		buf_byte(l->out, ' ');
		/* Signs at its end would be taken for the closing ones. */
		if (slice_ends(text, SLICE("#"))) {
			buf_append(l->out, text.p, text.n - 1);
			text = SLICE("\\#");
		}
	}
	buf_slice(l->out, text);
	l->last = HEADING;
	l->gap = true;
}

/* Code between fences, longer than any run of backticks in it. */
static void put_fenced(struct lines *l, struct slice language, struct slice code)
{
	size_t longest = 2, run = 0;

	for (size_t i = 0; i < code.n; i++) {
		run = code.p[i] == '`' ? run + 1 : 0;
		longest = MAX(longest, run);
	}
	for (size_t i = 0; i <= longest; i++)
		buf_byte(l->out, '`');
	buf_slice(l->out, language);
	buf_byte(l->out, '\n');
	buf_slice(l->out, code);
	buf_byte(l->out, '\n');
	for (size_t i = 0; i <= longest; i++)
		buf_byte(l->out, '`');
}

/* What waits is written before a block: headings, and lines of code. */
static void put_waiting(struct lines *l)
{
	if (l->code.n) {
		bool gap = l->gap;

		l->gap = true;
		separate(l, CODE, buf_view(&l->code));
		put_fenced(l, (struct slice){ NULL, 0 }, buf_view(&l->code));
		l->code.n = 0;
		l->last = CODE;
		l->gap = gap;
	}
	for (int i = 1; i <= HEADING_LEVELS; i++) {
		if (!l->headings[i].n)
			continue;
		put_heading(l, i);
		l->headings[i].n = 0;
	}
}

static void put_block(struct lines *l, enum block kind, struct slice text)
{
	bool joins;

	put_waiting(l);
	joins = kind == PARAGRAPH && l->last == PARAGRAPH && !l->gap;
	separate(l, kind, text);
	if (l->markdown && kind == PARAGRAPH)
		put_guarded(l->out, text, 0, joins);
	else
		buf_slice(l->out, text);
	l->last = kind;
	l->gap = false;
	if (kind != LIST)
		l->levels = 0;
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
	if (l->code.n)
		put_waiting(l);
	for (size_t i = level; i <= HEADING_LEVELS; i++)
		l->headings[i].n = 0;
	wiki_inline((struct slice){ s.p + level, s.n - 2 * level },
		l->markdown ? INLINE_MARKDOWN | INLINE_ONE_LINE : 0, &l->headings[level]);
	l->gap = true;
	return true;
}

/* Lists. */

/* "; term : definition" on one line reads "term: definition". */
static void definition(struct lines *l, struct slice s, struct buf *out)
{
	size_t colon = slice_find(s, SLICE(" : "));

	convert(l, slice_head(s, colon), out);
	if (colon == s.n)
		return;
	buf_str(out, ": ");
	convert(l, slice_skip(s, colon + 3), out);
}

/* Writes the sign of an item of level depth, behind that of the item above it. Levels that the page
 * leaves out are left out, as four columns more would make code of it. */
static void put_sign(struct lines *l, size_t depth, bool numbered)
{
	size_t level = MIN(MIN(depth, l->levels + 1), (size_t)LIST_LEVELS);
	size_t begin = l->out->n;

	if (level > l->levels || !numbered)
		l->numbers[level] = 0;
	l->levels = level;
	put_spaces(l->out, l->indents[level - 1]);
	if (numbered)
		buf_printf(l->out, "%u. ", ++l->numbers[level]);
	else
		buf_str(l->out, "- ");
	l->indents[level] = l->out->n - begin;
}

/* "[ ]" at the beginning would be a box to tick (GitHub's markdown), but for a link's label. */
static bool is_box(struct slice text)
{
	return text.n > 2 && text.p[0] == '[' && byte_in(text.p[1], " xX") && text.p[2] == ']' &&
		!slice_starts(slice_skip(text, 3), SLICE("("));
}

static void markdown_item(struct lines *l, struct slice line, size_t depth, char kind)
{
	bool listed = kind == '*' || kind == '#';
	size_t signs = 0, indent = 0;
	struct buf text = { 0 };

	if (kind == ';')
		definition(l, slice_skip(line, depth), &text);
	else
		convert(l, slice_skip(line, depth), &text);
	if (!text.n) {
		buf_release(&text);
		return;
	}
	for (size_t i = 0; i < depth; i++)
		signs += byte_in(line.p[i], "*#");
	if (l->last != LIST || l->code.n)
		l->levels = 0;
	put_waiting(l);
	if (listed) {
		separate(l, LIST, buf_view(&text));
		put_sign(l, MAX(signs, (size_t)1), kind == '#');
		if (is_box(buf_view(&text)))
			buf_byte(l->out, '\\');
	} else { /* a paragraph of the item above it, or of its own */
		l->levels = MIN(l->levels, signs);
		indent = l->indents[l->levels];
		l->gap = true;
		separate(l, PARAGRAPH, buf_view(&text));
		put_spaces(l->out, indent);
	}
	put_guarded(l->out, buf_view(&text), l->indents[l->levels], false);
	l->last = listed || indent ? LIST : PARAGRAPH;
	l->gap = !listed && !indent;
	buf_release(&text);
}

static void list_item(struct lines *l, struct slice line)
{
	size_t depth = 0;
	char kind;
	size_t head;

	while (depth < line.n && byte_in(line.p[depth], "*#:;"))
		depth++;
	kind = line.p[depth - 1];
	if (l->markdown) {
		markdown_item(l, line, depth, kind);
		return;
	}
	for (size_t i = 1; i < MIN(depth, (size_t)LIST_LEVELS); i++)
		buf_str(&l->line, kind == '*' || kind == '#' ? "  " : "");
	if (kind == '*' || kind == '#')
		buf_str(&l->line, "- ");
	head = l->line.n;
	if (kind == ';')
		definition(l, slice_skip(line, depth), &l->line);
	else
		convert(l, slice_skip(line, depth), &l->line);
	if (l->line.n > head)
		put_block(l, LIST, buf_view(&l->line));
}

/* Code. */

/* Takes the language off the front of a block of code. */
static struct slice code_language(struct slice *code)
{
	struct slice language = { NULL, 0 };

	if (!slice_starts(*code, SLICE("\x14")))
		return language;
	language = slice_skip(*code, 1);
	language.n = slice_find(language, SLICE("\x14"));
	*code = slice_skip(*code, language.n + 2);
	return language;
}

/* A block of code of several lines; its first and last line ends go. */
static void code(struct lines *l, struct slice line)
{
	bool raw = line.p[0] == MARK_RAW;
	struct slice s = { line.p + 1, line.n - 1 }, language;
	uint32_t c;

	language = code_language(&s);
	if (s.n && s.p[s.n - 1] == MARK_END)
		s.n--;
	while (s.n && s.p[0] == '\n')
		s = slice_skip(s, 1);
	while (s.n && isspace((unsigned char)s.p[s.n - 1]))
		s.n--;
	while (s.n) {
		size_t n = s.p[0] == '&' && !raw ? wiki_entity(s, &c) : 1;

		if (n > 1) {
			buf_reserve(&l->line, UTF8_MAX_BYTES);
			l->line.n += utf8_put(l->line.p + l->line.n, c);
		} else {
			buf_byte(&l->line, s.p[0]);
		}
		s = slice_skip(s, n);
	}
	if (!l->line.n)
		return;
	l->gap = true;
	if (!l->markdown) {
		put_block(l, CODE, buf_view(&l->line));
		return;
	}
	put_waiting(l);
	separate(l, CODE, buf_view(&l->line));
	put_fenced(l, language, buf_view(&l->line));
	l->last = CODE;
	l->gap = true;
	l->levels = 0;
}

static bool is_code(struct slice line)
{
	const char *end;

	if (line.p[0] != MARK_TEXT && line.p[0] != MARK_RAW)
		return false;
	end = memchr(line.p, MARK_END, line.n);
	return end && end + 1 == line.p + line.n && memchr(line.p, '\n', line.n);
}

/* A line that begins with a space is shown as it stands. */
static void preformatted(struct lines *l, struct slice line)
{
	wiki_inline(line, 0, &l->line);
	if (!l->line.n) {
		l->gap = true;
	} else if (!l->markdown) {
		put_block(l, CODE, buf_view(&l->line));
	} else {
		if (!l->code.n || l->gap)
			put_waiting(l);
		if (l->code.n)
			buf_byte(&l->code, '\n');
		buf_slice(&l->code, buf_view(&l->line));
		l->gap = false;
	}
}

/* Tables. */

static size_t next_cell(struct slice *row, struct slice *cell)
{
	size_t n = slice_find(*row, SLICE("\x0b"));

	*cell = slice_head(*row, n);
	*row = slice_skip(*row, n + 1);
	return n;
}

/* A row of a table that wikitext_table.c has made: fields with a tab between them, or | a | b |. */
static void table_row(struct lines *l, struct slice line)
{
	bool first = l->last != TABLE || l->gap;
	struct slice rest = slice_skip(line, 1), cell;
	size_t columns = 0, end = 0;
	unsigned flags = INLINE_CELL | (l->markdown ? INLINE_MARKDOWN : 0);

	for (bool more = true; more; columns++) {
		more = next_cell(&rest, &cell) < (size_t)(line.p + line.n - cell.p);
		if (l->markdown)
			buf_str(&l->line, "| ");
		else if (columns)
			buf_byte(&l->line, '\t');
		wiki_inline(cell, flags, &l->line);
		if (l->markdown)
			buf_byte(&l->line, ' ');
		if (l->line.n && l->line.p[l->line.n - 1] != '\t')
			end = l->line.n;
	}
	if (l->markdown)
		buf_byte(&l->line, '|');
	else
		l->line.n = end;
	if (l->markdown && first) {
		buf_str(&l->line, "\n|");
		while (columns--)
			buf_str(&l->line, " --- |");
	}
	if (l->line.n)
		put_block(l, TABLE, buf_view(&l->line));
}

/* Rows of a table whose frame is made by templates, which went; what of a table's signs stands
 * without its table; parameters of a template that was never closed. Another | is text. */
static bool is_table_rest(struct lines *l, struct slice line)
{
	struct slice s = wiki_trim(line);
	bool sign = s.n &&
		(s.p[0] == MARK_SEP || slice_starts(s, SLICE("{|")) ||
			slice_starts(s, SLICE("|-")) || slice_starts(s, SLICE("|}")));
	bool rest = sign || (l->framed && slice_starts(s, SLICE("|")));

	l->framed = rest || (!s.n && memchr(line.p, MARK_GONE, line.n));
	return rest;
}

static void text_line(struct lines *l, struct slice line)
{
	if (line.p[0] == ' ') {
		preformatted(l, line);
		return;
	}
	if (slice_starts(line, SLICE("----"))) {
		l->gap = true;
		line = slice_skip(line, count_of(line, '-'));
	}
	convert(l, line, &l->line);
	if (l->line.n)
		put_block(l, PARAGRAPH, buf_view(&l->line));
	else
		l->gap = true;
}

static void one_line(struct lines *l, struct slice line)
{
	l->line.n = 0;
	if (line.p[0] == MARK_ROW)
		table_row(l, line);
	else if (is_table_rest(l, line) || !wiki_trim(line).n)
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

void wiki_lines(struct slice expanded, bool markdown, struct buf *out)
{
	struct lines l = { .out = out, .begin = out->n, .markdown = markdown };

	while (expanded.n) {
		size_t n = line_length(&l, expanded);

		if (n == 0) {
			l.gap = true;
			l.framed = false;
		} else {
			one_line(&l, slice_head(expanded, n));
		}
		expanded = slice_skip(expanded, n + 1);
	}
	for (int i = 1; i <= HEADING_LEVELS; i++)
		l.headings[i].n = 0;
	put_waiting(&l);
	for (int i = 1; i <= HEADING_LEVELS; i++)
		buf_release(&l.headings[i]);
	buf_release(&l.line);
	buf_release(&l.code);
}
