/* settle.h - of each cluster, how large it is and which document stays.
 *
 *	unite (document, root), ascending --> by root --> size and the best rank --> by document
 *
 * What comes out are decisions: fixed-size rows in the order of documents, only of those in
 * clusters of two and more. */
#ifndef CORPUS_SETTLE_H
#define CORPUS_SETTLE_H

#include "lib/core/err.h"
#include "lib/store/runfile.h"
#include "lib/store/sort.h"

struct unite;

struct decision {
	uint64_t document;
	uint64_t cluster; /* its first document */
	uint64_t stays; /* the one that is kept */
	uint64_t size; /* documents */
};

/* A decision on disk: four numbers of 40 bits, the document first (pairsort.h). */
enum { DECISION_BYTES = 20 };
extern const struct sort_shape decision_shape;
void decision_put(char out[DECISION_BYTES], const struct decision *d);
struct decision decision_get(const char *p);

struct settle_facts {
	uint64_t clusters, documents, largest, largest_cluster;
	uint64_t over; /* clusters of more than max_cluster */
};

struct settle_options {
	struct unite *unite; /* finished */
	/* Gives the ranks of documents first and up in order, the least of them the best: 1 and a
	 * struct keep_rank, 0 behind the last, -1. NULL: the first of a cluster stays. */
	int (*rank)(void *from, const char **rank, struct err *e);
	void *ranks;
	uint64_t first; /* documents below it are those of before: one of them in a cluster stays,
			   the first, and they get no decision */
	uint64_t max_cluster;
	size_t memory;
	const char *tmpdir;
};

struct settle;

/* Finds all decisions. facts is filled. */
int settle_new(struct settle **out, const struct settle_options *o, struct settle_facts *facts,
	struct err *e) MUST_CHECK;

/* 1 and the next decision, 0, -1. */
int settle_next(struct settle *s, struct decision *d, struct err *e) MUST_CHECK;
void settle_free(struct settle *s);

#endif
