/* Where pages are cut, and what is counted of the pieces. */
#include "stages/extract/blocks.h"

#include "stages/extract/features.h"

#include <criterion/criterion.h>

static const struct html_limits wide = {
	.max_nodes = 1000000, .max_depth = 1000, .max_bytes = GIB
};

static void cut(struct blocks *b, struct html_tree *t, const char *page)
{
	html_parse(t, slice_str(page), &wide);
	blocks_cut(b, t);
}

/* The blocks' texts, each in brackets, white space as it stands. */
static void expect_blocks(const char *page, const char *want)
{
	struct html_tree t = { 0 };
	struct blocks b = { 0 };
	struct buf got = { 0 };

	cut(&b, &t, page);
	for (size_t i = 0; i < b.n; i++) {
		buf_byte(&got, '[');
		for (uint32_t k = b.v[i].first; k <= b.v[i].last; k++)
			if (t.nodes[k].tag == HTML_TEXT)
				buf_slice(&got, html_text(&t, k));
		buf_byte(&got, ']');
	}
	cr_expect_str_eq(buf_cstr(&got), want, "%s gave %s", page, buf_cstr(&got));
	buf_release(&got);
	blocks_release(&b);
	html_release(&t);
}

Test(blocks, are_what_a_browser_sets_as_one)
{
	static const struct {
		const char *page, *want;
	} cases[] = {
		{ "<p>one <b>two</b> <a href=/>three</a></p>four", "[one two three][four]" },
		{ "<div>before<p>inside</p>after</div>", "[before][inside][after]" },
		{ "<table><tr><td>a<td>b<tr><td>c</table>", "[a][b][c]" },
		{ "<ul><li>a<ul><li>b</ul>c</ul>", "[a][b][c]" },
		{ "one<br>two", "[onetwo]" },
		{ "<button>open</button><span>text</span>", "[open][text]" },
		{ "<p> \n </p><p>a</p> <p>\t</p>", "[a]" },
		{ "<script>var x</script><style>p{}</style><title>t</title>a", "[a]" },
		{ "<object><p>no plugin</p></object>", "[no plugin]" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_blocks(cases[i].page, cases[i].want);
}

Test(blocks, count_bytes_words_marks_and_links)
{
	struct html_tree t = { 0 };
	struct blocks b = { 0 };

	cut(&b, &t,
		"<p>Two words, <a href='/a/b'>3 linked ones</a> and <b>bold</b>. Why?</p>"
		"<p><a href='#top'>Read more</a></p><p>夜、港。</p>");
	cr_assert_eq(b.n, 3);
	cr_expect_eq(b.v[0].bytes, 32);
	cr_expect_eq(b.v[0].link_bytes, 11);
	cr_expect_eq(b.v[0].bold_bytes, 4);
	cr_expect_eq(b.v[0].words, 8);
	cr_expect_eq(b.v[0].marks, 3);
	cr_expect_eq(b.v[0].digits, 1);
	cr_expect_eq(b.v[0].capitals, 2);
	cr_expect_eq(b.v[0].links, 1);
	cr_expect_eq(b.v[0].href_depth, 2);
	cr_expect_eq(b.v[0].ends, 1);
	cr_expect_eq(b.v[1].links, 1);
	cr_expect_eq(b.v[1].link_bytes, b.v[1].bytes);
	cr_expect_eq(b.v[1].phrases, PHRASE_MORE);
	cr_expect_eq(b.v[1].before, 32);
	cr_expect_eq(b.v[2].marks, 2, "the CJK comma and stop");
	blocks_release(&b);
	html_release(&t);
}

Test(blocks, are_summed_up_over_the_elements_above)
{
	struct html_tree t = { 0 };
	struct blocks b = { 0 };
	uint32_t list = 0;

	cut(&b, &t, "<div><ul><li class=x1>aa<li class=x2>bb<li class=y>aa</ul><h2>c</h2></div>");
	for (uint32_t i = 1; i < t.n_nodes; i++)
		if (t.nodes[i].tag == HTML_UL)
			list = i;
	cr_assert(list);
	cr_expect_eq(b.parts[0].bytes, 7);
	cr_expect_eq(b.parts[0].headings, 1);
	cr_expect_eq(b.parts[list].bytes, 6);
	cr_expect_eq(b.parts[list].blocks, 3);
	cr_expect_eq(b.parts[list].first, 0);
	/* Numbers in class names are passed over: x1 and x2 are twins, y is none. */
	cr_expect_eq(b.parts[b.v[0].element].twins, 2);
	cr_expect_eq(b.parts[b.v[2].element].twins, 1);
	cr_expect_eq(b.v[0].path_blocks, 2);
	cr_expect_eq(b.v[0].copies, 2, "the same text");
	cr_expect_eq(b.v[1].copies, 1);
	blocks_release(&b);
	html_release(&t);
}

Test(blocks, of_a_page_do_not_depend_on_the_page_before)
{
	static const char page[] =
		"<nav><a href=/>Home</a></nav><main><h1>A</h1><p>One, two.</p></main>";
	struct html_tree t = { 0 };
	struct blocks b = { 0 };
	struct features f = { 0 };
	uint8_t first[3][FEATURES_MAX], again[FEATURES_MAX];
	uint32_t n = 0;

	cut(&b, &t, page);
	cr_assert_eq(b.n, 3);
	features_begin(&f, &b, &t);
	for (uint32_t i = 0; i < 3; i++)
		n = features_row(&f, i, first[i], 1, NULL);
	cr_assert(n > 0 && n <= FEATURES_MAX);
	cut(&b, &t, "<p>another</p><table><tr><td>page</table><p>of more blocks</p><p>x</p>");
	features_begin(&f, &b, &t);
	cut(&b, &t, page);
	features_begin(&f, &b, &t);
	for (uint32_t i = 0; i < 3; i++) {
		cr_expect_eq(features_row(&f, i, again, 1, NULL), n);
		cr_expect_arr_eq(again, first[i], n);
	}
	features_release(&f);
	blocks_release(&b);
	html_release(&t);
}

Test(blocks, every_feature_has_a_name_of_its_own)
{
	struct html_tree t = { 0 };
	struct blocks b = { 0 };
	struct features f = { 0 };
	const char *names[FEATURES_MAX];
	uint8_t row[FEATURES_MAX];
	uint32_t n;

	cut(&b, &t, "<p>a</p>");
	features_begin(&f, &b, &t);
	n = features_row(&f, 0, row, 1, names);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < i; k++)
			cr_expect_str_neq(names[i], names[k]);
	features_release(&f);
	blocks_release(&b);
	html_release(&t);
}

Test(cues, are_read_from_names_roles_and_elements)
{
	static const struct {
		const char *page;
		uint64_t want;
	} cases[] = {
		{ "<div class='topNav-item2'>a", CUE(HEADER) | CUE(NAV) | CUE(CARD) },
		{ "<div class='SIDEBAR'>a", CUE(SIDEBAR) },
		{ "<div id=main-content>a", CUE(MAIN) | CUE(CONTENT) },
		{ "<div class='x post_content'>a", CUE(POST) | CUE(CONTENT) },
		{ "<div class=siteFooter>a", CUE(HEADER) | CUE(FOOTER) },
		{ "<div class='COMMENT-list article'>a",
			CUE(COMMENT) | CUE(LISTING) | CUE(CONTENT) },
		{ "<div class='navigate naval unheard-of'>a", 0 },
		{ "<div role=presentation>a", 0 },
		{ "<div role=navigation>a", CUE(E_NAV) },
		{ "<div hidden>a", CUE(E_HIDDEN) },
		{ "<div style='display:none'>a", CUE(E_HIDDEN) },
		{ "<article>a", CUE(E_ARTICLE) },
		{ "<div class=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa>a", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct html_tree t = { 0 };
		struct blocks b = { 0 };

		cut(&b, &t, cases[i].page);
		cr_assert_eq(b.n, 1);
		cr_expect_eq(b.parts[b.v[0].element].cues, cases[i].want, "%s gave %lx",
			cases[i].page, b.parts[b.v[0].element].cues);
		blocks_release(&b);
		html_release(&t);
	}
}
