/* Inputs follow the examples of mediawiki.org's Help:Formatting, Help:Links, Help:Lists,
 * Help:Tables, Help:Templates and of the parser's own tests; what is expected is what a reader of
 * the page sees. */
#include "stages/extract/wikitext.h"

#include <criterion/criterion.h>

struct row {
	const char *given, *want;
};

static struct buf convert(const char *given, const struct wiki_names *names)
{
	struct buf out = { 0 };

	wikitext_to_text(slice_str(given), names, &out);
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

Test(wikitext, tables_go)
{
	static const struct row rows[] = {
		{ "a\n{| class=\"wikitable\"\n|-\n! H\n|-\n| cell || b\n|}\nc", "a\n\nc" },
		{ "a\n{|\n| x\n{|\n| nested\n|}\n|}\nb", "a\n\nb" },
		{ ":{|\n| indented\n|}\ntext", "text" },
		{ "{|\n| {{x|\n|}}\n| y\n|}\ntext", "text" },
		{ "{{Infobox|x=\n{|\n|a\n|}\n|y=z}}text", "text" },
		{ "{|\n| open\n{{end}}\ntext", "text" },
		{ "{|\n| never closed\ntext\n", "text" },
		{ "<table><tr><td>a</td></tr></table>text", "text" },
		{ "a {| b |} c", "a {| b |} c" },
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
		wikitext_to_text(buf_view(&in), &names, &out);
		cr_expect_leq(out.n, in.n + 2, "%s", openers[i]);
		buf_release(&in);
		buf_release(&out);
	}
}
