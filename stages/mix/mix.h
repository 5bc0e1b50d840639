/* mix.h - corpus-mix: records of several sources into one shuffled corpus, by a recipe.
 *
 *	1 count    all inputs are read for their documents, bytes and tokens
 *	2 plan     recipe, sizes and total give each source its epochs (recipe.h)
 *	3 spread   all inputs are read again; each document goes as often as the hash of its id says
 *	           (draw.h) into the buckets of the shuffle (shuffle.h)
 *	4 write    the buckets in order, cut into shards; the manifest last
 *
 * The output depends on the records, the recipe and the seed alone: not on threads, memory, or the
 * order and number of the files of a source. */
#ifndef CORPUS_MIX_H
#define CORPUS_MIX_H

#include "lib/core/opt.h"
#include "lib/stage.h"

enum mix_layout { LAYOUT_MIXED, LAYOUT_SOURCE };

/* The words of --layout; NULL-terminated. Those of --unit are in recipe.h. */
extern const char *const mix_layout_names[];

struct mix_config {
	const char *recipe;
	const char *total; /* a number for recipe_number; NULL: the recipe's, or the largest */
	int unit; /* enum mix_unit; -1: the recipe's, or tokens */
	uint64_t seed; /* UINT64_MAX: the recipe's */
	uint64_t shards; /* UINT64_MAX: by shard_size */
	uint64_t shard_size; /* bytes of lines, before compression */
	int layout; /* enum mix_layout */
	struct opt_list without; /* sources of the recipe to leave out */
	struct opt_list with; /* NAME=FILE: side files of sources */
};

extern const struct stage mix_stage;

#endif
