/* pairs.h - the pairs of documents that share a band key, for --pairs and --verify.
 *
 *	p = pairs_new(memory, tmpdir, PAIRS_ALL);
 *	pairs_member(p, document, fresh, &e);        as groups_walk says
 *	pairs_write(p, run, path, ids, &e);
 *
 * Of a group of up to so many documents all pairs, else each document with the first, and with
 * the one before it, so that the work stays linear. */
#ifndef CORPUS_PAIRS_H
#define CORPUS_PAIRS_H

#include "lib/run.h"

enum { PAIRS_ALL = 1000 };

struct blobfile;
struct pairs;

/* all: the largest group of which all pairs are taken, PAIRS_ALL at most. */
struct pairs *pairs_new(size_t memory, const char *tmpdir, uint64_t all);
int pairs_member(struct pairs *p, uint64_t document, bool fresh, struct err *e) MUST_CHECK;

/* Calls each with the pairs in order, each once. Only one of this and pairs_write. */
typedef int pairs_pair(void *to, uint64_t a, uint64_t b, struct err *e);
int pairs_each(struct pairs *p, pairs_pair *each, void *to, struct err *e) MUST_CHECK;

/* {"a":ID,"b":ID} a line, in the order of documents, each pair once. Groups that were too large for
 * all pairs are told. */
int pairs_write(struct pairs *p, struct run *run, const char *path, const struct blobfile *ids,
	struct err *e) MUST_CHECK;
void pairs_free(struct pairs *p);

#endif
