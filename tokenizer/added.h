/* added.h - finds added tokens in a text: the leftmost, of several there the longest.
 *
 *	struct added_walk w = { .set = set, .text = text };
 *	while (added_next(&w, &gap, &token))
 *		...                              the text before the token, then the token
 *	...                                      gap is the rest
 *
 * Source: find_matches in added_vocabulary.rs of Hugging Face tokenizers, whose search is that of
 * an Aho-Corasick automaton. Here a position is looked at only where a token's first byte stands,
 * and its second where all have the same one there: in text without tokens that is some GB/s. */
#ifndef CORPUSTOK_ADDED_H
#define CORPUSTOK_ADDED_H

#include "tokenizer/normal.h"
#include "tokenizer/vocab.h"

struct added;

/* The tokens whose normalized is the same; those that are normalised by n (NULL: not at all), which
 * is what is then looked for. *out is NULL when there are none. ERR_DATA when two are the same. */
int added_new(struct added **out, const struct vocab_special *tokens, size_t n_tokens,
	bool normalized, const struct normal *n, struct err *e) MUST_CHECK;
void added_free(struct added *a);

struct added_walk {
	const struct added *set;
	struct slice text;
	size_t scanned; /* tokens are looked for from here */
	size_t given; /* up to here the text has been given out */
	size_t space_from, space_to; /* a run of white space that was walked through */
};

/* True and the next token with the text before it, which may be empty; false when there is no more,
 * and gap is the rest. */
bool added_next(struct added_walk *w, struct slice *gap, const struct vocab_special **token);

#endif
