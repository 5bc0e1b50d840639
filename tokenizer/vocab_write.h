/* vocab_write.h - what the writers of vocabulary files share, for this library's own files. */
#ifndef CORPUSTOK_VOCAB_WRITE_H
#define CORPUSTOK_VOCAB_WRITE_H

#include "tokenizer/vocab_file.h"

/* What a file of JSON is written from. */
struct vocab_writer {
	const struct vocab *v;
	bool *as_is; /* by id: an added token, whose text stands as it is in a byte-level file */
	bool with_added; /* added tokens stand among the others */
	struct buf scratch;
	struct buf *out;
};

void vocab_writer_init(struct vocab_writer *w, const struct vocab *v, struct buf *out);
void vocab_writer_release(struct vocab_writer *w);

/* A token as a JSON string. */
void vocab_write_token(struct vocab_writer *w, uint32_t id);

/* All tokens and their ids, the members of an object, each behind the indent. */
void vocab_write_ids(struct vocab_writer *w, const char *indent);

/* The merges to be written: as they were read, of a vocabulary of ranks those that happen. The
 * caller frees them. */
struct vocab_merge *vocab_write_list(const struct vocab *v, size_t *n);

/* The added tokens in the order of their ids; the caller frees the array. */
const struct vocab_special **vocab_write_specials(const struct vocab *v);

#endif
