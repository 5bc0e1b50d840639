/* passes.h - a program that reads its input twice: to find what is there more than once, and to
 * write what stays.
 *
 *	struct passes p = { .program = &dedup_exact_stage, .first = &look, .between = sort,
 *		.second = &drop, .once = PASSES_TWICE };
 *
 *	passes_run(&p, run, config, &e);
 *
 *	first, nothing written --> between --> second, to --output and --rejects
 *
 * Where the first pass may know at once what stays it can write too (PASSES_PERHAPS, PASSES_ONCE);
 * when it proves at its end that it could not (done), what it wrote, counted and noted is forgotten
 * and the second pass writes all anew. Inputs that are no regular files are copied to --tmpdir
 * (run_spool) unless one pass will do. An input that is another when it is read again, by its
 * content digest, is refused before anything is published. */
#ifndef CORPUS_PASSES_H
#define CORPUS_PASSES_H

#include "lib/run.h"

enum passes_once {
	PASSES_TWICE, /* the first pass never writes */
	PASSES_PERHAPS, /* it does where the output is a file that can be written anew */
	PASSES_ONCE, /* it does, and will be enough */
};

struct passes {
	const struct stage *program; /* for messages and the stamp, as run_close takes it */
	const struct stage *first, *second; /* record stages; setup, finish, release do not count */
	enum passes_once once;

	/* Optional: what the first pass found becomes what the second asks for. */
	int (*between)(void *config, struct err *e);
	/* Optional: true when the first pass decided all records rightly. Asked at its end; NULL is
	 * never. */
	bool (*done)(const void *config);

	/* Set by passes_run, for the stages to read: the pass at hand writes an output, and
	 * --rejects. */
	bool writes, rejects;
};

/* Reads all of run->files once or twice, checks the identity of what was written (stats_check) and
 * publishes. The files of run->files are as they were at the end. */
int passes_run(struct passes *p, struct run *run, void *config, struct err *e) MUST_CHECK;

/* The records of all inputs, or UINT64_MAX where one of them does not say. */
uint64_t passes_records_known(const struct run *run);

/* Reads other files (--against) through stage with the run's options, and writes nothing. Inputs
 * and counts are added to stats, not to those of the run; what is said of bad records goes to the
 * run's notes. ERR_USAGE where a file of the run would take the place of one of them. */
int passes_read_only(struct run *run, const struct stage *stage, void *config,
	const struct opt_list *files, struct stats *stats, struct err *e) MUST_CHECK;

/* Reads the inputs once more between the two, for what needs three passes. Nothing is written, and
 * what this pass counts and notes is forgotten: the second meets the same. */
int passes_look(struct run *run, const struct stage *stage, void *config, struct err *e) MUST_CHECK;

/* A record of a stage that leaves all to decide. */
enum verdict passes_keep(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e);

#endif
