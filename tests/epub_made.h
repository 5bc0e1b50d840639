/* epub_made.h - archives for tests, made in memory. */
#ifndef CORPUS_TESTS_EPUB_MADE_H
#define CORPUS_TESTS_EPUB_MADE_H

#include "lib/core/buf.h"

#include <assert.h>
#include <zip.h>

struct made_file {
	const char *name;
	struct slice data;
	bool packed; /* by deflate; else stored */
};

#define MADE_CONTAINER \
	"<container><rootfiles><rootfile full-path=\"OPS/book.opf\" " \
	"media-type=\"application/oebps-package+xml\"/></rootfiles></container>"

/* The archive's bytes; the caller releases them. */
static inline struct buf made_archive(const struct made_file *files, size_t n)
{
	zip_error_t error;
	zip_source_t *to = zip_source_buffer_create(NULL, 0, 0, &error);
	zip_t *zip = zip_open_from_source(to, ZIP_TRUNCATE, &error);
	struct buf out = { 0 };
	zip_int64_t length;

	assert(zip);
	zip_source_keep(to);
	for (size_t i = 0; i < n; i++) {
		zip_source_t *from = zip_source_buffer(zip, files[i].data.p, files[i].data.n, 0);
		zip_int64_t at = zip_file_add(zip, files[i].name, from, ZIP_FL_OVERWRITE);

		assert(at >= 0);
		zip_set_file_compression(
			zip, (zip_uint64_t)at, files[i].packed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
	}
	if (zip_close(zip) == 0 && zip_source_open(to) == 0) {
		zip_source_seek(to, 0, SEEK_END);
		length = zip_source_tell(to);
		zip_source_seek(to, 0, SEEK_SET);
		buf_reserve(&out, (size_t)length);
		out.n = (size_t)zip_source_read(to, out.p, (zip_uint64_t)length);
		zip_source_close(to);
	}
	zip_source_free(to);
	return out;
}

#endif
