/* Texts that pages carry as data. */
#include "stages/extract/embedded.h"

#include <criterion/criterion.h>

#define ONE \
	"One cold evening the ferry did not come, and nobody on the quay could say why it was late."
#define TWO \
	"The harbour master lit the lamp, sat down beside it, and waited until the morning, when " \
	"the boat was seen behind the island, and the gulls stood above it like a cloud."
#define THREE \
	"In the winter that followed nobody went to bed on the islands before the whistle had " \
	"been heard, and the lamp was never out."
#define LD "<script type=application/ld+json>"
#define JSON "<script type=application/json>"

static const struct html_limits wide = {
	.max_nodes = 1000000, .max_depth = 1000, .max_bytes = GIB
};

/* The text found in page, or "" when it is left to its tree. */
static enum embedded_from find(struct slice page, uint64_t shown, struct buf *text)
{
	struct embedded e = { 0 };
	struct html_tree t = { 0 };
	enum embedded_from from;

	html_parse(&t, page, &wide);
	from = embedded_find(&e, &t, SLICE("A lamp on the quay"), shown);
	text->n = 0;
	if (from)
		embedded_write(&e, false, false, text);
	buf_cstr(text);
	html_release(&t);
	embedded_release(&e);
	return from;
}

struct expected {
	const char *page, *want;
	enum embedded_from from;
};

static void expect_all(const struct expected *cases, size_t n)
{
	struct buf text = { 0 };

	for (size_t i = 0; i < n; i++) {
		enum embedded_from from = find(slice_str(cases[i].page), 20, &text);

		cr_expect(from == cases[i].from, "%s: %d", cases[i].page, (int)from);
		cr_expect_str_eq(text.p, cases[i].want, "%s\n%s", cases[i].page, text.p);
	}
	buf_release(&text);
}

Test(embedded, finds_the_text_in_json_ld)
{
	static const struct expected cases[] = {
		{ LD "{\"@type\":\"NewsArticle\",\"articleBody\":\"" ONE "\\n\\n" TWO "\\n" THREE
		     "\"}",
			ONE "\n\n" TWO "\n" THREE, EMBEDDED_JSONLD },
		/* HTML, escaped once more, and of text with references */
		{ LD "{\"@type\":\"Article\",\"articleBody\":\"<p>" ONE "</p><p>" TWO "</p>\"}",
			ONE "\n\n" TWO, EMBEDDED_JSONLD },
		{ LD "{\"@type\":\"JobPosting\",\"title\":\"A lamp on the quay\",\"description\":"
		     "\"&lt;p&gt;" ONE "&lt;/p&gt;&lt;p&gt;" TWO " &amp;amp; rum&lt;/p&gt;\"}",
			ONE "\n\n" TWO " & rum", EMBEDDED_JSONLD },
		{ LD "{\"@type\":\"Article\",\"articleBody\":\"" ONE " " TWO " &amp; 1 < 2\"}",
			ONE " " TWO " & 1 < 2", EMBEDDED_JSONLD },
		/* what only looks like tags, and a line of code in a text */
		{ LD "{\"@type\":\"Article\",\"articleBody\":\"" ONE TWO
		     " vector<int> v; if (a<b && c>d) { f(); }\"}",
			ONE TWO " vector<int> v; if (a<b && c>d) { f(); }", EMBEDDED_JSONLD },
		/* a comment is no text, however long */
		{ LD "{\"@type\":\"Article\",\"articleBody\":\"<p>Short.</p><!-- " ONE TWO THREE
		     " -->\"}",
			"", EMBEDDED_NONE },
		/* the thing of the page's name alone, and its own text alone */
		{ LD "[{\"@type\":\"Product\",\"name\":\"A net\",\"description\":\"" ONE TWO THREE
		     "\"},{\"@type\":\"Product\",\"name\":\"Lamp on the quay\",\"description\":\"" TWO
		     " " THREE "\",\"review\":{\"reviewBody\":\"" ONE "\"}}]",
			TWO " " THREE, EMBEDDED_JSONLD },
		/* what an article says of itself is not its text */
		{ LD "{\"@type\":\"Article\",\"headline\":\"A lamp on the quay\",\"description\":\"" ONE
				TWO THREE "\"}",
			"", EMBEDDED_NONE },
		{ LD "{\"@type\":\"DiscussionForumPosting\",\"text\":\"" ONE
		     "\",\"comment\":[{\"@type\":\"Comment\",\"text\":\"" TWO
		     "\",\"author\":{\"name\":\"A\"}},{\"text\":\"" THREE "\"}]}",
			ONE "\n\n" TWO "\n\n" THREE, EMBEDDED_JSONLD },
		{ LD "{\"@type\":\"Article\",\"articleBody\":\"" ONE TWO
		     "\",\"comment\":[{\"@type\":\"Comment\",\"text\":\"" THREE "\"}]}",
			ONE TWO, EMBEDDED_JSONLD },
		{ LD "{\"@type\":\"FAQPage\",\"mainEntity\":[{\"@type\":\"Question\",\"name\":\"Why?\","
		     "\"acceptedAnswer\":{\"@type\":\"Answer\",\"text\":\"" ONE
		     "\"}},{\"@type\":\"Question\",\"name\":\"When?\",\"acceptedAnswer\":{\"text\":\"" TWO
		     "\"}}]}",
			"Why?\n\n" ONE "\n\nWhen?\n\n" TWO, EMBEDDED_JSONLD },
		{ LD "{\"@type\":\"Recipe\",\"name\":\"A lamp on the quay\",\"recipeIngredient\":["
		     "\"oil\",\"a wick of cotton\"],\"recipeInstructions\":[{\"@type\":\"HowToStep\","
		     "\"name\":\"First\",\"text\":\"" TWO
		     "\"},{\"@type\":\"HowToStep\",\"text\":\"" THREE "\"}]}",
			"a wick of cotton\n\nFirst\n\n" TWO "\n\n" THREE, EMBEDDED_JSONLD },
	};

	expect_all(cases, ARRAY_LEN(cases));
}

Test(embedded, finds_the_text_in_the_state_of_a_program)
{
	static const struct expected cases[] = {
		{ JSON "{\"a\":[{\"title\":\"A lamp on the quay\",\"body\":\"<p>" ONE "<p>" TWO
		       "\",\"bodyText\":\"" ONE "\"},{\"title\":\"Nets\",\"body\":\"" ONE TWO THREE
		       "\"}]}",
			ONE "\n\n" TWO, EMBEDDED_STATE },
		/* in script, and in JSON as a string */
		{ "<script>window.__STATE__ = {\"title\":\"A lamp on the quay\",\"body\":\"" ONE
		  " " TWO "\"};\nrender(window)</script>",
			ONE " " TWO, EMBEDDED_STATE },
		{ JSON "{\"state\":\"{\\\"title\\\":\\\"A lamp on the quay\\\",\\\"content\\\":\\\"" ONE
		       " " TWO "\\\"}\"}",
			ONE " " TWO, EMBEDDED_STATE },
		{ "<script>window._preloads        = JSON.parse(\"{\\\"post\\\":{\\\"title\\\":"
		  "\\\"A lamp on the quay\\\",\\\"body_html\\\":\\\"<p title=\\\\\\\"a\\\\\\\">" ONE
		  "</p><p>" TWO "\\\"}}\"); f(\")\")</script>",
			ONE "\n\n" TWO, EMBEDDED_STATE },
		{ "<script>window.a = JSON.parse(\"{\\\"title\\\":\\\"A lamp on the quay\\\","
		  "\\\"body\\\":\\\"" ONE TWO THREE "\\",
			"", EMBEDDED_NONE },
		/* WordPress; a paragraph an element; ProseMirror; Slate */
		{ JSON "[{\"title\":{\"rendered\":\"A lamp on the quay\"},\"excerpt\":{\"rendered\":"
		       "\"" THREE "\"},\"content\":{\"rendered\":\"<p>" ONE "<p>" TWO "\"}}]",
			ONE "\n\n" TWO, EMBEDDED_STATE },
		{ JSON "{\"headline\":\"A lamp on the quay\",\"content_elements\":[{\"type\":\"text\","
		       "\"content\":\"" ONE "\"},{\"type\":\"image\",\"caption\":\"" THREE
		       "\"},{\"type\":\"text\",\"content\":\"" TWO "\"}]}",
			ONE "\n\n" TWO, EMBEDDED_STATE },
		{ JSON "{\"title\":\"A lamp on the quay\",\"body\":{\"type\":\"doc\",\"content\":[{"
		       "\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":\"See \"},"
		       "{\"type\":\"text\",\"marks\":[{\"type\":\"bold\"}],\"text\":\"here\"},"
		       "{\"type\":\"text\",\"text\":\". " ONE "\"}]},{\"type\":\"paragraph\","
		       "\"content\":[{\"type\":\"text\",\"text\":\"" TWO "\"}]}]}}",
			"See here. " ONE "\n\n" TWO, EMBEDDED_STATE },
		{ JSON "{\"title\":\"A lamp on the quay\",\"body\":[{\"type\":\"p\",\"children\":["
		       "{\"text\":\"See \"},{\"type\":\"link\",\"children\":[{\"text\":\"here\"}]},"
		       "{\"text\":\". " ONE "\"}]},{\"type\":\"p\",\"children\":[{\"text\":\"" TWO
		       "\"}]}]}",
			"See here. " ONE "\n\n" TWO, EMBEDDED_STATE },
		/* what stands beside a text */
		{ JSON "{\"title\":\"A lamp on the quay\",\"story\":{\"body\":\"" ONE " " TWO
		       "\"},\"relatedStories\":[{\"body\":\"" THREE
		       "\"}],\"author\":{\"body\":\"" THREE
		       "\"},\"css\":{\"body\":\".a { color: red; }\"},"
		       "\"j\":{\"body\":\"{\\\"a b\\\":1}\"},\"x\":{\"html\":\"/a/b\"}}",
			ONE " " TWO, EMBEDDED_STATE },
		/* tags left open end with their string */
		{ JSON "{\"title\":\"A lamp on the quay\",\"posts\":[{\"cooked\":\"<p>" ONE
		       "<!-- \"},{\"cooked\":\"<p>" TWO "<textarea>\"},{\"cooked\":\"<p>" THREE
		       "\"}]}",
			ONE "\n\n" TWO "\n\n" THREE, EMBEDDED_STATE },
		/* another thing's, no JSON, and a script */
		{ JSON "{\"title\":\"Nets and sails\",\"body\":\"" ONE TWO THREE "\"}", "",
			EMBEDDED_NONE },
		{ JSON "{\"title\":\"A lamp on the quay\",\"body\":\"" ONE TWO THREE "\"", "",
			EMBEDDED_NONE },
		{ "<script>a.b = {\"title\":\"A lamp on the quay\",\"body\":\"" ONE TWO THREE "\"}",
			"", EMBEDDED_NONE },
	};

	expect_all(cases, ARRAY_LEN(cases));
}

Test(embedded, finds_the_posts_of_a_topic)
{
	static const struct expected cases[] = {
		{ "<div data-preloaded=\"{&quot;topic_1&quot;:&quot;{\\&quot;title\\&quot;:"
		  "\\&quot;A lamp on the quay\\&quot;,\\&quot;post_stream\\&quot;:{\\&quot;posts\\&quot;:["
		  "{\\&quot;cooked\\&quot;:\\&quot;&lt;p&gt;" ONE
		  "&lt;/p&gt;\\&quot;},{\\&quot;cooked"
		  "\\&quot;:\\&quot;&lt;p&gt;" TWO "\\&quot;}]}}&quot;}\">",
			ONE "\n\n" TWO, EMBEDDED_PRELOADED },
	};

	expect_all(cases, ARRAY_LEN(cases));
}

Test(embedded, leaves_pages_to_their_tree_that_show_their_text)
{
	static const char ld[] =
		LD "{\"@type\":\"Article\",\"articleBody\":\"" ONE " " TWO " " THREE "\"}</script>";
	struct buf page = { 0 }, text = { 0 };

	buf_str(&page, ld);
	cr_expect(find(buf_view(&page), 0, &text) == EMBEDDED_JSONLD);
	cr_expect(find(buf_view(&page), 60, &text) == EMBEDDED_JSONLD);
	/* too long to be a shell's; long beside it; the same text, though not chosen */
	cr_expect(find(buf_view(&page), 1001, &text) == EMBEDDED_NONE);
	cr_expect(find(buf_view(&page), 80, &text) == EMBEDDED_NONE);
	buf_str(&page, "<p>" ONE " " TWO " <b>" THREE "</b>");
	cr_expect(find(buf_view(&page), 0, &text) == EMBEDDED_NONE);
	buf_release(&page);
	buf_release(&text);
}

Test(embedded, is_over_at_its_limits)
{
	struct buf page = { 0 }, text = { 0 };

	/* things in things, each of the page's title, as deep as is read */
	buf_str(&page, JSON);
	for (int i = 0; i < 62; i++)
		buf_str(&page, "{\"title\":\"A lamp on the quay\",\"a\":");
	buf_str(&page, "[");
	for (int i = 0; i < 20000; i++)
		buf_str(&page, "{\"body\":\"a b c\"},");
	buf_str(&page, "{\"body\":\"" ONE " " TWO "\"}]");
	for (int i = 0; i < 62; i++)
		buf_byte(&page, '}');
	cr_expect(find(buf_view(&page), 0, &text) == EMBEDDED_STATE);
	/* deeper */
	page.n = 0;
	buf_str(&page, JSON);
	for (int i = 0; i < 100000; i++)
		buf_str(&page, "{\"title\":\"A lamp on the quay\",\"body\":[");
	cr_expect(find(buf_view(&page), 0, &text) == EMBEDDED_NONE);
	/* longer */
	page.n = 0;
	buf_str(&page, JSON "{\"title\":\"A lamp on the quay\",\"body\":\"" ONE " " TWO);
	while (page.n < 2 * MIB + KIB)
		buf_str(&page, " and so on");
	buf_str(&page, "\"}");
	cr_expect(find(buf_view(&page), 0, &text) == EMBEDDED_NONE);
	buf_release(&page);
	buf_release(&text);
}
