/* Open addressing, linear probing. */
#include "stages/extract/wordtable.h"

#include <assert.h>

/* The slot that holds the word, or the empty one where it belongs. */
static uint32_t find_slot(const struct word_table *t, const char *word, size_t n, uint32_t hash)
{
	uint32_t at = (hash ^ hash >> 15) % WORD_SLOTS;

	for (; t->slots[at].row; at = (at + 1) % WORD_SLOTS) {
		const struct word_slot *slot = &t->slots[at];
		const char *held;

		if (slot->hash != hash)
			continue;
		held = t->rows[slot->row - 1].words + slot->at;
		if (strncmp(held, word, n) == 0 && (held[n] == ' ' || held[n] == '\0'))
			break;
	}
	return at;
}

static void add_row(struct word_table *t, size_t row)
{
	const char *words = t->rows[row].words;

	for (size_t i = 0, n; words[i]; i += n + (words[i + n] == ' ')) {
		uint32_t hash = WORD_HASH, at;

		for (n = 0; words[i + n] && words[i + n] != ' '; n++)
			hash = word_hash(hash, words[i + n]);
		assert(n > 0 && n < WORD_MAX);
		at = find_slot(t, words + i, n, hash);
		t->bits[at] |= t->rows[row].bits;
		if (!t->slots[at].row)
			t->slots[at] = (struct word_slot){ hash, (uint16_t)(row + 1), (uint16_t)i };
	}
}

void word_table_make(struct word_table *t, const struct word_row *rows, size_t n)
{
	size_t used = 0;

	memset(t, 0, sizeof(*t));
	t->rows = rows;
	for (size_t row = 0; row < n; row++)
		add_row(t, row);
	for (size_t at = 0; at < WORD_SLOTS; at++)
		used += t->slots[at].row != 0;
	assert(used <= WORD_SLOTS / 4 * 3);
}

uint64_t word_table_find(const struct word_table *t, const char *word, size_t n, uint32_t hash)
{
	return t->bits[find_slot(t, word, n, hash)];
}
