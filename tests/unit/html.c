/* The tree of a page: structure, texts, attributes, limits; and its text in plain form. */
#include "lib/web/html.h"

#include "lib/web/html_scan.h"
#include "stages/extract/text.h"
#include "tests/random.h"

#include <criterion/criterion.h>

static const struct html_limits wide = {
	.max_nodes = 1000000, .max_depth = 1000, .max_bytes = GIB
};

/* The tree as "tag(child child)", texts in quotes. */
static void print_node(const struct html_tree *t, uint32_t i, struct buf *out)
{
	if (t->nodes[i].tag == HTML_TEXT) {
		struct slice s = html_text(t, i);

		buf_printf(out, "'%.*s'", (int)s.n, s.p);
		return;
	}
	buf_str(out, t->nodes[i].tag == HTML_OTHER ? "?" : html_tag_name(t->nodes[i].tag));
	buf_byte(out, '(');
	for (uint32_t k = html_first(t, i); k; k = html_next(t, k)) {
		if (out->p[out->n - 1] != '(')
			buf_byte(out, ' ');
		print_node(t, k, out);
	}
	buf_byte(out, ')');
}

Test(html, builds_the_tree_a_reader_expects)
{
	static const struct {
		const char *page, *want;
	} cases[] = {
		{ "", "(html(head() body()))" },
		{ "<p>a<p>b", "(html(head() body(p('a') p('b'))))" },
		{ "<ul><li>a<li>b</ul>c", "(html(head() body(ul(li('a') li('b')) 'c')))" },
		{ "<p>x &lt;y&gt; &amp;amp; &eacute;&#233;&#x2014;</p>",
			"(html(head() body(p('x <y> &amp; éé—'))))" },
		/* HTML Standard, "numeric character reference end state": 0x93 means U+201C */
		{ "<p>&#147;q&#148; &#x80;", "(html(head() body(p('“q” €'))))" },
		{ "<custom-tag>a</Custom-Tag>b", "(html(head() body(?('a') 'b')))" },
		{ "<div>a<!-- no -->b<script>x<y</script>c<style>z</style></div>",
			"(html(head() body(div('ab' script('x<y') 'c' style()))))" },
		{ "<b>a</b> <i>b</i>", "(html(head() body(b('a') ' ' i('b'))))" },
		{ "<p>a<br>b<img src=x>c", "(html(head() body(p('a' br() 'b' img() 'c'))))" },
		{ "<div>a</b></i>c</div>", "(html(head() body(div('ac'))))" },
		{ "a\r\nb\rc<pre>\r\nd", "(html(head() body('a\nb\nc' pre('d'))))" },
		{ "a < b</>c", "(html(head() body('a < bc')))" },
		{ "<title>a</b>&lt;</title><p>c", "(html(head(title('a</b><')) body(p('c'))))" },
		{ "<!-->a<!--->b<!-- --!>c<!-- > -- >d-->e", "(html(head() body('abce')))" },
		/* elements that had to go elsewhere: the nodes are laid out anew */
		{ "<p>1<b>2<p>3</b>4", "(html(head() body(p('1' b('2')) p(b('3') '4'))))" },
		{ "<b>1<div>2</b>3", "(html(head() body(b('1') div(b('2') '3'))))" },
		{ "<table>a<tr>b<td>c</table>d",
			"(html(head() body('ab' table(tbody(tr(td('c')))) 'd')))" },
		{ "<head></head> <meta>a", "(html(head(meta()) ' ' body('a')))" },
		{ "<a>1<div>2<a>3", "(html(head() body(a('1') div(a('2') a('3')))))" },
		{ "<svg><title>a<p>b</svg>c", "(html(head() body(svg(title('a' p('bc'))))))" },
		{ "<noscript><p>a</noscript>b", "(html(head(noscript()) body(p('ab'))))" },
		{ "<select><div>a<select>b", "(html(head() body(select(div('a')) 'b')))" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct html_tree t = { 0 };
		struct buf out = { 0 };

		html_parse(&t, slice_str(cases[i].page), &wide);
		print_node(&t, 0, &out);
		cr_expect_str_eq(buf_cstr(&out), cases[i].want, "%s", cases[i].page);
		cr_expect(!t.limit);
		buf_release(&out);
		html_release(&t);
	}
}

/* What needs no change stands in the page, a script as it is. */
Test(html, copies_no_text_that_needs_no_change)
{
	static const char page[] =
		"<script>a = '&lt;' \r\n</script><p class=c>two words</p>1 &amp; 2";
	struct html_tree t = { 0 };
	size_t texts = 0;

	html_parse(&t, slice_str(page), &wide);
	for (uint32_t i = 1; i < t.n_nodes; i++) {
		struct slice text = html_text(&t, i);

		if (t.nodes[i].tag != HTML_TEXT)
			continue;
		if (t.nodes[t.nodes[i].parent].tag == HTML_SCRIPT)
			cr_expect(slice_eq(text, SLICE("a = '&lt;' \r\n")));
		cr_expect((text.p > page && text.p < page + sizeof(page)) == (texts < 2));
		texts++;
	}
	cr_expect(texts == 3);
	cr_expect(slice_eq(buf_view(&t.bytes), SLICE("1 & 2")));
	html_release(&t);
}

Test(html, keeps_the_attributes_of_the_table)
{
	struct html_tree t = { 0 };
	uint32_t i;

	html_parse(&t,
		SLICE("<body><a HREF='x?a=1&amp;b=2' onclick=no class=\"one two\" hidden>t</a>"),
		&wide);
	for (i = 1; t.nodes[i].tag != HTML_A; i++)
		cr_assert(i + 1 < t.n_nodes);
	cr_expect(slice_eq(html_attr(&t, i, HTML_ATTR_HREF), SLICE("x?a=1&b=2")));
	cr_expect(slice_eq(html_attr(&t, i, HTML_ATTR_CLASS), SLICE("one two")));
	cr_expect(html_attr(&t, i, HTML_ATTR_HIDDEN).p != NULL);
	cr_expect(html_attr(&t, i, HTML_ATTR_ID).p == NULL);
	cr_expect(html_attr(&t, i + 1, HTML_ATTR_ID).p == NULL, "a text has none");
	cr_expect(t.nodes[i].n == 3, "others are forgotten");
	html_release(&t);
	html_parse(&t, SLICE("<p id=''><b hidden>"), &wide);
	for (i = 1; t.nodes[i].tag != HTML_P; i++)
		cr_assert(i + 1 < t.n_nodes);
	cr_expect(html_attr(&t, i, HTML_ATTR_ID).p != NULL, "there, though nothing has bytes");
	html_release(&t);
}

Test(html, finds_tags_by_name)
{
	for (int tag = HTML_OTHER + 1; tag <= HTML_XMP; tag++)
		cr_expect(html_tag_of(slice_str(html_tag_name((enum html_tag)tag))) ==
			(enum html_tag)tag);
	cr_expect(html_tag_of(SLICE("blink")) == HTML_OTHER);
	cr_expect(html_tag_of(SLICE("")) == HTML_OTHER);
	cr_expect(html_tag_of(SLICE("an-element-with-a-long-name")) == HTML_OTHER);
}

Test(html, finds_attributes_by_name)
{
	static const char *const names[] = {
#define X(id, name) name,
		HTML_ATTRS(X)
#undef X
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct html_tree t = { 0 };
		struct buf page = { 0 };

		buf_printf(&page, "<p %sx=1 %s=2 %s=3>", names[i], names[i], names[i]);
		html_parse(&t, buf_view(&page), &wide);
		cr_assert(t.n_nodes == 5 && t.nodes[4].n == 1, "%s", names[i]);
		cr_expect(slice_eq(html_attr(&t, 4, (enum html_attr_name)i), SLICE("2")));
		buf_release(&page);
		html_release(&t);
	}
}

Test(html, passes_over_nul_bytes)
{
	struct html_tree t = { 0 };
	struct buf out = { 0 };

	html_parse(&t, (struct slice){ "<p>be\0fore</p><p>after</p>", 26 }, &wide);
	html_text_all(&t, &out);
	cr_expect_str_eq(buf_cstr(&out), "before\n\nafter");
	buf_release(&out);
	html_release(&t);
}

Test(html, stops_at_each_limit_and_names_it)
{
	static const struct {
		struct html_limits limits;
		const char *piece, *want;
	} cases[] = {
		{ { 1000, 1000000, 0, GIB }, "<p>a", "max_nodes" },
		{ { 1000000, 100, 0, GIB }, "<div>", "max_depth" },
		{ { 1000000, 1000000, 0, 1000 }, "some text ", "max_body" },
		{ { 1000000, 1000000, 0, 1000 }, "<p class=word>", "max_body" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct html_tree t = { 0 };
		struct buf page = { 0 };

		for (int k = 0; k < 5000; k++)
			buf_str(&page, cases[i].piece);
		html_parse(&t, buf_view(&page), &cases[i].limits);
		cr_assert(t.limit, "case %zu", i);
		cr_expect_str_eq(t.limit, cases[i].want, "case %zu", i);
		cr_expect(t.n_nodes <= cases[i].limits.max_nodes);
		cr_expect(t.bytes.n <= cases[i].limits.max_bytes);
		buf_release(&page);
		html_release(&t);
	}
}

Test(html, counts_the_attributes_of_each_tag)
{
	static const struct {
		const char *page;
		bool stopped;
	} cases[] = {
		{ "<p a b c>", false },
		{ "<p a b c d>", true },
		{ "<p a=1 b=2 c=3>", false },
		{ "<p a = '1 2 3 4' b=\"> x y z\" c=x/y=z>", false },
		{ "<p a='1'b='2'c='3'd='4'>", true },
		{ "<p/a/b/c/d>", true },
		{ "<!-- <p a b c d> --><p>1 2 3 4 5", false },
		{ "<!-- --!><p a b c d>", true },
		{ "<!--><p a b c d> -->", true },
		{ "<a =\"><b a b c d>", true },
		{ "<p id=1 id=2 id=3 id=4>", true },
		{ "</p a b c d>", true },
		{ "<script>if (a <b && c d e f g) x();</script>", false },
		{ "a < b c d e f g", false },
		{ "<p a b c d", true },
		{ "<", false },
		{ "<!-- <p", false },
	};
	struct html_limits limits = {
		.max_nodes = 99, .max_depth = 9, .max_attrs = 3, .max_bytes = 999
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct html_tree t = { 0 };

		html_parse(&t, slice_str(cases[i].page), &limits);
		cr_expect((t.limit != NULL) == cases[i].stopped, "%s", cases[i].page);
		if (t.limit)
			cr_expect_str_eq(t.limit, "max_attrs");
		html_release(&t);
	}
}

/* A tree that is used again must not remember the page before. */
Test(html, forgets_the_page_before)
{
	struct html_tree t = { 0 };
	struct html_limits narrow = { .max_nodes = 3, .max_depth = 9, .max_bytes = 99 };
	struct buf out = { 0 };

	html_parse(&t, SLICE("<p>one</p><p>two</p>"), &narrow);
	cr_expect(t.limit);
	html_parse(&t, SLICE("<p>three"), &wide);
	cr_expect(!t.limit);
	html_text_all(&t, &out);
	cr_expect_str_eq(buf_cstr(&out), "three");
	buf_release(&out);
	html_release(&t);
}

/* The fast ways beside the plain, at each place of runs around the width of a load. */
Test(html, scans_stop_where_the_plain_ones_do)
{
	static const char set[] = { '<', '&', '\r', '\0' };
	uint64_t state = 7;
	char text[80];

	for (int round = 0; round < 20000; round++) {
		size_t n = random_below(&state, sizeof(text) + 1);
		char mostly = random_below(&state, 2) ? 'x' : '-';

		for (size_t i = 0; i < n; i++) {
			text[i] = random_below(&state, 20) ? mostly : set[random_below(&state, 4)];
			if (random_below(&state, 9) == 0)
				text[i] = '-';
		}
		cr_assert(html_scan(text, text + n, '<', '&', '\r', '\0') ==
			html_scan_plain(text, text + n, '<', '&', '\r', '\0'));
		cr_assert(html_scan_hyphens(text, text + n) ==
			html_scan_hyphens_plain(text, text + n));
	}
}

/* --- text ------------------------------------------------------------------------------------- */

Test(html, text_breaks_where_a_browser_does)
{
	static const struct {
		const char *page, *want;
	} cases[] = {
		{ "<p>a</p><p>b</p>", "a\n\nb" },
		{ "<div>a<div>b</div>c</div>", "a\n\nb\n\nc" },
		{ "<p>a<br>b</p>", "a\nb" },
		{ "<p>a<br><br>b</p>", "a\n\nb" },
		{ "<p>one <b>two</b><i>three</i> <u>four</u>", "one twothree four" },
		{ "<p>  much \n\t space &nbsp; here  </p>", "much space here" },
		{ "<h1>T</h1>text<ul><li>a</li><li>b<p>c</p></li></ul>end",
			"T\n\ntext\n\na\nb\n\nc\n\nend" },
		{ "<dl><dt>a<dd>b<dt>c<dd>d</dl>", "a\nb\nc\nd" },
		{ "<table><tr><th>a<th>b<tr><td>c</td><td><b>d</b>e</td></table>", "a\tb\nc\tde" },
		{ "<table><tr><td><p>a</p></td><td>b</td></tr></table>", "a\n\nb" },
		{ "<p>x<pre>\n  a\n    b\n</pre>y", "x\n\n  a\n    b\n\ny" },
		{ "<p>a<script>no</script><style>no</style><select><option>no</select>b", "a b" },
		{ "<head><title>no</title></head><body>yes", "yes" },
		{ "<p>漢<ruby>字<rp>(</rp><rt>ji</rt><rp>)</rp></ruby>", "漢字" },
		{ "", "" },
		{ "<p> </p><div> \n </div>", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct html_tree t = { 0 };
		struct buf out = { 0 };

		html_parse(&t, slice_str(cases[i].page), &wide);
		html_text_all(&t, &out);
		cr_expect_str_eq(buf_cstr(&out), cases[i].want, "%s", cases[i].page);
		buf_release(&out);
		html_release(&t);
	}
}

Test(html, text_of_some_nodes_alone)
{
	struct html_tree t = { 0 };
	struct buf out = { 0 };
	uint8_t in[64] = { 0 };

	html_parse(&t, SLICE("<p>a<b>b</b></p><p>c</p><p>d</p>"), &wide);
	cr_assert(t.n_nodes < sizeof(in));
	for (uint32_t i = 1; i < t.n_nodes; i++)
		in[i] = t.nodes[i].tag == HTML_TEXT && !slice_eq(html_text(&t, i), SLICE("c"));
	buf_str(&out, "before ");
	html_text_of(&t, in, &out);
	cr_expect_str_eq(buf_cstr(&out), "before ab\n\nd");
	buf_release(&out);
	html_release(&t);
}
