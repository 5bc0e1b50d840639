/* encode.h - text to token ids.
 *
 *	struct encoder *enc = encoder_new(&vocab, pretok);      one a thread
 *	struct ids ids = { 0 };
 *	if (encode_text(enc, text, SPECIAL_NONE, &ids, &e) < 0) ...
 *	encoder_free(enc);
 *
 * A piece is looked up whole, then among the pieces met lately, then merged (bpe.h). Once its
 * buffers have grown an encoder allocates nothing. Memory: 2 MiB of recent pieces, and 24 bytes a
 * byte of the longest piece. */
#ifndef CORPUSTOK_ENCODE_H
#define CORPUSTOK_ENCODE_H

#include "tokenizer/bpe.h"
#include "tokenizer/pretok.h"

/* What the text of a special token means. */
enum special_use {
	SPECIAL_NONE, /* it is text like any other */
	SPECIAL_ALL, /* it is that token; of several that begin at one place the longest */
};

struct encoder;

/* Both are borrowed until encoder_free. */
struct encoder *encoder_new(const struct vocab *v, const struct pretok *p);

/* Appends the ids of the text. Any bytes are text: decoding gives them back exactly. Fails on a
 * piece of 4 GiB (ERR_LIMIT). */
int encode_text(struct encoder *enc, struct slice text, enum special_use special, struct ids *out,
	struct err *e) MUST_CHECK;

void encoder_free(struct encoder *enc);

#endif
