/* robots.txt: groups, patterns, spellings. Cases of RFC 9309, sections 2.2 and 5, and of the tests
 * that Google published with its parser are among them. */
#include "lib/web/robots.h"

#include "lib/core/buf.h"

#include <criterion/criterion.h>

static const char *const agents[] = { "FooBot", "BarBot", "Foo-Bot2" };
enum { FOO = 1, BAR = 2, FOO2 = 4, ALL = 7 };

static uint64_t refused(const char *text, const char *target)
{
	struct robots *r = robots_new(slice_str(text), agents, ARRAY_LEN(agents));
	uint64_t bits = robots_refused(r, slice_str(target));

	robots_free(r);
	return bits;
}

Test(robots, groups_hold_for_those_they_name)
{
	static const struct {
		const char *text;
		uint64_t want; /* refused /x/y */
	} cases[] = {
		{ "user-agent: FooBot\ndisallow: /\n", FOO },
		{ "USER-AGENT: foobot\nDISALLOW: /\n", FOO },
		{ "user-agent: FooBot/1.0 (like Bar)\ndisallow: /\n", FOO },
		{ "user-agent: FooBotLong\ndisallow: /\n", 0 },
		{ "user-agent: Foo\ndisallow: /\n", 0 },
		{ "user-agent: Foo-Bot2\ndisallow: /\n", FOO2 },
		{ "user-agent: FooBot\nuser-agent: BarBot\ndisallow: /\n", FOO | BAR },
		{ "user-agent: FooBot\n\n# x\nuser-agent: BarBot\ndisallow: /\n", FOO | BAR },
		/* A rule ends the list of names, other lines do not. */
		{ "user-agent: FooBot\nallow: /\nuser-agent: BarBot\ndisallow: /\n", BAR },
		{ "user-agent: FooBot\nsitemap: /s\nuser-agent: BarBot\ndisallow: /\n", FOO | BAR },
		{ "user-agent: FooBot\ncrawl-delay: 5\nuser-agent: BarBot\ndisallow: /\n",
			FOO | BAR },
		{ "user-agent: FooBot\ndisallow:\nuser-agent: BarBot\ndisallow: /\n", BAR },
		/* "*" holds for those who have no group; all groups of one hold together. */
		{ "user-agent: *\ndisallow: /\n", ALL },
		{ "user-agent: *\ndisallow: /\nuser-agent: FooBot\nallow: /\n", BAR | FOO2 },
		{ "user-agent: *\ndisallow: /\nuser-agent: FooBot\n", BAR | FOO2 },
		{ "user-agent: FooBot\ndisallow: /a\nuser-agent: *\ndisallow: /b\n"
		  "user-agent: foobot\ndisallow: /x\n",
			FOO },
		{ "user-agent: *\nuser-agent: BarBot\ndisallow: /\nuser-agent: FooBot\n"
		  "disallow: /z\n",
			BAR | FOO2 },
		{ "user-agent: * x\ndisallow: /\n", ALL },
		{ "user-agent: *x\ndisallow: /\n", 0 },
		/* Rules that stand under no name. */
		{ "disallow: /\nuser-agent: FooBot\n", 0 },
		/* Ends of lines, comments, blanks, what is left out. */
		{ "user-agent: FooBot\r\ndisallow: /\r\n", FOO },
		{ "user-agent: FooBot\rdisallow: /\r", FOO },
		{ "\xEF\xBB\xBFuser-agent: FooBot\ndisallow: /", FOO },
		{ "  user-agent :\tFooBot # x\n\tdisallow : / # y\n", FOO },
		{ "user-agent: FooBot\ndisallow: # /\n", 0 },
		{ "user-agent FooBot\ndisallow /\n", FOO },
		{ "user agent: FooBot\ndissallow: /\n", FOO },
		{ "useragent: FooBot\ndisalow: /\n", FOO },
		{ "user-agent: FooBot\nnoindex: /\n", 0 },
		{ "<html><body>user-agent: FooBot\ndisallow: /</body>", 0 },
		{ "", 0 },
		{ ":\n:::\n*\n", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect_eq(refused(cases[i].text, "/x/y"), cases[i].want, "%s: %d", cases[i].text,
			(int)refused(cases[i].text, "/x/y"));
}

Test(robots, the_longest_pattern_counts)
{
	static const struct {
		const char *rules, *target;
		bool want;
	} cases[] = {
		{ "disallow: /x/", "/x/y", true },
		{ "disallow: /x/", "/x", false },
		{ "disallow: /x", "/xy", true },
		{ "disallow: /X", "/x", false },
		{ "disallow: /x\nallow: /x/y", "/x/y", false },
		{ "allow: /x\ndisallow: /x/y", "/x/y", true },
		{ "allow: /x/y\ndisallow: /x", "/x/y/z", false },
		/* Of equal length that which allows, in any order. */
		{ "disallow: /x\nallow: /x", "/x", false },
		{ "allow: /x\ndisallow: /x", "/x", false },
		{ "allow: /*.html\ndisallow: /xx.html", "/xx.html", true },
		{ "allow: /*.html\ndisallow: /x.html", "/x.html", false },
		/* '*' is any octets, '$' the end. */
		{ "disallow: *", "/x", true },
		{ "disallow: /*", "/", true },
		{ "disallow: *.gif$", "/a/b.gif", true },
		{ "disallow: *.gif$", "/a/b.gif?x", false },
		{ "disallow: /a*c", "/abbbcd", true },
		{ "disallow: /a*b*c", "/a1c2b", false },
		{ "disallow: /a**b", "/ab", true },
		{ "disallow: /a*$", "/abc", true },
		{ "disallow: /x$", "/x", true },
		{ "disallow: /x$", "/xy", false },
		{ "disallow: /x$y", "/x$y", false }, /* has to be written %24 */
		{ "disallow: /x%24y", "/x$y", true },
		{ "disallow: /$", "/", true },
		{ "disallow: /$", "", true },
		{ "disallow: /$", "/x", false },
		{ "disallow: /a*ab$", "/aab", true },
		{ "disallow: /ab*ab$", "/ab", false },
		{ "disallow: /*/*/*/z", "/a/b/c/z", true },
		{ "disallow: /*?", "/x?y", true },
		{ "disallow: /?x", "?x=1", true },
		{ "disallow: x", "/x", false },
		{ "disallow: $", "/", false },
		{ "disallow: /robots.txt", "/robots.txt", false },
		/* RFC 9309, section 2.2.2: spellings of one path. */
		{ "disallow: /foo/bar?baz=quz", "/foo/bar?baz=quz", true },
		{ "disallow: /foo/bar?baz=http://foo.bar", "/foo/bar?baz=http://foo.bar", true },
		{ "disallow: /foo/bar/\xE3\x83\x84", "/foo/bar/%E3%83%84", true },
		{ "disallow: /foo/bar/%E3%83%84", "/foo/bar/%e3%83%84", true },
		{ "disallow: /foo/bar/%e3%83%84", "/foo/bar/\xE3\x83\x84", true },
		{ "disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", true },
		{ "disallow: /foo/bar/baz", "/foo/bar/%62%61%7A", true },
		{ "disallow: /a%2fb", "/a/b", false },
		{ "disallow: /a%2Fb", "/a%2fb", true },
		{ "disallow: /path/file-with-a-%2A.html", "/path/file-with-a-*.html", true },
		{ "disallow: /path/file-with-a-%2A.html", "/path/file-with-a-x.html", false },
		{ "disallow: /~joe", "/%7Ejoe", true },
		{ "disallow: /100%", "/100%", true },
		{ "disallow: /100%2", "/100%2", true },
		{ "disallow: /a b", "/a%20b", true },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf text = { 0 };

		buf_printf(&text, "user-agent: FooBot\n%s\n", cases[i].rules);
		cr_expect_eq(refused(buf_cstr(&text), cases[i].target), cases[i].want ? FOO : 0,
			"%s of %s", cases[i].rules, cases[i].target);
		buf_release(&text);
	}
}

/* RFC 9309, section 5.1. */
Test(robots, reads_the_example)
{
	const char *text =
		"User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\n"
		"Allow: /publications/\n\nUser-Agent: foobot\nDisallow:/\n"
		"Allow:/example/page.html\nAllow:/example/allowed.gif\n\n"
		"User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n"
		"User-Agent: quxbot\n\nEOF\n";

	cr_expect_eq(refused(text, "/example/page.html"), BAR | FOO2);
	cr_expect_eq(refused(text, "/example/allowed.gif"), FOO2);
	cr_expect_eq(refused(text, "/example/"), FOO | FOO2);
	cr_expect_eq(refused(text, "/publications/"), FOO);
	cr_expect_eq(refused(text, "/"), FOO);
}

Test(robots, stops_at_the_limit)
{
	struct buf text = { 0 };

	while (text.n < ROBOTS_MAX_BYTES - 40)
		buf_str(&text, "# a comment of little use\n");
	buf_str(&text, "user-agent: FooBot\n");
	while (text.n < ROBOTS_MAX_BYTES - 5)
		buf_byte(&text, '\n');
	buf_str(&text, "disallow: /\n");
	cr_expect_eq(refused(buf_cstr(&text), "/x"), 0, "a line that the limit cuts");
	text.n = ROBOTS_MAX_BYTES - 40;
	buf_str(&text, "\nuser-agent: FooBot\ndisallow: /");
	cr_assert_leq(text.n, ROBOTS_MAX_BYTES);
	cr_expect_eq(refused(buf_cstr(&text), "/x"), FOO, "the last line within it");
	buf_release(&text);
}

/* Stars and near misses are the worst case of many matchers. */
Test(robots, takes_linear_time, .timeout = 10)
{
	struct buf text = { 0 }, target = { 0 };

	buf_str(&text, "user-agent: *\n");
	while (text.n < 400000) {
		buf_str(&text, "disallow: /");
		for (int i = 0; i < 1000; i++)
			buf_str(&text, "*a");
		buf_str(&text, "b\n");
	}
	buf_byte(&target, '/');
	while (target.n < 64 * 1024)
		buf_byte(&target, 'a');
	for (int i = 0; i < 20; i++)
		cr_expect_eq(refused(buf_cstr(&text), buf_cstr(&target)), 0);
	buf_release(&text);
	buf_release(&target);
}

Test(robots, many_rules_under_many_names)
{
	struct buf text = { 0 };

	for (int i = 0; i < 200; i++) /* more than the words of bits that mark "*" hold */
		buf_printf(&text, "user-agent: %s\ndisallow: /%d/\n", i % 2 ? "*" : "FooBot", i);
	cr_expect_eq(refused(buf_cstr(&text), "/198/"), FOO);
	cr_expect_eq(refused(buf_cstr(&text), "/199/"), BAR | FOO2);
	cr_expect_eq(refused(buf_cstr(&text), "/200/"), 0);
	buf_release(&text);
}

Test(robots, tells_delays)
{
	static const struct {
		const char *text;
		double foo, bar;
	} cases[] = {
		{ "user-agent: FooBot\ncrawl-delay: 2.5\n", 2.5, 0 },
		{ "user-agent: *\ncrawl-delay: 3\nuser-agent: FooBot\ndisallow: /\n", 0, 3 },
		{ "user-agent: *\ncrawl-delay: 99999999999999999\n", 3600, 3600 },
		{ "user-agent: *\ncrawl-delay: x\n", 0, 0 },
		{ "user-agent: *\ncrawl-delay: -1\n", 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct robots *r = robots_new(slice_str(cases[i].text), agents, ARRAY_LEN(agents));

		cr_expect_float_eq(robots_crawl_delay(r, 0), cases[i].foo, 1e-9);
		cr_expect_float_eq(robots_crawl_delay(r, 1), cases[i].bar, 1e-9);
		cr_expect_eq(robots_crawl_delay(r, 99), 0);
		robots_free(r);
	}
}

Test(robots, says_when_nobody_is_refused)
{
	struct robots *open = robots_new(SLICE("user-agent: *\ndisallow:\nallow: /\n"), agents, 1);
	struct robots *shut = robots_new(SLICE("user-agent: *\ndisallow: /x\n"), agents, 1);

	cr_expect(robots_empty(open));
	cr_expect_not(robots_empty(shut));
	robots_free(open);
	robots_free(shut);
}

Test(robots, cuts_addresses)
{
	static const struct {
		const char *url, *target;
		bool robots;
	} cases[] = {
		{ "http://a.example/x?y#z", "/x?y", false },
		{ "http://a.example", "", false },
		{ "http://a.example?x", "?x", false },
		{ "http://a.example/robots.txt", "/robots.txt", true },
		{ "https://a.example:8080/robots.txt?x", "/robots.txt?x", true },
		{ "https://a.example/x/robots.txt", "/x/robots.txt", false },
		{ "dns:a.example", "", false },
		{ "", "", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct slice got = robots_target(slice_str(cases[i].url));

		cr_expect(slice_eq(got, slice_str(cases[i].target)), "%s", cases[i].url);
		cr_expect_eq(robots_is_url(slice_str(cases[i].url)), cases[i].robots, "%s",
			cases[i].url);
	}
}
