/* Splits HTTP responses and undoes their codings by zlib and zstd. */
#include "lib/web/http.h"

#include <strings.h>
#include <zlib.h>
#include <zstd.h>

enum { STEP = 64 * 1024, MAX_CODINGS = 8 };

/* --- message ---------------------------------------------------------------------------------- */

/* "HTTP/1.1 200 OK"; some servers write "HTTP/1.1  200" or "ICY 200 OK". */
static int parse_status(struct slice line)
{
	size_t i = 0;
	int status = 0, digits = 0;

	if (!slice_starts(line, SLICE("HTTP/")) && !slice_starts(line, SLICE("ICY ")))
		return 0;
	while (i < line.n && line.p[i] != ' ')
		i++;
	while (i < line.n && line.p[i] == ' ')
		i++;
	for (; i < line.n && line.p[i] >= '0' && line.p[i] <= '9' && digits < 4; i++, digits++)
		status = status * 10 + (line.p[i] - '0');
	return digits == 3 ? status : 0;
}

bool http_parse(struct slice block, struct http_response *r)
{
	struct slice rest = block;
	const char *from;

	r->status = parse_status(slice_take_line(&rest));
	r->fields = r->body = (struct slice){ 0 };
	if (!r->status)
		return false;
	from = rest.p;
	while (rest.n) {
		struct slice line = slice_take_line(&rest);

		if (slice_trim(line, " \t\r\n").n == 0) {
			r->fields = (struct slice){ from, (size_t)(line.p - from) };
			r->body = rest;
			return true;
		}
	}
	r->fields = (struct slice){ from, (size_t)(block.p + block.n - from) };
	return true;
}

bool http_next_field(struct slice *fields, struct slice *name, struct slice *value)
{
	while (fields->n) {
		struct slice line = slice_take_line(fields);
		const char *colon = memchr(line.p, ':', line.n);

		if (!colon || line.p[0] == ' ' || line.p[0] == '\t')
			continue;
		*name = slice_trim(slice_head(line, (size_t)(colon - line.p)), " \t\r\n");
		*value = slice_trim(slice_skip(line, (size_t)(colon - line.p) + 1), " \t\r\n");
		return true;
	}
	return false;
}

struct slice http_field(const struct http_response *r, const char *name)
{
	struct slice rest = r->fields, field, value;

	while (http_next_field(&rest, &field, &value))
		if (slice_is_word(field, name))
			return value;
	return (struct slice){ 0 };
}

struct slice http_media_type(struct slice type)
{
	size_t n = 0;

	while (n < type.n && type.p[n] != ';' && type.p[n] != ',')
		n++;
	return slice_trim(slice_head(type, n), " \t\r\n");
}

/* --- codings ---------------------------------------------------------------------------------- */

/* Each takes the coded bytes to out. HTTP_UNKNOWN_CODING: they are not in this coding at all. */
typedef enum http_coding_result decoder(struct slice in, size_t max, struct buf *out);

static bool parse_chunk_size(struct slice line, uint64_t *size)
{
	size_t i = 0;

	*size = 0;
	for (line = slice_trim(line, " \t\r\n"); i < line.n; i++) {
		char c = line.p[i];
		int digit = c >= '0' && c <= '9' ? c - '0'
			: c >= 'a' && c <= 'f'	 ? c - 'a' + 10
			: c >= 'A' && c <= 'F'	 ? c - 'A' + 10
						 : -1;

		if (digit < 0)
			break;
		if (*size >> 60)
			return false;
		*size = *size << 4 | (uint64_t)digit;
	}
	return i > 0 && (i == line.n || line.p[i] == ';' || line.p[i] == ' ');
}

/* RFC 9112, section 7.1. Trailer fields are passed over. */
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

static enum http_coding_result undo_gzip(struct slice in, size_t max, struct buf *out)
{
	enum http_coding_result r = HTTP_DECODED;
	bool first = true;

	while (r == HTTP_DECODED && slice_starts(in, SLICE("\x1F\x8B"))) {
		size_t used = 0;

		r = inflate_one(in, 15 + 16, max, out, &used);
		if (r == HTTP_UNKNOWN_CODING && !first)
			r = HTTP_CUT;
		first = false;
		in = slice_skip(in, used);
	}
	return first && in.n ? HTTP_UNKNOWN_CODING : r;
}

/* "deflate" means the zlib format (RFC 9110, 8.4.1.2), but many servers send it raw. */
static enum http_coding_result undo_deflate(struct slice in, size_t max, struct buf *out)
{
	size_t used, before = out->n;
	enum http_coding_result r = inflate_one(in, 15, max, out, &used);

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

static enum http_coding_result undo_zstd(struct slice in, size_t max, struct buf *out)
{
	ZSTD_DCtx *context;
	ZSTD_inBuffer from = { in.p, in.n, 0 };
	ZSTD_outBuffer to;
	size_t r;

	if (!slice_starts(in, SLICE("\x28\xB5\x2F\xFD")) || !(context = ZSTD_createDCtx()))
		return HTTP_UNKNOWN_CODING;
	do {
		to = (ZSTD_outBuffer){ buf_reserve(out, STEP), STEP, 0 };
		r = ZSTD_decompressStream(context, &to, &from);
		out->n += to.pos;
	} while (!ZSTD_isError(r) && out->n <= max && (from.pos < from.size || to.pos == STEP));
	ZSTD_freeDCtx(context);
	return out->n > max ? HTTP_TOO_LONG : r == 0 ? HTTP_DECODED : HTTP_CUT;
}

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
	{ "deflate", undo_deflate }, { "zstd", undo_zstd }, { "identity", undo_nothing },
	{ "none", undo_nothing },
	{ "utf-8", undo_nothing }, /* servers that mistake charset for coding */
};

static decoder *decoder_of(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(codings); i++)
		if (slice_is_word(name, codings[i].name))
			return codings[i].undo;
	return NULL;
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

enum http_coding_result http_decode(const struct http_response *r, size_t max,
	struct http_scratch *scratch, struct slice *body, struct slice *coding)
{
	struct slice list[MAX_CODINGS];
	size_t n = list_codings(r, "Content-Encoding", list, 0);
	enum http_coding_result result = HTTP_DECODED;

	n = list_codings(r, "Transfer-Encoding", list, n);
	*body = r->body;
	while (n > 0 && result != HTTP_TOO_LONG) {
		struct buf *out = &scratch->at[body->p && body->p == scratch->at[0].p];
		decoder *undo = decoder_of(list[--n]);
		enum http_coding_result one;

		*coding = list[n];
		if (!undo)
			return HTTP_UNKNOWN_CODING;
		buf_clear(out, MIB);
		one = undo(*body, max, out);
		if (one == HTTP_UNKNOWN_CODING)
			continue;
		*body = buf_view(out);
		if (one != HTTP_DECODED)
			result = one;
	}
	return result == HTTP_DECODED && body->n > max ? HTTP_TOO_LONG : result;
}

void http_scratch_release(struct http_scratch *s)
{
	buf_release(&s->at[0]);
	buf_release(&s->at[1]);
}
