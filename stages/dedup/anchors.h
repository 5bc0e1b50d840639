/* anchors.h - few places of a sequence of which every window of it holds one.
 *
 * A window is `window` neighbours. Its anchor is that of its runs of `gram` neighbours (three
 * quarters of a window) whose hash is the smallest, the last of equal ones: a choice that looks at
 * nothing outside the window, so that equal windows have equal anchors at the same place. Who
 * looks for windows that are there twice need first look only for anchors that are, of which a
 * sequence without repeats has 2 / (window - gram + 2) a unit.
 *
 * Source: Schleimer, Wilkerson and Aiken 2003, "Winnowing: local algorithms for document
 * fingerprinting", section 3. */
#ifndef CORPUS_DEDUP_ANCHORS_H
#define CORPUS_DEDUP_ANCHORS_H

#include "lib/core/base.h"

/* An anchor and the windows that have it, which are neighbours. */
struct anchor {
	uint64_t hash; /* of the gram */
	size_t first, n; /* windows, by their first unit */
};

struct anchors {
	struct anchor *at; /* in the order of the windows; valid until the next call */
	size_t n;
	/* the rest is anchors.c's */
	size_t window, gram;
	uint64_t leaving; /* what a unit's hash is multiplied with when it leaves the gram */
	uint64_t *grams;
	size_t cap;
};

/* Of all zero. window is at least 1. */
void anchors_init(struct anchors *a, size_t window);

/* The anchors of all windows of n units with these hashes: none where n is less than a window. A
 * unit takes a few steps on average, as many as a window has grams at worst. */
void anchors_find(struct anchors *a, const uint64_t *units, size_t n);

void anchors_release(struct anchors *a);

#endif
