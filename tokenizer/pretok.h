/* pretok.h - cuts text into the pieces that merges never cross.
 *
 *	struct pretok *p;
 *	pretok_new_named(&p, "o200k", &e)            one a run, shared by threads
 *	pretok_new(&p, steps, n_steps, &e)           or with the steps of a file
 *	struct pretok_walk w = { 0 };                one a thread
 *	pretok_begin(&w, p, text);
 *	while (pretok_fill(&w, ends, cap, &n, &e) == 0 && n > 0)
 *		...                                  n pieces: each begins where the last ended
 *	pretok_walk_release(&w);
 *
 * The pieces, one behind another, are the text: nothing is lost or changed. What no alternative of
 * the pattern matches is a piece of its own. Only steps that remove what they match leave gaps, and
 * are walked with pretok_next. Bytes that are not well-formed UTF-8 are pieces of their own too,
 * each run of them one, and the text before and behind them is cut as if it ended and began there.
 *
 * The steps of the published vocabularies are cut by scanners written by hand, all others by PCRE2.
 * White space (\s) is the property White_Space of Unicode, and the scanners' categories are those
 * of Unicode 16, as in the regular expressions of Rust and Oniguruma, with which the published
 * vocabularies are used. PCRE2 has the categories of its own version. */
#ifndef CORPUSTOK_PRETOK_H
#define CORPUSTOK_PRETOK_H

#include "lib/core/err.h"
#include "tokenizer/steps.h"

/* GPT-2's pattern as it was in tiktoken's openai_public.py, and as encoder.py of openai/gpt-2 has
 * it. They cut alike. */
extern const char pretok_gpt2_pattern[];
extern const char pretok_gpt2_pattern_long[];

/* The names of pretok_named; NULL ends them. */
extern const char *const pretok_names[];

/* The steps of the pattern that is known by the name, or NULL. */
const struct cut_step *pretok_named(const char *name, size_t *n);

/* The same in a spelling that means the same to Oniguruma, the expressions of tokenizer.json. */
const struct cut_step *pretok_named_oniguruma(const char *name, size_t *n);

/* For what a user writes, a name or a regular expression: ERR_USAGE when it can only be a name that
 * there is not, so that a slip is not taken for an expression that cuts next to nothing. */
int pretok_check_pattern(const char *pattern, struct err *e) MUST_CHECK;

struct pretok;

/* Each step cuts the pieces that the one before it left. Without steps a text is one piece. Steps
 * that are a published list, in any spelling of it that is in circulation, get a scanner. ERR_USAGE
 * with the place for a pattern that PCRE2 refuses. Nothing of the steps is kept. */
int pretok_new(
	struct pretok **out, const struct cut_step *steps, size_t n, struct err *e) MUST_CHECK;

/* The reference that scanners are tested against: the same, always by PCRE2. */
int pretok_new_reference(
	struct pretok **out, const struct cut_step *steps, size_t n, struct err *e) MUST_CHECK;

/* The same for a published list of steps; ERR_USAGE when the name is unknown. */
int pretok_new_named(struct pretok **out, const char *name, struct err *e) MUST_CHECK;

void pretok_free(struct pretok *p);

/* The name of the pattern whose scanner cuts, or NULL when it is PCRE2. */
const char *pretok_scanner_name(const struct pretok *p);

/* True when a step removes what it matches. */
bool pretok_has_gaps(const struct pretok *p);

enum { PRETOK_WALK_ENDS = 256 };

struct pretok_walk {
	const struct pretok *p;
	struct slice text;
	size_t at; /* pieces are given out up to here */
	size_t valid; /* up to here the text is known to be UTF-8; not below at */
	struct regex_walk *regex;
	uint32_t ends[PRETOK_WALK_ENDS]; /* for pretok_next */
	size_t n_ends, next_end, begin;
};

/* The text is borrowed until the walk ends; of at most 4 GiB - 1. A walk may begin again with
 * another text. */
void pretok_begin(struct pretok_walk *w, const struct pretok *p, struct slice text);

/* The same for a text that the caller knows to be well-formed UTF-8. */
void pretok_begin_valid(struct pretok_walk *w, const struct pretok *p, struct slice text);

/* The ends of at least one and at most cap pieces more, in bytes from the beginning of the text,
 * ascending; *n is 0 at the end. Each piece begins at the end before it, so that not for steps with
 * gaps. A cap of 256 or more is fastest. -1 when a match limit was passed. */
int pretok_fill(
	struct pretok_walk *w, uint32_t *ends, size_t cap, size_t *n, struct err *e) MUST_CHECK;

/* 1 and a piece that is not empty, 0 at the end, -1 when a match limit was passed. Not to be mixed
 * with pretok_fill in one walk. */
int pretok_next(struct pretok_walk *w, struct slice *piece, struct err *e) MUST_CHECK;

void pretok_walk_release(struct pretok_walk *w);

#endif
