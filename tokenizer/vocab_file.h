/* vocab_file.h - vocabularies as the files others read and write.
 *
 *	tokenizer.json	Hugging Face tokenizers: model BPE with byte-level tokens
 *	vocab.json and merges.txt	GPT-2's two files
 *	NAME.tiktoken	a token in base64 and its rank a line
 *
 * What a file asks for that is not done here is refused by its name in the file, never passed over:
 * a vocabulary that loads encodes as it does elsewhere. Of tokenizer.json that is: no normalizer,
 * the pre-tokenizer ByteLevel with GPT-2's pattern, no dropout, no prefix or suffix, added tokens
 * without lstrip, rstrip or single_word. */
#ifndef CORPUSTOK_VOCAB_FILE_H
#define CORPUSTOK_VOCAB_FILE_H

#include "lib/core/buf.h"
#include "tokenizer/vocab.h"

/* Fills and finishes the empty v from a file's text: tokenizer.json, vocab.json (then merges is the
 * text of merges.txt, else empty) or .tiktoken, told apart by content. ERR_DATA says what is wrong.
 * v is to be released in either case.
 *
 * vocab.json does not say which of its entries are special tokens: those that no merge makes and
 * that are no single byte are. A .tiktoken file says neither its pattern nor its special tokens;
 * both are known for r50k_base and p50k_base (by digest), of others v->cuts_missing is set. */
int vocab_parse(struct vocab *v, struct slice text, struct slice merges, struct err *e) MUST_CHECK;

/* Appends tokenizer.json, the bytes as Hugging Face tokenizers 0.21 to 0.23 writes it. The
 * vocabulary's pattern must be GPT-2's. */
void vocab_write_json(const struct vocab *v, struct buf *out);

/* Appends vocab.json or merges.txt. */
void vocab_write_vocab(const struct vocab *v, struct buf *out);
void vocab_write_merges(const struct vocab *v, struct buf *out);

#endif
