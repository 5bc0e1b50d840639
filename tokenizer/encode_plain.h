/* encode_plain.h - text that is normalised and holds no added tokens to token ids, for encode.c.
 *
 * A piece is looked up among the pieces met lately, then whole, then merged. */
#ifndef CORPUSTOK_ENCODE_PLAIN_H
#define CORPUSTOK_ENCODE_PLAIN_H

#include "tokenizer/ids.h"
#include "tokenizer/pretok.h"
#include "tokenizer/vocab.h"

struct plain_encoder;

/* The vocabulary must be one of bytes, and the pre-tokeniser leave no gaps. Both are borrowed.
 * memory is what the pieces met may take, in bytes. */
struct plain_encoder *plain_encoder_new(
	const struct vocab *v, const struct pretok *p, size_t memory);

int plain_encode(
	struct plain_encoder *enc, struct slice text, struct ids *out, struct err *e) MUST_CHECK;

void plain_encoder_free(struct plain_encoder *enc);

#endif
