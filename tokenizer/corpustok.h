/* corpustok.h - BPE tokenisation as a library: all its headers.
 *
 * Encoding with a vocabulary that is there:
 *
 *	struct err e = { 0 };
 *	struct vocab v = { 0 };
 *	struct tokenizer t = { 0 };
 *	struct ids ids = { 0 };
 *	if (vocab_parse(&v, file_text, no_merges, &e) < 0 || tokenizer_make(&t, &v, &e) < 0)
 *		...                                      e.text says what is wrong
 *	struct encoder *enc = encoder_new(&t);           one a thread; v and t are shared
 *	if (encode_text(enc, text, SPECIAL_NONE, &ids, &e) < 0)
 *		...
 *	vocab_decode(&v, ids.at, ids.n, &bytes, &e);     the text again, byte for byte
 *	ids_release(&ids);
 *	encoder_free(enc);
 *	tokenizer_release(&t);
 *	vocab_release(&v);
 *
 * Making one: train.h. No globals; what is const here may be used by any number of threads at
 * once. */
#ifndef CORPUSTOK_H
#define CORPUSTOK_H

#include "tokenizer/encode.h"
#include "tokenizer/ids.h"
#include "tokenizer/pretok.h"
#include "tokenizer/tokenizer.h"
#include "tokenizer/train.h"
#include "tokenizer/vocab.h"
#include "tokenizer/vocab_file.h"

#endif
