/* The driver: every record is accounted for, in order, on any number of threads. */
#include "lib/common.h"
#include "lib/core/mem.h"
#include "lib/driver/driver.h"
#include "lib/stream/frame.h"
#include "lib/stream/publish.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

static char folder[64];

static void make_folder(void)
{
	snprintf(folder, sizeof(folder), "/tmp/corpusmill-test-XXXXXX");
	cr_assert(mkdtemp(folder));
}

static void remove_folder(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	cr_assert_eq(system(command), 0);
}

TestSuite(driver, .init = make_folder, .fini = remove_folder);

/* --- a stage that does everything by the record's number -------------------------------------- */

struct test_config {
	uint64_t decided; /* calls of decide so far */
	uint64_t fails_at, amend_fails_at; /* 0: never */
};

static struct test_config plan;

/* n % 7 == 0: drop; 1: split in two; 2: change; 3: the stage calls it bad; else keep. */
static enum verdict test_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	uint64_t n = 0;

	(void)worker;
	record_uint(r, "n", &n);
	r->note.lo = n;
	switch (n % 7) {
	case 0: return drop(why, "multiple_of_7", (double)n, 7);
	case 1:
		emit_line(to, SLICE("{\"id\":\"first\"}"));
		emit_line(to, SLICE("{\"id\":\"second\"}"));
		return SPLIT;
	case 2: record_set_str(r, "language", SLICE("en")); return KEEP;
	case 3: err_set(e, ERR_DATA, "n is 3 modulo 7"); return BAD;
	default: return KEEP;
	}
}

static enum verdict keep_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	(void)worker, (void)to, (void)why, (void)e;
	record_uint(r, "n", &r->note.lo);
	return KEEP;
}

/* Drops each record whose number does not come in order, and each tenth. */
static enum verdict test_decide(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	struct test_config *c = config;

	(void)e;

	cr_expect_eq(n, note.lo);
	cr_expect_eq(n, c->decided);
	c->decided++;
	return n % 10 ? KEEP : drop(why, "tenth", (double)n, 10);
}

/* Hands over the number by memory that the driver keeps. */
static enum verdict leave_number(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	uint64_t *n = arena_alloc(r->batch, sizeof(*n));

	(void)worker, (void)to, (void)why, (void)e;
	record_uint(r, "n", n);
	if (*n % 5 == 0)
		record_set_uint(r, "early", *n);
	r->note.lo = (uintptr_t)n;
	return KEEP;
}

/* Of ten records one is dropped, three are amended, of these one by what it was already. */
static enum verdict decide_amends(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	uint64_t *left = (uint64_t *)(uintptr_t)note.lo;
	struct test_config *c = config;

	(void)e;
	cr_expect_eq(n, *left);
	*left = n % 10 == 3 ? n : 2 * n;
	c->decided++;
	if (c->fails_at && n == c->fails_at) {
		err_set(e, ERR_DATA, "number %llu", (unsigned long long)n);
		return FAIL;
	}
	switch (n % 10) {
	case 1: return drop(why, "one", 1, 1);
	case 3:
	case 5:
	case 7: return AMEND;
	default: return KEEP;
	}
}

static int amend_number(void *worker, struct record *r, struct note note, struct err *e)
{
	const struct test_config *c = worker;
	uint64_t n = *(uint64_t *)(uintptr_t)note.lo;

	record_set_uint(r, "n", n);
	return c->amend_fails_at && n == c->amend_fails_at ? err_set(e, ERR_DATA, "amended") : 0;
}

static const struct stage test_stage = { .name = "test", .record = test_record };
static const struct stage keep_stage = { .name = "keep", .record = keep_record };
static const struct stage decide_stage = {
	.name = "decide", .record = keep_record, .decide = test_decide
};
static const struct stage amend_stage = {
	.name = "amend", .record = leave_number, .decide = decide_amends, .amend = amend_number
};

/* --- running ---------------------------------------------------------------------------------- */

struct outcome {
	struct stats stats;
	struct buf out, rejects, notes; /* plain lines */
	struct err err;
	int result;
};

static void release(struct outcome *o)
{
	stats_release(&o->stats);
	buf_release(&o->out);
	buf_release(&o->rejects);
	buf_release(&o->notes);
}

static char *path_of(const char *name)
{
	return mem_printf("%s/%s", folder, name);
}

static void slurp(const char *path, struct buf *out)
{
	struct err e = { 0 };

	cr_assert_eq(input_slurp(path, SIZE_MAX, out, &e), 0, "%s", e.text);
}

static struct outcome run_to(const struct stage *stage, const struct common *common, char *file,
	unsigned threads, const char *out_name)
{
	struct outcome o = { 0 };
	struct output_options options = { .level = 1 };
	char *out_path = path_of(out_name), *rejects_path = path_of("rejects.zst");
	struct driver_run run = {
		.stage = stage,
		.config = &plan,
		.common = common,
		.files = &file,
		.n_files = 1,
		.pool = pool_new(threads),
		.stats = &o.stats,
		.notes = &o.notes,
	};

	plan.decided = 0;
	cr_assert_eq(output_open(&run.out, run.pool, out_path, &options, &o.err), 0);
	cr_assert_eq(output_open(&run.rejects, run.pool, rejects_path, &options, &o.err), 0);
	o.result = driver_run(&run, &o.err);
	if (o.result == 0) {
		cr_assert_eq(output_close(run.out, SLICE("{}"), NULL, &o.err), 0, "%s", o.err.text);
		cr_assert_eq(output_close(run.rejects, SLICE("{}"), NULL, &o.err), 0);
		slurp(out_path, &o.out);
		slurp(rejects_path, &o.rejects);
	} else {
		output_abort(run.out);
		output_abort(run.rejects);
	}
	pool_free(run.pool);
	free(out_path);
	free(rejects_path);
	return o;
}

static struct outcome run(
	const struct stage *stage, const struct common *common, char *file, unsigned threads)
{
	return run_to(stage, common, file, threads, "out.zst");
}

static struct common defaults(void)
{
	struct common c;

	common_defaults(&c);
	c.quiet = true;
	return c;
}

/* n records {"n":0,...}, with a text so long that several batches come of it. */
static char *write_input(const char *name, uint64_t n)
{
	struct buf b = { 0 };
	struct err e = { 0 };
	char *path = path_of(name);

	for (uint64_t i = 0; i < n; i++)
		buf_printf(&b, "{\"id\": \"r%llu\", \"n\": %llu, \"text\": \"%0*d\"}\n",
			(unsigned long long)i, (unsigned long long)i, (int)(i % 900) + 1, 0);
	cr_assert_eq(publish_bytes(path, buf_view(&b), &e), 0, "%s", e.text);
	buf_release(&b);
	return path;
}

static uint64_t count_of(struct slice text, const char *part)
{
	uint64_t n = 0;

	for (size_t hit; (hit = slice_find(text, slice_str(part))) < text.n; n++)
		text = slice_skip(text, hit + 1);
	return n;
}

/* --- the tests -------------------------------------------------------------------------------- */

Test(driver, accounts_for_every_verdict)
{
	struct common c = defaults();
	char *file = write_input("in.jsonl", 7000);
	struct outcome o = run(&test_stage, &c, file, 3);
	struct err e = { 0 };

	cr_assert_eq(o.result, 0, "%s", o.err.text);
	cr_expect_eq(o.stats.read, 7000);
	cr_expect_eq(o.stats.bad, 1000);
	cr_expect_eq(o.stats.split, 1000);
	cr_expect_eq(stats_dropped(&o.stats), 1000);
	cr_expect_eq(o.stats.kept, 6000);
	cr_expect_eq(stats_check(&o.stats, &e), 0, "%s", e.text);
	cr_expect_eq(count_of(buf_view(&o.out), "\n"), 6000);
	cr_expect_eq(count_of(buf_view(&o.out), ",\"language\":\"en\"}\n"), 1000);
	cr_expect_eq(count_of(buf_view(&o.out), "{\"id\":\"first\"}\n{\"id\":\"second\"}\n"), 1000);
	cr_expect_eq(count_of(buf_view(&o.rejects), "\n"), 2000);
	cr_expect_eq(count_of(buf_view(&o.rejects),
			     "\"rule\":\"multiple_of_7\",\"value\":7,\"limit\":7}"),
		1);
	cr_expect_eq(count_of(buf_view(&o.rejects), "\"rule\":\"bad\""), 1000);
	release(&o);
	free(file);
}

Test(driver, gives_the_same_bytes_on_any_number_of_threads)
{
	struct common c = defaults();
	char *file = write_input("in.jsonl", 40000);
	struct outcome one = run(&test_stage, &c, file, 1), five = run(&test_stage, &c, file, 5);

	cr_assert_eq(one.result, 0);
	cr_expect(slice_eq(buf_view(&one.out), buf_view(&five.out)));
	cr_expect(slice_eq(buf_view(&one.rejects), buf_view(&five.rejects)));
	release(&one);
	release(&five);
	free(file);
}

Test(driver, unchanged_records_keep_their_bytes)
{
	static const char odd[] =
		"{ \"id\" : \"a\" ,\t\"x\":1.50 }  \n{}\r\n{\"text\":\"\\u00e9\"}";
	struct common c = defaults();
	struct err e = { 0 };
	struct outcome o;
	char *file = path_of("odd");

	cr_assert_eq(publish_bytes(file, slice_str(odd), &e), 0);
	o = run(&keep_stage, &c, file, 2);
	buf_append(&o.notes, "", 0);
	cr_expect_eq(o.out.n, strlen(odd) + 1);
	cr_expect(slice_starts(buf_view(&o.out), slice_str(odd)));
	release(&o);
	free(file);
}

/* The line that a record says it came from is in the content where it says. */
static struct buf where_content;

static enum verdict check_place(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	(void)worker, (void)to, (void)why, (void)e;
	cr_expect_eq(r->file, 0);
	cr_assert_leq(r->byte, where_content.n - r->line.n);
	cr_expect_eq(memcmp(where_content.p + r->byte, r->line.p, r->line.n), 0);
	return KEEP;
}

Test(driver, a_record_knows_where_its_line_begins)
{
	static const struct stage place_stage = { .name = "place", .record = check_place };
	struct common c = defaults();
	char *file = write_input("in.jsonl", 30000), *framed = path_of("framed.zst");
	struct outcome o = run_to(&keep_stage, &c, file, 2, "framed.zst");

	slurp(file, &where_content);
	release(&o);
	o = run(&place_stage, &c, file, 3);
	cr_expect_eq(o.stats.kept, 30000);
	release(&o);
	o = run(&place_stage, &c, framed, 3);
	cr_expect_eq(o.stats.kept, 30000);
	release(&o);
	buf_release(&where_content);
	free(file);
	free(framed);
}

/* The data frames of a file, byte for byte. */
static struct buf frames_of(const char *path)
{
	struct buf all = { 0 };
	struct slice rest;
	FILE *f = fopen(path, "rb");
	size_t n, need, walked = 0;
	struct buf frames = { 0 };

	cr_assert(f);
	while ((n = fread(buf_reserve(&all, 65536), 1, 65536, f)) > 0)
		all.n += n;
	fclose(f);
	rest = buf_view(&all);
	while (frame_look(rest, &need, &walked) == FRAME_DATA) {
		buf_slice(&frames, slice_head(rest, need));
		rest = slice_skip(rest, need);
		walked = 0;
	}
	buf_release(&all);
	return frames;
}

Test(driver, frames_kept_whole_go_out_as_they_came)
{
	struct common c = defaults();
	char *file = write_input("in.jsonl", 40000), *first = path_of("first.zst"),
	     *second = path_of("second.zst");
	struct buf a, b;
	struct outcome o = run_to(&keep_stage, &c, file, 2, "first.zst");

	release(&o);
	o = run_to(&keep_stage, &c, first, 2, "second.zst");
	a = frames_of(first);
	b = frames_of(second);
	cr_expect_gt(a.n, 0);
	cr_expect(slice_eq(buf_view(&a), buf_view(&b)));
	release(&o);
	buf_release(&a);
	buf_release(&b);
	free(file);
	free(first);
	free(second);
}

Test(driver, decides_in_input_order)
{
	struct common c = defaults();
	char *file = write_input("in.jsonl", 30000);
	struct outcome o = run(&decide_stage, &c, file, 4);

	cr_assert_eq(o.result, 0, "%s", o.err.text);
	cr_expect_eq(o.stats.kept, 27000);
	cr_expect_eq(count_of(buf_view(&o.out), "\n"), 27000);
	cr_expect_eq(count_of(buf_view(&o.rejects), "\"rule\":\"tenth\""), 3000);
	release(&o);
	free(file);
}

/* What the amending stage makes of write_input's records. */
static void put_amended(struct buf *out, uint64_t n)
{
	uint64_t now = n % 10 == 5 || n % 10 == 7 ? 2 * n : n;

	if (n % 10 == 1)
		return;
	buf_printf(out, "{\"id\": \"r%llu\", \"n\": %llu, \"text\": \"%0*d\"",
		(unsigned long long)n, (unsigned long long)now, (int)(n % 900) + 1, 0);
	if (n % 5 == 0)
		buf_printf(out, ",\"early\":%llu", (unsigned long long)n);
	buf_str(out, "}\n");
}

Test(driver, amends_what_decide_asks_for)
{
	static const unsigned threads[] = { 1, 2, 5 };
	struct common c = defaults();
	char *file = write_input("in.jsonl", 30000);
	struct buf want = { 0 };

	for (uint64_t n = 0; n < 30000; n++)
		put_amended(&want, n);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
		struct outcome o = run(&amend_stage, &c, file, threads[i]);

		cr_assert_eq(o.result, 0, "%s", o.err.text);
		cr_expect_eq(o.stats.kept, 27000);
		cr_expect_eq(o.stats.kept_bytes, want.n);
		cr_expect(slice_eq(buf_view(&o.out), buf_view(&want)), "-j%u", threads[i]);
		release(&o);
	}
	buf_release(&want);
	free(file);
}

Test(driver, a_failure_to_decide_or_to_amend_is_told_and_ends_the_run)
{
	struct common c = defaults();
	char *file = write_input("in.jsonl", 30000);
	struct outcome o;

	plan = (struct test_config){ .fails_at = 20001 };
	o = run(&amend_stage, &c, file, 4);
	cr_expect_eq(o.result, -1);
	cr_expect_str_eq(o.err.text, "number 20001");
	cr_expect_eq(plan.decided, 20002);
	release(&o);
	plan = (struct test_config){ .amend_fails_at = 2 * 777 };
	o = run(&amend_stage, &c, file, 4);
	cr_expect_eq(o.result, -1);
	cr_expect(strstr(o.err.text, "amended"), "%s", o.err.text);
	release(&o);
	plan = (struct test_config){ 0 };
	free(file);
}

Test(driver, stops_at_the_bad_record_that_is_one_too_many)
{
	struct common c = defaults();
	char *file = write_input("in.jsonl", 7000);
	struct outcome o;

	c.max_errors = 4;
	o = run(&test_stage, &c, file, 3);
	cr_expect_eq(o.result, -1);
	/* The fifth record with n % 7 == 3. */
	cr_expect(strstr(o.err.text, "record 31 at byte "), "%s", o.err.text);
	cr_expect(strstr(o.err.text, "n is 3 modulo 7"), "%s", o.err.text);
	cr_expect(strstr(o.err.text, "--max-errors 4"), "%s", o.err.text);
	release(&o);
	free(file);
}

Test(driver, broken_lines_are_bad_records_with_a_place)
{
	static const char text[] = "{\"id\":\"a\"}\n{\"id\":\"b\"\n[1]\n\n{\"id\":\"c\"}\n";
	struct common c = defaults();
	struct err e = { 0 };
	char *file = path_of("broken");
	struct outcome o;

	cr_assert_eq(publish_bytes(file, slice_str(text), &e), 0);
	c.verbose = true;
	o = run(&keep_stage, &c, file, 1);
	cr_assert_eq(o.result, 0, "%s", o.err.text);
	cr_expect_eq(o.stats.read, 4);
	cr_expect_eq(o.stats.bad, 2);
	cr_expect_str_eq(buf_cstr(&o.out), "{\"id\":\"a\"}\n{\"id\":\"c\"}\n");
	cr_expect_eq(count_of(buf_view(&o.notes), ": record 1 at byte 11: "), 1);
	cr_expect_eq(count_of(buf_view(&o.notes), ": record 2 at byte 21: "), 1);
	release(&o);
	free(file);
}

Test(driver, a_side_file_joins_what_annotate_only_wrote)
{
	struct common c = defaults();
	char *file = write_input("in.jsonl", 14000), *side = path_of("side.zst");
	const char *sides[] = { side };
	struct outcome o;

	c.annotate_only = true;
	o = run_to(&test_stage, &c, file, 3, "side.zst");
	cr_assert_eq(o.result, 0, "%s", o.err.text);
	cr_expect_eq(
		count_of(buf_view(&o.out), "\n"), 14000, "a line a record, whatever the verdict");
	cr_expect_eq(stats_check(&o.stats, &o.err), 0, "%s", o.err.text);
	cr_expect_eq(count_of(buf_view(&o.out), "{\"id\":\"r2\",\"language\":\"en\"}\n"), 1);
	cr_expect_eq(count_of(buf_view(&o.out), "\"reject\":{"), 2000);
	release(&o);
	c.annotate_only = false;
	c.with.at = sides;
	c.with.n = 1;
	o = run(&keep_stage, &c, file, 3);
	cr_assert_eq(o.result, 0, "%s", o.err.text);
	cr_expect_eq(o.stats.kept, 14000);
	cr_expect_eq(count_of(buf_view(&o.out), ",\"language\":\"en\"}\n"), 2000);
	cr_expect_eq(count_of(buf_view(&o.out), "\"reject\":{\"stage\":\"test\""), 2000);
	release(&o);
	free(file);
	file = write_input("other.jsonl", 13999);
	o = run(&keep_stage, &c, file, 3);
	cr_expect_eq(o.result, -1);
	cr_expect(strstr(o.err.text, "side.zst: has more lines than there are records"), "%s",
		o.err.text);
	release(&o);
	free(file);
	free(side);
}

Test(driver, damage_in_a_frame_publishes_nothing)
{
	struct common c = defaults();
	char *file = write_input("in.jsonl", 30000), *packed = path_of("packed.zst");
	struct outcome o = run_to(&keep_stage, &c, file, 2, "packed.zst");
	FILE *f = fopen(packed, "r+b");

	release(&o);
	cr_assert(f);
	cr_assert_eq(fseek(f, 5000, SEEK_SET), 0);
	fputc(0x55, f);
	fclose(f);
	o = run_to(&keep_stage, &c, packed, 2, "after.zst");
	cr_expect_eq(o.result, -1);
	cr_expect(strstr(o.err.text, "packed.zst: record 0"), "%s", o.err.text);
	release(&o);
	free(file);
	free(packed);
}

static void one_record_less(struct frame_entry *entries)
{
	entries[0].records--;
	entries[1].records++;
}

static void other_order(struct frame_entry *entries)
{
	struct frame_entry first = entries[0];

	entries[0] = entries[1];
	entries[1] = first;
}

/* The stream at path with another end: a stamp and a table of the changed entries, each sound in
 * itself. */
static void rewrite_end(const char *path, void (*change)(struct frame_entry *entries))
{
	struct frame_index x;
	struct frame_entry stamp = { 0 };
	struct buf bytes = frames_of(path), end = { 0 };
	struct err e = { 0 };
	int fd = open(path, O_RDONLY);

	cr_assert_eq(frame_index_read(fd, &x, &e), 1, "%s", e.text);
	close(fd);
	cr_assert_geq(x.n, 2);
	change(x.entries);
	frame_put_stamp(&end, x.entries, x.n, buf_view(&x.stamp));
	stamp.compressed = (uint32_t)end.n;
	x.entries = mem_resize(x.entries, x.n + 1, sizeof(*x.entries));
	x.entries[x.n] = stamp;
	frame_put_table(&end, x.entries, x.n + 1);
	buf_slice(&bytes, buf_view(&end));
	cr_assert_eq(publish_bytes(path, buf_view(&bytes), &e), 0, "%s", e.text);
	frame_index_release(&x);
	buf_release(&bytes);
	buf_release(&end);
}

Test(driver, a_table_or_stamp_that_lies_is_found_out)
{
	static char range[] = "1:30000";
	static const struct {
		void (*change)(struct frame_entry *entries);
		const char *range, *says;
	} cases[] = {
		{ other_order, NULL, "a seek table of other frames than those before it" },
		{ one_record_less, range, "records, but its stamp says" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct common c = defaults();
		char *file = write_input("in.jsonl", 30000), *packed = path_of("packed.zst");
		struct outcome o = run_to(&keep_stage, &c, file, 2, "packed.zst");

		release(&o);
		rewrite_end(packed, cases[i].change);
		c.range = cases[i].range;
		o = run_to(&keep_stage, &c, packed, 2, "after.zst");
		cr_expect_eq(o.result, -1);
		cr_expect(strstr(o.err.text, cases[i].says), "%s", o.err.text);
		release(&o);
		free(file);
		free(packed);
	}
}

/* One bad line, then enough good ones to fill several batches; then the pipe stays open. */
static void *write_and_idle(void *arg)
{
	const int *fd = arg;
	struct buf b = { 0 };
	struct err e = { 0 };

	buf_str(&b, "{broken\n");
	while (b.n < 9 * MIB)
		buf_str(&b, "{\"id\":\"a\",\"text\":\"one line of many\"}\n");
	/* The reader may be gone before all is written. */
	if (write_all(*fd, b.p, b.n, "pipe", &e) < 0)
		err_clear(&e);
	buf_release(&b);
	return NULL;
}

/* An input that goes on for ever must not hold up a run that has failed: the alarm would end it. */
Test(driver, that_failed_does_not_wait_for_an_idle_pipe)
{
	struct common c = defaults();
	struct outcome o;
	pthread_t writer;
	int ends[2];
	char *path;

	signal(SIGPIPE, SIG_IGN);
	alarm(60);
	cr_assert_eq(pipe(ends), 0);
	path = mem_printf("/proc/self/fd/%d", ends[0]);
	c.max_errors = 0;
	pthread_create(&writer, NULL, write_and_idle, &ends[1]);
	o = run(&keep_stage, &c, path, 2);
	cr_expect_eq(o.result, -1);
	cr_expect(strstr(o.err.text, "--max-errors 0"), "%s", o.err.text);
	close(ends[0]);
	pthread_join(writer, NULL);
	close(ends[1]);
	release(&o);
	free(path);
}
