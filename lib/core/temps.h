/* temps.h - the registry of unpublished temporaries, the only module that calls unlink(2).
 *
 * Most output never needs it: a temporary without a name (O_TMPFILE) goes with the process. Where
 * the file system has no such files, the name of the temporary is registered here and removed at
 * exit, on an error and from the handler of a signal. */
#ifndef CORPUS_TEMPS_H
#define CORPUS_TEMPS_H

#include "lib/core/base.h"

/* Remembers a copy of path until temps_forget. Any thread. */
void temps_add(const char *path);

/* Published or removed: no longer ours. Any thread. */
void temps_forget(const char *path);

/* Removes path and forgets it. */
void temps_remove(const char *path);

/* Removes all that is registered. Safe in a signal handler. */
void temps_remove_all(void);

#endif
