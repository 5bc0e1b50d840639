/* Buckets on disk: nothing lost, threads or not, and damage found. */
#include "lib/store/buckets.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { BUCKETS = 5, THREADS = 4, EACH = 3000 };

/* Record i: its number, its length, and as many bytes of its own letter. */
static void add(struct buckets *b, uint32_t i)
{
	struct err e = { 0 };
	uint32_t head[2] = { i, i * 37 % 200 + (i % 1000 == 0 ? 20000 : 0) };
	char *body = malloc(head[1] + 1);

	memset(body, 'a' + (int)(i % 26), head[1]);
	cr_assert_eq(buckets_add(b, i % BUCKETS, (struct slice){ (char *)head, sizeof(head) },
			     (struct slice){ body, head[1] }, &e),
		0, "%s", e.text);
	free(body);
}

struct adder {
	struct buckets *b;
	uint32_t from;
};

static void *adder_run(void *arg)
{
	struct adder *a = arg;

	for (uint32_t i = a->from; i < THREADS * EACH; i += THREADS)
		add(a->b, i);
	return NULL;
}

static struct buckets *filled(size_t memory)
{
	struct buckets *b;
	struct err e = { 0 };
	struct adder adders[THREADS];
	pthread_t threads[THREADS];

	cr_assert_eq(buckets_new(&b, &(struct buckets_options){ BUCKETS, memory, NULL }, &e), 0);
	for (uint32_t i = 0; i < THREADS; i++) {
		adders[i] = (struct adder){ b, i };
		pthread_create(&threads[i], NULL, adder_run, &adders[i]);
	}
	for (uint32_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	cr_assert_eq(buckets_seal(b, &e), 0);
	return b;
}

/* Marks the records of a loaded bucket in seen. */
static void check(struct slice data, size_t bucket, bool *seen)
{
	while (data.n) {
		uint32_t i = load_le32(data.p), n = load_le32(data.p + 4);

		cr_assert(i < THREADS * EACH && i % BUCKETS == bucket && !seen[i]);
		seen[i] = true;
		for (uint32_t k = 0; k < n; k++)
			cr_assert_eq(data.p[8 + k], 'a' + (int)(i % 26));
		data = slice_skip(data, 8 + n);
	}
}

Test(buckets, hold_each_record_whole_and_once)
{
	static const size_t memory[] = { 0, 100000, 100 << 20 };

	for (size_t m = 0; m < ARRAY_LEN(memory); m++) {
		struct buckets *b = filled(memory[m]);
		bool seen[THREADS * EACH] = { false };
		struct buf data = { 0 };
		struct err e = { 0 };

		for (size_t i = 0; i < BUCKETS; i++) {
			buf_clear(&data, SIZE_MAX);
			cr_assert_eq(buckets_load(b, i, &data, &e), 0, "%s", e.text);
			cr_expect_eq(data.n, buckets_size(b, i));
			check(buf_view(&data), i, seen);
		}
		for (size_t i = 0; i < ARRAY_LEN(seen); i++)
			cr_assert(seen[i], "record %zu", i);
		buf_release(&data);
		buckets_free(b);
	}
}

Test(buckets, empty_ones_load_as_nothing)
{
	struct buckets *b;
	struct err e = { 0 };
	struct buf data = { 0 };

	cr_assert_eq(buckets_new(&b, &(struct buckets_options){ 2, 0, NULL }, &e), 0);
	cr_assert_eq(buckets_seal(b, &e), 0);
	cr_expect_eq(buckets_load(b, 1, &data, &e), 0);
	cr_expect_eq(data.n, 0);
	buckets_free(b);
}

Test(buckets, damage_is_found)
{
	for (off_t at = 0; at < 4000; at += 3) {
		struct buckets *b;
		struct err e = { 0 };
		struct buf data = { 0 };
		char byte;

		cr_assert_eq(buckets_new(&b, &(struct buckets_options){ 1, 0, NULL }, &e), 0);
		for (uint32_t i = 1; i < 60; i++)
			cr_assert_eq(
				buckets_add(b, 0, SLICE("0123456789abcdef"),
					SLICE("a line of the mix which is 50 characters in all."),
					&e),
				0);
		cr_assert_eq(buckets_seal(b, &e), 0);
		if (pread(buckets_fd(b), &byte, 1, at) == 1) {
			byte ^= 4;
			cr_assert_eq(pwrite(buckets_fd(b), &byte, 1, at), 1);
			cr_expect_eq(buckets_load(b, 0, &data, &e), -1, "byte %d", (int)at);
			cr_expect_eq(e.code, ERR_DATA, "byte %d: %s", (int)at, e.text);
		}
		buf_release(&data);
		buckets_free(b);
	}
}

/* RLIMIT_FSIZE stands in for a full disk. */
Test(buckets, a_full_disk_is_an_error_with_a_sentence)
{
	struct buckets *b;
	struct err e = { 0 };
	int result = 0;

	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 20000, 20000 }), 0);
	cr_assert_eq(buckets_new(&b, &(struct buckets_options){ 3, 0, NULL }, &e), 0);
	for (size_t i = 0; i < 10000 && result == 0; i++)
		result = buckets_add(b, i % 3, SLICE("0123456789abcdef"), SLICE("a line"), &e);
	cr_expect_eq(result, -1);
	cr_expect_eq(e.code, ERR_IO);
	cr_expect(strstr(e.text, "buckets (--tmpdir): temporary file in"), "%s", e.text);
	buckets_free(b);
}
