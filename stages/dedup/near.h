/* near.h - what the verbs of near duplicates share: minhash, and its steps bands, cluster and
 * filter.
 *
 *	records --sign--> band keys --groups--> pairs --unite--> sets --settle--> decisions
 *	records --judge--> what stays <------------------------------------------+
 */
#ifndef CORPUS_NEAR_H
#define CORPUS_NEAR_H

#include "lib/record/record.h"
#include "lib/run.h"
#include "stages/dedup/bandfile.h"
#include "stages/dedup/dedup.h"
#include "stages/dedup/keep.h"
#include "stages/dedup/minhash.h"
#include "stages/dedup/settle.h"

#include <xxhash.h>

struct blobfile;

/* Bytes of an id that are kept. */
enum { NEAR_ID_MAX = 1024 };

/* --- signing ---------------------------------------------------------------------------------- */

/* A pass over records that puts band keys, and beside them what is asked for, under numbers that
 * count up from where the last pass ended. */
struct sign {
	const struct dedup_near_config *cfg;
	struct keep keep;
	struct bandfile *bands;
	struct runfile_writer *ranks; /* NULL: not needed */
	struct blobfile *ids; /* NULL: not needed */
	XXH3_state_t *fingerprint; /* of ids and keys in order; NULL: not needed */
	uint64_t ranks_digest; /* beside the fingerprint */
	uint64_t documents; /* the next number */
	uint64_t signed_documents, absent, no_string, no_rank; /* records of the passes so far */
};

extern const struct stage near_sign_stage; /* config: struct near_passes */

/* A temporary run of ranks, written at the front of fd. */
extern const struct runfile_kind near_rank_kind;

/* What was left out of the comparison, and that all was. */
void near_tell_signed(const struct sign *s, struct buf *notes);

/* "field=text shingle=5 bands=14 rows=8 seed=1 compat=none": what keys of two files must share. */
void near_parameters(const struct dedup_near_config *cfg, char out[128]);

/* ERR_USAGE where the numbers cannot be. */
int near_check(const struct dedup_near_config *cfg, struct err *e) MUST_CHECK;

/* --pairs and --index beside the other options. ERR_USAGE. */
int near_check_pairs(
	const struct dedup_near_config *cfg, const struct run *run, struct err *e) MUST_CHECK;
int near_check_index(
	const struct dedup_near_config *cfg, const struct run *run, struct err *e) MUST_CHECK;
struct minhash_config near_sign_config(const struct dedup_near_config *cfg);

/* --- judging ---------------------------------------------------------------------------------- */

typedef int near_next(void *from, struct decision *d, struct err *e);

/* A pass over the same records that keeps, drops and annotates by decisions in their order. */
struct judge {
	near_next *next;
	void *from;
	uint64_t first; /* number of the first record */
	uint64_t older; /* of documents: they are named by their ids, those behind as records */
	bool annotate; /* nothing is dropped */
	/* Names an older document; NULL: there is none. */
	int (*name)(void *names, uint64_t document, struct buf *out, struct err *e);
	void *names;
	struct buf name_of;
	struct decision at;
	bool more;
	uint64_t dropped, annotated;
};

extern const struct stage near_judge_stage; /* config: struct near_passes */

/* Takes the first decision. */
int near_judge_begin(struct judge *j, struct err *e) MUST_CHECK;

/* What both passes are given (passes.h hands them one config). */
struct near_passes {
	struct sign sign;
	struct judge judge;
};

/* Sizes over the limit. */
void near_tell_clusters(
	const struct settle_facts *f, uint64_t max_cluster, bool verified, struct buf *notes);

#endif
