/* Backslashes before what would be read as markup, and before nothing else. */
#include "stages/extract/markdown_parts.h"

static char char_at(const struct escaper *e, size_t i)
{
	return i < e->s->text.n ? e->s->text.p[i] : '\n';
}

static void put_escaped(struct escaper *e, char c)
{
	buf_byte(e->out, '\\');
	buf_byte(e->out, c);
}

/* A run of * or _ in which each could be a mark, when what stands around it is so. Marks and code
 * may stand at the ends of the part, so there it is taken for one. */
static bool run_is_plain(const struct escaper *e, size_t i, size_t n)
{
	bool at_end = (i == e->begin && (i || e->stars)) || (i + n == e->end && e->marks_next);
	enum side before = side_before(e->s, i), after = side_after(e->s, i + n);

	if (at_end)
		return false;
	if (before == SIDE_SPACE && after == SIDE_SPACE)
		return true;
	return e->s->text.p[i] == '_' && before == SIDE_WORD && after == SIDE_WORD;
}

/* Most readers take a formula to begin at a $ before, and to end at one behind, what is no white
 * space. A mark may stand where the part begins or ends, and a backslash at a line's end. */
static bool dollar_is_plain(struct escaper *e, size_t i)
{
	bool opens = i + 1 < e->s->text.n && (i + 1 == e->end || e->s->text.p[i + 1] != ' ');
	bool closes = i == e->begin || !is_blank(char_at(e, i - 1));

	if (e->formulas || (e->dollar && closes))
		return false;
	e->dollar |= opens;
	return true;
}

/* Whether the byte at i would be read as markup, the beginnings of lines left aside. */
static bool needs_escape(struct escaper *e, size_t i)
{
	char c = e->s->text.p[i], next = char_at(e, i + 1);
	bool last = i + 1 == e->end;

	switch (c) {
	case '`': return true;
	case '\\':
		return last || next == '\n' || (side_of((unsigned char)next) == SIDE_PUNCTUATION);
	case '<': return is_letter(next) || byte_in(next, "/!?");
	case '&': return is_entity(slice_skip(buf_view(&e->s->text), i));
	case '[': return e->link;
	case ']': return e->link || byte_in(next, "([");
	case '!': return last && e->link_next;
	case '|': return e->place->cell;
	case '~': return e->tildes;
	case '$': return !dollar_is_plain(e, i);
	default: return false;
	}
}

/* --- beginnings of lines ---------------------------------------------------------------------- */

/* The bytes of the line at i that are of the set, when all of it is; else 0. */
static size_t line_only(const struct escaper *e, size_t i, const char *set)
{
	size_t n = 0;

	while (i + n < e->s->text.n && byte_in(e->s->text.p[i + n], set))
		n++;
	return char_at(e, i + n) == '\n' ? n : 0;
}

static bool begins_heading(const struct escaper *e, size_t i)
{
	size_t n = 0;

	while (char_at(e, i + n) == '#')
		n++;
	return n <= 6 && is_blank(char_at(e, i + n));
}

/* The stop of "1. ", or 0. */
static size_t number_stop(const struct escaper *e, size_t i)
{
	size_t n = 0;

	while (n < 10 && is_digit(char_at(e, i + n)))
		n++;
	if (n == 0 || n == 10 || !byte_in(char_at(e, i + n), ".)") ||
		!is_blank(char_at(e, i + n + 1)))
		return 0;
	return i + n;
}

/* "[a]: b" at the head of a block would be where a link leads, and no text. The end of the name may
 * stand in code. */
static bool is_definition(const struct escaper *e, size_t i)
{
	return i == 0 && slice_find(buf_view(&e->s->text), SLICE("]:")) < e->s->text.n;
}

/* [ ] and [x] at the head of an item are a box to tick in GitHub's Markdown. */
static bool is_box(const struct escaper *e, size_t i)
{
	return e->place->item && i == 0 && byte_in(char_at(e, 1), " xX") && char_at(e, 2) == ']';
}

static bool begins_block(const struct escaper *e, size_t i)
{
	char c = e->s->text.p[i], next = char_at(e, i + 1);

	switch (c) {
	case '#': return begins_heading(e, i);
	case '>': return true;
	case '+': return is_blank(next);
	case '-': return is_blank(next) || line_only(e, i, "-:| ");
	case '|':
	case ':': return line_only(e, i, "-:| ");
	case '=': return line_only(e, i, "= ");
	case '_': return line_only(e, i, "_ ");
	case '[': return is_box(e, i) || is_definition(e, i);
	default: return false;
	}
}

/* Puts what a line begins with, escaped where it would begin a block. Returns the bytes taken. */
static size_t put_line_start(struct escaper *e, size_t i)
{
	char c = e->s->text.p[i];

	if (e->place->cell || e->place->heading)
		return 0;
	e->stop = number_stop(e, i);
	if (c == '*' && (is_blank(char_at(e, i + 1)) || line_only(e, i, "* "))) {
		size_t n = MIN(run_length(slice_skip(buf_view(&e->s->text), i), '*'), e->end - i);

		for (size_t k = 0; k < n; k++)
			put_escaped(e, '*');
		return n;
	}
	if (!begins_block(e, i))
		return 0;
	put_escaped(e, c);
	return 1;
}

/* --- plain text ------------------------------------------------------------------------------- */

static void put_break(struct escaper *e)
{
	if (e->place->cell || e->place->heading || !e->place->next_line) {
		buf_byte(e->out, ' ');
		return;
	}
	buf_byte(e->out, '\\');
	e->place->next_line(e->place->to, e->out);
}

static size_t put_run(struct escaper *e, size_t i)
{
	char c = e->s->text.p[i];
	size_t n = MIN(run_length(slice_skip(buf_view(&e->s->text), i), c), e->end - i);
	bool plain = run_is_plain(e, i, n);

	for (size_t k = 0; k < n; k++)
		if (plain)
			buf_byte(e->out, c);
		else
			put_escaped(e, c);
	return n;
}

/* Bytes that mean nothing anywhere: most of a text. */
static size_t plain_length(const struct escaper *e, size_t i)
{
	size_t n = 0, end = e->stop >= i && e->stop ? MIN(e->stop, e->end) : e->end;

	while (i + n < end && !byte_in(e->s->text.p[i + n], "\\`*_[]<&!|~$\n"))
		n++;
	return n;
}

void inline_escape(struct escaper *e)
{
	for (size_t i = e->begin; i < e->end;) {
		size_t n = i == 0 || e->s->text.p[i - 1] == '\n' ? put_line_start(e, i) : 0;

		i += n;
		n = plain_length(e, i);
		buf_append(e->out, e->s->text.p + i, n);
		i += n;
		if (i == e->end)
			break;
		if (e->s->text.p[i] == '*' || e->s->text.p[i] == '_') {
			i += put_run(e, i);
			continue;
		}
		if (e->s->text.p[i] == '\n')
			put_break(e);
		else if ((e->stop && e->stop == i) || needs_escape(e, i))
			put_escaped(e, e->s->text.p[i]);
		else
			buf_byte(e->out, e->s->text.p[i]);
		i++;
	}
}
