/* pretok_pattern.h - a pattern as it stands in vocabularies, in PCRE2's words. */
#ifndef CORPUSTOK_PRETOK_PATTERN_H
#define CORPUSTOK_PRETOK_PATTERN_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

/* Appends the pattern to out with \s and \S written out, because PCRE2's also take U+180E, which
 * left White_Space in Unicode 6.3. Refuses (ERR_USAGE) sets within sets, which Rust and Oniguruma
 * have and PCRE2 reads as single characters. */
int pattern_translate(struct buf *out, struct slice pattern, struct err *e) MUST_CHECK;

/* The byte of the pattern that became byte at of its translation. */
size_t pattern_place(struct slice pattern, size_t at);

/* Where the expressions of Rust, of PCRE2 and of Oniguruma (those of tokenizer.json) differ: ^ and
 * $ are the ends of the text to some and of a line to others, and {n,m}+ takes all it can for good
 * or is a repetition. The first such in the pattern, or NULL. */
const char *pattern_ambiguous(struct slice pattern);

#endif
