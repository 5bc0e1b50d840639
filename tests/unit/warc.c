/* WARC records: the grammar of ISO 28500, places in compressed files, damage and salvage. */
#include "lib/web/warc.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

/* A file in memory that input_open can open by name. */
struct file {
	int fd;
	char path[40];
	struct input *in;
	struct warc *warc;
	struct buf data;
	struct err e;
};

static void open_bytes(struct file *f, struct slice bytes, bool salvage)
{
	*f = (struct file){ .fd = memfd_create("warc", 0) };
	cr_assert(write(f->fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
	snprintf(f->path, sizeof(f->path), "/proc/self/fd/%d", f->fd);
	cr_assert(input_open(&f->in, f->path, salvage, &f->e) == 0, "%s", f->e.text);
	f->warc = warc_new(f->in);
}

static void close_file(struct file *f)
{
	warc_free(f->warc);
	input_free(f->in);
	buf_release(&f->data);
	close(f->fd);
}

static int next(struct file *f, struct warc_header *h)
{
	f->data.n = 0;
	return warc_next(f->warc, &f->data, h, &f->e);
}

/* One record as a writer makes it. */
static void put_record(struct buf *out, const char *type, const char *id, const char *block)
{
	buf_printf(out,
		"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Record-ID: <urn:uuid:%s>\r\n"
		"Content-Length: %zu\r\n\r\n%s\r\n\r\n",
		type, id, strlen(block), block);
}

/* One gzip member of s. */
static void put_member(struct buf *out, struct slice s)
{
	z_stream z = { 0 };
	char to[4096];

	cr_assert(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) == Z_OK);
	memcpy(&z.next_in, &s.p, sizeof(s.p));
	z.avail_in = (uInt)s.n;
	z.next_out = (Bytef *)to;
	z.avail_out = sizeof(to);
	cr_assert(deflate(&z, Z_FINISH) == Z_STREAM_END);
	buf_append(out, to, sizeof(to) - z.avail_out);
	deflateEnd(&z);
}

Test(warc, reads_headers_as_the_standard_has_them)
{
	static const struct {
		const char *text;
		enum warc_type type;
		const char *uri, *id;
		uint64_t length;
	} cases[] = {
		{ "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\n"
		  "WARC-Record-ID: <urn:uuid:1>\r\nContent-Length: 12\r\n\r\n",
			WARC_RESPONSE, "http://a.example/", "urn:uuid:1", 12 },
		/* the grammar of WARC 1.0 puts the URI in angle brackets; so does wget */
		{ "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: <http://a.example/>\r\n"
		  "WARC-Record-ID: <urn:uuid:1>\r\nContent-Length: 0\r\n\r\n",
			WARC_RESOURCE, "http://a.example/", "urn:uuid:1", 0 },
		/* names and types whatever their case, no space, lines of bare LF */
		{ "WARC/1.0\nwarc-type:CONVERSION\nwarc-target-uri:x:y\nWARC-RECORD-ID:<i>\n"
		  "content-length:007\n\n",
			WARC_CONVERSION, "x:y", "i", 7 },
		/* the first of two counts, a colon in the value stays */
		{ "WARC/0.18\r\nWARC-Type: revisit\r\nWARC-Target-URI: urn:a\r\n"
		  "WARC-Target-URI: urn:b\r\nWARC-Record-ID: <i>\r\nContent-Length: 1\r\n\r\n",
			WARC_REVISIT, "urn:a", "i", 1 },
		{ "WARC/1.1\r\nWARC-Type: invented\r\nWARC-Record-ID: <i>\r\n"
		  "Content-Length: 18446744073709551615\r\n\r\n",
			WARC_OTHER, NULL, "i", UINT64_MAX },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct warc_header h;
		const char *what;

		cr_assert(warc_parse(slice_str(cases[i].text), &h, &what), "case %zu: %s", i, what);
		cr_expect(h.type == cases[i].type, "case %zu", i);
		cr_expect(slice_eq(h.uri, slice_str(cases[i].uri)), "case %zu", i);
		cr_expect(slice_eq(h.id, slice_str(cases[i].id)), "case %zu", i);
		cr_expect(h.length == cases[i].length, "case %zu", i);
		cr_expect(h.header_bytes == strlen(cases[i].text), "case %zu", i);
	}
}

Test(warc, refuses_headers_that_cannot_be_followed)
{
	static const struct {
		const char *text, *what;
	} cases[] = {
		{ "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: -1\r\n\r\n",
			"Content-Length is not a number" },
		{ "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 1e3\r\n\r\n",
			"Content-Length is not a number" },
		{ "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 18446744073709551616\r\n\r\n",
			"Content-Length is not a number" },
		{ "WARC/1.1\r\nWARC-Type: response\r\nContent-Length:\r\n\r\n",
			"Content-Length is not a number" },
		{ "WARC/1.1\r\nWARC-Type: response\r\n\r\n", "no Content-Length" },
		{ "WARC/1.1\r\nContent-Length: 1\r\n\r\n", "no WARC-Type" },
		{ "WARC/2.0\r\nWARC-Type: response\r\nContent-Length: 1\r\n\r\n",
			"no WARC version line" },
		{ "HTTP/1.1 200 OK\r\n\r\n", "no WARC version line" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct warc_header h;
		const char *what = "";

		cr_expect(!warc_parse(slice_str(cases[i].text), &h, &what), "case %zu", i);
		cr_expect_str_eq(what, cases[i].what, "case %zu", i);
	}
}

Test(warc, unfolds_lines_that_are_continued)
{
	struct file f;
	struct warc_header h;

	open_bytes(&f,
		SLICE("WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http;\r\n"
		      " \t msgtype=response\r\nContent-Length: 2\r\n\r\nab\r\n\r\n"),
		false);
	cr_assert(next(&f, &h) == 1, "%s", f.e.text);
	cr_expect(slice_eq(h.content_type, SLICE("application/http; msgtype=response")));
	cr_assert(warc_block(f.warc, &f.data, &f.e) == 1);
	cr_expect(slice_eq(slice_skip(buf_view(&f.data), h.header_bytes), SLICE("ab")));
	close_file(&f);
}

Test(warc, says_where_records_stand_in_a_plain_file)
{
	struct file f;
	struct warc_header h;
	struct warc_place place;
	struct buf bytes = { 0 };
	size_t second;

	put_record(&bytes, "response", "a", "first block");
	second = bytes.n;
	put_record(&bytes, "response", "b", "");
	open_bytes(&f, buf_view(&bytes), false);
	cr_assert(next(&f, &h) == 1);
	cr_assert(warc_finish(f.warc, &place, &f.e) == 1);
	cr_expect(place.number == 0 && place.offset == 0 && place.length == second);
	cr_assert(next(&f, &h) == 1);
	cr_expect(slice_eq(h.id, SLICE("urn:uuid:b")));
	cr_assert(warc_finish(f.warc, &place, &f.e) == 1);
	cr_expect(place.number == 1 && place.offset == second && place.length == bytes.n - second);
	cr_expect(next(&f, &h) == 0);
	close_file(&f);
	buf_release(&bytes);
}

Test(warc, says_which_member_holds_a_record)
{
	struct file f;
	struct warc_header h;
	struct warc_place place;
	struct buf one = { 0 }, two = { 0 }, bytes = { 0 };
	size_t second, third;

	put_record(&one, "response", "a", "first block");
	put_member(&bytes, buf_view(&one));
	second = bytes.n;
	put_record(&two, "response", "b", "x");
	put_record(&two, "response", "c", "y");
	put_member(&bytes, buf_view(&two));
	third = bytes.n;
	put_member(&bytes, buf_view(&one));
	open_bytes(&f, buf_view(&bytes), false);
	cr_assert(next(&f, &h) == 1 && warc_finish(f.warc, &place, &f.e) == 1);
	cr_expect(place.offset == 0 && place.length == second);
	for (int i = 0; i < 2; i++) { /* a member of two records can be fetched for neither alone */
		cr_assert(next(&f, &h) == 1 && warc_finish(f.warc, &place, &f.e) == 1);
		cr_expect(place.offset == second && place.length == 0);
	}
	cr_assert(next(&f, &h) == 1 && warc_finish(f.warc, &place, &f.e) == 1);
	cr_expect(place.offset == third && place.length == bytes.n - third);
	cr_expect(next(&f, &h) == 0);
	close_file(&f);
	buf_release(&one);
	buf_release(&two);
	buf_release(&bytes);
}

Test(warc, passes_over_blocks_that_nobody_asks_for)
{
	struct file f;
	struct warc_header h;
	struct buf bytes = { 0 };

	buf_str(&bytes, "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 1000000\r\n\r\n");
	for (int i = 0; i < 1000000; i++)
		buf_byte(&bytes, "WARC/1.0\n"[i % 9]);
	buf_str(&bytes, "\n"); /* one line end where the standard wants two */
	put_record(&bytes, "response", "b", "");
	open_bytes(&f, buf_view(&bytes), false);
	cr_assert(next(&f, &h) == 1);
	cr_assert(next(&f, &h) == 1, "%s", f.e.text);
	cr_expect(slice_eq(h.id, SLICE("urn:uuid:b")));
	cr_expect(f.data.cap < 10000, "the block was not held");
	close_file(&f);
	buf_release(&bytes);
}

Test(warc, names_record_and_byte_of_damage)
{
	static const struct {
		const char *tail, *what;
	} cases[] = {
		{ "garbage\r\n\r\n", "no WARC version line" },
		{ "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: x\r\n\r\n",
			"Content-Length is not a number" },
		{ "WARC/1.0\r\nWARC-Type: resp", "input ended early: inside a header" },
		{ "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9\r\n\r\nabc",
			"input ended early: inside a block" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct file f;
		struct warc_header h;
		struct warc_place place;
		struct buf bytes = { 0 };
		char want[200];
		int r;

		put_record(&bytes, "response", "a", "first block");
		snprintf(want, sizeof(want), "record 1 at byte %zu: %s", bytes.n, cases[i].what);
		buf_str(&bytes, cases[i].tail);
		open_bytes(&f, buf_view(&bytes), false);
		cr_assert(next(&f, &h) == 1 && warc_finish(f.warc, &place, &f.e) == 1);
		r = next(&f, &h);
		if (r == 1)
			r = warc_finish(f.warc, &place, &f.e);
		cr_expect(r == -1 && f.e.code == ERR_DATA, "case %zu", i);
		cr_expect(strstr(f.e.text, want), "%s", f.e.text);
		close_file(&f);
		buf_release(&bytes);
	}
}

Test(warc, salvage_goes_on_at_the_next_version_line)
{
	struct file f;
	struct warc_header h;
	struct warc_place place;
	struct buf bytes = { 0 };

	buf_str(&bytes,
		"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: many\r\n\r\n"
		"text WARC/1.0 in a line\r\n\r\n");
	put_record(&bytes, "response", "b", "block");
	buf_str(&bytes, "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 900\r\n\r\nabc");
	open_bytes(&f, buf_view(&bytes), true);
	cr_assert(next(&f, &h) == 1 && h.type == WARC_DAMAGED, "%s", f.e.text);
	cr_assert(next(&f, &h) == 1 && slice_eq(h.id, SLICE("urn:uuid:b")), "%s", f.e.text);
	cr_assert(warc_block(f.warc, &f.data, &f.e) == 1);
	cr_assert(warc_finish(f.warc, &place, &f.e) == 1);
	cr_expect(place.number == 1);
	cr_assert(next(&f, &h) == 1);
	cr_expect(warc_block(f.warc, &f.data, &f.e) == 0, "its block is cut");
	cr_expect(next(&f, &h) == 0);
	cr_expect(f.e.code == ERR_NONE);
	close_file(&f);
	buf_release(&bytes);
}

Test(warc, salvage_drops_the_record_that_lost_bytes)
{
	struct file f;
	struct warc_header h;
	struct warc_place place;
	struct buf one = { 0 }, bytes = { 0 };
	size_t second, third;
	int whole = 0;

	put_record(&one, "response", "a", "first block, long enough to be hit in its middle");
	put_member(&bytes, buf_view(&one));
	second = bytes.n;
	put_member(&bytes, buf_view(&one));
	third = bytes.n;
	one.n = 0;
	put_record(&one, "response", "c", "third block");
	put_member(&bytes, buf_view(&one));
	memset(bytes.p + second + (third - second) / 2, 0x5A, 12);
	open_bytes(&f, buf_view(&bytes), true);
	cr_assert(next(&f, &h) == 1 && warc_block(f.warc, &f.data, &f.e) == 1);
	cr_expect(warc_finish(f.warc, &place, &f.e) == 1);
	while (next(&f, &h) == 1) {
		int r = h.type == WARC_DAMAGED ? 0 : warc_block(f.warc, &f.data, &f.e);

		if (r == 1 && warc_finish(f.warc, &place, &f.e) == 1) {
			cr_expect(slice_eq(h.id, SLICE("urn:uuid:c")));
			whole++;
		}
	}
	cr_expect(whole == 1, "the one behind the damage");
	cr_expect(f.e.code == ERR_NONE, "%s", f.e.text);
	close_file(&f);
	buf_release(&one);
	buf_release(&bytes);
}
