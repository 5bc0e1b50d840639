/* manifest.h - manifest.json: what a mix holds, small and diffable.
 *
 * Sorted keys, and a line each for the facts of the whole, for each source and for each shard. No
 * path, time or machine stands in it: the same mix has the same manifest everywhere. */
#ifndef CORPUS_MANIFEST_H
#define CORPUS_MANIFEST_H

#include "stages/mix/recipe.h"
#include "stages/mix/shards.h"

struct manifest {
	const struct recipe *recipe;
	uint64_t seed;
	enum mix_unit unit;
	double total; /* planned, in the unit */
	const char *layout;
	const struct sources *sources;
	const struct shard_list *shards;
};

void manifest_put(const struct manifest *m, struct buf *out);

#endif
