/* progress.h - one line on standard error while a run goes on.
 *
 * Only with --progress, or when standard error is a terminal and --quiet is not given: rate, share
 * done, time left, drops. The only part of a run that looks at the clock. */
#ifndef CORPUS_PROGRESS_H
#define CORPUS_PROGRESS_H

#include "lib/driver/work.h"

struct progress {
	const struct driver *driver;
	bool on;
	bool shown;
	double began, last; /* seconds */
	uint64_t total; /* bytes of all input files; 0: not known */
	uint64_t before; /* bytes of the files that are done */
};

void progress_begin(struct progress *p, const struct driver *d);

/* Called for each batch; writes at most five times a second. */
void progress_show(struct progress *p, const struct work *w);

/* Clears the line. */
void progress_end(struct progress *p);

#endif
