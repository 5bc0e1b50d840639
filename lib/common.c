/* The options that every program has. */
#include "lib/common.h"

#include <errno.h>
#include <stdlib.h>

#define FIELD(name) offsetof(struct common, name)

/* Limits of zstd 1.5's compression levels: ZSTD_minCLevel() and ZSTD_maxCLevel(). */
#define LEVEL_MIN -131072
#define LEVEL_MAX 22

static const struct {
	unsigned when; /* any of these COMMON_...; 0: always */
	struct opt opt;
} rows[] = {
	{ COMMON_OUTPUT,
		{ 'o', "output", OPT_FILE, FIELD(output), .neutral = true,
			.help = "write to FILE, which is whole or absent",
			.detail = "The bytes go to a temporary in the same folder, which is synced "
				  "and renamed when complete. Without this option, or with -, "
				  "standard output is written" } },
	{ COMMON_FOLDER,
		{ 'o', "output", OPT_FILE, FIELD(output), .arg = "DIR", .neutral = true,
			.help = "write to the folder DIR, which is made where it is missing",
			.detail = "Each file there is whole or absent" } },
	{ COMMON_THREADS,
		{ 'j', "threads", OPT_UINT, FIELD(threads), .max = 4096, .neutral = true,
			.help = "worker threads; 0 is all CPUs",
			.detail = "The output does not depend on their number" } },
	{ COMMON_ENCODE,
		{ 0, "level", OPT_INT, FIELD(level), .min = LEVEL_MIN, .max = LEVEL_MAX,
			.help = "zstd level: 3 to a file, to a pipe the fastest that pays",
			.detail = "Negative levels are zstd's fast ones" } },
	{ COMMON_ENCODE,
		{ 0, "plain", OPT_FLAG, FIELD(plain), .help = "write without compression",
			.detail = "So it is without this option when FILE ends in .jsonl, .ndjson "
				  "or .json, or standard output is a terminal" } },
	{ COMMON_RECORDS,
		{ 0, "rejects", OPT_FILE, FIELD(rejects), .neutral = true,
			.help = "write the records dropped to FILE, each with its reject field",
			.detail = "Here and with the reports, - is standard output when the "
				  "records do not go there" } },
	{ COMMON_STATS,
		{ 0, "stats", OPT_FILE, FIELD(stats), .neutral = true,
			.help = "write counts of records, bytes and drops by reason to FILE as "
				"JSON" } },
	{ COMMON_STATS,
		{ 0, "metrics", OPT_FILE, FIELD(metrics), .neutral = true,
			.help = "write the same counts to FILE in Prometheus text format",
			.detail = "It suits the textfile collector of the node exporter" } },
	{ COMMON_RECORDS,
		{ 0, "max-errors", OPT_UINT, FIELD(max_errors), .neutral = true,
			.help = "fail after more than N bad records",
			.detail = "Without it there is no limit; they are always counted and "
				  "reported" } },
	{ COMMON_RECORDS,
		{ 0, "max-record", OPT_SIZE, FIELD(max_record), .min = 1, .max = 1ULL << 30,
			.help = "count a longer record as bad" } },
	{ COMMON_RECORDS,
		{ 0, "salvage", OPT_FLAG, FIELD(salvage),
			.help = "read on after damaged or truncated input instead of failing" } },
	{ COMMON_JOIN | COMMON_WITH,
		{ 0, "with", OPT_FILES, FIELD(with),
			.help = "join the side file FILE, as --annotate-only writes it",
			.detail = "Its lines stand in the order of the input and are checked by "
				  "id. The option may be given several times" } },
	{ COMMON_JOIN,
		{ 0, "annotate-only", OPT_FLAG, FIELD(annotate_only),
			.help = "write id and the added fields alone, a line a record" } },
	{ COMMON_JOIN,
		{ 0, "range", OPT_STR, FIELD(range), .arg = "A:B",
			.help = "read records A to B - 1 of the input, counted from 0",
			.detail = "Either may be left out. A seekable file is not read before A "
				  "and after B" } },
	{ COMMON_MEMORY,
		{ 0, "memory", OPT_SIZE, FIELD(memory), .min = 1 << 20, .neutral = true,
			.help = "memory for what must be held at once; more goes to disk" } },
	{ COMMON_MEMORY,
		{ 0, "tmpdir", OPT_FILE, FIELD(tmpdir), .arg = "DIR", .neutral = true,
			.help = "folder for temporary files, else TMPDIR or /tmp" } },
	{ 0,
		{ 0, "config", OPT_FILE, FIELD(config), .early = true,
			.help = "read options from the YAML file FILE; the command line wins" } },
	{ 0,
		{ 0, "print-config", OPT_FLAG, FIELD(print_config), .early = true,
			.help = "print the effective options for --config, and stop" } },
	{ 0,
		{ 'q', "quiet", OPT_FLAG, FIELD(quiet), .neutral = true,
			.help = "print no notes, errors alone" } },
	{ 0,
		{ 'v', "verbose", OPT_FLAG, FIELD(verbose), .neutral = true,
			.help = "print a summary of the run on standard error" } },
	{ COMMON_STATS,
		{ 0, "progress", OPT_FLAG, FIELD(progress), .neutral = true,
			.help = "show rate, share done and drops on a terminal's standard "
				"error" } },
	{ 0,
		{ 'h', "help", OPT_FLAG, FIELD(help), .early = true,
			.help = "print this help, and stop" } },
	{ 0,
		{ 'V', "version", OPT_FLAG, FIELD(version), .early = true,
			.help = "print the versions of the program and its libraries, and stop" } },
	{ 0, { 0, "print-options", OPT_STR, FIELD(print_options), .arg = "FORM", .early = true } },
};

void common_defaults(struct common *c)
{
	*c = (struct common){
		.level = INT64_MIN,
		.max_errors = UINT64_MAX,
		.max_record = 64 * MIB,
		.memory = GIB,
	};
}

size_t common_options(unsigned flags, struct opt out[COMMON_MAX])
{
	size_t n = 0;

	_Static_assert(ARRAY_LEN(rows) <= COMMON_MAX, "room for all rows");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].when == 0 || rows[i].when & flags)
			out[n++] = rows[i].opt;
	return n;
}

/* Digits up to stop, or the given value when there are none. */
static bool read_bound(const char *text, char stop, uint64_t absent, uint64_t *out)
{
	char *end;

	*out = absent;
	if (*text == stop)
		return true;
	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*out = strtoull(text, &end, 10);
	return errno == 0 && *end == stop;
}

int common_range(const struct common *c, uint64_t *from, uint64_t *to, struct err *e)
{
	const char *text = c->range ? c->range : ":";
	const char *colon = strchr(text, ':');

	if (!colon || !read_bound(text, ':', 0, from) ||
		!read_bound(colon + 1, '\0', UINT64_MAX, to))
		return err_set(
			e, ERR_USAGE, "--range: '%s' is not of the form A:B, whole numbers", text);
	if (*from > *to)
		return err_set(e, ERR_USAGE, "--range: %s ends before it begins", text);
	return 0;
}

int common_check(const struct common *c, struct err *e)
{
	uint64_t from, to;

	if (common_range(c, &from, &to, e) < 0)
		return -1;
	if (c->quiet && c->verbose)
		return err_set(e, ERR_USAGE, "--quiet and --verbose exclude one another");
	return 0;
}
