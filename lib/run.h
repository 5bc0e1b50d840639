/* run.h - what a whole program gets from cmd_run, and the pieces it builds on. */
#ifndef CORPUS_RUN_H
#define CORPUS_RUN_H

#include "lib/common.h"
#include "lib/stage.h"
#include "lib/stream/output.h"
#include "lib/stream/pool.h"

struct stats;

struct run {
	const char *program; /* "quality", or "dedup exact": for stats, stamps and messages */
	const struct common *common; /* the common options, see common.h */
	struct slice options; /* JSON object of the options that decide the output, for the stamp */
	char **files; /* the operands */
	size_t n_files; /* 0: standard input */
	char **names; /* what files are called in messages and --stats; NULL: as they are */
	char **operands; /* what files was before run_spool */
	size_t n_operands;
	struct pool *pool; /* made by run_main */
	struct stats *stats; /* made by run_main, written when --stats was given (stats.h) */
	struct buf *
		notes; /* sentences for the user, a line each; shown after the run unless --quiet */
};

/* What cmd_run calls when the command line is read and stage->setup is done: makes the pool,
 * opens the output, drives the stage or calls stage->run, publishes, writes --stats and
 * --metrics. cmd_run fills all fields but pool and stats. */
int run_main(struct run *run, const struct stage *stage, void *config, struct err *e) MUST_CHECK;

/* Opens an output with the run's --level and --plain. */
int run_open(struct run *run, const char *path, struct output **out, struct err *e) MUST_CHECK;

/* Ends an output with the run's stamp (program, options, stage->describe, the inputs in stats),
 * counts it in stats and publishes it. Frees out in every case. */
int run_close(struct run *run, const struct stage *stage, const void *config, struct output *out,
	struct err *e) MUST_CHECK;

/* The same for one of several files that are to appear together: *file is what is to be committed
 * or aborted (publish.h), NULL for standard output. */
int run_end(struct run *run, const struct stage *stage, const void *config, struct output *out,
	struct publish **file, struct err *e) MUST_CHECK;

/* Drives a record or source stage over files: the common case of a program, and a pass of one
 * that needs several. With out NULL nothing is written and nothing counted (a first pass); else
 * --rejects is served too. Does not call setup, finish or release. */
int run_stage(struct run *run, const struct stage *stage, void *config, struct output *out,
	struct err *e) MUST_CHECK;

/* ERR_USAGE when --rejects, --stats or --metrics would take the place of file. run_main asks for
 * each operand and side file; a program whose operands are no plain names asks for what it finds
 * there. */
int run_check_input(const struct run *run, const char *file, struct err *e) MUST_CHECK;

/* The same, and --output is not to take its place either: for what is no input to be rewritten, but
 * a file that later runs need too. */
int run_check_kept(const struct run *run, const char *file, struct err *e) MUST_CHECK;

/* As run_check_input, for a file that is written beside --output. */
int run_check_output(const struct run *run, const char *file, struct err *e) MUST_CHECK;

/* Makes every input readable twice: what is no regular file is copied, as it is, to a temporary
 * file in --tmpdir that takes its place in files, while names keeps the operands. */
int run_spool(struct run *run, struct err *e) MUST_CHECK;

/* ERR_USAGE when a side file (--with) cannot be read twice either. */
int run_check_sides(const struct opt_list *with, struct err *e) MUST_CHECK;

/* The operands are as they were before run_spool, and its files are gone. */
void run_unspool(struct run *run);

#endif
