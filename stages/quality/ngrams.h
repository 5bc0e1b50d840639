/* ngrams.h - repeated runs of words: the most frequent n-gram, and n-grams seen before.
 *
 * Sources: Rae et al. 2021, table A1; the exact definitions are those of datatrove 0.10.1,
 * gopher_repetition_filter.py (get_n_grams, find_top_duplicate, find_all_duplicate). */
#ifndef CORPUS_QUALITY_NGRAMS_H
#define CORPUS_QUALITY_NGRAMS_H

#include "lib/text/words.h"

enum { TOP_MIN = 2, TOP_MAX = 4, DUP_MIN = 5, DUP_MAX = 10 };

struct ngrams;

struct ngrams *ngrams_new(void);

/* For each n from TOP_MIN to TOP_MAX: the code points of the most frequent n-gram, its words joined
 * by a blank (of several equally frequent the one seen first), times its count; 0 where there are
 * fewer than n words. */
void ngrams_top(struct ngrams *g, const struct words *w, uint64_t chars[TOP_MAX + 1]);

/* For each n from DUP_MIN to DUP_MAX: the code points of the n-grams, their words joined without a
 * blank, that equal one seen before on a walk that goes one word on, or n words after such a
 * repetition; those it passes over are not seen. */
void ngrams_duplicated(struct ngrams *g, const struct words *w, uint64_t chars[DUP_MAX + 1]);

void ngrams_free(struct ngrams *g);

#endif
