/* Inputs follow the examples of mediawiki.org's Help:Formatting, Help:Links, Help:Lists,
 * Help:Tables, Help:Templates and of the parser's own tests; what is expected is what a reader of
 * the page sees. */
#include "stages/extract/wikitext.h"

#include <criterion/criterion.h>

struct row {
	const char *given, *want;
};

static unsigned flags; /* WIKI_... */

static struct buf convert(const char *given, const struct wiki_names *names)
{
	struct buf out = { 0 };

	wikitext_to_text(slice_str(given), names, flags, &out);
	buf_cstr(&out);
	return out;
}

static void check_in(const struct row *rows, size_t n, const struct wiki_names *names)
{
	for (size_t i = 0; i < n; i++) {
		struct buf out = convert(rows[i].given, names);

		cr_expect_str_eq(out.p, rows[i].want, "given <%s>\n got <%s>\nwant <%s>",
			rows[i].given, out.p, rows[i].want);
		buf_release(&out);
	}
}

static void check(const struct row *rows, size_t n)
{
	static const struct wiki_names english = { .n_file = 0 };

	check_in(rows, n, &english);
}

Test(wikitext, quotes_go_and_apostrophes_stay)
{
	static const struct row rows[] = {
		{ "''italic'' and '''bold'''", "italic and bold" },
		{ "'''''both''''' of them", "both of them" },
		{ "'''''bold and italic''' then italic''", "bold and italic then italic" },
		{ "don't, o'clock", "don't, o'clock" },
		{ "four ''''apostrophes''''", "four 'apostrophes'" },
		/* Parser::doQuotes: odd numbers of both, so the ''' behind a letter is ' and ''. */
		{ "c'est l'''avenue'' ici", "c'est l'avenue ici" },
		{ "'''unclosed bold\nnext", "unclosed bold next" },
		{ "''<nowiki/>'plain", "'plain" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(wikitext, links_show_their_label)
{
	static const struct row rows[] = {
		{ "[[Main page]]", "Main page" },
		{ "[[Help:Editing pages|editing help]]", "editing help" },
		{ "[[Help]]s and [[dog]]gy", "Helps and doggy" },
		{ "[[Help:Contents|]]", "Contents" },
		{ "[[Boston, Massachusetts|]]", "Boston" },
		{ "[[Pipe (computing)|]]", "Pipe" },
		{ "[[a|b|c]]", "b|c" },
		{ "[[:Category:Help]]", "Category:Help" },
		{ "[[:File:Example.jpg]]", "File:Example.jpg" },
		{ "[[Category:Help]]", "" },
		{ "text [[Category:Help|sort key]]", "text" },
		{ "[[#See also|different text]]", "different text" },
		{ "[[Help:Editing pages#See also]]", "Help:Editing pages#See also" },
		{ "[[wikt:anarchism|anarchism]]", "anarchism" },
		{ "text\n[[de:Stadt]]\n[[zh-min-nan:Sia]]", "text" },
		{ "[[:de:Stadt|Stadt]]", "Stadt" },
		{ "[[''italic'' page|''label'']]", "label" },
		{ "[[a|[b]]]", "[b]" },
		{ "array[i[0]] stays", "array[i[0]] stays" },
		{ "[[unclosed link\nnext line", "unclosed link next line" },
		{ "[[unclosed|label\n\nnext", "unclosed|label\n\nnext" },
		{ "closed]] only", "closed only" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(wikitext, external_links_show_their_label)
{
	static const struct row rows[] = {
		{ "[http://mediawiki.org MediaWiki]", "MediaWiki" },
		{ "see [http://mediawiki.org].", "see." },
		{ "https://mediawiki.org", "https://mediawiki.org" },
		{ "[//en.wikipedia.org Wikipedia]", "Wikipedia" },
		{ "[mailto:info@example.org email me]", "email me" },
		{ "[http://a.example ''Title'' of [[page|a page]]]", "Title of a page" },
		{ "[[http://a.example label]]", "label" },
		{ "[not a link]", "[not a link]" },
		{ "[http://a.example unclosed\nnext", "[http://a.example unclosed next" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(wikitext, files_go_with_their_captions)
{
	static const struct row rows[] = {
		{ "[[File:Example.jpg]]", "" },
		{ "a [[Image:Example.png|thumb|Caption with [[link|a link]] and {{nowrap|x}}]] b",
			"a b" },
		{ "[[File:A.jpg|thumb|one\n\ntwo [http://a.example b]]]text", "text" },
		{ "[[file:example.jpg|left|[[File:inner.jpg]]]]text", "text" },
		{ "[[Media:Example.ogg|listen]]", "listen" },
		{ "before\n<gallery>\nFile:A.jpg|caption\n</gallery>\nafter", "before\n\nafter" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(wikitext, names_of_the_wiki_are_known)
{
	static const struct wiki_names german = { .file = { { "Datei", 5 } },
		.n_file = 1,
		.category = { { "Kategorie", 9 } },
		.n_category = 1 };
	static const struct wiki_names russian = { .file = { { "Файл", 8 } }, .n_file = 1 };
	static const struct row rows[] = {
		{ "[[Datei:Beispiel.jpg|mini|Bild]]Text", "Text" },
		{ "[[datei:Beispiel.jpg]]Text[[Kategorie:Stadt]]", "Text" },
		{ "[[Bild:Beispiel.jpg]]Text", "Text" },
		/* A word that no table has: the ending tells. */
		{ "[[Skeudenn:Skouer.JPG|thumb|Alc'hwez]]Text", "Text" },
		{ "[[Foo:Bar.com|label]] [[Media:A.ogg|hear]]", "label hear" },
	};
	static const struct row other[] = { { "[[файл:Пример.jpg|мини]]Текст", "Текст" } };

	check_in(rows, ARRAY_LEN(rows), &german);
	check_in(other, ARRAY_LEN(other), &russian);
}

Test(wikitext, templates_go)
{
	static const struct row rows[] = {
		{ "a{{cite web|url=http://x|title=[[y]]}}b", "ab" },
		{ "{{Infobox\n| name = {{nowrap|x}}\n| b = {{c|{{d}}}}\n}}\nText", "Text" },
		{ "{{{1|default}}} and {{{2}}}", "default and" },
		{ "{{{{{1}}}}}x", "x" },
		{ "{{a|{{{b|{{c}}}}}}}x", "x" },
		{ "{{unclosed|a=b\ntext", "unclosed|a=b text" },
		{ "text}} more", "text more" },
		{ "{single} {braces}", "{single} {braces}" },
		{ "{{DEFAULTSORT:Name}}{{#if:x|y|z}}text", "text" },
		{ "{{foo|[[unclosed}} text", "text" },
	};

	check(rows, ARRAY_LEN(rows));
}

/* Expectations are what the templates' own documentation shows. */
Test(wikitext, inline_templates_show_their_text)
{
	static const struct row rows[] = {
		{ "{{nowrap|New York}} and {{Lang|fr|''bonjour''}}", "New York and bonjour" },
		{ "{{lang-de|Deutschland}}", "Deutschland" },
		{ "{{transl|ar|ALA|kitab}}", "kitab" },
		{ "{{convert|5|km|mi}}", "5 km" },
		{ "{{convert|5|to|10|km2|sqmi|abbr=on}}", "5 to 10 km\xc2\xb2" },
		{ "{{convert|5|-|10|km}}",
			"5\xe2\x80\x93"
			"10 km" },
		{ "{{convert|6|ft|2|in|m}}", "6 ft 2 in" },
		{ "{{convert|100|sqmi|km2|1}}", "100 sq mi" },
		{ "A{{snd}}B{{ndash}}C{{mdash}}D",
			"A \xe2\x80\x93 B\xe2\x80\x93"
			"C\xe2\x80\x94"
			"D" },
		{ "{{nowrap|1=a=b}}", "a=b" },
		{ "{{frac|1|2}} {{frac|3|1|2}} {{frac|4}}", "1/2 3 1/2 1/4" },
		{ "{{chem|H|2|O}}", "H2O" },
		{ "{{as of|2009|4}}", "As of April 2009" },
		{ "{{formatnum:1234567}}", "1234567" },
		{ "{{nihongo|Tokyo Tower|東京タワー|T\xc5\x8dky\xc5\x8d tawā}}",
			"Tokyo Tower (東京タワー, T\xc5\x8dky\xc5\x8d tawā)" },
		{ "before\n{{quote|Said [[he]].|author=Him}}\nafter",
			"before\n\nSaid he.\n\nafter" },
		{ "{{nowrap|{{lang|fr|a {{convert|1|m}}}}}}", "a 1 m" },
		{ "{{HMS|Victory}}", "HMS Victory" },
		{ "{{val|1.5|u=m2}}", "1.5 m\xc2\xb2" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(wikitext, what_a_template_leaves_is_tidied)
{
	static const struct row rows[] = {
		{ "Paris ({{IPAc-en|p}}; born 1900) is", "Paris (born 1900) is" },
		{ "Paris ( {{IPAc-en|p}} ) is", "Paris is" },
		{ "Paris (city, {{x}}) is", "Paris (city) is" },
		{ "word {{cn}}, next {{cn}}.", "word, next." },
		{ "f() and g( )", "f() and g( )" },
		{ "a <ref>x</ref> b", "a b" },
		{ "* {{cite book|x}}, ISBN 1", "- ISBN 1" },
		{ "{{anchor|x}} Text", "Text" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(wikitext, tables_are_rows_of_fields)
{
	static const struct row rows[] = {
		{ "a\n{| class=\"wikitable\"\n|+ Cap\n|-\n! H !! I\n|-\n| cell || b\n|}\nc",
			"a\n\nCap\n\nH\tI\ncell\tb\n\nc" },
		{ "{|\n|a\n|b\n|-\n|c\n|d\n|}", "a\tb\nc\td" },
		{ "{|\n| x\n| y\n{|\n| n || m\n|}\n|}\nb", "x\n\ny\n\nn\tm\n\nb" },
		{ ":{|\n| indented\n|}\ntext", "indented\n\ntext" },
		{ "{|\n| style=\"x\" | {{x|\n|}}z\n| y\n|}\ntext", "z\ty\n\ntext" },
		{ "{{Infobox|x=\n{|\n|a\n|}\n|y=z}}text", "text" },
		{ "{|\n| open || b\n{{end}}\ntext", "open\tb\n\ntext" },
		/* Parser::handleTables closes what is open at the end of the page. */
		{ "{|\n| never closed\ntext\n", "never closed text" },
		{ "{|\n|text\n|-\n|x", "text\n\nx" },
		{ "{|\n! a\n! b\n|-\n| c || d", "a\tb\nc\td" },
		{ "{|\n| a\n|-\nstray\n\n== H ==\ntext", "a\n\nstray\n\nH\n\ntext" },
		{ "{|\nno cell\n{| class=x\n| a || b", "no cell\n\na\tb" },
		{ "{| class=\"infobox\"\n| a\n\nthe page", "a\n\nthe page" },
		{ "<table><tr><td>a<td>b", "a\tb" },
		{ "|x| is what it is\n\n| too", "|x| is what it is\n\n| too" },
		{ "{{begin}}\n| a\n|-\n| b\n{{end}}\n\n|x| is", "|x| is" },
		{ "<table><tr><td>a</td><td class=x>b | c</td></tr><tr><th>d<th>e</table>text",
			"a\tb | c\nd\te\n\ntext" },
		{ "a {| b |} c", "a {| b |} c" },
		{ "{|\n|colspan=2| a || b\n|-\n| c || d || e\n|}", "a\t\tb\nc\td\te" },
		{ "{|\n|rowspan=\"2\"| a || b\n|-\n| c\n|-\n| d || e\n|}", "a\tb\n\tc\nd\te" },
		{ "{|\n| [[x|y]] || ''z''<br>w\n|-\n|\n* one\n* two\n|| 3\n|}",
			"y\tz w\none, two\t3" },
		{ "{|\n| a || colspan=\"2\" {{won}} || c\n|}", "a\t\t\tc" },
		{ "{|\n| a || style = b || c\n|}", "a\t\tc" },
		{ "{|\n| a || colspan=9000000000000000 | b\n|}", "a\tb" },
		{ "{|\n|-\n|-\n| ||\n|-\n|}text", "text" },
		{ "{| class=\"infobox vcard\"\n| a || b\n|}text", "text" },
		{ "{| class=\"stock\"\n| a || b\n|}text", "a\tb\n\ntext" },
		{ "{|\n| one\n\ntwo\n| three\n|}", "one\n\ntwo\n\nthree" },
		{ "{|\n| <nowiki>a || b</nowiki> || c\n|}", "a || b\tc" },
		{ "{|\n|a||b\n|- stray\nstray\n|c||d\n|}", "a\tb\nc\td" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(wikitext, tags_go_and_what_they_mean_stays)
{
	static const struct row rows[] = {
		{ "a<ref name=\"x\">note {{c}}</ref>b<ref name=x />c<ref>d</ref >e", "abce" },
		{ "<REF>x</REF>a", "a" },
		{ "a<references>\n<ref>x</ref>\n</references>", "a" },
		{ "a<!-- comment\n\nlong -->b", "ab" },
		{ "one\n<!-- alone -->\ntwo", "one two" },
		{ "a<!-- unclosed", "a" },
		{ "H<sub>2</sub>O, 10<sup>6</sup>, 19<sup>th</sup>", "H2O, 10^6, 19th" },
		{ "a<br>b<br />c", "a\nb\nc" },
		{ "<div class=\"x\">a</div>b <span style=\"y\">c</span>", "a b c" },
		{ "a < b and c > d, <unknown>", "a < b and c > d, <unknown>" },
		{ "<ul><li>a</li><li>b</li></ul>", "- a\n- b" },
		{ "<h2>Head</h2>\ntext", "Head\n\ntext" },
		{ "a<ref>unclosed, b", "aunclosed, b" },
		{ "<includeonly>x</includeonly><noinclude>y</noinclude>", "y" },
		{ "<poem>\nRoses\nViolets\n\nSugar\n</poem>", "Roses\nViolets\n\nSugar" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(wikitext, code_and_formulas_stay)
{
	static const struct row rows[] = {
		{ "<nowiki>[[x]] {{y}} ''z''</nowiki>", "[[x]] {{y}} ''z''" },
		{ "<nowiki>&lt;ref&gt;</nowiki>", "<ref>" },
		{ "a\n<pre>one line</pre>\nb", "a\n\none line\n\nb" },
		{ "a\n<pre>\n  x  =\n\n[[y]]\n</pre>\nb", "a\n\n  x  =\n\n[[y]]\n\nb" },
		{ "<syntaxhighlight lang=\"c\">\nif (a[[0]]) { &amp; }\n\tx;\n</syntaxhighlight>",
			"if (a[[0]]) { &amp; }\n\tx;" },
		{ "use <syntaxhighlight lang=\"c\" inline>x {{ y</syntaxhighlight> here",
			"use x {{ y here" },
		{ "<code>a[i]</code>", "a[i]" },
		{ "so <math>x^2 \\text{a}</math> is", "so $x^2 \\text{a}$ is" },
		{ "<math>\\frac{{a}}{b}</math>", "$\\frac{ {a}}{b}$" },
		{ "<ce>H2O</ce>", "$\\ce{H2O}$" },
		{ "{{foo|<nowiki>}}</nowiki>}}x", "x" },
		{ " preformatted\n  line", "preformatted\nline" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(wikitext, headings_stand_on_lines_and_empty_ones_go)
{
	static const struct row rows[] = {
		{ "== Level 2 ==\ntext\n=== Level 3 ===\nmore",
			"Level 2\n\ntext\n\nLevel 3\n\nmore" },
		{ "a\n== Empty ==\n== Full ==\nb", "a\n\nFull\n\nb" },
		{ "a\n== Parent ==\n=== Child ===\nb", "a\n\nParent\n\nChild\n\nb" },
		{ "a\n== References ==\n{{reflist}}\n", "a" },
		{ "=== Uneven ==\nx", "= Uneven\n\nx" },
		{ "== ''It'' [[x|y]] ==\nx", "It y\n\nx" },
		{ "a = b\n= c", "a = b = c" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(wikitext, lists_are_items_on_lines)
{
	static const struct row rows[] = {
		{ "* one\n* two\n** deep\n* three", "- one\n- two\n  - deep\n- three" },
		{ "# one\n# two", "- one\n- two" },
		{ "text\n* item\ntext", "text\n\n- item\n\ntext" },
		{ "; term : definition\n; other\n: its text", "term: definition\nother\nits text" },
		{ ": indented\n:: more", "indented\nmore" },
		{ "* a\n\n* b", "- a\n- b" },
		{ "* {{x}}\n* b", "- b" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(wikitext, paragraphs_are_lines_with_a_blank_one_between)
{
	static const struct row rows[] = {
		{ "one\ntwo\n\n\n\nthree", "one two\n\nthree" },
		{ "中文\n下一行", "中文下一行" },
		{ "a\n----\nb", "a\n\nb" },
		{ "  \n\t\n", "" },
		{ "", "" },
		{ "a  b\t c", "a b c" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(wikitext, entities_are_decoded_last)
{
	static const struct row rows[] = {
		{ "&lt;ref&gt; &amp; &eacute; &#233; &#xE9; &nbsp;x", "<ref> & é é é x" },
		{ "&notanentity; & &; &#; &#xZZ;", "&notanentity; & &; &#; &#xZZ;" },
		{ "&#1; &#xD800; &#9999999999;", "&#1; &#xD800; &#9999999999;" },
		{ "soft&shy;hyphen", "softhyphen" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(wikitext, switches_go)
{
	static const struct row rows[] = {
		{ "__TOC__\ntext __NOEDITSECTION__", "text" },
		{ "python's __init__ and C's __FILE__", "python's __init__ and C's __FILE__" },
	};

	check(rows, ARRAY_LEN(rows));
}

Test(wikitext, variants_are_chosen_where_the_wiki_has_them)
{
	static const struct wiki_names chinese = { .variants = true };
	static const struct row rows[] = {
		{ "-{zh-hans:计算机; zh-hant:電腦}-是", "计算机是" },
		{ "-{H|zh-cn:a;zh-tw:b}-x", "x" },
		{ "-{原文}-", "原文" },
	};
	static const struct row other[] = { { "x -{y}- z", "x -{y}- z" } };

	check_in(rows, ARRAY_LEN(rows), &chinese);
	check(other, ARRAY_LEN(other));
}

Test(wikitext, nothing_that_looks_like_markup_is_put_together)
{
	static const char *const given[] = { "[{{x}}[a", "{<!-- -->{a", "<<ref>ref>", "[[[[a",
		"{{{{{{a", "'[''[", "[<span>[</span>" };

	for (size_t i = 0; i < ARRAY_LEN(given); i++) {
		static const struct wiki_names english = { .n_file = 0 };
		struct buf out = convert(given[i], &english);

		cr_expect(!strstr(out.p, "[[") && !strstr(out.p, "{{") && !strstr(out.p, "<ref"),
			"given <%s> got <%s>", given[i], out.p);
		buf_release(&out);
	}
}

/* 100,000 openers: would take minutes if any of them were looked at more than a few times. */
Test(wikitext, openers_without_closers_are_passed)
{
	static const char *const openers[] = { "{{", "[[", "\n{|", "[http://x ", "<ref>", "<!--",
		"{{a|", "[[File:x|", "<div ", "''", "-{", "<nowiki>", "<table>", "{{nowrap|", "&",
		"__", "\n=", "}}", "]]", "(\x03", "<poem>", "| ", "    |" };
	static const struct wiki_names names = { .variants = true };

	for (size_t i = 0; i < ARRAY_LEN(openers); i++) {
		struct buf in = { 0 }, out = { 0 };

		for (int k = 0; k < 100000; k++)
			buf_str(&in, openers[i]);
		wikitext_to_text(
			buf_view(&in), &names, i % 2 ? WIKI_MARKDOWN | WIKI_LINKS : 0, &out);
		cr_expect_leq(out.n, (i % 2 ? 2 * in.n : in.n) + 2, "%s", openers[i]);
		buf_release(&in);
		buf_release(&out);
	}
}

/* In markdown. */

Test(markdown, emphasis_is_kept_where_it_can_be_read)
{
	static const struct row rows[] = {
		{ "''italic'' and '''bold'''", "*italic* and **bold**" },
		{ "'''''both''''' of", "***both*** of" },
		{ "'''''b''' i'' x", "***b** i* x" },
		{ "'''''i'' b''' x", "***i* b** x" },
		{ "a '' spaced '' x", "a *spaced* x" },
		{ "c'est l'''avenue'' ici", "c'est l'*avenue* ici" },
		{ "'''open to the end", "**open to the end**" },
		/* Punctuation before and a letter behind: no closing asterisks are read there. */
		{ "'''(a)'''b", "(a)b" },
		{ "'''中文'''是", "**中文**是" },
		{ "'''「中文」'''是", "「中文」是" },
		{ "''a'''''b'''", "*a*b" },
		{ "''a '''b'' c''' d", "*a b* c d" },
		{ "'''[[x|label]]''' is", "**label** is" },
	};

	flags = WIKI_MARKDOWN;
	check(rows, ARRAY_LEN(rows));
}

Test(markdown, what_would_be_markup_is_escaped)
{
	static const struct row rows[] = {
		{ "2 * 3 * 4, a_b, _c_, x`y", "2 \\* 3 \\* 4, a_b, \\_c\\_, x\\`y" },
		{ "<nowiki># not a heading</nowiki>", "\\# not a heading" },
		{ "#hashtag", "1. hashtag" },
		{ "<nowiki>- a</nowiki>", "\\- a" },
		{ "1. Bundesliga", "1\\. Bundesliga" },
		{ "1.5 and 1986) x", "1.5 and 1986) x" },
		{ "1986) x", "1986\\) x" },
		{ "&gt; quoted", "\\> quoted" },
		{ "&lt;b&gt; 3 < 4", "\\<b> 3 < 4" },
		{ "&amp;amp; A&B", "\\&amp; A\\&B" },
		{ "a [1] b [x](y)", "a [1] b [x\\](y)" },
		{ "costs $5 ~~x~~", "costs \\$5 \\~\\~x\\~\\~" },
		{ "a\\*b \\ c", "a\\\\\\*b \\\\ c" },
		{ "text<br>===", "text\\\n\\===" },
		{ "a<br>b<br>+ c", "a\\\nb\\\n\\+ c" },
		{ "one\n+ two", "one + two" },
	};

	flags = WIKI_MARKDOWN;
	check(rows, ARRAY_LEN(rows));
}

Test(markdown, headings_have_signs)
{
	static const struct row rows[] = {
		{ "== Two ==\na\n=== Three ===\nb", "## Two\n\na\n\n### Three\n\nb" },
		{ "== C# ==\na\n== ''It'' ==\nb", "## C\\#\n\na\n\n## *It*\n\nb" },
		{ "== Empty ==\n", "" },
	};

	flags = WIKI_MARKDOWN;
	check(rows, ARRAY_LEN(rows));
}

Test(markdown, lists_nest_by_the_width_of_their_signs)
{
	static const struct row rows[] = {
		{ "* a\n** b\n* c", "- a\n  - b\n- c" },
		{ "# a\n# b\n#* c\n# d", "1. a\n2. b\n   - c\n3. d" },
		{ "*** deep\n* a", "- deep\n- a" },
		{ "x\n* [ ] a\ny", "x\n\n- \\[ ] a\n\ny" },
		{ "* a\n*: more\n* b", "- a\n\n  more\n- b" },
		{ ": indented\n:: more", "indented\n\nmore" },
		{ "; term : text\n: other", "term: text\n\nother" },
		{ "* a<br>b", "- a\\\n  b" },
		{ "* a\n== H ==\n* b", "- a\n\n## H\n\n- b" },
	};

	flags = WIKI_MARKDOWN;
	check(rows, ARRAY_LEN(rows));
}

Test(markdown, code_is_fenced)
{
	static const struct row rows[] = {
		{ "a\n<syntaxhighlight lang=\"c\">\nx = *p;\n</syntaxhighlight>\nb",
			"a\n\n```c\nx = *p;\n```\n\nb" },
		{ "<pre>a ``` &lt;b></pre>", "````\na ``` <b>\n````" },
		{ " line *one*\n line two\ntext", "```\nline *one*\nline two\n```\n\ntext" },
		{ "use <code>a_b[''i'']</code> and <code>x`y</code>", "use `a_b[i]` and ``x`y``" },
		{ "<code>`x`</code>", "`` `x` ``" },
		{ "<code>open *", "open \\*" },
		{ "an <syntaxhighlight lang=c inline>i*j*k</syntaxhighlight> x", "an `i*j*k` x" },
		{ "so <math>a_i * b</math> is", "so $a_i * b$ is" },
	};

	flags = WIKI_MARKDOWN;
	check(rows, ARRAY_LEN(rows));
}

Test(markdown, tables_have_bars)
{
	static const struct row rows[] = {
		{ "{|\n! A !! B\n|-\n| ''c'' || d&#124;e\n|}\nx",
			"| A | B |\n| --- | --- |\n| *c* | d\\|e |\n\nx" },
		{ "{|\n! A\n|-\n| 1 || 2 || 3\n|}",
			"| A |  |  |\n| --- | --- | --- |\n| 1 | 2 | 3 |" },
		{ "{|\n| a || <code>x&#124;y</code>\n|}\n{|\n| b || c\n|}",
			"| a | `x\\|y` |\n| --- | --- |\n\n| b | c |\n| --- | --- |" },
	};

	flags = WIKI_MARKDOWN;
	check(rows, ARRAY_LEN(rows));
}

Test(markdown, links_to_addresses_have_their_targets)
{
	static const struct row rows[] = {
		{ "see [http://a.example/x?y=1&amp;z=2 the ''page''].",
			"see [the *page*](http://a.example/x?y=1&z=2)." },
		{ "[//a.example/b_(c) [[x|label]] <nowiki>[1]</nowiki>]",
			"[label \\[1\\]](//a.example/b_%28c%29)" },
		{ "''[mailto:a@b.example mail]''!", "*[mail](mailto:a@b.example)*!" },
		{ "* [http://a.example * a]\n== [http://a.example b] ==\nx",
			"- [\\* a](http://a.example)\n\n## [b](http://a.example)\n\nx" },
		{ "{|\n| [http://a.example/x|y b] || c\n|}",
			"| [b](http://a.example/x%7Cy) | c |\n| --- | --- |" },
		/* No address, or no label; where brackets would be read otherwise; two at once. */
		{ "[[Page|label]] [http://a.example] x", "label x" },
		{ "[[http://a.example label]]", "label" },
		{ "look![http://a.example here]", "look!here" },
		{ "a[<!-- -->[//b [c]", "a[c" },
		{ "[http://a.example {{x}}]y", "y" },
		{ "[http://a.example/{{x}}/b label]", "/b label" },
		{ "{{nowrap|[http://a.example/?b=c label]}}", "label" },
		{ " code [http://a.example label]", "```\ncode label\n```" },
		{ "<code>[http://a.example label]</code>", "`label`" },
	};

	flags = WIKI_MARKDOWN | WIKI_LINKS;
	check(rows, ARRAY_LEN(rows));
}

/* Pages of other kinds. */

Test(wikitext, disambiguation_pages_are_told_in_any_language)
{
	static const char *const pages[] = { "x\n{{disambig}}", "{{Begriffsklärung}}",
		"{{homonymie|x}}", "{{неоднозначность}}", "{{Многозначность}}", "{{aimai}}",
		"{{消歧义}}", "{{Human_name_disambiguation}}", "x __DISAMBIG__", "{{hndis|A, B}}" };
	static const char *const articles[] = { "{{about|x|y}} text", "{{other uses}}",
		"{{infobox|a={{disambig}}}}", "disambig", "{{disambiguation needed}}" };
	static const struct wiki_names names = { .n_file = 0 };
	struct buf out = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(pages); i++)
		cr_expect(wikitext_to_text(slice_str(pages[i]), &names, 0, &out), "%s", pages[i]);
	for (size_t i = 0; i < ARRAY_LEN(articles); i++)
		cr_expect_not(wikitext_to_text(slice_str(articles[i]), &names, 0, &out), "%s",
			articles[i]);
	cr_expect(wikitext_disambiguates(SLICE("Mercury (disambiguation)")));
	cr_expect(wikitext_disambiguates(SLICE("Merkur (Begriffsklärung)")));
	cr_expect_not(wikitext_disambiguates(SLICE("Mercury (planet)")));
	cr_expect_not(wikitext_disambiguates(SLICE("disambiguation)")));
	buf_release(&out);
}

Test(wikitext, redirects_are_told_in_any_language)
{
	static const char *const redirects[] = { "#REDIRECT [[x]]", "#redirect:[[x]]",
		" #WEITERLEITUNG [[x]]", "#перенаправление [[x]]", "#REDIRECTION[[x]]",
		"#重定向 [[x]]" };
	static const char *const others[] = { "# [[x]]", "#hash [[x]]", "REDIRECT [[x]]",
		"#redirect" };

	for (size_t i = 0; i < ARRAY_LEN(redirects); i++)
		cr_expect(wikitext_is_redirect(slice_str(redirects[i])), "%s", redirects[i]);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		cr_expect_not(wikitext_is_redirect(slice_str(others[i])), "%s", others[i]);
}
