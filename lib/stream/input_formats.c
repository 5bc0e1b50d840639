/* The compression formats of inputs: bzip2 and zstd; gzip is input_gzip.c. */
#include "lib/stream/input_parts.h"

#include <inttypes.h>

/* ZSTD_d_windowLogMax: the corpora of others are made with --long=31. */
enum { NO_LIMIT_WINDOW = 31 };

/* --- bzip2 ------------------------------------------------------------------------------------ */

static void bzip2_end(struct input *in)
{
	if (in->bzip2.state)
		BZ2_bzDecompressEnd(&in->bzip2);
	in->bzip2.state = NULL;
}

static int bzip2_start(struct input *in)
{
	bzip2_end(in);
	return BZ2_bzDecompressInit(&in->bzip2, 0, 0) == BZ_OK ? 0 : -1;
}

static ssize_t bzip2_step(struct input *in, char *to, size_t n, bool *ended, struct err *e)
{
	struct slice raw = raw_view(in);
	unsigned give = (unsigned)MIN(raw.n, (size_t)INT32_MAX);
	unsigned room = (unsigned)MIN(n, (size_t)INT32_MAX);
	int r;

	memcpy(&in->bzip2.next_in, &raw.p, sizeof(raw.p));
	in->bzip2.avail_in = give;
	in->bzip2.next_out = to;
	in->bzip2.avail_out = room;
	r = BZ2_bzDecompress(&in->bzip2);
	raw_take(in, give - in->bzip2.avail_in);
	if (r != BZ_OK && r != BZ_STREAM_END)
		return input_damaged(in, e, "damaged bzip2 data");
	*ended = r == BZ_STREAM_END;
	return (ssize_t)(room - in->bzip2.avail_out);
}

/* --- zstd ------------------------------------------------------------------------------------- */

static bool zstd_ready(struct input *in)
{
	if (!in->zstd)
		in->zstd = ZSTD_createDCtx();
	return in->zstd != NULL;
}

int input_zstd_dictionary(struct input *in, struct slice dictionary)
{
	if (!zstd_ready(in))
		return -1;
	ZSTD_DCtx_reset(in->zstd, ZSTD_reset_session_only);
	return ZSTD_isError(ZSTD_DCtx_loadDictionary(in->zstd, dictionary.p, dictionary.n)) ? -1
											    : 0;
}

static int zstd_start(struct input *in)
{
	if (!zstd_ready(in))
		return -1;
	ZSTD_DCtx_reset(in->zstd, ZSTD_reset_session_only);
	ZSTD_DCtx_setParameter(in->zstd, ZSTD_d_windowLogMax, NO_LIMIT_WINDOW);
	return 0;
}

static ssize_t zstd_step(struct input *in, char *to, size_t n, bool *ended, struct err *e)
{
	struct slice raw = raw_view(in);
	ZSTD_inBuffer from = { raw.p, raw.n, 0 };
	ZSTD_outBuffer out = { to, n, 0 };
	size_t r = ZSTD_decompressStream(in->zstd, &out, &from);

	raw_take(in, from.pos);
	if (ZSTD_isError(r)) {
		err_set(e, ERR_DATA, "byte %" PRIu64 ": damaged zstd data: %s", in->offset,
			ZSTD_getErrorName(r));
		return -1;
	}
	*ended = r == 0;
	return (ssize_t)out.pos;
}

static void zstd_end(struct input *in)
{
	ZSTD_freeDCtx(in->zstd);
}

/* --- what begins a member --------------------------------------------------------------------- */

/* Its three bytes of magic stand in compressed data once in 16 MiB by chance: flags that are
 * reserved, and extra flags and systems that RFC 1952 does not list, rule out nearly all. */
static bool gzip_plausible(struct slice raw)
{
	return raw.n >= 10 && !(raw.p[3] & 0xE0) && raw.p[8] >= 0 && raw.p[8] <= 4 &&
		((unsigned char)raw.p[9] <= 13 || (unsigned char)raw.p[9] == 255);
}

static bool zstd_plausible(struct slice raw)
{
	return raw.n > 4 && !(raw.p[4] & 0x08); /* a reserved bit */
}

const struct decoder input_decoders[] = {
	[INPUT_PLAIN] = { .name = "plain" },
	[INPUT_ZSTD] = { "zstd", zstd_start, zstd_step, zstd_end, "\x28\xB5\x2F\xFD", 4,
		zstd_plausible },
	[INPUT_GZIP] = { "gzip", input_gzip_start, input_gzip_step, input_gzip_end, "\x1F\x8B\x08",
		3, gzip_plausible },
	[INPUT_BZIP2] = { "bzip2", bzip2_start, bzip2_step, bzip2_end, "BZh", 3,
		input_begins_bzip2 },
};
