/* block_text.h - what is counted of the text of a block, a text node at a time. */
#ifndef CORPUS_EXTRACT_BLOCK_TEXT_H
#define CORPUS_EXTRACT_BLOCK_TEXT_H

#include "stages/extract/wordtable.h"

/* What short texts of page furniture say (words of several languages in block_text.c). */
enum phrase {
	PHRASE_COMMENT = 1, /* comment, reply */
	PHRASE_MORE = 2, /* read more, continue */
	PHRASE_RELATED = 4, /* related, popular, recent */
	PHRASE_SUBSCRIBE = 8,
	PHRASE_LOGIN = 16,
	PHRASE_SEARCH = 32, /* search, filter, sort, view */
	PHRASE_SHOP = 64, /* cart, buy, price, stock */
	PHRASE_TAGS = 128,
	PHRASE_SITE = 256, /* home, about us, contact, menu */
	PHRASE_STATS = 512, /* views, votes, points, members, joined */
	PHRASE_DATE = 1024, /* names of months and days */
	PHRASE_SPEC = 2048, /* specifications, details */
	PHRASE_QUESTION = 4096,
};

/* Signs that say something of a block. */
enum odd {
	ODD_CURRENCY = 1,
	ODD_BAR = 2, /* | · » and the like */
};

/* Tables for reading texts, the same for all pages. */
struct text_tables {
	struct word_table phrases;
	uint8_t classes[256]; /* of bytes */
};

void text_tables_make(struct text_tables *t);

struct block;

/* Adds what text holds to the counts of block. in_word tells whether the text before it ended
 * inside a word, and is set for the next. Linear in the text. */
void block_add_text(
	const struct text_tables *t, struct block *block, struct slice text, bool *in_word);

#endif
