/* Marks where they are read as such, and escapes where text would be. */
#include "stages/extract/markdown_inline.h"

#include "lib/core/mem.h"
#include "lib/text/utf8.h"

#include <stdlib.h>
#include <unicode/uchar.h>

/* --- collecting ------------------------------------------------------------------------------- */

void inline_clear(struct inline_text *s)
{
	buf_clear(&s->text, MIB);
	s->n = 0;
}

static bool same_style(const struct inline_style *a, const struct inline_style *b)
{
	return a->strong == b->strong && a->em == b->em && a->math == b->math &&
		a->code == b->code && a->link == b->link;
}

static void begin_part(struct inline_text *s, const struct inline_style *style)
{
	if (s->n && !style->math && same_style(&s->parts[s->n - 1].style, style))
		return;
	mem_grow(&s->parts, s->n, &s->cap, sizeof(*s->parts));
	s->parts[s->n++] = (struct inline_part){ .at = s->text.n, .style = *style };
}

/* Two spans of code with nothing between them would read as one with backticks in it, and marks
 * that begin or end inside of code or a link are none: these have one style throughout. */
void inline_add(struct inline_text *s, const struct inline_style *style, struct slice text)
{
	struct inline_style own = *style;
	const struct inline_style *last = s->n ? &s->parts[s->n - 1].style : NULL;

	if (last && own.code && last->code && !last->math && !own.math)
		own = *last;
	if (last && own.link && last->link == own.link) {
		own.strong = last->strong;
		own.em = last->em;
	}
	begin_part(s, &own);
	buf_slice(&s->text, text);
}

void inline_space(struct inline_text *s, const struct inline_style *next, char space)
{
	struct inline_style style = *next;

	if (s->n) {
		const struct inline_style *last = &s->parts[s->n - 1].style;

		style.strong &= last->strong;
		style.em &= last->em;
		style.code = style.code == last->code && space == ' ' ? style.code : 0;
		style.link = style.link == last->link && space == ' ' ? style.link : 0;
		if (style.code || style.link) {
			style.strong = last->strong;
			style.em = last->em;
		}
	}
	style.math = false;
	begin_part(s, &style);
	buf_byte(&s->text, space);
}

/* --- emphasis --------------------------------------------------------------------------------- */

/* What stands at one side of a mark. Readers of CommonMark 0.30 and of 0.31 differ on symbols:
 * a mark is good only when it is for both. */
enum side { SIDE_SPACE, SIDE_PUNCTUATION, SIDE_SYMBOL, SIDE_WORD };

static enum side side_of(uint32_t c)
{
	int type;

	if (c < 0x80) {
		if (c <= ' ')
			return SIDE_SPACE;
		return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
			? SIDE_WORD
			: SIDE_PUNCTUATION;
	}
	type = u_charType((UChar32)c);
	if (type == U_SPACE_SEPARATOR)
		return SIDE_SPACE;
	if (U_GET_GC_MASK((UChar32)c) & U_GC_P_MASK)
		return SIDE_PUNCTUATION;
	return U_GET_GC_MASK((UChar32)c) & (U_GC_S_MASK | U_GC_C_MASK | U_GC_Z_MASK) ? SIDE_SYMBOL
										     : SIDE_WORD;
}

static enum side side_before(const struct inline_text *s, size_t at)
{
	size_t n = at;
	struct slice c;

	if (!at)
		return SIDE_SPACE;
	while (n > 0 && at - n < UTF8_MAX_BYTES)
		if (((unsigned char)s->text.p[--n] & 0xC0) != 0x80)
			break;
	c = (struct slice){ s->text.p + n, at - n };
	return side_of(utf8_next(&c));
}

/* A line break is a backslash there. */
static enum side side_after(const struct inline_text *s, size_t at)
{
	struct slice c = { s->text.p + at, s->text.n - at };

	if (!c.n)
		return SIDE_SPACE;
	return *c.p == '\n' ? SIDE_PUNCTUATION : side_of(utf8_next(&c));
}

/* Code, formulas and links stand between punctuation. */
static bool has_ends(const struct inline_style *style)
{
	return style->code || style->math || style->link;
}

/* A run of marks that all open or all close, with what stands around it: left- and right-flanking
 * as in CommonMark, section 6.2. */
struct flanks {
	enum side before, after;
};

static bool is_mark_or_space(enum side s)
{
	return s == SIDE_SPACE || s == SIDE_PUNCTUATION;
}

static bool can_open(struct flanks f)
{
	return f.after != SIDE_SPACE && (f.after == SIDE_WORD || is_mark_or_space(f.before));
}

static bool can_close(struct flanks f)
{
	return f.before != SIDE_SPACE && (f.before == SIDE_WORD || is_mark_or_space(f.after));
}

/* True when it surely cannot close (or open), so that the rule of three has nothing to say. */
static bool only_opens(struct flanks f)
{
	return f.before == SIDE_SPACE || (f.before == SIDE_PUNCTUATION && f.after == SIDE_WORD);
}

static bool only_closes(struct flanks f)
{
	return f.after == SIDE_SPACE || (f.after == SIDE_PUNCTUATION && f.before == SIDE_WORD);
}

static struct flanks flanks_at(const struct inline_text *s, size_t part)
{
	size_t at = part < s->n ? s->parts[part].at : s->text.n;
	struct flanks f = { side_before(s, at), side_after(s, at) };

	if (part && has_ends(&s->parts[part - 1].style))
		f.before = SIDE_PUNCTUATION;
	if (part < s->n && has_ends(&s->parts[part].style))
		f.after = SIDE_PUNCTUATION;
	return f;
}

static bool has_bit(const struct inline_style *style, bool strong)
{
	return strong ? style->strong : style->em;
}

/* The next run of parts in strong (or em) from part i; false when there is none. */
static bool next_span(const struct inline_text *s, size_t i, bool strong, struct inline_span *span)
{
	while (i < s->n && !has_bit(&s->parts[i].style, strong))
		i++;
	span->first = i;
	while (i < s->n && has_bit(&s->parts[i].style, strong))
		i++;
	span->end = i;
	return span->end > span->first;
}

static bool span_is_good(const struct inline_text *s, const struct inline_span *span)
{
	return can_open(flanks_at(s, span->first)) && can_close(flanks_at(s, span->end));
}

/* How strong and em may meet: one in the other, and the inner one's marks can only open or only
 * close, or are one run with the outer's. Beside one another they need something between them, and
 * crossing they are not. */
static bool may_meet(
	const struct inline_text *s, const struct inline_span *a, const struct inline_span *b)
{
	const struct inline_span *inner = a->end - a->first < b->end - b->first ? a : b;
	const struct inline_span *outer = inner == a ? b : a;

	if (inner->first < outer->first || inner->end > outer->end)
		return false;
	return (a->first == b->first || only_opens(flanks_at(s, inner->first))) &&
		(a->end == b->end || only_closes(flanks_at(s, inner->end)));
}

/* Of the parts and the end behind them, how many * stand before each. */
static unsigned place_stars(struct inline_text *s)
{
	struct inline_span span;
	unsigned last = 0;
	size_t from = 0;

	s->n_spans = 0;
	for (size_t i = 0; i < s->n; i++)
		s->parts[i].stars = 0;
	for (size_t i = 0; next_span(s, i, true, &span); i = span.end) {
		if (!span_is_good(s, &span))
			continue;
		mem_grow(&s->spans, s->n_spans, &s->cap_spans, sizeof(*s->spans));
		s->spans[s->n_spans++] = span;
		s->parts[span.first].stars = 2;
		*(span.end < s->n ? &s->parts[span.end].stars : &last) = 2;
	}
	for (size_t i = 0; next_span(s, i, false, &span); i = span.end) {
		bool good = span_is_good(s, &span);

		while (from < s->n_spans && s->spans[from].end < span.first)
			from++;
		for (size_t k = from; good && k < s->n_spans && s->spans[k].first <= span.end; k++)
			good = may_meet(s, &span, &s->spans[k]);
		if (!good)
			continue;
		s->parts[span.first].stars++;
		++*(span.end < s->n ? &s->parts[span.end].stars : &last);
	}
	return last;
}

/* --- code, formulas, links -------------------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* &name; or &#1; or &#x1; at the head of s. */
static bool is_entity(struct slice s)
{
	size_t n = s.n > 1 && s.p[1] == '#' ? 2 : 1, start = n;

	while (n < s.n && n - start < 40 && (is_letter(s.p[n]) || is_digit(s.p[n])))
		n++;
	return n > start && n < s.n && s.p[n] == ';';
}

/* In a cell a | ends it, whatever it stands in. */
static void put_raw(const struct inline_place *place, struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.n; i++) {
		if (place->cell && text.p[i] == '|')
			buf_byte(out, '\\');
		buf_byte(out, text.p[i]);
	}
}

static size_t run_length(struct slice s, char c)
{
	size_t n = 0;

	while (n < s.n && s.p[n] == c)
		n++;
	return n;
}

/* The least number of backticks of which text holds no run. */
static size_t ticks_for(struct slice text)
{
	uint64_t seen = 0; /* runs of up to 63 */
	size_t longest = 0, n = 1;

	while (text.n) {
		size_t run = run_length(text, '`');

		seen |= run && run < 64 ? UINT64_C(1) << run : 0;
		longest = MAX(longest, run);
		text = slice_skip(text, MAX(run, 1));
	}
	while (n < 64 && seen >> n & 1)
		n++;
	return n < 64 ? n : longest + 1;
}

static void put_code(const struct inline_place *place, struct slice text, struct buf *out)
{
	size_t ticks = ticks_for(text);
	bool pad = *text.p == '`' || text.p[text.n - 1] == '`' ||
		(*text.p == ' ' && text.p[text.n - 1] == ' ');

	for (size_t i = 0; i < ticks; i++)
		buf_byte(out, '`');
	if (pad)
		buf_byte(out, ' ');
	put_raw(place, text, out);
	if (pad)
		buf_byte(out, ' ');
	for (size_t i = 0; i < ticks; i++)
		buf_byte(out, '`');
}

static void put_math(
	const struct inline_place *place, bool display, struct slice tex, struct buf *out)
{
	buf_str(out, display ? "$$" : "$");
	put_raw(place, tex, out);
	buf_str(out, display ? "$$" : "$");
}

/* A target as it stands, but for bytes that end it or mean something around it. */
static void put_target(struct slice target, struct buf *out)
{
	for (size_t i = 0; i < target.n; i++) {
		unsigned char c = (unsigned char)target.p[i];

		if (c <= ' ' || c == 0x7F || byte_in((char)c, "()<>\\`|$"))
			buf_printf(out, "%%%02X", c);
		else if (c == '&' && is_entity(slice_skip(target, i)))
			buf_str(out, "\\&");
		else
			buf_byte(out, (char)c);
	}
}

/* --- escapes ---------------------------------------------------------------------------------- */

/* Text on its way out. */
struct escaper {
	const struct inline_text *s;
	const struct inline_place *place;
	struct buf *out;
	size_t begin, end; /* of the part, in the text */
	unsigned last; /* stars behind the last part */
	unsigned stars; /* before it */
	bool marks_next; /* marks or other code may stand right behind it */
	bool link; /* the part is in one */
	bool link_next; /* a link follows it */
	bool formulas; /* the text has some, or code with $: no other $ is plain */
	bool tildes; /* it has two or more */
	size_t stop; /* of a number at the head of the line, to be escaped */
	bool dollar; /* one stands before that could begin a formula */
};

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

static void put_plain(struct escaper *e)
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

/* --- rendering -------------------------------------------------------------------------------- */

static void put_part(struct escaper *e, size_t k)
{
	const struct inline_text *s = e->s;
	const struct inline_part *part = &s->parts[k];
	const struct inline_style *style = &part->style;
	uint32_t link_before = k ? s->parts[k - 1].style.link : 0;
	uint32_t link_after = k + 1 < s->n ? s->parts[k + 1].style.link : 0;
	struct slice text;

	e->begin = part->at;
	e->end = k + 1 < s->n ? s->parts[k + 1].at : s->text.n;
	e->stars = part->stars;
	e->marks_next = k + 1 < s->n || e->last;
	e->link = style->link != 0;
	e->link_next = link_after && link_after != style->link;
	text = (struct slice){ s->text.p + e->begin, e->end - e->begin };
	for (unsigned i = 0; i < part->stars; i++)
		buf_byte(e->out, '*');
	if (style->link && style->link != link_before)
		buf_byte(e->out, '[');
	if (style->math)
		put_math(e->place, style->display, text, e->out);
	else if (style->code)
		put_code(e->place, text, e->out);
	else
		put_plain(e);
	if (style->link && style->link != link_after) {
		buf_str(e->out, "](");
		put_target(style->target, e->out);
		buf_byte(e->out, ')');
	}
}

/* "# a #" would lose its end. */
static void escape_closing(struct buf *out, size_t start)
{
	size_t n = out->n;

	while (n > start && out->p[n - 1] == '#')
		n--;
	if (n == out->n || (n > start && out->p[n - 1] != ' '))
		return;
	buf_byte(out, '#');
	out->p[n] = '\\';
}

/* True of a formula, and of code with a $ in it: readers of formulas look for their end there. */
static bool has_dollars(const struct inline_text *s, size_t k)
{
	const struct inline_part *part = &s->parts[k];
	size_t end = k + 1 < s->n ? part[1].at : s->text.n;

	return part->style.math ||
		(part->style.code && memchr(s->text.p + part->at, '$', end - part->at));
}

void inline_render(struct inline_text *s, const struct inline_place *place, struct buf *out)
{
	struct escaper e = { .s = s, .place = place, .out = out, .last = place_stars(s) };
	size_t start = out->n;
	const char *tilde = s->text.n ? memchr(s->text.p, '~', s->text.n) : NULL;

	e.tildes = tilde && memchr(tilde + 1, '~', s->text.n - (size_t)(tilde + 1 - s->text.p));
	for (size_t k = 0; k < s->n; k++)
		e.formulas |= has_dollars(s, k);
	for (size_t k = 0; k < s->n; k++)
		put_part(&e, k);
	for (unsigned i = 0; i < e.last; i++)
		buf_byte(out, '*');
	if (place->heading)
		escape_closing(out, start);
}

void inline_release(struct inline_text *s)
{
	buf_release(&s->text);
	free(s->parts);
	free(s->spans);
	*s = (struct inline_text){ 0 };
}
