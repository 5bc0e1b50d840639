/* clusters.h - what was decided of the documents of all shards, in one file that each shard's task
 * reads its part of.
 *
 *	header    64 bytes: magic, version, place and digest of the table
 *	runs      one for each shard (runfile.h): its decisions (settle.h), sorted
 *	table     in text, a line a shard: number of its first document, documents, offset of its
 *	          run, content digest, name
 *
 * Numbers of documents count over all shards in the order of the table. */
#ifndef CORPUS_CLUSTERS_H
#define CORPUS_CLUSTERS_H

#include "lib/core/buf.h"
#include "lib/stream/digest.h"
#include "stages/dedup/settle.h"

struct shard {
	char *name; /* of its band file, as it was given */
	uint64_t base, documents;
	uint64_t offset; /* of its run */
	char digest[33]; /* of its records, as digest_hex gives it */
};

struct shard_table {
	struct shard *at; /* owned, with their names */
	size_t n, cap;
};

/* ERR_DATA says what is wrong with the text. */
int shard_table_read(struct shard_table *t, struct slice text, struct err *e) MUST_CHECK;
void shard_table_write(const struct shard_table *t, struct buf *out);
void shard_table_release(struct shard_table *t);

/* Writes a whole file at the front of fd: all decisions of next. The offsets in t are set. */
int clusters_write(int fd, const char *name, struct shard_table *t,
	int (*next)(void *from, struct decision *d, struct err *e), void *from,
	struct err *e) MUST_CHECK;

/* Opens a file and the run of the shard of that name, which is copied to *shard; its name is the
 * caller's to free. ERR_USAGE when there is no such shard, ERR_DATA. */
struct clusters;
int clusters_open(struct clusters **out, const char *path, const char *shard_name,
	struct shard *shard, struct err *e) MUST_CHECK;

/* 1 and the next decision, 0, -1. */
int clusters_next(void *clusters, struct decision *d, struct err *e) MUST_CHECK;
void clusters_free(struct clusters *c);

#endif
