/* A page's text in plain form: breaks, words that must not touch, lists, tables, code, formulas. */
#include "stages/extract/text.h"

#include <criterion/criterion.h>

struct text_case {
	const char *page, *want;
};

static void expect(const struct text_case *cases, size_t n)
{
	static const struct html_limits wide = {
		.max_nodes = 1000000, .max_depth = 1000, .max_bytes = GIB
	};

	for (size_t i = 0; i < n; i++) {
		struct html_tree t = { 0 };
		struct buf out = { 0 };

		html_parse(&t, slice_str(cases[i].page), &wide);
		html_text_all(&t, &out);
		cr_expect_str_eq(buf_cstr(&out), cases[i].want, "%s\ngives %s", cases[i].page,
			buf_cstr(&out));
		buf_release(&out);
		html_release(&t);
	}
}

Test(text, words_of_boxes_side_by_side_do_not_touch)
{
	static const struct text_case cases[] = {
		{ "<p><a href=/a>Home</a><a href=/b>News</a>", "Home News" },
		{ "<p><a href=/a><span>Home</span></a><a href=/b><span>News</span></a>",
			"Home News" },
		{ "<p><span>Price</span><span>24</span>", "Price 24" },
		{ "<p><label>Size</label><span>12</span>", "Size 12" },
		{ "<p><code>df</code><code>du</code>", "df du" },
		{ "<p><button>Yes</button><button>No</button>", "Yes No" },
		{ "<p>before<img src=x>after<input>end", "before after end" },
		{ "<p><span>O</span><span>nce upon</span>", "Once upon" },
		{ "<p><span>includin</span><span>g</span>", "including" },
		{ "<p><span>3</span><span>rd</span> door", "3rd door" },
		{ "<p>title<span>[</span><a href=/e>edit</a><span>]</span>", "title[edit]" },
		{ "<p>x<sup>2</sup> <i>n</i><sub><i>i</i></sub> 1<sup>st</sup>", "x2 ni 1st" },
		{ "<p><b>bo</b><i>th</i>", "both" },
		{ "<p>a<wbr>b", "ab" },
		{ "<p><code><span>f</span><span>(x)</span></code>", "f(x)" },
	};

	expect(cases, ARRAY_LEN(cases));
}

Test(text, lists_stand_on_lines)
{
	static const struct text_case cases[] = {
		{ "t<ul><li>a<li>b</ul>e", "t\n\na\nb\n\ne" },
		{ "<ul><li>a<ul><li>b<li>c</ul><li>d</ul>", "a\nb\nc\nd" },
		{ "<ul><li><p>a</p><li><p>b</p></ul>", "a\nb" },
		{ "<ul><li>a<p>more</p><li>b</ul>", "a\n\nmore\n\nb" },
		{ "<dl><dt>a<dd>b<dt>c<dd>d</dl>", "a\nb\nc\nd" },
		{ "<p>a <q>b <q>c</q></q> d <q></q>", "a “b ‘c’” d" },
	};

	expect(cases, ARRAY_LEN(cases));
}

Test(text, data_tables_come_row_by_row)
{
	static const struct text_case cases[] = {
		{ "<table><tr><th>a<th>b<tr><td>c</td><td><b>d</b>e</td></table>", "a\tb\nc\tde" },
		{ "<table><caption>T</caption><tr><td>a<td>b<tr><td>c<td>d</table>",
			"T\n\na\tb\nc\td" },
		{ "x<table><tr><td>a<td><td>b<tr><td>c<td>d<td></table>y",
			"x\n\na\t\tb\nc\td\n\ny" },
		{ "<table><tr><th>a<th>b<tr><td><ul><li>c<li>d</ul><td>e<br>f<p>g<p>h</table>",
			"a\tb\nc d\te f g h" },
		/* a span is empty fields, up to what cells of the table make likely */
		{ "<table><tr><th colspan=2>a<th>b<tr><td>c<td>d<td>e</table>", "a\t\tb\nc\td\te" },
		{ "<table><tr><th rowspan=2>a<th>b<tr><td>c<tr><td>d<td>e</table>",
			"a\tb\n\tc\nd\te" },
		{ "<table><tr><th>a<th>b<tr><td colspan=9e15>c<tr><td>d<td>e</table>",
			"a\tb\nc\nd\te" },
		{ "<table><tr><th>a<th>b<tr><td rowspan=-1>c<td>x<tr><td>d<td>e</table>",
			"a\tb\nc\tx\nd\te" },
	};

	expect(cases, ARRAY_LEN(cases));
}

Test(text, layout_tables_are_unwrapped)
{
	static const struct text_case cases[] = {
		{ "<table><tr><td>a<td>b</table>", "a\n\nb" },
		{ "<table><tr><td>a<tr><td>b</table>", "a\n\nb" },
		{ "<table><tr><td><p>a</p><p>b</p></td><td>c<tr><td>d<td>e</table>",
			"a\n\nb\n\nc\n\nd\n\ne" },
		{ "<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>",
			"a\n\nb\n\nc\n\nd" },
		{ "<table><tr><td>x<td><table><tr><td>a<td>b<tr><td>c<td>d</table><tr><td>y<td>z"
		  "</table>",
			"x\n\na\tb\nc\td\n\ny\n\nz" },
		{ "<table><tr><td><h2>a</h2>b<td>c<tr><td>d<td>e</table>",
			"a\n\nb\n\nc\n\nd\n\ne" },
		{ "<table><tr><td>1<td><pre>x\n y</pre><tr><td>2<td>z</table>",
			"1\n\nx\n y\n\n2\n\nz" },
	};

	expect(cases, ARRAY_LEN(cases));
}

Test(text, code_stands_as_it_is)
{
	static const struct text_case cases[] = {
		{ "<p>x<pre>\n  a\n\n\tb  c\n</pre>y", "x\n\n  a\n\n\tb  c\n\ny" },
		{ "<pre><code><b>if</b> (a)\n    <i>b</i>;\n</code></pre>", "if (a)\n    b;" },
		{ "<pre>a<br>  b\r\nc\rd</pre>", "a\n  b\nc\nd" },
		{ "<pre><div>a</div><div>  b</div>\n<div>c</div></pre>", "a\n  b\n\nc" },
		{ "<pre>  \n</pre>z", "z" },
		{ "<h2>The <pre>x</pre> file</h2>", "The\n\nx\n\nfile" },
	};

	expect(cases, ARRAY_LEN(cases));
}

#define MATHML "<math><mi>x</mi><annotation encoding='application/x-tex'>"

Test(text, formulas_come_once_as_tex)
{
	static const struct text_case cases[] = {
		{ "<p>so " MATHML "{\\displaystyle x_1}</annotation></math>, and",
			"so $x_1$, and" },
		{ "<p>so<math alttext='a%b\n^2' display=block><mi>a</mi></math>and",
			"so\n\n$$a^2$$\n\nand" },
		{ "<p><math><mi>x</mi><mo>=</mo><mn>1</mn></math>", "x=1" },
		{ "<p>a <span class=katex><span class=katex-mathml>" MATHML "k</annotation></math>"
		  "</span><span class=katex-html><span>k</span></span></span>.",
			"a $k$." },
		{ "<p>a <span class=katex><span class=katex-html><span>k</span></span></span>.",
			"a k." },
		{ "<p>a <span class=mwe-math-element><span>" MATHML "m</annotation></math></span>"
		  "<img class=mwe-math-fallback-image-inline alt=m></span>.",
			"a $m$." },
		{ "<p>a <img class=mwe-math-fallback-image-inline alt='{\\displaystyle m}'>.",
			"a $m$." },
		{ "<p>a <img class=photo alt=no>.", "a ." },
		/* MathJax 2 as a browser saved it, and before it ran */
		{ "<p>a <span class=MathJax_Preview></span><span class=MathJax><nobr><span>v</span>"
		  "<span>2</span></nobr></span><script type='math/tex'>v_2</script> b",
			"a $v_2$ b" },
		{ "<p>a<script type='math/tex; mode=display'>v</script>b", "a\n\n$$v$$\n\nb" },
		{ "<p>a <span class=MathJax>v</span> b", "a v b" },
		{ "<pre>a <math alttext=x><mi>y</mi></math></pre><xmp>b <i> c</xmp>",
			"a y\n\nb <i> c" },
		{ "<p>" MATHML "x</annotation></math>" MATHML "y</annotation></math>2",
			"$x$ $y$ 2" },
		{ "<p>" MATHML "a \\text{ if $b$}</annotation></math>", "$a \\text{ if \\(b\\)}$" },
		{ "<p>" MATHML " </annotation></math>", "x" },
	};

	expect(cases, ARRAY_LEN(cases));
}

/* What is hidden is not chosen, and still tells the TeX of a formula among chosen text. */
Test(text, a_hidden_formula_belongs_to_the_text_around_it)
{
	static const struct html_limits wide = {
		.max_nodes = 1000, .max_depth = 1000, .max_bytes = GIB
	};
	struct html_tree t = { 0 };
	struct buf out = { 0 };
	uint8_t in[64] = { 0 };

	html_parse(&t,
		SLICE("<div><p>one <img class=mwe-math-x alt=a></p></div>"
		      "<div><p>two <img class=mwe-math-x alt=b></p></div>"),
		&wide);
	cr_assert(t.n_nodes < sizeof(in));
	for (uint32_t i = 1; i < t.n_nodes; i++)
		in[i] = t.nodes[i].tag == HTML_TEXT && slice_eq(html_text(&t, i), SLICE("two "));
	html_text_of(&t, in, &out);
	cr_expect_str_eq(buf_cstr(&out), "two $b$");
	buf_release(&out);
	html_release(&t);
}

/* Spans make no more fields than the cells of a table allow for. */
Test(text, spans_cost_no_more_than_cells)
{
	static const struct html_limits wide = {
		.max_nodes = 1000000, .max_depth = 1000, .max_bytes = GIB
	};
	struct html_tree t = { 0 };
	struct buf page = { 0 }, out = { 0 };

	buf_str(&page, "<table><tr><th>a<th>b");
	for (int i = 0; i < 10000; i++)
		buf_str(&page, "<tr><td colspan=900 rowspan=60000>c<td>d");
	html_parse(&t, buf_view(&page), &wide);
	html_text_all(&t, &out);
	cr_expect(out.n < 20 * 20000, "%zu", out.n);
	buf_release(&page);
	buf_release(&out);
	html_release(&t);
}

/* Words of a text with one space between them, a byte at a time. */
static void put_words(struct buf *out, struct slice text)
{
	bool gap = false;

	for (size_t i = 0; i < text.n; i++) {
		bool wide = i + 1 < text.n && memcmp(text.p + i, "\xC2\xA0", 2) == 0;

		if (wide || byte_in(text.p[i], " \t\n")) {
			gap = true;
			i += wide;
			continue;
		}
		if (gap && out->n)
			buf_byte(out, ' ');
		gap = false;
		buf_byte(out, text.p[i]);
	}
}

Test(text, white_space_is_folded_at_any_place)
{
	static const char *const parts[] = { "a", "word", "longword9", " ", " ", " ", "  ", "\n",
		"\t", "\xC2\xA0", "é", "«", "漢" };
	uint64_t seed = 1; /* of the generator of Knuth's MMIX */

	for (int round = 0; round < 20000; round++) {
		struct buf page = { 0 }, want = { 0 };

		for (int i = 0; i < 12; i++) {
			seed = seed * 6364136223846793005U + 1442695040888963407U;
			buf_str(&page, parts[(seed >> 33) % ARRAY_LEN(parts)]);
		}
		put_words(&want, buf_view(&page));
		expect(&(struct text_case){ buf_cstr(&page), buf_cstr(&want) }, 1);
		buf_release(&want);
		buf_release(&page);
	}
}
