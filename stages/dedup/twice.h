/* twice.h - which hashes may be there more than once, in memory that is given.
 *
 * Two bits a hash: never, once, more. Different hashes that share a place are taken for one, so
 * that the answer is "perhaps" or "no". All from all threads; the answers do not depend on the
 * order in which hashes were added. */
#ifndef CORPUS_DEDUP_TWICE_H
#define CORPUS_DEDUP_TWICE_H

#include "lib/core/base.h"

struct twice;

/* Takes the power of 2 at or below bytes, at least 4 KiB. */
struct twice *twice_new(size_t bytes);

void twice_add(struct twice *t, uint64_t hash);

/* False: it was added once or never. */
bool twice_perhaps(const struct twice *t, uint64_t hash);

void twice_free(struct twice *t);

#endif
