/* Undoes the codings of a stored response: what its header names, and what its bytes show. */
#include "lib/web/http.h"

#include "lib/web/mime.h"

#include <brotli/decode.h>
#include <libdeflate.h>
#include <zlib.h>
#include <zstd.h>

enum {
	STEP = 64 * 1024,
	MAX_CODINGS = 8, /* of one response, named or seen */
	ZSTD_WINDOW_LOG = 23, /* RFC 9659: 8 MiB is what a receiver must allow */
};

/* Each takes the coded bytes to out. HTTP_UNKNOWN_CODING: they are not in this coding at all. */
typedef enum http_coding_result decoder(struct slice in, size_t max, struct buf *out);

/* --- chunked ---------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'    ? c - '0'
		: c >= 'a' && c <= 'f' ? c - 'a' + 10
		: c >= 'A' && c <= 'F' ? c - 'A' + 10
				       : -1;
}

static bool parse_chunk_size(struct slice line, uint64_t *size)
{
	size_t i = 0;

	*size = 0;
	for (line = slice_trim(line, " \t\r\n"); i < line.n && hex_digit(line.p[i]) >= 0; i++) {
		if (*size >> 60)
			return false;
		*size = *size << 4 | (uint64_t)hex_digit(line.p[i]);
	}
	return i > 0 && (i == line.n || line.p[i] == ';' || line.p[i] == ' ');
}

/* RFC 9112, section 7.1. Trailer fields are passed over. A first line that happens to be a number
 * does not make a body chunked: the end of a line must follow so many bytes. */
static enum http_coding_result undo_chunked(struct slice in, size_t max, struct buf *out)
{
	bool first = true;

	while (in.n) {
		struct slice rest = in, line = slice_take_line(&rest);
		uint64_t size;

		if (!first && slice_trim(line, " \t\r\n").n == 0) {
			in = rest; /* the end of the chunk before */
			continue;
		}
		if (!parse_chunk_size(line, &size))
			return first ? HTTP_UNKNOWN_CODING : HTTP_CUT;
		if (first && size < rest.n && !byte_in(rest.p[size], "\r\n"))
			return HTTP_UNKNOWN_CODING;
		first = false;
		if (size == 0)
			return HTTP_DECODED;
		if (MIN(size, (uint64_t)rest.n) > max - out->n)
			return HTTP_TOO_LONG;
		buf_slice(out, slice_head(rest, (size_t)MIN(size, (uint64_t)rest.n)));
		if (size > rest.n)
			return HTTP_CUT;
		in = slice_skip(rest, (size_t)size);
	}
	return first ? HTTP_DECODED : HTTP_CUT;
}

/* --- gzip and deflate ------------------------------------------------------------------------- */

/* Inflates one stream; *used of in. */
static enum http_coding_result inflate_one(
	struct slice in, int window, size_t max, struct buf *out, size_t *used)
{
	z_stream z = { 0 };
	size_t before = out->n;
	int r = Z_OK;

	if (inflateInit2(&z, window) != Z_OK)
		return HTTP_UNKNOWN_CODING;
	memcpy(&z.next_in, &in.p, sizeof(in.p)); /* zlib's interface is not const */
	z.avail_in = (uInt)MIN(in.n, (size_t)UINT32_MAX);
	while (r == Z_OK && out->n <= max) {
		z.next_out = (Bytef *)buf_reserve(out, STEP);
		z.avail_out = STEP;
		r = inflate(&z, Z_NO_FLUSH);
		out->n += STEP - z.avail_out;
	}
	*used = in.n - z.avail_in;
	inflateEnd(&z);
	if (out->n > max)
		return HTTP_TOO_LONG;
	if (r == Z_STREAM_END)
		return HTTP_DECODED;
	return out->n > before ? HTTP_CUT : HTTP_UNKNOWN_CODING;
}

static bool is_gzip(struct slice s)
{
	return slice_starts(s, SLICE("\x1F\x8B\x08"));
}

/* One member that is all of the body and whole: the most common case, in less than half of zlib's
 * time. The length of the content stands at the end (RFC 1952), and is believed within what deflate
 * can do. */
static bool inflate_whole(struct slice in, size_t max, struct buf *out)
{
	struct libdeflate_decompressor *d;
	size_t length = in.n >= 18 ? load_le32(in.p + in.n - 4) : 0, used = 0, made = 0;
	bool whole = false;

	if (!length || length > max - out->n || length / 1032 > in.n)
		return false;
	d = libdeflate_alloc_decompressor();
	if (d)
		whole = libdeflate_gzip_decompress_ex(d, in.p, in.n, buf_reserve(out, length),
				length, &used, &made) == LIBDEFLATE_SUCCESS &&
			used == in.n;
	libdeflate_free_decompressor(d);
	out->n += whole ? made : 0;
	return whole;
}

static enum http_coding_result undo_gzip(struct slice in, size_t max, struct buf *out)
{
	enum http_coding_result r = HTTP_UNKNOWN_CODING;

	if (inflate_whole(in, max, out))
		return HTTP_DECODED;
	/* What follows the last member and is none is nothing: servers append padding. */
	for (bool first = true; is_gzip(in) && (first || r == HTTP_DECODED); first = false) {
		size_t used = 0;

		r = inflate_one(in, 15 + 16, max, out, &used);
		if (r == HTTP_UNKNOWN_CODING && !first)
			r = HTTP_CUT;
		in = slice_skip(in, used);
	}
	return r;
}

/* RFC 1950, section 2.2: method 8 with a window of up to 32 KiB, no dictionary, a check in the last
 * five bits. */
static bool is_zlib(struct slice s)
{
	unsigned a, b;

	if (s.n < 2)
		return false;
	a = (unsigned char)s.p[0];
	b = (unsigned char)s.p[1];
	return (a & 0x0F) == 8 && a >> 4 <= 7 && !(b & 0x20) && (a << 8 | b) % 31 == 0;
}

static enum http_coding_result undo_zlib(struct slice in, size_t max, struct buf *out)
{
	size_t used;

	return is_zlib(in) ? inflate_one(in, 15, max, out, &used) : HTTP_UNKNOWN_CODING;
}

/* "deflate" means the zlib format (RFC 9110, 8.4.1.2), but many servers send it raw. */
static enum http_coding_result undo_deflate(struct slice in, size_t max, struct buf *out)
{
	size_t used, before = out->n;
	enum http_coding_result r = undo_zlib(in, max, out);

	if (r != HTTP_UNKNOWN_CODING)
		return r;
	r = inflate_one(in, -15, max, out, &used);
	/* Any bytes begin a raw stream of sorts: plain text that was labelled wrongly ends in
	 * damage. */
	if (r == HTTP_CUT && used < in.n) {
		out->n = before;
		return HTTP_UNKNOWN_CODING;
	}
	return r;
}

/* --- br --------------------------------------------------------------------------------------- */

static BrotliDecoderResult brotli_all(
	BrotliDecoderState *state, struct slice *in, size_t max, struct buf *out)
{
	const uint8_t *from = (const uint8_t *)in->p;
	BrotliDecoderResult r = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;

	while (r == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT && out->n <= max) {
		uint8_t *to = (uint8_t *)buf_reserve(out, STEP);
		size_t room = STEP;

		r = BrotliDecoderDecompressStream(state, &in->n, &from, &room, &to, NULL);
		out->n += STEP - room;
	}
	return r;
}

/* RFC 7932. A stream has no mark, so bytes that are not in it show by damage alone; damage behind
 * the first step of output is that of a stream which was one. */
static enum http_coding_result undo_br(struct slice in, size_t max, struct buf *out)
{
	BrotliDecoderState *state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	size_t before = out->n;
	BrotliDecoderResult r;

	if (!state)
		return HTTP_UNKNOWN_CODING;
	r = brotli_all(state, &in, max, out);
	BrotliDecoderDestroyInstance(state);
	if (out->n > max)
		return HTTP_TOO_LONG;
	if (r == BROTLI_DECODER_RESULT_SUCCESS)
		return HTTP_DECODED;
	if (out->n - before >= STEP || (out->n > before && r != BROTLI_DECODER_RESULT_ERROR))
		return HTTP_CUT;
	out->n = before;
	return HTTP_UNKNOWN_CODING;
}

/* --- zstd ------------------------------------------------------------------------------------- */

static bool is_zstd(struct slice s)
{
	return slice_starts(s, SLICE("\x28\xB5\x2F\xFD"));
}

static enum http_coding_result undo_zstd(struct slice in, size_t max, struct buf *out)
{
	ZSTD_DCtx *context;
	ZSTD_inBuffer from = { in.p, in.n, 0 };
	ZSTD_outBuffer to;
	size_t r;

	if (!is_zstd(in) || !(context = ZSTD_createDCtx()))
		return HTTP_UNKNOWN_CODING;
	ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG);
	do {
		to = (ZSTD_outBuffer){ buf_reserve(out, STEP), STEP, 0 };
		r = ZSTD_decompressStream(context, &to, &from);
		out->n += to.pos;
	} while (!ZSTD_isError(r) && out->n <= max && (from.pos < from.size || to.pos == STEP));
	ZSTD_freeDCtx(context);
	return out->n > max ? HTTP_TOO_LONG : r == 0 ? HTTP_DECODED : HTTP_CUT;
}

/* --- stacks ----------------------------------------------------------------------------------- */

static enum http_coding_result undo_nothing(struct slice in, size_t max, struct buf *out)
{
	(void)in;
	(void)max;
	(void)out;
	return HTTP_UNKNOWN_CODING; /* taken as it is */
}

static const struct {
	const char *name;
	decoder *undo;
} codings[] = {
	{ "chunked", undo_chunked }, { "gzip", undo_gzip }, { "x-gzip", undo_gzip },
	{ "deflate", undo_deflate }, { "br", undo_br }, { "zstd", undo_zstd },
	{ "identity", undo_nothing }, { "none", undo_nothing },
	{ "utf-8", undo_nothing }, /* servers that mistake charset for coding */
};

static decoder *decoder_of(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(codings); i++)
		if (slice_is_word(name, codings[i].name))
			return codings[i].undo;
	return NULL;
}

/* The coding that the bytes themselves show; NULL when none does. Text may begin like zlib ("x^"),
 * so that is asked only of a body whose label was wrong. */
static decoder *decoder_seen(struct slice body, bool mislabelled)
{
	return is_gzip(body)		       ? undo_gzip
		: is_zstd(body)		       ? undo_zstd
		: mislabelled && is_zlib(body) ? undo_zlib
					       : NULL;
}

/* Lists the codings of all fields of one name, in the order they were applied. */
static size_t list_codings(
	const struct http_response *r, const char *field, struct slice *list, size_t n)
{
	struct slice rest = r->fields, name, value;

	while (http_next_field(&rest, &name, &value)) {
		if (!slice_is_word(name, field))
			continue;
		while (value.n && n < MAX_CODINGS) {
			const char *comma = memchr(value.p, ',', value.n);
			size_t len = comma ? (size_t)(comma - value.p) : value.n;

			list[n] = slice_trim(slice_head(value, len), " \t\r\n");
			n += list[n].n > 0;
			value = slice_skip(value, len + 1);
		}
	}
	return n;
}

/* A body on its way through its codings. */
struct undoing {
	struct http_scratch *scratch;
	size_t max;
	struct slice *body;
	enum http_coding_result result; /* the worst so far */
};

/* False when the body is not in this coding, and stays as it is. */
static bool undo_one(struct undoing *u, decoder *undo)
{
	struct buf *out = &u->scratch->at[u->body->p && u->body->p == u->scratch->at[0].p];
	enum http_coding_result one;

	buf_clear(out, MIB);
	one = undo(*u->body, u->max, out);
	if (one == HTTP_UNKNOWN_CODING)
		return false;
	*u->body = buf_view(out);
	if (one != HTTP_DECODED)
		u->result = one;
	return true;
}

/* What the header does not tell: a stack in another order, another coding than the one that is
 * named, or one applied twice. */
static void undo_seen(struct undoing *u, bool mislabelled)
{
	for (size_t i = 0; i < MAX_CODINGS && u->result != HTTP_TOO_LONG; i++) {
		decoder *seen = decoder_seen(*u->body, mislabelled);

		if (!seen || !undo_one(u, seen))
			return;
	}
}

enum http_coding_result http_decode(const struct http_response *r, size_t max,
	struct http_scratch *scratch, struct slice *body, struct slice *coding)
{
	struct slice list[MAX_CODINGS];
	size_t n = list_codings(r, "Content-Encoding", list, 0);
	struct undoing u = { scratch, max, body, HTTP_DECODED };
	bool mislabelled = false;

	n = list_codings(r, "Transfer-Encoding", list, n);
	*body = r->body;
	while (n > 0 && u.result != HTTP_TOO_LONG) {
		decoder *undo = decoder_of(list[--n]);

		if (!body->n || undo == undo_nothing || (undo && undo_one(&u, undo)))
			continue;
		if (!mislabelled)
			*coding = list[n];
		mislabelled = true;
	}
	undo_seen(&u, mislabelled);
	if (u.result != HTTP_TOO_LONG && body->n > max)
		u.result = HTTP_TOO_LONG;
	return u.result != HTTP_TOO_LONG && mislabelled && mime_is_binary(*body)
		? HTTP_UNKNOWN_CODING
		: u.result;
}

void http_scratch_release(struct http_scratch *s)
{
	buf_release(&s->at[0]);
	buf_release(&s->at[1]);
}
