/* bpe_chars.h - one piece of text to tokens where a vocabulary is one of characters.
 *
 * The piece starts as characters; one that has no token becomes the tokens of its bytes, or the
 * unknown token. Merging is that of bpe.h. Source: merge_word in models/bpe/model.rs of Hugging
 * Face tokenizers.
 *
 * Such vocabularies cut text seldom or never, so that a piece may be a whole document. Work: n log
 * n steps in its characters. */
#ifndef CORPUSTOK_BPE_CHARS_H
#define CORPUSTOK_BPE_CHARS_H

#include "tokenizer/ids.h"
#include "tokenizer/vocab.h"

/* Work space of one thread. All zero is valid. */
struct chars_scratch {
	struct chars_symbol *symbols;
	size_t n, cap;
	uint64_t *heap;
	size_t n_heap, cap_heap;
};

/* Appends the tokens of the piece by merging alone. ERR_LIMIT for a piece of 4 GiB or more. */
int bpe_characters(const struct vocab *v, struct chars_scratch *s, struct slice piece,
	struct ids *out, struct err *e) MUST_CHECK;

void chars_scratch_release(struct chars_scratch *s);

#endif
