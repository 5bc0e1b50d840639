/* epub_zip.h - the files in a zip archive that is in memory, within limits.
 *
 * libzip reads the archive: it goes by the central directory, finds a file by its name in any
 * order, which a spine asks for, and checks lengths and CRCs. What an archive says about its sizes
 * is not believed: bytes are counted as they come out. */
#ifndef CORPUS_EPUB_ZIP_H
#define CORPUS_EPUB_ZIP_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

/* Work limits, and the options that move them. */
struct epub_limits {
	uint64_t max_entries; /* files in the archive: --max-entries */
	uint64_t max_ratio; /* bytes out of one that is stored, in files over 1 MiB: --max-ratio */
	uint64_t max_bytes; /* of all files that are read, together: --max-body */
};

struct epub_zip {
	struct zip *zip;
	struct epub_limits limits;
	uint64_t entries;
	uint64_t bytes; /* read so far */
	const char *limit; /* the option whose limit was passed, or NULL */
	double value, limit_value;
};

enum epub_read {
	EPUB_READ,
	EPUB_ABSENT,
	EPUB_ENCRYPTED, /* by the archive's own means */
	EPUB_LIMIT, /* z->limit says which */
	EPUB_DAMAGED, /* e says how */
};

/* bytes must stay until epub_zip_close, which is due in any case. -1: no archive, or damaged. */
int epub_zip_open(struct epub_zip *z, struct slice bytes, const struct epub_limits *limits,
	struct err *e) MUST_CHECK;

/* Appends the file to out. */
enum epub_read epub_zip_read(
	struct epub_zip *z, struct slice name, struct buf *out, struct err *e) MUST_CHECK;

void epub_zip_close(struct epub_zip *z);

#endif
