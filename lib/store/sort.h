/* sort.h - stable sorting of fixed-size records in memory.
 *
 * A record's key is its first key_bytes. KEY_BYTES compares them as memcmp does; KEY_LE64 reads
 * them as little-endian 64-bit numbers, the first the most significant. Records of equal keys stay
 * in the order they came in. */
#ifndef CORPUS_SORT_H
#define CORPUS_SORT_H

#include "lib/core/base.h"

enum key_order { KEY_BYTES, KEY_LE64 };

/* Limits of the fast sort, which keeps one record on its stack. */
enum { SORT_MAX_RECORD = 256, SORT_MAX_KEY = 96 };

struct sort_shape {
	uint32_t record_bytes; /* 1 to SORT_MAX_RECORD */
	uint32_t key_bytes; /* 1 to SORT_MAX_KEY and record_bytes; by 8 for KEY_LE64 */
	enum key_order order;
};

/* Below 0, 0 or above 0, as memcmp. */
int sort_compare(const struct sort_shape *shape, const void *a, const void *b);

/* The first 8 bytes of the key (zeros behind a shorter one) as a number that orders as they do. */
uint64_t sort_prefix(const struct sort_shape *shape, const void *record);

/* Sorts n records at p; scratch has room for as many and is overwritten. Most significant digit
 * first, so that long keys cost no more passes than it takes to tell the records apart: ten million
 * records of 24 bytes take a tenth of qsort's time. */
void sort_records(const struct sort_shape *shape, void *p, void *scratch, size_t n);

/* The same through qsort(3): the reference that the other is tested against. */
void sort_records_plain(const struct sort_shape *shape, void *p, size_t n);

#endif
