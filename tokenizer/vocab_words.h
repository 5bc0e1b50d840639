/* vocab_words.h - the table of tokens by their bytes, for this library's own files. */
#ifndef CORPUSTOK_VOCAB_WORDS_H
#define CORPUSTOK_VOCAB_WORDS_H

#include "tokenizer/vocab.h"

/* Empties the table and makes room for so many entries. */
void vocab_words_init(struct vocab_words *w, size_t entries);

/* Adds a token by its bytes; of two with the same bytes the first stays. */
void vocab_words_put(const struct vocab *v, struct vocab_words *w, uint32_t id);

#endif
