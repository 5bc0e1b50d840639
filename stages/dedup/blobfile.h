/* blobfile.h - bytes of documents by number, on disk: ids, or the sets that --verify compares.
 *
 *	f = blobfile_new_temp(tmpdir, max, &e);
 *	blobfile_add(f, bytes, &e);                  those of documents 0, 1, 2, ...
 *	blobfile_seal(f, &e);
 *	blobfile_get(f, number, &out, &e);           appends them
 *	blobfile_free(f);
 *
 * One file: a header, the bytes of one document after another, then their ends as 64-bit numbers.
 * Until it is sealed the ends stand in a file of their own. */
#ifndef CORPUS_BLOBFILE_H
#define CORPUS_BLOBFILE_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

struct blobfile;

/* Takes both descriptors: the file itself, and one for a while. name is copied. No document has
 * more than max bytes. */
struct blobfile *blobfile_new_take(int fd, int ends, const char *name, size_t max);

/* Temporary files; NULL: there are none to be had. */
struct blobfile *blobfile_new_temp(const char *tmpdir, size_t max, struct err *e) MUST_CHECK;
int blobfile_add(struct blobfile *f, struct slice bytes, struct err *e) MUST_CHECK;
int blobfile_seal(struct blobfile *f, struct err *e) MUST_CHECK;

/* ERR_DATA when path is no such file, or its digests differ. */
int blobfile_open(struct blobfile **out, const char *path, size_t max, struct err *e) MUST_CHECK;
uint64_t blobfile_count(const struct blobfile *f);
int blobfile_get(
	const struct blobfile *f, uint64_t number, struct buf *out, struct err *e) MUST_CHECK;
void blobfile_free(struct blobfile *f);

#endif
