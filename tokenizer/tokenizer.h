/* tokenizer.h - a vocabulary with all that encoding by it needs.
 *
 *	struct vocab v = { 0 };
 *	struct tokenizer t = { 0 };
 *	if (vocab_parse_hints(&v, text, &hints, &e) < 0 ||      a file (vocab_file.h)
 *		tokenizer_make(&t, &v, &e) < 0) ...
 *	... any number of encoders on any number of threads (encode.h) ...
 *	tokenizer_release(&t);
 *	vocab_release(&v); */
#ifndef CORPUSTOK_TOKENIZER_H
#define CORPUSTOK_TOKENIZER_H

#include "tokenizer/added.h"
#include "tokenizer/normal.h"
#include "tokenizer/pretok.h"
#include "tokenizer/vocab.h"

/* In the order in which a text meets them; NULL where there is nothing to do. */
struct tokenizer {
	const struct vocab *vocab;
	struct added *added; /* found in the text as it is */
	struct normal *normal;
	struct added *added_normal; /* found in the normalised text */
	struct normal *late; /* what the pre-tokeniser changes */
	struct pretok *pretok;
};

/* The finished vocabulary is borrowed. ERR_USAGE when it does not say how text is cut, or a pattern
 * is refused; ERR_DATA when two added tokens are the same. t is to be released in either case. */
int tokenizer_make(struct tokenizer *t, const struct vocab *v, struct err *e) MUST_CHECK;

/* Frees of the tokenizer's own vocabulary what only merging, writing and telling about it need,
 * where encoding by it needs none of that: 20 MB of 42 with the 200,000 tokens of o200k. What is
 * left is for encoders, vocab_find, vocab_token and vocab_decode; vocab_digest is to be asked
 * before. Not while there are encoders. */
void tokenizer_slim(const struct tokenizer *t, struct vocab *v);

void tokenizer_release(struct tokenizer *t);

#endif
