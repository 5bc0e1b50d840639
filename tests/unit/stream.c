/* Frames, inputs, batches, outputs: what goes in comes out, and what is damaged is noticed. */
#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/stream/batches.h"
#include "lib/stream/frame.h"
#include "lib/stream/output.h"
#include "lib/stream/pool.h"
#include "lib/stream/publish.h"

#include <criterion/criterion.h>

#include <bzlib.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

static char folder[64];

static const char *path_of(const char *name)
{
	static char path[160];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

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

TestSuite(stream, .init = make_folder, .fini = remove_folder);

/* --- help ------------------------------------------------------------------------------------- */

/* Records of varied lengths, the same for the same seed. */
static struct buf some_lines(size_t bytes, uint64_t seed)
{
	struct buf b = { 0 };

	for (uint64_t i = 0; b.n < bytes; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		buf_printf(&b, "{\"id\": \"r%llu\", \"text\": \"", (unsigned long long)i);
		for (uint64_t k = seed >> 54; k; k--)
			buf_printf(
				&b, "word%llu ", (unsigned long long)((seed >> (k % 40)) % 9999));
		buf_str(&b, "\"}\n");
	}
	return b;
}

static void put_file(const char *path, struct slice bytes)
{
	struct err e = { 0 };

	cr_assert_eq(publish_bytes(path, bytes, &e), 0, "%s", e.text);
}

static struct buf get_file(const char *path)
{
	struct buf b = { 0 };
	FILE *f = fopen(path, "rb");
	size_t n;

	cr_assert(f);
	while ((n = fread(buf_reserve(&b, 65536), 1, 65536, f)) > 0)
		b.n += n;
	fclose(f);
	return b;
}

/* A stream of the lines, written by so many threads. */
static void write_stream(const char *path, struct slice lines, unsigned threads, int level)
{
	struct pool *pool = pool_new(threads);
	struct output_options o = { .level = level };
	struct output *out;
	struct err e = { 0 };

	cr_assert_eq(output_open(&out, pool, path, &o, &e), 0, "%s", e.text);
	while (lines.n) {
		size_t n = slice_find(lines, SLICE("\n")) + 1;

		cr_assert_eq(output_lines(out, slice_head(lines, n), 1, NULL, &e), 0);
		lines = slice_skip(lines, n);
	}
	cr_assert_eq(output_close(out, SLICE("{\"program\":\"test\"}"), NULL, &e), 0, "%s", e.text);
	pool_free(pool);
}

/* All lines of a file as batches give them, frames decompressed; -1 on an error, which is in *e. */
static int read_batches(
	const char *path, const struct batches_options *o, struct buf *out, struct err *e)
{
	ZSTD_DCtx *ctx = ZSTD_createDCtx();
	struct batch batch = { 0 };
	struct batches *b;
	int r = batches_open(&b, path, o, e);

	while (r == 0 && (r = batches_next(b, &batch, e)) > 0) {
		if (batch.too_long)
			buf_printf(out, "<%llu>\n", (unsigned long long)batch.too_long);
		r = batch.frame ? frame_decompress(ctx, buf_view(&batch.data), out, e) : 0;
		if (!batch.frame && !batch.too_long)
			buf_slice(out, buf_view(&batch.data));
	}
	if (b)
		batches_free(b);
	buf_release(&batch.data);
	ZSTD_freeDCtx(ctx);
	return r;
}

static void expect_lines(const char *path, struct slice want)
{
	struct batches_options o = { 0 };
	struct buf got = { 0 };
	struct err e = { 0 };

	cr_expect_eq(read_batches(path, &o, &got, &e), 0, "%s", e.text);
	cr_expect(slice_eq(buf_view(&got), want), "%zu bytes, not %zu", got.n, want.n);
	buf_release(&got);
}

static void expect_failure(const char *path, const char *part)
{
	struct batches_options o = { 0 };
	struct buf got = { 0 };
	struct err e = { 0 };

	cr_expect_eq(read_batches(path, &o, &got, &e), -1, "%s was read without an error", part);
	cr_expect(strstr(e.text, part), "'%s' does not say '%s'", e.text, part);
	buf_release(&got);
}

/* --- round trips ------------------------------------------------------------------------------ */

Test(stream, gives_back_the_lines_at_every_level)
{
	static const int levels[] = { LEVEL_STORE, -5, 1, 3 };
	struct buf lines = some_lines(9 * MIB, 1);

	for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
		write_stream(path_of("a.zst"), buf_view(&lines), 2, levels[i]);
		expect_lines(path_of("a.zst"), buf_view(&lines));
	}
	buf_release(&lines);
}

Test(stream, is_the_same_bytes_on_any_number_of_threads)
{
	struct buf lines = some_lines(20 * MIB, 2), one, four;

	write_stream(path_of("a"), buf_view(&lines), 1, 3);
	one = get_file(path_of("a"));
	write_stream(path_of("a"), buf_view(&lines), 4, 3);
	four = get_file(path_of("a"));
	cr_expect(slice_eq(buf_view(&one), buf_view(&four)));
	buf_release(&lines);
	buf_release(&one);
	buf_release(&four);
}

Test(stream, is_read_by_the_zstd_library_as_any_zstd_file)
{
	struct buf lines = some_lines(9 * MIB, 3), file, got = { 0 };
	ZSTD_DCtx *ctx = ZSTD_createDCtx();
	ZSTD_inBuffer in;
	size_t r = 1;

	write_stream(path_of("a"), buf_view(&lines), 2, 3);
	file = get_file(path_of("a"));
	in = (ZSTD_inBuffer){ file.p, file.n, 0 };
	while (in.pos < in.size) {
		ZSTD_outBuffer out = { buf_reserve(&got, MIB), MIB, 0 };

		r = ZSTD_decompressStream(ctx, &out, &in);
		cr_assert(!ZSTD_isError(r), "%s", ZSTD_getErrorName(r));
		got.n += out.pos;
	}
	cr_expect_eq(r, 0);
	cr_expect(slice_eq(buf_view(&got), buf_view(&lines)));
	ZSTD_freeDCtx(ctx);
	buf_release(&lines);
	buf_release(&file);
	buf_release(&got);
}

Test(stream, cuts_frames_at_the_first_line_end_after_4_mib)
{
	struct buf lines = some_lines(20 * MIB, 4);
	struct frame_index index;
	struct err e = { 0 };
	uint64_t records = 0;
	size_t at = 0;
	int fd;

	write_stream(path_of("a"), buf_view(&lines), 2, 1);
	fd = open(path_of("a"), O_RDONLY);
	cr_assert_eq(frame_index_read(fd, &index, &e), 1, "%s", e.text);
	for (size_t i = 0; i < index.n; i++) {
		size_t end = at + index.entries[i].content;

		cr_expect_eq(lines.p[end - 1], '\n');
		cr_expect(i + 1 == index.n ||
			(end - at >= FRAME_BYTES &&
				!memchr(lines.p + at + FRAME_BYTES - 1, '\n',
					end - at - FRAME_BYTES)));
		cr_expect_eq(index.entries[i].records,
			count_records((struct slice){ lines.p + at, end - at }));
		records += index.entries[i].records;
		at = end;
	}
	cr_expect_eq(at, lines.n);
	cr_expect_eq(records, count_records(buf_view(&lines)));
	frame_index_release(&index);
	close(fd);
	buf_release(&lines);
}

Test(stream, of_no_records_is_a_valid_file)
{
	write_stream(path_of("a"), (struct slice){ 0 }, 1, 3);
	expect_lines(path_of("a"), (struct slice){ 0 });
}

Test(stream, several_files_one_after_another_are_one_input)
{
	struct buf lines = some_lines(MIB, 5), twice = { 0 }, file;

	write_stream(path_of("a"), buf_view(&lines), 1, 3);
	file = get_file(path_of("a"));
	buf_slice(&file, buf_view(&file));
	put_file(path_of("b"), buf_view(&file));
	buf_slice(&twice, buf_view(&lines));
	buf_slice(&twice, buf_view(&lines));
	expect_lines(path_of("b"), buf_view(&twice));
	buf_release(&lines);
	buf_release(&twice);
	buf_release(&file);
}

/* --- damage ----------------------------------------------------------------------------------- */

/* A small stream as a pipe has it. */
static struct buf pipe_stream(struct slice lines)
{
	struct buf out = { 0 };
	struct frame_entry entries[3];

	frame_put_mark(&out);
	entries[0] = (struct frame_entry){ .compressed = (uint32_t)out.n };
	for (int i = 0; i < 2; i++) {
		struct buf frame = { 0 };

		frame_compress(NULL, lines, LEVEL_STORE, &frame);
		entries[1 + i] = frame_entry(buf_view(&frame), 2);
		buf_slice(&out, buf_view(&frame));
		buf_release(&frame);
	}
	{
		size_t begin = out.n;
		struct frame_entry all[4] = { entries[0], entries[1], entries[2] };

		frame_put_stamp(&out, entries + 1, 2, SLICE("{\"program\":\"test\"}"));
		all[3] = (struct frame_entry){ .compressed = (uint32_t)(out.n - begin) };
		frame_put_table(&out, all, 4);
	}
	return out;
}

static const char two_records[] =
	"{\"id\":\"a\",\"text\":\"one\"}\n{\"id\":\"b\",\"text\":\"two\"}\n";

Test(stream, cut_anywhere_is_an_error)
{
	struct buf whole = pipe_stream(slice_str(two_records)), file;
	struct buf lines = { 0 };

	buf_str(&lines, two_records);
	write_stream(path_of("b"), buf_view(&lines), 1, 3);
	file = get_file(path_of("b"));
	for (size_t n = 1; n < whole.n; n++) {
		put_file(path_of("a"), slice_head(buf_view(&whole), n));
		expect_failure(path_of("a"), "byte");
	}
	for (size_t n = 1; n < file.n; n++) {
		put_file(path_of("a"), slice_head(buf_view(&file), n));
		expect_failure(path_of("a"), "byte");
	}
	buf_release(&whole);
	buf_release(&file);
	buf_release(&lines);
}

Test(stream, with_any_byte_changed_fails_or_gives_the_same_lines)
{
	struct buf whole = pipe_stream(slice_str(two_records)), twice = { 0 };

	buf_str(&twice, two_records);
	buf_str(&twice, two_records);
	for (size_t i = 4; i < whole.n; i++) {
		struct batches_options o = { 0 };
		struct buf got = { 0 };
		struct err e = { 0 };

		whole.p[i] ^= 0x21;
		put_file(path_of("a"), buf_view(&whole));
		whole.p[i] ^= 0x21;
		if (read_batches(path_of("a"), &o, &got, &e) == 0)
			cr_expect(
				slice_eq(buf_view(&got), buf_view(&twice)), "byte %zu changed", i);
		buf_release(&got);
	}
	buf_release(&whole);
	buf_release(&twice);
}

Test(stream, a_frame_lost_between_others_is_noticed_by_the_table)
{
	struct buf whole = pipe_stream(slice_str(two_records)), frame = { 0 }, less = { 0 };
	size_t at;

	frame_compress(NULL, slice_str(two_records), LEVEL_STORE, &frame);
	at = slice_find(buf_view(&whole), buf_view(&frame));
	cr_assert_lt(at, whole.n);
	buf_append(&less, whole.p, at);
	buf_append(&less, whole.p + at + frame.n, whole.n - at - frame.n);
	put_file(path_of("a"), buf_view(&less));
	expect_failure(path_of("a"), "frames");
	buf_release(&whole);
	buf_release(&frame);
	buf_release(&less);
}

/* --- foreign inputs --------------------------------------------------------------------------- */

static struct buf gzipped(struct slice s)
{
	struct buf out = { 0 };
	z_stream z = { 0 };

	cr_assert_eq(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	memcpy(&z.next_in, &s.p, sizeof(s.p));
	z.avail_in = (uInt)s.n;
	z.next_out = (Bytef *)buf_reserve(&out, deflateBound(&z, s.n));
	z.avail_out = (uInt)out.cap;
	cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	out.n = z.total_out;
	deflateEnd(&z);
	return out;
}

static struct buf bzipped(struct slice s)
{
	struct buf out = { 0 };
	char *from = mem_strndup(s.p, s.n);
	unsigned n = (unsigned)(s.n + s.n / 100 + 600);

	buf_reserve(&out, n);
	cr_assert_eq(BZ2_bzBuffToBuffCompress(out.p, &n, from, (unsigned)s.n, 1, 0, 0), BZ_OK);
	out.n = n;
	free(from);
	return out;
}

static struct buf zstded(struct slice s)
{
	struct buf out = { 0 };
	size_t bound = ZSTD_compressBound(s.n);

	out.n = ZSTD_compress(buf_reserve(&out, bound), bound, s.p, s.n, 3);
	cr_assert(!ZSTD_isError(out.n));
	return out;
}

static struct buf plain(struct slice s)
{
	struct buf out = { 0 };

	buf_slice(&out, s);
	return out;
}

static struct buf (*const packers[])(struct slice s) = { plain, gzipped, bzipped, zstded };

Test(stream, reads_members_of_every_format_cut_in_the_middle_of_a_line)
{
	struct buf lines = some_lines(5 * MIB, 6);

	for (size_t i = 0; i < ARRAY_LEN(packers); i++) {
		struct buf file = packers[i](slice_head(buf_view(&lines), 1234567));
		struct buf rest = packers[i](slice_skip(buf_view(&lines), 1234567));

		buf_slice(&file, buf_view(&rest));
		put_file(path_of("a"), buf_view(&file));
		expect_lines(path_of("a"), buf_view(&lines));
		buf_release(&file);
		buf_release(&rest);
	}
	buf_release(&lines);
}

Test(stream, truncated_members_and_garbage_behind_them_are_errors)
{
	for (size_t i = 1; i < ARRAY_LEN(packers); i++) {
		struct buf file = packers[i](slice_str(two_records));

		for (size_t n = 10; n < file.n; n++) {
			put_file(path_of("a"), slice_head(buf_view(&file), n));
			expect_failure(path_of("a"), "byte");
		}
		buf_str(&file, "garbage garbage\n");
		put_file(path_of("a"), buf_view(&file));
		expect_failure(path_of("a"), "byte");
		buf_release(&file);
	}
}

Test(stream, zeros_behind_the_last_member_are_padding)
{
	static const char zeros[5000];

	for (size_t i = 1; i < ARRAY_LEN(packers); i++) {
		struct buf file = packers[i](slice_str(two_records));

		buf_append(&file, zeros, sizeof(zeros));
		put_file(path_of("a"), buf_view(&file));
		expect_lines(path_of("a"), slice_str(two_records));
		buf_release(&file);
	}
}

Test(stream, says_where_each_member_lies)
{
	struct buf file = { 0 };
	uint64_t begins[4];
	struct input *in;
	struct err e = { 0 };
	char to[100];

	for (int i = 0; i < 3; i++) {
		struct buf member = gzipped(slice_str(two_records));

		begins[i] = file.n;
		buf_slice(&file, buf_view(&member));
		buf_release(&member);
	}
	begins[3] = file.n;
	put_file(path_of("a"), buf_view(&file));
	cr_assert_eq(input_open(&in, path_of("a"), false, &e), 0);
	for (int i = 0; i < 3; i++) {
		cr_expect_eq(input_read(in, to, sizeof(to), &e), (ssize_t)strlen(two_records));
		cr_expect_eq(input_member_offset(in), begins[i]);
		cr_expect(input_member_ended(in));
		cr_expect_eq(input_offset(in), begins[i + 1]);
	}
	cr_expect_eq(input_read(in, to, sizeof(to), &e), 0);
	input_free(in);
	buf_release(&file);
}

Test(stream, salvage_goes_on_behind_damage)
{
	struct buf file = { 0 };
	struct batches_options o = { .salvage = true };
	struct buf got = { 0 };
	struct err e = { 0 };

	for (int i = 0; i < 3; i++) {
		struct buf member = gzipped(slice_str(two_records));

		/* The second member's deflate data is damaged. */
		if (i == 1)
			memset(member.p + 12, 0xFF, 12);
		buf_slice(&file, buf_view(&member));
		buf_release(&member);
	}
	put_file(path_of("a"), buf_view(&file));
	cr_expect_eq(read_batches(path_of("a"), &o, &got, &e), 0, "%s", e.text);
	cr_expect_geq(got.n, 2 * strlen(two_records));
	cr_expect(slice_ends(buf_view(&got), slice_str(two_records)));
	buf_release(&file);
	buf_release(&got);
}

Test(stream, a_directory_and_a_missing_file_are_named)
{
	struct input *in;
	struct err e = { 0 };

	cr_expect_eq(input_open(&in, "/tmp", false, &e), -1);
	cr_expect_str_eq(e.text, "/tmp: is a directory");
	err_clear(&e);
	cr_expect_eq(input_open(&in, "/no/such", false, &e), -1);
	cr_expect_str_eq(e.text, "/no/such: No such file or directory");
}

/* --- bzip2 of many streams -------------------------------------------------------------------- */

static void add_stream(struct buf *file, struct slice content)
{
	size_t room = content.n + content.n / 50 + 1024;
	unsigned n = (unsigned)room;
	char *text = mem_zalloc(content.n + 1, 1); /* bzip2's interface is not const */

	if (content.n)
		memcpy(text, content.p, content.n);
	cr_assert_eq(BZ2_bzBuffToBuffCompress(
			     buf_reserve(file, room), &n, text, (unsigned)content.n, 9, 0, 0),
		BZ_OK);
	file->n += n;
	free(text);
}

/* What is read, with the offset of the member before each piece of it; then what went wrong. */
static struct buf read_members(const char *path, struct pool *pool, bool salvage)
{
	struct input *in;
	struct err e = { 0 };
	struct buf got = { 0 };
	ssize_t n = 1;
	uint64_t member = UINT64_MAX;

	cr_assert_eq(input_open(&in, path, salvage, &e), 0);
	if (pool)
		input_use_pool(in, pool);
	while (n > 0) {
		char to[5000];

		n = input_read(in, to, sizeof(to), &e);
		if (n > 0 && input_member_offset(in) != member) {
			member = input_member_offset(in);
			buf_printf(&got, "\n@%llu\n", (unsigned long long)member);
		}
		buf_append(&got, to, n > 0 ? (size_t)n : 0);
	}
	buf_printf(&got, "\nend %zd at %llu, %llu gaps: %s", n,
		(unsigned long long)input_offset(in), (unsigned long long)input_gaps(in), e.text);
	input_free(in);
	return got;
}

static void expect_same(const char *what, struct buf *file)
{
	struct pool *pool = pool_new(3);

	put_file(path_of("a"), buf_view(file));
	for (int salvage = 0; salvage < 2; salvage++) {
		struct buf serial = read_members(path_of("a"), NULL, salvage);
		struct buf ahead = read_members(path_of("a"), pool, salvage);

		cr_expect(slice_eq(buf_view(&serial), buf_view(&ahead)), "%s: %zu and %zu bytes",
			what, serial.n, ahead.n);
		buf_release(&serial);
		buf_release(&ahead);
	}
	pool_free(pool);
	buf_release(file);
}

/* The serial decoder is the reference. */
Test(stream, bzip2_streams_decoded_ahead_are_read_the_same)
{
	struct buf file = { 0 }, zeros = { 0 };
	struct buf streams[12];
	size_t begins[ARRAY_LEN(streams) + 1] = { 0 };

	memset(buf_reserve(&zeros, 20 * MIB), 0, 20 * MIB);
	zeros.n = 20 * MIB;
	for (size_t i = 0; i < ARRAY_LEN(streams); i++) {
		struct buf lines = some_lines(20000 * i, i);

		streams[i] = (struct buf){ 0 };
		add_stream(&streams[i], buf_view(&lines)); /* the first is empty */
		begins[i + 1] = begins[i] + streams[i].n;
		buf_slice(&file, buf_view(&streams[i]));
		buf_release(&lines);
	}
	expect_same("whole", &file);

	for (size_t i = 0; i < ARRAY_LEN(streams); i++)
		buf_append(&file, streams[i].p, i == 5 ? streams[i].n / 2 : streams[i].n);
	expect_same("one cut short", &file);

	for (size_t i = 0; i < ARRAY_LEN(streams); i++)
		buf_slice(&file, buf_view(&streams[i]));
	file.p[begins[7] + 1000] ^= 0x10;
	expect_same("one damaged", &file);

	for (size_t i = 0; i < ARRAY_LEN(streams); i++)
		buf_slice(&file, buf_view(&streams[i]));
	file.n -= 7;
	expect_same("cut off", &file);

	/* A stream that unpacks to too much, zeros behind the last, and what is no stream. */
	buf_slice(&file, buf_view(&streams[3]));
	add_stream(&file, buf_view(&zeros));
	buf_slice(&file, buf_view(&streams[4]));
	buf_append(&file, zeros.p, 3000);
	expect_same("bomb and padding", &file);
	buf_slice(&file, buf_view(&streams[3]));
	buf_str(&file, "BZh91AY&SYBZh91AY&SY nothing of the kind");
	expect_same("false beginnings", &file);
	for (size_t i = 0; i < ARRAY_LEN(streams); i++)
		buf_release(&streams[i]);
	buf_release(&zeros);
}

/* --- batches ---------------------------------------------------------------------------------- */

struct writer {
	int fd;
	struct slice bytes;
};

/* Writes in odd pieces, as a pipe delivers them. */
static void *write_pieces(void *arg)
{
	struct writer *w = arg;
	size_t step = 1;

	while (w->bytes.n) {
		size_t n = MIN(step, w->bytes.n);
		ssize_t done = write(w->fd, w->bytes.p, n);

		if (done < 0)
			break;
		w->bytes = slice_skip(w->bytes, (size_t)done);
		step = step * 7 % 60013 + 1;
	}
	close(w->fd);
	return NULL;
}

/* The sizes of the batches that path gives. */
static struct buf batch_sizes(const char *path, uint64_t max_record)
{
	struct batches_options o = { .max_record = max_record };
	struct batch batch = { 0 };
	struct batches *b;
	struct buf sizes = { 0 };
	struct err e = { 0 };

	cr_assert_eq(batches_open(&b, path, &o, &e), 0);
	while (batches_next(b, &batch, &e) > 0)
		buf_printf(&sizes, "%zu at %llu, ", batch.data.n, (unsigned long long)batch.byte);
	cr_expect_eq(e.code, ERR_NONE, "%s", e.text);
	batches_free(b);
	buf_release(&batch.data);
	return sizes;
}

Test(stream, batches_do_not_depend_on_how_the_bytes_arrive)
{
	struct buf lines = some_lines(13 * MIB, 7), whole, piped;
	struct writer w;
	pthread_t thread;
	char path[64];
	int ends[2];

	put_file(path_of("a"), buf_view(&lines));
	whole = batch_sizes(path_of("a"), 0);
	cr_assert_eq(pipe(ends), 0);
	w = (struct writer){ ends[1], buf_view(&lines) };
	pthread_create(&thread, NULL, write_pieces, &w);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	piped = batch_sizes(path, 0);
	pthread_join(thread, NULL);
	close(ends[0]);
	cr_expect(slice_eq(buf_view(&whole), buf_view(&piped)));
	buf_release(&lines);
	buf_release(&whole);
	buf_release(&piped);
}

/* {"id":1}, a line of so many x, {"id":2} */
static struct buf lines_around(size_t n)
{
	struct buf lines = { 0 };

	buf_str(&lines, "{\"id\":1}\n");
	memset(buf_reserve(&lines, n), 'x', n);
	lines.n += n;
	buf_str(&lines, "\n{\"id\":2}\n");
	return lines;
}

Test(stream, a_line_over_the_limit_is_passed_over_and_told)
{
	struct batches_options o = { .max_record = 1 * MIB };
	struct buf lines = lines_around(5 * MIB), got = { 0 };
	struct err e = { 0 };

	put_file(path_of("a"), buf_view(&lines));
	cr_expect_eq(read_batches(path_of("a"), &o, &got, &e), 0);
	cr_expect_str_eq(buf_cstr(&got), "{\"id\":1}\n<5242880>\n{\"id\":2}\n");
	buf_release(&lines);
	buf_release(&got);
}

Test(stream, a_line_that_is_passed_over_is_summed_all_the_same)
{
	struct batches_options o = { .max_record = 1 * MIB };
	struct buf lines = lines_around(5 * MIB);
	struct batch batch = { 0 };
	struct batches *b;
	struct digest want = { 0 };
	struct err e = { 0 };
	int n = 0;

	digest_line(&want, slice_head(slice_skip(buf_view(&lines), 9), 5 * MIB));
	put_file(path_of("a"), buf_view(&lines));
	cr_assert_eq(batches_open(&b, path_of("a"), &o, &e), 0);
	while (batches_next(b, &batch, &e) > 0) {
		if (!batch.too_long)
			continue;
		n++;
		cr_expect(digest_eq(&batch.digest, &want));
		cr_expect_eq(batch.passed, 5 * MIB + 1);
		cr_expect_eq(batch.data.n, BATCH_HEAD);
	}
	cr_expect_eq(n, 1);
	batches_free(b);
	buf_release(&batch.data);
	buf_release(&lines);
}

Test(stream, a_blank_line_over_the_limit_is_no_record)
{
	struct batches_options o = { .max_record = 1 * MIB };
	struct buf lines = lines_around(3 * MIB), got = { 0 };
	struct err e = { 0 };

	memset(lines.p + 9, ' ', 3 * MIB);
	put_file(path_of("a"), buf_view(&lines));
	cr_expect_eq(read_batches(path_of("a"), &o, &got, &e), 0);
	cr_expect_str_eq(buf_cstr(&got), "{\"id\":1}\n{\"id\":2}\n");
	buf_release(&lines);
	buf_release(&got);
}

Test(stream, a_frame_over_the_limit_is_read_in_pieces)
{
	struct batches_options o = { .max_record = 1 * MIB },
			       range = {
				       .max_record = 1 * MIB, .range = true, .first = 1, .end = 2
			       };
	struct buf lines = lines_around(20 * MIB), got = { 0 };
	struct err e = { 0 };

	write_stream(path_of("a"), buf_view(&lines), 1, 1);
	cr_expect_eq(read_batches(path_of("a"), &o, &got, &e), 0, "%s", e.text);
	cr_expect_str_eq(buf_cstr(&got), "{\"id\":1}\n<20971520>\n{\"id\":2}\n");
	buf_clear(&got, SIZE_MAX);
	cr_expect_eq(read_batches(path_of("a"), &range, &got, &e), 0, "%s", e.text);
	cr_expect_str_eq(buf_cstr(&got), "<20971520>\n");
	buf_release(&lines);
	buf_release(&got);
}

/* Else a frame of empty blocks without end would be held until it ends. */
Test(stream, a_frame_of_more_bytes_than_its_content_takes_is_none_of_ours)
{
	static const char header[] = "\x28\xB5\x2F\xFD\xE4\x64\0\0\0\0\0\0\0";
	struct buf frame = { 0 };
	size_t need = 0, walked = 0, at = 18;
	enum frame_kind kind = FRAME_SHORT;

	buf_append(&frame, header, sizeof(header) - 1);
	memset(buf_reserve(&frame, 64 * KIB), 0, 64 * KIB);
	frame.n += 64 * KIB;
	while (kind == FRAME_SHORT && at < 64 * KIB) {
		kind = frame_look(slice_head(buf_view(&frame), at), &need, &walked);
		cr_expect(kind != FRAME_SHORT || need > at);
		at = need;
	}
	cr_expect_eq(kind, FRAME_FOREIGN);
	cr_expect_lt(walked, 1000);
	buf_release(&frame);
}

Test(stream, a_byte_order_mark_before_the_first_line_is_passed_over)
{
	put_file(path_of("a"), SLICE("\xEF\xBB\xBF{\"id\":1}\n"));
	expect_lines(path_of("a"), SLICE("{\"id\":1}\n"));
}

Test(stream, blank_lines_are_no_records)
{
	static const char text[] = "\n{\"a\":1}\n \t\r\n\n{\"b\":2}";
	struct slice rest = slice_str(text), line;

	cr_expect_eq(count_records(rest), 2);
	cr_assert(next_record_line(&rest, &line));
	cr_expect(slice_eq(line, SLICE("{\"a\":1}")));
	cr_assert(next_record_line(&rest, &line));
	cr_expect(slice_eq(line, SLICE("{\"b\":2}")));
	cr_expect(!next_record_line(&rest, &line));
}

/* The records of a range, as records_of in a whole reading. */
static void expect_range(const char *path, struct slice all, uint64_t first, uint64_t end)
{
	ZSTD_DCtx *ctx = ZSTD_createDCtx();
	struct batches_options o = { .range = true, .first = first, .end = end };
	struct batch batch = { 0 };
	struct batches *b;
	struct buf content = { 0 };
	struct err e = { 0 };
	struct slice want, got;
	uint64_t n = 0, expected = 0;

	for (uint64_t i = 0; next_record_line(&all, &want) && i < first; i++)
		;
	cr_assert_eq(batches_open(&b, path, &o, &e), 0);
	while (batches_next(b, &batch, &e) > 0) {
		struct slice rest;

		content.n = 0;
		if (batch.frame)
			cr_assert_eq(frame_decompress(ctx, buf_view(&batch.data), &content, &e), 0);
		else
			buf_slice(&content, buf_view(&batch.data));
		rest = buf_view(&content);
		for (uint64_t i = 0; i < batch.skip; i++)
			cr_assert(next_record_line(&rest, &got));
		for (uint64_t i = 0; i < batch.take && next_record_line(&rest, &got); i++) {
			cr_expect(slice_eq(got, want), "record %llu",
				(unsigned long long)(first + n));
			if (!next_record_line(&all, &want))
				want = (struct slice){ 0 };
			n++;
		}
	}
	expected = end - first;
	cr_expect_eq(n, expected, "%llu records of %llu", (unsigned long long)n,
		(unsigned long long)expected);
	batches_free(b);
	buf_release(&batch.data);
	buf_release(&content);
	ZSTD_freeDCtx(ctx);
}

Test(stream, ranges_are_exact_with_and_without_a_seek_table)
{
	struct buf lines = some_lines(13 * MIB, 8);
	uint64_t n = count_records(buf_view(&lines));
	const uint64_t ranges[][2] = { { 0, 0 }, { 0, 1 }, { 5, 5 }, { 5, 9 },
		{ n / 2, n / 2 + 200 }, { n - 3, n }, { 0, n } };

	write_stream(path_of("a"), buf_view(&lines), 2, 1);
	put_file(path_of("b.jsonl"), buf_view(&lines));
	for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
		expect_range(path_of("a"), buf_view(&lines), ranges[i][0], ranges[i][1]);
		expect_range(path_of("b.jsonl"), buf_view(&lines), ranges[i][0], ranges[i][1]);
	}
	buf_release(&lines);
}

/* --- publishing ------------------------------------------------------------------------------- */

static int count_files(void)
{
	char command[128];
	int n = -1;
	FILE *p;

	snprintf(command, sizeof(command), "ls -A %s | wc -l", folder);
	p = popen(command, "r");
	cr_assert(p);
	cr_assert_eq(fscanf(p, "%d", &n), 1);
	pclose(p);
	return n;
}

Test(stream, an_aborted_file_leaves_nothing_and_a_published_one_is_whole)
{
	struct publish *p;
	struct err e = { 0 };
	struct buf got;

	cr_assert_eq(publish_open(&p, path_of("a"), &e), 0, "%s", e.text);
	cr_assert_eq(write_all(publish_fd(p), "half", 4, "a", &e), 0);
	cr_expect_neq(access(path_of("a"), F_OK), 0, "seen before it is complete");
	publish_abort(p);
	cr_expect_eq(count_files(), 0);
	put_file(path_of("a"), SLICE("first"));
	put_file(path_of("a"), SLICE("second"));
	got = get_file(path_of("a"));
	cr_expect(slice_eq(buf_view(&got), SLICE("second")));
	cr_expect_eq(count_files(), 1);
	buf_release(&got);
}

Test(stream, a_symbolic_link_stays_one_and_a_device_is_not_replaced)
{
	char target[160];
	struct stat st;

	snprintf(target, sizeof(target), "%s/target", folder);
	put_file(target, SLICE("old"));
	cr_assert_eq(symlink(target, path_of("link")), 0);
	put_file(path_of("link"), SLICE("new"));
	cr_assert_eq(lstat(path_of("link"), &st), 0);
	cr_expect(S_ISLNK(st.st_mode));
	put_file("/dev/null", SLICE("x"));
	cr_assert_eq(stat("/dev/null", &st), 0);
	cr_expect(S_ISCHR(st.st_mode));
}
