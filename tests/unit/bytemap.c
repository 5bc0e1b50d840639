/* Tests of tokenizer/bytemap.h. */
#include "tokenizer/bytemap.h"

#include <criterion/criterion.h>

/* From GPT-2's vocab.json, where a space is written Ġ, a newline Ċ and so on. */
Test(bytemap, writes_bytes_as_gpt2_does)
{
	static const struct {
		unsigned char byte;
		uint32_t point;
	} cases[] = {
		{ 0, 0x100 },
		{ '\n', 0x10A },
		{ ' ', 0x120 },
		{ '!', '!' },
		{ '~', '~' },
		{ 0x7F, 0x121 },
		{ 0x80, 0x122 },
		{ 0xA0, 0x142 },
		{ 0xA1, 0xA1 },
		{ 0xAC, 0xAC },
		{ 0xAD, 0x143 },
		{ 0xAE, 0xAE },
		{ 0xFF, 0xFF },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect_eq(
			bytemap_point(cases[i].byte), cases[i].point, "byte %u", cases[i].byte);
}

Test(bytemap, is_one_to_one)
{
	unsigned points = 0;

	for (unsigned b = 0; b < 256; b++)
		cr_expect_eq(bytemap_byte(bytemap_point((unsigned char)b)), (int)b);
	for (uint32_t point = 0; point < 0x200; point++)
		points += bytemap_byte(point) >= 0;
	cr_expect_eq(points, 256);
	cr_expect_eq(bytemap_byte(0x144), -1);
	cr_expect_eq(bytemap_byte(0x10FFFF), -1);
}

Test(bytemap, reads_what_it_writes_and_refuses_the_rest)
{
	struct buf mapped = { 0 }, bytes = { 0 };

	bytemap_put(&mapped, SLICE(" caf\xC3\xA9\n\0"));
	cr_expect(slice_eq(buf_view(&mapped), SLICE("\u0120caf\u00C3\u00A9\u010A\u0100")));
	cr_expect(bytemap_get(&bytes, buf_view(&mapped)));
	cr_expect(slice_eq(buf_view(&bytes), SLICE(" caf\xC3\xA9\n\0")));
	cr_expect_not(bytemap_get(&bytes, SLICE("a b")), "a space stands for no byte");
	cr_expect_not(bytemap_get(&bytes, SLICE("a\xFF")), "not UTF-8");
	cr_expect_eq(bytes.n, 8, "nothing was added");
	buf_release(&mapped);
	buf_release(&bytes);
}
