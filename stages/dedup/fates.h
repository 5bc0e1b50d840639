/* fates.h - which records have equal keys, found by sorting in bounded memory.
 *
 *	g = fates_new(&(struct fates_options){ .memory = 1 * GIB });
 *	fates_add(g, key, NULL, number, &e);        each record, in the order of their numbers
 *	fates_sort(g, &e);
 *	while ((got = fates_next(g, &fate, &e)) > 0) ...
 *	fates_free(g);
 *
 *	add --> [sorted by key, rank, number] --> groups --> [fates, sorted by number] --> next
 *
 * Temporary files hold 24 bytes a record, 88 with ranks; a fate 24 more, and with sizes 32. */
#ifndef CORPUS_FATES_H
#define CORPUS_FATES_H

#include "lib/store/keyset.h"
#include "stages/dedup/keep.h"

struct fates;

struct fates_options {
	size_t memory; /* bytes */
	const char *tmpdir; /* as temp_open takes it; must live as long as the sorter */
	bool ranks; /* the smallest rank of a group stays, of equal ones the first added; without
		       ranks the first */
	uint64_t more; /* so many more of a group stay */
	bool sizes; /* the fates are those of all in a group of several, and tell its size */
};

/* What has this bit in its number stays in any case and gets no fate: what is compared with the
 * records but is none of them. It must be added before them. */
#define FATE_FOREIGN ((uint64_t)1 << 63)

struct fate {
	uint64_t number;
	uint64_t keeper; /* the one of its group that stays, perhaps foreign, perhaps itself */
	uint64_t size; /* of the group, without the foreign; 0 without .sizes */
};

struct fates *fates_new(const struct fates_options *o);

/* rank is not looked at without .ranks, and NULL for what is foreign. */
int fates_add(struct fates *g, struct key128 key, const struct keep_rank *rank, uint64_t number,
	struct err *e) MUST_CHECK;

/* A fate that is known already. */
int fates_put(struct fates *g, const struct fate *fate, struct err *e) MUST_CHECK;

/* No more is added. */
int fates_sort(struct fates *g, struct err *e) MUST_CHECK;

/* 1 and the fate of the next record that has one, in the order of numbers; 0; -1. Without .sizes
 * only those that go have one. */
int fates_next(struct fates *g, struct fate *out, struct err *e) MUST_CHECK;

void fates_free(struct fates *g);

#endif
