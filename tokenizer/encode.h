/* encode.h - text to token ids.
 *
 *	struct encoder *enc = encoder_new(&tokenizer);      one a thread
 *	struct ids ids = { 0 };
 *	if (encode_text(enc, text, SPECIAL_NONE, &ids, &e) < 0) ...
 *	encoder_free(enc);
 *
 * The order is that of Hugging Face tokenizers (extract_and_normalize in added_vocabulary.rs):
 * added tokens are found in the text as it is; what lies between them is normalised, each part by
 * itself; those that are normalised are found there; what is left is cut into pieces and merged. */
#ifndef CORPUSTOK_ENCODE_H
#define CORPUSTOK_ENCODE_H

#include "tokenizer/ids.h"
#include "tokenizer/tokenizer.h"

/* What the text of an added token means. */
enum special_use {
	SPECIAL_NONE, /* it is text like any other */
	SPECIAL_ALL, /* it is that token; of several that begin at one place the longest */
	SPECIAL_REFUSE, /* the same, but a text with one that is a mark (control) is an error */
};

struct encoder;

/* What the pieces that it met may take of memory, by default: enough for all of 100 MB of text in
 * a hundred languages. */
#define ENCODER_MEMORY (96 * MIB)

/* Borrowed until encoder_free. */
struct encoder *encoder_new(const struct tokenizer *t);

/* With less memory, or more, than ENCODER_MEMORY; the ids are the same. 2.25 MiB are the least. */
struct encoder *encoder_new_within(const struct tokenizer *t, size_t memory);

/* Appends the ids of the text. Any bytes are text: without a normaliser decoding gives them back
 * exactly. ERR_DATA names the token that is refused, or says that a vocabulary has no token for a
 * byte that no UTF-8 has; ERR_LIMIT for a piece of 4 GiB, and for a pattern that needs too many
 * steps. Once its buffers have grown an encoder allocates nothing. */
int encode_text(struct encoder *enc, struct slice text, enum special_use special, struct ids *out,
	struct err *e) MUST_CHECK;

void encoder_free(struct encoder *enc);

#endif
