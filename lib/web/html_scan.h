/* html_scan.h - the next byte of a small set, for the HTML tokenizer.
 *
 * Runs in HTML are short (the middle text and value have 10 to 20 bytes), so that a call costs more
 * than the search: these are inlined, and use SSE2, which every x86-64 has, instead of a choice at
 * run time. Elsewhere the plain loop runs; it is also the tests' reference. */
#ifndef CORPUS_HTML_SCAN_H
#define CORPUS_HTML_SCAN_H

#include "lib/core/base.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* The first of a, b, c and d from p on, or end. */
static inline const char *html_scan_plain(
	const char *p, const char *end, char a, char b, char c, char d)
{
	while (p < end && *p != a && *p != b && *p != c && *p != d)
		p++;
	return p;
}

/* The first two hyphens from p on, or end. */
static inline const char *html_scan_hyphens_plain(const char *p, const char *end)
{
	for (; end - p >= 2; p++)
		if (p[0] == '-' && p[1] == '-')
			return p;
	return end;
}

#if defined(__SSE2__)

static inline __m128i html_load(const char *p)
{
	return _mm_loadu_si128((const void *)p);
}

static inline const char *html_scan(const char *p, const char *end, char a, char b, char c, char d)
{
	const __m128i va = _mm_set1_epi8(a), vb = _mm_set1_epi8(b), vc = _mm_set1_epi8(c),
		      vd = _mm_set1_epi8(d);

	for (; end - p >= 16; p += 16) {
		__m128i v = html_load(p);
		__m128i ab = _mm_or_si128(_mm_cmpeq_epi8(v, va), _mm_cmpeq_epi8(v, vb));
		__m128i cd = _mm_or_si128(_mm_cmpeq_epi8(v, vc), _mm_cmpeq_epi8(v, vd));
		int hits = _mm_movemask_epi8(_mm_or_si128(ab, cd));

		if (hits)
			return p + __builtin_ctz((unsigned)hits);
	}
	return html_scan_plain(p, end, a, b, c, d);
}

static inline const char *html_scan_hyphens(const char *p, const char *end)
{
	const __m128i hyphen = _mm_set1_epi8('-');

	for (; end - p >= 17; p += 16) {
		__m128i pair = _mm_and_si128(_mm_cmpeq_epi8(html_load(p), hyphen),
			_mm_cmpeq_epi8(html_load(p + 1), hyphen));
		int hits = _mm_movemask_epi8(pair);

		if (hits)
			return p + __builtin_ctz((unsigned)hits);
	}
	return html_scan_hyphens_plain(p, end);
}

#else
#define html_scan html_scan_plain
#define html_scan_hyphens html_scan_hyphens_plain
#endif

#endif
