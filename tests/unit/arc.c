/* ARC files: each form of record line, whole files, damage. */
#include "lib/web/arc.h"
#include "lib/web/warc.h"
#include "tests/memory_input.h"

Test(arc, says_record_lines_as_warc_headers)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		/* The examples of the 1996 paper, versions 1 and 2. */
		{ "http://www.dryswamp.edu:80/index.html 127.10.100.2 19961104142103 text/html 202\n",
			"WARC/1.0\r\nWARC-Type: response\r\n"
			"WARC-Record-ID: <19961104142103/http://www.dryswamp.edu:80/index.html>\r\n"
			"WARC-Target-URI: http://www.dryswamp.edu:80/index.html\r\n"
			"WARC-Date: 1996-11-04T14:21:03Z\r\n"
			"Content-Type: application/http; msgtype=response\r\n"
			"WARC-Identified-Payload-Type: text/html\r\nContent-Length: 202\r\n\r\n" },
		{ "http://www.dryswamp.edu:80/index.html 127.10.100.2 19961104142103 text/html 200 "
		  "fac069150613fe55599cc7fa88aa089d - 209 IA-001102.arc 202\n",
			"WARC/1.0\r\nWARC-Type: response\r\n"
			"WARC-Record-ID: <19961104142103/http://www.dryswamp.edu:80/index.html>\r\n"
			"WARC-Target-URI: http://www.dryswamp.edu:80/index.html\r\n"
			"WARC-Date: 1996-11-04T14:21:03Z\r\n"
			"Content-Type: application/http; msgtype=response\r\n"
			"WARC-Identified-Payload-Type: text/html\r\nContent-Length: 202\r\n\r\n" },
		{ "filedesc://IA-001102.arc 0 19960923142103 text/plain 76\r\n",
			"WARC/1.0\r\nWARC-Type: warcinfo\r\n"
			"WARC-Record-ID: <19960923142103/filedesc://IA-001102.arc>\r\n"
			"WARC-Target-URI: filedesc://IA-001102.arc\r\n"
			"WARC-Date: 1996-09-23T14:21:03Z\r\n"
			"Content-Type: text/plain\r\nContent-Length: 76\r\n\r\n" },
		/* Heritrix: no type; dates to the minute; names as a crawler looked them up */
		{ "dns:www.a.example 207.241.224.2 200804302048 no-type 0",
			"WARC/1.0\r\nWARC-Type: resource\r\n"
			"WARC-Record-ID: <200804302048/dns:www.a.example>\r\n"
			"WARC-Target-URI: dns:www.a.example\r\n"
			"WARC-Date: 2008-04-30T20:48:00Z\r\nContent-Length: 0\r\n\r\n" },
		/* spaces in the URL and in the type */
		{ "http://a.example/a b 12.html 192.0.2.1 20080430204825 text/html; charset=x 9",
			"WARC/1.0\r\nWARC-Type: response\r\n"
			"WARC-Record-ID: <20080430204825/http://a.example/a b 12.html>\r\n"
			"WARC-Target-URI: http://a.example/a b 12.html\r\n"
			"WARC-Date: 2008-04-30T20:48:25Z\r\n"
			"Content-Type: application/http; msgtype=response\r\n"
			"WARC-Identified-Payload-Type: text/html;\r\nContent-Length: 9\r\n\r\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf got = { 0 };
		struct warc_header h;
		const char *what;

		cr_assert(arc_to_warc(slice_str(cases[i].line), &got), "case %zu", i);
		cr_expect_str_eq(buf_cstr(&got), cases[i].want, "case %zu", i);
		cr_expect(warc_parse(buf_view(&got), &h, &what), "case %zu", i);
		buf_release(&got);
	}
}

Test(arc, knows_no_other_lines)
{
	static const char *const cases[] = {
		"",
		"\n",
		"WARC/1.0",
		"http://a.example/ 192.0.2.1 20080430204825 text/html",
		"http://a.example/ 192.0.2.1 20080430204825 text/html -1",
		"http://a.example/ 192.0.2.1 2008 text/html 9",
		"http://a.example/ x 20080430204825 text/html 9",
		"192.0.2.1 20080430204825 text/html 9",
		"no-url 192.0.2.1 20080430204825 text/html 9",
		/* of a CDX file */
		"com,example)/ 20080430204825 http://a.example/ text/html 200 ABC - - 9 1 f.arc.gz",
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf got = { 0 };

		cr_expect(!arc_to_warc(slice_str(cases[i]), &got), "%s", cases[i]);
		cr_expect(got.n == 0);
	}
}

/* A version block of Heritrix (1.1) and the records behind it. */
static const char version_block[] = "1 1 InternetArchive\n"
				    "URL IP-address Archive-date Content-type Archive-length\n"
				    "<arcmetadata></arcmetadata>\n";

static void put_record(struct buf *out, const char *url, const char *type, const char *block)
{
	buf_printf(
		out, "%s 192.0.2.1 20080430204825 %s %zu\n%s\n", url, type, strlen(block), block);
}

struct file {
	struct memory_input bytes;
	struct warc *warc;
};

static void open_bytes(struct file *f, struct slice bytes, bool salvage)
{
	memory_input_open(&f->bytes, bytes, salvage);
	f->warc = warc_new(f->bytes.in);
}

static void close_file(struct file *f)
{
	warc_free(f->warc);
	memory_input_close(&f->bytes);
}

Test(arc, reads_records_with_their_blocks_and_places)
{
	struct buf bytes = { 0 }, data = { 0 };
	size_t begins[4];
	struct file f;
	struct warc_header h;
	struct warc_place place;
	struct err e = { 0 };

	put_record(&bytes, "filedesc://a.arc", "text/plain", version_block);
	begins[1] = bytes.n;
	put_record(&bytes, "http://a.example/", "text/html", "HTTP/1.0 200 OK\r\n\r\n<p>x\n");
	begins[2] = bytes.n;
	put_record(
		&bytes, "dns:a.example", "text/dns", "20080430204825\na.example. IN A 192.0.2.1");
	begins[3] = bytes.n;
	open_bytes(&f, buf_view(&bytes), false);
	cr_assert(warc_next(f.warc, &data, &h, &e) == 1, "%s", e.text);
	cr_expect(h.type == WARC_INFO);
	cr_assert(warc_finish(f.warc, &place, &e) == 1);
	cr_expect(place.offset == 0 && place.length == begins[1]);

	data.n = 0;
	cr_assert(warc_next(f.warc, &data, &h, &e) == 1, "%s", e.text);
	cr_expect(h.type == WARC_RESPONSE && slice_eq(h.uri, SLICE("http://a.example/")));
	cr_assert(warc_block(f.warc, &data, &e) == 1);
	cr_expect(slice_eq(slice_skip(buf_view(&data), h.header_bytes),
		SLICE("HTTP/1.0 200 OK\r\n\r\n<p>x\n")));
	cr_assert(warc_finish(f.warc, &place, &e) == 1);
	cr_expect(place.offset == begins[1] && place.length == begins[2] - begins[1]);

	data.n = 0;
	cr_assert(warc_next(f.warc, &data, &h, &e) == 1, "%s", e.text);
	cr_expect(h.type == WARC_RESOURCE && slice_eq(h.content_type, SLICE("text/dns")));
	cr_assert(warc_finish(f.warc, &place, &e) == 1);
	cr_expect(place.offset == begins[2] && place.length == begins[3] - begins[2]);
	cr_expect(warc_next(f.warc, &data, &h, &e) == 0);
	close_file(&f);
	buf_release(&bytes);
	buf_release(&data);
}

Test(arc, salvage_goes_on_at_the_next_record_line)
{
	struct buf bytes = { 0 }, data = { 0 };
	struct file f;
	struct warc_header h;
	struct warc_place place;
	struct err e = { 0 };
	size_t second;

	put_record(&bytes, "filedesc://a.arc", "text/plain", version_block);
	buf_str(&bytes, "http://a.example/ 192.0.2.1 20080430204825 text/html many\nblock\n");
	second = bytes.n;
	put_record(&bytes, "http://b.example/", "text/html", "block");
	open_bytes(&f, buf_view(&bytes), false);
	cr_assert(warc_next(f.warc, &data, &h, &e) == 1);
	cr_expect(warc_next(f.warc, &data, &h, &e) == -1);
	cr_expect(strstr(e.text, "record 1 at byte"), "%s", e.text);
	close_file(&f);

	err_clear(&e);
	open_bytes(&f, buf_view(&bytes), true);
	cr_assert(warc_next(f.warc, &data, &h, &e) == 1);
	cr_assert(warc_next(f.warc, &data, &h, &e) == 1 && h.type == WARC_DAMAGED);
	data.n = 0;
	cr_assert(warc_next(f.warc, &data, &h, &e) == 1, "%s", e.text);
	cr_expect(slice_eq(h.uri, SLICE("http://b.example/")));
	cr_assert(warc_block(f.warc, &data, &e) == 1);
	cr_assert(warc_finish(f.warc, &place, &e) == 1);
	cr_expect(place.offset == second && place.length == bytes.n - second);
	cr_expect(warc_next(f.warc, &data, &h, &e) == 0);
	close_file(&f);
	buf_release(&bytes);
	buf_release(&data);
}
