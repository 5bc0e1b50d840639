/* The scanners of tokenizer/pretok_scan.h: the faster ones cut as the plain ones do, from wherever
 * they begin. */
#include "tokenizer/pretok_scan.h"

#include "lib/core/cpu.h"
#include "lib/record/record.h"
#include "tests/pretok_cut.h"
#include "tests/shared_data.h"

enum { CAP = 256 };

static const struct scanner *scanner_named(const char *name)
{
	size_t n;
	const struct cut_step *steps = pretok_named(name, &n);
	const struct scanner *scanner = scanner_for(steps, n);

	cr_assert(scanner);
	return scanner;
}

/* All ends from at on, by up to cap at a time. */
static void scan_all(scan_fn *scan, struct slice text, size_t at, size_t cap, struct buf *out)
{
	out->n = 0;
	while (at < text.n) {
		uint32_t *ends = (uint32_t *)(void *)buf_reserve(out, cap * sizeof(*ends));
		size_t n = scan((const unsigned char *)text.p, at, text.n, ends, cap);

		cr_assert(n > 0 && n <= cap);
		out->n += n * sizeof(*ends);
		at = ends[n - 1];
	}
}

static void expect_alike(const char *name, scan_fn *fast, struct slice text, size_t at, size_t cap)
{
	static struct buf want, got;
	size_t i = 0;

	scan_all(scanner_named(name)->plain, text, at, CAP, &want);
	scan_all(fast, text, at, cap, &got);
	if (slice_eq(buf_view(&want), buf_view(&got)))
		return;
	while (i < want.n && i < got.n && memcmp(want.p + i, got.p + i, 4) == 0)
		i += 4;
	cr_assert_fail("%s from %zu on: piece %zu differs, which begins at %u", name, at, i / 4,
		i ? (unsigned)load_le32(want.p + i - 4) : (unsigned)at);
}

/* Those that this processor runs. */
static size_t fast_ones(const char *name, scan_fn *fast[4])
{
	size_t n = 0;

	fast[n++] = scanner_named(name)->swar;
#if defined(__x86_64__)
	if (cpu_has_avx512())
		fast[n++] = scanner_named(name)->avx512;
#endif
	return n;
}

static void alike_from_every_offset(const char *name, int rounds, uint32_t most)
{
	scan_fn *fast[4];
	size_t n = fast_ones(name, fast);
	struct buf text = { 0 };
	uint64_t state = most;

	for (int round = 0; round < rounds; round++) {
		random_text(&text, most, NULL, &state);
		for (size_t at = 0; at < text.n; at++)
			for (size_t i = 0; i < n && (text.p[at] & 0xC0) != 0x80; i++)
				expect_alike(name, fast[i], buf_view(&text), at,
					64 + next_random(&state) % 200);
	}
	buf_release(&text);
}

Test(pretok_scan, fast_ways_are_equal_to_the_plain_one_from_every_offset)
{
	for (size_t i = 0; pretok_names[i]; i++)
		alike_from_every_offset(pretok_names[i], 400, 100);
}

Test(pretok_scan, fast_ways_are_equal_to_the_plain_one_on_long_random_text)
{
	struct buf text = { 0 };
	uint64_t state = 5;

	for (int round = 0; round < 2000; round++) {
		random_text(&text, 2000, NULL, &state);
		for (size_t i = 0; pretok_names[i]; i++) {
			scan_fn *fast[4];
			size_t n = fast_ones(pretok_names[i], fast);

			for (size_t k = 0; k < n; k++)
				expect_alike(pretok_names[i], fast[k], buf_view(&text), 0, CAP);
		}
	}
	buf_release(&text);
}

/* What is behind the end may be anything. */
Test(pretok_scan, nothing_behind_the_end_is_looked_at)
{
	for (size_t i = 0; pretok_names[i]; i++) {
		static const char text[] =
			"It's a\nb  c 12345! don't\xE4\xB8\xAD\xE6\x96\x87  \n x's";
		scan_fn *fast[4];
		size_t n = fast_ones(pretok_names[i], fast);

		for (size_t end = 1; end < sizeof(text); end++)
			for (size_t k = 0; k <= n && (text[end] & 0xC0) != 0x80; k++) {
				struct buf want = { 0 }, got = { 0 };
				char *exact = malloc(end);

				memcpy(exact, text, end);
				scan_all(k < n ? fast[k] : scanner_named(pretok_names[i])->plain,
					(struct slice){ exact, end }, 0, CAP, &want);
				scan_all(k < n ? fast[k] : scanner_named(pretok_names[i])->plain,
					(struct slice){ text, end }, 0, CAP, &got);
				cr_assert(slice_eq(buf_view(&want), buf_view(&got)));
				cr_assert_eq(load_le32(got.p + got.n - 4), end);
				free(exact);
				buf_release(&want);
				buf_release(&got);
			}
	}
}

static void alike_on(const char *path)
{
	struct buf all = { 0 };
	struct slice rest, line;
	struct record r = { 0 };
	struct err e = { 0 };

	if (!shared_read(path, 24 * MIB, &all))
		return;
	rest = buf_view(&all);
	while (shared_line(&rest, &line) && rest.n) {
		cr_assert_eq(record_scan(&r, line, &e), 0, "%s", e.text);
		for (size_t i = 0; pretok_names[i]; i++) {
			scan_fn *fast[4];
			size_t n = fast_ones(pretok_names[i], fast);

			for (size_t k = 0; k < n && utf8_valid(record_text(&r)); k++)
				expect_alike(pretok_names[i], fast[k], record_text(&r), 0, CAP);
		}
	}
	record_release(&r);
	buf_release(&all);
}

Test(pretok_scan, fast_ways_are_equal_to_the_plain_one_on_real_text)
{
	alike_on("data/dedup/docs.jsonl.zst");
	alike_on("data/langid/train.jsonl.zst");
	alike_on("data/extract/gold.jsonl.zst");
}
