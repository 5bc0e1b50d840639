/* common.h - the options that every program has, each written down once (common.c). */
#ifndef CORPUS_COMMON_H
#define CORPUS_COMMON_H

#include "lib/core/opt.h"

/* Which of them a program takes. Help, version, config and verbosity come always. */
enum {
	COMMON_OUTPUT = 1, /* --output */
	COMMON_THREADS = 2, /* --threads */
	COMMON_ENCODE = 4, /* --level, --plain */
	COMMON_RECORDS = 8, /* --rejects, --max-errors, --max-record, --salvage */
	COMMON_JOIN = 16, /* --with, --annotate-only, --range */
	COMMON_STATS = 32, /* --stats, --metrics, --progress */
	COMMON_MEMORY = 64, /* --memory, --tmpdir */
	COMMON_FOLDER = 128, /* --output is a folder, not a file */
	COMMON_WITH = 256, /* --with alone, of COMMON_JOIN */
	COMMON_FILTER = COMMON_OUTPUT | COMMON_THREADS | COMMON_ENCODE | COMMON_RECORDS |
		COMMON_JOIN | COMMON_STATS,
};

struct common {
	const char *output;
	uint64_t threads; /* 0: all CPUs */
	int64_t level; /* INT64_MIN: not given */
	bool plain;
	const char *rejects;
	const char *stats;
	const char *metrics;
	uint64_t max_errors; /* UINT64_MAX: no limit */
	uint64_t max_record; /* bytes */
	bool salvage;
	struct opt_list with;
	bool annotate_only;
	const char *range;
	uint64_t memory; /* bytes */
	const char *tmpdir;
	const char *config;
	bool print_config;
	bool quiet;
	bool verbose;
	bool progress;
	bool help;
	bool version;
	const char *print_options; /* hidden: the generated form to print */
};

/* The values before config file and command line: no limits but those of common.c. */
void common_defaults(struct common *c);

/* The options that the flags choose, in the order of help; out has room for COMMON_MAX. Returns
 * their number. */
enum { COMMON_MAX = 32 };
size_t common_options(unsigned flags, struct opt out[COMMON_MAX]);

/* Combinations and the forms that no single option can check (--range). ERR_USAGE. */
int common_check(const struct common *c, struct err *e) MUST_CHECK;

/* --range as record numbers: *from inclusive, *to exclusive; 0 and UINT64_MAX where left out. */
int common_range(const struct common *c, uint64_t *from, uint64_t *to, struct err *e) MUST_CHECK;

#endif
