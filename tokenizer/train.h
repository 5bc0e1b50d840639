/* train.h - makes a byte-level BPE vocabulary from the counts of pieces.
 *
 *	struct train_counts counts = { 0 };
 *	... train_counts_add for every piece of the text (pretok.h) ...
 *	struct train_cells cells = { 0 };
 *	struct vocab v = { 0 };
 *	if (train_cells_take(&cells, &counts, &e) < 0 || train_vocab(&v, &cells, &config, &e) < 0)
 *		...
 *
 * The pair that stands most often side by side becomes a token, again and again; of several equally
 * frequent pairs the one with the smaller left id, then the smaller right id. The ids are, in
 * order, those of the special tokens, of the 256 bytes in the order of their code points
 * (bytemap.h) and of the merges. This is what BpeTrainer of Hugging Face tokenizers does with the
 * initial alphabet ByteLevel.alphabet(), so the result is the same (trainer.rs and word.rs of its
 * models/bpe), except that it counts in 32 bits.
 *
 * Counts are kept up to date (train_merge.h): the work is that of the places that change. One
 * thread. */
#ifndef CORPUSTOK_TRAIN_H
#define CORPUSTOK_TRAIN_H

#include "tokenizer/train_cells.h"
#include "tokenizer/vocab.h"

struct train_config {
	uint32_t vocab_size; /* tokens at most, the special ones and the 256 bytes included */
	uint64_t min_frequency; /* pairs that stand less often are not merged; 0 is as 1 */
	const char *const *specials;
	size_t n_specials;
	bool specials_last; /* their ids are behind those of the merges, not before the bytes' */
	const char *pattern; /* that cut the pieces: recorded in the vocabulary */
};

/* ERR_USAGE when the special tokens and bytes alone are more than vocab_size, or a special token
 * stands twice or cannot be written: to be known before there are counts. */
int train_check(const struct train_config *config, struct err *e) MUST_CHECK;

/* Fills the empty v and finishes it; it has fewer tokens than vocab_size when the pairs run out.
 * The cells are released, also then when it fails. ERR_USAGE as train_check, and when a special
 * token is empty. */
int train_vocab(struct vocab *v, struct train_cells *cells, const struct train_config *config,
	struct err *e) MUST_CHECK;

#endif
