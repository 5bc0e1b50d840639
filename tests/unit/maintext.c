/* The main text of written pages of several kinds. */
#include "stages/extract/maintext.h"

#include "stages/extract/text.h"

#include <criterion/criterion.h>

#define NAV \
	"<div class=header><a href=/>Home</a><ul class=menu><li><a href=/a>Products</a>" \
	"<li><a href=/b>Services</a><li><a href=/c>About us</a></ul></div>"
#define FOOT \
	"<div id=footer><p>Copyright by somebody, all rights reserved in every country. " \
	"<a href=/i>Imprint</a></p></div>"
#define ONE \
	"One cold evening the ferry did not come, and nobody on the quay could say why it was late."
#define TWO \
	"The harbour master lit the lamp, sat down beside it, and waited until the morning, when " \
	"the boat was seen behind the island."

static void expect_with(struct maintext *m, const char *page, const char *want)
{
	static const struct html_limits wide = {
		.max_nodes = 1000000, .max_depth = 1000, .max_bytes = GIB
	};
	struct html_tree t = { 0 };
	struct buf out = { 0 };

	html_parse(&t, slice_str(page), &wide);
	maintext_choose(m, &t);
	html_text_of(&t, m->in, &out);
	cr_expect_str_eq(buf_cstr(&out), want, "%s\n%s", page, buf_cstr(&out));
	buf_release(&out);
	html_release(&t);
}

static void expect(const char *page, const char *want)
{
	struct maintext m = { 0 };

	expect_with(&m, page, want);
	maintext_release(&m);
}

Test(maintext, takes_the_article_and_leaves_what_is_around_it)
{
	expect("<body>" NAV "<div class=story><h1>The night</h1><p>" ONE "<p>" TWO "</div>" FOOT,
		"The night\n\n" ONE "\n\n" TWO);
	expect("<body><nav>Menu with words, and more words.</nav><main><p>" ONE "<p>" TWO
	       "</main><aside><p>Read our other stories, they are good too.</aside>"
	       "<footer><p>A sentence in the footer of the page, no link.</footer>",
		ONE "\n\n" TWO);
}

Test(maintext, keeps_links_lists_tables_and_code_in_the_text)
{
	expect("<body>" NAV
	       "<article><p>One cold <a href=/e>evening</a> the ferry did not come.<p>" TWO
	       "<ul><li>a boat, with oars<li>a lamp</ul><pre>x = 1\n  y</pre>"
	       "<table><tr><td>tide<td>low</table></article>" FOOT,
		"One cold evening the ferry did not come.\n\n" TWO
		"\n\na boat, with oars\na lamp\n\nx = 1\n  y\n\ntide\n\nlow");
}

Test(maintext, leaves_groups_of_links_inside_the_text)
{
	expect("<body><div><p>" ONE "<div><a href=1>First other story of ours</a> "
	       "<a href=2>Second other story of ours</a></div><p>" TWO "</div>",
		ONE "\n\n" TWO);
}

Test(maintext, leaves_what_nobody_sees)
{
	expect("<body><div><p>" ONE
	       "<p hidden>Not shown, as a sentence.<p style='color:red;display:none'>"
	       "Nor this one, of course.<p>" TWO "<script>var x = 'text, text';</script></div>",
		ONE "\n\n" TWO);
}

Test(maintext, takes_comments_by_their_name_for_something_else)
{
	expect("<body><div><p>" ONE "<p>" TWO
	       "</div><div class=comments><p>What a good story, thank you."
	       "</div>",
		ONE "\n\n" TWO);
}

/* Themes put the names of parts on the whole page. */
Test(maintext, does_not_believe_a_name_of_the_whole_page)
{
	expect("<body class='has-sidebar nav-open'><div class=navigation-layout><p>" ONE "<p>" TWO
	       "</div>" FOOT,
		ONE "\n\n" TWO);
}

Test(maintext, takes_a_list_of_links_when_that_is_the_page)
{
	expect("<body><nav><a href=/>Home</a></nav>"
	       "<ul class=stories><li><a href=1>The night</a><li><a href=2>The lamp</a>"
	       "<li><a href=3>The ferry and the island</a></ul>",
		"The night\nThe lamp\nThe ferry and the island");
}

Test(maintext, reads_noscript_when_scripts_build_the_page)
{
	expect("<body><div id=app>Loading</div><noscript><div class=post><p>" ONE
	       "</div><div class=post>"
	       "<p>" TWO "</div></noscript>",
		ONE "\n\n" TWO);
	expect("<body><p>" ONE "<p>" TWO "<noscript>Enable scripts.</noscript>", ONE "\n\n" TWO);
}

Test(maintext, needs_no_spaces_between_words)
{
	expect("<body>" NAV
	       "<div><h1>夜</h1><p>ある寒い夜、渡し船は来なかった。なぜ遅れているのか、"
	       "誰にもわからなかった。<p>港長は灯をともし、朝まで待った。</div>" FOOT,
		"夜\n\nある寒い夜、渡し船は来なかった。なぜ遅れているのか、誰にもわからなかった。\n\n"
		"港長は灯をともし、朝まで待った。");
}

Test(maintext, finds_nothing_where_nothing_is)
{
	expect("", "");
	expect("<body><div></div>", "");
	expect("<title>Only a title</title>", "");
}

Test(maintext, remembers_no_page)
{
	struct maintext m = { 0 };

	expect_with(
		&m, "<body>" NAV "<article><p>" ONE "<p>" TWO "</article>" FOOT, ONE "\n\n" TWO);
	expect_with(&m, "<p>short", "short");
	expect_with(
		&m, "<body>" NAV "<article><p>" ONE "<p>" TWO "</article>" FOOT, ONE "\n\n" TWO);
	maintext_release(&m);
}
