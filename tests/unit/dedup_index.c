/* The index of snapshots: its list, its files, and that damage is found. */
#include "lib/core/mem.h"
#include "lib/stream/publish.h"
#include "stages/dedup/blobfile.h"
#include "stages/dedup/index.h"
#include "stages/dedup/pairsort.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* --- blobfile --------------------------------------------------------------------------------- */

static struct slice bytes_of(uint64_t i, char out[64])
{
	int n = i % 3 ? snprintf(out, 64, "document %llu", (unsigned long long)(i * i)) : 0;

	return (struct slice){ out, (size_t)n };
}

Test(blobfile, gives_back_what_was_added)
{
	struct err e = { 0 };
	struct blobfile *f = blobfile_new_temp(NULL, 64, &e);
	struct buf got = { 0 };

	for (uint64_t i = 0; i < 50000; i++) {
		char at[64];

		cr_assert_eq(blobfile_add(f, bytes_of(i, at), &e), 0);
	}
	cr_assert_eq(blobfile_seal(f, &e), 0, "%s", e.text);
	cr_expect_eq(blobfile_count(f), 50000);
	for (uint64_t i = 0; i < 50000; i += i < 10 ? 1 : 777) {
		char at[64];

		got.n = 0;
		cr_assert_eq(blobfile_get(f, i, &got, &e), 0, "%s", e.text);
		cr_expect(slice_eq(buf_view(&got), bytes_of(i, at)), "document %d", (int)i);
	}
	cr_expect_eq(blobfile_get(f, 50000, &got, &e), -1);
	cr_expect_eq(e.code, ERR_DATA);
	buf_release(&got);
	blobfile_free(f);
}

/* --- the list --------------------------------------------------------------------------------- */

Test(snapshot_list, is_read_as_it_was_written)
{
	struct snapshot two[] = { { 7, 0xabcdef, "keep=first" },
		{ 0, UINT64_MAX, "keep=best:a b" } };
	struct snapshot_list list = { "field=text bands=3", two, 2, 0 }, got = { 0 };
	struct buf text = { 0 };
	struct err e = { 0 };

	snapshot_list_write(&list, &text);
	cr_assert_eq(snapshot_list_read(&got, buf_view(&text), &e), 0, "%s", e.text);
	cr_expect_str_eq(got.parameters, list.parameters);
	cr_assert_eq(got.n, 2);
	for (size_t i = 0; i < 2; i++) {
		cr_expect_eq(got.at[i].documents, two[i].documents);
		cr_expect_eq(got.at[i].fingerprint, two[i].fingerprint);
		cr_expect_str_eq(got.at[i].options, two[i].options);
	}
	snapshot_list_release(&got);
	/* Each byte that is another one is found. */
	for (size_t i = 0; i < text.n; i++) {
		text.p[i] ^= 1;
		cr_expect_eq(snapshot_list_read(&got, buf_view(&text), &e), -1, "byte %zu", i);
		cr_expect_eq(e.code, ERR_DATA);
		text.p[i] ^= 1;
		snapshot_list_release(&got);
	}
	for (size_t n = 0; n < text.n; n++) {
		cr_expect_eq(snapshot_list_read(&got, slice_head(buf_view(&text), n), &e), -1);
		snapshot_list_release(&got);
	}
	buf_release(&text);
}

/* --- the folder ------------------------------------------------------------------------------- */

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

TestSuite(dedup_index, .init = make_folder, .fini = remove_folder);

/* A snapshot of n documents with ids "NUMBER-i", whose last was dropped for document kept. */
static int add_snapshot(
	uint64_t number, uint64_t n, uint64_t kept, const char *options, struct err *e)
{
	struct band_facts facts = { .documents = n, .input.lo = number };
	struct index_new fresh = { 0 };
	char link[PAIR_BYTES];
	struct index *x;
	uint64_t end;
	int result;

	if (index_open(&x, folder, "bands=1", options, e) < 0)
		return -1;
	cr_assert_eq(index_begin(x, 1, MIB, NULL, &fresh, e), 0, "%s", e->text);
	for (uint64_t i = 0; i < n; i++) {
		char id[32];
		int bytes = snprintf(id, sizeof(id), "%d-%d", (int)number, (int)i);

		cr_assert_eq(blobfile_add(fresh.ids, (struct slice){ id, (size_t)bytes }, e), 0);
		cr_assert_eq(bandfile_add(fresh.bands, i, &(uint64_t){ i }, e), 0);
	}
	cr_assert_eq(blobfile_seal(fresh.ids, e), 0);
	result = index_recognise(x, number, n, e);
	if (result == 0) {
		cr_assert_eq(bandfile_store(fresh.bands, &facts, -1, e), 0);
		pair_put(link, n - 1, kept);
		cr_assert_eq(runfile_put(fresh.links, link, 1, e), 0);
		cr_assert_eq(runfile_end(fresh.links, &end, e), 0);
		fresh.links = NULL;
		result = index_commit(x, e);
	}
	bandfile_free(fresh.bands);
	blobfile_free(fresh.ids);
	runfile_drop(fresh.links);
	index_free(x);
	return result;
}

static void expect_kept(struct index *x, uint64_t document, uint64_t want, const char *id)
{
	struct buf name = { 0 };
	struct err e = { 0 };
	uint64_t kept;

	cr_assert_eq(index_kept(x, document, &kept, &e), 0, "%s", e.text);
	cr_expect_eq(kept, want);
	cr_assert_eq(index_name(x, kept, &name, &e), 0, "%s", e.text);
	cr_expect_str_eq(buf_cstr(&name), id);
	buf_release(&name);
}

Test(dedup_index, numbers_documents_over_its_snapshots)
{
	struct err e = { 0 };
	struct index *x;

	cr_assert_eq(add_snapshot(1, 10, 0, "keep=first", &e), 0, "%s", e.text);
	cr_assert_eq(add_snapshot(2, 20, 3, "keep=first", &e), 0, "%s", e.text);
	cr_assert_eq(add_snapshot(3, 5, 29, "keep=first", &e), 0, "%s", e.text);
	cr_assert_eq(index_open(&x, folder, "bands=1", "keep=first", &e), 0, "%s", e.text);
	cr_expect_eq(index_documents(x), 35);
	cr_expect_eq(index_snapshots(x), 3);
	expect_kept(x, 0, 0, "1-0");
	expect_kept(x, 9, 0, "1-0");
	expect_kept(x, 10, 10, "2-0");
	expect_kept(x, 29, 3, "1-3");
	expect_kept(x, 33, 33, "3-3");
	index_free(x);
}

Test(dedup_index, a_snapshot_that_comes_again_adds_nothing)
{
	struct err e = { 0 };
	struct index *x;

	cr_assert_eq(add_snapshot(1, 10, 0, "keep=first", &e), 0);
	cr_assert_eq(add_snapshot(2, 20, 3, "keep=first", &e), 0);
	cr_assert_eq(add_snapshot(2, 20, 3, "keep=first", &e), 0, "%s", e.text);
	cr_assert_eq(index_open(&x, folder, "bands=1", "keep=first", &e), 0);
	cr_expect_eq(index_documents(x), 30);
	cr_assert_eq(index_recognise(x, 2, 20, &e), 0);
	cr_expect_eq(index_again(x), 2);
	cr_expect_eq(index_documents(x), 10, "it looks at those before it");
	index_free(x);
	cr_expect_eq(add_snapshot(2, 20, 3, "keep=longest", &e), -1);
	cr_expect_eq(e.code, ERR_USAGE);
}

Test(dedup_index, refuses_other_parameters_and_a_second_run)
{
	struct err e = { 0 };
	struct index *x, *second;

	cr_assert_eq(add_snapshot(1, 10, 0, "keep=first", &e), 0);
	cr_expect_eq(index_open(&x, folder, "bands=2", "keep=first", &e), -1);
	cr_expect_eq(e.code, ERR_USAGE);
	cr_expect(strstr(e.text, "bands=1, not bands=2"), "%s", e.text);
	err_clear(&e);
	cr_assert_eq(index_open(&x, folder, "bands=1", "keep=first", &e), 0);
	cr_expect_eq(index_open(&second, folder, "bands=1", "keep=first", &e), -1);
	cr_expect(strstr(e.text, "another run uses it"), "%s", e.text);
	index_free(x);
}

Test(dedup_index, finds_damage_and_files_that_are_not_listed)
{
	static const char *const files[] = { "000001.bands", "000001.ids", "000001.links",
		"index" };
	struct err e = { 0 };

	cr_assert_eq(add_snapshot(1, 10, 0, "keep=first", &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char path[128];
		struct buf name = { 0 };
		struct index *x = NULL;
		uint64_t kept;
		off_t at;
		int fd, result;
		char c;

		snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
		fd = open(path, O_RDWR);
		at = lseek(fd, 0, SEEK_END) - 3;
		cr_assert_eq(pread(fd, &c, 1, at), 1);
		c ^= 8;
		cr_assert_eq(pwrite(fd, &c, 1, at), 1);
		result = index_open(&x, folder, "bands=1", "keep=first", &e);
		if (result == 0)
			result = index_kept(x, 9, &kept, &e);
		if (result == 0)
			result = index_name(x, 9, &name, &e);
		cr_expect_eq(result, -1, "%s", files[i]);
		cr_expect_eq(e.code, ERR_DATA);
		cr_expect(strstr(e.text, files[i]), "%s", e.text);
		index_free(x);
		err_clear(&e);
		buf_release(&name);
		c ^= 8;
		cr_assert_eq(pwrite(fd, &c, 1, at), 1);
		close(fd);
	}
}
