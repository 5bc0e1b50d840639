/* The published patterns as scanners, one code point after another. */
#include "tokenizer/pretok_class.h"
#include "tokenizer/pretok_scan.h"

/* Where the code points end that have one of the classes in yes, or none when inverted. */
static inline size_t run_of(const unsigned char *text, size_t at, size_t end, unsigned classes)
{
	size_t n;

	while (at < end && class_at(text + at, &n) & classes)
		at += n;
	return at;
}

static inline size_t run_without(const unsigned char *text, size_t at, size_t end, unsigned classes)
{
	size_t n;

	while (at < end && !(class_at(text + at, &n) & classes))
		at += n;
	return at;
}

/* \s+(?!\S)|\s+ at a white space: before a word the last white space stays behind, if it is not
 * the only one. */
static size_t spaces(const unsigned char *text, size_t at, size_t end)
{
	size_t last = at, p = at, n;

	while (p < end && class_at(text + p, &n) & CLASS_SPACE) {
		last = p;
		p += n;
	}
	return p < end && last > at ? last : p;
}

/* 's 'd 'm 't 'll 've 're, as they are written. */
static size_t contraction(const unsigned char *p, size_t n)
{
	if (n >= 2 && (p[1] == 's' || p[1] == 'd' || p[1] == 'm' || p[1] == 't'))
		return 2;
	if (n >= 3 &&
		((p[1] == 'l' && p[2] == 'l') || (p[2] == 'e' && (p[1] == 'v' || p[1] == 'r'))))
		return 3;
	return 0;
}

/* '(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ */
static size_t gpt2_piece(const unsigned char *text, size_t at, size_t end)
{
	unsigned class;
	size_t n, from = at;

	if (text[at] == '\'' && (n = contraction(text + at, end - at)) > 0)
		return at + n;
	/* One U+0020 goes with what follows it, unless that is white space. */
	if (text[at] == ' ' && at + 1 < end)
		from++;
	class = class_at(text + from, &n);
	if (class & CLASS_SPACE)
		return spaces(text, at, end);
	class &= CLASS_LETTER | CLASS_NUMBER;
	if (class)
		return run_of(text, from + n, end, class);
	return run_without(text, from + n, end, CLASS_LETTER | CLASS_NUMBER | CLASS_SPACE);
}

size_t scan_gpt2_plain(const unsigned char *text, size_t at, size_t end, uint32_t *ends, size_t cap)
{
	size_t n = 0;

	while (n < cap && at < end) {
		at = gpt2_piece(text, at, end);
		ends[n++] = (uint32_t)at;
	}
	return n;
}
