/* EPUB books, made here file by file. */
#include "stages/extract/epub.h"

#include "stages/extract/book_html.h"
#include "stages/extract/epub_package.h"
#include "tests/epub_made.h"

#include <criterion/criterion.h>

static const struct extract_config config = { .min_text = 1,
	.max_body = 4 * MIB,
	.max_nodes = 100000,
	.max_depth = 500,
	.max_attrs = 1000,
	.max_entries = 20,
	.max_ratio = 100 };

struct outcome {
	enum verdict verdict;
	struct reason why;
	struct err e;
	struct buf line;
};

static struct outcome run_bytes(struct slice data)
{
	struct item item = { .data = data, .path = "in/a.epub" };
	struct buf scratch = { 0 };
	struct outcome o = { .verdict = FAIL };
	struct emitter to = { .out = &o.line };

	epub_setup();
	o.verdict = epub_item(&item, &config, &scratch, &to, &o.why, &o.e);
	buf_cstr(&o.line);
	buf_release(&scratch);
	return o;
}

static struct outcome run(const struct made_file *files, size_t n)
{
	struct buf archive = made_archive(files, n);
	struct outcome o = run_bytes(buf_view(&archive));

	buf_release(&archive);
	return o;
}

static void expect_dropped(const struct made_file *files, size_t n, const char *rule)
{
	struct outcome o = run(files, n);

	cr_expect_eq(o.verdict, DROP, "%s: verdict %d, %s", rule, o.verdict, o.e.text);
	cr_expect(
		o.verdict != DROP || strcmp(o.why.rule, rule) == 0, "%s, not %s", o.why.rule, rule);
	buf_release(&o.line);
}

#define FILE_OF(name, text) \
	{ \
		name, { text, sizeof(text) - 1 }, false \
	}
#define CONTAINER FILE_OF("META-INF/container.xml", MADE_CONTAINER)
#define XHTML "media-type=\"application/xhtml+xml\""
#define PAGE(body) \
	"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\">" \
	"<head><title/></head><body>" body "</body></html>"

/* Names that go up and are escaped, an empty title element (which HTML would read as the beginning
 * of one), a navigation document, one that is not linear, a cover by the guide, a picture. */
Test(epub, the_spine_is_the_text)
{
	static const struct made_file files[] = {
		FILE_OF("mimetype", "application/epub+zip"),
		CONTAINER,
		FILE_OF("OPS/book.opf",
			"<?xml version=\"1.0\"?><package xmlns=\"http://www.idpf.org/2007/opf\" "
			"unique-identifier=\"uid\"><metadata "
			"xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
			"xmlns:opf=\"http://www.idpf.org/2007/opf\">"
			"<dc:identifier id=\"isbn\">9780000000000</dc:identifier>"
			"<dc:identifier id=\"uid\">urn:uuid:7</dc:identifier>"
			"<dc:title>Sense &amp;\n Nonsense</dc:title><dc:title>Other</dc:title>"
			"<dc:creator opf:role=\"aut\">A. One</dc:creator>"
			"<dc:creator opf:role=\"ill\">A Painter</dc:creator>"
			"<dc:creator>B. Two</dc:creator>"
			"<dc:date opf:event=\"modification\">2020-01-01</dc:date>"
			"<dc:date opf:event=\"publication\">1897-05-02</dc:date>"
			"<dc:rights>CC BY 4.0</dc:rights></metadata><manifest>"
			"<item id=\"c2\" href=\"../Text%20two/c2.xhtml\" " XHTML "/>"
			"<item id=\"nav\" properties=\"scripted nav\" href=\"nav.xhtml\" " XHTML
			"/>"
			"<item id=\"c1\" href=\"c1.xhtml\" " XHTML "/>"
			"<item id=\"note\" href=\"note.xhtml\" " XHTML "/>"
			"<item id=\"cover\" href=\"cover.xhtml\" " XHTML "/>"
			"<item id=\"pic\" href=\"a.png\" media-type=\"image/png\"/>"
			"</manifest><spine><itemref idref=\"cover\"/><itemref idref=\"nav\"/>"
			"<itemref idref=\"c1\"/><itemref idref=\"note\" linear=\"no\"/>"
			"<itemref idref=\"pic\"/><itemref idref=\"c2\"/><itemref idref=\"c1\"/>"
			"<itemref idref=\"gone\"/></spine><guide>"
			"<reference type=\"cover\" href=\"cover.xhtml\"/></guide></package>"),
		FILE_OF("OPS/c1.xhtml",
			PAGE("<h1>I</h1><p>One <a id=\"x\"/>sentence<span "
			     "class=\"pagenum\">[Pg 7]</span> here.</p>")),
		FILE_OF("Text two/c2.xhtml", PAGE("<h1>II</h1><p>The last.</p>")),
		FILE_OF("OPS/nav.xhtml", PAGE("<nav><a href=\"c1.xhtml\">I</a></nav>")),
		FILE_OF("OPS/note.xhtml", PAGE("<p>A note.</p>")),
		FILE_OF("OPS/cover.xhtml", PAGE("<p>A cover.</p>")),
	};
	struct outcome o = run(files, ARRAY_LEN(files));

	cr_expect_eq(o.verdict, KEEP, "%s", o.e.text);
	cr_expect_str_eq(o.line.p,
		"{\"id\":\"urn:uuid:7\",\"text\":\"I\\n\\nOne sentence here.\\n\\nII\\n\\n"
		"The last.\",\"title\":\"Sense & Nonsense\",\"author\":\"A. One, B. Two\","
		"\"published\":\"1897-05-02\",\"license\":\"CC BY 4.0\",\"charset\":\"UTF-8\","
		"\"mime\":\"application/epub+zip\",\"file_path\":\"in/a.epub\"}\n");
	buf_release(&o.line);
}

#define SMALL_OPF \
	FILE_OF("OPS/book.opf", \
		"<package><metadata/><manifest><item id=\"a\" href=\"a.html\" " \
		"media-type=\"text/html\"/></manifest><spine><itemref idref=\"a\"/></spine>" \
		"</package>")

Test(epub, what_project_gutenberg_put_around_goes)
{
	static const struct made_file files[] = { CONTAINER, SMALL_OPF,
		FILE_OF("OPS/a.html",
			PAGE("<p>The Project Gutenberg eBook of X</p><p>Release Date: May 1, 2001 "
			     "[eBook #77]</p><p>*** START OF THE PROJECT GUTENBERG EBOOK X ***</p>"
			     "<p>Body.</p><p>*** END OF THE PROJECT GUTENBERG EBOOK X ***</p>"
			     "<p>Updated editions</p>")) };
	struct outcome o = run(files, ARRAY_LEN(files));

	cr_expect_eq(o.verdict, KEEP);
	cr_expect(strstr(o.line.p, "{\"id\":\"pg77\",\"text\":\"Body.\","), "%s", o.line.p);
	buf_release(&o.line);
}

Test(epub, protected_books_are_refused_and_obfuscated_fonts_are_not)
{
#define PROTECTED(algorithm) \
	FILE_OF("META-INF/encryption.xml", \
		"<encryption xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\" " \
		"xmlns:enc=\"http://www.w3.org/2001/04/xmlenc#\"><enc:EncryptedData>" \
		"<enc:EncryptionMethod Algorithm=\"" algorithm \
		"\"/></enc:EncryptedData></encryption>")
	static const struct made_file locked[] = { CONTAINER, SMALL_OPF,
		FILE_OF("OPS/a.html", "noise"),
		PROTECTED("http://www.w3.org/2001/04/xmlenc#aes128-cbc") };
	static const struct made_file fonts[] = { CONTAINER, SMALL_OPF,
		FILE_OF("OPS/a.html", "<p>Text."),
		PROTECTED("http://www.idpf.org/2008/embedding") };
	struct outcome o = run(fonts, ARRAY_LEN(fonts));

	cr_expect_eq(o.verdict, KEEP);
	buf_release(&o.line);
	expect_dropped(locked, ARRAY_LEN(locked), "drm");
}

Test(epub, bombs_are_refused)
{
	size_t n = 3 * MIB;
	char *same = calloc(n, 1), *noise = malloc(5 * MIB);
	struct made_file many[30],
		ratio[] = { CONTAINER, SMALL_OPF, { "OPS/a.html", { same, n }, true } };
	struct made_file long_one[] = { CONTAINER, SMALL_OPF,
		{ "OPS/a.html", { noise, 5 * MIB }, false } };

	memset(noise, 'x', 5 * MIB);
	for (size_t i = 0; i < ARRAY_LEN(many); i++) {
		static char names[ARRAY_LEN(many)][16];

		snprintf(names[i], sizeof(names[i]), "f%zu", i);
		many[i] = (struct made_file){ names[i], SLICE("x"), false };
	}
	expect_dropped(ratio, ARRAY_LEN(ratio), "max_ratio");
	expect_dropped(long_one, ARRAY_LEN(long_one), "max_body");
	expect_dropped(many, ARRAY_LEN(many), "max_entries");
	free(same);
	free(noise);
}

Test(epub, what_is_no_book_is_said)
{
	static const struct made_file other[] = { FILE_OF("word/document.xml", "<w/>") };
	static const struct made_file nowhere[] = { FILE_OF("META-INF/container.xml", "<x/>") };
	static const struct made_file gone[] = { CONTAINER, SMALL_OPF };
	static const struct made_file no_spine[] = { CONTAINER,
		FILE_OF("OPS/book.opf", "<package/>"), FILE_OF("OPS/a.html", "x") };
	static const struct {
		const struct made_file *files;
		size_t n;
		const char *what;
	} bad[] = { { nowhere, ARRAY_LEN(nowhere), "names no package document" },
		{ gone, ARRAY_LEN(gone), "OPS/a.html is not in the archive" },
		{ no_spine, ARRAY_LEN(no_spine), "the package document has no spine" } };

	expect_dropped(other, ARRAY_LEN(other), "mime");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct outcome o = run(bad[i].files, bad[i].n);

		cr_expect_eq(o.verdict, BAD);
		cr_expect(strstr(o.e.text, bad[i].what), "%s", o.e.text);
		buf_release(&o.line);
	}
}

/* Every cut and every byte changed: a verdict, never a crash. */
Test(epub, damage_is_a_bad_record_or_seen_by_nobody)
{
	static const char same[] = PAGE("<p>Some text of a book, some text.</p>");
	static const struct made_file files[] = { CONTAINER, SMALL_OPF,
		{ "OPS/a.html", { same, sizeof(same) - 1 }, true } };
	struct buf archive = made_archive(files, ARRAY_LEN(files));
	size_t changed = 0;

	for (size_t n = 1; n < archive.n; n++) {
		struct outcome o = run_bytes((struct slice){ archive.p, n });

		cr_expect_eq(o.verdict, BAD, "cut at %zu", n);
		buf_release(&o.line);
		archive.p[n] ^= 0x55;
		o = run_bytes(buf_view(&archive));
		archive.p[n] ^= 0x55;
		cr_expect(o.verdict == BAD || o.verdict == KEEP || o.verdict == DROP);
		/* A changed text would not have its checksum. */
		changed += o.verdict == KEEP &&
			!strstr(o.line.p, "\"text\":\"Some text of a book, some text.\"");
		buf_release(&o.line);
	}
	cr_expect_eq(changed, 0);
	buf_release(&archive);
}

Test(epub, contents_of_links_are_left_out)
{
	static const struct made_file files[] = { CONTAINER,
		FILE_OF("OPS/book.opf",
			"<package><manifest><item id=\"t\" href=\"t.html\" media-type=\"text/html\"/>"
			"<item id=\"a\" href=\"a.html\" media-type=\"text/html\"/></manifest><spine>"
			"<itemref idref=\"t\"/><itemref idref=\"a\"/></spine></package>"),
		FILE_OF("OPS/t.html",
			"<h1>Contents</h1><p><a href=\"a.html#1\">The first chapter</a><p><a "
			"href=\"a.html#2\">The second chapter</a><p><a href=\"a.html#3\">The "
			"third chapter</a>"),
		FILE_OF("OPS/a.html",
			"<p>Text with <a href=\"#n1\">1</a>, <a href=\"#n2\">2</a>, "
			"<a href=\"#n3\">3</a> notes.") };
	struct outcome o = run(files, ARRAY_LEN(files));

	cr_expect(strstr(o.line.p, "\"text\":\"Text with 1, 2, 3 notes.\""), "%s", o.line.p);
	buf_release(&o.line);
}

Test(epub, xhtml_becomes_html)
{
	static const struct {
		const char *given, *want;
	} cases[] = {
		{ "<?xml version=\"1.0\"?><p>a<br/>b</p>", "<p>a<br/>b</p>" },
		{ "<title/><p id=\"a>b\"/>x", "<title></title><p id=\"a>b\"></p>x" },
		{ "<![CDATA[a < b & c]]>", "a &lt; b &amp; c" },
		{ "a<!-- <p/> -->b", "ab" },
		{ "a <", "a <" },
		{ "<a href='x/'>y</a>", "<a href='x/'>y</a>" },
		{ "<![CDATA[open", "open" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = { 0 };

		book_xhtml_to_html(slice_str(cases[i].given), &out);
		cr_expect_str_eq(buf_cstr(&out), cases[i].want);
		buf_release(&out);
	}
}
