/* How fast HTML is parsed: MB of UTF-8 and microseconds a page of one core's CPU time, beside
 * libxml2's SAX parser on the same pages in the same run.
 *
 *	make build/bench/html_bench
 *	build/bench/html_bench FILE.warc.gz ...
 *	build/bench/html_bench --pages FILE ... > PAGES     each page behind a line with its size
 *	build/bench/html_bench --ours FILE ...              our parser alone, for a profiler
 *	build/bench/html_bench --slowest FILE ...           time and size of the ten slowest pages
 *
 * A figure is the best of five rounds over all pages. */
#include "lib/core/mem.h"
#include "lib/text/charset.h"
#include "lib/web/html.h"
#include "lib/web/http.h"
#include "lib/web/warc.h"
#include "stages/extract/maintext.h"
#include "stages/extract/metadata.h"
#include "stages/extract/text.h"

#include <libxml/HTMLparser.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 5, SLOWEST = 10, MAX_PAGE = 32 * 1024 * 1024 };

struct pages {
	struct slice *at;
	size_t n, cap;
	size_t bytes;
};

static const struct html_limits limits = {
	.max_nodes = 1000000, .max_depth = 512, .max_attrs = 1000, .max_bytes = MAX_PAGE
};

/* --- pages ------------------------------------------------------------------------------------ */

static void add_page(struct pages *pages, struct slice block, struct http_scratch *scratch)
{
	struct http_response r;
	struct slice body, coding;
	struct buf utf8 = { 0 };
	struct charset_choice choice;
	uint64_t replaced = 0;

	if (!http_parse(block, &r) || r.status != 200)
		return;
	if (http_decode(&r, MAX_PAGE, scratch, &body, &coding) >= HTTP_UNKNOWN_CODING)
		return;
	choice = charset_choose(body, charset_parameter(http_field(&r, "Content-Type")), true);
	charset_decode(choice.charset, slice_skip(body, choice.bom), &utf8, &replaced);
	mem_grow(&pages->at, pages->n, &pages->cap, sizeof(*pages->at));
	pages->at[pages->n++] = buf_view(&utf8);
	pages->bytes += utf8.n;
}

static int read_warc(struct pages *pages, const char *path, struct err *e)
{
	struct input *in;
	struct warc *w;
	struct buf data = { 0 };
	struct warc_header h;
	struct http_scratch scratch = { 0 };
	int status;

	if (input_open(&in, path, false, e) < 0)
		return -1;
	w = warc_new(in);
	while ((status = warc_next(w, &data, &h, e)) > 0) {
		size_t at = h.header_bytes;

		if (h.type == WARC_RESPONSE && (status = warc_block(w, &data, e)) < 0)
			break;
		if (h.type == WARC_RESPONSE)
			add_page(pages, slice_skip(buf_view(&data), at), &scratch);
		data.n = 0;
	}
	warc_free(w);
	input_free(in);
	buf_release(&data);
	http_scratch_release(&scratch);
	return status;
}

/* --- what is measured ------------------------------------------------------------------------- */

struct work {
	struct html_tree t;
	struct maintext m;
	struct arena arena;
	struct buf text;
};

static void parse_ours(struct work *w, struct slice page)
{
	html_parse(&w->t, page, &limits);
}

static void parse_and_extract(struct work *w, struct slice page)
{
	struct metadata about;

	html_parse(&w->t, page, &limits);
	arena_reset(&w->arena);
	metadata_find(&about, &w->t, (struct slice){ 0 }, &w->arena);
	buf_clear(&w->text, MIB);
	maintext_choose(&w->m, &w->t, MAINTEXT_BALANCED, false);
	html_text_of(&w->t, w->m.in, &w->text);
}

static void on_start(void *data, const xmlChar *name, const xmlChar **pairs)
{
	(void)data;
	(void)name;
	(void)pairs;
}

static void on_end(void *data, const xmlChar *name)
{
	(void)data;
	(void)name;
}

static void on_text(void *data, const xmlChar *p, int n)
{
	(void)data;
	(void)p;
	(void)n;
}

static void parse_libxml2(struct work *w, struct slice page)
{
	htmlSAXHandler sax = {
		.startElement = on_start,
		.endElement = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
	};
	htmlParserCtxtPtr p =
		htmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);

	(void)w;
	htmlCtxtUseOptions(p,
		HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
			HTML_PARSE_IGNORE_ENC);
	htmlParseChunk(p, page.p, (int)page.n, 1);
	htmlFreeParserCtxt(p);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double measure(const struct pages *pages, const char *what,
	void (*parse)(struct work *, struct slice), struct work *w, int rounds)
{
	double best = 0;

	for (int round = 0; round < rounds; round++) {
		double start = seconds(), took;

		for (size_t i = 0; i < pages->n; i++)
			parse(w, pages->at[i]);
		took = seconds() - start;
		if (round == 0 || took < best)
			best = took;
	}
	printf("%-32s %8.0f MB/s %8.1f us/page\n", what, (double)pages->bytes / best * 1e-6,
		best * 1e6 / (double)pages->n);
	return best;
}

struct timed {
	double took;
	size_t bytes;
};

static int compare_timed(const void *a, const void *b)
{
	double x = ((const struct timed *)a)->took, y = ((const struct timed *)b)->took;

	return (x < y) - (x > y);
}

static void print_slowest(const struct pages *pages, struct work *w)
{
	struct timed *times = mem_zalloc(pages->n, sizeof(*times));

	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < pages->n; i++) {
			double start = seconds(), took;

			parse_and_extract(w, pages->at[i]);
			took = seconds() - start;
			times[i].bytes = pages->at[i].n;
			if (round == 0 || took < times[i].took)
				times[i].took = took;
		}
	qsort(times, pages->n, sizeof(*times), compare_timed);
	for (size_t i = 0; i < MIN(pages->n, (size_t)SLOWEST); i++)
		printf("%9.0f us %9zu bytes %7.0f MB/s\n", times[i].took * 1e6, times[i].bytes,
			(double)times[i].bytes / times[i].took * 1e-6);
	free(times);
}

int main(int argc, char **argv)
{
	struct pages pages = { 0 };
	struct err e = { 0 };
	struct work w = { 0 };
	bool dump = argc > 1 && strcmp(argv[1], "--pages") == 0;
	bool alone = argc > 1 && strcmp(argv[1], "--ours") == 0;
	bool slowest = argc > 1 && strcmp(argv[1], "--slowest") == 0;
	double ours, theirs;

	for (int i = 1 + (dump || slowest || alone); i < argc; i++)
		if (read_warc(&pages, argv[i], &e) < 0) {
			fprintf(stderr, "html_bench: %s\n", e.text);
			return 1;
		}
	for (size_t i = 0; dump && i < pages.n; i++) {
		printf("%zu\n", pages.at[i].n);
		fwrite(pages.at[i].p, 1, pages.at[i].n, stdout);
	}
	if (slowest)
		print_slowest(&pages, &w);
	if (alone)
		measure(&pages, "corpusmill tree", parse_ours, &w, 4 * ROUNDS);
	if (dump || slowest || alone || !pages.n)
		return 0;
	printf("%zu pages, %.1f MB\n", pages.n, (double)pages.bytes * 1e-6);
	xmlInitParser();
	theirs = measure(&pages, "libxml2 SAX", parse_libxml2, &w, 2);
	ours = measure(&pages, "corpusmill tree", parse_ours, &w, ROUNDS);
	measure(&pages, "corpusmill tree, text, metadata", parse_and_extract, &w, ROUNDS);
	printf("times libxml2: %.1f\n", theirs / ours);
	html_release(&w.t);
	maintext_release(&w.m);
	arena_release(&w.arena);
	buf_release(&w.text);
	return 0;
}
