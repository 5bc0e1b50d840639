/* Records: read lazily, changed by splicing. */
#include "lib/record/record.h"

#include <criterion/criterion.h>
#include <math.h>

static struct record scanned(const char *line)
{
	struct record r = { 0 };
	struct err e = { 0 };

	cr_assert_eq(record_scan(&r, slice_str(line), &e), 0, "%s: %s", line, e.text);
	return r;
}

static void expect_written(const struct record *r, const char *want)
{
	struct buf out = { 0 };

	record_write(r, &out);
	cr_expect_str_eq(buf_cstr(&out), want);
	buf_release(&out);
}

Test(record, finds_fields)
{
	struct record r = scanned(" { \"id\":\"a1\" , \"text\":\"x\\ny\", \"n\":12, \"f\":-1.5,"
				  "\"big\":1e3,\"z\":null,\"o\":{\"id\":1},\"k\\u0065y\":true}\r");
	struct slice s;
	uint64_t u;
	double v;

	cr_expect(slice_eq(record_id(&r), SLICE("a1")));
	cr_expect(slice_eq(record_text(&r), SLICE("x\ny")));
	cr_expect(slice_eq(record_raw(&r, "text"), SLICE("\"x\\ny\"")));
	cr_expect(slice_eq(record_raw(&r, "o"), SLICE("{\"id\":1}")));
	cr_expect(slice_eq(record_raw(&r, "key"), SLICE("true")));
	cr_expect_null(record_raw(&r, "ke").p);
	cr_expect_null(record_raw(&r, "k\\u0065y").p);
	cr_expect_eq(record_str(&r, "z", &s), RECORD_ABSENT);
	cr_expect_eq(record_str(&r, "none", &s), RECORD_ABSENT);
	cr_expect_eq(record_str(&r, "n", &s), RECORD_OTHER_TYPE);
	cr_expect_null(s.p);
	cr_expect_eq(record_uint(&r, "n", &u), RECORD_FOUND);
	cr_expect_eq(u, 12);
	cr_expect_eq(record_num(&r, "f", &v), RECORD_FOUND);
	cr_expect_eq(v, -1.5);
	cr_expect_eq(record_uint(&r, "f", &u), RECORD_OTHER_TYPE);
	cr_expect_eq(record_uint(&r, "z", &u), RECORD_ABSENT);
	cr_expect_eq(record_num(&r, "big", &v), RECORD_FOUND);
	cr_expect_eq(v, 1000);
	cr_expect_eq(record_num(&r, "id", &v), RECORD_OTHER_TYPE);
	cr_expect_not(record_changed(&r));
	record_release(&r);
}

Test(record, a_field_of_another_type_is_no_text)
{
	struct record r = scanned("{\"id\":7,\"text\":[\"a\"]}");

	cr_expect_eq(record_text(&r).n, 0);
	cr_expect_eq(record_id(&r).n, 0);
	record_release(&r);
}

Test(record, says_what_is_wrong_with_a_line)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{ "", "byte 0: ended early" },
		{ "[1]", "byte 0: not an object" },
		{ "{\"a\":\"\t\"}", "byte 6: unescaped control character" },
		{ "{\"a\":1}{}", "byte 7: more behind the value" },
	};
	struct record r = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = { 0 };

		cr_expect_eq(record_scan(&r, slice_str(cases[i].line), &e), -1);
		cr_expect_eq(e.code, ERR_DATA);
		cr_expect_str_eq(e.text, cases[i].want);
	}
	record_release(&r);
}

Test(record, the_first_of_equal_keys_counts)
{
	static const struct {
		const char *line;
		uint32_t duplicates;
	} cases[] = {
		{ "{\"a\":1}", 0 },
		{ "{\"a\":1,\"b\":2,\"A\":3,\"ab\":4,\"ba\":5,\"\":6}", 0 },
		{ "{\"a\":1,\"a\":2}", 1 },
		{ "{\"a\":1,\"b\":2,\"a\":3,\"b\":4,\"a\":5}", 3 },
		{ "{\"a\":1,\"\\u0061\":2}", 1 },
		{ "{\"a\":1,\"\\u0062\":2}", 0 },
		{ "{\"a\":1,\"o\":{\"a\":2}}", 0 },
		{ "{\"a\":1,\"\xe9\":2,\"\xfe\":3,\"\xe9\":4}", 1 },
		{ "{\"a\":1,\"\xe9\":2,\"\xfe\":3,\"\xe9\":4,\"\\u0062\":5}", 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct record r = scanned(cases[i].line);

		cr_expect_eq(r.duplicate_keys, cases[i].duplicates, "%s", cases[i].line);
		cr_expect(slice_eq(record_raw(&r, "a"), SLICE("1")), "%s", cases[i].line);
		record_release(&r);
	}
}

Test(record, counts_duplicates_among_many_members)
{
	struct buf line = { 0 };
	struct record r;

	buf_byte(&line, '{');
	for (int i = 0; i < 30000; i++)
		buf_printf(&line, "\"key%d\":%d,", i % 20000, i);
	buf_str(&line, "\"last\":0}");
	r = scanned(buf_cstr(&line));
	cr_expect_eq(r.duplicate_keys, 10000);
	cr_expect(slice_eq(record_raw(&r, "key1"), SLICE("1")));
	record_release(&r);
	buf_release(&line);
}

enum set_kind { SET_RAW, SET_STR, SET_NUM, SET_UINT, SET_RATIO };

/* What one edit of "k" makes of a line. */
Test(record, splices_a_field)
{
	static const struct {
		const char *line;
		enum set_kind kind;
		const char *text;
		double number;
		const char *want;
	} cases[] = {
		{ "{}", SET_UINT, NULL, 1, "{\"k\":1}\n" },
		{ " { } \r", SET_UINT, NULL, 1, " { \"k\":1} \r\n" },
		{ "{\"a\":1}", SET_UINT, NULL, 7, "{\"a\":1,\"k\":7}\n" },
		{ "{\"a\" : 1 }\r", SET_STR, "x\"\n", 0, "{\"a\" : 1 ,\"k\":\"x\\\"\\n\"}\r\n" },
		{ "{\"a\":{}}", SET_RAW, "[1, 2]", 0, "{\"a\":{},\"k\":[1, 2]}\n" },
		{ "{\"k\":\"old}\",\"a\":1}", SET_NUM, NULL, 0.1, "{\"k\":0.1,\"a\":1}\n" },
		{ "{\"a\":1, \"k\" : {\"k\":2} }", SET_NUM, NULL, -2, "{\"a\":1, \"k\" : -2 }\n" },
		{ "{\"\\u006b\":1}", SET_UINT, NULL, 2, "{\"\\u006b\":2}\n" },
		{ "{\"k\":1,\"k\":2}", SET_UINT, NULL, 3, "{\"k\":3,\"k\":2}\n" },
		{ "{\"k\":null}", SET_RATIO, NULL, 1.0 / 3, "{\"k\":0.333333}\n" },
		{ "{\"k\":null}", SET_RATIO, NULL, 0.9999999, "{\"k\":1}\n" },
		{ "{\"k\":null}", SET_RATIO, NULL, 0.0000004, "{\"k\":0}\n" },
		{ "{\"k\":null}", SET_RATIO, NULL, 0.0000006, "{\"k\":0.000001}\n" },
		{ "{\"k\":1}", SET_RATIO, NULL, (double)NAN, "{\"k\":null}\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct record r = scanned(cases[i].line);

		switch (cases[i].kind) {
		case SET_RAW: record_set_raw(&r, "k", slice_str(cases[i].text)); break;
		case SET_STR: record_set_str(&r, "k", slice_str(cases[i].text)); break;
		case SET_NUM: record_set_num(&r, "k", cases[i].number); break;
		case SET_UINT: record_set_uint(&r, "k", (uint64_t)cases[i].number); break;
		case SET_RATIO: record_set_ratio(&r, "k", cases[i].number); break;
		}
		cr_expect(record_changed(&r));
		expect_written(&r, cases[i].want);
		record_release(&r);
	}
}

Test(record, splices_many_fields_each_in_its_place)
{
	struct record r = scanned("{\"a\":1,\"b\":2,\"c\":3}");
	struct slice s;

	record_set_str(&r, "new", SLICE("first"));
	record_set_uint(&r, "c", 33);
	record_set_uint(&r, "a", 11);
	record_set_uint(&r, "newer", 5);
	record_set_str(&r, "new", SLICE("second"));
	cr_expect_eq(record_str(&r, "new", &s), RECORD_FOUND);
	cr_expect(slice_eq(s, SLICE("second")));
	expect_written(&r, "{\"a\":11,\"b\":2,\"c\":33,\"new\":\"second\",\"newer\":5}\n");
	record_release(&r);
}

Test(record, an_edit_counts_when_read_again)
{
	struct record r = scanned("{\"id\":\"x\",\"text\":\"old\"}");
	struct slice before = record_text(&r);

	record_set_str(&r, "text", SLICE("new"));
	cr_expect(slice_eq(record_text(&r), SLICE("new")));
	cr_expect(slice_eq(before, SLICE("old")));
	record_set_str(&r, "text", SLICE("newer"));
	cr_expect(slice_eq(record_text(&r), SLICE("newer")));
	record_release(&r);
}

Test(record, setting_what_is_there_changes_nothing)
{
	struct record r = scanned("{\"a\":\"x\",\"n\": 1}");

	record_set_str(&r, "a", SLICE("x"));
	record_set_uint(&r, "n", 1);
	cr_expect_not(record_changed(&r));
	expect_written(&r, "{\"a\":\"x\",\"n\": 1}\n");
	record_set_uint(&r, "n", 2);
	cr_expect(record_changed(&r));
	record_release(&r);
}

Test(record, counts_what_it_replaced_once)
{
	struct record r = scanned("{\"text\":\"\\ud800 \xff\",\"other\":\"\xff\"}");
	struct slice s;

	cr_expect_eq(r.replaced, 0);
	cr_expect(slice_eq(record_text(&r), SLICE("\xEF\xBF\xBD \xEF\xBF\xBD")));
	cr_expect_eq(r.replaced, 2);
	record_text(&r);
	record_str(&r, "text", &s);
	cr_expect_eq(r.replaced, 2);
	expect_written(&r, "{\"text\":\"\\ud800 \xff\",\"other\":\"\xff\"}\n");
	record_release(&r);
}

Test(record, a_scan_forgets_the_record_before)
{
	struct record r = scanned("{\"id\":\"a\",\"text\":\"\\ud800\",\"text\":1}");
	struct err e = { 0 };

	record_text(&r);
	record_set_uint(&r, "k", 1);
	cr_assert_eq(record_scan(&r, SLICE("{\"id\":\"b\"}"), &e), 0);
	cr_expect_not(record_changed(&r));
	cr_expect_eq(r.replaced, 0);
	cr_expect_eq(r.duplicate_keys, 0);
	cr_expect_eq(record_text(&r).n, 0);
	cr_expect(slice_eq(record_id(&r), SLICE("b")));
	expect_written(&r, "{\"id\":\"b\"}\n");
	record_release(&r);
}

/* Once warm, a record costs no allocation: its memory is that of the record before. */
Test(record, keeps_its_memory)
{
	static const char line[] = "{\"id\":\"a\",\"text\":\"one\\ntwo\",\"n\":1}";
	struct record r = scanned(line);
	struct err e = { 0 };
	const void *members = r.members.at, *edits, *block;

	record_text(&r);
	record_set_uint(&r, "n", 2);
	edits = r.edits;
	block = r.arena.blocks;
	for (int i = 0; i < 1000; i++) {
		cr_assert_eq(record_scan(&r, slice_str(line), &e), 0);
		record_text(&r);
		record_set_uint(&r, "n", 2);
	}
	cr_expect_eq(r.members.at, members);
	cr_expect_eq(r.edits, edits);
	cr_expect_eq(r.arena.blocks, block);
	record_release(&r);
}

Test(record, forgets_a_bad_line)
{
	struct record r = scanned("{\"id\":\"a\",\"k\":1}");
	struct err e = { 0 };

	record_set_uint(&r, "k", 2);
	cr_assert_eq(record_scan(&r, SLICE("{\"id\":\"b\",\"k\":2"), &e), -1);
	cr_expect_null(record_raw(&r, "id").p);
	cr_expect_not(record_changed(&r));
	record_release(&r);
}

Test(record, writes_a_side_line_of_what_was_set)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{ "{\"text\":\"t\",\"id\":\"a\\/b\"}",
			"{\"id\":\"a\\/b\",\"k\":1,\"text\":\"u\"}\n" },
		{ "{\"text\":\"t\"}", "{\"id\":null,\"k\":1,\"text\":\"u\"}\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct record r = scanned(cases[i].line);
		struct buf out = { 0 };

		record_set_uint(&r, "k", 1);
		record_set_str(&r, "text", SLICE("u"));
		record_write_side(&r, &out);
		cr_expect_str_eq(buf_cstr(&out), cases[i].want);
		buf_release(&out);
		record_release(&r);
	}
}

Test(record, refuses_a_side_line_of_too_many_members)
{
	struct record r = scanned("{\"id\":\"a\"}");
	struct buf side = { 0 };
	struct err e = { 0 };

	buf_str(&side, "{\"id\":\"a\"");
	for (int i = 0; i < RECORD_MAX_SIDE; i++)
		buf_printf(&side, ",\"k%d\":%d", i, i);
	buf_byte(&side, '}');
	cr_expect_eq(record_join(&r, buf_view(&side), &e), -1);
	cr_expect_str_eq(e.text, "side line of 1001 members, over 1000");
	buf_release(&side);
	record_release(&r);
}

Test(record, joins_a_side_line_of_its_id)
{
	static const struct {
		const char *line, *side, *want, *error;
	} cases[] = {
		{ "{\"id\":\"a\",\"k\":1}", "{\"id\":\"a\",\"k\":2,\"n\":[3]}",
			"{\"id\":\"a\",\"k\":2,\"n\":[3]}\n", NULL },
		{ "{\"id\":\"a/\"}", "{\"n\":1,\"n\":2,\"\\u0069d\":\"a\\/\",\"id\":\"z\"}",
			"{\"id\":\"a/\",\"n\":1}\n", NULL },
		{ "{\"id\":\"a\"}", "{\"id\":\"a\",\"q\\u0000r\":1}",
			"{\"id\":\"a\",\"q\\u0000r\":1}\n", NULL },
		{ "{\"k\":1}", "{\"n\":2}", "{\"k\":1,\"n\":2}\n", NULL },
		{ "{\"id\":\"a\"}", "{\"id\":\"b\",\"n\":1}", NULL,
			"id \"a\" beside the side line of id \"b\"" },
		{ "{\"id\":\"a\"}", "{\"n\":1}", NULL, "id \"a\" beside the side line of id none" },
		{ "{\"id\":\"1\"}", "{\"id\":1}", NULL, "id \"1\" beside the side line of id 1" },
		{ "{\"id\":\"a\"}", "{\"id\":\"a\"", NULL, "side line, byte 9: ended early" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct record r = scanned(cases[i].line);
		struct err e = { 0 };

		cr_expect_eq(record_join(&r, slice_str(cases[i].side), &e), cases[i].want ? 0 : -1);
		if (cases[i].want)
			expect_written(&r, cases[i].want);
		else
			cr_expect_str_eq(e.text, cases[i].error);
		record_release(&r);
	}
}
