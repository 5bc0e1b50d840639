/* vocab_parse.h - the parsers of the single formats, for vocab_file.h. */
#ifndef CORPUSTOK_VOCAB_PARSE_H
#define CORPUSTOK_VOCAB_PARSE_H

#include "tokenizer/vocab_file.h"

#include <jansson.h>

/* What reading tokens and merges needs. All slices point into valid JSON. */
struct vocab_reader {
	struct vocab *v; /* v->characters says how its tokens are written */
	json_t *added; /* the added tokens by their text, or NULL */
	json_t *as_is; /* those of them that are in the vocabulary as they stand, by their text */
	bool byte_fallback; /* a token <0x0A> stands for that byte */
	struct arena arena; /* decoded strings, for a while */
	struct buf bytes;
	struct vocab_words words; /* the model's tokens by their bytes */
	size_t n_keys; /* entries of the vocabulary */
};

/* The tokens of an object of text to ids. In a byte-level vocabulary text is mapped bytes
 * (bytemap.h), but for added tokens, whose text stands as it is. */
int vocab_read_ids(struct vocab_reader *r, struct slice object, struct err *e) MUST_CHECK;

/* The merges of an array, each "LEFT RIGHT" or [LEFT, RIGHT]. */
int vocab_read_merges(struct vocab_reader *r, struct slice array, struct err *e) MUST_CHECK;

/* One merge of two tokens as they are written. Its rank is its number. */
int vocab_read_merge(
	struct vocab_reader *r, struct slice left, struct slice right, struct err *e) MUST_CHECK;

void vocab_reader_release(struct vocab_reader *r);

/* The string as UTF-8, valid until the reader's arena is reset. */
int vocab_read_string(
	struct vocab_reader *r, struct slice value, struct slice *out, struct err *e) MUST_CHECK;

/* Takes a line off the text; false at its end. */
bool vocab_next_line(struct slice *text, struct slice *line);

/* The number of an id or rank. */
int vocab_read_id(struct slice value, struct slice key, uint32_t *id, struct err *e) MUST_CHECK;

/* A part of a file as a tree; ERR_DATA for a key that stands twice. The caller frees it. */
int vocab_read_tree(struct slice value, const char *place, json_t **out, struct err *e) MUST_CHECK;

/* The whole text of tokenizer.json. */
int vocab_parse_tokenizer(struct vocab *v, struct slice text, struct err *e) MUST_CHECK;

/* The whole texts of vocab.json and merges.txt. */
int vocab_parse_two(
	struct vocab *v, struct slice ids, struct slice merges, struct err *e) MUST_CHECK;

/* The whole text of tekken.json. */
int vocab_parse_tekken(struct vocab *v, struct slice text, struct err *e) MUST_CHECK;

/* A file of ranks. */
int vocab_parse_ranks(struct vocab *v, struct slice text, const struct vocab_hints *hints,
	struct err *e) MUST_CHECK;

/* The members "normalizer" and "pre_tokenizer" of tokenizer.json; *byte_level says whether the
 * latter maps bytes. */
int vocab_read_normalizer(struct vocab *v, json_t *object, struct err *e) MUST_CHECK;
int vocab_read_pre_tokenizer(
	struct vocab *v, json_t *object, bool *byte_level, struct err *e) MUST_CHECK;

/* "decoder": how a token's text becomes the text that was encoded. */
int vocab_read_decoder(struct vocab *v, json_t *object, struct err *e) MUST_CHECK;

#endif
