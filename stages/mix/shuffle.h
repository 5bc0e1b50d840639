/* shuffle.h - lines in the order of a 128-bit key, in bounded memory.
 *
 *	shuffle_new(&s, &(struct shuffle_options){ … }, &e);
 *	shuffle_add(s, key, &line, &e);              any number of times, on any thread
 *	shuffle_seal(s, &e);
 *	while ((got = shuffle_next(s, &line, &e)) > 0) ...
 *	shuffle_free(s);
 *
 * Keys are hashes, so that equal ranges of them hold about equally many lines: each range is a
 * bucket on disk (lib/store/buckets.h), small enough to be sorted in memory; while one is handed
 * out, a worker of the pool loads and sorts the next. Lines of equal keys come in the order of
 * their bytes, so that the order never depends on how they were added.
 *
 * Memory: a quarter of it for chunks on their way to disk, a quarter for each of two buckets; each
 * of the three takes at least sqrt(bytes of lines * 4 KiB), which is 64 MiB for 1 TiB, because a
 * chunk has at least 4 KiB. What a line takes beside its bytes is counted. A line that stands in
 * the input again and again has one key, and its copies one bucket. */
#ifndef CORPUS_SHUFFLE_H
#define CORPUS_SHUFFLE_H

#include "lib/core/err.h"
#include "lib/store/keyset.h"
#include "lib/stream/pool.h"

struct shuffle;

struct shuffle_options {
	double expected_lines, expected_bytes; /* the number of buckets follows from them */
	size_t memory;
	const char *tmpdir;
	struct pool *pool;
};

/* One line and what its owner wants back with it. */
struct shuffle_line {
	struct slice line; /* with its newline */
	uint32_t source;
	uint64_t tokens, text_bytes;
};

int shuffle_new(struct shuffle **out, const struct shuffle_options *o, struct err *e) MUST_CHECK;
int shuffle_add(struct shuffle *s, struct key128 key, const struct shuffle_line *line,
	struct err *e) MUST_CHECK;
int shuffle_seal(struct shuffle *s, struct err *e) MUST_CHECK;

/* Of the lines added. */
uint64_t shuffle_count(const struct shuffle *s);
uint64_t shuffle_bytes(const struct shuffle *s);

/* 1 and the next line, valid until the next call; 0; -1. */
int shuffle_next(struct shuffle *s, struct shuffle_line *line, struct err *e) MUST_CHECK;

void shuffle_free(struct shuffle *s);

#endif
