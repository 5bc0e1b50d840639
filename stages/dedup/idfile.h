/* idfile.h - the ids of documents by number, on disk.
 *
 *	f = idfile_new(fd, offsets_fd, name);        empty, at the front of both
 *	idfile_add(f, id, &e);                       those of documents 0, 1, 2, ...
 *	idfile_get(f, number, &out, &e);             appends it; after idfile_seal
 *
 * One file: a header, the ids one after another, then their ends as 64-bit numbers. Until it is
 * sealed the ends stand in a file of their own. 8 bytes a document beside the ids. */
#ifndef CORPUS_IDFILE_H
#define CORPUS_IDFILE_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

/* Bytes of an id that are kept. */
enum { IDFILE_MAX = 1024 };

struct idfile;

/* Takes both descriptors: the file itself, and one for a while. name is copied. */
struct idfile *idfile_new_take(int fd, int ends, const char *name);
int idfile_add(struct idfile *f, struct slice id, struct err *e) MUST_CHECK;
int idfile_seal(struct idfile *f, struct err *e) MUST_CHECK;

/* ERR_DATA when path is no id file, or its digests differ. */
int idfile_open(struct idfile **out, const char *path, struct err *e) MUST_CHECK;
uint64_t idfile_count(const struct idfile *f);
int idfile_get(const struct idfile *f, uint64_t number, struct buf *out, struct err *e) MUST_CHECK;
void idfile_free(struct idfile *f);

#endif
