/* WARC records and files to records of ours, and the reasons for which they are dropped. */
#include "stages/extract/page.h"

#include "lib/web/html.h"
#include "stages/extract/metadata.h"
#include "stages/extract/sources.h"

#include <criterion/criterion.h>

#define TEXT "One cold evening the ferry did not come, and nobody could say why."

static const struct extract_config config = {
	.source = "test",
	.min_text = 20,
	.max_body = 100000,
	.max_nodes = 1000,
	.max_depth = 100,
	.max_attrs = 20,
};

struct outcome {
	enum verdict v;
	struct reason why;
	struct buf line;
	struct err e;
};

static struct outcome run(const struct extract_config *c, struct slice data, bool file)
{
	struct outcome o = { 0 };
	struct emitter to = { .out = &o.line };
	struct item item = {
		.data = data, .path = "in", .offset = 7, .length = 9, .kind = FROM_WARC
	};
	struct pages *p = pages_new(c);

	item.kind = file ? FROM_HTML : FROM_WARC;
	o.v = (file ? page_file_item : page_warc_item)(p, &item, &to, &o.why, &o.e);
	pages_free(p);
	buf_cstr(&o.line);
	return o;
}

/* A WARC record of block, of the given type and with more fields. */
static void put_record(struct buf *out, const char *type, const char *fields, const char *block)
{
	out->n = 0;
	buf_printf(out,
		"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Record-ID: <urn:x:1>\r\nWARC-Target-URI: http://a/\r\n"
		"WARC-Date: 2026-11-01T00:00:00Z\r\n%sContent-Length: %zu\r\n\r\n%s\r\n\r\n",
		type, fields, strlen(block), block);
	out->n -= 4; /* an item ends with its block */
}

#define HTTP "Content-Type: application/http; msgtype=response\r\n"

Test(page, writes_the_fields_of_a_response)
{
	struct buf record = { 0 };
	struct outcome o;

	put_record(&record, "response", HTTP "WARC-Truncated: length\r\n",
		"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=latin1\r\nX-Robots-Tag: noai\r\n\r\n"
		"<html><head><title>T\"</title><link rel=license href=/l></head><body><p>" TEXT
		" caf\xE9");
	o = run(&config, buf_view(&record), false);
	cr_expect(o.v == KEEP);
	cr_expect_str_eq(o.line.p,
		"{\"id\":\"urn:x:1\",\"text\":\"" TEXT
		" café\",\"source\":\"test\",\"url\":\"http://a/\","
		"\"date\":\"2026-11-01T00:00:00Z\",\"title\":\"T\\\"\",\"license\":\"http://a/l\",\"robots\":\"noai\","
		"\"charset\":\"windows-1252\",\"mime\":\"text/html\",\"truncated\":\"length\","
		"\"file_path\":\"in\",\"warc_offset\":7,\"warc_length\":9}\n");
	buf_release(&o.line);
	buf_release(&record);
}

Test(page, takes_conversions_as_they_stand)
{
	struct buf record = { 0 };
	struct outcome o;

	put_record(&record, "conversion", "Content-Type: text/plain\r\n", "<p>" TEXT "\n\xFF \n");
	o = run(&config, buf_view(&record), false);
	cr_expect(o.v == KEEP);
	cr_expect(strstr(o.line.p, "\"text\":\"<p>" TEXT "\\n\xEF\xBF\xBD \""), "%s", o.line.p);
	cr_expect(strstr(o.line.p, "\"replaced\":1,"), "%s", o.line.p);
	buf_release(&o.line);
	buf_release(&record);
}

Test(page, drops_by_named_reasons)
{
	static const struct {
		const char *type, *fields, *block, *rule, *name;
		double value;
	} cases[] = {
		{ "response", HTTP, "HTTP/1.1 404 No\r\nContent-Type: text/html\r\n\r\n<p>" TEXT,
			"status", NULL, 404 },
		{ "response", HTTP, "no response", "status", "no HTTP response", 0 },
		{ "response", HTTP, "HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n%PDF",
			"mime", "application/pdf", 0 },
		{ "response", HTTP, "HTTP/1.1 200 OK\r\n\r\n%PDF-1.4", "mime", "application/pdf",
			0 },
		{ "response", HTTP "WARC-Identified-Payload-Type: image/png\r\n",
			"HTTP/1.1 200 OK\r\n\r\n\x89PNG", "mime", "image/png", 0 },
		{ "response", "Content-Type: text/dns\r\n", "a. IN A 192.0.2.1", "mime", "text/dns",
			0 },
		{ "response", HTTP,
			"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: compress\r\n\r\n\x1F\x9D\x90",
			"coding", "compress", 0 },
		{ "response", HTTP, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>short",
			"min_text", NULL, 5 },
		{ "resource", "Content-Type: text/css\r\n", "a { }", "mime", "text/css", 0 },
		{ "conversion", "Content-Type: image/png\r\n", "x", "mime", "image/png", 0 },
		{ "resource", "Content-Type: text/html\r\n",
			"<p a b c d e f g h i j k l m n o p q r s t u>", "max_attrs", NULL, 21 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf record = { 0 };
		struct outcome o;

		put_record(&record, cases[i].type, cases[i].fields, cases[i].block);
		o = run(&config, buf_view(&record), false);
		cr_assert(o.v == DROP, "case %zu", i);
		cr_expect_str_eq(o.why.rule, cases[i].rule, "case %zu", i);
		cr_expect(o.why.named == (cases[i].name != NULL), "case %zu", i);
		if (cases[i].name)
			cr_expect_str_eq(o.why.name, cases[i].name, "case %zu", i);
		else
			cr_expect(o.why.value >= cases[i].value && o.why.value <= cases[i].value,
				"case %zu", i);
		buf_release(&o.line);
		buf_release(&record);
	}
}

Test(page, honours_optouts_when_asked_to)
{
	struct extract_config strict = config;
	struct slice page = SLICE("<meta name=robots content='noai, noindex'><p>" TEXT);
	struct outcome o = run(&config, page, true);

	cr_expect(o.v == KEEP);
	cr_expect(strstr(o.line.p, "\"robots\":\"noindex, noai\""), "%s", o.line.p);
	buf_release(&o.line);
	strict.respect_optout = true;
	o = run(&strict, page, true);
	cr_expect(o.v == DROP);
	cr_expect_str_eq(o.why.rule, "optout");
	cr_expect_str_eq(o.why.name, "noindex, noai");
	cr_expect(o.line.n > 0, "the record is there for --rejects");
	buf_release(&o.line);
}

Test(page, reads_files)
{
	struct extract_config all = config;
	struct slice page =
		SLICE("<link rel=canonical href=http://c/><nav>Menu</nav><p>" TEXT "<p>" TEXT);
	struct outcome o = run(&config, page, true);

	cr_expect(o.v == KEEP);
	cr_expect_str_eq(o.line.p,
		"{\"id\":\"in\",\"text\":\"" TEXT "\\n\\n" TEXT
		"\",\"source\":\"test\",\"url\":\"http://c/\","
		"\"charset\":\"UTF-8\",\"mime\":\"text/html\",\"file_path\":\"in\"}\n");
	buf_release(&o.line);
	all.all_text = true;
	o = run(&all, page, true);
	cr_expect(
		strstr(o.line.p, "\"text\":\"Menu\\n\\n" TEXT "\\n\\n" TEXT "\""), "%s", o.line.p);
	buf_release(&o.line);
}

Test(page, tells_formats_by_their_first_bytes)
{
	static const struct {
		struct slice head;
		enum extract_from want;
	} cases[] = {
		{ { "WARC/1.0\r\n", 10 }, FROM_WARC },
		{ { "\r\n WARC/1.1", 11 }, FROM_WARC },
		{ { "<mediawiki xmlns=", 17 }, FROM_WIKI },
		{ { "<?xml version='1.0'?>\n<mediawiki>", 33 }, FROM_WIKI },
		{ { "\xEF\xBB\xBF<!DOCTYPE html>", 18 }, FROM_HTML },
		{ { "<?xml version='1.0'?><html>", 27 }, FROM_HTML },
		{ { "<!-- x --><HTML>", 16 }, FROM_HTML },
		{ { "{\"text\":1}", 10 }, FROM_JSONL },
		{ { "The Project Gutenberg", 21 }, FROM_TEXT },
		{ { "<no tag of a page>", 18 }, FROM_TEXT },
		{ { "", 0 }, FROM_TEXT },
		{ { "\xFF\xFE"
		    "a\0b\0",
			  6 },
			FROM_TEXT },
		{ { "<div>a fragment", 15 }, FROM_HTML },
		{ { "<poem>a tag of TEI", 18 }, FROM_TEXT },
		{ { "<?xml version='1.0'?><rss><title>a", 34 }, FROM_AUTO },
		{ { "\xFF\xFE<\0h\0t\0m\0l\0>\0", 14 }, FROM_HTML },
		{ { "\0<\0p\0>\0x", 8 }, FROM_HTML },
		{ { "\xFF\xFE{\0}\0", 6 }, FROM_TEXT },
		{ { "a\0b\0", 4 }, FROM_AUTO },
		{ { "%PDF-1.4\n\0\1", 11 }, FROM_AUTO },
		{ { "PK\3\4\0\0", 6 }, FROM_EPUB },
		{ { "PK\5\6\0\0", 6 }, FROM_AUTO },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(extract_sniff(cases[i].head) == cases[i].want, "case %zu", i);
}

/* What servers and names call HTML and is none is counted by what it is. */
Test(page, drops_what_is_no_html_whatever_its_label)
{
#define BYTES(literal) \
	{ \
		literal, sizeof(literal) - 1 \
	}
	static const struct {
		struct slice bytes;
		const char *want; /* NULL: a page */
	} cases[] = {
		{ BYTES("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\1"), "image/png" },
		{ BYTES("\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1"), "image/jpeg" },
		{ BYTES("%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"), "application/pdf" },
		{ BYTES("\0\0\1\0\1\0\x20\0\x20\0\0\0\1\0\x20\0"), "image/vnd.microsoft.icon" },
		{ BYTES("\1\2\3\4\5\6\7\x08" TEXT), "application/octet-stream" },
		{ BYTES(TEXT "\1" TEXT), NULL },
		{ BYTES("OTTO. " TEXT), NULL },
		{ BYTES("<p>\1\2\3\4\5\6\7\x08" TEXT), NULL },
		{ BYTES("\xFF\xFE<\0p\0>\0L\0o\0n\0g\0,\0 \0l\0o\0n\0g\0 \0a\0g\0o\0,\0 \0y\0e\0s\0.\0"),
			NULL },
		{ BYTES("L\0o\0n\0g\0,\0 \0l\0o\0n\0g\0 \0a\0g\0o\0,\0 \0o\0h\0 \0y\0e\0s\0.\0"),
			NULL },
	};
#undef BYTES

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct outcome o = run(&config, cases[i].bytes, true);
		const char *want = cases[i].want;

		cr_expect(o.v == (want ? DROP : KEEP), "case %zu", i);
		cr_expect(!want || strcmp(o.why.rule, "mime") == 0, "case %zu", i);
		cr_expect(!want || strcmp(o.why.name, want) == 0, "case %zu: %s", i, o.why.name);
		buf_release(&o.line);
	}
}
