/* edges.h - the pairs that one of several cluster tasks found, in a file.
 *
 * A header of 64 bytes with magic, version, part, parts and the identity of what the pairs were
 * made of, then a run (runfile.h) of pairs, sorted, each once. */
#ifndef CORPUS_EDGES_H
#define CORPUS_EDGES_H

#include "lib/core/err.h"

struct edges;

struct edges *edges_new(size_t memory, const char *tmpdir);
int edges_add(struct edges *s, uint64_t a, uint64_t b, struct err *e) MUST_CHECK;
int edges_write(struct edges *s, const char *path, uint64_t identity, unsigned part, unsigned parts,
	struct err *e) MUST_CHECK;
void edges_free(struct edges *s);

/* Calls put for the pairs of all files, which must be all parts of one whole: ERR_USAGE when one is
 * missing, there twice, or of another identity. */
typedef int edges_put(void *to, uint64_t a, uint64_t b, struct err *e);
int edges_read_all(const char **paths, size_t n, uint64_t identity, edges_put *put, void *to,
	struct err *e) MUST_CHECK;

#endif
