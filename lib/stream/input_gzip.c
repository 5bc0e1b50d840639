/* gzip members: those that fit into memory at once by libdeflate, others by zlib.
 *
 * libdeflate reads a WARC file by record in 43 % of zlib's time, but wants a member and its content
 * whole. Whatever it does not take (members that are large, damaged or cut) zlib reads from the
 * beginning, so that places and words of damage are zlib's, and content that came before damage is
 * handed out. */
#include "lib/stream/input_parts.h"

enum {
	AHEAD_LEAST = 128 * 1024, /* bytes of the file that are there when a member begins, */
	AHEAD = 1024 * 1024, /* after a read so many, */
	AHEAD_MOST = 4 * 1024 * 1024, /* and for a member that is longer */
	CONTENT_LEAST = 1024 * 1024,
	CONTENT_MOST = 16 * 1024 * 1024,
};

/* --- whole members ---------------------------------------------------------------------------- */

/* Bytes at hand, at least n of them when the file has so many; where it cannot be read, zlib's part
 * will say so. */
static struct slice at_hand(struct input *in, size_t least, size_t n)
{
	struct err unsaid = { 0 };

	if (in->raw.n - in->at < least && raw_fill(in, n, &unsaid) < 0)
		err_clear(&unsaid);
	return raw_view(in);
}

/* Room for content grows with what was met, so that few members are begun twice. */
static enum libdeflate_result inflate_whole(struct input *in, struct slice raw, size_t *used)
{
	size_t room = MIN(MAX(in->content.cap, (size_t)CONTENT_LEAST), (size_t)CONTENT_MOST);

	for (;; room = MIN(room * 2, (size_t)CONTENT_MOST)) {
		enum libdeflate_result r;

		in->content.n = 0;
		buf_reserve(&in->content, room);
		r = libdeflate_gzip_decompress_ex(
			in->deflate, raw.p, raw.n, in->content.p, room, used, &in->content.n);
		if (r != LIBDEFLATE_INSUFFICIENT_SPACE || room == CONTENT_MOST)
			return r;
	}
}

static bool take_whole(struct input *in)
{
	struct slice raw = at_hand(in, AHEAD_LEAST, AHEAD);
	enum libdeflate_result r = inflate_whole(in, raw, &in->content_at);

	if (r == LIBDEFLATE_BAD_DATA && raw.n < AHEAD_MOST && !in->eof)
		r = inflate_whole(in, at_hand(in, AHEAD_MOST, AHEAD_MOST), &in->content_at);
	if (r != LIBDEFLATE_SUCCESS)
		return false;
	raw_take(in, in->content_at);
	in->content_at = 0;
	return true;
}

/* --- the decoder ------------------------------------------------------------------------------ */

int input_gzip_start(struct input *in)
{
	if (!in->deflate)
		in->deflate = libdeflate_alloc_decompressor();
	in->whole = in->deflate && take_whole(in);
	if (in->whole)
		return 0;
	if (in->gzip.state)
		return inflateReset(&in->gzip) == Z_OK ? 0 : -1;
	return inflateInit2(&in->gzip, 15 + 16) == Z_OK ? 0 : -1;
}

static ssize_t step_whole(struct input *in, char *to, size_t n, bool *ended)
{
	n = MIN(n, in->content.n - in->content_at);
	if (n)
		memcpy(to, in->content.p + in->content_at, n);
	in->content_at += n;
	*ended = in->content_at == in->content.n;
	return (ssize_t)n;
}

ssize_t input_gzip_step(struct input *in, char *to, size_t n, bool *ended, struct err *e)
{
	struct slice raw = raw_view(in);
	uInt give = (uInt)MIN(raw.n, (size_t)INT32_MAX), room = (uInt)MIN(n, (size_t)INT32_MAX);
	int r;

	if (in->whole)
		return step_whole(in, to, n, ended);
	/* zlib's interface is not const, but it does not write to its input. */
	memcpy(&in->gzip.next_in, &raw.p, sizeof(raw.p));
	in->gzip.avail_in = give;
	in->gzip.next_out = (Bytef *)to;
	in->gzip.avail_out = room;
	r = inflate(&in->gzip, Z_NO_FLUSH);
	raw_take(in, give - in->gzip.avail_in);
	if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
		return input_damaged(in, e, in->gzip.msg ? in->gzip.msg : "damaged gzip data");
	*ended = r == Z_STREAM_END;
	return (ssize_t)(room - in->gzip.avail_out);
}

void input_gzip_end(struct input *in)
{
	if (in->gzip.state)
		inflateEnd(&in->gzip);
	libdeflate_free_decompressor(in->deflate);
	buf_release(&in->content);
}
