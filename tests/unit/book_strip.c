/* The headers and footers are those of Project Gutenberg's files, shortened; the words between them
 * are ours. */
#include "stages/extract/book_strip.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static bool is(struct slice s, const char *want)
{
	return slice_eq(s, slice_str(want));
}

static void check(const char *given, const char *want)
{
	struct book_facts facts;
	struct slice body;

	cr_expect(book_strip(slice_str(given), &body, &facts), "not told: <%.60s>", given);
	cr_expect(is(body, want), "given <%s>\n got <%.*s>\nwant <%s>", given, (int)body.n, body.p,
		want);
}

Test(book_strip, headers_and_footers_of_all_years)
{
	static const struct {
		const char *given, *want;
	} rows[] = {
		/* 2020s */
		{ "\xef\xbb\xbfThe Project Gutenberg eBook of A Book\n\nThis ebook is for the use of anyone\n\n"
		  "Title: A Book\n\n*** START OF THE PROJECT GUTENBERG EBOOK A BOOK ***\n\n\n\nText.\n\n"
		  "*** END OF THE PROJECT GUTENBERG EBOOK A BOOK ***\n\nUpdated editions will replace\n",
			"Text." },
		/* 2000s, with the line of the producers */
		{ "Project Gutenberg's A Book, by A. Writer\r\n\r\nTitle: A Book\r\n\r\n"
		  "*** START OF THIS PROJECT GUTENBERG EBOOK A BOOK ***\r\n\r\n\r\nProduced by Some One and the\r\n"
		  "Online Distributed Proofreading Team at http://www.pgdp.net\r\n\r\n\r\nText.\r\n\r\nMore.\r\n"
		  "\r\n\r\nEnd of Project Gutenberg's A Book, by A. Writer\r\n\r\n"
		  "*** END OF THIS PROJECT GUTENBERG EBOOK A BOOK ***\r\n",
			"Text.\r\n\r\nMore." },
		/* without spaces, title over two lines */
		{ "The Project Gutenberg eBook, A Book\n\n***START OF THE PROJECT GUTENBERG EBOOK A VERY LONG\n"
		  "TITLE OF A BOOK***\n\n\nE-text prepared by Some One\n\n\nNote: Project Gutenberg also has an HTML "
		  "version of this\n      file.\n\n\nText.\n\n\n***END OF THE PROJECT GUTENBERG EBOOK A VERY LONG***\n",
			"Text." },
		/* 1990s: the small print in front */
		{ "***The Project Gutenberg Etext of A Book, by A. Writer***\n\nPlease take a look\n\n"
		  "**Welcome To The World of Free Plain Vanilla Electronic Texts**\n\n"
		  "***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***\nWhy is this here?\n"
		  "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n\n\n"
		  "This etext was prepared by Some One\n\n\nText that is long enough to be more than what stands "
		  "before it, so that the small print begins in the first half of the file. And some more of it, "
		  "as books have, until it is long enough at last, which it is by now, or should be with this.\n\n\n"
		  "End of the Project Gutenberg Etext of A Book\n",
			"Text that is long enough to be more than what stands before it, so that the small print "
			"begins in the first half of the file. And some more of it, as books have, until it is long "
			"enough at last, which it is by now, or should be with this." },
		/* the same without the second star */
		{ "The Project Gutenberg Etext of A Book\n*END THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04*END*\n"
		  "Text.\nEnd of The Project Gutenberg Etext of A Book\n",
			"Text." },
		/* the small print at the end */
		{ "**This is a Project Gutenberg Etext of A Book**\n\nText that is long enough, as a book is, to fill half.\n\n"
		  "***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***\nWhy?\n"
		  "*END*THE SMALL PRINT!*END*\n",
			"Text that is long enough, as a book is, to fill half." },
		/* no marker at all */
		{ "Project Gutenberg Etext #1 of A Book\n\nRelease Date: May, 1991\n\nText.\n\nMore of it.\n",
			"Text.\n\nMore of it." },
		/* copyrighted */
		{ "*** START OF THE COPYRIGHTED PROJECT GUTENBERG EBOOK, A BOOK ***\n\nText.\n\n"
		  "*** END OF THE COPYRIGHTED PROJECT GUTENBERG EBOOK, A BOOK ***\n",
			"Text." },
		/* other languages' footers */
		{ "*** START OF THIS PROJECT GUTENBERG EBOOK UN LIVRE ***\n\nProduit par Quelqu'un\n\nTexte.\n\n"
		  "Fin de Project Gutenberg's Un livre, par Un auteur\n\n*** END OF THIS PROJECT GUTENBERG\n",
			"Texte." },
		{ "*** START OF THIS PROJECT GUTENBERG EBOOK EIN BUCH ***\n\nText.\n\n"
		  "Ende dieses Project Gutenberg Etextes Ein Buch\n",
			"Text." },
		/* the licence alone is left of the footer */
		{ "*** START OF THIS PROJECT GUTENBERG EBOOK A ***\n\nText.\n\n*** START: FULL LICENSE ***\n\n"
		  "THE FULL PROJECT GUTENBERG LICENSE\n",
			"Text." },
		/* transcriber's notes directly behind the header */
		{ "*** START OF THIS PROJECT GUTENBERG EBOOK A ***\n\n[Transcriber's Note: spelling kept.]\n\n"
		  "Transcribed from the 1908 edition by\nSome One, email a@b.example\n\nText.\n",
			"Text." },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check(rows[i].given, rows[i].want);
}

Test(book_strip, other_texts_are_left_alone)
{
	static const char *const texts[] = { "", "\n", "A text.\n\nIts end of the project.\n",
		"Johannes Gutenberg printed.\n",
		"About Project Gutenberg\n\nIt makes eBooks.\n\nMore of it.\n",
		"*** START HERE ***\n\nText\n" };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct book_facts facts;
		struct slice body;

		cr_expect(!book_strip(slice_str(texts[i]), &body, &facts), "%s", texts[i]);
		cr_expect(is(body, texts[i]), "%s", texts[i]);
	}
}

/* An anthology names the end of its parts; only what stands near the end of the file is a footer.
 */
Test(book_strip, an_end_in_the_middle_is_no_footer)
{
	size_t n = 200 * 1024;
	char *text = malloc(n);
	struct book_facts facts;
	struct slice body, given = { text, n };

	cr_assert(text);
	memset(text, 'x', n);
	for (size_t i = 79; i < n; i += 80)
		text[i] = '\n';
	memcpy(text, "*** START OF THIS PROJECT GUTENBERG EBOOK A ***\n", 48);
	memcpy(text + 80000, "End of Project Gutenberg's A Part\n", 34);
	cr_expect(book_strip(given, &body, &facts));
	cr_expect_gt(body.n, n - 100);
	memcpy(text + n - 1600, "End of Project Gutenberg's A Book\n", 34);
	cr_expect(book_strip(given, &body, &facts));
	cr_expect_eq(body.p + body.n, text + n - 1601);
	free(text);
}

Test(book_strip, facts_of_the_header)
{
	static const char modern[] =
		"The Project Gutenberg EBook of News, by W. M.\n\nTitle: News from Nowhere\n"
		"       or An Epoch of Rest\n\nAuthor: William Morris\n\n"
		"Release Date: May 8, 2007  [eBook #3261]\nLast Updated: November 21, 2015\n\n"
		"Language: English\n\nCharacter set encoding: ISO-8859-1\n\n"
		"*** START OF THIS PROJECT GUTENBERG EBOOK NEWS ***\n\nTitle: no field\n";
	static const char old[] =
		"**The Project Gutenberg Etext of Alice in Wonderland, by Lewis Carroll**\n"
		"*This is Etext #11 in our series*\n\n"
		"*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n\nText\n";
	struct book_facts facts;
	struct slice body;

	cr_expect(book_strip(slice_str(modern), &body, &facts));
	cr_expect(is(facts.title, "News from Nowhere\n       or An Epoch of Rest"));
	cr_expect(is(facts.author, "William Morris"));
	cr_expect(is(facts.language, "English"));
	cr_expect(is(facts.released, "May 8, 2007  [eBook #3261]"));
	cr_expect(is(facts.charset, "ISO-8859-1"));
	cr_expect_eq(facts.number, 3261);
	cr_expect(book_strip(slice_str(old), &body, &facts));
	cr_expect(
		is(facts.title, "Alice in Wonderland"), "%.*s", (int)facts.title.n, facts.title.p);
	cr_expect(is(facts.author, "Lewis Carroll"), "%.*s", (int)facts.author.n, facts.author.p);
	cr_expect_eq(facts.number, 11);
}
