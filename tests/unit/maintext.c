/* The main text of written pages of several kinds. */
#include "stages/extract/maintext.h"

#include "stages/extract/text.h"

#include <criterion/criterion.h>

#define NAV \
	"<div class=header><a href=/>Home</a><ul class=menu><li><a href=/a>Products</a>" \
	"<li><a href=/b>Services</a><li><a href=/c>About us</a><li><a href=/d>Contact</a>" \
	"<li><a href=/e>Jobs</a><li><a href=/f>Press</a></ul><form><input name=q>" \
	"<button>Search</button></form></div>"
#define FOOT \
	"<div id=footer><ul><li><a href=/i>Imprint</a><li><a href=/p>Privacy</a></ul>" \
	"<p>Copyright 2020 by somebody, all rights reserved.</p></div>"
#define ONE \
	"One cold evening the ferry did not come, and nobody on the quay could say why it was late."
#define TWO \
	"The harbour master lit the lamp, sat down beside it, and waited until the morning, when " \
	"the boat was seen behind the island."

static const struct html_limits wide = {
	.max_nodes = 1000000, .max_depth = 1000, .max_bytes = GIB
};

static void expect_with(struct maintext *m, const char *page, const char *want)
{
	struct html_tree t = { 0 };
	struct buf out = { 0 };

	html_parse(&t, slice_str(page), &wide);
	maintext_choose(m, &t, MAINTEXT_BALANCED, false);
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
	expect("<body>" NAV "<div class=story><p>" ONE "<p>" TWO "</div>" FOOT, ONE "\n\n" TWO);
	expect("<body>" NAV "<main><p>" ONE "<p>" TWO
	       "</main><aside class=sidebar><h3>Related stories</h3><p><a href=/1>Another night</a>"
	       "</aside>"
	       "<footer><p>Copyright 2020 by somebody.</footer>",
		ONE "\n\n" TWO);
}

Test(maintext, keeps_links_lists_tables_and_code_in_the_text)
{
	expect("<body>" NAV "<article class=post-content><p>One cold <a href=/e>evening</a> the "
	       "ferry did not come, and nobody knew why.<p>" TWO
	       "<ul><li>a boat, with two oars and a sail<li>a lamp that was lit all night</ul>"
	       "<p>" ONE "<pre>x = 1\n  y = measured(x)</pre><p>" TWO
	       "<table><tr><th>place<th>state of the tide<tr><td>harbour<td>low, and still falling"
	       "</table><p>" ONE "</article>" FOOT,
		"One cold evening the ferry did not come, and nobody knew why.\n\n" TWO
		"\n\na boat, with two oars and a sail\na lamp that was lit all night\n\n" ONE
		"\n\nx = 1\n  y = measured(x)\n\n" TWO
		"\n\nplace\tstate of the tide\nharbour\tlow, and still falling\n\n" ONE);
}

Test(maintext, keeps_code_and_the_heads_of_parts_with_their_text)
{
	expect("<body>" NAV "<article><p>" ONE "<p>" TWO
	       "<pre>f</pre><details><summary>Why?</summary><p>" ONE "</p></details><p>" TWO
	       "<pre>fclose(f);</pre></article>" FOOT,
		ONE "\n\n" TWO "\n\nf\n\nWhy?\n\n" ONE "\n\n" TWO "\n\nfclose(f);");
}

Test(maintext, leaves_groups_of_links_inside_the_text)
{
	expect("<body><div><p>" ONE "<div><a href=1>First other story of ours</a> "
	       "<a href=2>Second other story of ours</a></div><p>" TWO "</div>",
		ONE "\n\n" TWO);
}

/* What a script will open is content (accordions, tabs); what is no text never is. */
Test(maintext, leaves_what_nobody_will_see)
{
	expect("<body><div><p>" ONE "<p>" TWO
	       "<script>var x = 'text, text';</script><style>p { color: red }</style>"
	       "<template><p>" ONE "</template><select><option>One<option>Two</select></div>",
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
	expect("<body>" NAV "<noscript>Enable scripts.</noscript><div class=story><p>" ONE "<p>" TWO
	       "<p>" ONE "</div>" FOOT,
		ONE "\n\n" TWO "\n\n" ONE);
}

Test(maintext, needs_no_spaces_between_words)
{
	expect("<body>" NAV "<div><p>ある寒い夜、渡し船は来なかった。なぜ遅れているのか、"
	       "誰にもわからなかった。<p>港長は灯をともし、朝まで待った。</div>" FOOT,
		"ある寒い夜、渡し船は来なかった。なぜ遅れているのか、誰にもわからなかった。\n\n"
		"港長は灯をともし、朝まで待った。");
}

static uint64_t bytes_of(const char *page, enum maintext_mode mode, bool comments)
{
	struct html_tree t = { 0 };
	struct maintext m = { 0 };
	uint64_t bytes;

	html_parse(&t, slice_str(page), &wide);
	bytes = maintext_choose(&m, &t, mode, comments);
	maintext_release(&m);
	html_release(&t);
	return bytes;
}

Test(maintext, takes_more_for_recall_and_less_for_precision)
{
	static const char page[] =
		"<body>" NAV "<h1>Boats</h1><div class=intro>All our boats, by name.</div>"
		"<ul class=cards><li><h3>The Ferry</h3>Wood, 1901<li><h3>The Lamp</h3>Steel"
		"</ul><p>" ONE "</p><div class=note>Prices on request.</div>" FOOT;
	uint64_t precise = bytes_of(page, MAINTEXT_PRECISION, false);
	uint64_t balanced = bytes_of(page, MAINTEXT_BALANCED, false);
	uint64_t full = bytes_of(page, MAINTEXT_RECALL, false);

	cr_expect(precise <= balanced && balanced <= full);
	cr_expect(precise < full, "%lu %lu", precise, full);
}

Test(maintext, takes_comments_when_asked_for)
{
	static const char page[] =
		"<body>" NAV "<article><h1>The night</h1><p>" ONE "<p>" TWO "<p>" ONE
		"</article><section id=comments><h3>Comments</h3><ol class=comment-list>"
		"<li class=comment><p>What a good story, thank you.</ol>"
		"<form class=comment-form><label>Leave a reply</label></form></section>" FOOT;
	static const char story[] = "Whatagoodstory,thankyou.", title[] = "Comments";
	uint64_t without = bytes_of(page, MAINTEXT_BALANCED, false);

	cr_expect_eq(bytes_of(page, MAINTEXT_BALANCED, true),
		without + sizeof(story) - 1 + sizeof(title) - 1);
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
