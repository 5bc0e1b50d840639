/* URLs: parsing, resolving, serialising. */
#include "lib/web/url.h"

#include "lib/record/record.h"
#include "tests/shared_data.h"

#include <criterion/criterion.h>

/* --- the cases of the shared data ------------------------------------------------------------- */

struct getter {
	const char *key; /* as the Standard's URL class names it */
	void (*put)(struct buf *out, const struct url *u);
};

static void put_part(struct buf *out, const struct url *u, struct url_span s, const char *mark)
{
	if (s.n)
		buf_str(out, mark);
	buf_slice(out, url_part(u, s));
}

static void put_href(struct buf *out, const struct url *u)
{
	buf_slice(out, url_href(u));
}

static void put_protocol(struct buf *out, const struct url *u)
{
	put_part(out, u, u->name, "");
	buf_byte(out, ':');
}

static void put_username(struct buf *out, const struct url *u)
{
	put_part(out, u, u->user, "");
}

static void put_password(struct buf *out, const struct url *u)
{
	put_part(out, u, u->password, "");
}

static void put_hostname(struct buf *out, const struct url *u)
{
	put_part(out, u, u->host, "");
}

static void put_port(struct buf *out, const struct url *u)
{
	if (u->port >= 0)
		buf_printf(out, "%d", (int)u->port);
}

static void put_host(struct buf *out, const struct url *u)
{
	put_hostname(out, u);
	buf_str(out, u->port >= 0 ? ":" : "");
	put_port(out, u);
}

static void put_pathname(struct buf *out, const struct url *u)
{
	put_part(out, u, u->path, "");
}

static void put_search(struct buf *out, const struct url *u)
{
	put_part(out, u, u->query, "?");
}

static void put_hash(struct buf *out, const struct url *u)
{
	put_part(out, u, u->fragment, "#");
}

static const struct getter getters[] = {
	{ "href", put_href },
	{ "origin", url_put_origin },
	{ "protocol", put_protocol },
	{ "username", put_username },
	{ "password", put_password },
	{ "host", put_host },
	{ "hostname", put_hostname },
	{ "port", put_port },
	{ "pathname", put_pathname },
	{ "search", put_search },
	{ "hash", put_hash },
};

static bool parse_case(struct record *r, struct slice input, struct url *u)
{
	struct url base = { 0 };
	struct slice text;
	bool parsed;

	if (record_str(r, "base", &text) != RECORD_FOUND)
		return url_parse(u, input, NULL);
	cr_assert(url_parse(&base, text, NULL), "base %.*s", (int)text.n, text.p);
	parsed = url_parse(u, input, &base);
	url_release(&base);
	return parsed;
}

/* One line of the data; true when it says what is expected of a URL. */
static bool check_case(struct record *r, struct buf *got)
{
	struct slice input, want;
	struct url u = { 0 };
	bool parsed, expected;

	cr_assert_eq(record_str(r, "input", &input), RECORD_FOUND);
	expected = record_str(r, "href", &want) == RECORD_FOUND;
	parsed = parse_case(r, input, &u);
	cr_expect_eq(parsed, expected, "%.*s: parsed %d", (int)r->line.n, r->line.p, parsed);
	for (size_t i = 0; parsed && i < ARRAY_LEN(getters); i++) {
		if (record_str(r, getters[i].key, &want) != RECORD_FOUND)
			continue;
		got->n = 0;
		getters[i].put(got, &u);
		cr_expect(slice_eq(buf_view(got), want), "%.*s: %s is %s", (int)r->line.n,
			r->line.p, getters[i].key, buf_cstr(got));
	}
	url_release(&u);
	return expected;
}

Test(url, the_shared_cases_are_parsed_or_refused_as_they_say)
{
	struct buf data = { 0 }, got = { 0 };
	struct record r = { 0 };
	struct slice rest, line;
	size_t good = 0, bad = 0;

	if (!shared_read("data/url/urltestdata-dev.jsonl.zst", MIB, &data))
		return;
	rest = buf_view(&data);
	while (shared_line(&rest, &line)) {
		struct err e = { 0 };

		cr_assert_eq(record_scan(&r, line, &e), 0, "%s", e.text);
		if (check_case(&r, &got))
			good++;
		else
			bad++;
	}
	cr_expect(good > 100 && bad > 100);
	record_release(&r);
	buf_release(&got);
	buf_release(&data);
}

/* --- what the cases leave out ----------------------------------------------------------------- */

/* The href, or "-". Valid until the next call. */
static const char *href(const char *input, const char *base)
{
	static struct url u, b;

	if (base)
		cr_assert(url_parse(&b, slice_str(base), NULL), "%s", base);
	return url_parse(&u, slice_str(input), base ? &b : NULL) ? buf_cstr(&u.href) : "-";
}

Test(url, addresses_are_told_from_names)
{
	static const struct {
		const char *input, *want;
	} cases[] = {
		{ "http://0x7f.1/", "http://127.0.0.1/" },
		{ "http://0300.0250.1/", "http://192.168.0.1/" },
		{ "http://4294967295/", "http://255.255.255.255/" },
		{ "http://4294967296/", "-" },
		{ "http://99999999999999999999999999/", "-" },
		{ "http://1.2.3.256/", "-" },
		{ "http://1.2.65535/", "http://1.2.255.255/" },
		{ "http://1.2.65536/", "-" },
		{ "http://1.16777215/", "http://1.255.255.255/" },
		{ "http://256.1/", "-" },
		{ "http://08/", "-" },
		{ "http://0x/", "http://0.0.0.0/" },
		{ "http://a.0x/", "-" },
		{ "http://1.2.3.4./", "http://1.2.3.4/" },
		{ "http://1.2.3.4../", "http://1.2.3.4../" },
		{ "http://1.2.3.4.com/", "http://1.2.3.4.com/" },
		{ "http://%31.2.3.4/", "http://1.2.3.4/" },
		{ "http://\xEF\xBC\x91.2.3.4/", "http://1.2.3.4/" }, /* a full-width 1 */
		{ "http://[::]/", "http://[::]/" },
		{ "http://[::1]:80/", "http://[::1]/" },
		{ "http://[1::]/", "http://[1::]/" },
		{ "http://[1:0:0:2:0:0:0:3]/", "http://[1:0:0:2::3]/" },
		{ "http://[1:0:0:2:3:0:0:4]/", "http://[1::2:3:0:0:4]/" },
		{ "http://[1:0:2:3:4:5:6:7]/", "http://[1:0:2:3:4:5:6:7]/" },
		{ "http://[00AB::000f]/", "http://[ab::f]/" },
		{ "http://[1:2:3:4:5:6:7::]/", "http://[1:2:3:4:5:6:7:0]/" },
		{ "http://[::1:2:3:4:5:6:7]/", "http://[0:1:2:3:4:5:6:7]/" },
		{ "http://[::1:2:3:4:5:6:7:8]/", "-" },
		{ "http://[1:2:3:4:5:6:7:8:9]/", "-" },
		{ "http://[1:2:3:4:5:6:7]/", "-" },
		{ "http://[1::2::3]/", "-" },
		{ "http://[:1::]/", "-" },
		{ "http://[1:]/", "-" },
		{ "http://[12345::]/", "-" },
		{ "http://[::1.2.3.4]/", "http://[::102:304]/" },
		{ "http://[1:2:3:4:5:6:1.2.3.4]/", "http://[1:2:3:4:5:6:102:304]/" },
		{ "http://[1:2:3:4:5:6:7:1.2.3.4]/", "-" },
		{ "http://[::1.2.3]/", "-" },
		{ "http://[::1.2.3.4.5]/", "-" },
		{ "http://[::1.2.3.256]/", "-" },
		{ "http://[::1.2.3.04]/", "-" },
		{ "http://[::.1.2.3]/", "-" },
		{ "http://[::1/", "-" },
		{ "a://1.2.3.256/", "a://1.2.3.256/" },
		{ "a://[1::0]/", "a://[1::]/" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect_str_eq(href(cases[i].input, NULL), cases[i].want, "%s: %s",
			cases[i].input, href(cases[i].input, NULL));
}

Test(url, names_are_mapped_and_checked)
{
	static const struct {
		const char *input, *want;
	} cases[] = {
		{ "http://EXAMPLE.com", "http://example.com/" },
		{ "http://ex%61mple.com", "http://example.com/" },
		{ "http://b\xC3\xBC"
		  "cher.example",
			"http://xn--bcher-kva.example/" },
		{ "http://B%C3%9CCHER.example", "http://xn--bcher-kva.example/" },
		{ "http://XN--BCHER-KVA.example", "http://xn--bcher-kva.example/" },
		{ "http://fa\xC3\x9F.de", "http://xn--fa-hia.de/" }, /* not transitional */
		{ "http://a\xE3\x80\x82"
		  "b",
			"http://a.b/" }, /* the ideographic full stop */
		{ "http://-a-.\xC3\xBC", "http://-a-.xn--tda/" }, /* CheckHyphens is off */
		{ "http://a_b..c", "http://a_b..c/" },
		{ "http://xn--", "-" },
		{ "http://xn--a", "-" }, /* no Punycode */
		{ "http://xn--bcher-kva\xC3\xBC.de", "-" },
		{ "http://\xD7\xA9"
		  "a",
			"-" }, /* CheckBidi */
		{ "http://\xC2\xAD", "-" }, /* empty when mapped */
		{ "http://a%20b", "-" },
		{ "http://a%2Fb", "-" },
		{ "http://a%25b", "-" },
		{ "http://%ff", "-" }, /* no UTF-8 */
		{ "a://B%20C|", "-" },
		{ "a://B%20\xC3\xBC", "a://B%20%C3%BC" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect_str_eq(href(cases[i].input, NULL), cases[i].want, "%s: %s",
			cases[i].input, href(cases[i].input, NULL));
}

Test(url, links_are_resolved)
{
	/* RFC 3986, section 5.4, where the URL Standard agrees. */
	static const struct {
		const char *input, *want;
	} cases[] = {
		{ "g:h", "g:h" },
		{ "g", "http://a/b/c/g" },
		{ "./g", "http://a/b/c/g" },
		{ "g/", "http://a/b/c/g/" },
		{ "/g", "http://a/g" },
		{ "//g", "http://g/" },
		{ "?y", "http://a/b/c/d;p?y" },
		{ "g?y", "http://a/b/c/g?y" },
		{ "#s", "http://a/b/c/d;p?q#s" },
		{ "g#s", "http://a/b/c/g#s" },
		{ ";x", "http://a/b/c/;x" },
		{ "", "http://a/b/c/d;p?q" },
		{ ".", "http://a/b/c/" },
		{ "..", "http://a/b/" },
		{ "../g", "http://a/b/g" },
		{ "../..", "http://a/" },
		{ "../../../../g", "http://a/g" },
		{ "/./g", "http://a/g" },
		{ "g.", "http://a/b/c/g." },
		{ "..g", "http://a/b/c/..g" },
		{ "./g/.", "http://a/b/c/g/" },
		{ "g/../h", "http://a/b/c/h" },
		{ "g;x=1/../y", "http://a/b/c/y" },
		{ "g?y/../x", "http://a/b/c/g?y/../x" },
		{ "http:g", "http://a/b/c/g" },
		{ "https:g", "https://g/" },
		{ "\\g\\.%2E\\h", "http://a/h" },
		{ " \n//g\t/h\r\n ", "http://g/h" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect_str_eq(href(cases[i].input, "http://a/b/c/d;p?q"), cases[i].want,
			"%s: %s", cases[i].input, href(cases[i].input, "http://a/b/c/d;p?q"));
	cr_expect_str_eq(href("..", "a:/.//b/c"), "a:/.//");
	cr_expect_str_eq(href("x", "a:/.//b/c"), "a:/.//b/x");
	cr_expect_str_eq(href("/x", "a:/.//b/c?d"), "a:/x");
	cr_expect_str_eq(href("//x", "a:/.//b/c?d"), "a://x");
	cr_expect_str_eq(href("#f", "a:/.//b?q"), "a:/.//b?q#f");
	cr_expect_str_eq(href("#f", "mailto:x?y"), "mailto:x?y#f");
	cr_expect_str_eq(href("y", "mailto:x"), "-");
	cr_expect_str_eq(href("/..", "file:///C:/a"), "file:///C:/");
}

Test(url, any_bytes_are_taken)
{
	struct url u = { 0 };

	cr_assert(url_parse(&u, SLICE("http://h/a\xFF\xE2\x82\0b?\xC3#\0!\0"), NULL));
	cr_expect(slice_eq(url_href(&u), SLICE("http://h/a%EF%BF%BD%EF%BF%BD%00b?%EF%BF%BD#%00!")),
		"%s", buf_cstr(&u.href));
	cr_expect_not(url_parse(&u, (struct slice){ 0 }, NULL));
	cr_expect_eq(u.href.n, 0);
	cr_expect_eq(u.path.n, 0);
	cr_assert(url_parse(&u, SLICE("\xFFmailto:a"), NULL) == false);
	cr_assert(url_parse(&u, SLICE("mailto:\xFF\n"), NULL));
	cr_expect_str_eq(buf_cstr(&u.href), "mailto:%EF%BF%BD");
	cr_expect(u.opaque);
	url_release(&u);
}

/* "http://", n bytes of tail behind head, ".com". */
static bool parses(const char *head, const char *piece, size_t n)
{
	struct buf text = { 0 };
	struct url u = { 0 };
	bool parsed;

	buf_str(&text, "http://");
	buf_str(&text, head);
	for (size_t i = 0; i < n; i++)
		buf_str(&text, piece);
	parsed = url_parse(&u, buf_view(&text), NULL);
	url_release(&u);
	buf_release(&text);
	return parsed;
}

Test(url, names_that_are_no_plain_ascii_have_a_limit)
{
	cr_expect(parses("", "\xC3\xBC", URL_IDNA_MAX / 2));
	cr_expect_not(parses("", "\xC3\xBC", URL_IDNA_MAX / 2 + 1));
	cr_expect(parses("", "%C3%BC", URL_IDNA_MAX / 2));
	cr_expect_not(parses("", "%C3%BC", URL_IDNA_MAX / 2 + 1));
	cr_expect_not(parses("xn--tda.", "a", URL_IDNA_MAX));
	cr_expect(parses("", "a", 1000000));
	/* U+3316 is mapped to 6 characters; what grows too long to encode is refused. */
	cr_expect(parses("", "\xE3\x8C\x96", 100));
	cr_expect_not(parses("", "\xE3\x8C\x96", URL_IDNA_MAX / 3));
}

Test(url, parts_that_are_there_and_empty_are_told_from_those_that_are_not)
{
	struct url u = { 0 };

	cr_assert(url_parse(&u, SLICE("HTTPS://u@H:443/?#"), NULL));
	cr_expect(u.has_query && u.has_fragment && u.query.n == 0 && u.fragment.n == 0);
	cr_expect_str_eq(buf_cstr(&u.href), "https://u@h/?#");
	cr_expect_eq(u.scheme, URL_HTTPS);
	cr_expect_eq(u.port, -1);
	cr_assert(url_parse(&u, SLICE("https://h"), NULL));
	cr_expect(!u.has_query && !u.has_fragment && u.user.n == 0);
	cr_assert(url_parse(&u, SLICE("a://"), NULL));
	cr_expect(u.has_host && u.host.n == 0);
	cr_assert(url_parse(&u, SLICE("a:/b"), NULL));
	cr_expect(!u.has_host);
	url_release(&u);
}
