/* The law of epochs, and the global shuffle. */
#include "stages/mix/shuffle.h"

#include "lib/core/buf.h"
#include "stages/mix/draw.h"

#include <criterion/criterion.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

static struct slice id_of(char buf[32], unsigned i)
{
	int n = snprintf(buf, 32, "doc-%u", i);

	return (struct slice){ buf, (size_t)n };
}

Test(draw, epochs_part_into_whole_and_fraction)
{
	static const struct {
		double epochs;
		uint32_t whole;
		uint64_t below;
	} cases[] = {
		{ 0, 0, 0 },
		{ 1, 1, 0 },
		{ 3, 3, 0 },
		{ 0.5, 0, (uint64_t)1 << 63 },
		{ 2.25, 2, (uint64_t)1 << 62 },
		{ 1e9, 1000000000, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct draw d = draw_epochs(cases[i].epochs);

		cr_expect_eq(d.whole, cases[i].whole);
		cr_expect_eq(d.below, cases[i].below);
	}
}

/* Each document gets floor or ceil of the epochs; over 100,000 ids the mean is within four standard
 * errors, sqrt(f (1 - f) / n). */
Test(draw, epochs_hold_over_many_documents)
{
	static const double epochs[] = { 0.0, 0.01, 0.44, 1, 1.9, 2.9, 3.4346 };
	enum { N = 100000 };

	for (size_t k = 0; k < ARRAY_LEN(epochs); k++) {
		struct draw d = draw_epochs(epochs[k]);
		double f = epochs[k] - floor(epochs[k]), sum = 0;
		char buf[32];

		for (unsigned i = 0; i < N; i++) {
			uint32_t copies = draw_copies(&d, 3, id_of(buf, i));

			cr_assert(copies >= floor(epochs[k]) && copies <= ceil(epochs[k]));
			sum += copies;
		}
		cr_expect(fabs(sum / N - epochs[k]) <= 4 * sqrt(f * (1 - f) / N), "%g: %g",
			epochs[k], sum / N);
	}
}

Test(draw, follows_the_rule_that_the_manual_states)
{
	struct draw d = draw_epochs(0.3);
	unsigned differ = 0;

	for (unsigned i = 0; i < 1000; i++) {
		char buf[32];
		struct slice id = id_of(buf, i);
		double u = ldexp((double)XXH3_64bits_withSeed(id.p, id.n, 8), -64);

		cr_expect_eq(draw_copies(&d, 8, id), u < 0.3);
		differ += draw_copies(&d, 8, id) != draw_copies(&d, 9, id);
	}
	cr_expect(differ > 300, "another seed chose the same but for %u", differ);
}

Test(draw, more_epochs_only_add)
{
	struct draw few = draw_epochs(0.44), more = draw_epochs(0.6), most = draw_epochs(1.1);
	char buf[32];

	for (unsigned i = 0; i < 1000; i++) {
		struct slice id = id_of(buf, i);

		cr_expect_leq(draw_copies(&few, 1, id), draw_copies(&more, 1, id));
		cr_expect_leq(draw_copies(&more, 1, id), draw_copies(&most, 1, id));
	}
}

Test(draw, keys_differ_by_seed_source_id_and_copy)
{
	struct buf b = { 0 };
	struct key128 keys[] = {
		draw_key(1, "a", SLICE("x"), 0, 0, &b),
		draw_key(2, "a", SLICE("x"), 0, 0, &b),
		draw_key(1, "b", SLICE("x"), 0, 0, &b),
		draw_key(1, "a", SLICE("y"), 0, 0, &b),
		draw_key(1, "a", SLICE("x"), 1, 0, &b),
		draw_key(1, "ax", SLICE(""), 0, 0, &b),
		draw_key(1, "a", SLICE("x"), 0, 1, &b),
	};
	XXH128_hash_t h = XXH3_128bits_withSeed("a\0x\0\1\0\0\0\0\0\0\0\0\0\0\0", 16, 1);

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		for (size_t k = 0; k < i; k++)
			cr_expect_neq(draw_compare(keys[i], keys[k]), 0, "%zu %zu", i, k);
	cr_expect_eq(keys[4].lo, h.low64);
	cr_expect_eq(keys[4].hi, h.high64);
	cr_expect_lt(draw_compare((struct key128){ 9, 1 }, (struct key128){ 0, 2 }), 0);
	cr_expect_gt(draw_compare((struct key128){ 9, 1 }, (struct key128){ 8, 1 }), 0);
	buf_release(&b);
}

/* --- the shuffle ------------------------------------------------------------------------------ */

enum { LINES = 20000 };

/* Adds lines from, from + step, ...: number i, and as many x as i modulo 300. */
struct adder {
	struct shuffle *s;
	unsigned from, step;
	bool backwards;
};

static void *adder_run(void *arg)
{
	const struct adder *a = arg;
	struct buf line = { 0 }, scratch = { 0 };

	for (unsigned k = a->from; k < LINES; k += a->step) {
		unsigned i = a->backwards ? LINES - 1 - k : k;
		char id[32];
		struct err e = { 0 };

		buf_clear(&line, SIZE_MAX);
		buf_printf(&line, "%u ", i);
		memset(buf_reserve(&line, i % 300), 'x', i % 300);
		line.n += i % 300;
		buf_byte(&line, '\n');
		cr_assert_eq(
			shuffle_add(a->s, draw_key(5, "s", id_of(id, i), 0, 0, &scratch),
				&(struct shuffle_line){ buf_view(&line), i % 3, i, i % 7 }, &e),
			0, "%s", e.text);
	}
	buf_release(&line);
	buf_release(&scratch);
	return NULL;
}

/* All lines as they come out, checked to be whole and each once. */
static void shuffled(struct buf *out, size_t memory, unsigned threads, bool backwards)
{
	struct pool *pool = pool_new(threads);
	struct shuffle *s;
	struct shuffle_line line;
	struct err e = { 0 };
	pthread_t ids[8];
	struct adder adders[8];
	bool seen[LINES] = { false };
	int got;

	cr_assert_eq(
		shuffle_new(&s, &(struct shuffle_options){ LINES, 3e6, memory, NULL, pool }, &e),
		0);
	for (unsigned t = 0; t < threads; t++) {
		adders[t] = (struct adder){ s, t, threads, backwards };
		pthread_create(&ids[t], NULL, adder_run, &adders[t]);
	}
	for (unsigned t = 0; t < threads; t++)
		pthread_join(ids[t], NULL);
	cr_assert_eq(shuffle_seal(s, &e), 0);
	cr_expect_eq(shuffle_count(s), LINES);
	while ((got = shuffle_next(s, &line, &e)) > 0) {
		unsigned i = (unsigned)atoi(line.line.p);

		cr_assert(i < LINES && !seen[i]);
		seen[i] = true;
		cr_assert_eq(line.source, i % 3);
		cr_assert_eq(line.tokens, i);
		cr_assert_eq(line.text_bytes, i % 7);
		buf_slice(out, line.line);
	}
	cr_expect_eq(got, 0, "%s", e.text);
	cr_expect_eq(shuffle_bytes(s), out->n);
	for (unsigned i = 0; i < LINES; i++)
		cr_assert(seen[i]);
	shuffle_free(s);
	pool_free(pool);
}

Test(shuffle, gives_the_same_order_whatever_memory_threads_and_order_of_adding)
{
	struct buf want = { 0 };
	static const struct {
		size_t memory;
		unsigned threads;
		bool backwards;
	} cases[] = {
		{ 100 << 20, 1, true },
		{ 100 << 10, 1, false },
		{ 1 << 20, 2, false },
		{ 0, 3, true },
	};

	shuffled(&want, 100 << 20, 1, false);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf got = { 0 };

		shuffled(&got, cases[i].memory, cases[i].threads, cases[i].backwards);
		cr_expect(slice_eq(buf_view(&got), buf_view(&want)), "case %zu", i);
		buf_release(&got);
	}
	buf_release(&want);
}

/* Spearman's rank correlation of place and number is 0 within four standard errors, 1 / sqrt(n -
 * 1). */
Test(shuffle, leaves_no_trace_of_the_order_of_input)
{
	struct buf out = { 0 };
	struct slice rest;
	double sum = 0, n = LINES;

	shuffled(&out, 1 << 20, 1, false);
	buf_cstr(&out);
	rest = buf_view(&out);
	for (unsigned place = 0; place < LINES; place++) {
		double d = place - (double)atoi(rest.p);

		sum += d * d;
		rest = slice_skip(rest, slice_find(rest, SLICE("\n")) + 1);
	}
	cr_expect_lt(fabs(1 - 6 * sum / (n * (n * n - 1))), 4 / sqrt(n - 1));
	buf_release(&out);
}

Test(shuffle, lines_of_equal_keys_come_in_the_order_of_their_bytes)
{
	static const char *const lines[] = { "b\n", "a\n", "ab\n", "a\n", "B\n" };
	static const char *const want[] = { "B\n", "a\n", "a\n", "ab\n", "b\n" };
	struct pool *pool = pool_new(1);
	struct shuffle *s;
	struct shuffle_line line;
	struct err e = { 0 };

	cr_assert_eq(shuffle_new(&s, &(struct shuffle_options){ LINES, 0, 0, NULL, pool }, &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		cr_assert_eq(shuffle_add(s, (struct key128){ 1, 2 },
				     &(struct shuffle_line){ .line = slice_str(lines[i]) }, &e),
			0);
	cr_assert_eq(shuffle_seal(s, &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		cr_assert_eq(shuffle_next(s, &line, &e), 1);
		cr_expect(slice_eq(line.line, slice_str(want[i])));
	}
	cr_expect_eq(shuffle_next(s, &line, &e), 0);
	cr_expect_eq(shuffle_next(s, &line, &e), 0);
	shuffle_free(s);
	pool_free(pool);
}
