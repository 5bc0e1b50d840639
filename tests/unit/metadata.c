/* What pages say about themselves: titles, authors, dates and the rest; and what names say of
 * parts. */
#include "stages/extract/metadata.h"

#include "stages/extract/optouts.h"

#include <criterion/criterion.h>

static const struct html_limits wide = {
	.max_nodes = 1000000, .max_depth = 1000, .max_bytes = GIB
};

struct found {
	struct html_tree t;
	struct arena arena;
	struct metadata m;
};

static void find_at(struct found *f, const char *url, const char *page)
{
	*f = (struct found){ 0 };
	html_parse(&f->t, slice_str(page), &wide);
	metadata_find(&f->m, &f->t, slice_str(url), &f->arena);
}

static void find(struct found *f, const char *page)
{
	find_at(f, NULL, page);
}

static void release(struct found *f)
{
	html_release(&f->t);
	arena_release(&f->arena);
}

static void expect(struct slice got, const char *want, const char *page)
{
	cr_expect(slice_eq(got, slice_str(want)), "%s: %.*s, not %s", page, (int)got.n,
		got.p ? got.p : "", want);
}

#define LD(json) "<script type=application/ld+json>" json "</script>"

Test(metadata, reads_titles)
{
	static const struct {
		const char *url, *page, *want;
	} cases[] = {
		{ NULL, "<title>A story</title>", "A story" },
		{ NULL, "<title>A story | The Site</title><body><p>x", "A story" },
		{ "http://www.thesite.example/x", "<title>A story - The Site</title>", "A story" },
		{ "http://www.thesite.example/x", "<title>The Site: News » A story</title>",
			"A story" },
		{ NULL,
			"<title>The Site - A story</title><meta property=og:site_name "
			"content='the site'>",
			"A story" },
		{ NULL, "<title>Long &amp; short\n story</title>", "Long & short story" },
		/* A pair of names, not a name and a site. */
		{ NULL, "<title>Left-right</title>", "Left-right" },
		{ NULL, "<title>T</title><meta property=og:title content='From the graph'>",
			"From the graph" },
		{ NULL, "<title>A longer story - X - Y</title><body><h1>A longer story</h1>",
			"A longer story" },
		{ NULL, "<body><h1>Only this</h1>", "Only this" },
		/* The heading is the site's name. */
		{ "http://blog.example/a", "<title>Blog » A story</title><body><h1>Blog</h1>",
			"A story" },
		/* Of several headings that which the title holds. */
		{ NULL,
			"<title>A story of the sea - Site</title><body><h1>Menu</h1>"
			"<h1>A story of the sea</h1><h1>More</h1>",
			"A story of the sea" },
		/* The heading of a front page is a slogan, of another page its title. */
		{ "http://a.example/", "<title>Hammers and nails</title><body><h1>We care</h1>",
			"Hammers and nails" },
		{ "http://a.example/x",
			"<title>Hammers and nails</title><body><h1>Tools that last</h1>",
			"Tools that last" },
		/* Titles of drawings are none. */
		{ NULL, "<title>T of it</title><body><svg><title>Menu</title></svg>", "T of it" },
		{ NULL,
			"<body><p>x</p>" LD("{\"@type\":\"NewsArticle\",\"headline\":\"From\nld "
					    "&amp; x\"}"),
			"From ld & x" },
		{ NULL, LD("{\"@type\":\"WebSite\",\"name\":\"No title\"}"), "" },
		{ NULL, "<p>none", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct found f;

		find_at(&f, cases[i].url, cases[i].page);
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
		{ "<meta name=author content='Jane Doe, John Roe'>", "Jane Doe; John Roe" },
		{ "<meta name=citation_author content='Jane Doe'>"
		  "<meta name=citation_author content='John Roe'>",
			"Jane Doe; John Roe" },
		{ "<meta name=citation_author content='Berger, Emery D.'>"
		  "<meta name=citation_author "
		  "content='Garc&iacute;a M&aacute;rquez, Gabriel Jos&eacute;'>",
			"Emery D. Berger; Gabriel José García Márquez" },
		{ "<meta name=DC.creator content='Jong, Michiel de'>"
		  "<meta name=DC.creator content='Doe, Jane'>",
			"Michiel de Jong; Jane Doe" },
		{ "<meta name=DC.creator content='Some Makers Ltd, Other Makers Ltd'>",
			"Some Makers Ltd; Other Makers Ltd" },
		{ "<meta name=author content='Madonna, Prince'>", "Madonna; Prince" },
		{ "<meta property=article:author content='https://x.example/jane'>", "" },
		{ "<meta name=twitter:label1 content='Written by'>"
		  "<meta name=twitter:data1 content='Jane Doe'>",
			"Jane Doe" },
		{ "<meta name=twitter:label1 content='Reading time'>"
		  "<meta name=twitter:data1 content='Five minutes'>",
			"" },
		{ LD("{\"@graph\":[{\"@type\":\"Person\",\"@id\":\"#j\",\"name\":\"Jane\"},"
		     "{\"@type\":\"Article\",\"author\":{\"@id\":\"#j\"}}]}"),
			"Jane" },
		{ LD("[{\"@type\":[\"Thing\",\"BlogPosting\"],\"author\":[\"A Bell\",{\"name\":\"C "
		     "Dale\"}]}]") "<meta name=author content=X>",
			"A Bell; C Dale" },
		/* One says more than the other. */
		{ LD("{\"@type\":\"Article\",\"author\":\"A Bell\"}") "<meta name=author content='A Bell, C Dale'>",
			"A Bell; C Dale" },
		{ "<body><span class=byline>By Jane Doe | 3 March</span>", "Jane Doe" },
		{ "<body><a rel=author href=/j>Jane Doe</a>", "Jane Doe" },
		{ "<body><span itemprop=author>Jane Doe</span>", "Jane Doe" },
		{ "<body><h1>A story</h1><p>Von <a href=/x>Jane Doe</a></p><p>Text", "Jane Doe" },
		{ "<body><h1>A story</h1><div>By</div><div>Jane Doe</div><p>Text", "Jane Doe" },
		{ "<body><h1>A story</h1><a href=/author/jane/>Jane Doe</a>", "Jane Doe" },
		/* The publisher in the meta element, the author in sight. */
		{ "<meta property=og:site_name content=Post><meta name=author content=Post>"
		  "<body><h1>A story</h1><span class=author>Jane Doe</span>",
			"Jane Doe" },
		{ "<meta property=og:site_name content=Post><meta name=author content=Post>",
			"Post" },
		/* No byline. */
		{ "<body><h1>A story</h1><p>By the sea it is cold in winter.</p>", "" },
		{ "<body><p>A story</p><div class=comments><p class=author>Troll says</p></div>",
			"" },
		{ "<meta name=author content=admin>", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct found f;

		find(&f, cases[i].page);
		expect(f.m.author, cases[i].want, cases[i].page);
		release(&f);
	}
}

Test(metadata, reads_dates)
{
	static const struct {
		const char *url, *page, *want;
	} cases[] = {
		{ NULL, "<meta property=article:published_time content='2021-03-25T12:00:00+02:00'>",
			"2021-03-25T12:00:00+02:00" },
		{ NULL, "<meta name=DC.date content='2020-01-02'>", "2020-01-02" },
		{ NULL,
			LD("{\"@type\":\"BlogPosting\",\"datePublished\":\"2021-03-25\","
			   "\"dateModified\":\"2022-01-01\"}"),
			"2021-03-25" },
		{ NULL, "<meta property=article:modified_time content=2021-03-26>", "2021-03-26" },
		{ NULL,
			"<meta property=article:modified_time content=2021-03-26>"
			"<body><h1>A story</h1><time>25 March 2021</time>",
			"2021-03-25" },
		{ "http://a.example/2021/03/25/story", "<p>x", "2021-03-25" },
		{ NULL, "<body><h1>A story</h1><time datetime=2021-03-25>yesterday</time>",
			"2021-03-25" },
		{ NULL, "<body><h1>A story</h1><span class=entry-date>25.03.21</span>",
			"2021-03-25" },
		{ NULL, "<html lang=en-GB><body><h1>A story</h1><span class=date>3/4/2021</span>",
			"2021-04-03" },
		{ NULL, "<html lang=en-US><body><h1>A story</h1><span class=date>3/4/2021</span>",
			"2021-03-04" },
		{ NULL, "<body><h1>A story</h1><span class=date>3/4/2021</span>", "" },
		/* What changed later is no publication. */
		{ NULL,
			"<body><h1>A story</h1><p class=date>Updated 1 May 2021</p>"
			"<p class=date>25 March 2021</p>",
			"2021-03-25" },
		/* The headline speaks of a date, comments have theirs. */
		{ NULL, "<body><h1>The storm of 1 May 2020</h1><p>25 March 2021</p>",
			"2021-03-25" },
		{ NULL, "<body><h1>A story</h1><p>Text</p><div class=comments><p>1 May 2021</p></div>",
			"" },
		/* In UTC it was the next day already. */
		{ "http://a.example/2021/03/25/story",
			"<meta property=article:published_time content='2021-03-26T02:00:00Z'>",
			"2021-03-25" },
		{ "http://a.example/2021/03/25/story",
			"<meta property=article:published_time content='2021-03-26T02:00:00-05:00'>",
			"2021-03-26T02:00:00-05:00" },
		/* Two kinds of sources against one. */
		{ NULL, LD("{\"@type\":\"Article\",\"datePublished\":\"2021-01-01\"}") "<meta name=pubdate content=2021-03-25><body><h1>A story</h1><time>25 March 2021</time>",
			"2021-03-25" },
		{ NULL, "<p>none", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct found f;

		find_at(&f, cases[i].url, cases[i].page);
		expect(f.m.published, cases[i].want, cases[i].page);
		release(&f);
	}
}

Test(metadata, reads_the_rest)
{
	struct found f;
	const char *page =
		"<html lang=en-GB><meta property=og:site_name content=Site><link rel='canonical' "
		"href='/c'><link rel=license href='http://l/'><meta property=og:locale content=de_DE>"
		"<meta name=Description content=' All about\n it '>"
		"<meta name=robots content='noai,NOIMAGEAI'><meta name=tdm-reservation content=1>";
	struct buf names = { 0 };

	find_at(&f, "https://a.example/b?c", page);
	expect(f.m.site, "Site", page);
	expect(f.m.canonical, "https://a.example/c", page);
	expect(f.m.license, "http://l/", page);
	expect(f.m.language, "en-GB", page);
	expect(f.m.description, "All about it", page);
	optouts_print(f.m.optouts, &names);
	cr_expect_str_eq(buf_cstr(&names), "noai, noimageai, tdm-reservation");
	buf_release(&names);
	release(&f);
}

Test(metadata, reads_declared_languages_and_licences)
{
	static const struct {
		const char *page, *language, *license;
	} cases[] = {
		{ "<html xml:lang=fr><p>x", "fr", "" },
		{ "<meta property=og:locale content=pt_BR>", "pt-BR", "" },
		{ "<meta http-equiv=Content-Language content='de, en'>", "de", "" },
		{ "<html lang=EN-us>", "en-US", "" },
		{ "<html lang=ZH-HANT-tw>", "zh-Hant-TW", "" },
		{ "<html lang=en-A-BB-x-CCCC>", "en-a-bb-x-cccc", "" },
		{ "<link rel=license href=/legal/by?see=http://l/>", "",
			"https://a.example/legal/by?see=http://l/" },
		{ "<link rel=license href=//l.example/by>", "", "https://l.example/by" },
		{ "<link rel=license href=by.html><a rel=license href=http://l/>x</a>", "",
			"http://l/" },
		{ "<html lang='<?php echo lang ?>'>", "", "" },
		{ LD("{\"@type\":\"WebPage\",\"inLanguage\":\"es\",\"license\":\"http://l/\"}"),
			"es", "http://l/" },
		{ "<p>x <a rel='nofollow license' href=http://l/>CC</a>", "", "http://l/" },
		{ "<p>x <a href=https://creativecommons.org/licenses/by/4.0/>CC</a>", "",
			"https://creativecommons.org/licenses/by/4.0/" },
		{ "<p>x <a href=https://creativecommons.org/about/>CC</a>", "", "" },
		{ "<meta name=dc.rights content='CC BY'>", "", "CC BY" },
		/* What a comment links to is not the page's. */
		{ "<div class=comments><a href=https://creativecommons.org/licenses/by/4.0/>x</a></div>",
			"", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct found f;

		find_at(&f, "https://a.example/b?c", cases[i].page);
		expect(f.m.language, cases[i].language, cases[i].page);
		expect(f.m.license, cases[i].license, cases[i].page);
		release(&f);
	}
}
