/* datadir.h - where the files are that come with the programs: rule sets, recipes, models. */
#ifndef CORPUS_DATADIR_H
#define CORPUS_DATADIR_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

/* Writes the path of what the user called name to path, NUL-terminated. A name that holds a slash
 * or ends in ".yaml" is a path already and is not looked for. Otherwise it is the first that is
 * there of KIND/NAME.yaml in $CORPUSMILL_CONFIGS ../share/corpusmill beside the folder of the
 * executable the DATADIR that the programs were built for or ERR_USAGE, which names the places.
 * kind is "quality", "mix" or the like. */
int datadir_find(const char *kind, const char *name, struct buf *path, struct err *e) MUST_CHECK;

#endif
