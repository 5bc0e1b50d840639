/* bpe.h - one piece of text to tokens.
 *
 * The piece starts as single bytes; of all adjacent pairs that have a merge the one of lowest rank,
 * and of several of that rank the leftmost, is replaced, until none is left. Source: Sennrich,
 * Haddow and Birch 2016, "Neural machine translation of rare words with subword units", section
 * 3.2; the order is that of the public encoders of GPT-2.
 *
 * Work: n log n steps in the piece's bytes. Memory: 24 bytes a byte of the longest piece. */
#ifndef CORPUSTOK_BPE_H
#define CORPUSTOK_BPE_H

#include "tokenizer/ids.h"
#include "tokenizer/vocab.h"

/* Work space of one thread, kept from piece to piece. All zero is valid. */
struct bpe_scratch {
	struct bpe_symbol *symbols;
	size_t cap_symbols;
	uint64_t *heap;
	size_t n_heap, cap_heap;
	struct vocab_merge last; /* the last merge made; undefined where there was none */
};

/* Appends the tokens of the piece by merging alone. Needs the vocabulary's byte ids and pairs.
 * ERR_LIMIT for a piece of 4 GiB or more. */
int bpe_merge(const struct vocab *v, struct bpe_scratch *s, struct slice piece, struct ids *out,
	struct err *e) MUST_CHECK;

void bpe_scratch_release(struct bpe_scratch *s);

#endif
