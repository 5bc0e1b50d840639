/* What is cut out of a text for a repeat that is counted in units. */
#include "stages/dedup/cuts.h"

#include "lib/core/mem.h"

#include <criterion/criterion.h>

static void expect(enum unit kind, const char *text, struct span units, const char *left)
{
	struct span_list spans = { 0 };
	struct units u = { 0 };
	struct buf out = { 0 };

	mem_grow(&spans.at, spans.n, &spans.cap, sizeof(*spans.at));
	spans.at[spans.n++] = units;
	cuts_to_bytes(&spans, &u, kind, slice_str(text));
	cuts_apply(&spans, slice_str(text), &out);
	cr_expect_str_eq(buf_cstr(&out), left, "given %s", text);
	span_list_release(&spans);
	units_release(&u);
	buf_release(&out);
}

Test(dedup_cuts, leave_whole_characters_and_take_punctuation_with_tokens)
{
	static const struct {
		enum unit kind;
		const char *text;
		struct span units;
		const char *left;
	} cases[] = {
		{ UNIT_TOKEN, "Late. Keep calm. Go on.", { 1, 3 }, "Late.  Go on." },
		{ UNIT_TOKEN, "He: \"Keep calm!\" On", { 1, 3 }, "He:  On" },
		{ UNIT_TOKEN, "e-keep calm-ly", { 1, 3 }, "e--ly" },
		{ UNIT_TOKEN, "(keep calm)", { 0, 2 }, "" },
		{ UNIT_TOKEN, "a \xe2\x80\x9ckeep\xe2\x80\x9d\xc2\xa0z", { 1, 2 }, "a \xc2\xa0z" },
		{ UNIT_CHARACTER, "x\xc3\xa9y", { 1, 2 }, "xy" },
		{ UNIT_BYTE, "x\xc3\xa9y", { 1, 3 }, "xy" },
		{ UNIT_BYTE, "x\xc3\xa9y", { 0, 2 }, "\xc3\xa9y" },
		{ UNIT_BYTE, "x\xc3\xa9y", { 2, 4 }, "x\xc3\xa9" },
		{ UNIT_BYTE, "x\xf0\x9f\x98\x80y", { 2, 4 }, "x\xf0\x9f\x98\x80y" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect(cases[i].kind, cases[i].text, cases[i].units, cases[i].left);
}

/* Units come in pieces; a repeat that lies over the end of one is one. */
Test(dedup_cuts, span_the_pieces_that_units_come_in)
{
	static const struct span given[] = { { 10, 510 }, { 600, 12510 }, { 12600, 40000 } };
	struct span_list spans = { 0 };
	struct units u = { 0 };
	struct buf text = { 0 };

	for (int i = 0; i < 40000; i++)
		buf_str(&text, "\xc3\xa9");
	for (size_t i = 0; i < ARRAY_LEN(given); i++) {
		mem_grow(&spans.at, spans.n, &spans.cap, sizeof(*spans.at));
		spans.at[spans.n++] = given[i];
	}
	cuts_to_bytes(&spans, &u, UNIT_CHARACTER, buf_view(&text));
	cr_assert_eq(spans.n, 3);
	cr_expect_eq(cuts_length(&spans), 2 * (500 + 11910 + 27400));
	cuts_to_characters(&spans, buf_view(&text));
	cr_expect_eq(spans.at[0].from, 10);
	cr_expect_eq(spans.at[1].to, 12510);
	cr_expect_eq(spans.at[2].to, 40000);
	span_list_release(&spans);
	units_release(&u);
	buf_release(&text);
}
