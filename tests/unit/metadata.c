/* What pages say about themselves: titles, authors, dates, opt-outs; and what names say of
 * parts. */
#include "stages/extract/metadata.h"

#include "stages/extract/cues.h"
#include "stages/extract/dates.h"

#include <criterion/criterion.h>

static void setup(void)
{
	html_setup();
	metadata_setup();
}

TestSuite(metadata, .init = setup);

static const struct html_limits wide = {
	.max_nodes = 1000000, .max_depth = 1000, .max_bytes = GIB
};

struct found {
	struct html_tree t;
	struct arena arena;
	struct metadata m;
};

static void find(struct found *f, const char *page)
{
	*f = (struct found){ 0 };
	html_parse(&f->t, slice_str(page), &wide);
	metadata_find(&f->m, &f->t, (struct slice){ 0 }, &f->arena);
}

static void release(struct found *f)
{
	html_release(&f->t);
	arena_release(&f->arena);
}

static void expect(struct slice got, const char *want, const char *page)
{
	cr_expect(
		slice_eq(got, slice_str(want)), "%s: %.*s, not %s", page, (int)got.n, got.p, want);
}

Test(metadata, reads_titles)
{
	static const struct {
		const char *page, *want;
	} cases[] = {
		{ "<title>A story</title>", "A story" },
		{ "<title>A story | The Site</title>", "A story" },
		{ "<title>A story - The Site</title><meta property=og:site_name content='The Site'>",
			"A story" },
		{ "<title>Long &amp; short\n story</title>", "Long & short story" },
		{ "<title>T</title><meta property=og:title content='From graph'>", "From graph" },
		{ "<title>A longer story - X - Y</title><body><h1>A longer story</h1>",
			"A longer story" },
		{ "<body><h1>Only this</h1>", "Only this" },
		{ "<title>T</title><script type=application/ld+json>{\"@type\":\"NewsArticle\","
		  "\"headline\":\"From\nld &amp; x\"}</script>",
			"From ld & x" },
		{ "<title>T</title><script type=application/ld+json>{\"@type\":\"WebSite\","
		  "\"name\":\"No title\"}</script>",
			"T" },
		{ "<title>T</title><script type=application/ld+json>{broken</script>", "T" },
		{ "<p>none", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct found f;

		find(&f, cases[i].page);
		expect(f.m.title, cases[i].want, cases[i].page);
		release(&f);
	}
}

Test(metadata, reads_authors)
{
	static const struct {
		const char *page, *want;
	} cases[] = {
		{ "<meta name=author content='Jane Doe'>", "Jane Doe" },
		{ "<meta property=article:author content='https://x.example/jane'>", "" },
		{ "<script type=application/ld+json>{\"@graph\":[{\"@type\":\"Person\",\"@id\":\"#j\","
		  "\"name\":\"Jane\"},{\"@type\":\"Article\",\"author\":{\"@id\":\"#j\"}}]}</script>",
			"Jane" },
		{ "<script type=application/ld+json>[{\"@type\":[\"Thing\",\"BlogPosting\"],\"author\":"
		  "[\"A B\",{\"name\":\"C D\"}]}]</script><meta name=author content=X>",
			"A B, C D" },
		{ "<body><span class=byline>By Jane Doe | 3 March</span>", "Jane Doe" },
		{ "<body><a rel=author href=/j>Jane Doe</a>", "Jane Doe" },
		{ "<body><span itemprop=author>Jane Doe</span>", "Jane Doe" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct found f;

		find(&f, cases[i].page);
		expect(f.m.author, cases[i].want, cases[i].page);
		release(&f);
	}
}

Test(metadata, reads_the_rest)
{
	struct found f;
	const char *page =
		"<meta property=og:site_name content=Site><link rel='canonical' href='http://c/'>"
		"<link rel=license href='http://l/'><meta name=DC.date content='2020-01-02'>"
		"<meta property=article:published_time content='2021-03-25T12:00:00+02:00'>"
		"<meta name=robots content='noai,NOIMAGEAI'><meta name=tdm-reservation content=1>";
	struct buf names = { 0 };

	find(&f, page);
	expect(f.m.site, "Site", page);
	expect(f.m.canonical, "http://c/", page);
	expect(f.m.license, "http://l/", page);
	expect(f.m.published, "2021-03-25T12:00:00+02:00", page);
	optouts_print(f.m.optouts, &names);
	cr_expect_str_eq(buf_cstr(&names), "noai, noimageai, tdm-reservation");
	buf_release(&names);
	release(&f);
}

Test(metadata, reads_robots_values)
{
	static const struct {
		const char *value;
		unsigned want;
	} cases[] = {
		{ "noindex, nofollow", OPTOUT_NOINDEX },
		{ "NONE", OPTOUT_NOINDEX },
		{ "googlebot: noindex", OPTOUT_NOINDEX },
		{ "noai;noimageai", OPTOUT_NOAI | OPTOUT_NOIMAGEAI },
		{ "index,follow,noarchive", 0 },
		{ "noindexing", 0 },
		{ "", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(optouts_of_robots(slice_str(cases[i].value)) == cases[i].want, "%s",
			cases[i].value);
}

Test(metadata, reads_dates_in_many_forms)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "2021-03-25", "2021-03-25" },
		{ "2021-03-25T12:30:00Z", "2021-03-25T12:30:00Z" },
		{ "2021-03-25 12:30", "2021-03-25" },
		{ "2021/3/5", "2021-03-05" },
		{ "20210325", "2021-03-25" },
		{ "Published on March 25, 2021 by X", "2021-03-25" },
		{ "25th of March 2021", "2021-03-25" },
		{ "25 de marzo de 2021", "2021-03-25" },
		{ "25. März 2021", "2021-03-25" },
		{ "25 févr. 2021", "2021-02-25" },
		{ "Thu, 25 Mar 2021 10:00:00 GMT", "2021-03-25" },
		{ "25.03.2021", "2021-03-25" },
		{ "3/25/2021", "2021-03-25" },
		{ "25/3/2021", "2021-03-25" },
		{ "3/4/2021", "" }, /* two readings */
		{ "2021-13-01", "" },
		{ "2021-02-30", "" },
		{ "1066-10-14", "" },
		{ "no date", "" },
		{ "", "" },
	};
	struct arena arena = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect(date_find(slice_str(cases[i].text), &arena), cases[i].want, cases[i].text);
	arena_release(&arena);
}

Test(metadata, cuts_names_into_words)
{
	static const struct {
		const char *names;
		unsigned want;
	} cases[] = {
		{ "topNav-item2", CUE_CHROME },
		{ "x post_content", CUE_CONTENT },
		{ "navigate naval", 0 },
		{ "siteFooter", CUE_CHROME },
		{ "COMMENT-list article", CUE_COMMENT | CUE_CONTENT },
		{ "", 0 },
		{ "averyveryverylongwordthatisinnotableatall nav", CUE_CHROME },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(cues_of_names(slice_str(cases[i].names)) == cases[i].want, "%s: %u",
			cases[i].names, cues_of_names(slice_str(cases[i].names)));
	cr_expect(cues_of_role(SLICE("navigation")) == CUE_CHROME);
	cr_expect(cues_of_role(SLICE("presentation")) == 0);
}
