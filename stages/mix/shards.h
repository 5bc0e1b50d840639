/* shards.h - the output of a mix: lines in order, cut into files of even size.
 *
 * With N shards of B bytes of lines in all, the line that begins at byte b goes to shard b * N / B.
 * So the shards differ in size by a line at most, and depend on the order of lines alone. Each file
 * is whole or absent. A shard may be empty. */
#ifndef CORPUS_SHARDS_H
#define CORPUS_SHARDS_H

#include "lib/run.h"
#include "stages/mix/shuffle.h"
#include "stages/mix/sources.h"

struct shard {
	char *file; /* its name without the folder */
	struct tally all;
	uint64_t *by_source; /* documents of each */
};

struct shard_list {
	struct shard *at;
	size_t n, cap;
};

void shard_list_release(struct shard_list *l);

/* "PREFIX-00003-of-00064.jsonl.zst"; to be freed. */
char *shard_name(const char *prefix, size_t i, size_t n, bool plain);

/* PREFIX of a name of that form, whatever its numbers; empty when it is none. */
struct slice shard_prefix(const char *name);

/* Hands all lines of the shuffle out into n files in dir, appended to list; adds them to the out of
 * their sources. stage is described in the stamps. */
int shards_write(struct shard_list *list, struct run *run, const struct stage *stage,
	const void *config, const char *dir, const char *prefix, size_t n, struct shuffle *lines,
	struct sources *sources, struct err *e) MUST_CHECK;

#endif
