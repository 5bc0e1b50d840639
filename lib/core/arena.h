/* arena.h - memory that goes all at once.
 *
 * What lives as long as a record comes from the record's arena and goes when the stream moves on.
 * All zero is a valid empty arena. */
#ifndef CORPUS_ARENA_H
#define CORPUS_ARENA_H

#include "lib/core/base.h"

struct arena_block;

struct arena {
	struct arena_block *blocks; /* the newest first */
	char *at; /* the next free byte of the newest */
	size_t left; /* free bytes there */
};

/* n bytes aligned to 16, not cleared, valid until arena_reset. Cannot fail (mem.h). */
void *arena_alloc(struct arena *a, size_t n) __attribute__((returns_nonnull));

/* A copy of s with a NUL byte behind it. */
struct slice arena_copy(struct arena *a, struct slice s);

/* Gives the end of the newest allocation back: of p, which arena_alloc returned last, n bytes stay.
 */
void arena_trim(struct arena *a, void *p, size_t n);

/* All that was allocated is gone; one block of at most 1 MiB is kept for the next record. */
void arena_reset(struct arena *a);

void arena_release(struct arena *a);

#endif
