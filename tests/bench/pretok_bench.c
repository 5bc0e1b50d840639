/* How fast text is cut into pieces, in MB per CPU second, by each scanner and by PCRE2.
 *
 *	make build/bench/pretok_bench
 *	build/bench/pretok_bench [NAME [WAY]] < english.docs
 *
 * Input is documents, each behind its length in four little-endian bytes, as
 * tests/bench/tokenize_texts.py writes them. A figure is the best of three rounds over all of it;
 * PCRE2 gets one round over a tenth. */
#include "lib/core/cpu.h"
#include "lib/core/buf.h"
#include "tokenizer/pretok.h"
#include "tokenizer/pretok_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CAP = 1024 };

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct work {
	struct slice input;
	size_t pieces, bytes;
	uint32_t ends[CAP];
};

static bool next_document(struct slice *rest, struct slice *text)
{
	/* The last may be cut, and then is no UTF-8. */
	if (rest->n < 4 || rest->n - 4 < load_le32(rest->p))
		return false;
	*text = slice_head(slice_skip(*rest, 4), load_le32(rest->p));
	*rest = slice_skip(*rest, 4 + text->n);
	return true;
}

static void by_scanner(struct work *w, scan_fn *scan)
{
	struct slice rest = w->input, text;

	while (next_document(&rest, &text)) {
		size_t at = 0;

		while (at < text.n) {
			size_t n = scan((const unsigned char *)text.p, at, text.n, w->ends, CAP);

			at = w->ends[n - 1];
			w->pieces += n;
		}
		w->bytes += text.n;
	}
}

static void by_walk(struct work *w, const struct pretok *p, bool valid)
{
	struct slice rest = w->input, text;
	struct pretok_walk walk = { 0 };
	struct err e = { 0 };
	size_t n;

	while (next_document(&rest, &text)) {
		if (valid)
			pretok_begin_valid(&walk, p, text);
		else
			pretok_begin(&walk, p, text);
		while (pretok_fill(&walk, w->ends, CAP, &n, &e) == 0 && n)
			w->pieces += n;
		w->bytes += text.n;
	}
	pretok_walk_release(&walk);
}

static void report(const char *name, const char *way, const struct work *w, double seconds)
{
	printf("%-10s %-8s %7.0f MB/s %6.2f ns a piece %9zu pieces\n", name, way,
		(double)w->bytes / seconds / 1e6, seconds * 1e9 / (double)w->pieces, w->pieces);
}

static void measure(const char *name, const char *way, scan_fn *scan, const struct pretok *p,
	struct slice input, int rounds)
{
	double best = 1e9;
	struct work w;

	while (rounds--) {
		double from = cpu_seconds();

		w = (struct work){ .input = input };
		if (scan)
			by_scanner(&w, scan);
		else
			by_walk(&w, p, strcmp(way, "walk") != 0);
		from = cpu_seconds() - from;
		best = from < best ? from : best;
	}
	report(name, way, &w, best);
}

static void measure_name(const char *name, const char *way, struct slice input)
{
	size_t n;
	const struct cut_step *steps = pretok_named(name, &n);
	const struct scanner *scanner = scanner_for(steps, n);
	struct pretok *p = NULL, *reference = NULL;
	struct err e = { 0 };

	if (pretok_new(&p, steps, n, &e) < 0 || pretok_new_reference(&reference, steps, n, &e) < 0)
		exit(1);
	if (!way || strcmp(way, "plain") == 0)
		measure(name, "plain", scanner->plain, NULL, input, 3);
	if (!way || strcmp(way, "swar") == 0)
		measure(name, "swar", scanner->swar, NULL, input, 3);
#if defined(__x86_64__)
	if ((!way || strcmp(way, "avx512") == 0) && cpu_has_avx512())
		measure(name, "avx512", scanner->avx512, NULL, input, 3);
#endif
	if (!way || strcmp(way, "walk") == 0)
		measure(name, "walk", NULL, p, input, 3);
	if (!way || strcmp(way, "pcre2") == 0)
		measure(name, "pcre2", NULL, reference, slice_head(input, input.n / 10), 1);
	pretok_free(p);
	pretok_free(reference);
}

int main(int argc, char **argv)
{
	struct buf input = { 0 };
	size_t got;

	while ((got = fread(buf_reserve(&input, MIB), 1, MIB, stdin)) > 0)
		input.n += got;
	for (size_t i = 0; pretok_names[i]; i++)
		if (argc < 2 || strcmp(argv[1], pretok_names[i]) == 0)
			measure_name(pretok_names[i], argc > 2 ? argv[2] : NULL, buf_view(&input));
	buf_release(&input);
	return 0;
}
