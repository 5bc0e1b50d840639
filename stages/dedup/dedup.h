/* dedup.h - the commands of corpus-dedup, each a whole program that reads its input more than once.
 * */
#ifndef CORPUS_DEDUP_H
#define CORPUS_DEDUP_H

#include "lib/stage.h"

/* corpus-dedup exact: of the records whose normalised text has the same XXH3-128 hash, the first in
 * the order of input stays.
 *
 * The set of hashes stays in memory where --memory allows it and the number of records is known
 * beforehand (from the stamps of files of ours): one pass. Else the hashes are sorted in temporary
 * files, 24 bytes a record, and the input is read a second time. The output is the same. */
struct dedup_exact_config {
	const char *field; /* whose string is compared */
	int normalise; /* enum normalise (normalise.h) */
};

/* The words of --normalise, in the order of enum normalise; NULL-terminated. */
extern const char *const dedup_normalise_names[];

extern const struct stage dedup_exact_stage;

#endif
