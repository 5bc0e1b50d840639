/* --salvage: what is behind damage is read, and what was lost is told to the byte. */
#include "lib/web/warc.h"
#include "tests/memory_input.h"
#include "tests/random.h"

#include <bzlib.h>
#include <zstd.h>

/* --- members ---------------------------------------------------------------------------------- */

static void put_gzip(struct buf *out, struct slice s)
{
	put_gzip_member(out, s, 6);
}

static void put_zstd(struct buf *out, struct slice s)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	size_t room = ZSTD_compressBound(s.n);

	ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
	out->n += ZSTD_compress2(c, buf_reserve(out, room), room, s.p, s.n);
	ZSTD_freeCCtx(c);
}

static void put_bzip2(struct buf *out, struct slice s)
{
	unsigned room = (unsigned)(s.n * 2 + 1000);
	char *copy = buf_reserve(out, room + s.n) + room;

	memcpy(copy, s.p, s.n);
	cr_assert(BZ2_bzBuffToBuffCompress(out->p + out->n, &room, copy, (unsigned)s.n, 1, 0, 0) ==
		BZ_OK);
	out->n += room;
}

static void (*const packers[])(struct buf *out, struct slice s) = { put_gzip, put_zstd, put_bzip2 };

/* Words that compress to a few kilobytes. */
static struct buf content(uint64_t seed)
{
	struct buf out = { 0 };

	for (int i = 0; i < 2000; i++)
		buf_printf(&out, "%x ", (unsigned)random_next(&seed) & 0xFFFF);
	return out;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Reads all and looks whether it ends with want; then the one gap. */
static void expect_gap(
	struct slice bytes, const struct buf *want, uint64_t at, uint64_t lost, const char *what)
{
	struct memory_input f;
	struct buf got = { 0 };
	struct err e = { 0 };
	struct input_gap gap = { 0 };
	ssize_t n;

	memory_input_open(&f, bytes, true);
	while ((n = input_read(f.in, buf_reserve(&got, 65536), 65536, &e)) > 0)
		got.n += (size_t)n;
	cr_expect(n == 0, "%s: %s", what, e.text);
	cr_expect(!want || slice_ends(buf_view(&got), buf_view(want)), "%s: what follows is read",
		what);
	cr_expect(input_gaps(f.in) == 1, "%s: %d gaps", what, (int)input_gaps(f.in));
	cr_expect(input_lost(f.in) == lost, "%s: %d bytes, not %d", what, (int)input_lost(f.in),
		(int)lost);
	cr_expect(input_gap(f.in, 0, &gap) && gap.at == at && gap.bytes == lost, "%s: %d at %d",
		what, (int)gap.bytes, (int)gap.at);
	cr_expect(!input_gap(f.in, 1, &gap));
	memory_input_close(&f);
	buf_release(&got);
}

Test(salvage, loses_the_member_that_is_damaged_and_no_other)
{
	static const char *const names[] = { "gzip", "zstd", "bzip2" };
	struct buf parts[3] = { content(1), content(2), content(3) };

	for (size_t i = 0; i < ARRAY_LEN(packers); i++) {
		struct buf file = { 0 };
		size_t begins[3];

		for (size_t k = 0; k < 3; k++) {
			begins[k] = file.n;
			packers[i](&file, buf_view(&parts[k]));
		}
		for (size_t at = begins[1] + 20; at < begins[2]; at += 97) {
			char before = file.p[at];

			file.p[at] ^= 0x55;
			expect_gap(buf_view(&file), &parts[2], begins[1], begins[2] - begins[1],
				names[i]);
			file.p[at] = before;
		}
		/* cut inside the last: what is there of it is lost */
		expect_gap(slice_head(buf_view(&file), file.n - 100), NULL, begins[2],
			file.n - 100 - begins[2], names[i]);
		buf_release(&file);
	}
	for (size_t k = 0; k < 3; k++)
		buf_release(&parts[k]);
}

/* A member's first bytes stand inside the damaged one: one gap all the same. */
Test(salvage, takes_a_false_beginning_for_a_part_of_the_gap)
{
	struct buf a = content(1), c = content(3), file = { 0 };
	size_t begin, end;

	put_gzip(&file, buf_view(&a));
	begin = file.n;
	put_gzip(&file, buf_view(&a));
	memcpy(file.p + begin + 100, "\x1F\x8B\x08\0\0\0\0\0\0\3garbage", 17);
	end = file.n;
	put_gzip(&file, buf_view(&c));
	expect_gap(buf_view(&file), &c, begin, end - begin, "gzip");
	buf_release(&a);
	buf_release(&c);
	buf_release(&file);
}

/* --- WARC ------------------------------------------------------------------------------------- */

static void put_record(struct buf *out, const char *length, const char *block)
{
	buf_printf(out, "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %s\r\n\r\n%s\r\n\r\n",
		length, block);
}

/* Reads all records; returns how many were whole. */
static int read_records(struct memory_input *f)
{
	struct warc *w = warc_new(f->in);
	struct buf data = { 0 };
	struct warc_header h;
	struct warc_place place;
	struct err e = { 0 };
	int whole = 0, r;

	while ((r = warc_next(w, &data, &h, &e)) > 0) {
		r = h.type == WARC_DAMAGED ? 0 : warc_block(w, &data, &e);
		if (r > 0)
			r = warc_finish(w, &place, &e);
		cr_assert(r >= 0, "%s", e.text);
		whole += r;
		data.n = 0;
	}
	cr_expect(r == 0, "%s", e.text);
	warc_free(w);
	buf_release(&data);
	return whole;
}

Test(salvage, tells_the_records_that_were_passed_over)
{
	static const char *const lengths[] = { "x", "999999", "2", "14" };

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct buf file = { 0 };
		struct input_gap gap = { 0 };
		struct memory_input f;
		size_t begin, end;

		put_record(&file, "5", "first");
		begin = file.n;
		put_record(&file, lengths[i], "damaged");
		end = file.n;
		put_record(&file, "5", "third");
		memory_input_open(&f, buf_view(&file), true);
		/* A length that is too long takes the rest, or the next record's beginning with
		 * which that is lost; one that is too short loses the record. */
		if (i == 1 || i == 3)
			end = file.n;
		cr_expect(read_records(&f) == (end == file.n ? 1 : 2), "case %zu", i);
		cr_expect(input_gaps(f.in) == 1);
		cr_expect(input_gap(f.in, 0, &gap));
		cr_expect(gap.at == begin && gap.bytes == end - begin, "case %zu: %d at %d", i,
			(int)gap.bytes, (int)gap.at);
		memory_input_close(&f);
		buf_release(&file);
	}
}

Test(salvage, counts_a_damaged_record_in_a_damaged_member_once)
{
	struct buf one = { 0 }, file = { 0 };
	struct memory_input f;
	size_t begins[3];

	for (int i = 0; i < 3; i++) {
		begins[i] = file.n;
		one.n = 0;
		put_record(
			&one, "60", "sixty bytes of a block, sixty bytes of a block, sixty bytes.");
		put_gzip(&file, buf_view(&one));
	}
	file.p[begins[1] + 40] ^= 0x55;
	memory_input_open(&f, buf_view(&file), true);
	cr_expect(read_records(&f) == 2);
	cr_expect(input_gaps(f.in) == 1 && input_lost(f.in) == begins[2] - begins[1]);
	memory_input_close(&f);
	buf_release(&one);
	buf_release(&file);
}
