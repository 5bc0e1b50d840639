/* vocab_splits.h - the merges of a finished vocabulary that happen, for files of this library. */
#ifndef CORPUSTOK_VOCAB_SPLITS_H
#define CORPUSTOK_VOCAB_SPLITS_H

#include "tokenizer/vocab.h"

/* In the order of their ranks. The caller frees them. */
struct vocab_merge *vocab_splits(const struct vocab *v, size_t *n);

#endif
