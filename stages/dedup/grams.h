/* grams.h - the n-grams of questions, to be found in texts.
 *
 *	struct grams *g = grams_new(13, memory);
 *	grams_add(g, tokens, n, question, &e);       each text of each question
 *	grams_seal(g);                               no more is added
 *	grams_find(g, tokens, n, &hits);             on any thread
 *	grams_free(g);
 *
 * Two runs of n tokens are the same when 128 bits of hash over the tokens' hashes are: 64 that roll
 * from token to token, asked of a bitmap and a table, and 64 of XXH3, computed where those
 * agree. */
#ifndef CORPUS_DEDUP_GRAMS_H
#define CORPUS_DEDUP_GRAMS_H

#include "lib/core/err.h"
#include "stages/dedup/tokens.h"

struct grams;

enum { GRAMS_MAX_TOKENS = 100 };

/* A run of a text's tokens that is an n-gram of a question. */
struct gram_hit {
	uint32_t gram; /* below grams_count */
	uint32_t token; /* where it begins */
};

/* All zero is valid and empty; at is owned and freed by its holder. */
struct gram_hits {
	struct gram_hit *at; /* in the order of the text */
	size_t n, cap;
};

/* n-grams of n tokens, 1 to GRAMS_MAX_TOKENS; what they take stays below memory bytes. */
struct grams *grams_new(size_t n, size_t memory);

/* Returns how many were added, 0 for a text of fewer than n tokens, or -1 (ERR_LIMIT) when there
 * are too many for the memory. Questions come in the order of their numbers. */
int64_t grams_add(struct grams *g, const struct token *t, size_t n, uint32_t question,
	struct err *e) MUST_CHECK;

void grams_seal(struct grams *g);

/* Tokens of each. */
size_t grams_tokens(const struct grams *g);

/* Different n-grams of all questions; each has a number below it. */
size_t grams_count(const struct grams *g);

/* The questions in which it stands, ascending, each once. */
const uint32_t *grams_questions(const struct grams *g, uint32_t gram, size_t *n);

/* Puts the hits among n tokens in place of those that are there. Linear in n. */
void grams_find(const struct grams *g, const struct token *t, size_t n, struct gram_hits *hits);

void grams_free(struct grams *g);

#endif
