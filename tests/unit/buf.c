/* Bytes that grow at the end. */
#include "lib/core/buf.h"

#include <criterion/criterion.h>

Test(buf, grows_and_keeps_what_it_holds)
{
	struct buf b = { 0 };

	for (unsigned i = 0; i < 100000; i++)
		buf_byte(&b, (char)i);
	cr_assert_eq(b.n, 100000);
	for (unsigned i = 0; i < 100000; i++)
		cr_assert_eq(b.p[i], (char)i, "at %u", i);
	buf_release(&b);
	cr_expect_null(b.p);
	buf_release(&b);
}

Test(buf, appends_text_numbers_and_nul_bytes)
{
	struct buf b = { 0 };

	buf_str(&b, "a");
	buf_append(&b, "\0b", 2);
	buf_append(&b, NULL, 0);
	buf_printf(&b, "%d%s", 17, "");
	buf_printf(&b, "%s", "");
	buf_le32(&b, 0x04030201);
	buf_le64(&b, 0x0c0b0a0908070605);
	cr_expect_arr_eq(b.p, "a\0b17\1\2\3\4\5\6\7\x8\x9\xa\xb\xc", 17);
	cr_expect_eq(b.n, 17);
	cr_expect_eq(load_le32(b.p + 5), 0x04030201);
	cr_expect_eq(load_le64(b.p + 9), 0x0c0b0a0908070605);
	buf_release(&b);
}

Test(buf, ends_in_nul_without_counting_it)
{
	struct buf b = { 0 };

	cr_expect_str_eq(buf_cstr(&b), "");
	cr_expect_eq(b.n, 0);
	for (int i = 0; i < 64; i++)
		buf_byte(&b, 'x');
	cr_expect_eq(strlen(buf_cstr(&b)), 64);
	buf_release(&b);
}

Test(buf, clear_keeps_memory_up_to_a_bound)
{
	struct buf b = { 0 };

	buf_reserve(&b, 1000);
	buf_clear(&b, 4000);
	cr_expect_geq(b.cap, 1000);
	buf_clear(&b, 10);
	cr_expect_null(b.p);
	buf_release(&b);
}

Test(buf, slices_compare_and_cut)
{
	struct slice s = SLICE("warc-record");

	cr_expect(slice_starts(s, SLICE("warc")) && !slice_starts(SLICE("war"), SLICE("warc")));
	cr_expect(slice_ends(s, SLICE("record")) && !slice_ends(SLICE("cord"), SLICE("record")));
	cr_expect_eq(slice_find(s, SLICE("re")), 5);
	cr_expect_eq(slice_find(s, SLICE("zz")), s.n);
	cr_expect_eq(slice_find((struct slice){ 0 }, SLICE("x")), 0);
	cr_expect(slice_eq(slice_skip(s, 5), SLICE("record")));
	cr_expect(slice_eq(slice_skip(s, 50), SLICE("")));
	cr_expect(slice_eq(slice_head(s, 4), SLICE("warc")));
	cr_expect(slice_eq((struct slice){ 0 }, SLICE("")));
}

Test(buf, products_that_do_not_fit_are_seen)
{
	size_t n;

	cr_expect(mul_size(3, 5, &n));
	cr_expect_eq(n, 15);
	cr_expect_not(mul_size(SIZE_MAX / 2, 3, &n));
}
