/* How fast MinHash band keys are made, in documents and MB of text a second of one core, step by
 * step: each row holds the work of the rows above it.
 *
 *	make build/bench/minhash_bench
 *	zstd -dc ../shared/data/dedup/docs.jsonl.zst | build/bench/minhash_bench
 *	zstd -dc ../shared/data/dedup/docs.jsonl.zst | build/bench/minhash_bench keys [SEED]
 *
 *	zstd -dc ../shared/data/dedup/docs.jsonl.zst | build/bench/minhash_bench once
 *
 * A figure is the best of three rounds over the whole input, of which the first 256 MiB are taken.
 * With keys, what is printed is each document's id and its 14 keys instead; with once, all keys are
 * made once and nothing is printed. */
#include "lib/core/mem.h"
#include "lib/record/record.h"
#include "stages/dedup/minhash.h"
#include "stages/dedup/permute.h"
#include "stages/dedup/shingles.h"
#include "stages/dedup/tokens_scan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BANDS = 14 };

struct work {
	struct slice *lines;
	size_t n_lines, cap_lines, bytes;
	struct record record;
	struct tokens tokens;
	struct shingles shingles;
	uint64_t *hashes;
	size_t cap_hashes;
	struct minhash *minhash;
	uint64_t sink;
};

static void read_lines(struct work *w)
{
	struct buf *all = mem_zalloc(1, sizeof(*all));
	struct slice rest;
	size_t n;

	do {
		n = fread(buf_reserve(all, MIB), 1, MIB, stdin);
		all->n += n;
	} while (n && all->n < 256 * MIB);
	for (rest = buf_view(all); rest.n;) {
		struct slice line = slice_take_line(&rest);

		mem_grow(&w->lines, w->n_lines, &w->cap_lines, sizeof(w->lines[0]));
		w->lines[w->n_lines++] = slice_trim(line, "\n");
	}
	w->bytes = all->n;
}

static struct slice text_of(struct work *w, struct slice line)
{
	struct err e = { 0 };

	return record_scan(&w->record, line, &e) < 0 ? SLICE("") : record_text(&w->record);
}

static void decode(struct work *w, struct slice line)
{
	w->sink += text_of(w, line).n;
}

static void split(struct work *w, struct slice line)
{
	if (!tokens_begin(&w->tokens, text_of(w, line)))
		return;
	while (tokens_more(&w->tokens))
		w->sink += w->tokens.n;
}

static void shingle(struct work *w, struct slice line)
{
	if (!tokens_begin(&w->tokens, text_of(w, line)))
		return;
	shingles_begin(&w->shingles, 5);
	while (tokens_more(&w->tokens)) {
		if (w->tokens.n > w->cap_hashes) {
			w->cap_hashes = w->tokens.n;
			w->hashes = mem_resize(w->hashes, w->cap_hashes, sizeof(w->hashes[0]));
		}
		w->sink += shingles_roll(&w->shingles, w->tokens.at, w->tokens.n, w->hashes);
	}
}

static void sign(struct work *w, struct slice line)
{
	uint64_t keys[BANDS];

	w->sink += minhash_keys(w->minhash, text_of(w, line), keys);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void measure(struct work *w, const char *name, void (*step)(struct work *, struct slice))
{
	double best = 1e9;

	for (int round = 0; round < 3; round++) {
		double begin = seconds();

		for (size_t i = 0; i < w->n_lines; i++)
			step(w, w->lines[i]);
		best = MIN(best, seconds() - begin);
	}
	printf("%-24s %8.3f s %8.0f documents/s %8.1f MB/s of JSON\n", name, best,
		(double)w->n_lines / best, (double)w->bytes / best / 1e6);
}

static void print_keys(struct work *w, struct slice line)
{
	struct slice text = text_of(w, line);
	uint64_t keys[BANDS];
	size_t n = minhash_keys(w->minhash, text, keys);
	struct slice id = record_id(&w->record);

	printf("%.*s", (int)id.n, id.p);
	for (size_t i = 0; i < n; i++)
		printf(" %016" PRIx64, keys[i]);
	putchar('\n');
}

int main(int argc, char **argv)
{
	struct work w = { 0 };
	struct err e = { 0 };
	struct minhash_config config = MINHASH_DEFAULTS;

	if (argc > 2)
		config.seed = strtoull(argv[2], NULL, 10);
	w.minhash = minhash_new(&config, &e);
	if (!w.minhash)
		return 1;
	read_lines(&w);
	if (argc > 1 && strcmp(argv[1], "keys") == 0) {
		for (size_t i = 0; i < w.n_lines; i++)
			print_keys(&w, w.lines[i]);
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "once") == 0) {
		for (size_t i = 0; i < w.n_lines; i++)
			sign(&w, w.lines[i]);
		return w.sink == 0;
	}
	measure(&w, "records and their text", decode);
	measure(&w, "tokens", split);
	measure(&w, "shingles", shingle);
	measure(&w, "band keys", sign);
	return w.sink == 0;
}
