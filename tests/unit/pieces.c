/* Tests of tokenizer/pieces.h: what is found is what was kept, at any size and load of the
 * tables. */
#include "tokenizer/pieces.h"

#include "tests/random.h"

#include <criterion/criterion.h>

struct made {
	char bytes[PIECE_LONG_BYTES];
	size_t n;
	uint32_t ids[PIECE_LONG_IDS];
	size_t n_ids;
};

/* The piece of a number, and ids that follow from it alone. */
static struct made make(uint64_t number)
{
	uint64_t state = number * 2 + 1;
	struct made m = { .n = 1 + random_below(&state, PIECE_LONG_BYTES) };

	m.n_ids = 1 + random_below(&state, PIECE_LONG_IDS);
	memset(m.bytes, 'a', sizeof(m.bytes));
	for (size_t i = 0; i < m.n; i++)
		m.bytes[i] = (char)('a' + (int)random_below(&state, 26));
	for (size_t i = 0; i < m.n_ids; i++)
		m.ids[i] = (uint32_t)(random_next(&state) & 0xFFFFFF);
	return m;
}

static void check_ids(const struct made *m, const uint32_t *ids)
{
	cr_assert_eq(ids[0] >> 24, m->n_ids, "%.*s", (int)m->n, m->bytes);
	for (size_t i = 0; i < m->n_ids; i++)
		cr_assert_eq(ids[i] & 0xFFFFFF, m->ids[i], "%.*s", (int)m->n, m->bytes);
}

/* True when the piece is in either table; its ids are right then. */
static bool is_found(struct pieces *c, const struct made *m)
{
	struct piece_long_key key = piece_long_key(m->bytes, m->n);
	const struct piece_long *far;
	bool is_long = true;

	if (m->n <= PIECE_SHORT_BYTES) {
		const struct piece_short *near =
			pieces_find(c, piece_key_safe(m->bytes, m->n), &is_long);

		if (near) {
			check_ids(m, near->ids);
			return true;
		}
	}
	far = is_long ? pieces_find_long(c, &key) : NULL;
	if (far)
		check_ids(m, far->ids);
	return far != NULL;
}

static void keep(struct pieces *c, const struct made *m)
{
	pieces_keep(c, m->bytes, m->n, m->ids, m->n_ids);
}

Test(pieces, kept_ones_are_found_at_once_and_later_right_or_not_at_all)
{
	struct pieces c;
	size_t found = 0;

	pieces_init(&c, 48 * MIB);
	/* Pieces of one number may have the same bytes only when they are very short. */
	for (uint64_t i = 0; i < 400000; i++) {
		struct made m = make(i);

		if (m.n < 6)
			continue;
		keep(&c, &m);
		cr_assert(is_found(&c, &m));
		pieces_fit(&c);
		if (i > 5000) {
			m = make(i - 5000);
			found += m.n >= 6 && is_found(&c, &m);
		}
	}
	cr_assert_gt(c.short_bits, PIECE_SHORT_MIN_BITS);
	cr_assert_gt(c.long_bits, PIECE_LONG_MIN_BITS);
	cr_assert_gt(found, 200000);
	pieces_release(&c);
}

Test(pieces, a_table_that_is_not_full_loses_none)
{
	struct pieces c;

	pieces_init(&c, 48 * MIB);
	for (uint64_t i = 0; i < 100; i++) {
		struct made m = make(i);

		if (m.n >= 6)
			keep(&c, &m);
	}
	for (uint64_t i = 0; i < 100; i++) {
		struct made m = make(i);

		cr_assert(m.n < 6 || is_found(&c, &m));
	}
	cr_assert_eq(c.short_evictions, 0);
	pieces_release(&c);
}

/* What took its place in the long table is gone with the next one, but the mark stays. */
Test(pieces, a_mark_without_its_piece_is_no_piece)
{
	struct pieces c;
	struct made m = { "abc", 3, { 1, 2, 3, 4, 5 }, 5 };

	pieces_init(&c, 48 * MIB);
	keep(&c, &m);
	cr_assert(is_found(&c, &m));
	memset(c.longs, 0, sizeof(*c.longs) << c.long_bits);
	cr_assert_not(is_found(&c, &m));
	keep(&c, &m);
	cr_assert(is_found(&c, &m));
	pieces_release(&c);
}

Test(pieces, what_is_too_large_is_not_kept)
{
	struct pieces c;
	struct made m = make(1);
	uint32_t nine[9] = { 0 };

	pieces_init(&c, 48 * MIB);
	pieces_keep(&c, "0123456789012345678901234567890123456789", 40, m.ids, 1);
	pieces_keep(&c, "abcdefghi", 9, nine, 9);
	for (size_t i = 0; i < (size_t)2 << c.short_bits; i++)
		cr_assert_eq(c.ways[i].key.high, 0);
	for (size_t i = 0; i < (size_t)1 << c.long_bits; i++)
		cr_assert_eq(c.longs[i].key.part[3], 0);
	pieces_release(&c);
}
