/* cmd.h - from main to a run: options, help, signals, exit status.
 *
 * main holds a table of options, the defaults and one call. Only this module prints errors and
 * chooses the exit status: 0 done, 1 failed, 2 usage; a signal ends the process by that signal
 * after clean-up. */
#ifndef CORPUS_CMD_H
#define CORPUS_CMD_H

#include "lib/core/base.h"
#include "lib/core/opt.h"
#include "lib/stage.h"

/* A program of one verb: options are offsets into config, which holds the defaults. */
int cmd_run(int argc, char **argv, const struct stage *stage, const struct opt *options,
	size_t n_options, void *config);

/* One verb of a program that has several ("corpus-dedup exact"). */
struct command {
	const char *name;
	const struct stage *stage;
	const struct opt *options;
	size_t n_options;
	void *config;
};

/* name is the program's without "corpus-". */
int cmd_run_verbs(int argc, char **argv, const char *name, const char *summary,
	const struct command *commands, size_t n_commands);

#endif
