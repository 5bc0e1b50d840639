/* pairs.h - the pairs of documents that share a band key, for --pairs.
 *
 *	p = pairs_new(memory, tmpdir);
 *	pairs_member(p, document, fresh, &e);        as groups_walk says
 *	pairs_write(p, run, path, ids, &e);
 *
 * Of a group of up to PAIRS_ALL documents all pairs, else each document with the first, and with
 * the one before it, so that the work stays linear. */
#ifndef CORPUS_PAIRS_H
#define CORPUS_PAIRS_H

#include "lib/run.h"

enum { PAIRS_ALL = 1000 };

struct idfile;
struct pairs;

struct pairs *pairs_new(size_t memory, const char *tmpdir);
int pairs_member(struct pairs *p, uint64_t document, bool fresh, struct err *e) MUST_CHECK;

/* {"a":ID,"b":ID} a line, in the order of documents, each pair once. Groups that were too large for
 * all pairs are told. */
int pairs_write(struct pairs *p, struct run *run, const char *path, const struct idfile *ids,
	struct err *e) MUST_CHECK;
void pairs_free(struct pairs *p);

#endif
