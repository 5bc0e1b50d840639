/* pattern_match.h - regular expressions of vocabularies by PCRE2, for this library's own files.
 *
 *	void *code = pattern_compile(pattern, false, &e);       one a run, shared by threads
 *	struct pattern_matcher m = { 0 };                   one a thread
 *	while ((got = pattern_match(&m, code, text, at, &e)) > 0)
 *		...                                         m.begin, m.end
 *	pattern_matcher_release(&m);
 *	pattern_free(code);
 *
 * The steps of a match are limited, and the memory it takes to 64 MiB. */
#ifndef CORPUSTOK_PATTERN_MATCH_H
#define CORPUSTOK_PATTERN_MATCH_H

#include "lib/core/err.h"

/* The texts are well-formed UTF-8, which is not checked, unless any_bytes is said: then others
 * match nothing. NULL: ERR_USAGE with the place for what PCRE2 refuses, or would take in another
 * meaning. */
void *pattern_compile(struct slice pattern, bool any_bytes, struct err *e);
void pattern_free(void *code);

/* True when it matches an empty text somewhere. */
bool pattern_may_be_empty(const void *code);

/* All zero is valid. */
struct pattern_matcher {
	void *match, *context, *stack; /* PCRE2's */
	size_t begin, end; /* of what matched, in bytes of the text */
};

/* 1 when the pattern matches from at on, 0 when it does not; ERR_LIMIT when it takes too many steps
 * or too much memory. */
int pattern_match(struct pattern_matcher *m, const void *code, struct slice text, size_t at,
	struct err *e) MUST_CHECK;

void pattern_matcher_release(struct pattern_matcher *m);

#endif
