/* JSON: what is refused, what is accepted, and what values say. */
#include "lib/record/json_scan.h"
#include "tests/random.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static bool valid(struct slice text)
{
	size_t where;
	const char *what;

	return json_valid(text, &where, &what);
}

/* RFC 8259, a row for each rule of its grammar. */
Test(json, accepts_what_the_grammar_has)
{
	static const char *const texts[] = {
		"null",
		"true",
		"false",
		"0",
		"-0",
		"10",
		"-1.5",
		"1e5",
		"1E+05",
		"1.25e-300",
		"123456789012345678901234567890",
		"1e999999",
		"\"\"",
		"\"a\"",
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
		"\"\\u0000\\uABCD\\uabcd\\ud83d\\ude00\"",
		"\"\\ud800\"",
		"\"\x7f\"",
		"\"\xff\xfe\"",
		"[]",
		"[ ]",
		"[1]",
		"[1,2]",
		"[[],{}]",
		"{}",
		"{ }",
		"{\"a\":1}",
		"{\"\":\"\"}",
		"{\"a\":1,\"a\":2}",
		" \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \t\r\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		cr_expect(valid(slice_str(texts[i])), "%s", texts[i]);
}

struct refusal {
	const char *text;
	size_t where;
	const char *what;
};

Test(json, refuses_the_rest_and_says_where)
{
	static const struct refusal cases[] = {
		{ "", 0, "ended early" },
		{ " \n", 2, "ended early" },
		{ "nul", 3, "ended early" },
		{ "nulL", 3, "expected a value" },
		{ "True", 0, "expected a value" },
		{ "NaN", 0, "expected a value" },
		{ "Infinity", 0, "expected a value" },
		{ "-", 1, "ended early" },
		{ "-a", 1, "expected a digit" },
		{ "+1", 0, "expected a value" },
		{ ".5", 0, "expected a value" },
		{ "01", 1, "more behind the value" },
		{ "1.", 2, "ended early" },
		{ "1.e5", 2, "expected a digit" },
		{ "1e", 2, "ended early" },
		{ "1e+x", 3, "expected a digit" },
		{ "1 2", 2, "more behind the value" },
		{ "\"abc", 4, "ended early" },
		{ "\"a\\", 3, "ended early" },
		{ "\"\\x\"", 2, "unknown escape" },
		{ "\"\\u12", 5, "ended early" },
		{ "\"\\u12g4\"", 5, "\\u without four hexadecimal digits" },
		{ "\"\\u123\"", 6, "\\u without four hexadecimal digits" },
		{ "\"a\tb\"", 2, "unescaped control character" },
		{ "'a'", 0, "expected a value" },
		{ "[", 1, "ended early" },
		{ "[1", 2, "ended early" },
		{ "[1,", 3, "ended early" },
		{ "[1,]", 3, "expected a value" },
		{ "[,1]", 1, "expected a value" },
		{ "[1 2]", 3, "expected a comma or ]" },
		{ "[1}", 2, "expected a comma or ]" },
		{ "]", 0, "expected a value" },
		{ "[]]", 2, "more behind the value" },
		{ "{", 1, "ended early" },
		{ "{\"a\"", 4, "ended early" },
		{ "{\"a\":", 5, "ended early" },
		{ "{\"a\" 1}", 5, "expected a colon" },
		{ "{\"a\":1", 6, "ended early" },
		{ "{\"a\":1,}", 7, "expected a key in quotes" },
		{ "{\"a\":1]", 6, "expected a comma or }" },
		{ "{a:1}", 1, "expected a key in quotes" },
		{ "{1:1}", 1, "expected a key in quotes" },
		{ "\xEF\xBB\xBF{}", 0, "expected a value" },
		{ "{\"a\":1}//", 7, "more behind the value" },
		{ "[1,\f2]", 3, "expected a value" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t where = SIZE_MAX;
		const char *what = "nothing";

		cr_expect_not(
			json_valid(slice_str(cases[i].text), &where, &what), "%s", cases[i].text);
		cr_expect_eq(where, cases[i].where, "%s: at %zu", cases[i].text, where);
		cr_expect_str_eq(what, cases[i].what, "%s: %s", cases[i].text, what);
	}
}

Test(json, a_nul_byte_is_no_end)
{
	cr_expect_not(valid(SLICE("1\0")));
	cr_expect_not(valid(SLICE("[\0]")));
	cr_expect_not(valid(SLICE("\"\\\0\"")));
	cr_expect_not(valid(SLICE("\"\0\"")));
}

static bool nested_valid(const char *open, const char *close, size_t depth)
{
	struct buf text = { 0 };
	bool ok;

	for (size_t i = 0; i < depth; i++)
		buf_str(&text, open);
	for (size_t i = 0; i < depth; i++)
		buf_str(&text, close);
	ok = valid(buf_view(&text));
	buf_release(&text);
	return ok;
}

Test(json, depth_is_bounded)
{
	cr_expect(nested_valid("[", "]", JSON_MAX_DEPTH));
	cr_expect_not(nested_valid("[", "]", JSON_MAX_DEPTH + 1));
	cr_expect(nested_valid("[{\"a\":[", "]}]", JSON_MAX_DEPTH / 3));
	cr_expect_not(nested_valid("[{\"a\":[", "]}]", JSON_MAX_DEPTH / 3 + 1));
	cr_expect_not(nested_valid("[{\"a\":", "}]", 100000));
}

Test(json, brackets_of_all_levels_must_match)
{
	cr_expect(valid(SLICE("[[{\"a\":[{\"b\":[]},[]]}],{}]")));
	cr_expect_not(valid(SLICE("[[{\"a\":[{\"b\":[]},[]]]],{}]")));
	cr_expect_not(valid(SLICE("[[{\"a\":[{\"b\":[}},[]]}],{}]")));
}

Test(json, lists_the_members_of_an_object)
{
	struct slice text = SLICE(" {\"a\" : \"x\\ny\", \"b\\u0063\":[1,{\"z\":2}] ,\"\":null,"
				  "\"n\":-1.5e3,\"t\":true,\"f\":false,\"o\":{\"a\":1} }\r");
	static const struct {
		const char *key, *value;
		enum json_type type;
		bool escaped;
	} want[] = {
		{ "\"a\"", "\"x\\ny\"", JSON_IS_STRING, false },
		{ "\"b\\u0063\"", "[1,{\"z\":2}]", JSON_IS_ARRAY, true },
		{ "\"\"", "null", JSON_IS_NULL, false },
		{ "\"n\"", "-1.5e3", JSON_IS_NUMBER, false },
		{ "\"t\"", "true", JSON_IS_TRUE, false },
		{ "\"f\"", "false", JSON_IS_FALSE, false },
		{ "\"o\"", "{\"a\":1}", JSON_IS_OBJECT, false },
	};
	struct json_members m = { 0 };
	const char *what;
	size_t where;

	cr_assert(json_scan_object(text, &m, &where, &what));
	cr_assert_eq(m.n, ARRAY_LEN(want));
	for (size_t i = 0; i < m.n; i++) {
		cr_expect(slice_eq(m.at[i].key, slice_str(want[i].key)), "%zu", i);
		cr_expect(slice_eq(m.at[i].value, slice_str(want[i].value)), "%zu", i);
		cr_expect_eq(m.at[i].type, want[i].type);
		cr_expect_eq(m.at[i].key_escaped, want[i].escaped);
	}
	cr_expect_not(json_scan_array(text, &m, &where, &what));
	cr_expect_str_eq(what, "not an array");
	cr_expect_eq(where, 1);
	json_members_release(&m);
}

Test(json, lists_the_elements_of_an_array)
{
	struct json_members m = { 0 };
	const char *what;
	size_t where;

	cr_assert(json_scan_array(SLICE("[\"a\", [2,3] ,4]"), &m, &where, &what));
	cr_assert_eq(m.n, 3);
	cr_expect(slice_eq(m.at[0].value, SLICE("\"a\"")));
	cr_expect(slice_eq(m.at[1].value, SLICE("[2,3]")));
	cr_expect(slice_eq(m.at[2].value, SLICE("4")));
	cr_expect_eq(m.at[2].key.n, 0);
	cr_assert(json_scan_array(SLICE("[]"), &m, &where, &what));
	cr_expect_eq(m.n, 0);
	cr_expect_not(json_scan_object(SLICE("[]"), &m, &where, &what));
	cr_expect_str_eq(what, "not an object");
	json_members_release(&m);
}

Test(json, lists_are_bounded)
{
	struct buf text = { 0 };
	struct json_members m = { 0 };
	const char *what;
	size_t where;

	buf_byte(&text, '[');
	for (int i = 1; i < JSON_MAX_MEMBERS; i++)
		buf_str(&text, "0,");
	buf_str(&text, "0]");
	cr_expect(json_scan_array(buf_view(&text), &m, &where, &what));
	cr_expect_eq(m.n, JSON_MAX_MEMBERS);
	text.n--;
	buf_str(&text, ",0]");
	cr_expect_not(json_scan_array(buf_view(&text), &m, &where, &what));
	cr_expect_str_eq(what, "too many members");
	cr_expect_eq(where, 2 * JSON_MAX_MEMBERS + 1);
	cr_expect(valid(buf_view(&text)));
	json_members_release(&m);
	buf_release(&text);
}

#define FFFD "\xEF\xBF\xBD"

Test(json, decodes_strings)
{
	const struct {
		struct slice given, want;
		uint64_t replaced;
	} cases[] = {
		{ SLICE("\"\""), SLICE(""), 0 },
		{ SLICE("\"plain\""), SLICE("plain"), 0 },
		{ SLICE("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), SLICE("\"\\/\b\f\n\r\t"), 0 },
		{ SLICE("\"a\\u0000b\""), SLICE("a\0b"), 0 },
		{ SLICE("\"\\u00e9\\u00E9\""), SLICE("\xC3\xA9\xC3\xA9"), 0 },
		{ SLICE("\"\\u20aC\""), SLICE("\xE2\x82\xAC"), 0 },
		{ SLICE("\"\\ud83d\\ude00!\""), SLICE("\xF0\x9F\x98\x80!"), 0 },
		{ SLICE("\"\\uDBFF\\uDFFF\\uD800\\uDC00\""),
			SLICE("\xF4\x8F\xBF\xBF\xF0\x90\x80\x80"), 0 },
		{ SLICE("\"\\ud800\""), SLICE(FFFD), 1 },
		{ SLICE("\"\\udc00x\""), SLICE(FFFD "x"), 1 },
		{ SLICE("\"\\ud800\\ud800\\udc00\""), SLICE(FFFD "\xF0\x90\x80\x80"), 1 },
		{ SLICE("\"\\ude00\\ud83d\""), SLICE(FFFD FFFD), 2 },
		{ SLICE("\"\\ud800\\n\""), SLICE(FFFD "\n"), 1 },
		{ SLICE("\"\\ud800\\u0041\""), SLICE(FFFD "A"), 1 },
		{ SLICE("\"\\ud800u0041\""), SLICE(FFFD "u0041"), 1 },
		{ SLICE("\"\\\\ud800\""), SLICE("\\ud800"), 0 },
		{ SLICE("\"\xff\""), SLICE(FFFD), 1 },
		{ SLICE("\"\xE2\x82\\n\xAC\""), SLICE(FFFD "\n" FFFD), 2 },
		{ SLICE("\"\xE2\\u0082\""), SLICE(FFFD "\xC2\x82"), 1 },
		{ SLICE("\"\\uFFFD\""), SLICE(FFFD), 0 },
		{ SLICE("\"\\uFFFF\\uFFFE\""), SLICE("\xEF\xBF\xBF\xEF\xBF\xBE"), 0 },
	};
	struct arena arena = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint64_t replaced = 0;
		struct slice got = json_decode(cases[i].given, &arena, &replaced);

		cr_expect(slice_eq(got, cases[i].want), "%s: %.*s", cases[i].given.p, (int)got.n,
			got.p);
		cr_expect_eq(replaced, cases[i].replaced, "%s", cases[i].given.p);
	}
	arena_release(&arena);
}

Test(json, a_plain_string_is_decoded_in_place)
{
	struct slice value = SLICE("\"caf\xC3\xA9\"");
	struct arena arena = { 0 };
	uint64_t replaced = 0;

	cr_expect_eq(json_decode(value, &arena, &replaced).p, value.p + 1);
	cr_expect_null(arena.blocks);
}

Test(json, writes_strings)
{
	const struct {
		struct slice given, want;
	} cases[] = {
		{ SLICE(""), SLICE("\"\"") },
		{ SLICE("a/b'c<\x7f>"), SLICE("\"a/b'c<\x7f>\"") },
		{ SLICE("\"\\"), SLICE("\"\\\"\\\\\"") },
		{ SLICE("\b\f\n\r\t"), SLICE("\"\\b\\f\\n\\r\\t\"") },
		{ SLICE("\0\x1f\x0b"), SLICE("\"\\u0000\\u001f\\u000b\"") },
		{ SLICE("\xC3\xA9\xE2\x80\xA8"), SLICE("\"\xC3\xA9\xE2\x80\xA8\"") },
		{ SLICE("a\xff\xE2\x82z"), SLICE("\"a" FFFD FFFD "z\"") },
		{ SLICE("\xED\xA0\x80"), SLICE("\"" FFFD FFFD FFFD "\"") },
	};
	struct buf out = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		out.n = 0;
		json_put_string(&out, cases[i].given);
		cr_expect(
			slice_eq(buf_view(&out), cases[i].want), "%zu: %.*s", i, (int)out.n, out.p);
	}
	buf_release(&out);
}

Test(json, writes_small_objects)
{
	struct buf out = { 0 };

	buf_byte(&out, '{');
	json_put_key(&out, "a");
	json_put_uint(&out, 0);
	json_put_key(&out, "b\"");
	buf_byte(&out, '{');
	json_put_key(&out, "c");
	json_put_uint(&out, UINT64_MAX);
	buf_str(&out, "}}");
	cr_expect_str_eq(buf_cstr(&out), "{\"a\":0,\"b\\\"\":{\"c\":18446744073709551615}}");
	buf_release(&out);
}

static double bits_double(uint64_t bits)
{
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

/* RFC 8785, appendix B, and rows of our own behind it. */
Test(json, writes_numbers_as_rfc_8785)
{
	static const struct {
		uint64_t bits;
		const char *want;
	} cases[] = {
		{ 0x0000000000000000, "0" },
		{ 0x8000000000000000, "0" },
		{ 0x0000000000000001, "5e-324" },
		{ 0x8000000000000001, "-5e-324" },
		{ 0x7fefffffffffffff, "1.7976931348623157e+308" },
		{ 0xffefffffffffffff, "-1.7976931348623157e+308" },
		{ 0x4340000000000000, "9007199254740992" },
		{ 0xc340000000000000, "-9007199254740992" },
		{ 0x4430000000000000, "295147905179352830000" },
		{ 0x44b52d02c7e14af5, "9.999999999999997e+22" },
		{ 0x44b52d02c7e14af6, "1e+23" },
		{ 0x44b52d02c7e14af7, "1.0000000000000001e+23" },
		{ 0x444b1ae4d6e2ef4e, "999999999999999700000" },
		{ 0x444b1ae4d6e2ef4f, "999999999999999900000" },
		{ 0x444b1ae4d6e2ef50, "1e+21" },
		{ 0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7" },
		{ 0x3eb0c6f7a0b5ed8d, "0.000001" },
		{ 0x41b3de4355555553, "333333333.3333332" },
		{ 0x41b3de4355555554, "333333333.33333325" },
		{ 0x41b3de4355555555, "333333333.3333333" },
		{ 0x41b3de4355555556, "333333333.3333334" },
		{ 0x41b3de4355555557, "333333333.33333343" },
		{ 0xbecbf647612f3696, "-0.0000033333333333333333" },
		{ 0x43143ff3c1cb0959, "1424953923781206.2" },
		{ 0x7fffffffffffffff, "null" },
		{ 0x7ff0000000000000, "null" },
		{ 0xfff0000000000000, "null" },
	};
	struct buf out = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		out.n = 0;
		json_put_number(&out, bits_double(cases[i].bits));
		cr_expect_str_eq(buf_cstr(&out), cases[i].want);
	}
	buf_release(&out);
}

static size_t count_digits(const char *text)
{
	struct slice s = slice_head(slice_str(text), strcspn(text, "e"));
	size_t n = 0, zeros = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || (n == 0 && s.p[i] == '0'))
			continue;
		n++;
		zeros = s.p[i] == '0' ? zeros + 1 : 0;
	}
	return n - zeros;
}

/* Reads back, and in no more digits than printf needs. */
static void check_number(double v)
{
	struct buf out = { 0 };
	char text[40];
	int digits = 0;

	do
		snprintf(text, sizeof(text), "%.*e", digits++, v);
	while (strtod(text, NULL) != v);
	json_put_number(&out, v);
	cr_assert_eq(strtod(buf_cstr(&out), NULL), v, "%s", buf_cstr(&out));
	cr_assert_eq(json_number(buf_view(&out)), v, "%s", buf_cstr(&out));
	cr_assert(count_digits(buf_cstr(&out)) <= count_digits(text), "%s beside %s", out.p, text);
	buf_release(&out);
}

Test(json, numbers_are_shortest_and_read_back)
{
	uint64_t state = 7;

	for (int i = 0; i < 30000; i++) {
		double any = bits_double(random_next(&state));
		size_t n = 1 + random_below(&state, 1000);

		if (isfinite(any))
			check_number(any);
		check_number((double)random_below(&state, n + 1) / (double)n);
		check_number((double)random_next(&state) / 1e19);
		check_number((double)random_below(&state, 10000000) / 1000);
		check_number((double)(random_next(&state) >> random_below(&state, 64)));
	}
	for (int e = -1074; e < 1024; e++)
		check_number(ldexp(1, e));
}

Test(json, reads_numbers)
{
	static const char *const texts[] = {
		"0", "-0", "1", "-1.5", "0.1", "123456789.125", "1e22", "1e23",
		"1.7976931348623157e308", "5e-324", "2.4703282292062327e-324", "9007199254740993",
		"0.30000000000000004", "1e400", "-1e400", "1e-400",
		"3.141592653589793238462643383279502884197169399375105820974944592307816406286",
		("0.00000000000000000000000000000000000000000000000000000000000000000000000000000000"
		 "000000000000000000000000000000000000000000000000000000000000000000000000000012")
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		double want = strtod(texts[i], NULL), got = json_number(slice_str(texts[i]));

		cr_expect(memcmp(&want, &got, sizeof(got)) == 0, "%s: %.17g", texts[i], got);
	}
}

Test(json, reads_whole_numbers)
{
	static const struct {
		const char *text;
		bool ok;
		uint64_t want;
	} cases[] = {
		{ "0", true, 0 },
		{ "42", true, 42 },
		{ "18446744073709551615", true, UINT64_MAX },
		{ "18446744073709551616", false, 0 },
		{ "99999999999999999999999", false, 0 },
		{ "-1", false, 0 },
		{ "-0", false, 0 },
		{ "1.0", false, 0 },
		{ "1e3", false, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint64_t got = 0;

		cr_expect_eq(json_uint(slice_str(cases[i].text), &got), cases[i].ok, "%s",
			cases[i].text);
		if (cases[i].ok)
			cr_expect_eq(got, cases[i].want, "%s", cases[i].text);
	}
}
