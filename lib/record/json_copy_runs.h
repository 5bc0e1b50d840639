/* json_copy_runs.h - what is between the escapes is a run of bytes that are copied as they stand.
 *
 * A file that copies includes this once and defines the two functions that copy a run, the only
 * part worth a machine's own instructions. */
#ifndef CORPUS_JSON_COPY_RUNS_H
#define CORPUS_JSON_COPY_RUNS_H

#include "lib/record/json_copy.h"
#include "lib/record/json_escape.h"

/* Copies from p to end, or to the first byte that a string cannot hold as it is; returns how many.
 * May write the slack behind. */
static size_t copy_to_special(char *out, const char *p, const char *end);

/* The same to the first backslash. */
static size_t copy_to_backslash(char *out, const char *p, const char *end);

static inline char *escape_runs(char *out, struct slice s)
{
	const char *p = s.p, *end = s.p + s.n;
	char letter;

	while (p < end) {
		size_t n = copy_to_special(out, p, end);

		out += n;
		for (p += n; p < end && (letter = json_escape_letter(*p)); p++)
			out = json_put_escape(out, *p, letter);
	}
	return out;
}

static inline char *unescape_runs(char *out, struct slice s, uint64_t *replaced)
{
	const char *p = s.p, *end = s.p + s.n;

	while (p < end) {
		size_t n = copy_to_backslash(out, p, end);

		out += n;
		p += n;
		while (p < end && *p == '\\')
			out = json_put_unescaped(out, json_unescape(&p, end), replaced);
	}
	return out;
}

#endif
