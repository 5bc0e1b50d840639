/* spacy_en.h - cuts a run of non-space characters into words as spaCy's English tokenizer does.
 *
 * Source: spaCy 3.8, spacy/tokenizer.pyx (Tokenizer._tokenize_affixes) with the expressions and
 * exceptions of spacy.blank("en"). The four expressions are hand-written here as matchers that look
 * at each character a bounded number of times, because the one for URLs takes quadratic time in a
 * backtracking engine. The step behind it, special cases put back over the whole text, is
 * words.c's. */
#ifndef CORPUS_SPACY_EN_H
#define CORPUS_SPACY_EN_H

#include "lib/core/base.h"

enum { SPACY_MAX_SPECIAL = 32, SPACY_MAX_PHRASE = 11, SPACY_SLOTS = 8192 };

/* A run of characters that has its own pieces ("don't": "do", "n't"). Pieces join to the text. */
struct spacy_special {
	const char *text;
	uint8_t n; /* bytes of text */
	uint8_t piece[3]; /* bytes of each piece; 0: no more */
};

/* A special case that the affix rules cut when its pieces stand side by side. */
struct spacy_phrase {
	uint16_t special; /* index into spacy_specials */
	uint8_t piece[SPACY_MAX_PHRASE + 1]; /* bytes of each piece; 0: no more */
};

extern const struct spacy_special spacy_specials[]; /* sorted by text */
extern const size_t spacy_n_specials;
extern const uint16_t spacy_slots[SPACY_SLOTS]; /* 1 + index, by hash; see spacy_en_special */
extern const struct spacy_phrase spacy_phrases[];
extern const size_t spacy_n_phrases;
extern const struct slice spacy_units[]; /* cut off behind a digit; sorted */
extern const size_t spacy_n_units;

/* Lengths of pieces in bytes; they join to the run that was cut. All zero is empty. */
struct lengths {
	uint32_t *at;
	size_t n;
	size_t cap;
};

/* Appends the lengths of the pieces of run, which holds no white space, to out. scratch is empty
 * before and after and only keeps its memory from call to call. Time is linear in the length. */
void spacy_en_cut(struct slice run, struct lengths *out, struct lengths *scratch);

/* The special case of exactly this text, or NULL. */
const struct spacy_special *spacy_en_special(struct slice s);

/* True when the whole of s matches the tokenizer's expression for URLs. */
bool spacy_en_url(struct slice s);

void lengths_push(struct lengths *l, uint32_t n);
void lengths_release(struct lengths *l);

#endif
