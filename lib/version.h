/* version.h - the version of all programs, the only place where it is written down. */
#ifndef CORPUS_VERSION_H
#define CORPUS_VERSION_H

#include "lib/core/buf.h"

#define CORPUS_VERSION "0.1.0"

/* Appends "zstd 1.5.4, ICU 72.1": the libraries that this program is linked with, as they are at
 * run time, in a fixed order. */
void version_libraries(struct buf *out);

#endif
