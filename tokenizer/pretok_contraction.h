/* pretok_contraction.h - English contractions, as all patterns have them. */
#ifndef CORPUSTOK_PRETOK_CONTRACTION_H
#define CORPUSTOK_PRETOK_CONTRACTION_H

#include <stddef.h>

/* Bytes of '(?:[sdmt]|ll|ve|re) at an apostrophe with n bytes from there on, or 0. */
static inline size_t contraction(const unsigned char *p, size_t n)
{
	if (n >= 2 && (p[1] == 's' || p[1] == 'd' || p[1] == 'm' || p[1] == 't'))
		return 2;
	if (n >= 3 &&
		((p[1] == 'l' && p[2] == 'l') || (p[2] == 'e' && (p[1] == 'v' || p[1] == 'r'))))
		return 3;
	return 0;
}

/* Of (?i:'s|'t|'re|'ve|'m|'ll|'d). The only other letter that folds to one of these is U+017F, to
 * s. */
static inline size_t contraction_of_any_case(const unsigned char *p, size_t n)
{
	unsigned a = n >= 2 ? p[1] | 0x20 : 0, b = n >= 3 ? p[2] | 0x20 : 0;

	if (a == 's' || a == 'd' || a == 'm' || a == 't')
		return 2;
	if ((a == 'l' && b == 'l') || (b == 'e' && (a == 'v' || a == 'r')))
		return 3;
	return n >= 3 && p[1] == 0xC5 && p[2] == 0xBF ? 3 : 0;
}

#endif
