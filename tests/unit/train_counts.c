/* Tests of tokenizer/train_counts.h and stages/tokenize/train_spill.h. */
#include "tokenizer/train_counts.h"

#include "stages/tokenize/train_spill.h"
#include "tests/random.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* Pieces of 1 to 40 letters, some of them again and again, in one text. */
enum { MOST = 30000, TEXT = 40 * MOST };

struct pieces {
	char text[TEXT];
	uint32_t ends[MOST];
};

static struct pieces *make_pieces(uint64_t seed, size_t n)
{
	struct pieces *p = calloc(1, sizeof(*p));
	uint32_t end = 0;

	for (size_t i = 0; i < n; i++) {
		size_t length = 1 + random_below(&seed, random_below(&seed, 3) ? 4 : 40);

		for (size_t k = 0; k < length; k++)
			p->text[end++] =
				(char)(random_below(&seed, 3) + (length < 16 ? 0xFE : 'a'));
		p->ends[i] = end;
	}
	return p;
}

static struct slice piece_at(const struct pieces *p, size_t i)
{
	uint32_t begin = i ? p->ends[i - 1] : 0;

	return (struct slice){ p->text + begin, p->ends[i] - begin };
}

static int compare(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;
	int order = memcmp(x->p, y->p, MIN(x->n, y->n));

	return order ? order : (x->n > y->n) - (x->n < y->n);
}

/* The counts are those of the first n pieces, counted by sorting them. */
static void expect_counts(struct train_counts *c, const struct pieces *p, size_t n)
{
	struct slice *sorted = calloc(n, sizeof(*sorted));
	struct train_walk walk = { 0 };
	uint64_t total = 0;
	size_t different = 0, bytes = 0;

	for (size_t i = 0; i < n; i++)
		sorted[i] = piece_at(p, i);
	qsort(sorted, n, sizeof(*sorted), compare);
	while (train_counts_next(c, &walk)) {
		struct slice *hit = bsearch(&walk.piece, sorted, n, sizeof(*sorted), compare);
		struct slice *first = hit, *last = hit;

		cr_assert(hit);
		while (first > sorted && slice_eq(first[-1], *hit))
			first--;
		while (last < sorted + n - 1 && slice_eq(last[1], *hit))
			last++;
		cr_assert_eq(walk.count, (uint64_t)(last - first + 1));
		total += walk.count;
		bytes += walk.piece.n;
		different++;
	}
	cr_expect_eq(total, n);
	cr_expect_eq(different, train_counts_number(c));
	cr_expect_eq(bytes, c->piece_bytes);
	free(sorted);
}

Test(train_counts, pieces_by_their_ends)
{
	struct pieces *p = make_pieces(1, MOST);
	struct train_counts c = { 0 };
	struct train_cut cut = { .text = p->text, .limit = p->text + p->ends[MOST - 1] };

	for (size_t done = 0; done < MOST; done += cut.n) {
		cut.ends = p->ends + done;
		cut.n = MIN((size_t)97, MOST - done);
		train_counts_cut(&c, &cut);
		cut.begin = cut.ends[cut.n - 1];
	}
	expect_counts(&c, p, MOST);
	train_counts_release(&c);
	free(p);
}

/* A key has zeros behind a short piece. */
Test(train_counts, zero_bytes_are_bytes)
{
	static const char text[] = "fifteen letters\0fourteen lette\0\0a\0a";
	static const uint32_t ends[] = { 15, 16, 31, 32, 33, 35 };
	struct train_counts c = { 0 };
	struct train_cut cut = { text, 0, ends, ARRAY_LEN(ends), text + sizeof(text) - 1 };
	struct train_walk walk = { 0 };
	size_t twice = 0;

	train_counts_cut(&c, &cut);
	train_counts_add(&c, SLICE("fourteen lette\0"), 1);
	while (train_counts_next(&c, &walk))
		twice += walk.count == 2;
	/* "\0" and "fourteen lette\0". */
	cr_expect_eq(train_counts_number(&c), 5);
	cr_expect_eq(twice, 2);
	train_counts_release(&c);
}

/* Tables that are walked in the order of their slots into others, of all sizes. */
Test(train_counts, tables_add_up)
{
	for (size_t n = 1; n < MOST; n = n * 5 + 1) {
		struct pieces *p = make_pieces(n, n);
		struct train_counts c[3] = { 0 };

		for (size_t i = 0; i < n; i++)
			train_counts_add(&c[i * 7 % 11 % 3], piece_at(p, i), 1);
		train_counts_take(&c[0], &c[1]);
		train_counts_take(&c[0], &c[2]);
		cr_expect_eq(train_counts_number(&c[2]), 0);
		expect_counts(&c[0], p, n);
		train_counts_release(&c[0]);
		free(p);
	}
}

/* ---- on disk ---- */

/* The cells back to counts: a piece of one byte has none. */
static void count_cells(const struct train_cells *cells, struct train_counts *c)
{
	char piece[64];
	size_t n = 0;

	for (uint32_t i = 1; i < cells->n; i++) {
		if (cells->at[i].symbol != TRAIN_EDGE) {
			piece[n++] = (char)cells->at[i].symbol;
			continue;
		}
		train_counts_add(c, (struct slice){ piece, n }, train_cells_count(cells, i - 1));
		n = 0;
	}
}

Test(train_counts, spilled_counts_are_those_of_memory)
{
	struct pieces *p = make_pieces(9, MOST);
	struct train_spill *s = train_spill_new(0, NULL);
	struct train_counts part = { 0 }, back = { 0 };
	struct train_cells cells = { 0 };
	struct err e = { 0 };

	cr_expect_not(train_spill_used(s));
	for (size_t i = 0; i < MOST; i++) {
		train_counts_add(&part, piece_at(p, i), 1);
		if (i % 1000 == 999)
			cr_assert_eq(train_spill_take(s, &part, &e), 0, "%s", e.text);
	}
	cr_expect(train_spill_used(s));
	cr_assert_eq(train_spill_cells(s, &cells, SIZE_MAX, &e), 0, "%s", e.text);
	count_cells(&cells, &back);
	for (size_t i = 0; i < MOST; i++)
		if (piece_at(p, i).n == 1)
			train_counts_add(&back, piece_at(p, i), 1);
	cr_expect_eq(cells.n_pieces, train_counts_number(&back));
	expect_counts(&back, p, MOST);
	train_counts_release(&back);
	train_cells_release(&cells);
	train_spill_free(s);
	free(p);
}

Test(train_counts, large_counts_stay_whole)
{
	struct train_cells cells = { 0 };
	struct err e = { 0 };
	static const uint64_t counts[] = { 1, INT32_MAX, UINT64_C(1) << 31, UINT32_MAX,
		UINT64_C(1) << 40 };

	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		cr_assert_eq(train_cells_add(&cells, SLICE("ab"), counts[i], &e), 0);
	for (uint32_t i = 0; i < ARRAY_LEN(counts); i++)
		cr_expect_eq(train_cells_count(&cells, 1 + 3 * i), counts[i]);
	train_cells_release(&cells);
}
