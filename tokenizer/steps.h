/* steps.h - what happens to a text before merges: how it is normalised and where it is cut.
 *
 * These are the steps of a tokenizer.json, in its order; whatever a published vocabulary asks for
 * is said in them or refused by its name. Digits, Metaspace and ByteLevel are no kinds of their
 * own: they are the pattern or replacement that they stand for. */
#ifndef CORPUSTOK_STEPS_H
#define CORPUSTOK_STEPS_H

#include "lib/core/base.h"

enum norm_kind { NORM_NFC, NORM_NFD, NORM_NFKC, NORM_NFKD, NORM_PREPEND, NORM_REPLACE };

struct norm_step {
	enum norm_kind kind;
	struct slice from; /* REPLACE: the text, or the pattern, that is replaced */
	struct slice to; /* REPLACE, PREPEND: what takes its place, or stands in front */
	bool regex; /* REPLACE: from is a pattern */
	bool late; /* the pre-tokeniser's: behind the search for normalised added tokens */
	bool unless; /* PREPEND: not to a text that begins with it */
	bool first; /* PREPEND: at the text's beginning alone, not behind an added token */
};

/* What becomes of a match. Hugging Face tokenizers names them so (SplitDelimiterBehavior). */
enum cut_behaviour {
	CUT_ISOLATED, /* it is a piece; what lies between matches is one too */
	CUT_REMOVED, /* it is in no piece */
	CUT_MERGED_WITH_PREVIOUS,
	CUT_MERGED_WITH_NEXT,
	CUT_CONTIGUOUS, /* as isolated, adjacent matches together */
};

struct cut_step {
	struct slice pattern;
	enum cut_behaviour behaviour;
	bool literal; /* pattern is a text, no regular expression */
	bool invert; /* what the pattern does not match counts as the match */
};

#endif
