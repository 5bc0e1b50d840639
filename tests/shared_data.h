/* shared_data.h - real input for tests, which lies outside the project; absent, a test says so. */
#ifndef CORPUS_TEST_SHARED_DATA_H
#define CORPUS_TEST_SHARED_DATA_H

#include "lib/core/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

/* Reads at most max bytes of the zstd file name under $CORPUS_SHARED (default ../shared) into out,
 * decompressed. False and "skipped" on standard error when it is not there. */
static inline bool shared_read(const char *name, size_t max, struct buf *out)
{
	const char *root = getenv("CORPUS_SHARED");
	char path[4096], packed[65536];
	ZSTD_DStream *z = ZSTD_createDStream();
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", root ? root : "../shared", name);
	f = fopen(path, "rb");
	if (!f)
		fprintf(stderr, "skipped: %s is not there\n", path);
	while (f && out->n < max && (n = fread(packed, 1, sizeof(packed), f)) > 0) {
		ZSTD_inBuffer in = { packed, n, 0 };

		while (in.pos < in.size && out->n < max) {
			ZSTD_outBuffer room = { buf_reserve(out, 1 << 17), 1 << 17, 0 };

			if (ZSTD_isError(ZSTD_decompressStream(z, &room, &in)))
				in.pos = in.size;
			out->n += room.pos;
		}
	}
	ZSTD_freeDStream(z);
	if (f)
		fclose(f);
	out->n = MIN(out->n, max);
	return f && out->n > 0;
}

/* Takes the next line off *rest, without its newline; false at the end. */
static inline bool shared_line(struct slice *rest, struct slice *line)
{
	const char *end = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;

	if (!rest->n)
		return false;
	*line = slice_head(*rest, end ? (size_t)(end - rest->p) : rest->n);
	*rest = slice_skip(*rest, line->n + 1);
	return true;
}

#endif
