/* wordtable.h - a fixed vocabulary of small ASCII words, each with the bits it speaks for. */
#ifndef CORPUS_EXTRACT_WORDTABLE_H
#define CORPUS_EXTRACT_WORDTABLE_H

#include "lib/core/base.h"

/* Words that speak for the same, set apart by single spaces. */
struct word_row {
	uint64_t bits;
	const char *words;
};

enum { WORD_SLOTS = 2048, WORD_MAX = 24 };

/* The words of rows hashed. All zero is valid and holds nothing. */
struct word_table {
	const struct word_row *rows;
	struct word_slot {
		uint32_t hash;
		uint16_t row; /* its number plus one; 0: empty */
		uint16_t at; /* where the word stands in the row */
	} slots[WORD_SLOTS];
	uint64_t bits[WORD_SLOTS]; /* by slot: of all rows that the word stands in */
};

/* rows stay the caller's. They hold at most three quarters of WORD_SLOTS words, each shorter than
 * WORD_MAX. */
void word_table_make(struct word_table *t, const struct word_row *rows, size_t n);

/* The bits of a word with this hash, 0 when it is not in the table. */
uint64_t word_table_find(const struct word_table *t, const char *word, size_t n, uint32_t hash);

/* FNV-1a, a byte at a time. */
#define WORD_HASH 0x811c9dc5u

static inline uint32_t word_hash(uint32_t hash, char c)
{
	return (hash ^ (uint8_t)c) * 0x01000193u;
}

#endif
