/* spans.h - a list of ranges that do not touch, on disk, to be asked for those within a range.
 *
 *	spans_new(&s, tmpdir, &e);
 *	spans_add(s, (struct span){ from, to }, &e);      in ascending order
 *	spans_seal(s, &e);
 *	spans_within(s, from, to, &found, &e);            on any thread
 *	spans_free(s);
 *
 * The file has no name. 16 bytes of disk a span, and 16 of memory for every 512; each block of so
 * many carries a digest that is checked when it is read. */
#ifndef CORPUS_DEDUP_SPANS_H
#define CORPUS_DEDUP_SPANS_H

#include "lib/core/err.h"

struct span {
	uint64_t from, to; /* to is behind it */
};

/* All zero is empty. */
struct span_list {
	struct span *at;
	size_t n, cap;
};

struct spans;

int spans_new(struct spans **out, const char *tmpdir, struct err *e) MUST_CHECK;
int spans_add(struct spans *s, struct span span, struct err *e) MUST_CHECK;
int spans_seal(struct spans *s, struct err *e) MUST_CHECK;
uint64_t spans_count(const struct spans *s);

/* Empties found and puts the spans there that begin at from or later and before to. */
int spans_within(const struct spans *s, uint64_t from, uint64_t to, struct span_list *found,
	struct err *e) MUST_CHECK;

/* The descriptor of the temporary file, for tests that damage it. */
int spans_fd(const struct spans *s);

void spans_free(struct spans *s);
void span_list_release(struct span_list *l);

#endif
