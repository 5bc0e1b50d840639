/* The content digest: a sum that does not depend on order. */
#include "lib/stream/digest.h"

#include <criterion/criterion.h>

static struct digest of(const char *const *lines, size_t n)
{
	struct digest d = { 0 };

	for (size_t i = 0; i < n; i++)
		digest_line(&d, slice_str(lines[i]));
	return d;
}

/* As xxh3_128_hexdigest of the Python package xxhash 4.1.0 prints them. */
Test(digest, of_one_line_is_its_xxh3_128)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{ "", "99aa06d3014798d86001c324468d497f" },
		{ "abc", "06b05ab6733a618578af5f94892f3950" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct digest d = of(&cases[i].line, 1);
		char hex[33];

		digest_hex(&d, hex);
		cr_expect_str_eq(hex, cases[i].want);
		cr_expect_eq(d.records, 1);
		cr_expect_eq(d.bytes, strlen(cases[i].line) + 1);
	}
}

Test(digest, depends_on_no_order)
{
	static const char *const forth[] = { "a", "b", "b", "" },
				 *const back[] = { "", "b", "a", "b" };
	struct digest d = of(forth, 4), other = of(back, 4);

	cr_expect(digest_eq(&d, &other));
	cr_expect_eq(d.records, 4);
	cr_expect_eq(d.bytes, 7);
}

Test(digest, tells_sets_apart)
{
	static const char *const lines[] = { "a", "b", "a", "a" };
	struct digest all = of(lines, 2), twice = of(lines + 2, 2), ab = { 0 };

	cr_expect_not(digest_eq(&all, &twice));
	digest_line(&ab, SLICE("ab"));
	cr_expect_not(digest_eq(&all, &ab));
}

Test(digest, parts_add_up_with_the_carry)
{
	struct digest a = { .lo = UINT64_MAX, .hi = 1, .records = 2, .bytes = 3 };
	struct digest b = { .lo = 1, .hi = UINT64_MAX, .records = 5, .bytes = 7 };
	char hex[33];

	digest_add(&a, &b);
	cr_expect_eq(a.lo, 0);
	cr_expect_eq(a.hi, 1);
	cr_expect_eq(a.records, 7);
	cr_expect_eq(a.bytes, 10);
	digest_hex(&a, hex);
	cr_expect_str_eq(hex, "00000000000000010000000000000000");
}
