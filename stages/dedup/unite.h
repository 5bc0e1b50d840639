/* unite.h - which documents belong together, from pairs, in bounded memory.
 *
 *	u = unite_new(&(struct unite_options){ .documents = n, .memory = 1 * GIB });
 *	unite_join(u, a, b, &e);                     any number of times
 *	unite_finish(u, &e);
 *	while ((got = unite_next(u, &document, &root, &e)) > 0) ...
 *	unite_free(u);
 *
 * root is the least document of the set. While 5 bytes a document fit the memory the sets are a
 * forest in an array (union by least, paths halved: Tarjan, van Leeuwen 1984). Else the pairs are
 * sorted on disk, 10 bytes each, and contracted to stars in rounds of sorting (large-star and
 * small-star of Kiveris et al. 2014, "Connected Components in MapReduce and Beyond"). */
#ifndef CORPUS_UNITE_H
#define CORPUS_UNITE_H

#include "lib/core/err.h"

struct unite;

struct unite_options {
	uint64_t documents; /* numbers are below it */
	size_t memory;
	const char *tmpdir; /* as temp_open takes it */
};

struct unite *unite_new(const struct unite_options *o);
int unite_join(struct unite *u, uint64_t a, uint64_t b, struct err *e) MUST_CHECK;

/* No more is joined. */
int unite_finish(struct unite *u, struct err *e) MUST_CHECK;

/* 1 and the next document that is in a set of two or more, ascending; 0; -1. */
int unite_next(struct unite *u, uint64_t *document, uint64_t *root, struct err *e) MUST_CHECK;

/* Bytes written to temporary files so far. */
uint64_t unite_spilled(const struct unite *u);
void unite_free(struct unite *u);

#endif
