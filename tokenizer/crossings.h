/* crossings.h - where in a piece no merge can ever join what is left and right, for encode_plain.c.
 *
 * A merge joins a token that ends at a place with one that begins there. So where no merge has a
 * left token that the text before the place ends with and a right one that the text behind begins
 * with, the two sides are merged as if each stood alone, and the piece may be cut there: the parts
 * are short, come again, and are found among the pieces met lately. In Chinese text with cl100k's
 * tokens nine places in ten between two characters are such; before a piece was cut so, one in
 * eight was too long to be remembered at all.
 *
 * Of the tokens the three bytes next to the place are compared; that is exact for shorter ones and
 * errs to the safe side for longer ones. Only places where a character begins and not both sides
 * are ASCII are looked at: words of ASCII letters can be joined almost anywhere. */
#ifndef CORPUSTOK_CROSSINGS_H
#define CORPUSTOK_CROSSINGS_H

#include "tokenizer/vocab.h"

/* The bytes of one side that are compared. */
enum { CROSSING_BYTES = 3 };

/* Fills v->crossings from the merges that happen. */
void crossings_make(struct vocab *v, const struct vocab_merge *merges, size_t n_merges);

void crossings_release(struct vocab_crossings *c);

/* Bytes of the first part of the piece: up to the first place that no merge crosses. */
size_t crossing_cut(const struct vocab *v, struct slice piece);

#endif
