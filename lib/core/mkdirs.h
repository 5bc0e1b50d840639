/* mkdirs.h - folders that an output needs. */
#ifndef CORPUS_MKDIRS_H
#define CORPUS_MKDIRS_H

#include "lib/core/err.h"

/* Makes the folder and those that it stands in, where they are missing, as mkdir -p. ERR_USAGE when
 * something else has the name, ERR_IO. */
int mkdirs(const char *folder, struct err *e) MUST_CHECK;

/* The same for the folders that a file at path stands in. */
int mkdirs_above(const char *path, struct err *e) MUST_CHECK;

#endif
