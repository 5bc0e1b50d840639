/* Cuts a run of non-space characters into words as spaCy's English tokenizer does. */
#include "lib/text/spacy_en.h"

#include "lib/core/mem.h"
#include "lib/text/chars.h"

#include <stdlib.h>

void lengths_push(struct lengths *l, uint32_t n)
{
	mem_grow(&l->at, l->n, &l->cap, sizeof(l->at[0]));
	l->at[l->n++] = n;
}

static void push(struct lengths *l, size_t n)
{
	lengths_push(l, (uint32_t)n);
}

void lengths_release(struct lengths *l)
{
	free(l->at);
	*l = (struct lengths){ 0 };
}

static int compare(struct slice a, struct slice b)
{
	int order = memcmp(a.p, b.p, MIN(a.n, b.n));

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

/* FNV-1a (RFC 9923), folded: the slots are those of tools/gen-spacy-en.py. */
static uint32_t special_hash(struct slice s)
{
	uint32_t h = 0x811c9dc5;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x01000193;
	return h ^ h >> 16;
}

const struct spacy_special *spacy_en_special(struct slice s)
{
	uint32_t at;

	if (s.n == 0 || s.n > SPACY_MAX_SPECIAL)
		return NULL;
	for (at = special_hash(s) % SPACY_SLOTS; spacy_slots[at]; at = (at + 1) % SPACY_SLOTS) {
		const struct spacy_special *special = &spacy_specials[spacy_slots[at] - 1];

		if (slice_eq(s, (struct slice){ special->text, special->n }))
			return special;
	}
	return NULL;
}

static int by_unit(const void *key, const void *row)
{
	return compare(*(const struct slice *)key, *(const struct slice *)row);
}

static bool is_unit(struct slice s)
{
	return bsearch(&s, spacy_units, spacy_n_units, sizeof(spacy_units[0]), by_unit);
}

/* [0-9] */
static bool is_digit(uint32_t c)
{
	return c - '0' <= 9;
}

static bool ascii_digit(char c)
{
	return is_digit((unsigned char)c);
}

/* Bytes of "." at the start. */
static size_t dots_at(const char *p, const char *end)
{
	const char *at = p;

	while (at < end && *at == '.')
		at++;
	return (size_t)(at - p);
}

/* Bytes that the prefix expression takes off the start of s, or 0. */
static size_t prefix_length(struct slice s)
{
	const char *end = s.p + s.n;
	uint32_t c;
	size_t n;

	if (s.n == 0)
		return 0;
	n = char_decode(s.p, end, &c);
	if (char_classes(c) & CHAR_PREFIX)
		return n;
	if (c == '+')
		return s.n == 1 || !ascii_digit(s.p[1]);
	if (c == '.')
		return (n = dots_at(s.p, end)) >= 2 ? n : 0;
	if (slice_starts(s, SLICE("US$")))
		return 3;
	return slice_starts(s, SLICE("C$")) || slice_starts(s, SLICE("A$")) ? 2 : 0;
}

/* True when a single full stop at the end of s is cut off. */
static bool stop_is_cut(struct slice s)
{
	const char *at = s.p + s.n - 1;
	uint32_t before = 0, ahead = 0;

	if (at == s.p)
		return false;
	at -= char_decode_back(s.p, at, &before);
	if (char_classes(before) & CHAR_BEFORE_STOP)
		return true;
	if (at == s.p)
		return false;
	char_decode_back(s.p, at, &ahead);
	if (char_classes(before) & char_classes(ahead) & CHAR_CAPITAL)
		return true;
	return ahead == 0xb0 && (before == 'F' || before == 'C' || before == 'K'); /* °F. */
}

/* Bytes behind the last digit when they are a unit, a currency or "+". */
static size_t unit_length(struct slice s)
{
	enum { LONGEST = 10 };
	const char *end = s.p + s.n, *at = end;
	struct slice tail;

	while (at > s.p && end - at <= LONGEST && !ascii_digit(at[-1]))
		at--;
	tail = (struct slice){ at, (size_t)(end - at) };
	if (at == s.p || !ascii_digit(at[-1]) || tail.n == 0)
		return 0;
	return slice_eq(tail, SLICE("+")) || is_unit(tail) ? tail.n : 0;
}

/* Bytes of the longest match of the suffix expression at the end of s, or 0. */
static size_t suffix_length(struct slice s)
{
	size_t n, dots = 0;
	uint32_t c;

	if (s.n == 0)
		return 0;
	while (dots < s.n && s.p[s.n - 1 - dots] == '.')
		dots++;
	if (dots)
		return dots >= 2 || stop_is_cut(s) ? dots : 0;
	if (slice_ends(s, SLICE("’s")) || slice_ends(s, SLICE("’S")))
		return 4;
	if (slice_ends(s, SLICE("……")))
		return 6;
	if (slice_ends(s, SLICE("'s")) || slice_ends(s, SLICE("'S")))
		return 2;
	if ((n = unit_length(s)))
		return n;
	n = char_decode_back(s.p, s.p + s.n, &c);
	return char_classes(c) & CHAR_SUFFIX ? n : 0;
}

/* What the affix rules leave of a run that is no special case: rest, between the pieces in front of
 * it that went to out, and those behind it, the last first, in behind. */
static struct slice cut_affixes(struct slice s, struct lengths *out, struct lengths *behind)
{
	do {
		size_t pre = prefix_length(s), suf;

		if (pre && spacy_en_special(slice_skip(s, pre))) {
			push(out, pre);
			return slice_skip(s, pre);
		}
		suf = suffix_length(slice_skip(s, pre));
		if (suf && spacy_en_special(slice_head(s, s.n - suf))) {
			push(behind, suf);
			return slice_head(s, s.n - suf);
		}
		if (pre)
			push(out, pre);
		if (suf)
			push(behind, suf);
		if (!pre && !suf)
			break;
		s = slice_skip(slice_head(s, s.n - suf), pre);
	} while (s.n && !spacy_en_special(s));
	return s;
}

/* Bytes of the hyphen at p that an infix may be, where what follows it is a letter; "-" comes first
 * in the expression, and takes its longer forms only where they end before a letter. */
static size_t hyphen_length(const char *p, const char *end)
{
	static const struct slice forms[] = { { "-", 1 }, { "–", 3 }, { "—", 3 }, { "--", 2 },
		{ "---", 3 }, { "——", 6 }, { "~", 1 } };
	struct slice s = { p, (size_t)(end - p) };
	uint32_t c;

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if (!slice_starts(s, forms[i]) || s.n == forms[i].n)
			continue;
		char_decode(p + forms[i].n, end, &c);
		if (char_classes(c) & CHAR_ALPHA)
			return forms[i].n;
	}
	return 0;
}

/* True when the ASCII character c, between before and the character at next, is cut out. */
static bool mark_is_infix(uint32_t c, uint32_t before, const char *next, const char *end)
{
	uint32_t left = char_classes(before), right, after;

	if (next == end)
		return false;
	char_decode(next, end, &after);
	right = char_classes(after);
	switch (c) {
	case '+':
	case '-':
	case '*':
	case '^': return is_digit(before) && (after == '-' || is_digit(after));
	case '.': return left & CHAR_STOP_LEFT && right & CHAR_STOP_RIGHT;
	case ',': return left & CHAR_ALPHA && right & CHAR_ALPHA;
	case ':':
	case '<':
	case '>':
	case '=':
	case '/': return left & CHAR_ALPHA_DIGIT && right & CHAR_ALPHA;
	default: return false;
	}
}

/* Bytes of the infix at p, whose code point is c, or 0. before is the code point in front, 0 at the
 * start. */
static size_t infix_length(const char *p, const char *end, uint32_t c, size_t n, uint32_t before)
{
	size_t dots;

	if (c == '.' && (dots = dots_at(p, end)) >= 2)
		return dots;
	if (char_classes(c) & CHAR_INFIX)
		return n;
	if (before == 0)
		return 0;
	if (c < 0x80 && mark_is_infix(c, before, p + n, end))
		return n;
	if ((c == '-' || c == 0x2013 || c == 0x2014 || c == '~') &&
		char_classes(before) & CHAR_ALPHA_DIGIT)
		return hyphen_length(p, end);
	return 0;
}

static void cut_infixes(struct slice s, struct lengths *out)
{
	const char *start = s.p, *p = s.p, *end = s.p + s.n;
	uint32_t before = 0, c = 0;

	while (p < end) {
		size_t n = char_decode(p, end, &c);
		size_t infix = infix_length(p, end, c, n, before);

		if (infix && p != s.p) {
			if (p != start)
				push(out, (size_t)(p - start));
			push(out, infix);
			start = p + infix;
		}
		p += infix ? infix : n;
		before = c; /* the marks that make an infix of several are alike */
	}
	if (start < end)
		push(out, (size_t)(end - start));
}

static void push_special(struct lengths *out, const struct spacy_special *special)
{
	for (size_t i = 0; i < ARRAY_LEN(special->piece) && special->piece[i]; i++)
		push(out, special->piece[i]);
}

static bool all_letters(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char lower = (unsigned char)s.p[i] | 0x20;

		if (lower < 'a' || lower > 'z')
			return false;
	}
	return true;
}

void spacy_en_cut(struct slice run, struct lengths *out, struct lengths *behind)
{
	const struct spacy_special *special = spacy_en_special(run);
	struct slice rest;

	if (special) {
		push_special(out, special);
		return;
	}
	if (all_letters(run)) { /* most runs: no rule can cut them */
		push(out, run.n);
		return;
	}
	rest = cut_affixes(run, out, behind);
	special = spacy_en_special(rest);
	if (special)
		push_special(out, special);
	else if (rest.n && spacy_en_url(rest))
		push(out, rest.n);
	else
		cut_infixes(rest, out);
	while (behind->n)
		push(out, behind->at[--behind->n]);
}
