/* Books to records. What the real ones must begin and end with was read off the files by eye. */
#include "stages/extract/book.h"

#include "lib/stream/input.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static const struct extract_config config = { .source = "books",
	.min_text = 1,
	.max_body = 32 * MIB,
	.max_nodes = 1000000,
	.max_depth = 2000 };

struct outcome {
	enum verdict verdict;
	struct reason why;
	struct buf line;
};

static struct outcome run(struct slice data, const char *path, bool html)
{
	struct item item = { .data = data, .path = path };
	struct buf scratch = { 0 };
	struct outcome o = { .verdict = FAIL };
	struct emitter to = { .out = &o.line };
	struct err e = { 0 };

	o.verdict = (html ? book_html_item : book_item)(&item, &config, &scratch, &to, &o.why, &e);
	buf_cstr(&o.line);
	buf_release(&scratch);
	return o;
}

Test(book, a_text_becomes_a_record)
{
	static const char text[] =
		"Project Gutenberg's A Book, by A. Writer\r\n\r\nTitle: A Book\r\n       of Words\r\n\r\n"
		"Author: A. Writer\r\n\r\nRelease Date: August 25, 2005 [EBook #16595]\r\n\r\n"
		"Character set encoding: ISO-8859-1\r\n\r\n"
		"*** START OF THIS PROJECT GUTENBERG EBOOK A BOOK ***\r\n\r\nCaf\xe9.\r\n\r\n"
		"*** END OF THIS PROJECT GUTENBERG EBOOK A BOOK ***\r\n";
	struct outcome o = run(slice_str(text), "in/a.txt", false);

	cr_expect_eq(o.verdict, KEEP);
	cr_expect_str_eq(o.line.p,
		"{\"id\":\"pg16595\",\"text\":\"Caf\xc3\xa9.\",\"source\":\"books\","
		"\"url\":\"https://www.gutenberg.org/ebooks/16595\",\"title\":\"A Book of Words\","
		"\"author\":\"A. Writer\",\"published\":\"2005-08-25\",\"charset\":\"windows-1252\","
		"\"mime\":\"text/plain\",\"file_path\":\"in/a.txt\"}\n");
	buf_release(&o.line);
}

Test(book, other_texts_are_named_by_their_file)
{
	struct outcome o = run(SLICE("A text of our own.\n"), "in/a.b/text-1.txt.gz", false);

	cr_expect_eq(o.verdict, KEEP);
	cr_expect(strstr(o.line.p, "{\"id\":\"text-1\",\"text\":\"A text of our own.\","));
	buf_release(&o.line);
}

Test(book, dates_are_as_exact_as_they_are_said)
{
	static const struct {
		const char *said, *want;
	} rows[] = {
		{ "May 8, 2007  [eBook #3261]", "\"published\":\"2007-05-08\"" },
		{ "January, 1994 [Etext #105]", "\"published\":\"1994-01\"" },
		{ "2001-05-17 [EBook #1]", "\"published\":\"2001-05-17\"" },
		{ "17 May 2001", "\"published\":\"2001-05-17\"" },
		{ "1995", "\"published\":\"1995\"" },
		{ "unknown", "\"charset\"" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf in = { 0 };
		struct outcome o;

		buf_printf(&in,
			"Project Gutenberg\n\nRelease Date: %s\n\n*** START OF THIS PROJECT GUTENBERG "
			"EBOOK ***\n\nText\n",
			rows[i].said);
		o = run(buf_view(&in), "a.txt", false);
		cr_expect(strstr(o.line.p, rows[i].want), "%s: %s", rows[i].said, o.line.p);
		buf_release(&in);
		buf_release(&o.line);
	}
}

Test(book, an_html_book_is_told_and_read)
{
	static const char page[] =
		"<html><head><title>A</title></head><body><pre>\nThe Project Gutenberg EBook of A\n\n"
		"Release Date: July 6, 2005 [EBook #5]\n\n"
		"*** START OF THIS PROJECT GUTENBERG EBOOK A ***\n\nProduced by B\n</pre>"
		"<h1>A</h1><p>First.</p><p>Last.</p><pre>\nEnd of Project Gutenberg's A\n</pre></body></html>";
	struct outcome o;

	cr_expect(book_html_told(slice_str(page)));
	cr_expect(book_html_told(SLICE(
		"<div id=\"pg-start-separator\"><span>*** START OF THE PROJECT GUTENBERG EBOOK A "
		"***</span></div>")));
	cr_expect(!book_html_told(SLICE("<html><p>About Project Gutenberg</p></html>")));
	o = run(slice_str(page), "a.htm", true);
	cr_expect_eq(o.verdict, KEEP);
	cr_expect(strstr(o.line.p, "{\"id\":\"pg5\",\"text\":\"A\\n\\nFirst.\\n\\nLast.\","), "%s",
		o.line.p);
	buf_release(&o.line);
}

Test(book, without_text_it_is_dropped)
{
	struct outcome o = run(SLICE(" \r\n\r\n"), "a.txt", false);

	cr_expect_eq(o.verdict, DROP);
	cr_expect_str_eq(o.why.rule, "empty");
	buf_release(&o.line);
}

Test(book, real_ones_lose_header_and_licence_and_keep_their_ends)
{
	static const struct {
		const char *name, *first, *last;
		bool html;
	} books[] = {
		{ "books1/pg16595-latin1.txt",
			"For many years I have been interested in the various musical",
			"\\\"Cadby\\\" corrected to \\\"Caddy\\\"\"", false },
		{ "books1/pg3261.txt", "Up at the League, says a friend, there had been one night",
			"Cirencester and Burford he must have meant.\"", false },
		{ "books1/pg972.txt", "was begun in a weekly paper in 1881, and was continued in a",
			"that the domestic cow sheds its horn every two years.\"", false },
		{ "books2/pg16215.htm",
			"you have almost made me long to try what a robber I should make",
			"which ran thus\xe2\x80\x94\\n\\nTHE END.\"", true },
		{ "books2/pg18304.htm",
			"Charleston is the last stronghold of a unified American upper class",
			"(palm fronds of the cocoanut grove,)\"", true },
		{ "books2/pg44157-fr.htm",
			"LECTURES FRAN\xc3\x87"
			"AISES",
			"\xc2\xab"
			"vensterbank\xc2\xbb (de vensterbank.)\"",
			true },
	};
	const char *root = getenv("CORPUS_SHARED");

	for (size_t i = 0; i < ARRAY_LEN(books); i++) {
		struct buf in = { 0 };
		struct err e = { 0 };
		struct outcome o;
		char path[4096];

		snprintf(path, sizeof(path), "%s/data/e2e/%s", root ? root : "../shared",
			books[i].name);
		if (input_slurp(path, 16 * MIB, &in, &e) < 0) {
			fprintf(stderr, "skipped: %s is not there\n", path);
			continue;
		}
		cr_expect(!books[i].html || book_html_told(buf_view(&in)));
		o = run(buf_view(&in), books[i].name, books[i].html);
		cr_expect_eq(o.verdict, KEEP);
		cr_expect(strstr(o.line.p, books[i].first), "%s: first", books[i].name);
		cr_expect(strstr(o.line.p, books[i].last), "%s: last", books[i].name);
		cr_expect(!strstr(o.line.p, "Gutenberg") && !strstr(o.line.p, "pgdp.net"), "%s",
			books[i].name);
		buf_release(&in);
		buf_release(&o.line);
	}
}
