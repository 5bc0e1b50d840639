/* opt.h - the option table of a program, the only place where an option is written down.
 *
 * It drives parsing with its limits, --help, the man page's OPTIONS, the completions of three
 * shells, the keys of a
 * --config file and --print-config. */
#ifndef CORPUS_OPT_H
#define CORPUS_OPT_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

enum opt_type {
	OPT_FLAG, /* bool; --NAME sets it, --no-NAME clears it */
	OPT_STR, /* const char *, borrowed from argv or the config file; NULL: not given */
	OPT_FILE, /* as OPT_STR, completed as a file name */
	OPT_LIST, /* struct opt_list; comma-separated, and each further use adds */
	OPT_UINT, /* uint64_t */
	OPT_SIZE, /* uint64_t bytes; suffixes K, M, G, T are powers of 1024 */
	OPT_REAL, /* double */
	OPT_RATIO, /* double from 0 to 1 unless min and max say otherwise */
	OPT_CHOICE, /* int: the index into choices, a NULL-terminated list of words */
};

struct opt_list {
	const char **at;
	size_t n;
	size_t cap;
};

struct opt {
	char letter; /* 0: no short form */
	const char *name;
	enum opt_type type;
	size_t offset; /* of the value in the config struct */
	const char *arg;
	double min, max; /* both 0: no limit */
	const char *const *choices;
	const char
		*help; /* one phrase, no full stop; the default is added from the config struct */
	const char *detail; /* further sentences for the man page only; may be NULL */
};

/* Text of the value that config holds for o, as it would be written on the command line; empty when
 * not set. */
void opt_print_value(const struct opt *o, const void *config, struct buf *out);

/* Reads text into config as the value of o. ERR_USAGE names the option, the value and the limits.
 */
int opt_set(const struct opt *o, void *config, const char *text, struct err *e) MUST_CHECK;

/* One table of options and the struct its offsets point into. */
struct opt_group {
	const char *title; /* heading in --help; NULL: the program's own options */
	const struct opt *at;
	size_t n;
	void *config;
};

/* Options of groups and operands in argv[1..argc), in any order, "--" ends the options,
 * "--name=value" and "-xVALUE" are understood, a unique beginning of a long name is not (scripts
 * break when an option is added). Operands are moved to the front of argv + 1 in order; returns
 * their number, or -1 (ERR_USAGE). With only_config, nothing but the option named so is applied (a
 * first pass to find the config file). */
int opt_parse(const struct opt_group *groups, size_t n, int argc, char **argv, const char *only,
	struct err *e) MUST_CHECK;

/* The option by its long name, with the group it stands in, or NULL. */
const struct opt *opt_find(
	const struct opt_group *groups, size_t n, const char *name, const struct opt_group **in);

/* Generated forms, appended to out. */
void opt_help(const struct opt_group *groups, size_t n, struct buf *out);
void opt_mdoc(const struct opt_group *groups, size_t n, struct buf *out);

#endif
