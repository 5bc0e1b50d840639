/* The marks of strong and emphasis, where a reader would take them for such. */
#include "lib/core/mem.h"
#include "lib/text/utf8.h"
#include "stages/extract/markdown_parts.h"

#include <unicode/uchar.h>

enum side side_of(uint32_t c)
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

enum side side_before(const struct inline_text *s, size_t at)
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

enum side side_after(const struct inline_text *s, size_t at)
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

unsigned inline_place_stars(struct inline_text *s)
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
