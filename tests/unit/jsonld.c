/* JSON-LD as pages hold it: of many shapes, and broken. */
#include "stages/extract/jsonld.h"

#include "lib/core/buf.h"

#include <criterion/criterion.h>

static void expect(struct slice got, const char *want, const char *script, const char *what)
{
	cr_expect(slice_eq(got, slice_str(want)), "%s of %s: %.*s, not %s", what, script,
		(int)got.n, got.p ? got.p : "", want);
}

Test(jsonld, repairs_what_is_no_json)
{
	static const struct {
		const char *script, *want;
	} cases[] = {
		{ "{\"a\":1}", "{\"a\":1}" },
		{ "{\"a\":1,}", "{\"a\":1}" },
		{ "[1,2, ]", "[1,2]" },
		{ "[,1,,2]", "[1,2]" },
		{ "{\"a\":\"x\ny\"}", "{\"a\":\"x y\"}" },
		{ "<!--{\"a\":1}-->", "{\"a\":1}" },
		{ "//<![CDATA[\n{\"a\":1}\n//]]>", " {\"a\":1} " },
		{ "/* x */{\"a\":1}// y\n", "{\"a\":1} " },
		{ "{\"a\":\"http://x/*y\"}", "{\"a\":\"http://x/*y\"}" },
		{ "{\"a\":\"it\\'s\"}", "{\"a\":\"it's\"}" },
		{ "{\"a\":\"\\ud83d\\ude00\"}", "{\"a\":\"\\ud83d\\ude00\"}" },
		{ "{\"a\":\"\\ud83d x\"}", "{\"a\":\"  x\"}" },
		{ "{\"a\":\"\\u0000\"}", "{\"a\":\" \"}" },
		{ "{\"a\":\"\\uZ\"}", "{\"a\":\"Z\"}" },
		{ "{\"a\":\"x", "{\"a\":\"x\"" },
		{ "\"\\", "\"\"" },
		{ "\"seven..\", \"eight...\", \"nine....9\"",
			"\"seven..\", \"eight...\", \"nine....9\"" },
		{ "\"a\nline end and a\ttab in a longer one",
			"\"a line end and a tab in a longer one\"" },
		{ "\"a longer one with an \\'escape\\' in it\"",
			"\"a longer one with an 'escape' in it\"" },
		{ "", "" },
	};
	struct arena arena = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t n;
		char *got = jsonld_repaired(slice_str(cases[i].script), &arena, &n);

		cr_expect_str_eq(got, cases[i].want, "%s: [%s], not [%s]", cases[i].script, got,
			cases[i].want);
	}
	arena_release(&arena);
}

Test(jsonld, finds_the_page_among_things)
{
	static const struct {
		const char *script, *title, *author, *published;
	} cases[] = {
		{ "{\"@type\":\"Article\",\"headline\":\"H\",\"author\":\"A\","
		  "\"datePublished\":\"D\"}",
			"H", "A", "D" },
		{ "[{\"@type\":\"WebPage\",\"name\":\"P\"},{\"@type\":\"NewsArticle\",\"headline\":"
		  "\"H\"}]",
			"H", "", "" },
		{ "{\"@graph\":[{\"@type\":\"WebSite\",\"name\":\"S\"},{\"@type\":[\"X\","
		  "\"BlogPosting\"],\"name\":\"N\",\"author\":{\"name\":\"A\"}}]}",
			"N", "A", "" },
		{ "{\"@type\":\"WebPage\",\"mainEntity\":{\"@type\":\"Question\",\"name\":\"Q\","
		  "\"author\":[[{\"name\":\"A\"}]],\"dateCreated\":\"D\"}}",
			"Q", "A", "D" },
		{ "{\"@type\":\"Product\",\"name\":\"N\"}", "N", "", "" },
		{ "{\"@type\":\"Person\",\"name\":\"N\"}", "", "", "" },
		{ "{\"@type\":\"Article\",\"creator\":[\"A\"]}", "", "A", "" },
		/* Two in one script, and one that stays no JSON. */
		{ "{\"@type\":\"WebSite\"}{\"@type\":\"Article\",\"headline\":\"H\"}", "H", "",
			"" },
		{ "{\"@type\":\"Article\" \"headline\":\"H\",\"author\":{\"name\":\"A\"},"
		  "\"datePublished\":\"D\"",
			"H", "A", "D" },
		{ "null", "", "", "" },
		{ "{}", "", "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena arena = { 0 };
		struct jsonld_facts f = { 0 };

		jsonld_read(slice_str(cases[i].script), &f, &arena);
		expect(f.title, cases[i].title, cases[i].script, "title");
		expect(f.authors[0], cases[i].author, cases[i].script, "author");
		expect(f.published, cases[i].published, cases[i].script, "published");
		arena_release(&arena);
	}
}

Test(jsonld, says_nothing_past_its_limits)
{
	struct jsonld_facts f = { 0 };
	struct arena arena = { 0 };
	struct buf deep = { 0 };

	for (int i = 0; i < 100000; i++)
		buf_str(&deep, "{\"@graph\":[");
	jsonld_read(buf_view(&deep), &f, &arena);
	cr_expect_eq(f.rank, JSONLD_NONE);
	deep.n = 0;
	buf_str(&deep, "{\"@type\":\"Article\",\"headline\":\"H\"}");
	while (deep.n <= MIB)
		buf_str(&deep, "          ");
	jsonld_read(buf_view(&deep), &f, &arena);
	cr_expect_eq(f.rank, JSONLD_NONE);
	buf_release(&deep);
	arena_release(&arena);
}

Test(jsonld, goes_round_in_no_circle)
{
	struct jsonld_facts f = { 0 };
	struct arena arena = { 0 };

	jsonld_read(SLICE("{\"@graph\":[{\"@id\":\"a\",\"@type\":\"Article\",\"author\":{\"@id\":"
			  "\"a\"},\"name\":\"N\"}]}"),
		&f, &arena);
	expect(f.authors[0], "N", "itself", "author");
	arena_release(&arena);
}
