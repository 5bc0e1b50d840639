/* Unicode's normal forms on UTF-8. */
#include "tokenizer/forms.h"

#include "lib/core/mem.h"
#include "lib/text/utf8.h"

#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

enum { N_POINTS = 0x110000, LAST_VERSION = 9 };

/* Where a segment may end though it goes on: a run of ligatures is no reason to hold all of it. */
enum { LONG_SEGMENT = 4096 };

/* Code points of one decomposition; the longest is of 18 (U+FDFA). */
enum { MOST_POINTS = 64 };

/* Runs of marks up to this are sorted by insertion. */
enum { SHORT_RUN = 32 };

struct forms {
	const UNormalizer2 *form; /* whose boundaries are asked for */
	const UNormalizer2 *decompose;
	const UNormalizer2 *compose; /* NULL: the form is decomposed */
	unsigned char first; /* below this lead byte all code points are plain */
	uint64_t plain[N_POINTS / 64]; /* in normal form, and composing with nothing before */
	uint64_t mark[N_POINTS / 64]; /* in normal form where the marks are in order */
};

struct form_scratch {
	uint32_t *points, *sorted; /* combining class << 24 | code point */
	size_t n, cap, cap_sorted;
	UChar *given, *made;
	size_t cap_given, cap_made;
};

/* ---- the data ---- */

static bool is_later(UChar32 c)
{
	UVersionInfo age;

	u_charAge(c, age);
	return age[0] > LAST_VERSION;
}

static void classify(struct forms *f, UChar32 c, UProperty check)
{
	uint64_t bit = UINT64_C(1) << c % 64;

	if (is_later(c) || !u_isdefined(c))
		f->plain[c / 64] |= bit;
	else if (u_getIntPropertyValue(c, check) != UNORM_YES)
		return;
	else if (u_getCombiningClass(c) == 0)
		f->plain[c / 64] |= bit;
	else
		f->mark[c / 64] |= bit;
}

/* Beyond the third plane nothing but some tags and variation selectors is assigned, all plain. */
static void classify_all(struct forms *f, UProperty check)
{
	enum { END = 0x30000 };

	for (UChar32 c = 0; c < END; c++)
		classify(f, c, check);
	memset(f->plain + END / 64, 0xFF, (N_POINTS - END) / 8);
}

static bool has(const uint64_t *set, uint32_t c)
{
	return set[c / 64] >> c % 64 & 1;
}

/* The first code point that is not plain lies at or above U+00A0 in each form. */
static void find_first(struct forms *f)
{
	uint32_t c = 0x80;
	char bytes[UTF8_MAX_BYTES];

	while (has(f->plain, c))
		c++;
	utf8_put(bytes, c);
	f->first = (unsigned char)*bytes;
}

struct forms *forms_new(enum norm_kind kind)
{
	static const UProperty checks[] = { [NORM_NFC] = UCHAR_NFC_QUICK_CHECK,
		[NORM_NFD] = UCHAR_NFD_QUICK_CHECK,
		[NORM_NFKC] = UCHAR_NFKC_QUICK_CHECK,
		[NORM_NFKD] = UCHAR_NFKD_QUICK_CHECK };
	struct forms *f = mem_zalloc(1, sizeof(*f));
	UErrorCode status = U_ZERO_ERROR;
	bool compat = kind == NORM_NFKC || kind == NORM_NFKD;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);

	f->decompose = compat ? unorm2_getNFKDInstance(&status) : unorm2_getNFDInstance(&status);
	f->form = f->decompose;
	if (kind == NORM_NFC || kind == NORM_NFKC) {
		/* What is decomposed for compatibility is composed canonically. */
		f->compose = nfc;
		f->form = compat ? unorm2_getNFKCInstance(&status) : nfc;
	}
	if (U_FAILURE(status))
		mem_exhausted();
	classify_all(f, checks[kind]);
	find_first(f);
	return f;
}

void forms_free(struct forms *f)
{
	free(f);
}

void form_scratch_free(struct form_scratch *s)
{
	if (!s)
		return;
	free(s->points);
	free(s->sorted);
	free(s->given);
	free(s->made);
	free(s);
}

/* ---- what is normal already ---- */

/* Eight bytes at a time where all lead bytes are low: near 8 GB/s. */
static size_t skip_low(const struct forms *f, struct slice text, size_t at)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t add = ones * (0x100u - f->first);

	while (text.n - at >= 8) {
		uint64_t eight = load_le64(text.p + at);

		if (((eight & ones * 0x7F) + add) & eight & ones * 0x80)
			break;
		at += 8;
	}
	return at;
}

/* The place of the first code point from at on that is not plain. Ill-formed bytes count as plain.
 */
static size_t skip_plain(const struct forms *f, struct slice text, size_t at)
{
	while (at < text.n) {
		uint32_t c = (unsigned char)text.p[at];
		int n = 1;

		if (c < f->first) {
			at = skip_low(f, text, at);
			if (at < text.n && (unsigned char)text.p[at] < f->first)
				at++;
			continue;
		}
		n = utf8_decode(slice_skip(text, at), &c);
		if (n > 0 && !has(f->plain, c))
			break;
		at += (size_t)abs(n);
	}
	return at;
}

/* Where a segment begins whose first code point that is not plain is at at: with the one before
 * it. */
static size_t segment_begin(struct slice text, size_t done, size_t at)
{
	size_t begin = at;
	uint32_t c;
	int n;

	do {
		if (begin == done || at - begin == UTF8_MAX_BYTES)
			return at;
		begin--;
	} while ((text.p[begin] & 0xC0) == 0x80);
	n = utf8_decode(slice_skip(text, begin), &c);
	return n > 0 && begin + (size_t)n == at && !is_later((UChar32)c) ? begin : at;
}

/* Behind the last code point that is not plain. */
static size_t segment_end(const struct forms *f, struct slice text, size_t at)
{
	size_t begin = at;

	while (at < text.n) {
		uint32_t c;
		int n = utf8_decode(slice_skip(text, at), &c);

		if (n < 0 || has(f->plain, c))
			break;
		if (at - begin >= LONG_SEGMENT && unorm2_hasBoundaryBefore(f->form, (UChar32)c))
			break;
		at += (size_t)n;
	}
	return at;
}

/* True when all that is not plain are marks in the order of their classes. */
static bool in_order(const struct forms *f, struct slice segment)
{
	uint8_t before = 0;

	while (segment.n) {
		uint32_t c = utf8_next(&segment);
		uint8_t class = 0;

		if (has(f->plain, c))
			continue;
		if (!has(f->mark, c))
			return false;
		if (before || segment.n)
			class = u_getCombiningClass((UChar32)c);
		if (class < before)
			return false;
		before = class;
	}
	return true;
}

/* ---- what is not ---- */

static void put_point(struct form_scratch *s, UChar32 c)
{
	mem_grow(&s->points, s->n, &s->cap, sizeof(*s->points));
	s->points[s->n++] = (uint32_t)u_getCombiningClass(c) << 24 | (uint32_t)c;
}

/* Of what ICU wrote: a lead surrogate has its trail. */
static UChar32 next_utf16(const UChar *text, int32_t *at)
{
	UChar32 c = text[(*at)++];

	if (c >= 0xD800 && c < 0xDC00)
		c = 0x10000 + ((c - 0xD800) << 10) + (text[(*at)++] - 0xDC00);
	return c;
}

static void decompose(const struct forms *f, struct form_scratch *s, struct slice segment)
{
	s->n = 0;
	while (segment.n) {
		UChar32 c = (UChar32)utf8_next(&segment);
		UErrorCode status = U_ZERO_ERROR;
		UChar parts[MOST_POINTS];
		int32_t n = unorm2_getDecomposition(f->decompose, c, parts, MOST_POINTS, &status);

		if (n < 0 || U_FAILURE(status)) {
			put_point(s, c);
			continue;
		}
		for (int32_t i = 0; i < n;)
			put_point(s, next_utf16(parts, &i));
	}
}

static void insert_run(uint32_t *run, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint32_t point = run[i];
		size_t at = i;

		for (; at > 0 && run[at - 1] >> 24 > point >> 24; at--)
			run[at] = run[at - 1];
		run[at] = point;
	}
}

static void count_run(struct form_scratch *s, uint32_t *run, size_t n)
{
	size_t from[257] = { 0 };

	if (s->cap_sorted < n) {
		s->cap_sorted = n;
		s->sorted = mem_resize(s->sorted, n, sizeof(*s->sorted));
	}
	for (size_t i = 0; i < n; i++)
		from[(run[i] >> 24) + 1]++;
	for (size_t class = 0; class < 256; class ++)
		from[class + 1] += from[class];
	for (size_t i = 0; i < n; i++)
		s->sorted[from[run[i] >> 24]++] = run[i];
	memcpy(run, s->sorted, n * sizeof(*run));
}

/* Marks side by side in the order of their classes, those of one class as they were. ICU inserts
 * one by one, which is quadratic for a hostile run. */
static void reorder(struct form_scratch *s)
{
	for (size_t i = 0, n; i < s->n; i += n) {
		for (n = 0; i + n < s->n && s->points[i + n] >> 24; n++)
			;
		if (n > SHORT_RUN)
			count_run(s, s->points + i, n);
		else
			insert_run(s->points + i, n);
		n += n == 0;
	}
}

static UChar *room(UChar **at, size_t *cap, size_t n)
{
	if (*cap < n) {
		*cap = MAX(n, *cap * 2);
		*at = mem_resize(*at, *cap, sizeof(**at));
	}
	return *at;
}

static void put_utf8(struct buf *out, UChar32 c)
{
	out->n += utf8_put(buf_reserve(out, UTF8_MAX_BYTES), (uint32_t)c);
}

static void put_decomposed(const struct form_scratch *s, struct buf *out)
{
	for (size_t i = 0; i < s->n; i++)
		put_utf8(out, (UChar32)(s->points[i] & 0xFFFFFF));
}

/* Composing makes nothing longer. */
static void put_composed(const struct forms *f, struct form_scratch *s, struct buf *out)
{
	UChar *given = room(&s->given, &s->cap_given, 2 * s->n);
	int32_t n_given = 0, n_made;
	UErrorCode status = U_ZERO_ERROR;

	for (size_t i = 0; i < s->n; i++)
		U16_APPEND_UNSAFE(given, n_given, s->points[i] & 0xFFFFFF);
	room(&s->made, &s->cap_made, (size_t)n_given);
	n_made = unorm2_normalize(
		f->compose, given, n_given, s->made, (int32_t)s->cap_made, &status);
	if (U_FAILURE(status))
		mem_exhausted();
	for (int32_t i = 0; i < n_made;)
		put_utf8(out, next_utf16(s->made, &i));
}

bool forms_apply(const struct forms *f, struct form_scratch **s, struct slice text, struct buf *out)
{
	size_t copied = 0, done = 0, at;

	while ((at = skip_plain(f, text, done)) < text.n) {
		size_t begin = segment_begin(text, done, at);
		struct slice segment = { text.p + begin, 0 }, made;
		size_t was = out->n, start;

		done = segment_end(f, text, at);
		segment.n = done - begin;
		if (in_order(f, segment))
			continue;
		if (!*s)
			*s = mem_zalloc(1, sizeof(**s));
		buf_append(out, text.p + copied, begin - copied);
		start = out->n;
		decompose(f, *s, segment);
		reorder(*s);
		if (f->compose)
			put_composed(f, *s, out);
		else
			put_decomposed(*s, out);
		made = slice_skip(buf_view(out), start);
		if (slice_eq(made, segment))
			out->n = was;
		else
			copied = done;
	}
	if (copied)
		buf_append(out, text.p + copied, text.n - copied);
	return copied > 0;
}
