/* verify.h - candidate pairs confirmed by the true Jaccard index of their shingle sets, for
 * --verify.
 *
 *	v = verify_new(cfg, memory, tmpdir);
 *	verify_member(v, document, fresh, &e);       as groups_walk says
 *	verify_begin(v, &e);
 *	verify_read(v, run, files, &e);              the same records again, in the same order
 *	verify_each(v, join, to, &e);                calls join for the pairs that hold
 *
 * Of a group of up to VERIFY_ALL documents all pairs are candidates, else each document with the
 * first, and with the one before it, so that the work stays linear. The sets of candidates lie in a
 * temporary file, 8 bytes a shingle; two are in memory at a time. */
#ifndef CORPUS_VERIFY_H
#define CORPUS_VERIFY_H

#include "lib/run.h"

enum { VERIFY_ALL = 32 };

struct dedup_near_config;
struct verify;

/* ERR_IO when there is no temporary file. cfg must live as long. */
int verify_new(struct verify **out, const struct dedup_near_config *cfg, size_t memory,
	const char *tmpdir, struct err *e) MUST_CHECK;
int verify_member(struct verify *v, uint64_t document, bool fresh, struct err *e) MUST_CHECK;
int verify_begin(struct verify *v, struct err *e) MUST_CHECK;

/* Reads files as --against does, or with NULL those of the run; documents count on. */
int verify_read(struct verify *v, const struct run *run, const struct opt_list *files,
	struct err *e) MUST_CHECK;

typedef int verify_join(void *to, uint64_t a, uint64_t b, struct err *e);
int verify_each(struct verify *v, verify_join *join, void *to, struct err *e) MUST_CHECK;

/* Pairs that were compared, and that held. */
void verify_tell(const struct verify *v, struct buf *notes);
void verify_free(struct verify *v);

#endif
