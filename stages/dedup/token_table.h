/* token_table.h - what of a code point matters to tokens: whether it is \w, and its lower case. */
#ifndef CORPUS_DEDUP_TOKEN_TABLE_H
#define CORPUS_DEDUP_TOKEN_TABLE_H

#include "lib/core/base.h"

enum token_kind {
	TOKEN_OTHER, /* no \w */
	TOKEN_SAME, /* is its own lower case */
	TOKEN_LOWER, /* is so many code points from its lower case, of as many bytes in UTF-8 */
	TOKEN_ODD, /* its lower case is of another number of bytes */
	TOKEN_SIGMA, /* its lower case depends on its neighbours */
};

struct token_row {
	int32_t delta;
	uint8_t kind; /* enum token_kind */
};

enum { TOKEN_BLOCK = 128 };

extern const struct token_row token_rows[];
extern const uint8_t token_index[0x110000 / TOKEN_BLOCK];
extern const uint8_t token_blocks[][TOKEN_BLOCK]; /* row of each code point of a block */

static inline const struct token_row *token_row_of(uint32_t c)
{
	return &token_rows[token_blocks[token_index[c / TOKEN_BLOCK]][c % TOKEN_BLOCK]];
}

#endif
