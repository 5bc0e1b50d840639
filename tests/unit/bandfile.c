/* Band keys on disk: nothing lost in memory, in a temporary file or in a kept one, and damage
 * found. */
#include "lib/core/mem.h"
#include "lib/store/disk.h"
#include "lib/stream/publish.h"
#include "stages/dedup/bandfile.h"
#include "stages/dedup/groups.h"
#include "tests/random.h"

#include <criterion/criterion.h>
#include <endian.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BANDS = 3 };

/* Documents with gaps between them, some beyond 32 bits, and keys of which some are equal. */
static uint64_t document_of(uint64_t i)
{
	return i * 3 + (i > 1500 ? UINT64_C(1) << 33 : 0);
}

static void keys_of(uint64_t i, uint64_t keys[BANDS])
{
	for (uint64_t b = 0; b < BANDS; b++) {
		uint64_t seed = (i % 7 == 0 ? i / 70 : i) * BANDS + b;

		keys[b] = random_next(&seed);
	}
}

static struct bandfile *filled(int fd, uint64_t n, size_t memory)
{
	struct bandfile *b = bandfile_new(fd, "test file", BANDS, memory);
	struct err e = { 0 };

	for (uint64_t i = 0; i < n; i++) {
		uint64_t keys[BANDS];

		keys_of(i, keys);
		cr_assert_eq(bandfile_add(b, document_of(i), keys, &e), 0, "%s", e.text);
	}
	return b;
}

static int temp(void)
{
	struct err e = { 0 };
	int fd = temp_open(NULL, &e);

	cr_assert(fd >= 0);
	return fd;
}

/* What came out, summed so that order does not matter. */
struct sum {
	uint64_t entries, hash;
};

static int put(void *to, const struct band_entry *entry, struct err *e)
{
	struct sum *s = to;
	uint64_t seed = le64toh(entry->key) * 31 + le64toh(entry->document);

	(void)e;
	s->entries++;
	s->hash += random_next(&seed);
	return 0;
}

static struct sum wanted(uint64_t n, size_t partition, uint64_t base)
{
	struct sum s = { 0 };

	for (uint64_t i = 0; i < n; i++) {
		uint64_t keys[BANDS], key;

		keys_of(i, keys);
		key = keys[partition / BAND_PARTS];
		if (key >> 56 == partition % BAND_PARTS)
			put(&s,
				&(struct band_entry){
					htole64(key), htole64(document_of(i) + base) },
				NULL);
	}
	return s;
}

static void expect_all(struct bandfile *b, uint64_t n, uint64_t base)
{
	struct err e = { 0 };

	for (size_t p = 0; p < BANDS * BAND_PARTS; p += 5) {
		struct sum got = { 0 }, want = wanted(n, p, base);
		uint64_t entries;

		cr_assert_eq(bandfile_each(b, p, base, put, &got, &e), 0, "%s", e.text);
		cr_assert_eq(bandfile_entries(b, p, &entries, &e), 0);
		cr_expect_eq(entries, want.entries);
		cr_expect_eq(got.entries, want.entries);
		cr_expect_eq(got.hash, want.hash);
	}
}

Test(bandfile, gives_back_what_was_added_from_memory_or_disk)
{
	static const size_t memories[] = { 0, 1 * MIB, 64 * MIB };

	for (size_t i = 0; i < ARRAY_LEN(memories); i++) {
		struct bandfile *b = filled(temp(), 20000, memories[i]);
		struct err e = { 0 };

		cr_assert_eq(bandfile_seal(b, &e), 0, "%s", e.text);
		cr_expect_eq(bandfile_bytes(b) > 0, memories[i] < 64 * MIB);
		expect_all(b, 20000, 0);
		bandfile_free(b);
	}
}

Test(bandfile, takes_nine_bytes_an_entry)
{
	struct bandfile *b = bandfile_new(temp(), "test file", 1, 16 * MIB);
	uint64_t seed = 1;
	struct err e = { 0 };

	for (uint64_t i = 0; i < 1000000; i++) {
		uint64_t key = random_next(&seed);

		cr_assert_eq(bandfile_add(b, i, &key, &e), 0, "%s", e.text);
	}
	cr_assert_eq(bandfile_seal(b, &e), 0);
	cr_expect_lt(bandfile_bytes(b), 8700000);
	bandfile_free(b);
}

Test(bandfile, refuses_a_number_of_more_than_40_bits)
{
	struct bandfile *b = bandfile_new(temp(), "test file", 1, 0);
	struct err e = { 0 };
	uint64_t key = 1;

	cr_expect_eq(bandfile_add(b, DOCUMENT_MAX - 1, &key, &e), 0);
	cr_expect_eq(bandfile_add(b, DOCUMENT_MAX, &key, &e), -1);
	cr_expect_eq(e.code, ERR_LIMIT);
	bandfile_free(b);
}

/* --- kept files ------------------------------------------------------------------------------- */

static char path[64];

static void store(uint64_t n)
{
	struct band_facts facts = { .parameters = "shingle=5", .documents = n };
	struct err e = { 0 };
	struct bandfile *b;
	int fd;

	snprintf(path, sizeof(path), "/tmp/corpusmill-test-XXXXXX");
	fd = mkstemp(path);
	cr_assert(fd >= 0);
	b = filled(fd, n, 0);
	facts.input.records = 17;
	cr_assert_eq(bandfile_store(b, &facts, -1, &e), 0, "%s", e.text);
	bandfile_free(b);
}

Test(bandfile, is_kept_with_what_it_says_of_itself)
{
	struct band_facts facts;
	struct err e = { 0 };
	struct bandfile *b;

	store(5000);
	cr_assert_eq(bandfile_open(&b, path, &facts, &e), 0, "%s", e.text);
	cr_expect_str_eq(facts.parameters, "shingle=5");
	cr_expect_eq(facts.bands, BANDS);
	cr_expect_eq(facts.documents, 5000);
	cr_expect_eq(facts.entries, 5000 * BANDS);
	cr_expect_eq(facts.input.records, 17);
	expect_all(b, 5000, 1000);
	bandfile_free(b);
	unlink(path);
}

/* True when opening and reading all of the file tells of the byte that was turned over. */
static bool finds_damage_at(off_t offset)
{
	struct band_facts facts;
	struct err e = { 0 };
	struct bandfile *b = NULL;
	int fd = open(path, O_RDWR), result;
	char c;

	cr_assert_eq(pread(fd, &c, 1, offset), 1);
	c ^= 16;
	cr_assert_eq(pwrite(fd, &c, 1, offset), 1);
	result = bandfile_open(&b, path, &facts, &e);
	for (size_t p = 0; result == 0 && p < BANDS * BAND_PARTS; p++) {
		struct sum s = { 0 };

		result = bandfile_each(b, p, 0, put, &s, &e);
	}
	if (e.code != ERR_DATA || strstr(e.text, path) != e.text)
		result = 0;
	bandfile_free(b);
	c ^= 16;
	cr_assert_eq(pwrite(fd, &c, 1, offset), 1);
	close(fd);
	return result < 0;
}

Test(bandfile, damage_of_any_byte_is_found)
{
	off_t size;
	int fd;

	store(300);
	fd = open(path, O_RDONLY);
	size = lseek(fd, 0, SEEK_END);
	close(fd);
	for (off_t at = 0; at < size; at += at < 512 ? 1 : 97)
		cr_expect(finds_damage_at(at), "byte %ld of %ld", (long)at, (long)size);
	unlink(path);
}

Test(bandfile, a_file_cut_short_is_refused)
{
	struct band_facts facts;
	struct err e = { 0 };
	struct bandfile *b;

	store(300);
	cr_assert_eq(truncate(path, 2000), 0);
	cr_expect_eq(bandfile_open(&b, path, &facts, &e), -1);
	cr_expect_eq(e.code, ERR_DATA, "%s", e.text);
	unlink(path);
}

/* --- groups ----------------------------------------------------------------------------------- */

/* Pairs of a document and the first of its group, summed in order. */
struct walked {
	uint64_t first, hash, members;
};

static int member(void *to, uint64_t document, bool fresh, struct err *e)
{
	struct walked *w = to;

	(void)e;
	if (fresh)
		w->first = document;
	w->hash = w->hash * 31 + w->first * 7 + document + fresh;
	w->members++;
	return 0;
}

static struct walked walk(size_t memory)
{
	struct bandfile *a = filled(temp(), 2000, 0), *b = filled(temp(), 1000, MIB);
	struct groups_file files[] = { { a, 0 }, { b, 10000 } };
	struct groups_options o = { .files = files,
		.n_files = 2,
		.bands = BANDS,
		.to = BANDS * BAND_PARTS,
		.memory = memory };
	struct walked w = { 0 };
	struct err e = { 0 };

	cr_assert_eq(bandfile_seal(a, &e), 0);
	cr_assert_eq(bandfile_seal(b, &e), 0);
	cr_assert_eq(groups_walk(&o, member, &w, &e), 0, "%s", e.text);
	bandfile_free(a);
	bandfile_free(b);
	return w;
}

Test(groups, are_the_same_in_memory_and_on_disk)
{
	struct walked memory = walk(64 * MIB), disk = walk(0);

	cr_expect_eq(memory.hash, disk.hash);
	/* In each band: the 1,000 that both files hold, with their copies; of the first file's
	 * second half each seventh is grouped with ten of its like (143 = 2000/7/2 of them). */
	cr_expect_eq(memory.members, disk.members);
	cr_expect_eq(memory.members, BANDS * (2 * 1000 + 143), "%llu",
		(unsigned long long)memory.members);
}
