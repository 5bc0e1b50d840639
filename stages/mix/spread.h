/* spread.h - the second pass of a mix: each document as often as the plan says, into the
 * shuffle. */
#ifndef CORPUS_SPREAD_H
#define CORPUS_SPREAD_H

#include "stages/mix/shuffle.h"
#include "stages/mix/sources.h"

/* Spreads the documents of source number i. Counts are added to run->stats: a document given 0
 * times is dropped under "epochs", one given n times is kept and split into n. rejects may be
 * NULL. */
int spread_source(struct run *run, struct sources *s, size_t i, uint64_t seed,
	struct shuffle *shuffle, struct output *rejects, struct err *e) MUST_CHECK;

/* Adds upper bounds, in expectation, of the source's lines and of their bytes. */
void spread_expect(const struct mix_source *source, struct shuffle_options *o);

#endif
