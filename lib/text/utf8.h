/* utf8.h - UTF-8 by Unicode 15, section 3.9, table 3-7: no overlong forms, no surrogates, nothing
 * above U+10FFFF.
 *
 * An ill-formed stretch is taken apart into maximal subparts (same section, tables 3-8 to 3-11),
 * each of which counts as one U+FFFD, as ICU, Python and the WHATWG decoder do. */
#ifndef CORPUS_UTF8_H
#define CORPUS_UTF8_H

#include "lib/core/arena.h"
#include "lib/core/buf.h"

enum { UTF8_REPLACEMENT = 0xFFFD, UTF8_MAX_BYTES = 4 };

/* The bytes of one code point at the front of the non-empty s: 1 to 4, and *c is set; or those of a
 * maximal subpart, negative, 1 to 3. */
int utf8_decode(struct slice s, uint32_t *c);

/* Takes one code point off the front of the non-empty s; U+FFFD for a maximal subpart. */
static inline uint32_t utf8_next(struct slice *s)
{
	uint32_t c = (unsigned char)*s->p;
	int n = 1;

	if (c >= 0x80)
		n = utf8_decode(*s, &c);
	if (n < 0) {
		c = UTF8_REPLACEMENT;
		n = -n;
	}
	s->p += n;
	s->n -= (size_t)n;
	return c;
}

/* Writes the code point c (at most U+10FFFF, no surrogate) to out; returns its bytes, 1 to 4. */
static inline size_t utf8_put(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

bool utf8_valid(struct slice s);

/* Length of the longest beginning of s that is well-formed; s.n when all is. */
size_t utf8_valid_head(struct slice s);

/* Appends s with U+FFFD for each maximal subpart; returns how many there were. */
uint64_t utf8_repair(struct buf *out, struct slice s);

/* The same as a slice: s itself where it is valid, else a copy in the arena. Adds to *replaced. */
struct slice utf8_repaired(struct slice s, struct arena *arena, uint64_t *replaced);

/* Code points in the valid s. */
size_t utf8_length(struct slice s);

#endif
