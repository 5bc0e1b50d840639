/* pretok.h - cuts text into the pieces that merges never cross.
 *
 *	struct pretok *p;
 *	pretok_new(&p, PRETOK_GPT2, &e);             one a run, shared by threads
 *	struct pretok_walk w = { 0 };                one a thread
 *	pretok_begin(&w, p, text);
 *	while ((got = pretok_next(&w, &piece, &e)) > 0)
 *		...
 *	pretok_walk_release(&w);
 *
 * The pieces, one behind another, are the text: nothing is lost or changed. What no alternative of
 * the pattern matches is a piece of its own. Bytes that are not well-formed UTF-8 are pieces of
 * their own too, each run of them one, and the text before and behind them is cut as if it ended
 * and began there.
 *
 * White space (\s) is the property White_Space of Unicode, as in the regular expressions of Rust
 * and Oniguruma, with which the published vocabularies are used. Letters and numbers are the
 * general categories L and N of the ICU that is linked; the regular expression takes them from
 * PCRE2. */
#ifndef CORPUSTOK_PRETOK_H
#define CORPUSTOK_PRETOK_H

#include "lib/core/err.h"

enum pretok_kind {
	PRETOK_GPT2, /* a scanner written by hand */
	PRETOK_GPT2_REGEX, /* the same by PCRE2: the reference */
};

/* GPT-2's pattern as tiktoken's openai_public.py has it, and as encoder.py of openai/gpt-2 does.
 * They cut alike. */
extern const char pretok_gpt2_pattern[];
extern const char pretok_gpt2_pattern_long[];

struct pretok;

int pretok_new(struct pretok **out, enum pretok_kind kind, struct err *e) MUST_CHECK;
void pretok_free(struct pretok *p);

struct pretok_walk {
	const struct pretok *p;
	struct slice rest;
	size_t valid; /* bytes at the front of rest that are known to be UTF-8 */
	void *match; /* PCRE2's match data */
	void *context;
	void *stack;
};

/* The text is borrowed until the walk ends. A walk may begin again with another text. */
void pretok_begin(struct pretok_walk *w, const struct pretok *p, struct slice text);

/* 1 and a piece that is not empty, 0 at the end, -1 when the match limit was passed. */
int pretok_next(struct pretok_walk *w, struct slice *piece, struct err *e) MUST_CHECK;

void pretok_walk_release(struct pretok_walk *w);

#endif
