/* tokens.h - the tokens of a text: the longest runs of Python's \w in text.lower().
 *
 *	struct tokens t = { 0 };
 *
 *	if (!tokens_split(&t, text))                a text of 4 GiB or more
 *		...
 *	for (size_t i = 0; i < t.n; i++)
 *		... t.at[i].hash, text.p + t.at[i].from ...
 *	tokens_release(&t);
 *
 * or, in memory that does not grow with the text:
 *
 *	if (!tokens_begin(&t, text))
 *		...
 *	while (tokens_more(&t))
 *		... t.at[0] to t.at[t.n - 1] are the next ones, maybe none ...
 *
 * \w is a letter, a number of any kind or the underscore, in Unicode 14 (chars.h); lower-casing is
 * Unicode's full one, with the sigma that ends a word. No other normalisation: accents and digits
 * stay. The capital I with a dot becomes an i and a combining dot, which is no \w, so that a token
 * ends behind it. */
#ifndef CORPUS_DEDUP_TOKENS_H
#define CORPUS_DEDUP_TOKENS_H

#include "lib/core/buf.h"

struct token {
	uint64_t hash; /* token_hash of its lower-cased bytes */
	uint32_t from, to; /* where it stands in the text, in bytes; to is behind it */
};

/* All zero is valid and empty. For one thread. */
struct tokens {
	struct token *at; /* owned; valid until the next call */
	size_t n;
	/* the rest is tokens.c's */
	size_t cap;
	struct slice text;
	size_t read; /* bytes of text behind which the next piece begins */
	bool open; /* a token began before them */
	uint32_t from; /* where */
	struct buf lowered; /* of the open token, or beside all of the text (tokens_blocks.h) */
	uint32_t *places;
	size_t cap_places;
	uint32_t *odd;
	size_t n_odd, cap_odd;
	struct buf scratch;
};

/* All tokens of the text, which is valid UTF-8 and must live until the last call for it. False when
 * it is too long: offsets are of 32 bits. Linear in the length, and 16 bytes of memory a token. */
bool tokens_split(struct tokens *t, struct slice text) MUST_CHECK;

/* The same in pieces: t is then empty. */
bool tokens_begin(struct tokens *t, struct slice text) MUST_CHECK;

/* Puts the next tokens in place of the last ones, a few thousand at most. False: there were none
 * left. */
bool tokens_more(struct tokens *t) MUST_CHECK;

/* The hash of a token whose lower-cased form is s. It stands in files, so it never changes. */
uint64_t token_hash(struct slice s);

/* Memory for up to a million tokens is kept from text to text; this frees all. */
void tokens_release(struct tokens *t);

#endif
