/* opt.h - the option table of a program, the only place where an option is written down.
 *
 * It drives parsing with its limits, --help, the man page's OPTIONS, the completions of three
 * shells, the keys of a --config file and --print-config. */
#ifndef CORPUS_OPT_H
#define CORPUS_OPT_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

enum opt_type {
	OPT_FLAG, /* bool; --NAME sets it, --no-NAME clears it */
	OPT_STR, /* const char *, borrowed from argv or the config file; NULL: not given */
	OPT_FILE, /* as OPT_STR, completed as a file name; refused when given twice */
	OPT_LIST, /* struct opt_list; comma-separated, and each further use adds */
	OPT_FILES, /* struct opt_list of file names: not cut at commas, each further use adds */
	OPT_UINT, /* uint64_t; UINT64_MAX: not given */
	OPT_INT, /* int64_t; INT64_MIN: not given */
	OPT_SIZE, /* uint64_t bytes; suffixes K, M, G, T are powers of 1024 */
	OPT_REAL, /* double; NaN: not given */
	OPT_RATIO, /* double from 0 to 1 unless min and max say otherwise */
	OPT_CHOICE, /* int: the index into choices, NULL-terminated words; -1: not given */
};

/* cap 0: the elements are borrowed (a default written in the program); else they are owned. */
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
	const char *arg; /* the value's name in help; NULL: by the type */
	double min, max; /* both 0: no limits; max below min: no upper one */
	const char *const *choices;
	const char *help; /* one phrase, no full stop; the default is added from the config
			     struct. NULL: a hidden option, in no generated form */
	const char *detail; /* sentences for the man page only, the last stop may lack; or NULL */
	bool early; /* acts before all others (OPT_EARLY); no key of a config file */
	bool neutral; /* changes no byte of the output: left out of the stamp */
};

/* Text of the value that config holds for o, as it would be written on the command line; empty when
 * not set. */
void opt_print_value(const struct opt *o, const void *config, struct buf *out);

/* A number of o->min or o->max in the same form. */
void opt_print_limit(const struct opt *o, double limit, struct buf *out);

/* Reads text into config as the value of o; a list gets its items added. ERR_USAGE names the
 * option, the value and the limits. */
int opt_set(const struct opt *o, void *config, const char *text, struct err *e) MUST_CHECK;

/* Empties a list, so that what is set next replaces what was there. Nothing for other types. */
void opt_clear(const struct opt *o, void *config);

/* What stands for the value in help: o->arg or a word by the type; NULL for a flag. */
const char *opt_arg(const struct opt *o);

/* One table of options and the struct its offsets point into. */
struct opt_group {
	const char *title; /* heading in --help; NULL: the program's own options */
	const struct opt *at;
	size_t n;
	void *config;
};

/* Frees the lists that parsing filled. */
void opt_release(const struct opt_group *groups, size_t n);

/* OPT_EARLY checks the command line's shape and applies the early options alone; it leaves argv as
 * it is. OPT_ALL applies all. Between the two a program reads its config file: so the command line
 * wins, and --help still sees the defaults. */
enum opt_pass { OPT_EARLY, OPT_ALL };

/* Options of groups and operands in argv[1..argc), in any order, "--" ends the options,
 * "--name=value" and "-xVALUE" are understood, a unique beginning of a long name is not (scripts
 * break when an option is added). OPT_ALL moves the operands to the front of argv + 1, in order.
 * Returns their number, or -1 (ERR_USAGE). */
int opt_parse(const struct opt_group *groups, size_t n, int argc, char **argv, enum opt_pass pass,
	struct err *e) MUST_CHECK;

/* The option by its long name, with the group it stands in, or NULL. */
const struct opt *opt_find(
	const struct opt_group *groups, size_t n, const char *name, const struct opt_group **in);

#endif
