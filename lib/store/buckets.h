/* buckets.h - records of any size parted into numbered buckets on disk, by many threads at once.
 *
 *	buckets_new(&b, &(struct buckets_options){ .n = 64, .memory = 1 * GIB }, &e);
 *	buckets_add(b, key >> 58, head, body, &e);   any number of times, on any thread
 *	buckets_seal(b, &e);                         on one thread, when all are done
 *	buckets_load(b, i, &out, &e);                each bucket, once
 *	buckets_free(b);
 *
 * One file without a name holds all buckets as chunks; each chunk names its bucket and the chunk of
 * the same bucket before it, and carries a digest:
 *
 *	add --> [chunk of bucket 0] --full--> file: 0' 2' 1' 0'' 1'' ...    0'' points to 0'
 *	    --> [chunk of bucket 1]
 *
 * The order of records in a bucket depends on the threads: who needs an order sorts by a key that
 * the records hold. The disk space of a bucket is given back when it was loaded, where the file
 * system can. */
#ifndef CORPUS_BUCKETS_H
#define CORPUS_BUCKETS_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

struct buckets;

struct buckets_options {
	size_t n; /* buckets */
	size_t memory; /* bytes of chunks not yet written, all buckets together; at least 4 KiB a
			  bucket are taken, and a record over its share is held whole */
	const char *tmpdir; /* as temp_open takes it */
};

int buckets_new(struct buckets **out, const struct buckets_options *o, struct err *e) MUST_CHECK;

/* Appends head and body as one record's bytes, which stay together. */
int buckets_add(struct buckets *b, size_t bucket, struct slice head, struct slice body,
	struct err *e) MUST_CHECK;
int buckets_seal(struct buckets *b, struct err *e) MUST_CHECK;

/* Bytes of the records added to a bucket. */
uint64_t buckets_size(const struct buckets *b, size_t bucket);

/* Appends the bucket's records to out. ERR_DATA when the temporary file is damaged. */
int buckets_load(struct buckets *b, size_t bucket, struct buf *out, struct err *e) MUST_CHECK;

/* The descriptor of the temporary file, for tests that damage it. */
int buckets_fd(const struct buckets *b);

void buckets_free(struct buckets *b);

#endif
