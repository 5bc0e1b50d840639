/* Open addressing, linear probing. */
#include "stages/extract/wordtable.h"

#include <assert.h>

static uint32_t slot_of(uint32_t hash)
{
	return (hash ^ hash >> 15) % WORD_SLOTS;
}

void word_table_make(struct word_table *t, const struct word_row *rows, size_t n)
{
	assert(n <= WORD_SLOTS / 4 * 3);
	memset(t, 0, sizeof(*t));
	t->rows = rows;
	for (size_t i = 0; i < n; i++) {
		uint32_t hash = WORD_HASH;
		uint32_t slot;

		for (const char *p = rows[i].word; *p; p++)
			hash = word_hash(hash, *p);
		slot = slot_of(hash);
		while (t->slots[slot].row)
			slot = (slot + 1) % WORD_SLOTS;
		t->slots[slot].row = (uint16_t)(i + 1);
		t->slots[slot].tag = (uint16_t)hash;
	}
}

uint64_t word_table_find(const struct word_table *t, const char *word, size_t n, uint32_t hash)
{
	for (uint32_t slot = slot_of(hash); t->slots[slot].row; slot = (slot + 1) % WORD_SLOTS) {
		const struct word_row *row = &t->rows[t->slots[slot].row - 1];

		if (t->slots[slot].tag == (uint16_t)hash && strncmp(row->word, word, n) == 0 &&
			row->word[n] == '\0')
			return row->bits;
	}
	return 0;
}
