/* mem.h - memory that is there or the run ends.
 *
 * Every size that input can drive has a named limit (--max-record, --memory and others), so running
 * out of memory means the machine is too small for the run: there is nothing to hand back to a
 * caller. These functions never return NULL; when the system refuses, they remove what is
 * unpublished, say "out of memory" and end with status
 * 1. It is the one place in lib/ that ends the process, because a check behind each allocation
 * would be code that no test can reach. */
#ifndef CORPUS_MEM_H
#define CORPUS_MEM_H

#include "lib/core/base.h"

/* What those below do when the system refuses: for a library that says so itself. */
_Noreturn void mem_exhausted(void);

/* n bytes, not cleared; n may be 0. */
void *mem_alloc(size_t n) __attribute__((malloc, returns_nonnull));

/* count * size bytes, cleared. A product that overflows is "out of memory". */
void *mem_zalloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/* As realloc(3), for count * size bytes. */
void *mem_resize(void *p, size_t count, size_t size) MUST_CHECK;

/* Zeros, for a large table that is read at random: from the beginning of a huge page on, where
 * it is as large as one (2 MiB) and the system has them, because with small ones each look
 * misses the TLB too. And not from malloc's heap, which never shrinks below what stands above. */
void *mem_pages(size_t bytes) __attribute__((malloc, returns_nonnull));

/* bytes as they were given to mem_pages. */
void mem_pages_free(void *p, size_t bytes);

/* A copy that ends in a NUL byte. */
char *mem_strndup(const char *s, size_t n) __attribute__((malloc, returns_nonnull));
char *mem_strdup(const char *s) __attribute__((malloc, returns_nonnull));

/* A new string. */
char *mem_printf(const char *fmt, ...) PRINTF(1, 2) __attribute__((malloc, returns_nonnull));

/* Makes room for one more element of *array (count elements now, room for *cap), doubling. */
void mem_grow(void *array, size_t count, size_t *cap, size_t size);

#endif
