/* stats.h - what a run read, wrote, dropped and why; the identity that must hold; --stats and
 * --metrics.
 *
 *	read + split = kept + dropped by each reason + bad
 *
 * The three sides are counted in different places (the reader, the stage's verdicts, the lines
 * given to the output), so that a record that got lost between them shows. Filled by one thread. */
#ifndef CORPUS_STATS_H
#define CORPUS_STATS_H

#include "lib/core/buf.h"
#include "lib/core/err.h"
#include "lib/stream/digest.h"

/* One input or output. */
struct stats_file {
	char *name;
	bool records; /* a stream of records: digest counts them; else digest.records are items */
	struct digest digest;
	bool rejects; /* an output that holds what was dropped, not what was kept */
	uint64_t file_bytes; /* compressed, as read or written */
	char *stamp; /* an input's, JSON, or NULL */
};

struct stats_reason {
	char *rule;
	uint64_t records;
};

/* Of the records dropped by one reason, those of one value (a media type). */
struct stats_value {
	char *rule, *value;
	uint64_t records;
};

/* So many values are told apart, those that are met first; the others count as STATS_OTHER of their
 * reason, so that a crawl of nonsense types takes no memory. */
enum { STATS_VALUES_MAX = 200 };
#define STATS_OTHER "(other)"

struct stats {
	struct stats_file *inputs, *outputs;
	size_t n_inputs, cap_inputs, n_outputs, cap_outputs;
	struct stats_reason
		*dropped; /* in order of first appearance; sorted by name when printed */
	size_t n_dropped, cap_dropped;
	struct stats_value *values; /* in order of first appearance; sorted when printed */
	size_t n_values, cap_values;
	uint64_t read, read_bytes;
	uint64_t split; /* records that came out in place of one, less that one */
	uint64_t kept, kept_bytes;
	uint64_t bad;
	uint64_t replaced; /* ill-formed sequences that became U+FFFD in decoded text */
	uint64_t duplicate_keys;
	uint64_t gaps, lost; /* --salvage: places, and bytes of the files */
	char *extra; /* further members of the JSON object, ",\"key\":value...", or NULL */
};

/* Takes over nothing: name is copied. Returns the new entry, valid until the next is added. */
struct stats_file *stats_add_input(struct stats *s, const char *name);
struct stats_file *stats_add_output(struct stats *s, const char *name);

void stats_drop(struct stats *s, const char *rule, uint64_t records);

/* Beside stats_drop, which counts the records in any case. Values must come in an order that the
 * input alone decides. */
void stats_drop_value(struct stats *s, const char *rule, const char *value, uint64_t records);

/* Sorts the values by reason and value. */
void stats_sort_values(struct stats *s);

uint64_t stats_dropped(const struct stats *s);

/* 0 when the identity holds, else ERR_INTERNAL with both sides. */
int stats_check(const struct stats *s, struct err *e) MUST_CHECK;

/* What of the run stands in the files beside the counts. */
struct stats_run {
	const char *stage;
	struct slice options; /* a JSON object */
	double seconds, cpu_seconds;
	uint64_t peak_memory; /* bytes */
	uint64_t finished; /* seconds since 1970, for --metrics only */
};

/* One JSON object and a newline. */
void stats_json(const struct stats *s, const struct stats_run *run, struct buf *out);

/* Prometheus text exposition format, version 0.0.4. */
void stats_prometheus(const struct stats *s, const struct stats_run *run, struct buf *out);

void stats_release(struct stats *s);

#endif
