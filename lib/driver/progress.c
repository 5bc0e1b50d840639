/* One line on standard error while a run goes on. */
#include "lib/driver/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Bytes of all inputs, or 0 when one is no regular file. */
static uint64_t total_bytes(const struct driver *d)
{
	uint64_t total = 0;

	for (size_t i = 0; i < d->run.n_files; i++) {
		struct stat st;

		if (stat(d->run.files[i], &st) != 0 || !S_ISREG(st.st_mode))
			return 0;
		total += (uint64_t)st.st_size;
	}
	return total;
}

void progress_begin(struct progress *p, const struct driver *d)
{
	const struct common *common = d->run.common;

	p->driver = d;
	p->on = !common->quiet && (common->progress || isatty(STDERR_FILENO));
	if (!p->on)
		return;
	p->began = p->last = now();
	p->total = total_bytes(d);
}

static void show(struct progress *p, uint64_t done, double seconds)
{
	const struct stats *s = p->driver->run.stats;
	double rate = (double)s->read_bytes / 1e6 / MAX(seconds, 0.001);

	fprintf(stderr, "\r%" PRIu64 " records, %.0f MB/s, %" PRIu64 " dropped", s->read, rate,
		stats_dropped(s));
	if (p->total && done) {
		double share = (double)done / (double)p->total;

		fprintf(stderr, ", %.0f %%, %.0f s left", 100 * share,
			seconds * (1 - share) / share);
	}
	fputs("   ", stderr);
	p->shown = true;
}

void progress_show(struct progress *p, const struct work *w)
{
	double t;

	if (!p->on)
		return;
	t = now();
	if (t - p->last >= 0.2) {
		p->last = t;
		show(p, p->before + w->offset, t - p->began);
	}
	if (w->kind == WORK_FILE_END)
		p->before += w->offset;
}

void progress_end(struct progress *p)
{
	if (p->shown)
		fprintf(stderr, "\r%79s\r", "");
}
