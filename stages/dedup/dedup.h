/* dedup.h - the commands of corpus-dedup, each a whole program that reads its input more than
 * once. */
#ifndef CORPUS_DEDUP_H
#define CORPUS_DEDUP_H

#include "lib/stage.h"

/* corpus-dedup exact: of the records whose normalised text has the same XXH3-128 hash, the first in
 * the order of input stays.
 *
 * While the set of hashes fits --memory, the output is written at once, in one pass. When it no
 * longer does, what was seen goes to temporary files, 24 bytes a record, to be sorted there; the
 * output so far is forgotten, and the input is read a second time. The bytes are the same either
 * way. */
struct dedup_exact_config {
	const char *field; /* whose string is compared */
	int normalise; /* enum normalise (normalise.h) */
};

/* The words of --normalise, in the order of enum normalise; NULL-terminated. */
extern const char *const dedup_normalise_names[];

extern const struct stage dedup_exact_stage;

#endif
