/* The bounded key set. */
#include "lib/store/keyset.h"

#include <criterion/criterion.h>

/* Keys that are hashes of i: the multiplication spreads i over the high bits. */
static struct key128 key(uint64_t i)
{
	return (struct key128){ .lo = i, .hi = i * 0x9e3779b97f4a7c15u };
}

Test(keyset, keeps_the_first_number_of_a_key)
{
	struct keyset *s = keyset_new(1 << 20);
	uint64_t *found = NULL;

	for (uint64_t i = 0; i < 10000; i++)
		cr_assert_eq(keyset_put(s, key(i), i + 5, &found), KEYSET_NEW);
	for (uint64_t i = 0; i < 10000; i++) {
		cr_assert_eq(keyset_put(s, key(i), 1, &found), KEYSET_SEEN);
		cr_assert_eq(*found, i + 5);
	}
	cr_expect_eq(keyset_count(s), 10000);
	cr_expect_null(keyset_get(s, key(10000)));
	*keyset_get(s, key(17)) = 99;
	cr_expect_eq(*keyset_get(s, key(17)), 99);
	keyset_free(s);
}

Test(keyset, every_key_and_number_is_valid)
{
	static const struct key128 keys[] = {
		{ 0, 0 },
		{ UINT64_MAX, UINT64_MAX },
		{ 0, UINT64_MAX },
		{ UINT64_MAX, 0 },
		{ 1, 0 },
	};
	struct keyset *s = keyset_new(0);
	uint64_t *found;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		cr_expect_null(keyset_get(s, keys[i]));
		cr_expect_eq(keyset_put(s, keys[i], i ? UINT64_MAX : 0, &found), KEYSET_NEW);
	}
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		cr_expect_eq(*keyset_get(s, keys[i]), i ? UINT64_MAX : 0);
	keyset_free(s);
}

/* All keys share their high bits: the worst case still finds each, and wraps at the table's end. */
Test(keyset, equal_places_are_told_apart)
{
	struct keyset *s = keyset_new(1 << 16);
	uint64_t *found;

	for (uint64_t i = 0; i < 300; i++)
		cr_expect_eq(
			keyset_put(s, (struct key128){ i, UINT64_MAX }, i, &found), KEYSET_NEW);
	for (uint64_t i = 0; i < 300; i++)
		cr_expect_eq(*keyset_get(s, (struct key128){ i, UINT64_MAX }), i);
	keyset_free(s);
}

Test(keyset, says_when_it_is_full_and_stays_as_it_was)
{
	static const size_t limits[] = { 0, 1000, 64 * 1024, 1000 * 1000 };

	for (size_t l = 0; l < ARRAY_LEN(limits); l++) {
		struct keyset *s = keyset_new(limits[l]);
		uint64_t n = 0, *found;

		while (keyset_put(s, key(n), n, &found) == KEYSET_NEW)
			n++;
		cr_expect_eq(n, keyset_count(s));
		cr_expect_eq(n, keyset_room(limits[l]));
		cr_expect(n >= 12, "%zu bytes held %d", limits[l], (int)n);
		/* 24 bytes and a bit a slot, the table half as large as the limit allows at least
		 * a quarter of the time: never over the limit, and not absurdly below. */
		cr_expect(keyset_bytes(s) <= limits[l] || limits[l] < 1000);
		cr_expect(n * 24 * 8 >= limits[l], "%zu bytes held %d", limits[l], (int)n);
		cr_expect_eq(keyset_put(s, key(n), 1, &found), KEYSET_FULL);
		cr_expect_null(keyset_get(s, key(n)));
		cr_expect_eq(keyset_put(s, key(3), 1, &found), KEYSET_SEEN);
		keyset_free(s);
	}
}

Test(keyset, is_gone_through_key_by_key)
{
	struct keyset *s = keyset_new(1 << 16);
	bool seen[500] = { false };
	struct key128 k;
	uint64_t value, *found;
	size_t at = 0, n = 0;

	cr_expect_not(keyset_next(s, &at, &k, &value));
	for (uint64_t i = 0; i < ARRAY_LEN(seen); i++)
		cr_assert_eq(keyset_put(s, key(i), 2 * i, &found), KEYSET_NEW);
	for (at = 0; keyset_next(s, &at, &k, &value); n++) {
		cr_assert(k.lo < ARRAY_LEN(seen) && !seen[k.lo]);
		cr_expect_eq(value, 2 * k.lo);
		seen[k.lo] = true;
	}
	cr_expect_eq(n, ARRAY_LEN(seen));
	keyset_free(s);
}
