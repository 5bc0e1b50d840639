/* The dump's form is that of https://www.mediawiki.org/xml/export-0.11.xsd. */
#include "stages/extract/wiki.h"

#include "stages/extract/wiki_cut.h"
#include "stages/extract/wiki_page.h"

#include <criterion/criterion.h>

#define SITEINFO \
	"<siteinfo><sitename>Wikipedia</sitename><dbname>dewiki</dbname>" \
	"<base>https://de.wikipedia.org/wiki/Wikipedia:Hauptseite</base><namespaces>" \
	"<namespace key=\"0\" case=\"first-letter\" />" \
	"<namespace key=\"1\" case=\"first-letter\">Diskussion</namespace>" \
	"<namespace key=\"6\" case=\"first-letter\">Datei</namespace>" \
	"<namespace key=\"14\" case=\"first-letter\">Kategorie</namespace></namespaces></siteinfo>"
#define PAGE(title, ns, more, text) \
	"<page><title>" title "</title>" ns "<id>7</id>" more \
	"<revision><id>99</id><timestamp>2016-04-22T10:19:33Z</timestamp>" \
	"<contributor><username>U</username><id>5</id></contributor>" \
	"<comment>a &lt;page&gt;</comment><model>wikitext</model><format>text/x-wiki</format>" \
	"<text bytes=\"3\" xml:space=\"preserve\">" text "</text></revision></page>"

/* Bytes from memory, a few at a time. */
struct memory {
	struct slice rest;
	size_t step;
	uint64_t offset;
};

static ssize_t read_memory(void *from, void *p, size_t n, struct err *e)
{
	struct memory *m = from;

	(void)e;
	n = MIN(MIN(n, m->step), m->rest.n);
	if (n)
		memcpy(p, m->rest.p, n);
	m->rest = slice_skip(m->rest, n);
	m->offset += n;
	return (ssize_t)n;
}

static uint64_t memory_offset(void *from)
{
	return ((struct memory *)from)->offset;
}

static struct wiki_cutter cutter(struct memory *m)
{
	return (struct wiki_cutter){ .bytes = { read_memory, memory_offset, m } };
}

/* All pages of a dump with a | behind each, TOO LONG for one that is; then what went wrong. */
static struct buf cut(const char *dump, size_t step, size_t max_bytes)
{
	struct memory m = { slice_str(dump), step, 0 };
	struct wiki_cutter c = cutter(&m);
	struct buf out = { 0 };
	struct err e = { 0 };
	bool too_long;
	uint64_t offset;
	int r;

	while ((r = wiki_cut_next(&c, &out, max_bytes, &too_long, &offset, &e)) > 0)
		buf_str(&out, too_long ? "TOO LONG|" : "|");
	if (r < 0)
		buf_str(&out, e.text);
	wiki_cut_release(&c);
	buf_cstr(&out);
	return out;
}

Test(wiki, pages_are_cut_out_wherever_reads_end)
{
	static const struct {
		const char *dump, *want;
	} rows[] = {
		{ "<mediawiki><page>a</page>\n<page>b</page></mediawiki>",
			"<page>a</page>|<page>b</page>|" },
		{ "<mediawiki a=\"b\"><siteinfo>s</siteinfo><page>a</page><page >b</page></mediawiki>",
			"<siteinfo>s</siteinfo><page>a</page>|<siteinfo>s</siteinfo><page >b</page>|" },
		{ "<page>part of a multistream dump</page>",
			"<page>part of a multistream dump</page>|" },
		{ "<mediawiki></mediawiki>", "" },
		{ "", "" },
		{ "<pages><page>a</page></pages>", "<page>a</page>|" },
		{ "<mediawiki><page>0123456789</page><page>b</page></mediawiki>",
			"TOO LONG|<page>b</page>|" },
		{ "<mediawiki><page>a</page>",
			"<page>a</page>|input ended early: </mediawiki> is missing" },
		{ "<mediawiki><page>a</pa", "input ended inside the page that begins at byte 11" },
		{ "<mediawiki><siteinfo>", "input ended inside <siteinfo>" },
		{ "<html></html>", "no MediaWiki dump: there is no <page> in it" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (size_t step = 1; step < 80; step++) {
			size_t max = strstr(rows[i].want, "TOO LONG") ? 20 : 1000;
			struct buf out = cut(rows[i].dump, step, max);

			cr_assert_str_eq(out.p, rows[i].want, "step %zu <%s>: <%s>", step,
				rows[i].dump, out.p);
			buf_release(&out);
		}
}

Test(wiki, a_page_that_salvage_cuts_off_is_passed_over)
{
	struct memory m = { SLICE("<mediawiki><page>a</page><page>b"), 7, 0 };
	struct wiki_cutter c = cutter(&m);
	struct buf out = { 0 };
	struct err e = { 0 };
	bool too_long;
	uint64_t offset;

	c.salvage = true;
	cr_expect_eq(wiki_cut_next(&c, &out, 1000, &too_long, &offset, &e), 1);
	cr_expect_eq(wiki_cut_next(&c, &out, 1000, &too_long, &offset, &e), 0);
	wiki_cut_release(&c);
	buf_release(&out);
}

Test(wiki, a_page_that_runs_into_another_behind_a_gap_is_dropped)
{
	struct memory m = { SLICE("<mediawiki><page>a<page>b<page>c</page></mediawiki>"), 9, 0 };
	struct wiki_cutter c = cutter(&m);
	struct buf out = { 0 };
	struct err e = { 0 };
	bool too_long;
	uint64_t offset;

	c.salvage = true;
	cr_expect_eq(wiki_cut_next(&c, &out, 1000, &too_long, &offset, &e), 1);
	cr_expect(slice_eq(buf_view(&out), SLICE("<page>c</page>")));
	wiki_cut_release(&c);
	buf_release(&out);
}

static bool is(struct slice s, const char *want)
{
	return slice_eq(s, slice_str(want));
}

Test(wiki, fields_of_a_page)
{
	static const char xml[] = SITEINFO PAGE("A &amp; B", "<ns>0</ns>", "", "a&lt;b");
	struct wiki_page page;

	cr_assert(wiki_page_parse(slice_str(xml), &page));
	cr_expect(is(page.title, "A &amp; B"));
	cr_expect(is(page.id, "7"), "neither the revision's nor the contributor's");
	cr_expect(is(page.ns, "0"));
	cr_expect(is(page.timestamp, "2016-04-22T10:19:33Z"));
	cr_expect(is(page.text, "a&lt;b"));
	cr_expect(is(page.model, "wikitext"));
	cr_expect(is(page.dbname, "dewiki"));
	cr_expect(!page.redirect);
	cr_expect_eq(page.names.n_file, 1);
	cr_expect(is(page.names.file[0], "Datei"));
	cr_expect(is(page.names.category[0], "Kategorie"));
}

Test(wiki, of_several_revisions_the_last_counts)
{
	static const char xml[] =
		"<page><title>T</title><id>1</id><revision><text>old</text></revision>"
		"<revision><id>3</id><text>new</text></revision></page>";
	struct wiki_page page;

	cr_assert(wiki_page_parse(slice_str(xml), &page));
	cr_expect(is(page.text, "new"));
	cr_expect(is(page.id, "1"));
}

Test(wiki, references_of_xml)
{
	static const struct {
		const char *given, *want;
	} rows[] = {
		{ "a &lt;b&gt; &amp;amp; &quot;c&apos;", "a <b> &amp; \"c'" },
		{ "&#65;&#x42;&#228;", "AB\xc3\xa4" },
		{ "&nbsp; & &; &#xD800; &#; &lt", "&nbsp; & &; &#xD800; &#; &lt" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out = { 0 };

		wiki_xml_decode(slice_str(rows[i].given), &out);
		cr_expect(is(buf_view(&out), rows[i].want), "%s: %.*s", rows[i].given, (int)out.n,
			out.p);
		buf_release(&out);
	}
}

struct outcome {
	enum verdict verdict;
	struct reason why;
	struct buf line;
	struct err e;
};

static struct outcome run(const char *xml, const struct extract_config *cfg)
{
	struct item item = { .data = slice_str(xml), .path = "d.xml" };
	struct buf scratch = { 0 };
	struct outcome o = { .verdict = KEEP };
	struct emitter to = { .out = &o.line };

	o.verdict = wiki_item(&item, cfg, &scratch, &to, &o.why, &o.e);
	buf_cstr(&o.line);
	buf_release(&scratch);
	return o;
}

Test(wiki, a_page_becomes_a_record)
{
	static const struct extract_config cfg = { .source = "wikipedia", .min_text = 1 };
	struct outcome o = run(SITEINFO PAGE("Stra\xc3\x9f"
					     "e &amp; Weg",
				       "<ns>0</ns>", "",
				       "'''Die''' [[Datei:x.jpg|mini]][[Stra\xc3\x9f"
				       "e]]."),
		&cfg);

	cr_expect_eq(o.verdict, KEEP);
	cr_expect_str_eq(o.line.p,
		"{\"id\":\"dewiki-7\",\"text\":\"Die Stra\xc3\x9f"
		"e.\",\"source\":\"wikipedia\","
		"\"url\":\"https://de.wikipedia.org/wiki/Stra%C3%9Fe_%26_Weg\","
		"\"date\":\"2016-04-22T10:19:33Z\",\"title\":\"Stra\xc3\x9f"
		"e & Weg\","
		"\"mime\":\"text/x-wiki\",\"file_path\":\"d.xml\"}\n");
	buf_release(&o.line);
}

Test(wiki, what_is_no_article_is_dropped_with_a_reason)
{
	static const struct extract_config cfg = { .min_text = 10 };
	static const struct {
		const char *xml, *rule;
	} rows[] = {
		{ SITEINFO PAGE("Diskussion:A", "<ns>1</ns>", "", "long enough to be kept"),
			"namespace" },
		{ SITEINFO PAGE("Diskussion:A", "", "", "long enough to be kept"), "namespace" },
		{ PAGE("A", "<ns>0</ns>", "<redirect title=\"B\" />", "#REDIRECT [[B]]"),
			"redirect" },
		{ PAGE("A", "<ns>0</ns>", "", "#redirect [[B and more of it]]"), "redirect" },
		{ PAGE("A", "<ns>0</ns>", "", "{{stub}}"), "empty" },
		{ PAGE("A", "<ns>0</ns>", "", ""), "empty" },
		{ PAGE("A", "<ns>0</ns>", "", "short"), "min_text" },
		{ "<page><title>A</title><ns>0</ns><revision><model>json</model><text>{}</text>"
		  "</revision></page>",
			"model" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct outcome o = run(rows[i].xml, &cfg);

		cr_expect_eq(o.verdict, DROP);
		cr_expect(o.why.rule && strcmp(o.why.rule, rows[i].rule) == 0, "%s", rows[i].xml);
		buf_release(&o.line);
	}
}

Test(wiki, titles_with_a_colon_are_articles)
{
	static const struct extract_config cfg = { .min_text = 1 };
	struct outcome o = run(SITEINFO PAGE("2001: Odyssee", "", "", "Film"), &cfg);

	cr_expect_eq(o.verdict, KEEP);
	buf_release(&o.line);
}

Test(wiki, what_is_no_page_is_bad)
{
	static const struct extract_config cfg = { .min_text = 1 };
	struct outcome o = run("<page></page>", &cfg);

	cr_expect_eq(o.verdict, BAD);
	cr_expect_str_eq(o.e.text, "a <page> without a title");
	buf_release(&o.line);
}
