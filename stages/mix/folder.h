/* folder.h - the folder that a mix is written to.
 *
 * It belongs to the mix as the file behind -o belongs to another program: shards of a run before,
 * by their names, are replaced. Other files stay. */
#ifndef CORPUS_MIX_FOLDER_H
#define CORPUS_MIX_FOLDER_H

#include "lib/core/err.h"
#include "stages/mix/shards.h"

/* Removes the manifest of a run before, so that it never stands beside shards that are not its
 * own. */
void folder_open(const char *dir);

/* Removes the files that are named as shards of "train" or of one of the sources and are not in the
 * list. Returns how many. */
int folder_close(const char *dir, const struct shard_list *shards, const struct sources *sources,
	size_t *removed, struct err *e) MUST_CHECK;

#endif
