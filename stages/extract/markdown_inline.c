/* The runs of a block: collected with their styles, and put between their marks. */
#include "stages/extract/markdown_inline.h"

#include "lib/core/mem.h"
#include "stages/extract/markdown_parts.h"

#include <stdlib.h>

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

/* --- code, formulas, links -------------------------------------------------------------------- */

/* In a cell a | ends it, whatever it stands in. */
static void put_raw(const struct inline_place *place, struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.n; i++) {
		if (place->cell && text.p[i] == '|')
			buf_byte(out, '\\');
		buf_byte(out, text.p[i]);
	}
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
		inline_escape(e);
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
	struct escaper e = { .s = s, .place = place, .out = out, .last = inline_place_stars(s) };
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
