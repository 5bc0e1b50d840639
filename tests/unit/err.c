/* Errors read from the outside in, the first one stays, and long ones are cut with three dots. */
#include "lib/core/err.h"

#include <criterion/criterion.h>

Test(err, is_a_sentence_with_its_place_in_front)
{
	struct err e = { 0 };

	cr_expect_eq(err_set(&e, ERR_DATA, "%s is not %s", "this", "a number"), -1);
	cr_expect_eq(err_wrap(&e, "record %d at byte %d", 41, 9981), -1);
	err_wrap(&e, "%s", "in.zst");
	cr_expect_eq(e.code, ERR_DATA);
	cr_expect_str_eq(e.text, "in.zst: record 41 at byte 9981: this is not a number");
}

Test(err, keeps_the_first)
{
	struct err e = { 0 };

	err_set(&e, ERR_NOINPUT, "the cause");
	err_set(&e, ERR_IO, "what came of it");
	cr_expect_eq(e.code, ERR_NOINPUT);
	cr_expect_str_eq(e.text, "the cause");
	err_clear(&e);
	cr_expect_eq(e.code, ERR_NONE);
	err_set(&e, ERR_IO, "another");
	cr_expect_str_eq(e.text, "another");
}

Test(err, marks_what_was_cut)
{
	struct err e = { 0 };
	char text[3000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	err_set(&e, ERR_DATA, "%s", text);
	cr_expect_eq(strlen(e.text), sizeof(e.text) - 1);
	cr_expect(slice_ends(slice_str(e.text), SLICE("x...")));

	for (int i = 0; i < 3; i++)
		err_wrap(&e, "%s", text);
	cr_expect_lt(strlen(e.text), sizeof(e.text));
	cr_expect(slice_starts(slice_str(e.text), SLICE("xxx")));
}
