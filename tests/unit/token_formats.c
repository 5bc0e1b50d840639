/* Layouts of token shards: what is written is read again, and what is damaged is refused. */
#include "stages/tokenize/token_format.h"

#include "lib/core/mem.h"
#include "lib/stream/publish.h"
#include "stages/tokenize/token_reader.h"
#include "tests/random.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/corpus-tokens-XXXXXX";

static const char *path_of(const char *name)
{
	static char path[400];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void setup(void)
{
	cr_assert_not_null(mkdtemp(folder));
}

static void teardown(void)
{
	DIR *d = opendir(folder);
	struct dirent *f;

	while ((f = readdir(d)))
		if (*f->d_name != '.')
			unlink(path_of(f->d_name));
	closedir(d);
	cr_expect_eq(rmdir(folder), 0, "something stayed");
}

static void put(const char *name, const void *bytes, size_t n)
{
	struct err e = { 0 };

	cr_assert_eq(publish_bytes(path_of(name), (struct slice){ bytes, n }, &e), 0, "%s", e.text);
}

/* Lengths of sequences from none to some thousands, and ids at both ends of what fits. */
static size_t random_sequence(struct ids *ids, unsigned id_bytes, uint64_t *state)
{
	size_t n = random_next(state) % (random_next(state) % 16 ? 20 : 70000);

	for (size_t i = 0; i < n; i++)
		ids_put(ids,
			(uint32_t)(random_next(state) & (id_bytes == 2 ? 0xFFFF : 0x7FFFFFFF)));
	return n;
}

static void pack(struct buf *out, const uint32_t *ids, size_t n, unsigned id_bytes)
{
	out->n = 0;
	for (size_t i = 0; i < n; i++)
		for (unsigned b = 0; b < id_bytes; b++)
			buf_byte(out, (char)(ids[i] >> (8 * b)));
}

enum { N_SEQUENCES = 40 };

static void write_shard(const struct token_format *f, struct token_shard *s, struct ids *ids,
	size_t lengths[N_SEQUENCES], uint64_t *state)
{
	struct buf bytes = { 0 };
	struct err e = { 0 };

	cr_assert_eq(f->open(s, &e), 0, "%s", e.text);
	for (size_t i = 0; i < N_SEQUENCES; i++) {
		lengths[i] = random_sequence(ids, s->id_bytes, state);
		pack(&bytes, ids->at + ids->n - lengths[i], lengths[i], s->id_bytes);
		cr_assert_eq(f->sequence(s, buf_view(&bytes), &e), 0, "%s", e.text);
		s->n_ids += lengths[i];
		s->n_sequences++;
		if (f->document)
			cr_assert_eq(f->document(s, s->n_ids, &e), 0, "%s", e.text);
	}
	cr_assert_eq(f->close(s, &e), 0, "%s", e.text);
	for (size_t i = 0; i < s->n_files; i++) {
		cr_assert_eq(publish_commit(s->files[i].file, &e), 0, "%s", e.text);
		s->files[i].file = NULL;
	}
	buf_release(&bytes);
}

static void expect_read(const char *name, const char *layout, const char *dtype,
	const struct ids *want, const size_t lengths[N_SEQUENCES])
{
	struct token_reader r = { 0 };
	struct ids got = { 0 };
	struct err e = { 0 };
	uint64_t n;

	cr_assert_eq(token_reader_open(&r, path_of(name), layout, dtype, &e), 0, "%s", e.text);
	cr_expect_eq(r.n_ids, want->n, "%s", name);
	for (size_t i = 0; r.n_parts && i < N_SEQUENCES; i++) {
		if (!lengths[i] && r.layout->place)
			continue; /* mds has no sample for it */
		cr_assert_eq(token_reader_part(&r, &n, &e), 1, "%s", e.text);
		cr_expect_eq(n, lengths[i], "%s, sequence %zu", name, i);
	}
	cr_expect_eq(token_reader_part(&r, &n, &e), 0);
	/* In stretches that are no sequences. */
	for (uint64_t some = 1; r.at < r.n_ids; some = some * 3 % 10007)
		cr_assert_eq(token_reader_read(&r, MIN(some, r.n_ids - r.at), &got, &e), 0, "%s",
			e.text);
	cr_expect(got.n == want->n && memcmp(got.at, want->at, 4 * got.n) == 0, "%s", name);
	cr_expect_lt(token_reader_read(&r, 1, &got, &e), 0);
	token_reader_close(&r);
	ids_release(&got);
}

Test(token_formats, what_is_written_is_read_again, .init = setup, .fini = teardown)
{
	static const struct {
		const struct token_format *format;
		const char *name, *layout;
		bool llmc;
	} cases[] = {
		{ &token_flat, "a.bin", "flat", false },
		{ &token_flat, "b.bin", "llmc", true },
		{ &token_megatron, "c.bin", NULL, false },
		{ &token_npy, "d.npy", NULL, false },
		{ &token_olmo, "e.npy", NULL, false },
		{ &token_datatrove, "f.ds", NULL, false },
		{ &token_mds, "g.mds", NULL, false },
	};
	uint64_t state = 1;

	for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
		const struct token_format *f = cases[i / 2].format;
		const char *name = cases[i / 2].name;
		char *base = mem_strndup(
			path_of(name), strlen(path_of(name)) - strlen(strrchr(name, '.')));
		struct token_shard s = { .name = base,
			.id_bytes = i % 2 ? 4 : 2,
			.dtype = i % 2 ? f->wide : "uint16",
			.llmc = cases[i / 2].llmc,
			.vocab_digest = "0" };
		size_t lengths[N_SEQUENCES];
		const char *dtype = s.dtype;
		struct ids ids = { 0 };

		write_shard(f, &s, &ids, lengths, &state);
		token_shard_release(&s);
		expect_read(name, cases[i / 2].layout, dtype, &ids, lengths);
		ids_release(&ids);
		free(base);
	}
}

Test(token_formats, a_shard_of_mosaic_is_full_when_its_writer_says_so)
{
	/* 67108864 bytes: the front is 8 bytes and the columns, a sample's place 4, its size 4, its
	 * shape 3 for 1000 ids. */
	struct token_shard s = { .id_bytes = 2, .dtype = "uint16", .limit = 64 * MIB };
	size_t front = 8 +
		strlen("{\"column_encodings\": [\"ndarray:uint16\"], \"column_names\": "
		       "[\"tokens\"], \"column_sizes\": [null], \"compression\": null, "
		       "\"format\": \"mds\", \"hashes\": [], \"size_limit\": 67108864, "
		       "\"version\": 2}");

	cr_expect(token_mds.fits(&s, 64 * MIB - front - 4 - 4 - 5 - 1));
	cr_expect(!token_mds.fits(&s, 64 * MIB - front - 4 - 4 - 5 + 1));
}

Test(token_formats, a_header_of_numpy_is_read_or_refused, .init = setup, .fini = teardown)
{
	static const struct {
		const char *header;
		bool good;
		uint64_t n_ids, row;
	} cases[] = {
		{ "{'descr': '<u2', 'fortran_order': False, 'shape': (4,), }", true, 4, 0 },
		{ "{'shape':(2,2),'fortran_order':False,'descr':'<u2'}", true, 4, 2 },
		{ "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 1), }", true, 2, 1 },
		{ "{'descr': '<u2', 'fortran_order': False, 'shape': (5,), }", false, 0, 0 },
		{ "{'descr': '<u2', 'fortran_order': True, 'shape': (4,), }", false, 0, 0 },
		{ "{'descr': '>u2', 'fortran_order': False, 'shape': (4,), }", false, 0, 0 },
		{ "{'descr': '<f2', 'fortran_order': False, 'shape': (4,), }", false, 0, 0 },
		{ "{'descr': '<u2', 'fortran_order': False, 'shape': (), }", false, 0, 0 },
		{ "{'descr': '<u2', 'fortran_order': False, 'shape': (2, 2, 1), }", false, 0, 0 },
		{ "{'descr': '<u2', 'fortran_order': False, 'shape': (18446744073709551616,), }",
			false, 0, 0 },
		{ "{'descr': '<u2', 'fortran_order': False, 'shape': (9223372036854775809, 2), }",
			false, 0, 0 },
		{ "", false, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct token_reader r = { 0 };
		struct buf file = { 0 };
		struct err e = { 0 };
		int got;

		buf_append(&file, "\x93NUMPY\x01\x00", 8);
		buf_byte(&file, (char)strlen(cases[i].header));
		buf_byte(&file, 0);
		buf_str(&file, cases[i].header);
		buf_append(&file, "12345678", 8);
		put("a.npy", file.p, file.n);
		got = token_reader_open(&r, path_of("a.npy"), NULL, NULL, &e);
		cr_expect_eq(got == 0, cases[i].good, "%s: %s", cases[i].header, e.text);
		cr_expect_eq(r.n_ids, cases[i].n_ids, "%s", cases[i].header);
		cr_expect_eq(r.row, cases[i].row, "%s", cases[i].header);
		token_reader_close(&r);
		buf_release(&file);
	}
}

/* Counts and places that a file cannot hold. */
Test(token_formats, what_a_file_promises_must_be_there, .init = setup, .fini = teardown)
{
	static const char many[8] = "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F";
	struct token_reader r = { 0 };
	struct buf idx = { 0 };
	struct err e = { 0 };

	put("a.bin", "1234", 4);
	buf_append(&idx, "MMIDIDX\0\0\1\0\0\0\0\0\0\0\x08", 18);
	buf_append(&idx, many, 8);
	buf_append(&idx, many, 8);
	put("a.idx", idx.p, idx.n);
	cr_expect_lt(token_reader_open(&r, path_of("a.bin"), "megatron", NULL, &e), 0);
	err_clear(&e);
	put("a.mds", many, 8);
	cr_expect_lt(token_reader_open(&r, path_of("a.mds"), NULL, NULL, &e), 0);
	err_clear(&e);
	put("a.mds", "\1\0\0\0\x10\0\0\0\x0F\0\0\0{}..", 16);
	cr_expect_lt(token_reader_open(&r, path_of("a.mds"), NULL, NULL, &e), 0);
	err_clear(&e);
	put("a.ds", "1234", 4);
	put("a.ds.index", "\3\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0", 16);
	cr_expect_eq(token_reader_open(&r, path_of("a.ds"), NULL, "uint16", &e), 0, "%s", e.text);
	cr_expect_eq(token_reader_part(&r, &(uint64_t){ 0 }, &e), 1);
	cr_expect_lt(token_reader_part(&r, &(uint64_t){ 0 }, &e), 0);
	token_reader_close(&r);
	buf_release(&idx);
}
