/* External sort: the same order as qsort whatever the memory, and damage found. */
#include "lib/store/extsort.h"

#include "lib/core/mem.h"
#include "lib/store/runfile.h"
#include "lib/stream/publish.h"
#include "tests/random.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

static const struct sort_shape shape = { 24, 16, KEY_BYTES };

/* n records of 16 key bytes, of which about one in four values repeats, and their place. */
static char *records(size_t n)
{
	char *p = mem_zalloc(n, shape.record_bytes);
	uint64_t seed = n;

	for (uint64_t i = 0; i < n; i++) {
		uint64_t key[3] = { random_next(&seed) % (n * 2 + 1) * 0x9e3779b97f4a7c15u, 7, i };

		memcpy(p + i * shape.record_bytes, key, sizeof(key));
	}
	return p;
}

/* Sorts a copy of p through files; frees nothing of it. */
static char *sorted_by_files(const char *p, size_t n, size_t memory, size_t fan_in, bool *spilled)
{
	struct extsort *s = extsort_new(
		&(struct extsort_options){ .shape = shape, .memory = memory, .fan_in = fan_in });
	struct err e = { 0 };
	char *out = mem_zalloc(n, shape.record_bytes);
	const void *record;
	size_t i = 0;
	int got;

	for (i = 0; i < n; i++)
		cr_assert_eq(extsort_add(s, p + i * shape.record_bytes, &e), 0, "%s", e.text);
	cr_assert_eq(extsort_finish(s, &e), 0, "%s", e.text);
	for (i = 0; (got = extsort_next(s, &record, &e)) > 0; i++) {
		cr_assert_lt(i, n);
		memcpy(out + i * shape.record_bytes, record, shape.record_bytes);
	}
	cr_expect_eq(got, 0, "%s", e.text);
	cr_expect_eq(i, n);
	*spilled = extsort_spilled(s) > 0;
	extsort_free(s);
	return out;
}

static void expect_sorted(size_t n, size_t memory, size_t fan_in, bool want_spilled)
{
	char *given = records(n), *got;
	bool spilled;

	got = sorted_by_files(given, n, memory, fan_in, &spilled);
	sort_records_plain(&shape, given, n);
	cr_expect(n == 0 || memcmp(given, got, n * shape.record_bytes) == 0,
		"%zu records, %zu bytes, fan-in %zu", n, memory, fan_in);
	cr_expect_eq(spilled, want_spilled, "%zu records, %zu bytes", n, memory);
	free(given);
	free(got);
}

Test(extsort, sorts_as_qsort_whatever_the_memory)
{
	/* 16 KiB hold 341 records and a scratch of as many. */
	static const struct {
		size_t n, memory, fan_in;
		bool spilled;
	} cases[] = {
		{ 0, 0, 0, false },
		{ 1, 0, 0, false },
		{ 2, 0, 0, false },
		{ 341, 0, 0, false },
		{ 342, 0, 0, true },
		{ 5000, 0, 0, true },
		{ 5000, 1 << 20, 0, false },
		{ 100000, 0, 0, true },
		{ 100000, 1 << 20, 0, true },
		{ 100000, 0, 2, true },
		{ 100000, 0, 3, true },
		{ 341 * 8, 0, 2, true },
		{ 341 * 9, 0, 2, true },
		{ 341 * 9 + 1, 0, 3, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_sorted(cases[i].n, cases[i].memory, cases[i].fan_in, cases[i].spilled);
}

Test(extsort, ends_more_than_once)
{
	struct extsort *s = extsort_new(&(struct extsort_options){ .shape = shape });
	struct err e = { 0 };
	const void *record;

	cr_assert_eq(extsort_finish(s, &e), 0);
	cr_expect_eq(extsort_next(s, &record, &e), 0);
	cr_expect_eq(extsort_next(s, &record, &e), 0);
	extsort_free(s);
}

Test(extsort, names_a_folder_that_is_not_there)
{
	struct extsort *s = extsort_new(
		&(struct extsort_options){ .shape = shape, .tmpdir = "/nonexistent/dir" });
	struct err e = { 0 };
	char record[24] = { 0 };
	int result = 0;

	for (size_t i = 0; i < 1000 && result == 0; i++)
		result = extsort_add(s, record, &e);
	cr_expect_eq(result, -1);
	cr_expect_neq(e.code, ERR_NONE);
	cr_expect(strstr(e.text, "/nonexistent/dir"), "%s", e.text);
	extsort_free(s);
}

/* RLIMIT_FSIZE stands in for a full disk: the write fails part of the way. */
Test(extsort, a_full_disk_is_an_error_with_a_sentence)
{
	struct extsort *s = extsort_new(&(struct extsort_options){ .shape = shape });
	struct err e = { 0 };
	char record[24] = { 0 };
	int result = 0;

	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 20000, 20000 }), 0);
	for (size_t i = 0; i < 10000 && result == 0; i++)
		result = extsort_add(s, record, &e);
	cr_expect_eq(result, -1);
	cr_expect_eq(e.code, ERR_IO);
	cr_expect(strstr(e.text, "temporary file in"), "%s", e.text);
	extsort_free(s);
}

/* --- runs ------------------------------------------------------------------------------------- */

static const struct runfile_kind kind = {
	.shape = { 24, 16, KEY_BYTES }, .sorted = true, .parameters = 7
};

/* A file with a run of n records at offset. */
static int run_written(size_t n, uint64_t offset)
{
	struct err e = { 0 };
	int fd = temp_open(NULL, &e);
	struct runfile_writer *w = runfile_begin(fd, offset, &kind, "a.run", 100);
	char *p = records(n);
	uint64_t end;

	cr_assert_geq(fd, 0, "%s", e.text);
	for (size_t i = 0; i < n; i++)
		cr_assert_eq(runfile_put(w, p + i * 24, 1, &e), 0);
	cr_assert_eq(runfile_end(w, &end, &e), 0);
	cr_expect_eq(end, offset + RUNFILE_HEADER + n * 24);
	free(p);
	return fd;
}

/* Reads all of it; the number of records, or -1 and e. */
static int read_run(int fd, uint64_t offset, const struct runfile_kind *as, struct err *e)
{
	struct runfile_reader *r;
	const char *record;
	int n = 0, got;

	if (runfile_open(&r, fd, offset, as, "a.run", 60, e) < 0)
		return -1;
	while ((got = runfile_next(r, &record, e)) > 0)
		n++;
	runfile_close(r);
	return got < 0 ? -1 : n;
}

Test(runfile, reads_what_was_written)
{
	static const size_t counts[] = { 0, 1, 2, 5, 1000 };

	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		struct err e = { 0 };
		int fd = run_written(counts[i], 11);

		cr_expect_eq(read_run(fd, 11, &kind, &e), (int)counts[i], "%s", e.text);
		close(fd);
	}
}

Test(runfile, every_flipped_bit_is_found)
{
	int fd = run_written(3, 0);

	for (off_t at = 0; at < RUNFILE_HEADER + 3 * 24; at++) {
		struct err e = { 0 };
		char byte, bad;

		cr_assert_eq(pread(fd, &byte, 1, at), 1);
		bad = byte ^ (char)(1 << at % 8);
		cr_assert_eq(pwrite(fd, &bad, 1, at), 1);
		cr_expect_eq(read_run(fd, 0, &kind, &e), -1, "byte %d", (int)at);
		cr_expect_eq(e.code, ERR_DATA, "byte %d: %s", (int)at, e.text);
		cr_expect(strstr(e.text, "a.run: run at byte 0: "), "%s", e.text);
		cr_assert_eq(pwrite(fd, &byte, 1, at), 1);
	}
	close(fd);
}

Test(runfile, a_cut_run_ends_early)
{
	int fd = run_written(3, 0);
	struct err e = { 0 };

	cr_assert_eq(ftruncate(fd, RUNFILE_HEADER + 3 * 24 - 1), 0);
	cr_expect_eq(read_run(fd, 0, &kind, &e), -1);
	cr_expect(strstr(e.text, "ends early"), "%s", e.text);
	close(fd);
}

Test(runfile, another_kind_is_refused_by_name)
{
	struct {
		struct runfile_kind kind;
		const char *want;
	} cases[] = {
		{ kind, "another size" },
		{ kind, "another key or order" },
		{ kind, "another key or order" },
		{ kind, "another key or order" },
		{ kind, "other parameters" },
	};
	int fd = run_written(3, 0);

	cases[0].kind.shape.record_bytes = 32;
	cases[1].kind.shape.key_bytes = 8;
	cases[2].kind.shape.order = KEY_LE64;
	cases[3].kind.sorted = false;
	cases[4].kind.parameters = 8;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = { 0 };

		cr_expect_eq(read_run(fd, 0, &cases[i].kind, &e), -1);
		cr_expect(strstr(e.text, cases[i].want), "%s", e.text);
	}
	close(fd);
}
