/* Words of a book, and what they say of hyphens at the ends of its lines. */
#include "stages/extract/book_hyphens.h"

#include "lib/core/mem.h"
#include "lib/text/utf8.h"
#include "stages/extract/script.h"

#include <ctype.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <xxhash.h>

enum {
	LONGEST_WORD = 60, /* bytes of one that is compared */
	SHORTEST_HALF = 3, /* bytes; shorter ones are words of any book by chance */
};

static bool is_letter(uint32_t c)
{
	if (c < 0x80)
		return isalpha((int)c) || c == '\'';
	return c == 0x2019 || U_GET_GC_MASK((UChar32)c) & (U_GC_L_MASK | U_GC_M_MASK);
}

/* The bytes of letters, and where hyphens is set of hyphens, that s begins with. */
static size_t letters(struct slice s, bool hyphens)
{
	struct slice rest = s;
	size_t n = 0;

	while (rest.n && n <= LONGEST_WORD) {
		uint32_t c = utf8_next(&rest);

		if (!is_letter(c) && !(hyphens && c == '-'))
			break;
		n = s.n - rest.n;
	}
	return n;
}

static size_t bytes_of(uint32_t c)
{
	char out[UTF8_MAX_BYTES];

	return utf8_put(out, c);
}

/* The word at the end of a line that ends in a hyphen, without it; the hyphens inside it stay. */
static struct slice last_half(struct slice line)
{
	struct slice rest;

	line = slice_trim(line, " \t\r\n");
	line.n -= line.n > 0;
	rest = line;
	while (rest.n && line.n - rest.n <= LONGEST_WORD) {
		uint32_t c = script_last(rest);

		if (!is_letter(c) && c != '-')
			break;
		rest.n -= MIN(rest.n, bytes_of(c));
	}
	return slice_skip(line, rest.n);
}

static struct slice first_half(struct slice line)
{
	line = slice_trim(line, " \t\r\n");
	return slice_head(line, letters(line, true));
}

static bool ends_in_hyphen(struct slice line)
{
	line = slice_trim(line, " \t\r\n");
	if (!slice_ends(line, SLICE("-")))
		return false;
	line.n--;
	return is_letter(script_last(line));
}

/* The hash of parts as one word, letters of either case. */
static uint64_t hash_of(const struct slice *parts, size_t n)
{
	char folded[3 * LONGEST_WORD + 2 * UTF8_MAX_BYTES];
	size_t length = 0;

	for (size_t i = 0; i < n; i++) {
		struct slice s = parts[i];

		while (s.n && length < 3 * LONGEST_WORD) {
			uint32_t c = utf8_next(&s);

			length += utf8_put(folded + length,
				c < 0x80 ? (uint32_t)tolower((int)c)
					 : (uint32_t)u_foldCase((UChar32)c, U_FOLD_CASE_DEFAULT));
		}
	}
	return XXH3_64bits(folded, length);
}

static void add(struct hyphens *h, struct slice word)
{
	if (!word.n || word.n > LONGEST_WORD)
		return;
	mem_grow(&h->words, h->n, &h->cap, sizeof(*h->words));
	h->words[h->n++] = hash_of(&word, 1);
}

/* The words of a line, and those with hyphens whole as well. */
static void add_words(struct hyphens *h, struct slice line)
{
	while (line.n) {
		size_t n = 0, parts = 0, length;

		for (; (length = letters(slice_skip(line, n), false)); parts++) {
			add(h, slice_head(slice_skip(line, n), length));
			n += length;
			if (n + 1 < line.n && line.p[n] == '-' &&
				letters(slice_skip(line, n + 1), false))
				n++;
		}
		if (parts > 1)
			add(h, slice_head(line, n));
		if (n == 0)
			utf8_next(&line);
		else
			line = slice_skip(line, n);
	}
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static bool known(const struct hyphens *h, const struct slice *parts, size_t n)
{
	uint64_t key = hash_of(parts, n);

	return h->n && bsearch(&key, h->words, h->n, sizeof(key), compare);
}

/* 1: one word by what stands elsewhere in the book, -1: two with a hyphen, 0: not known. */
static int tell(const struct hyphens *h, struct slice before, struct slice after)
{
	const struct slice one[] = { before, after }, two[] = { before, SLICE("-"), after };
	bool joined = known(h, one, 2), hyphened = known(h, two, 3);

	return joined == hyphened ? 0 : joined ? 1 : -1;
}

/* Calls for each pair of lines, the first of which ends in a hyphen. */
static bool next_break(struct slice *text, struct slice *before, struct slice *after)
{
	while (text->n) {
		*before = slice_take_line(text);
		if (!ends_in_hyphen(*before))
			continue;
		*after = slice_head(*text, slice_find(*text, SLICE("\n")));
		return true;
	}
	return false;
}

void hyphens_read(struct hyphens *h, struct slice text)
{
	struct slice rest = text, before, after;
	bool behind = false;
	long votes = 0;

	if (!next_break(&rest, &before, &after))
		return;
	for (rest = text; rest.n;) {
		struct slice line = slice_trim(slice_take_line(&rest), " \t\r\n");
		bool broken = ends_in_hyphen(line);

		/* Halves are no words. */
		if (behind)
			line = slice_skip(line, first_half(line).n);
		if (broken)
			line.n -= MIN(line.n, last_half(line).n + 1);
		add_words(h, line);
		behind = broken;
	}
	if (h->n)
		qsort(h->words, h->n, sizeof(*h->words), compare);
	for (rest = text; next_break(&rest, &before, &after);)
		votes += tell(h, last_half(before), first_half(after));
	h->breaks_words = votes > 0;
}

bool hyphens_joins(const struct hyphens *h, struct slice before, struct slice after)
{
	struct slice left = last_half(before), right = first_half(after);
	struct slice peek = right;
	int told;

	if (!left.n || !right.n || memchr(left.p, '-', left.n) ||
		u_isupper((UChar32)utf8_next(&peek)))
		return false;
	told = tell(h, left, right);
	if (told)
		return told > 0;
	return h->breaks_words &&
		!(left.n >= SHORTEST_HALF && right.n >= SHORTEST_HALF && known(h, &left, 1) &&
			known(h, &right, 1));
}

void hyphens_release(struct hyphens *h)
{
	free(h->words);
	*h = (struct hyphens){ .n = 0 };
}
