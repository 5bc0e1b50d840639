/* How fast texts in memory are encoded: CPU seconds of a first and a second pass of a new encoder.
 *
 *	make build/bench/tokenize_bench
 *	build/bench/tokenize_bench VOCABULARY PATTERN FILE.docs [MB [ROUNDS [IDS]]]
 *
 * FILE.docs holds documents as tokenize_texts.py writes them, of which the first MB million bytes
 * are taken (0: all). PATTERN is a name of pretok.h. The figures are the best of ROUNDS, each with
 * an encoder of its own. IDS gets the ids of the last pass: for each document their number and then
 * they, as 32-bit integers. The line printed is
 * bytes, documents, ids, seconds of the first pass, of the second, and the process's greatest
 * memory in KiB. The ids of a pass are kept until its end, as the peers do. */
#include "lib/core/mem.h"
#include "lib/stream/input.h"
#include "tokenizer/corpustok.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

enum { ROUNDS = 3 };

struct docs {
	struct slice *at;
	size_t n, cap;
	size_t bytes;
	size_t *n_ids; /* of each, in the last pass */
};

static void split(struct docs *docs, struct slice data, size_t limit)
{
	while (data.n >= 4 && (limit == 0 || docs->bytes < limit)) {
		uint32_t n;

		memcpy(&n, data.p, sizeof(n));
		mem_grow(&docs->at, docs->n, &docs->cap, sizeof(*docs->at));
		docs->at[docs->n++] = slice_head(slice_skip(data, 4), n);
		docs->bytes += n;
		data = slice_skip(data, 4 + (size_t)n);
	}
	docs->n_ids = mem_zalloc(docs->n, sizeof(*docs->n_ids));
}

/* Of the processor, in the kernel too: what the pages of a growing buffer cost counts. */
static double seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
		(double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* The seconds that a pass took; below 0 when it failed. */
static double pass(struct encoder *enc, struct docs *docs, struct ids *ids, struct err *e)
{
	double began = seconds();

	for (size_t i = 0; i < docs->n; i++) {
		size_t before = ids->n;

		if (encode_text(enc, docs->at[i], SPECIAL_NONE, ids, e) < 0)
			return -1;
		docs->n_ids[i] = ids->n - before;
	}
	return seconds() - began;
}

static int write_ids(
	const char *path, const struct docs *docs, const struct ids *ids, struct err *e)
{
	FILE *f = fopen(path, "wb");
	size_t at = 0;

	if (!f)
		return err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
	for (size_t i = 0; i < docs->n; i++) {
		uint32_t n = (uint32_t)docs->n_ids[i];

		fwrite(&n, sizeof(n), 1, f);
		fwrite(ids->at + at, sizeof(*ids->at), n, f);
		at += n;
	}
	if (fclose(f) != 0)
		return err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
	return 0;
}

/* Room for as many ids as the documents have bytes in two, as the fastest peer takes it: in huge
 * pages, so that the kernel's work on small ones is not measured with the encoder's. */
static void take_room(struct ids *ids, const struct docs *docs)
{
	const size_t page = (size_t)2 << 20;
	size_t bytes = (docs->bytes / 2 * sizeof(*ids->at) / page + 1) * page;

	ids_release(ids);
	ids->at = aligned_alloc(page, bytes);
	if (!ids->at)
		mem_exhausted();
	(void)madvise(ids->at, bytes, MADV_HUGEPAGE);
	ids->cap = bytes / sizeof(*ids->at);
}

/* Two passes of one encoder; the ids of the second stay in ids. */
static int round_run(
	struct encoder *enc, struct docs *docs, struct ids *ids, double took[2], struct err *e)
{
	take_room(ids, docs);
	took[0] = pass(enc, docs, ids, e);
	take_room(ids, docs);
	took[1] = pass(enc, docs, ids, e);
	return took[0] < 0 || took[1] < 0 ? -1 : 0;
}

static int measure(
	const struct tokenizer *t, struct docs *docs, int rounds, const char *path, struct err *e)
{
	double best[2] = { 1e9, 1e9 }, took[2];
	struct ids ids = { 0 };
	struct rusage u;
	int result = 0;

	for (int round = 0; round < rounds && result == 0; round++) {
		struct encoder *enc = encoder_new(t);

		result = round_run(enc, docs, &ids, took, e);
		best[0] = MIN(best[0], took[0]);
		best[1] = MIN(best[1], took[1]);
		encoder_free(enc);
	}
	getrusage(RUSAGE_SELF, &u);
	if (result == 0 && path)
		result = write_ids(path, docs, &ids, e);
	if (result == 0)
		printf("%zu %zu %zu %.4f %.4f %ld\n", docs->bytes, docs->n, ids.n, best[0], best[1],
			u.ru_maxrss);
	ids_release(&ids);
	return result;
}

/* The pattern is for a file that does not say. */
static int load(struct vocab *v, const char *path, const char *pattern, struct err *e)
{
	struct buf text = { 0 };
	int result = input_slurp(path, 256 * MIB, &text, e);

	if (result == 0)
		result = vocab_parse(v, buf_view(&text), (struct slice){ NULL, 0 }, e);
	if (result == 0 && v->cuts_missing) {
		v->cuts_missing = false;
		vocab_add_pattern(v, pattern);
	}
	buf_release(&text);
	return result;
}

int main(int argc, char **argv)
{
	struct vocab v = { 0 };
	struct tokenizer t = { 0 };
	struct docs docs = { 0 };
	struct buf data = { 0 };
	struct err e = { 0 };
	int result = -1;

	if (argc < 4 || argc > 7) {
		fputs("usage: tokenize_bench VOCABULARY PATTERN FILE.docs [MB [ROUNDS [IDS]]]\n",
			stderr);
		return 2;
	}
	if (load(&v, argv[1], argv[2], &e) == 0 && tokenizer_make(&t, &v, &e) == 0 &&
		input_slurp(argv[3], 4 * GIB - 1, &data, &e) == 0) {
		split(&docs, buf_view(&data), argc > 4 ? (size_t)(strtod(argv[4], NULL) * 1e6) : 0);
		result = measure(&t, &docs, argc > 5 ? atoi(argv[5]) : ROUNDS,
			argc > 6 ? argv[6] : NULL, &e);
	}
	if (result < 0)
		fprintf(stderr, "tokenize_bench: %s\n", e.text);
	free(docs.at);
	free(docs.n_ids);
	buf_release(&data);
	tokenizer_release(&t);
	vocab_release(&v);
	return result < 0;
}
