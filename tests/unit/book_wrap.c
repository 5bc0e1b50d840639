/* What comes out is what a typesetter would do with the lines. */
#include "stages/extract/book_wrap.h"

#include <criterion/criterion.h>

/* Two paragraphs wrapped at 60 columns, so that the width is known whatever follows. */
#define PROSE \
	"It was late in the year when the carrier came over the hill\n" \
	"with his two mules, and the people of the valley, who had\n" \
	"heard nothing from the town since the first snow had closed\n" \
	"the road, came out of their doors to see what he had brought\n" \
	"them.\n"
#define JOINED \
	"It was late in the year when the carrier came over the hill with his two mules, and the " \
	"people of the valley, who had heard nothing from the town since the first snow had closed the " \
	"road, came out of their doors to see what he had brought them."

static void check(const char *given, const char *want)
{
	struct buf out = { 0 };

	book_unwrap(slice_str(given), &out);
	buf_cstr(&out);
	cr_expect_str_eq(out.p, want, "given <%s>\n got <%s>\nwant <%s>", given, out.p, want);
	buf_release(&out);
}

Test(book_wrap, wrapped_paragraphs_are_joined)
{
	check(PROSE, JOINED);
	check(PROSE "\n\n\n" PROSE, JOINED "\n\n" JOINED);
	check("", "");
	check("\r\n one line \r\n", "one line");
}

Test(book_wrap, hyphens_and_dashes_at_the_end_take_no_space)
{
	check(PROSE "\nThe carrier sat down among them and told of the well-\n"
		    "known inn at the ford, where he had slept; and of a man--\nno more.\n",
		JOINED
		"\n\nThe carrier sat down among them and told of the well-known inn at the ford, "
		"where he had slept; and of a man--no more.");
}

/* A book that breaks words: what it says elsewhere decides, then what its other breaks are. */
Test(book_wrap, words_broken_at_the_end_of_a_line_are_healed)
{
#define BROKEN \
	PROSE "\nNothing was more interesting to the Carrier, nor was a self-\n" \
	      "evident or “remarkable” thing in all the world more remark-\n" \
	      "able than what he saw on the way; and it is all inter-\n" \
	      "esting, as is self-evident, and so the good old car-\n" \
	      "rier said of an evening to his friend the Anglo-\n" \
	      "Saxon, who was glad to be told so wise and so venera-\n" \
	      "ble a saying, of all that had come along the hill-\n" \
	      "road, and most of what he heard from the mother-in-\n" \
	      "law, who knew the road and the hill as well as any.\n"

	check(BROKEN,
		JOINED
		"\n\nNothing was more interesting to the Carrier, nor was a self-evident or "
		"“remarkable” thing in all the world more remarkable than what he saw on the way; "
		"and it is all interesting, as is self-evident, and so the good old carrier said of "
		"an evening to his friend the Anglo-Saxon, who was glad to be told so wise and so "
		"venerable a saying, of all that had come along the hill-road, and most of what he "
		"heard from the mother-in-law, who knew the road and the hill as well as any.");
	/* Soft hyphens are never meant. */
	check(PROSE "\nThe carrier sat down among them and told of the mules and won\xc2\xad\n"
		    "derful inns at the ford, where he had slept and the man who w\xc2\xac\n"
		    "as there.\n",
		JOINED
		"\n\nThe carrier sat down among them and told of the mules and wonderful inns "
		"at the ford, where he had slept and the man who was there.");
}

Test(book_wrap, verse_keeps_its_lines)
{
	check(PROSE "\nThe carrier came by day\nAnd sang along the way\nOf many a thing\n",
		JOINED "\n\nThe carrier came by day\nAnd sang along the way\nOf many a thing");
	check(PROSE "\n    The carrier came by day\n      And sang along the way\n    Of things\n",
		JOINED "\n\nThe carrier came by day\n  And sang along the way\nOf things");
	/* Long lines, but each begins with a capital. */
	check(PROSE "\nSing of the carrier, goddess, who came to us over the hill\n"
		    "Mules in his hand and the snow, yet new, on the ways of\n"
		    "Many a town that he saw, and he heard of the minds that\n"
		    "Dwelt there, and brought us the tale of them, late in year\n",
		JOINED "\n\nSing of the carrier, goddess, who came to us over the hill\n"
		       "Mules in his hand and the snow, yet new, on the ways of\n"
		       "Many a town that he saw, and he heard of the minds that\n"
		       "Dwelt there, and brought us the tale of them, late in year");
}

Test(book_wrap, tables_keep_their_lines)
{
	check(PROSE "\nSalt from the town by the sea .........        4 pounds\n"
		    "Iron for the smith of the valley ......       12 pounds\n"
		    "Letters, and one of them with a seal ..        3\n",
		JOINED "\n\nSalt from the town by the sea .........        4 pounds\n"
		       "Iron for the smith of the valley ......       12 pounds\n"
		       "Letters, and one of them with a seal ..        3");
}

Test(book_wrap, paragraphs_set_apart_by_indentation_alone)
{
	check("   It was late in the year when the carrier came over the\n"
	      "hill with his two mules, and the people of the valley came\n"
	      "out of their doors.\n"
	      "   He told of the town and of the road, which was closed by\n"
	      "the first snow, and of all that he had seen there with his\n"
	      "own eyes.\n",
		"It was late in the year when the carrier came over the hill with his two mules, and the "
		"people of the valley came out of their doors.\n\nHe told of the town and of the road, "
		"which was closed by the first snow, and of all that he had seen there with his own eyes.");
}

Test(book_wrap, scripts_without_spaces_get_none)
{
	check("那一年的冬天来得很早山谷里的人们很久没有听到城里的消息了\n"
	      "直到有一天那个赶着两头骡子的人翻过山岭来到了他们的村子里\n"
	      "他们都出来看。\n",
		"那一年的冬天来得很早山谷里的人们很久没有听到城里的消息了"
		"直到有一天那个赶着两头骡子的人翻过山岭来到了他们的村子里"
		"他们都出来看。");
}
