/* pairsort.h - pairs of document numbers, sorted and each once, in bounded memory.
 *
 * Ten bytes a pair: two numbers of 40 bits, the most significant byte first. */
#ifndef CORPUS_PAIRSORT_H
#define CORPUS_PAIRSORT_H

#include "lib/store/extsort.h"

enum { PAIR_BYTES = 10 };

extern const struct sort_shape pair_shape;

void pair_put(char out[PAIR_BYTES], uint64_t a, uint64_t b);
void pair_get(const char *p, uint64_t *a, uint64_t *b);

/* 40 bits, the most significant byte first: such keys sort as bytes. */
void number_put(char *out, uint64_t v);
uint64_t number_get(const char *p);

struct pairsort;

struct pairsort *pairsort_new(size_t memory, const char *tmpdir);
int pairsort_add(struct pairsort *s, uint64_t a, uint64_t b, struct err *e) MUST_CHECK;
int pairsort_finish(struct pairsort *s, struct err *e) MUST_CHECK;

/* 1 and the next pair, 0, -1. */
int pairsort_next(struct pairsort *s, uint64_t *a, uint64_t *b, struct err *e) MUST_CHECK;
uint64_t pairsort_spilled(const struct pairsort *s);
void pairsort_free(struct pairsort *s);

#endif
