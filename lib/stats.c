/* What a run read, wrote, dropped and why. */
#include "lib/stats.h"

#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/version.h"

#include <inttypes.h>
#include <stdlib.h>

static struct stats_file *add_file(
	struct stats_file **files, size_t *n, size_t *cap, const char *name)
{
	struct stats_file *f;

	mem_grow(files, *n, cap, sizeof(**files));
	f = &(*files)[(*n)++];
	*f = (struct stats_file){ .name = mem_strdup(name), .records = true };
	return f;
}

struct stats_file *stats_add_input(struct stats *s, const char *name)
{
	return add_file(&s->inputs, &s->n_inputs, &s->cap_inputs, name);
}

struct stats_file *stats_add_output(struct stats *s, const char *name)
{
	return add_file(&s->outputs, &s->n_outputs, &s->cap_outputs, name);
}

void stats_drop(struct stats *s, const char *rule, uint64_t records)
{
	for (size_t i = 0; i < s->n_dropped; i++) {
		if (strcmp(s->dropped[i].rule, rule) == 0) {
			s->dropped[i].records += records;
			return;
		}
	}
	mem_grow(&s->dropped, s->n_dropped, &s->cap_dropped, sizeof(*s->dropped));
	s->dropped[s->n_dropped++] = (struct stats_reason){ mem_strdup(rule), records };
}

static struct stats_value *find_value(const struct stats *s, const char *rule, const char *value)
{
	for (size_t i = 0; i < s->n_values; i++)
		if (strcmp(s->values[i].value, value) == 0 && strcmp(s->values[i].rule, rule) == 0)
			return &s->values[i];
	return NULL;
}

void stats_drop_value(struct stats *s, const char *rule, const char *value, uint64_t records)
{
	struct stats_value *v = find_value(s, rule, value);

	if (!v && s->n_values >= STATS_VALUES_MAX) {
		value = STATS_OTHER;
		v = find_value(s, rule, value);
	}
	if (!v) {
		mem_grow(&s->values, s->n_values, &s->cap_values, sizeof(*s->values));
		v = &s->values[s->n_values++];
		*v = (struct stats_value){ mem_strdup(rule), mem_strdup(value), 0 };
	}
	v->records += records;
}

static int by_rule_and_value(const void *a, const void *b)
{
	const struct stats_value *x = a, *y = b;
	int order = strcmp(x->rule, y->rule);

	return order ? order : strcmp(x->value, y->value);
}

void stats_sort_values(struct stats *s)
{
	if (s->n_values)
		qsort(s->values, s->n_values, sizeof(*s->values), by_rule_and_value);
}

uint64_t stats_dropped(const struct stats *s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s->n_dropped; i++)
		n += s->dropped[i].records;
	return n;
}

int stats_check(const struct stats *s, struct err *e)
{
	uint64_t dropped = stats_dropped(s);

	if (s->read + s->split == s->kept + dropped + s->bad)
		return 0;
	return err_set(e, ERR_INTERNAL,
		"the records do not add up: read %" PRIu64 " + split %" PRIu64
		" is not kept %" PRIu64 " + dropped %" PRIu64 " + bad %" PRIu64,
		s->read, s->split, s->kept, dropped, s->bad);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void put_uint(struct buf *out, const char *key, uint64_t v)
{
	json_put_key(out, key);
	json_put_uint(out, v);
}

/* The program that the stamp names. */
static void put_maker(struct buf *out, const char *stamp)
{
	struct json_members m = { 0 };
	const char *what;
	size_t where;

	if (json_scan_object(slice_str(stamp), &m, &where, &what) && m.n &&
		slice_eq(m.at[0].key, SLICE("\"program\""))) {
		json_put_key(out, "made_by");
		buf_slice(out, m.at[0].value);
	}
	json_members_release(&m);
}

static void put_files(struct buf *out, const char *key, const struct stats_file *files, size_t n)
{
	json_put_key(out, key);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		const struct stats_file *f = &files[i];
		char hex[33];

		buf_str(out, i ? ",{" : "{");
		json_put_key(out, "file");
		json_put_string(out, slice_str(f->name));
		put_uint(out, f->records ? "records" : "items", f->digest.records);
		put_uint(out, "bytes", f->digest.bytes);
		put_uint(out, "file_bytes", f->file_bytes);
		digest_hex(&f->digest, hex);
		if (f->records) {
			json_put_key(out, "digest");
			json_put_string(out, slice_str(hex));
		}
		if (f->stamp)
			put_maker(out, f->stamp);
		if (f->rejects)
			buf_str(out, ",\"rejects\":true");
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

static int by_rule(const void *a, const void *b)
{
	return strcmp(
		((const struct stats_reason *)a)->rule, ((const struct stats_reason *)b)->rule);
}

/* A sorted copy: the order in which reasons were met first is no property of the input. */
static struct stats_reason *sorted_reasons(const struct stats *s)
{
	struct stats_reason *copy = mem_zalloc(s->n_dropped, sizeof(*copy));

	if (s->n_dropped)
		memcpy(copy, s->dropped, s->n_dropped * sizeof(*copy));
	qsort(copy, s->n_dropped, sizeof(*copy), by_rule);
	return copy;
}

/* "by_value":{"mime":{"application/pdf":3,...},...}, when there are any. */
static void put_values(struct buf *out, const struct stats *s)
{
	const char *rule = NULL;

	if (!s->n_values)
		return;
	json_put_key(out, "by_value");
	buf_byte(out, '{');
	for (size_t i = 0; i < s->n_values; i++) {
		const struct stats_value *v = &s->values[i];
		bool next = !rule || strcmp(rule, v->rule) != 0;

		if (rule)
			buf_str(out, next ? "}," : ",");
		rule = v->rule;
		if (next) {
			json_put_string(out, slice_str(rule));
			buf_str(out, ":{");
		}
		json_put_string(out, slice_str(v->value));
		buf_byte(out, ':');
		json_put_uint(out, v->records);
	}
	buf_str(out, "}}");
}

static void put_dropped(struct buf *out, const struct stats *s)
{
	struct stats_reason *reasons = sorted_reasons(s);

	json_put_key(out, "dropped");
	buf_byte(out, '{');
	put_uint(out, "records", stats_dropped(s));
	json_put_key(out, "by_reason");
	buf_byte(out, '{');
	for (size_t i = 0; i < s->n_dropped; i++) {
		if (i)
			buf_byte(out, ',');
		json_put_string(out, slice_str(reasons[i].rule));
		buf_byte(out, ':');
		json_put_uint(out, reasons[i].records);
	}
	buf_byte(out, '}');
	put_values(out, s);
	buf_byte(out, '}');
	free(reasons);
}

static void put_amount(struct buf *out, const char *key, uint64_t records, uint64_t bytes)
{
	json_put_key(out, key);
	buf_byte(out, '{');
	put_uint(out, "records", records);
	put_uint(out, "bytes", bytes);
	buf_byte(out, '}');
}

void stats_json(const struct stats *s, const struct stats_run *run, struct buf *out)
{
	buf_byte(out, '{');
	json_put_key(out, "stage");
	json_put_string(out, slice_str(run->stage));
	json_put_key(out, "version");
	json_put_string(out, slice_str(CORPUS_VERSION));
	json_put_key(out, "options");
	buf_slice(out, run->options);
	put_files(out, "inputs", s->inputs, s->n_inputs);
	put_files(out, "outputs", s->outputs, s->n_outputs);
	put_amount(out, "read", s->read, s->read_bytes);
	put_uint(out, "split", s->split);
	put_amount(out, "kept", s->kept, s->kept_bytes);
	put_dropped(out, s);
	put_uint(out, "bad", s->bad);
	put_uint(out, "replaced", s->replaced);
	put_uint(out, "duplicate_keys", s->duplicate_keys);
	put_uint(out, "gaps", s->gaps);
	put_uint(out, "lost_bytes", s->lost);
	if (s->extra)
		buf_str(out, s->extra);
	json_put_key(out, "seconds");
	buf_printf(out, "%.3f", run->seconds);
	json_put_key(out, "cpu_seconds");
	buf_printf(out, "%.3f", run->cpu_seconds);
	put_uint(out, "peak_memory", run->peak_memory);
	buf_str(out, "}\n");
}

/* --- Prometheus ------------------------------------------------------------------------------- */

/* A label's value: rules of a user's own may have any name. */
static void put_label(struct buf *out, const char *value)
{
	buf_byte(out, '"');
	for (; *value; value++) {
		if (*value == '\n')
			buf_str(out, "\\n");
		else if (*value == '"' || *value == '\\')
			buf_printf(out, "\\%c", *value);
		else
			buf_byte(out, *value);
	}
	buf_byte(out, '"');
}

static void metric(struct buf *out, const char *stage, const char *name, const char *type,
	const char *help, double value)
{
	buf_printf(
		out, "# HELP corpusmill_%s %s\n# TYPE corpusmill_%s %s\n", name, help, name, type);
	buf_printf(out, "corpusmill_%s{stage=\"%s\"} %.17g\n", name, stage, value);
}

void stats_prometheus(const struct stats *s, const struct stats_run *run, struct buf *out)
{
	struct stats_reason *reasons = sorted_reasons(s);
	const char *stage = run->stage;

	metric(out, stage, "records_read_total", "counter", "Records or items read.",
		(double)s->read);
	metric(out, stage, "bytes_read_total", "counter", "Decompressed bytes read.",
		(double)s->read_bytes);
	metric(out, stage, "records_kept_total", "counter", "Records written.", (double)s->kept);
	metric(out, stage, "bytes_kept_total", "counter", "Decompressed bytes written.",
		(double)s->kept_bytes);
	metric(out, stage, "records_split_total", "counter",
		"Records that came out in place of one, less that one.", (double)s->split);
	metric(out, stage, "records_bad_total", "counter", "Records that could not be read.",
		(double)s->bad);
	buf_str(out,
		"# HELP corpusmill_records_dropped_total Records dropped, by reason.\n"
		"# TYPE corpusmill_records_dropped_total counter\n");
	for (size_t i = 0; i < s->n_dropped; i++) {
		buf_printf(out, "corpusmill_records_dropped_total{stage=\"%s\",reason=", stage);
		put_label(out, reasons[i].rule);
		buf_printf(out, "} %" PRIu64 "\n", reasons[i].records);
	}
	metric(out, stage, "run_seconds", "gauge", "Wall-clock time of the run.", run->seconds);
	metric(out, stage, "run_cpu_seconds", "gauge", "Processor time of the run.",
		run->cpu_seconds);
	metric(out, stage, "run_peak_memory_bytes", "gauge", "Largest resident set of the run.",
		(double)run->peak_memory);
	metric(out, stage, "run_finished_timestamp_seconds", "gauge",
		"When the run ended, seconds since 1970.", (double)run->finished);
	free(reasons);
}

static void release_files(struct stats_file *files, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(files[i].name);
		free(files[i].stamp);
	}
	free(files);
}

void stats_release(struct stats *s)
{
	release_files(s->inputs, s->n_inputs);
	release_files(s->outputs, s->n_outputs);
	for (size_t i = 0; i < s->n_dropped; i++)
		free(s->dropped[i].rule);
	free(s->dropped);
	for (size_t i = 0; i < s->n_values; i++) {
		free(s->values[i].rule);
		free(s->values[i].value);
	}
	free(s->values);
	free(s->extra);
	*s = (struct stats){ 0 };
}
