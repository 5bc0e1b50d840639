/* text_stats.h - the statistics of a text that quality rules ask for, each found at most once.
 *
 *	text_stats_set(s, text);                       nothing is computed yet
 *	if (text_stats_get(s, 0, STAT_STOP_WORDS, &v)) computes what shares a pass with it
 *		...
 *
 * Statistics that share a pass are found together when the first of them is asked for, so that a
 * text that fails its first rule pays for no other. Names and definitions are those of datatrove
 * 0.10.1 (gopher_quality_filter.py, gopher_repetition_filter.py); corpus-quality(1) states them.
 * Ratios are one binary64 division of two integers. */
#ifndef CORPUS_TEXT_STATS_H
#define CORPUS_TEXT_STATS_H

#include "lib/text/words.h"

enum statistic {
	STAT_CHARACTERS,
	STAT_LINES,
	STAT_BULLET_LINES,
	STAT_ELLIPSIS_LINES,
	STAT_DUP_PARA_FRAC,
	STAT_DUP_PARA_CHAR_FRAC,
	STAT_DUP_LINE_FRAC,
	STAT_DUP_LINE_CHAR_FRAC,
	/* From here on they depend on the splitter. */
	STAT_WORDS,
	STAT_NON_SYMBOL_WORDS,
	STAT_MEAN_WORD_LENGTH,
	STAT_ALPHA_WORDS,
	STAT_STOP_WORDS,
	STAT_HASH_RATIO,
	STAT_ELLIPSIS_RATIO,
	STAT_TOP_2_GRAM,
	STAT_TOP_3_GRAM,
	STAT_TOP_4_GRAM,
	STAT_DUPLICATED_5_N_GRAMS,
	STAT_DUPLICATED_6_N_GRAMS,
	STAT_DUPLICATED_7_N_GRAMS,
	STAT_DUPLICATED_8_N_GRAMS,
	STAT_DUPLICATED_9_N_GRAMS,
	STAT_DUPLICATED_10_N_GRAMS,
	N_STATISTICS,
};

/* True and *out when there is a statistic of that name. */
bool statistic_find(const char *name, enum statistic *out);
const char *statistic_name(enum statistic which);

/* True when it needs words, that is, a splitter. */
bool statistic_needs_words(enum statistic which);

struct text_stats;

/* For texts cut by any of n splitters, at most STATS_MAX_SPLITTERS. One object a thread. */
enum { STATS_MAX_SPLITTERS = 4 };
int text_stats_new(struct text_stats **out, const struct splitter *const *splitters, size_t n,
	struct err *e) MUST_CHECK;

/* Begins a text of less than WORDS_MAX_TEXT bytes, borrowed until the next call. */
void text_stats_set(struct text_stats *s, struct slice text);

/* False when the statistic is undefined for this text (a share of nothing). splitter is the index
 * into those given to text_stats_new, of no matter to statistics without words. */
bool text_stats_get(struct text_stats *s, size_t splitter, enum statistic which, double *value);

void text_stats_free(struct text_stats *s);

#endif
