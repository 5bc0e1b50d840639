/* folder.h - the regular files below a folder, in an order that their names alone decide.
 *
 *	struct folder *f = folder_new("pages");
 *	while ((r = folder_next(f, &path, &e)) > 0)
 *		...
 *	folder_free(f);
 *
 * Each folder's entries come in the order of their names' bytes, a folder's own where its name
 * stands. Symbolic links below the folder are not followed, so that no file is met twice and none
 * from elsewhere; they are counted. Names that begin with a dot, and what is neither file nor
 * folder, are passed over. Memory: the names of the folders that are open, one at each depth. */
#ifndef CORPUS_FOLDER_H
#define CORPUS_FOLDER_H

#include "lib/core/err.h"

struct folder;

/* Whether path, or what it links to, is a folder. */
bool folder_is_one(const char *path);

struct folder *folder_new(const char *path);

/* 1 and the path of the next file, which begins with the folder's as it was given, valid until the
 * next call; 0 at the end; -1. */
int folder_next(struct folder *f, const char **path, struct err *e) MUST_CHECK;

/* Symbolic links that were not followed so far. */
uint64_t folder_links(const struct folder *f);

void folder_free(struct folder *f);

#endif
