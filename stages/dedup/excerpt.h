/* excerpt.h - a text cut around what must not be in it.
 *
 * The rules are those of GPT-3 (Brown et al. 2020, "Language Models are Few-Shot Learners",
 * appendix C): each n-gram found goes with a window on both sides, and what is left is pieces, of
 * which short ones go too. Here a window ends at no place inside a token but takes the whole of it,
 * so that no piece holds an n-gram that the text does not hold. */
#ifndef CORPUS_DEDUP_EXCERPT_H
#define CORPUS_DEDUP_EXCERPT_H

#include "stages/dedup/grams.h"

struct excerpt_rules {
	uint64_t ngram; /* tokens of each hit */
	uint64_t window; /* characters (code points) that go on each side of it, */
	uint64_t min_piece; /* that a piece has at least */
	uint64_t max_pieces; /* that the text may be cut into */
};

struct piece {
	struct slice text;
	uint64_t characters;
};

/* All zero is valid and empty. */
struct excerpt {
	struct piece *at; /* those that are long enough, without white space at their ends */
	size_t n, cap;
	uint64_t all; /* before short ones went; none is empty */
	uint64_t longest; /* characters of the longest of them */
	uint64_t characters; /* of the whole text */
};

/* The text, valid UTF-8, with its tokens, cut around the hits that are there, at least one, in the
 * order of the text. Pieces point into the text. Linear in its length, whatever the rules. */
void excerpt_cut(struct excerpt *c, const struct excerpt_rules *rules, struct slice text,
	const struct tokens *t, const struct gram_hits *hits);

void excerpt_release(struct excerpt *c);

#endif
