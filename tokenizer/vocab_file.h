/* vocab_file.h - vocabularies as the files others read and write.
 *
 *	tokenizer.json	Hugging Face tokenizers: model BPE, of bytes or characters
 *	vocab.json and merges.txt	GPT-2's two files
 *	NAME.tiktoken	a token in base64 and its rank a line
 *	tekken.json	Mistral's: pattern, ranks in base64 and special tokens
 *
 * What a file asks for that is not done here is refused by its name in the file, never passed over:
 * a vocabulary that loads encodes as it does elsewhere. */
#ifndef CORPUSTOK_VOCAB_FILE_H
#define CORPUSTOK_VOCAB_FILE_H

#include "lib/core/buf.h"
#include "tokenizer/vocab.h"

/* What stands beside a file, or is said of it because it does not say so itself. */
struct vocab_hints {
	struct slice merges; /* of vocab.json: the text of its merges.txt; else empty */
	const char *pattern; /* of .tiktoken: a name (pretok.h) or a regular expression; or NULL */
	const char *const *specials; /* of .tiktoken: TEXT=ID each, in place of those known */
	size_t n_specials;
};

/* Fills and finishes the empty v from a file's text; the formats are told apart by content.
 * ERR_DATA says what is wrong, ERR_USAGE which hint is missing or one too many. v is to be released
 * in either case.
 *
 * vocab.json does not say which of its entries are special tokens: those that no merge makes and
 * that are no single byte are. A .tiktoken file says neither its pattern nor its special tokens;
 * both are known for the published ones (by digest), of others v->cuts_missing is set where no
 * pattern is given. */
int vocab_parse_hints(struct vocab *v, struct slice text, const struct vocab_hints *hints,
	struct err *e) MUST_CHECK;

/* The same for a file that needs no more than its merges. */
int vocab_parse(struct vocab *v, struct slice text, struct slice merges, struct err *e) MUST_CHECK;

/* What a file is that was read so: "tokenizer.json", "vocab.json", "tiktoken" or "tekken.json". */
const char *vocab_file_kind(struct slice text);

/* Appends tokenizer.json, the bytes as Hugging Face tokenizers 0.21 to 0.23 writes it. */
void vocab_write_json(const struct vocab *v, struct buf *out);

/* Appends vocab.json or merges.txt. */
void vocab_write_vocab(const struct vocab *v, struct buf *out);
void vocab_write_merges(const struct vocab *v, struct buf *out);

/* Appends a .tiktoken file: the tokens that are not special, each with its id as its rank. What
 * reads it merges any two tokens that make one together, the lowest id first, so the ids are to
 * be in the order of the merges; the special tokens are said beside it. */
void vocab_write_tiktoken(const struct vocab *v, struct buf *out);

/* Appends tekken.json; ERR_DATA when the ids or the pattern are none that it can hold. These write
 * what they can: vocab_convert.h finds out whether the result encodes alike. */
int vocab_write_tekken(const struct vocab *v, struct buf *out, struct err *e) MUST_CHECK;

#endif
