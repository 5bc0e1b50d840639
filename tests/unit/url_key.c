/* Keys of URLs, and the domains they belong to. */
#include "lib/web/url_key.h"

#include "lib/web/url_domain.h"

#include <criterion/criterion.h>

/* Valid until the next call. */
static const char *key(const char *address, unsigned rules)
{
	static struct url u;
	static struct buf out;

	cr_assert(url_parse(&u, slice_str(address), NULL), "%s", address);
	out.n = 0;
	url_put_key(&out, &u, rules);
	return buf_cstr(&out);
}

struct row {
	unsigned rules;
	const char *given, *want;
};

static void check(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cr_expect_str_eq(key(rows[i].given, rows[i].rules), rows[i].want, "%s: %s",
			rows[i].given, key(rows[i].given, rows[i].rules));
}

Test(url_key, spellings_of_one_address_are_one)
{
	static const struct row rows[] = {
		{ 0, "HTTP://Example.COM:80/a/./b/../c#d", "http://example.com/a/c" },
		{ 0, "http://example.com", "http://example.com/" },
		{ 0, "http://example.com.:8080", "http://example.com:8080/" },
		{ 0, "http://example.com..", "http://example.com../" },
		{ 0, "http://.", "http://./" },
		{ 0, "http://h/%7euser/%41%2db%5F", "http://h/~user/A-b_" },
		{ 0, "http://h/a%2fb?c%3dd%26e", "http://h/a%2Fb?c%3Dd%26e" },
		{ 0, "http://h/%%34%31", "http://h/%2541" },
		{ 0, "http://h/%2541", "http://h/%2541" },
		{ 0, "http://h/%c3%bc?\xC3\xBC", "http://h/%C3%BC?%C3%BC" },
		{ 0, "http://h/a|b^c[d]?e[]=1", "http://h/a%7Cb%5Ec%5Bd%5D?e%5B%5D=1" },
		{ 0, "http://h/a%7Cb%5ec%5bd%5D?e%5B%5d=1", "http://h/a%7Cb%5Ec%5Bd%5D?e%5B%5D=1" },
		{ 0, "http://h/100%?%&%4", "http://h/100%25?%25&%254" },
		{ 0, "http://h/a?", "http://h/a" },
		{ 0, "http://h/a?&b&&c&", "http://h/a?b&c" },
		{ 0, "http://h/a?b&a=1;c=2", "http://h/a?b&a=1;c=2" },
		{ 0, "http://u:p@h/", "http://u:p@h/" },
		{ 0, "http://:p@h/", "http://:p@h/" },
		{ 0, "http://[1::0]:81/", "http://[1::]:81/" },
		{ 0, "mailto:%61@b?c#d", "mailto:a@b?c" },
		{ 0, "a:/.//b/%2e", "a:/.//b/" },
		{ 0, "a://h", "a://h" },
		{ 0, "file:///C|/x", "file:///C:/x" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(url_key, rules_take_away_what_they_name)
{
	static const char sid[] = "http://h/?SID=0123456789abcdef0123456789ABCDEF&a";
	enum { S = URL_KEY_SESSION, T = URL_KEY_TRACKING, W = URL_KEY_WWW, I = URL_KEY_INDEX };
	static const struct row rows[] = {
		{ URL_KEY_SCHEME, "https://h/", "//h/" },
		{ URL_KEY_SCHEME, "http://h:443/", "//h:443/" },
		{ URL_KEY_SCHEME, "ftp://h/", "ftp://h/" },
		{ W, "http://www.a.b/", "http://a.b/" },
		{ W, "http://WWW.www.a.b/", "http://a.b/" },
		{ W, "http://www.com/", "http://www.com/" },
		{ W, "http://www2.a.b/", "http://www2.a.b/" },
		{ W, "http://wwwa.b.c/", "http://wwwa.b.c/" },
		{ W, "ftp://www.a.b/", "ftp://www.a.b/" },
		{ 0, "http://www.a.b/", "http://www.a.b/" },
		{ T, "http://h/?utm_source=x&a=1&UTM_Medium=y&fbclid", "http://h/?a=1" },
		{ T, "http://h/?utm_source=x&utm_=y", "http://h/" },
		{ T, "http://h/?%75tm_source=x", "http://h/" },
		{ T, "http://h/?utm=1&autm_source=2&fbclid2=3",
			"http://h/?utm=1&autm_source=2&fbclid2=3" },
		{ T, "http://h/?a=utm_source=x", "http://h/?a=utm_source=x" },
		{ T, "http://h/?PHPSESSID=1", "http://h/?PHPSESSID=1" },
		{ 0, "http://h/?utm_source=x", "http://h/?utm_source=x" },
		{ S, "http://h/?a&PHPSESSID=1&ASPSESSIONIDAQBSDSRT=EOHBLB&b", "http://h/?a&b" },
		{ S, "http://h/?CFID=12412453&CFTOKEN=15501799", "http://h/" },
		{ S, sid, "http://h/?a" },
		{ S, "http://h/?sid=12&session_id=3", "http://h/?sid=12&session_id=3" },
		{ S, "http://h/?sid=0123456789abcdef0123456789ABCDE-",
			"http://h/?sid=0123456789abcdef0123456789ABCDE-" },
		{ S, "http://h/a;JSESSIONID=1.x/b;v=2;jsessionid=3;w", "http://h/a/b;v=2;w" },
		{ S, "http://h/a%3bjsessionid=1", "http://h/a%3Bjsessionid=1" },
		{ S, "http://h/.;jsessionid=1/b", "http://h/.;jsessionid=1/b" },
		{ S, "http://h/(S(lit3py55t21z5v55vlm25s55))/x.aspx", "http://h/x.aspx" },
		{ S, "http://h/(A(lit3py55t21z5v55vlm25s55)S(lit3py55t21z5v55vlm25s55))/x",
			"http://h/x" },
		{ S, "http://h/(S(lit3py55t21z5v55vlm25s5))/x",
			"http://h/(S(lit3py55t21z5v55vlm25s5))/x" },
		{ S, "http://h/(S(lit3py55t21z5v55vlm25s55)/x",
			"http://h/(S(lit3py55t21z5v55vlm25s55)/x" },
		{ S, "http://h/()/x", "http://h/()/x" },
		{ S, "http://h/(S(lit3py55t21z5v55vlm25s55))",
			"http://h/(S(lit3py55t21z5v55vlm25s55))" },
		{ I, "http://h/index.html", "http://h/" },
		{ I, "http://h/a/Index.PHP?b", "http://h/a/?b" },
		{ I, "http://h/index.html/", "http://h/index.html/" },
		{ I, "http://h/index", "http://h/index" },
		{ I, "http://h/myindex.html", "http://h/myindex.html" },
		{ I | S, "http://h/index.html;jsessionid=1", "http://h/" },
		{ 0, "http://h/index.html;jsessionid=1", "http://h/index.html;jsessionid=1" },
		{ URL_KEY_ALL, "https://www.a.b:443/default.aspx?gclid=1#x", "//a.b/" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(url_key, rules_have_names)
{
	cr_expect_eq(url_key_rule("scheme") | url_key_rule("www") | url_key_rule("tracking") |
			url_key_rule("session") | url_key_rule("index"),
		URL_KEY_ALL);
	cr_expect_eq(url_key_rule("Index"), 0);
	cr_expect_eq(url_key_rule(""), 0);
}

Test(url_key, domains_are_those_below_a_public_suffix)
{
	/* The kinds of rules: plain, wildcard, exception, private; and none. */
	static const struct {
		const char *given, *want;
	} rows[] = {
		{ "http://a.b.example.com/", "example.com" },
		{ "http://example.com./", "example.com" },
		{ "http://com/", "" },
		{ "http://www.a.co.uk:8080/", "a.co.uk" },
		{ "http://co.uk/", "" },
		{ "http://a.b.c.kobe.jp/", "b.c.kobe.jp" },
		{ "http://c.kobe.jp/", "" },
		{ "http://www.city.kobe.jp/", "city.kobe.jp" },
		{ "http://x.user.github.io/", "user.github.io" },
		{ "http://\xE9\xA3\x9F\xE7\x8B\xAE.\xE5\x85\xAC\xE5\x8F\xB8.cn/",
			"xn--85x722f.xn--55qx5d.cn" },
		{ "http://a.b.unknown/", "b.unknown" },
		{ "http://localhost/", "" },
		{ "http://1.2.3.4/", "" },
		{ "http://[::1]/", "" },
		{ "http://a.b.c1/", "b.c1" },
		{ "file:///x", "" },
		{ "a://www.example.com/", "" },
		{ "mailto:x@example.com", "" },
	};
	struct url u = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct slice got;

		cr_assert(url_parse(&u, slice_str(rows[i].given), NULL), "%s", rows[i].given);
		got = url_domain(&u);
		cr_expect(slice_eq(got, slice_str(rows[i].want)), "%s: %.*s", rows[i].given,
			(int)got.n, got.p);
	}
	url_release(&u);
}

Test(url_key, a_name_longer_than_dns_carries_has_no_domain)
{
	struct buf text = { 0 };
	struct url u = { 0 };

	buf_str(&text, "http://");
	for (int i = 0; i < 123; i++)
		buf_str(&text, "a.");
	buf_str(&text, "example");
	cr_assert(url_parse(&u, buf_view(&text), NULL));
	cr_expect_eq(u.host.n, 253);
	cr_expect(slice_eq(url_domain(&u), SLICE("a.example")));
	buf_byte(&text, 's');
	cr_assert(url_parse(&u, buf_view(&text), NULL));
	cr_expect_eq(url_domain(&u).n, 0);
	url_release(&u);
	buf_release(&text);
}
