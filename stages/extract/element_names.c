/* Looks for a small vocabulary at the beginnings of words. */
#include "stages/extract/element_names.h"

#include "stages/extract/eight.h"

#include <assert.h>

/* Sorted by the first letter. */
static const struct {
	char part[17]; /* with which a word begins; fn alone has less than four bytes */
	uint8_t n;
	uint8_t says;
} name_parts[] = {
	{ "auteur", 6, NAMES_AUTHOR },
	{ "author", 6, NAMES_AUTHOR },
	{ "autor", 5, NAMES_AUTHOR },
	{ "byline", 6, NAMES_AUTHOR },
	{ "comment", 7, NAMES_COMMENT },
	{ "contributor", 11, NAMES_AUTHOR },
	{ "created", 7, NAMES_DATE },
	{ "date", 4, NAMES_DATE },
	{ "datum", 5, NAMES_DATE },
	{ "disqus", 6, NAMES_COMMENT },
	{ "fecha", 5, NAMES_DATE },
	{ "fn", 2, NAMES_USER },
	{ "meta", 4, NAMES_DATE },
	{ "nickname", 8, NAMES_USER },
	{ "posted", 6, NAMES_DATE },
	{ "poster", 6, NAMES_USER },
	{ "postuser", 8, NAMES_USER },
	{ "pubdate", 7, NAMES_DATE },
	{ "publicad", 8, NAMES_DATE },
	{ "publication-date", 16, NAMES_DATE },
	{ "publish-", 8, NAMES_DATE },
	{ "publish_", 8, NAMES_DATE },
	{ "publishd", 8, NAMES_DATE },
	{ "published", 9, NAMES_DATE },
	{ "redakteur", 9, NAMES_AUTHOR },
	{ "respond", 7, NAMES_COMMENT },
	{ "time", 4, NAMES_DATE },
	{ "updated", 7, NAMES_UPDATED }, /* hAtom's, with the date in title */
	{ "user", 4, NAMES_USER },
	{ "verfasser", 9, NAMES_AUTHOR },
	{ "writer", 6, NAMES_AUTHOR },
	{ "writtenby", 9, NAMES_AUTHOR },
};

/* For each first letter the first row, counted from 1, and the letters that may follow. They pass
 * over most words. */
static const struct {
	uint8_t row;
	uint32_t seconds;
} firsts[26] = {
	['a' - 'a'] = { 1, LETTER_BIT('u') },
	['b' - 'a'] = { 4, LETTER_BIT('y') },
	['c' - 'a'] = { 5, LETTER_BIT('o') | LETTER_BIT('r') },
	['d' - 'a'] = { 8, LETTER_BIT('a') | LETTER_BIT('i') },
	['f' - 'a'] = { 11, LETTER_BIT('e') | LETTER_BIT('n') },
	['m' - 'a'] = { 13, LETTER_BIT('e') },
	['n' - 'a'] = { 14, LETTER_BIT('i') },
	['p' - 'a'] = { 15, LETTER_BIT('o') | LETTER_BIT('u') },
	['r' - 'a'] = { 25, LETTER_BIT('e') },
	['t' - 'a'] = { 27, LETTER_BIT('i') },
	['u' - 'a'] = { 28, LETTER_BIT('p') | LETTER_BIT('s') },
	['v' - 'a'] = { 30, LETTER_BIT('e') },
	['w' - 'a'] = { 31, LETTER_BIT('r') },
};

/* word is at least two bytes, of which the first is that of row. */
static unsigned word_says(struct slice word, size_t row)
{
	const uint32_t head = (uint32_t)eight_load(word.p, MIN(word.n, 4U)) | 0x20202020;
	const char first = name_parts[row].part[0];
	unsigned says = 0;

	for (; row < ARRAY_LEN(name_parts) && name_parts[row].part[0] == first; row++) {
		const size_t n = name_parts[row].n;
		const uint32_t differs = head ^ load_le32(name_parts[row].part);

		if ((n < 4 ? differs & 0xFFFF : differs) == 0 && word.n >= n &&
			strncasecmp(word.p, name_parts[row].part, n) == 0)
			says |= name_parts[row].says;
	}
	return says;
}

/* Of eight bytes at a time the beginnings of words. */
unsigned names_say(struct slice names)
{
	uint64_t letters = 0, capitals = 0; /* of the eight before */
	unsigned says = 0;

	for (size_t at = 0; at < names.n; at += 8) {
		uint64_t x = eight_load(names.p + at, names.n - at);
		uint64_t before = letters >> 56, capital_before = capitals >> 56, begins;

		letters = eight_letters(x);
		capitals = letters & ~(x << 2);
		begins = (letters & ~(letters << 8 | before)) |
			(capitals & ~(capitals << 8 | capital_before));
		for (; begins; begins &= begins - 1) {
			size_t i = at + eight_first(begins);
			size_t letter = (size_t)((names.p[i] | 0x20) - 'a');

			if (i + 2 <= names.n && firsts[letter].seconds & LETTER_BIT(names.p[i + 1]))
				says |= word_says(slice_skip(names, i), firsts[letter].row - 1U);
		}
	}
	return says;
}

/* By length, head and tail, in which names of one page differ; multiplied as by Knuth, "The Art of
 * Computer Programming" 3, section 6.4: the golden ratio in 64 bits. */
static size_t slot_of(struct slice names)
{
	uint64_t head = eight_load(names.p, names.n);
	uint64_t tail = names.n > 8 ? load_le64(names.p + names.n - 8) : 0;
	uint64_t mixed = (head ^ (tail << 31 | tail >> 33) ^ names.n) * 0x9E3779B97F4A7C15U;

	return (size_t)(mixed >> 40) % NAMES_LATELY;
}

unsigned names_say_again(struct names_memo *memo, struct slice names)
{
	const size_t slot = slot_of(names);
	const struct slice known = { memo->lately[slot].p, memo->lately[slot].n };

	assert(names.n <= UINT32_MAX); /* as values are in an html_tree */
	if (!slice_eq(known, names)) {
		memo->lately[slot].p = names.p;
		memo->lately[slot].n = (uint32_t)names.n;
		memo->lately[slot].says = names_say(names);
	}
	return memo->lately[slot].says;
}
