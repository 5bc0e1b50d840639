/* vocab_parse.h - the parsers of the single formats, for vocab_file.c. */
#ifndef CORPUSTOK_VOCAB_PARSE_H
#define CORPUSTOK_VOCAB_PARSE_H

#include "tokenizer/vocab_file.h"

#include <jansson.h>

/* The object of tokenizer.json. */
int vocab_parse_tokenizer(struct vocab *v, json_t *root, struct err *e) MUST_CHECK;

/* The object of vocab.json and the text of merges.txt. */
int vocab_parse_two(struct vocab *v, json_t *ids, struct slice merges, struct err *e) MUST_CHECK;

/* A file of ranks. */
int vocab_parse_ranks(struct vocab *v, struct slice text, struct err *e) MUST_CHECK;

/* The tokens of an object of mapped text (bytemap.h) to ids. Those whose text is a key of raw are
 * what they say, unless that is the same. */
int vocab_parse_ids(struct vocab *v, json_t *ids, json_t *raw, struct err *e) MUST_CHECK;

/* One merge of two keys of ids. Its rank is its number. */
int vocab_parse_merge(struct vocab *v, json_t *ids, struct slice left, struct slice right,
	struct err *e) MUST_CHECK;

#endif
