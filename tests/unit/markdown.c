/* A page as Markdown: blocks, marks, and what is escaped. What readers make of whole pages is seen
 * by tests/peers/markdown.py. */
#include "stages/extract/markdown.h"

#include <criterion/criterion.h>

struct markdown_case {
	const char *page, *want;
};

static void expect(const struct markdown_case *cases, size_t n, bool links)
{
	static const struct html_limits wide = {
		.max_nodes = 1000000, .max_depth = 1000, .max_bytes = GIB
	};

	for (size_t i = 0; i < n; i++) {
		struct html_tree t = { 0 };
		struct buf out = { 0 };

		html_parse(&t, slice_str(cases[i].page), &wide);
		html_markdown_of(&t, NULL, links, &out);
		cr_expect_str_eq(buf_cstr(&out), cases[i].want, "%s\ngives\n%s\nnot\n%s",
			cases[i].page, buf_cstr(&out), cases[i].want);
		buf_release(&out);
		html_release(&t);
	}
}

#define EXPECT(cases) expect(cases, ARRAY_LEN(cases), false)

Test(markdown, headings_paragraphs_and_breaks)
{
	static const struct markdown_case cases[] = {
		{ "<h1>a</h1><p>b<p>c", "# a\n\nb\n\nc" },
		{ "<h6> a <br> b </h6>", "###### a b" },
		{ "<h2><strong>a</strong> <em>b</em></h2>", "## a *b*" },
		{ "<h2>C #</h2><h3>#</h3><h2>C#</h2>", "## C \\#\n\n### \\#\n\n## C#" },
		{ "<h2><div>a</div><div>b</div></h2>", "## a b" },
		{ "a<br>b<br><br>c", "a\\\nb\n\nc" },
		{ "<p>a<hr><p>b<hr>", "a\n\n---\n\nb" },
		{ "<div>a</div><div> </div><h3> </h3>b", "a\n\nb" },
		{ "<blockquote>a<p>b<blockquote>c</blockquote></blockquote>d",
			"> a\n>\n> b\n>\n> > c\n\nd" },
	};

	EXPECT(cases);
}

Test(markdown, lists_nest_and_number)
{
	static const struct markdown_case cases[] = {
		{ "a<ul><li>b<li>c</ul>d", "a\n\n- b\n- c\n\nd" },
		{ "<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c" },
		{ "<ul><li>a<ul><li>b</ul></ul>", "- a\n  - b" },
		/* a list right in a list belongs to the item before it */
		{ "<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>", "- a\n  - b\n- c" },
		{ "<ul><li><ul><li>a</ul></ul>", "- - a" },
		{ "<ol start=9><li>a<li>b<p>c<li value=20>d</ol>",
			"9. a\n10. b\n\n    c\n\n20. d" },
		/* an ordered list that does not begin with 1 cannot follow a paragraph's line */
		{ "<ul><li>a<ol><li>b</ol><li>c<ol start=2><li>d</ol></ul>",
			"- a\n  1. b\n- c\n\n  2. d" },
		{ "<ol start=-1><li>a</ol><ol start=x><li>a</ol>", "1. a\n\n1) a" },
		{ "<ul><li>a</ul><ul><li>b</ul>", "- a\n\n* b" },
		{ "<ul><li>a</ul><p>x<ul><li>b</ul>", "- a\n\nx\n\n- b" },
		{ "<ul><li>a<p>b<pre>\n c\n\nd</pre><blockquote>e</blockquote></ul>",
			"- a\n\n  b\n\n  ```\n   c\n\n  d\n  ```\n\n  > e" },
		{ "<ul><li><h3>a</h3>b</ul>", "- ### a\n\n  b" },
		{ "<ul><li>a<hr>b</ul>", "- a\n\n  ___\n\n  b" },
		{ "<li>a<li>b", "- a\n- b" },
		{ "<ul><li> <li>a<li></ul>", "- a" },
	};

	EXPECT(cases);
}

Test(markdown, depth_is_bounded)
{
	struct html_tree t = { 0 };
	struct buf page = { 0 }, out = { 0 };
	static const struct html_limits wide = {
		.max_nodes = 1000000, .max_depth = 1000, .max_bytes = GIB
	};

	for (int i = 0; i < 400; i++)
		buf_str(&page, "<ol start=999999999><li>a");
	html_parse(&t, buf_view(&page), &wide);
	html_markdown_of(&t, NULL, false, &out);
	cr_expect(out.n < 400 * 12 * 12, "%zu bytes", out.n);
	buf_release(&page);
	buf_release(&out);
	html_release(&t);
}

Test(markdown, code_keeps_its_lines_and_language)
{
	static const struct markdown_case cases[] = {
		{ "<pre>\n a\n\n  b \n</pre>c", "```\n a\n\n  b\n```\n\nc" },
		{ "<pre><code class='hljs language-C++'>x</code></pre>", "```C++\nx\n```" },
		{ "<pre lang=x class='lang-js extra'>x</pre>", "```js\nx\n```" },
		{ "<div class='highlight highlight-source-shell'><pre>x</pre></div>",
			"```shell\nx\n```" },
		{ "<div class='highlight-python notranslate'><div class=highlight><pre>x</pre></div></div>",
			"```python\nx\n```" },
		{ "<div class='highlight-default notranslate'><pre>x</pre></div>", "```\nx\n```" },
		{ "<pre class='brush: php; toolbar: false'>x</pre>", "```php\nx\n```" },
		{ "<figure data-lang=go><pre>x</pre></figure>", "```go\nx\n```" },
		{ "<pre class='language-a`b'>x</pre>", "```a\nx\n```" },
		{ "<pre>``` `````</pre>", "``````\n``` `````\n``````" },
		{ "<blockquote><pre>a\n\n\tb</pre></blockquote>", "> ```\n> a\n>\n> \tb\n> ```" },
	};

	EXPECT(cases);
}

Test(markdown, tables_are_pipes)
{
	static const struct markdown_case cases[] = {
		{ "a<table><caption>t</caption><tr><th>b<th>c<tr><td>d<br>e<td>f</table>g",
			"a\n\nt\n\n| b | c |\n| --- | --- |\n| d e | f |\n\ng" },
		{ "<table><tr><th>a<th>b|c<tr><td><code>d|e</code><td>\\|</table>",
			"| a | b\\|c |\n| --- | --- |\n| `d\\|e` | \\\\\\| |" },
		{ "<table><tr><th>a<th colspan=2>b<tr><td rowspan=2>c<td>d<td>e<tr><td>f</table>",
			"| a | b |  |\n| --- | --- | --- |\n| c | d | e |\n|  | f |" },
		{ "<ul><li>x<table><tr><th>a<th>b<tr><td>c<td>- d</table></ul>",
			"- x\n\n  | a | b |\n  | --- | --- |\n  | c | - d |" },
		{ "<table><tr><td>a<td>b</table>", "a\n\nb" },
	};

	EXPECT(cases);
}

Test(markdown, marks_stand_where_they_are_read)
{
	static const struct markdown_case cases[] = {
		{ "a <b>b </b>c<i> d</i>", "a **b** c *d*" },
		{ "a<b>b</b>c <i>d</i>.", "a**b**c *d*." },
		{ "<b>a <i>b</i></b> <b><i>c</i></b> <i>d <b>e</b> f</i>",
			"**a *b*** ***c*** *d **e** f*" },
		{ "<b>a</b><b>b</b>", "**ab**" },
		/* beside one another, or between a letter and a sign, they would not be read */
		{ "<b>a</b><i>b</i>", "**a**b" },
		{ "a<b>(b)</b>c", "a(b)c" },
		{ "<b>a:</b>b <b>a:</b> b", "a:b **a:** b" },
		{ "<b>a<i>b</i>c</b>", "**abc**" },
		{ "<b>a</b> <b>b</b>", "**a** **b**" },
		{ "<b>a<br>b</b>", "**a\\\nb**" },
		{ "<b>«a»</b>b", "«a»b" },
		{ "<b>€</b>b", "€b" },
		{ "<b>漢</b>字", "**漢**字" },
		{ "<i><code>a</code></i> <code>b</code>c", "*`a`* `b`c" },
		{ "<code>a`b</code> <code>`</code> <code>``</code>", "``a`b`` `` ` `` ` `` `" },
		{ "<code>a<br>b</code>", "`a`\\\n`b`" },
		{ "<code>*a* &lt;b> \\</code>", "`*a* <b> \\`" },
		{ "<a href=/x>a <b>b</b></a>", "a **b**" },
		{ "<del>a</del> <u>b</u> <q>c</q>", "a b “c”" },
	};

	EXPECT(cases);
}

Test(markdown, only_what_would_be_markup_is_escaped)
{
	static const struct markdown_case cases[] = {
		{ "a * b _ c 2*3 snake_case _d_ **", "a * b _ c 2\\*3 snake_case \\_d\\_ **" },
		{ "`a` C:\\dir \\* \\", "\\`a\\` C:\\dir \\\\\\* \\\\" },
		{ "# a<br>#b<br>####### c<br>#", "\\# a\\\n#b\\\n####### c\\\n\\#" },
		{ "- a<br>-b<br>+ c<br>* d<br>> e<br>*f",
			"\\- a\\\n-b\\\n\\+ c\\\n\\* d\\\n\\> e\\\n\\*f" },
		{ "1. a<br>2) b<br>3.c<br>1234567890. d<br>4.",
			"1\\. a\\\n2\\) b\\\n3.c\\\n1234567890. d\\\n4\\." },
		{ "a<br>===<br>b<br>---<br>c<br>***<br>___<br>- - -",
			"a\\\n\\===\\\nb\\\n\\---\\\nc\\\n\\*\\*\\*\\\n\\_\\_\\_\\\n\\- - -" },
		{ "a | b<br>--|--<br>:-:<br>|-", "a | b\\\n\\--|--\\\n\\:-:\\\n\\|-" },
		{ "[a](b) [c][d] [e] ![f](g)", "[a\\](b) [c\\][d] [e] ![f\\](g)" },
		{ "&lt;b> &lt; 1 &lt;/c> &lt;!-- &lt;http://a>",
			"\\<b> < 1 \\</c> \\<!-- \\<http://a>" },
		{ "&amp;amp; &amp; b &amp;#1; &amp;c d;", "\\&amp; & b \\&#1; &c d;" },
		{ "a [b]: c", "a [b]: c" },
		{ "[a]: b", "\\[a]: b" },
		{ "[a <code>]:</code>", "\\[a `]:`" },
		{ "~5 km ~~a~~", "\\~5 km \\~\\~a\\~\\~" },
		{ "~5 km", "~5 km" },
		{ "$5 and US$ 6, $7", "$5 and US\\$ 6, $7" },
		{ "~~~<br>```", "\\~\\~\\~\\\n\\`\\`\\`" },
		{ "<ul><li>[ ] a<li>[x] b<li>[y] c</ul>", "- \\[ ] a\n- \\[x] b\n- [y] c" },
		{ "<i>a</i><b>1</b>. b<br>$<br>$ *<br>*", "a**1**. b\\\n$\\\n$ \\*\\\n\\*" },
		{ "<b>1</b>. b", "**1**\\. b" },
		{ "<ul><li>- a<li>+<li>1. b</ul>", "- \\- a\n- \\+\n- 1\\. b" },
	};

	EXPECT(cases);
}

#define TEX(tex) \
	"<math><mi>x</mi><annotation encoding='application/x-tex'>" tex "</annotation></math>"

Test(markdown, formulas_are_tex_as_it_is)
{
	static const struct markdown_case cases[] = {
		{ "so " TEX("x_1 * y_2") ", 5$ <i>" TEX("\\frac{a}{b}") "</i>",
			"so $x_1 * y_2$, 5\\$ *$\\frac{a}{b}$*" },
		{ "a<math display=block alttext='\\sum_i\n i'><mi>i</mi></math>b",
			"a\n\n$$\\sum_i i$$\n\nb" },
		{ "<table><tr><th>a<th>b<tr><td>" TEX("|x|") "<td>c</table>",
			"| a | b |\n| --- | --- |\n| $\\|x\\|$ | c |" },
	};

	EXPECT(cases);
}

Test(markdown, links_by_option)
{
	static const struct markdown_case cases[] = {
		{ "<a href='http://a/b?c=1&amp;d=(2) 3'>x <b>y</b></a>!",
			"[x y](http://a/b?c=1&d=%282%29%203)!" },
		{ "wow!<a href=/a>[b]</a>", "wow\\![\\[b\\]](/a)" },
		{ "<a href='#n'>a</a> <a href='javascript:x()'>b</a> <a>c</a>", "a b c" },
		{ "<b><a href=/a>a</a></b> <a href=/b><code>b</code></a>",
			"**[a](/a)** [`b`](/b)" },
		{ "<a href=/a><p>a<p>b</a>", "[a](/a)\n\n[b](/a)" },
		{ "<a href=/a><img src=x></a>b", "b" },
		{ "<ul><li><a href=/a>a</a><li><a href=/a>b</a></ul>", "- [a](/a)\n- [b](/a)" },
	};

	expect(cases, ARRAY_LEN(cases), true);
}

Test(markdown, only_what_is_chosen)
{
	static const struct html_limits wide = {
		.max_nodes = 1000, .max_depth = 1000, .max_bytes = GIB
	};
	struct html_tree t = { 0 };
	struct buf out = { 0 };
	uint8_t in[64] = { 0 };

	html_parse(&t,
		SLICE("<h1>no</h1><ol><li>no<li>a<b>no</b>b</ol><blockquote>no</blockquote>"
		      "<pre>no</pre><hr>"),
		&wide);
	cr_assert(t.n_nodes < sizeof(in));
	for (uint32_t i = 1; i < t.n_nodes; i++)
		in[i] = t.nodes[i].tag == HTML_TEXT && !slice_eq(html_text(&t, i), SLICE("no"));
	html_markdown_of(&t, in, false, &out);
	cr_expect_str_eq(buf_cstr(&out), "2. a b");
	buf_release(&out);
	html_release(&t);
}
