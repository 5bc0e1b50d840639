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

static inline bool is_special(char c)
{
	return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

static inline char *put_escape(char *out, char c)
{
	/* The letter behind the backslash for a byte below 32, or 0 for \u00XX. */
	static const char letters[32] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'
	};
	static const char digits[] = "0123456789abcdef";
	unsigned char byte = (unsigned char)c;

	*out++ = '\\';
	if (byte >= 0x20) {
		*out++ = c;
	} else if (letters[byte]) {
		*out++ = letters[byte];
	} else {
		memcpy(out, "u00", 3);
		out[3] = digits[byte >> 4];
		out[4] = digits[byte & 15];
		out += 5;
	}
	return out;
}

static inline char *escape_runs(char *out, struct slice s)
{
	const char *p = s.p, *end = s.p + s.n;

	while (p < end) {
		size_t n = copy_to_special(out, p, end);

		out += n;
		p += n;
		while (p < end && is_special(*p))
			out = put_escape(out, *p++);
	}
	return out;
}

static inline char *unescape_runs(char *out, struct slice s, uint64_t *replaced)
{
	const char *p = s.p, *end = s.p + s.n;
	uint32_t c;

	while (p < end) {
		size_t n = copy_to_backslash(out, p, end);

		out += n;
		p += n;
		while (p < end && *p == '\\') {
			p = json_unescape_one(p, end, &c);
			if (c == JSON_LONE_SURROGATE) {
				c = UTF8_REPLACEMENT;
				++*replaced;
			}
			out += utf8_put(out, c);
		}
	}
	return out;
}

#endif
