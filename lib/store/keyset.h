/* keyset.h - a set of 128-bit keys, each with a number, in bounded memory.
 *
 * Open addressing with linear probing; the keys must be hashes already (XXH3-128 and the like),
 * because their high bits are the place in the table. For one thread: a set that many threads
 * share comes with issue 7. */
#ifndef CORPUS_KEYSET_H
#define CORPUS_KEYSET_H

#include "lib/core/base.h"

struct key128 {
	uint64_t lo, hi;
};

struct keyset;

enum keyset_put { KEYSET_NEW, KEYSET_SEEN, KEYSET_FULL };

/* Grows as keys come, never over memory bytes (the old table counts while it is copied). At least
 * 16 slots are taken. */
struct keyset *keyset_new(size_t memory);

/* The keys that a set of so much memory holds before it is full. */
size_t keyset_room(size_t memory);

/* KEYSET_NEW: key was put with value. KEYSET_SEEN: *found is the number that it has, which stays.
 * KEYSET_FULL: it is not there and there is no room; the set is as before. */
enum keyset_put keyset_put(struct keyset *s, struct key128 key, uint64_t value, uint64_t **found);

/* Begins to load what a put or get of the key will look at: in a table larger than the caches each
 * else waits for memory. */
void keyset_prefetch(const struct keyset *s, struct key128 key);

/* The key's number, to be read or changed until the next put, or NULL. */
uint64_t *keyset_get(const struct keyset *s, struct key128 key);

/* Goes through the keys in no particular order: *at is 0 at first; false behind the last. No put
 * between. */
bool keyset_next(const struct keyset *s, size_t *at, struct key128 *key, uint64_t *value);

size_t keyset_count(const struct keyset *s);
size_t keyset_bytes(const struct keyset *s);
void keyset_free(struct keyset *s);

#endif
