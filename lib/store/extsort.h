/* extsort.h - sorts any number of fixed-size records in bounded memory and temporary files.
 *
 *	struct extsort *s = extsort_new(&(struct extsort_options){ .shape = …, .memory = 1 * GIB });
 *	extsort_add(s, &record, &e);                 any number of times
 *	extsort_finish(s, &e);
 *	while ((got = extsort_next(s, &record, &e)) > 0) ...
 *	extsort_free(s);
 *
 * The order is stable: records of equal keys come out in the order they were added. It depends on
 * nothing but the records, so neither memory nor tmpdir shows in a result.
 *
 *	add --> [buffer] --full: sort--> level 0: run run run --fan-in reached: merge--> level 1
 *
 * Each level is one file without a name, holding runs (runfile.h) of about fan-in times the length
 * of those one level below; the last merge reads what is left of all levels. Every record is
 * written once while the data is below memory * fan-in, and the disk holds at most twice the
 * data. */
#ifndef CORPUS_EXTSORT_H
#define CORPUS_EXTSORT_H

#include "lib/core/err.h"
#include "lib/store/sort.h"

struct extsort;

struct extsort_options {
	struct sort_shape shape;
	size_t memory; /* bytes of buffers, at least EXTSORT_MIN_MEMORY are taken */
	const char *tmpdir; /* as temp_open takes it; must live as long as the sorter */
	size_t fan_in; /* runs merged at a time; 0: as many as memory allows (tests set it) */
};

enum { EXTSORT_MIN_MEMORY = 16 * 1024 };

struct extsort *extsort_new(const struct extsort_options *o);
int extsort_add(struct extsort *s, const void *record, struct err *e) MUST_CHECK;

/* No more is added. */
int extsort_finish(struct extsort *s, struct err *e) MUST_CHECK;

/* 1 and the next record, valid until the next call; 0 behind the last; -1: a temporary file could
 * not be read or is damaged. What came before an error must not be published. */
int extsort_next(struct extsort *s, const void **record, struct err *e) MUST_CHECK;

/* Bytes written to temporary files so far. */
uint64_t extsort_spilled(const struct extsort *s);

void extsort_free(struct extsort *s);

#endif
