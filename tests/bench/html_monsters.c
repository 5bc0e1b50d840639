/* Pages that only an enemy writes, at the limits of corpus-extract: each must end with a tree or a
 * named limit, in time linear in its size. Every monster is parsed and extracted at a size and at
 * twice that; the figures are CPU seconds.
 *
 *	make build/bench/html_monsters && build/bench/html_monsters [MB [parse]]
 *
 * MB is the larger size, 100 unless told; with parse nothing is extracted. Ends with "N passed, N failed": failed is what takes more
 * than three times as long at twice the size, or under 10 MB/s. */
#include "lib/web/html.h"
#include "stages/extract/maintext.h"
#include "stages/extract/metadata.h"
#include "stages/extract/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* head, then piece until the page is full, then tail. In a piece # is a number that goes up. */
static const struct monster {
	const char *name, *head, *piece, *tail;
} monsters[] = {
	{ "deep div", "", "<div>", "" },
	{ "deep span", "", "<span>", "" },
	{ "deep unknown elements", "", "<x-#>", "" },
	{ "deep table", "", "<table><tr><td>", "" },
	{ "attributes", "<p ", "a# ", ">x" },
	{ "one attribute again and again", "<p ", "id=# ", ">x" },
	{ "attributes behind a stray quote", "<a =\"><b ", "a# ", ">x" },
	{ "attributes behind an odd comment", "<!-- --!><b ", "a# ", ">x" },
	{ "tags with attributes", "", "<p id=# class=a#>", "" },
	{ "less-than signs", "", "<", "" },
	{ "ends of tags", "", "</", "" },
	{ "empty ends", "x", "</>", "" },
	{ "comment that does not end", "<!--", "-", "" },
	{ "comments", "x", "<!---->x", "" },
	{ "processing instructions", "", "<?x>", "" },
	{ "CDATA", "<svg>", "<![CDATA[x]]>", "" },
	{ "ampersands", "", "&", "" },
	{ "references", "", "&CounterClockwiseContourIntegral", "" },
	{ "numbers of references", "", "&#99999999999", "" },
	{ "p never closed, b never closed", "", "<b><p>", "" },
	{ "formatting storm", "", "<b><i><u><s><tt><a><p>", "" },
	{ "formatting of its own kind each", "", "<font size=#><p>", "" },
	{ "formatting in cells", "<table>", "<tr><td><b><i>", "" },
	{ "a inside a", "", "<a href=#><div>", "" },
	{ "adoption", "", "<b><div>x</b>", "" },
	{ "adoption of the deepest", "<b><i><u><s><div><div><div><div>", "</b>x<b>", "" },
	{ "adoption under much", "<div><div><div><div><div><div><div><div><div>", "<b><p>x</b></p>",
		"" },
	{ "nobr", "", "<nobr>", "" },
	{ "ends of p", "", "</p>", "" },
	{ "ends of p that is out of scope", "<p><object>", "<div></p></div>", "" },
	{ "ends of b", "", "</b>", "" },
	{ "ends of nothing", "<x-1><x-2><x-3>", "</x-#>", "" },
	{ "ends of br", "", "</br>", "" },
	{ "forms", "", "<form><div></form>", "" },
	{ "buttons", "", "<button>x", "" },
	{ "list items", "<ul>", "<li>x", "" },
	{ "items in divs", "<ul>", "<li><div>", "" },
	{ "selects", "", "<select><option>x", "" },
	{ "templates", "", "<template>", "" },
	{ "templates that end", "", "<template><td></template>", "" },
	{ "tables that end", "<div><div><div><div>", "<table></table>", "" },
	{ "foster parenting", "<table>", "x<tr>", "" },
	{ "foster parenting of elements", "<table>", "<div>x</div><tr>", "" },
	{ "foster parenting by turns", "<table>",
		"<tr><td><table>y<tr></table></td></tr>x<tr id=&amp;>", "" },
	{ "text around forgotten tags", "<p>x", "<tr id=&amp;>&amp;", "" },
	{ "text around comments", "<p>x", "<!-- -->&amp;", "" },
	{ "cells of colspan 9e15", "<table><tr>", "<td colspan=9000000000000000>x", "" },
	{ "second bodies", "<body>", "<body id=# class=x>", "" },
	{ "second html", "<html>", "<html lang=# id=x>", "" },
	{ "late metas", "<head></head> ", "<meta name=x content=#>", "" },
	{ "scripts", "", "<script>x</script>", "" },
	{ "script that does not end", "<script>", "<!--<script>-->", "" },
	{ "titles that do not end", "<title>", "</titl", "" },
	{ "SVG", "<svg>", "<g>", "" },
	{ "ends in SVG", "<svg><a><b><c>", "</x-#>", "" },
	{ "MathML and HTML by turns", "", "<math><mi><p>", "" },
	{ "breakouts", "", "<svg><g><g><p>", "" },
	{ "framesets", "", "<frameset>", "" },
	{ "NUL and CR", "<p>", "\x01\r", "" },
	{ "plaintext", "<plaintext>", "x&<", "" },
	{ "ruby", "<ruby>", "<rt>x<rtc>y<rp>", "" },
	{ "text", "<p>", "word ", "" },
};

static void put_piece(struct buf *out, const char *piece, uint64_t number)
{
	for (; *piece; piece++)
		if (*piece == '#')
			buf_printf(out, "%llu", (unsigned long long)number);
		else
			buf_byte(out, *piece == '\x01' ? '\0' : *piece);
}

static void make_page(struct buf *out, const struct monster *m, size_t size)
{
	out->n = 0;
	buf_str(out, m->head);
	for (uint64_t i = 0; out->n < size; i++)
		put_piece(out, m->piece, i);
	buf_str(out, m->tail);
}

struct work {
	struct html_tree t;
	struct maintext m;
	struct arena arena;
	struct buf text;
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double measure(struct work *w, struct slice page, bool all)
{
	static const struct html_limits limits = {
		.max_nodes = 1000000, .max_depth = 512, .max_attrs = 1000, .max_bytes = UINT32_MAX
	};
	struct metadata about;
	double start = seconds();

	html_parse(&w->t, page, &limits);
	if (w->t.limit || !all)
		return seconds() - start;
	arena_reset(&w->arena);
	metadata_find(&about, &w->t, (struct slice){ 0 }, &w->arena);
	w->text.n = 0;
	maintext_choose(&w->m, &w->t, MAINTEXT_BALANCED, false);
	html_text_of(&w->t, w->m.in, &w->text);
	return seconds() - start;
}

int main(int argc, char **argv)
{
	size_t size = (argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 100) * 1000000;
	bool all = argc < 3;
	struct work w = { 0 };
	struct buf page = { 0 };
	int failed = 0;

	for (size_t i = 0; i < ARRAY_LEN(monsters); i++) {
		const struct monster *m = &monsters[i];
		double once, twice;
		bool good;

		make_page(&page, m, size / 2);
		once = measure(&w, buf_view(&page), all);
		make_page(&page, m, size);
		twice = measure(&w, buf_view(&page), all);
		good = twice < 0.02 || (twice < 3 * once && (double)size / twice > 10e6);
		failed += !good;
		printf("%s %-36s %6.2f s %6.2f s %9zu nodes  %s\n", good ? "ok  " : "FAIL", m->name,
			once, twice, w.t.n_nodes, w.t.limit ? w.t.limit : "");
		fflush(stdout);
	}
	printf("%zu passed, %d failed\n", ARRAY_LEN(monsters) - (size_t)failed, failed);
	html_release(&w.t);
	maintext_release(&w.m);
	arena_release(&w.arena);
	buf_release(&w.text);
	buf_release(&page);
	return failed > 0;
}
