/* runfile.h - runs of fixed-size records on disk, each with a header that says what it holds.
 *
 *	w = runfile_begin(fd, offset, &kind, name, buffer);
 *	runfile_put(w, records, n, &e);              any number of times
 *	runfile_end(w, &end, &e);                    the header is written last
 *
 *	runfile_open(&r, fd, offset, &kind, name, buffer, &e);
 *	while ((got = runfile_next(r, &record, &e)) > 0) ...
 *	runfile_close(r);
 *
 * A run is RUNFILE_HEADER bytes and the records behind them. The header holds magic, version, the
 * kind, the count and the XXH3-64 digest of the records, all little-endian, and a digest of itself.
 * A run of another kind is refused when it is opened; damaged records when the last of them was
 * read, so a caller must not publish anything before the end. Several runs may stand in one
 * file. */
#ifndef CORPUS_RUNFILE_H
#define CORPUS_RUNFILE_H

#include "lib/core/err.h"
#include "lib/store/sort.h"

enum { RUNFILE_HEADER = 64 };

struct runfile_kind {
	struct sort_shape shape;
	bool sorted;
	uint64_t parameters; /* what the records mean, by their owner: a digest of its options */
};

struct runfile_writer;
struct runfile_reader;

/* name is for messages and must live as long as the writer or reader; so must fd, which is written
 * at its own offsets (pwrite), not at the file's position. */
struct runfile_writer *runfile_begin(int fd, uint64_t offset, const struct runfile_kind *kind,
	const char *name, size_t buffer_bytes);
int runfile_put(struct runfile_writer *w, const void *records, size_t n, struct err *e) MUST_CHECK;

/* Frees w in every case. *end is the offset behind the run. */
int runfile_end(struct runfile_writer *w, uint64_t *end, struct err *e) MUST_CHECK;
void runfile_drop(struct runfile_writer *w);

/* Reads through a buffer of buffer_bytes (at least one record). ERR_DATA when the run is no run, is
 * damaged, or is of another kind. */
int runfile_open(struct runfile_reader **out, int fd, uint64_t offset,
	const struct runfile_kind *kind, const char *name, size_t buffer_bytes,
	struct err *e) MUST_CHECK;

/* 1 and a record, valid until the next call; 0 behind the last, when the digest agreed; -1. */
int runfile_next(struct runfile_reader *r, const char **record, struct err *e) MUST_CHECK;
void runfile_close(struct runfile_reader *r);

#endif
