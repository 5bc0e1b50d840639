/* How fast records are scanned, decoded, written and summed, in MB/s of one core, beside jansson.
 *
 *	make build/bench/json_bench
 *	zstd -dc ../shared/data/dedup/docs.jsonl.zst | build/bench/json_bench [NAME]
 *
 * A figure is the best of three rounds over the whole input, of which the first 256 MiB are taken.
 * NAME, as it stands in the first column, measures that alone. */
#include "lib/core/cpu.h"
#include "lib/core/mem.h"
#include "lib/record/json_scan.h"
#include "lib/record/record.h"
#include "lib/stream/digest.h"
#include "lib/text/utf8_scan.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct lines {
	struct slice *at;
	size_t n, cap;
	size_t bytes;
};

struct work {
	struct lines lines, values, texts; /* the records; their "text" as it stands and decoded */
	struct json_members members;
	struct record record;
	struct arena arena;
	struct buf out;
	struct digest digest;
	const char *only;
	uint64_t sink;
};

static void push(struct lines *to, struct slice s)
{
	mem_grow(&to->at, to->n, &to->cap, sizeof(*to->at));
	to->at[to->n++] = s;
	to->bytes += s.n;
}

static void scan_plain(struct work *w, struct slice s)
{
	const char *what;
	size_t where;

	w->members.n = 0;
	w->sink += json_scan_plain(s, JSON_OBJECT_MEMBERS, &w->members, &where, &what);
}

#if defined(__x86_64__)
static void scan_avx2(struct work *w, struct slice s)
{
	const char *what;
	size_t where;

	w->members.n = 0;
	w->sink += json_scan_avx2(s, JSON_OBJECT_MEMBERS, &w->members, &where, &what);
}
#endif

static void scan_best(struct work *w, struct slice s)
{
	const char *what;
	size_t where;

	w->sink += json_scan_object(s, &w->members, &where, &what);
}

static void scan_record(struct work *w, struct slice s)
{
	struct err e = { 0 };

	w->sink += record_scan(&w->record, s, &e) == 0;
}

static void scan_jansson(struct work *w, struct slice s)
{
	json_t *j = json_loadb(s.p, s.n, 0, NULL);

	w->sink += j != NULL;
	json_decref(j);
}

static void decode(struct work *w, struct slice s)
{
	arena_reset(&w->arena);
	w->sink += json_decode(s, &w->arena, &w->sink).n;
}

static void write_string(struct work *w, struct slice s)
{
	w->out.n = 0;
	json_put_string(&w->out, s);
	w->sink += w->out.n;
}

static void write_jansson(struct work *w, struct slice s)
{
	json_t *j = json_stringn_nocheck(s.p, s.n);
	char *text = json_dumps(j, JSON_ENCODE_ANY);

	w->sink += strlen(text);
	free(text);
	json_decref(j);
}

static void check_plain(struct work *w, struct slice s)
{
	w->sink += utf8_valid_plain(s);
}

static void check_best(struct work *w, struct slice s)
{
	w->sink += utf8_valid(s);
}

static void digest(struct work *w, struct slice s)
{
	digest_line(&w->digest, s);
}

static void add_field(struct work *w, struct slice s)
{
	struct err e = { 0 };

	if (record_scan(&w->record, s, &e) < 0)
		return;
	record_set_uint(&w->record, "token_count", record_text(&w->record).n);
	w->out.n = 0;
	record_write(&w->record, &w->out);
	w->sink += w->out.n;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void measure(struct work *w, const char *name, const struct lines *lines,
	void (*one)(struct work *, struct slice), int rounds)
{
	double best = 1e9;

	if (w->only && strcmp(w->only, name) != 0)
		return;
	for (int round = 0; round < rounds; round++) {
		double begin = seconds();

		for (size_t i = 0; i < lines->n; i++)
			one(w, lines->at[i]);
		best = MIN(best, seconds() - begin);
	}
	printf("%-24s %9.0f MB/s\n", name, (double)lines->bytes / best / 1e6);
}

static void read_all(struct work *w, struct buf *in)
{
	size_t n;

	while (in->n < 256 * MIB && (n = fread(buf_reserve(in, MIB), 1, MIB, stdin)) > 0)
		in->n += n;
	for (char *p = in->p, *end = in->p + in->n, *next; p < end; p = next + 1) {
		next = memchr(p, '\n', (size_t)(end - p));
		next = next ? next : end;
		push(&w->lines, (struct slice){ p, (size_t)(next - p) });
	}
}

static void find_texts(struct work *w, struct arena *arena)
{
	for (size_t i = 0; i < w->lines.n; i++) {
		struct err e = { 0 };
		struct slice raw;

		if (record_scan(&w->record, w->lines.at[i], &e) < 0)
			continue;
		raw = record_raw(&w->record, "text");
		if (!raw.n || *raw.p != '"')
			continue;
		push(&w->values, raw);
		push(&w->texts, arena_copy(arena, record_text(&w->record)));
	}
}

int main(int argc, char **argv)
{
	struct work w = { .only = argc > 1 ? argv[1] : NULL };
	struct buf in = { 0 };
	struct arena arena = { 0 };

	read_all(&w, &in);
	find_texts(&w, &arena);
	printf("%zu records of %zu bytes, %zu texts of %zu bytes\n", w.lines.n, w.lines.bytes,
		w.texts.n, w.texts.bytes);
	measure(&w, "scan, plain", &w.lines, scan_plain, 3);
#if defined(__x86_64__)
	if (cpu_has_avx2())
		measure(&w, "scan, AVX2", &w.lines, scan_avx2, 3);
#endif
	measure(&w, "scan, best", &w.lines, scan_best, 3);
	measure(&w, "record_scan", &w.lines, scan_record, 3);
	measure(&w, "scan, jansson", &w.lines, scan_jansson, 1);
	measure(&w, "decode", &w.values, decode, 3);
	measure(&w, "write string", &w.texts, write_string, 3);
	measure(&w, "write string, jansson", &w.texts, write_jansson, 1);
	measure(&w, "UTF-8 check, plain", &w.texts, check_plain, 3);
	measure(&w, "UTF-8 check, best", &w.texts, check_best, 3);
	measure(&w, "digest", &w.lines, digest, 3);
	measure(&w, "scan, add field, write", &w.lines, add_field, 3);
	return w.sink == 0;
}
