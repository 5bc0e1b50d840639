/* normal.h - changes a text before it is cut into pieces: Unicode's normal forms and replacements.
 *
 *	struct normal *n;
 *	normal_new(&n, steps, n_steps, false, &e);   one a run, shared by threads
 *	struct normal_walk w = { 0 };                one a thread
 *	normal_apply(n, &w, text, true, &out, &e);
 *	normal_walk_release(&w);
 *
 * The forms are those of Unicode 9.0, because Hugging Face tokenizers makes them by the crate
 * unicode-normalization-alignments, whose tables have that version: characters that came later stay
 * as they are. For those of 9.0 all later versions agree (Unicode's stability policy).
 *
 * Bytes that are not well-formed UTF-8 stay as they are; the text before and behind them is
 * normalised as if it ended and began there. */
#ifndef CORPUSTOK_NORMAL_H
#define CORPUSTOK_NORMAL_H

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "lib/core/err.h"
#include "tokenizer/pattern_match.h"
#include "tokenizer/steps.h"

struct normal;

/* Of the steps those whose late is the same; *out is NULL when there are none. ERR_USAGE for a
 * pattern that PCRE2 refuses or that may match nothing. */
int normal_new(struct normal **out, const struct norm_step *steps, size_t n, bool late,
	struct err *e) MUST_CHECK;
void normal_free(struct normal *n);

/* A thread's work space. All zero is valid. */
struct normal_walk {
	struct buf text[2];
	struct form_scratch *forms;
	struct pattern_matcher matcher;
	size_t max_bytes; /* of the text at hand when it is changed */
};

/* *out is the normalised text: the text itself where nothing changes, else bytes of w until its
 * next use. at_start says whether the text begins where the whole text begins. Takes n log n steps
 * at most. ERR_LIMIT when a pattern needs too many, or the text becomes more than 64 times as long.
 */
int normal_apply(const struct normal *n, struct normal_walk *w, struct slice text, bool at_start,
	struct slice *out, struct err *e) MUST_CHECK;

void normal_walk_release(struct normal_walk *w);

#endif
