/* gzip members of every size, by libdeflate and by zlib: the same bytes, places and words. */
#include "tests/memory_input.h"
#include "tests/random.h"

/* Bytes that compress well, or not at all. */
static struct buf content(size_t n, bool noise)
{
	struct buf out = { 0 };
	uint64_t state = n;

	buf_reserve(&out, n + 8);
	while (out.n < n)
		if (noise)
			buf_le64(&out, random_next(&state));
		else
			buf_printf(&out, "line %zu of the content\n", out.n);
	out.n = n;
	return out;
}

/* Reads one member in pieces of step bytes and expects want; where it lay. */
static void expect_member(
	struct memory_input *f, const struct buf *want, size_t step, uint64_t begin, uint64_t end)
{
	struct buf got = { 0 };
	struct err e = { 0 };

	while (got.n < want->n) {
		ssize_t n = input_read(f->in, buf_reserve(&got, step), step, &e);

		cr_assert(n > 0, "%s", e.text);
		got.n += (size_t)n;
		cr_assert(input_member_offset(f->in) == begin);
	}
	cr_expect(slice_eq(buf_view(&got), buf_view(want)), "member of %zu bytes", want->n);
	cr_expect(input_member_ended(f->in));
	cr_expect(input_offset(f->in) == end, "%d %d", (int)input_offset(f->in), (int)end);
	buf_release(&got);
}

Test(input_gzip, reads_members_of_any_size)
{
	static const struct {
		size_t n;
		bool noise;
	} members[] = {
		{ 1, false },
		{ 60000, false },
		{ 1024 * 1024 - 1, false },
		{ 1024 * 1024 + 1, true },
		{ 3 * 1024 * 1024, false },
		{ 300, true },
		{ 5 * 1024 * 1024, true }, /* more than is held of the file */
		{ 17 * 1024 * 1024, false }, /* more than is held of the content */
		{ 16 * 1024 * 1024, false },
		{ 200000, true },
	};
	struct buf file = { 0 }, parts[ARRAY_LEN(members)];
	size_t begins[ARRAY_LEN(members) + 1] = { 0 };
	struct memory_input f;
	struct err e = { 0 };
	char none;

	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		parts[i] = content(members[i].n, members[i].noise);
		put_gzip_member(&file, buf_view(&parts[i]), 1);
		if (i % 3 == 0) /* an empty one gives no bytes */
			put_gzip_member(&file, (struct slice){ 0 }, 1);
		begins[i + 1] = file.n;
	}
	memory_input_open(&f, buf_view(&file), false);
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		size_t empty = i % 3 == 0 ? 20 : 0;

		expect_member(&f, &parts[i], 65536, begins[i], begins[i + 1] - empty);
	}
	cr_expect(input_read(f.in, &none, 1, &e) == 0);
	memory_input_close(&f);
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		buf_release(&parts[i]);
	buf_release(&file);
}

/* A wrong checksum: what libdeflate refuses whole comes from zlib up to the damage. */
Test(input_gzip, gives_what_came_before_damage)
{
	struct buf one = content(100000, false), file = { 0 }, got = { 0 };
	struct memory_input f;
	struct err e = { 0 };
	ssize_t n;

	put_gzip_member(&file, buf_view(&one), 6);
	file.p[file.n - 8] ^= 1;
	memory_input_open(&f, buf_view(&file), false);
	while ((n = input_read(f.in, buf_reserve(&got, 1000), 1000, &e)) > 0)
		got.n += (size_t)n;
	cr_expect(n == -1 && strstr(e.text, "incorrect data check"), "%s", e.text);
	cr_expect(got.n >= 99000 && slice_starts(buf_view(&one), buf_view(&got)));
	memory_input_close(&f);
	buf_release(&one);
	buf_release(&file);
	buf_release(&got);
}
