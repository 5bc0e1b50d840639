/* put_back.h - the last step of spaCy's English words: special cases that the affix rules cut up
 * are put back where their pieces stand side by side, the longest first, then the earliest.
 *
 * Source: spaCy 3.8, spacy/tokenizer.pyx, Tokenizer._apply_special_cases with the matcher's spans
 * filtered. A span that holds a blank is found, and shades others, but stays as it is. */
#ifndef CORPUS_PUT_BACK_H
#define CORPUS_PUT_BACK_H

#include "lib/core/base.h"

/* A token: the number of its word, and whether one blank stands behind it. */
enum { TOKEN_SPACE = 0 }; /* white space other than such a blank */
#define TOKEN_BLANK (1u << 31)
#define TOKEN_SHADED (1u << 30) /* put_back.c's */
#define TOKEN_NUMBER (TOKEN_SHADED - 1)

struct put_back;

/* number gives each word its number, small ones because it is called for a new vocabulary first. */
typedef uint32_t put_back_number(void *vocabulary, struct slice word);

struct put_back *put_back_new(void);
void put_back_learn(struct put_back *p, put_back_number *number, void *vocabulary);

/* Marks tokens and remembers what is to be put back. Returns the number of words that putting it
 * back may add at most. */
size_t put_back_find(struct put_back *p, uint32_t *token, size_t n);

/* Writes the numbers of the words of these tokens, white space left out; returns how many. */
size_t put_back_apply(const struct put_back *p, const uint32_t *token, size_t n, uint32_t *word);

void put_back_free(struct put_back *p);

#endif
