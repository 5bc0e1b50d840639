/* pretok_regex.h - steps by PCRE2, for pretok.c. */
#ifndef CORPUSTOK_PRETOK_REGEX_H
#define CORPUSTOK_PRETOK_REGEX_H

#include "lib/core/err.h"
#include "tokenizer/steps.h"

struct regex_steps;

/* NULL with e set for what PCRE2 refuses, and for what it would take in another meaning. */
struct regex_steps *regex_steps_new(const struct cut_step *steps, size_t n, struct err *e);
void regex_steps_free(struct regex_steps *s);

bool regex_steps_remove(const struct regex_steps *s);

struct regex_walk;

struct regex_walk *regex_walk_new(const struct regex_steps *s);
void regex_walk_free(struct regex_walk *w);

/* Begins with text[begin, end), which is well-formed UTF-8 and not empty. */
void regex_walk_open(struct regex_walk *w, const char *text, size_t begin, size_t end);

/* 1 and the next piece, 0 at the end, -1 when the match limit was passed. */
int regex_walk_next(struct regex_walk *w, size_t *begin, size_t *end, struct err *e) MUST_CHECK;

#endif
