/* vocab_convert.h - one vocabulary file made from another, with the same ids for every text. */
#ifndef CORPUSTOK_VOCAB_CONVERT_H
#define CORPUSTOK_VOCAB_CONVERT_H

#include "tokenizer/vocab_file.h"

enum vocab_format {
	VOCAB_TOKENIZER_JSON,
	VOCAB_TWO_FILES, /* vocab.json and merges.txt */
	VOCAB_TIKTOKEN,
	VOCAB_TEKKEN,
};

/* All zero is valid. */
struct vocab_converted {
	struct buf text;
	struct buf merges; /* of VOCAB_TWO_FILES: the second file */
};

/* Writes the finished vocabulary and reads it again; ERR_DATA says what the format cannot hold, and
 * that the result would not encode alike. What others must be told beside the file (the pattern and
 * special tokens of a .tiktoken, mostly) is appended to notes, a line each. */
int vocab_convert(const struct vocab *v, enum vocab_format to, struct vocab_converted *out,
	struct buf *notes, struct err *e) MUST_CHECK;

void vocab_converted_release(struct vocab_converted *c);

#endif
