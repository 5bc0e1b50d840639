/* HTTP responses: the message format, codings in stacks, wrong labels, bombs. */
#include "lib/web/http.h"

#include <brotli/encode.h>
#include <criterion/criterion.h>
#include <stdio.h>
#include <zlib.h>
#include <zstd.h>

static struct slice field(const char *block, const char *name)
{
	struct http_response r;

	cr_assert(http_parse(slice_str(block), &r));
	return http_field(&r, name);
}

Test(http, splits_messages)
{
	static const struct {
		const char *block;
		int status;
		const char *body;
	} cases[] = {
		{ "HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody", 200, "body" },
		{ "HTTP/1.0 404 Not Found\r\n\r\n", 404, "" },
		{ "HTTP/1.1 200 OK\nA: b\n\nbody", 200, "body" },
		{ "HTTP/1.1  301\r\nA: b\r\n\r\n\r\nx", 301, "\r\nx" },
		{ "HTTP/1.1 200 OK\r\nA: b", 200, "" }, /* cut inside the fields */
		{ "HTTP/1.1 200", 200, "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct http_response r;

		cr_assert(http_parse(slice_str(cases[i].block), &r), "case %zu", i);
		cr_expect(r.status == cases[i].status, "case %zu", i);
		cr_expect(slice_eq(r.body, slice_str(cases[i].body)), "case %zu", i);
	}
}

Test(http, refuses_what_is_no_response)
{
	static const char *const cases[] = { "", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 OK\r\n\r\n",
		"HTTP/1.1 20 OK\r\n", "<html>", "HTTP/1.1 12345\r\n" };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct http_response r;

		cr_expect(!http_parse(slice_str(cases[i]), &r), "case %zu", i);
	}
}

Test(http, finds_fields_whatever_their_case)
{
	const char *block = "HTTP/1.1 200 OK\r\ncontent-TYPE:  text/html; charset=x \r\n"
			    "no colon\r\nX: 1\r\n folded: 2\r\nX: 3\r\n\r\nX: 4";

	cr_expect(slice_eq(field(block, "Content-Type"), SLICE("text/html; charset=x")));
	cr_expect(slice_eq(field(block, "x"), SLICE("1")));
	cr_expect(field(block, "folded").p == NULL);
	cr_expect(field(block, "Y").p == NULL);
	cr_expect(slice_eq(http_media_type(SLICE("text/html ;x")), SLICE("text/html")));
}

/* --- codings ---------------------------------------------------------------------------------- */

static void deflate_to(struct buf *out, struct slice s, int window)
{
	z_stream z = { 0 };

	cr_assert(deflateInit2(&z, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	memcpy(&z.next_in, &s.p, sizeof(s.p));
	z.avail_in = (uInt)s.n;
	z.next_out = (Bytef *)buf_reserve(out, s.n + 100);
	z.avail_out = (uInt)(s.n + 100);
	cr_assert(deflate(&z, Z_FINISH) == Z_STREAM_END);
	out->n += z.total_out;
	deflateEnd(&z);
}

static void zstd_to(struct buf *out, struct slice s)
{
	size_t room = ZSTD_compressBound(s.n);

	out->n += ZSTD_compress(buf_reserve(out, room), room, s.p, s.n, 3);
}

static void br_to(struct buf *out, struct slice s)
{
	size_t n = BrotliEncoderMaxCompressedSize(s.n) + 100;
	uint8_t *to = (uint8_t *)buf_reserve(out, n);

	cr_assert(
		BrotliEncoderCompress(9, 22, BROTLI_MODE_TEXT, s.n, (const uint8_t *)s.p, &n, to));
	out->n += n;
}

/* Decodes body under the given field lines and expects the result. */
static void expect(const char *fields, struct slice body, size_t max,
	enum http_coding_result result, struct slice want)
{
	struct buf block = { 0 };
	struct http_response r;
	struct http_scratch scratch = { 0 };
	struct slice got, coding = { 0 };
	enum http_coding_result is;

	buf_printf(&block, "HTTP/1.1 200 OK\r\n%s\r\n", fields);
	buf_slice(&block, body);
	cr_assert(http_parse(buf_view(&block), &r));
	is = http_decode(&r, max, &scratch, &got, &coding);
	cr_expect(is == result, "%s: %d", fields, (int)is);
	if (result != HTTP_TOO_LONG && result != HTTP_UNKNOWN_CODING)
		cr_expect(slice_eq(got, want), "%s: %.*s", fields, (int)got.n, got.p);
	http_scratch_release(&scratch);
	buf_release(&block);
}

static const struct slice page = { "<p>A page of text, of text, of text.", 36 };

Test(http, undoes_each_coding)
{
	struct buf gzip = { 0 }, zlib = { 0 }, raw = { 0 }, zstd = { 0 }, br = { 0 };

	deflate_to(&gzip, page, 15 + 16);
	deflate_to(&zlib, page, 15);
	deflate_to(&raw, page, -15);
	zstd_to(&zstd, page);
	br_to(&br, page);
	expect("", page, 1000, HTTP_DECODED, page);
	expect("Content-Encoding: identity\r\n", page, 1000, HTTP_DECODED, page);
	expect("Content-Encoding: gzip\r\n", buf_view(&gzip), 1000, HTTP_DECODED, page);
	expect("content-encoding: X-GZIP\r\n", buf_view(&gzip), 1000, HTTP_DECODED, page);
	expect("Content-Encoding: deflate\r\n", buf_view(&zlib), 1000, HTTP_DECODED, page);
	expect("Content-Encoding: deflate\r\n", buf_view(&raw), 1000, HTTP_DECODED, page);
	expect("Content-Encoding: zstd\r\n", buf_view(&zstd), 1000, HTTP_DECODED, page);
	buf_release(&gzip);
	buf_release(&zlib);
	buf_release(&raw);
	expect("Content-Encoding: br\r\n", buf_view(&br), 1000, HTTP_DECODED, page);
	buf_release(&zstd);
	buf_release(&br);
}

/* The example of RFC 9112's predecessor RFC 7230, section 4.1, and what servers make of it. */
Test(http, undoes_chunks)
{
	const char *te = "Transfer-Encoding: chunked\r\n";

	expect(te, SLICE("4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n"), 100, HTTP_DECODED,
		SLICE("Wikipedia"));
	expect(te, SLICE("4;name=value\r\nWiki\r\n00\r\nTrailer: x\r\n\r\n"), 100, HTTP_DECODED,
		SLICE("Wiki"));
	expect(te, SLICE("A\nabcdefghij\n0\n\n"), 100, HTTP_DECODED, SLICE("abcdefghij"));
	expect(te, SLICE("4\r\nWiki\r\n5\r\nped"), 100, HTTP_CUT, SLICE("Wikiped"));
	expect(te, SLICE("4\r\nWiki\r\n"), 100, HTTP_CUT, SLICE("Wiki"));
	expect(te, SLICE("ffffffffffffffffff\r\nWiki"), 100, HTTP_DECODED,
		SLICE("ffffffffffffffffff\r\nWiki"));
	expect(te, SLICE("8\r\nWikipedi\r\n8\r\nWikipedi\r\n0\r\n\r\n"), 15, HTTP_TOO_LONG,
		SLICE(""));
}

Test(http, takes_a_wrongly_labelled_body_as_it_is)
{
	struct slice text = SLICE("<html>neither chunked nor compressed</html>");

	expect("Transfer-Encoding: chunked\r\n", text, 100, HTTP_DECODED, text);
	expect("Content-Encoding: gzip\r\n", text, 100, HTTP_DECODED, text);
	expect("Content-Encoding: deflate\r\n", text, 100, HTTP_DECODED, text);
	expect("Content-Encoding: zstd\r\n", text, 100, HTTP_DECODED, text);
	expect("Content-Encoding: br\r\n", text, 100, HTTP_DECODED, text);
	expect("Content-Encoding: utf8\r\n", text, 100, HTTP_DECODED, text);
	expect("Content-Encoding: gzip\r\n", SLICE(""), 100, HTTP_DECODED, SLICE(""));
	/* a first line that is a number, and no chunk behind it */
	text = SLICE("4\r\nWikipedia\r\n");
	expect("Transfer-Encoding: chunked\r\n", text, 100, HTTP_DECODED, text);
}

Test(http, reads_a_wrong_label_by_what_the_bytes_show)
{
	static const char *const labels[] = { "gzip", "deflate", "br", "zstd", "identity",
		"gzip, gzip", "zstd, gzip", "gzip, zstd", "bogus" };
	struct buf gzip = { 0 }, zlib = { 0 }, zstd = { 0 }, twice = { 0 };

	deflate_to(&gzip, page, 15 + 16);
	deflate_to(&zlib, page, 15);
	zstd_to(&zstd, page);
	deflate_to(&twice, buf_view(&zstd), 15 + 16);
	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		char fields[100];

		snprintf(fields, sizeof(fields), "Content-Encoding: %s\r\n", labels[i]);
		expect(fields, buf_view(&gzip), 1000, HTTP_DECODED, page);
		expect(fields, buf_view(&zstd), 1000, HTTP_DECODED, page);
		expect(fields, buf_view(&twice), 1000, HTTP_DECODED, page);
		if (strcmp(labels[i], "identity") != 0)
			expect(fields, buf_view(&zlib), 1000, HTTP_DECODED, page);
	}
	expect("", buf_view(&gzip), 1000, HTTP_DECODED, page);
	/* "x^" is how zlib may begin, and text */
	expect("", SLICE("x^2 + y^2"), 1000, HTTP_DECODED, SLICE("x^2 + y^2"));
	buf_release(&gzip);
	buf_release(&zlib);
	buf_release(&zstd);
	buf_release(&twice);
}

Test(http, undoes_stacks_from_the_outside_in)
{
	struct buf inner = { 0 }, outer = { 0 }, chunked = { 0 };

	deflate_to(&inner, page, 15 + 16);
	zstd_to(&outer, buf_view(&inner));
	buf_printf(&chunked, "%zx\r\n", outer.n);
	buf_slice(&chunked, buf_view(&outer));
	buf_str(&chunked, "\r\n0\r\n\r\n");
	expect("Content-Encoding: gzip, zstd\r\n", buf_view(&outer), 1000, HTTP_DECODED, page);
	expect("Content-Encoding: gzip\r\nContent-Encoding: zstd\r\n"
	       "Transfer-Encoding: chunked\r\n",
		buf_view(&chunked), 1000, HTTP_DECODED, page);
	/* one of them already undone */
	expect("Content-Encoding: gzip, zstd\r\nTransfer-Encoding: chunked\r\n", buf_view(&outer),
		1000, HTTP_DECODED, page);
	expect("Content-Encoding: gzip, zstd\r\n", buf_view(&inner), 1000, HTTP_DECODED, page);
	buf_release(&inner);
	buf_release(&outer);
	buf_release(&chunked);
}

/* Binary data that no coding explains is no page. */
Test(http, names_the_label_of_what_cannot_be_read)
{
	static const struct {
		const char *label;
		struct slice body;
	} cases[] = {
		{ "compress", { "\x1F\x9D\x90\x78\x02\x06", 6 } },
		{ "br", { "\x1F\x9D\x90\x78\x02\x06", 6 } },
		{ "gzip", { "\x1F\x8B\x08\0\0\0\0\0\0\3", 10 } }, /* cut behind its header */
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf block = { 0 };
		struct http_response r;
		struct http_scratch scratch = { 0 };
		struct slice body, coding = { 0 };

		buf_printf(
			&block, "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n\r\n", cases[i].label);
		buf_slice(&block, cases[i].body);
		cr_assert(http_parse(buf_view(&block), &r));
		cr_expect(http_decode(&r, 100, &scratch, &body, &coding) == HTTP_UNKNOWN_CODING,
			"%s", cases[i].label);
		cr_expect(slice_eq(coding, slice_str(cases[i].label)), "%s", cases[i].label);
		http_scratch_release(&scratch);
		buf_release(&block);
	}
}

Test(http, keeps_what_came_before_damage)
{
	struct buf gzip = { 0 };
	struct buf text = { 0 };

	for (int i = 0; i < 20000; i++)
		buf_printf(&text, "line %d\n", i);
	deflate_to(&gzip, buf_view(&text), 15 + 16);
	{
		struct buf block = { 0 };
		struct http_response r;
		struct http_scratch scratch = { 0 };
		struct slice got, coding;

		buf_str(&block, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");
		buf_append(&block, gzip.p, gzip.n / 2);
		cr_assert(http_parse(buf_view(&block), &r));
		cr_expect(http_decode(&r, SIZE_MAX / 2, &scratch, &got, &coding) == HTTP_CUT);
		cr_expect(got.n > 1000 && slice_starts(buf_view(&text), got));
		http_scratch_release(&scratch);
		buf_release(&block);
	}
	buf_release(&gzip);
	buf_release(&text);
}

Test(http, stops_bombs_at_the_limit)
{
	struct buf zeros = { 0 }, bomb = { 0 }, twice = { 0 };

	memset(buf_reserve(&zeros, 20 * MIB), 0, 20 * MIB);
	zeros.n = 20 * MIB;
	deflate_to(&bomb, buf_view(&zeros), 15 + 16);
	expect("Content-Encoding: gzip\r\n", buf_view(&bomb), MIB, HTTP_TOO_LONG, SLICE(""));
	deflate_to(&twice, buf_view(&bomb), 15 + 16);
	expect("Content-Encoding: gzip, gzip\r\n", buf_view(&twice), MIB, HTTP_TOO_LONG, SLICE(""));
	bomb.n = 0;
	br_to(&bomb, buf_view(&zeros));
	expect("Content-Encoding: br\r\n", buf_view(&bomb), MIB, HTTP_TOO_LONG, SLICE(""));
	bomb.n = 0;
	zstd_to(&bomb, buf_view(&zeros));
	expect("Content-Encoding: zstd\r\n", buf_view(&bomb), MIB, HTTP_TOO_LONG, SLICE(""));
	buf_release(&zeros);
	buf_release(&bomb);
	buf_release(&twice);
}
