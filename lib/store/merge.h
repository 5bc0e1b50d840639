/* merge.h - merges sorted runs by a tree of losers (Knuth, The Art of Computer Programming 3,
 * section 5.4.1): one comparison a level for each record. */
#ifndef CORPUS_MERGE_H
#define CORPUS_MERGE_H

#include "lib/store/runfile.h"

struct merge;

/* Takes the readers, of which there may be none. Equal keys come in the order of the readers. */
struct merge *merge_new_take(const struct sort_shape *shape, struct runfile_reader **in, size_t n);

/* 1 and the next record, valid until the next call; 0; -1. */
int merge_next(struct merge *m, const char **record, struct err *e) MUST_CHECK;

/* Closes the readers too. */
void merge_free(struct merge *m);

#endif
