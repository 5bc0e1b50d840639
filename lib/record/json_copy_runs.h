/* json_copy_runs.h - what is between the escapes is a run of bytes that are copied as they stand.
 *
 * A file that copies includes this once and defines the two functions that copy a run, the only
 * part worth a machine's own instructions. */
#ifndef CORPUS_JSON_COPY_RUNS_H
#define CORPUS_JSON_COPY_RUNS_H

#include "lib/record/json_copy.h"
#include "lib/record/json_escape.h"
#include "lib/text/utf8.h"

/* Copies from p to end, or to the first byte that a string cannot hold as it is; returns how many.
 * May write the slack behind. */
static size_t copy_to_special(char *out, const char *p, const char *end);

/* The same to the first backslash. */
static size_t copy_to_backslash(char *out, const char *p, const char *end);

/* What stands behind the backslash for a byte that a string cannot hold as it is, else 0. */
static inline char escape_letter(char c)
{
	static const char letters[256] = { 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b', 't', 'n',
		'u', 'f', 'r', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
		'u', 'u', 'u', 'u', ['"'] = '"', ['\\'] = '\\' };

	return letters[(unsigned char)c];
}

static inline char *put_escape(char *out, char c, char letter)
{
	static const char digits[] = "0123456789abcdef";

	out[0] = '\\';
	out[1] = letter;
	if (letter != 'u')
		return out + 2;
	out[2] = '0';
	out[3] = '0';
	out[4] = digits[c >> 4];
	out[5] = digits[c & 15];
	return out + 6;
}

static inline char *escape_runs(char *out, struct slice s)
{
	const char *p = s.p, *end = s.p + s.n;
	char letter;

	while (p < end) {
		size_t n = copy_to_special(out, p, end);

		out += n;
		for (p += n; p < end && (letter = escape_letter(*p)); p++)
			out = put_escape(out, *p, letter);
	}
	return out;
}

static inline char *put_unescaped(char *out, uint32_t c, uint64_t *replaced)
{
	if (c < 0x80) {
		*out = (char)c;
		return out + 1;
	}
	if (c == JSON_LONE_SURROGATE) {
		c = UTF8_REPLACEMENT;
		++*replaced;
	}
	return out + utf8_put(out, c);
}

static inline char *unescape_runs(char *out, struct slice s, uint64_t *replaced)
{
	const char *p = s.p, *end = s.p + s.n;

	while (p < end) {
		size_t n = copy_to_backslash(out, p, end);

		out += n;
		p += n;
		while (p < end && *p == '\\')
			out = put_unescaped(out, json_unescape(&p, end), replaced);
	}
	return out;
}

#endif
