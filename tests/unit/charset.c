/* Encodings: labels and decoding by the WHATWG Encoding Standard, the choice among them. */
#include "lib/text/charset.h"

#include <criterion/criterion.h>

Test(charset, knows_labels_as_the_web_means_them)
{
	static const struct {
		const char *label, *name;
	} cases[] = {
		{ "utf-8", "UTF-8" },
		{ " UTF8\n", "UTF-8" },
		{ "iso-8859-1", "windows-1252" },
		{ "ISO8859-1", "windows-1252" },
		{ "ascii", "windows-1252" },
		{ "latin1", "windows-1252" },
		{ "iso-8859-9", "windows-1254" },
		{ "iso-8859-11", "windows-874" },
		{ "gb2312", "GBK" },
		{ "x-sjis", "Shift_JIS" },
		{ "ks_c_5601-1987", "EUC-KR" },
		{ "utf-16", "UTF-16LE" },
		{ "koi8-ru", "KOI8-U" },
		{ "x-user-defined", "x-user-defined" },
		{ "iso-8859-8-i", "ISO-8859-8-I" },
		{ "ISO-8859-16", "ISO-8859-16" },
		{ "unicode20utf8", "UTF-8" },
		{ "iso-2022-kr", "ISO-2022-KR" },
		{ "hz-gb-2312", "HZ-GB-2312" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct charset *c = charset_of_label(slice_str(cases[i].label));

		cr_assert(c, "%s", cases[i].label);
		cr_expect_str_eq(charset_name(c), cases[i].name, "%s", cases[i].label);
	}
}

Test(charset, knows_no_other_labels)
{
	static const char *const cases[] = { "", " ", "utf", "utf-8 latin1", "utf_8", "8859-1",
		"binary", "replacement", "a label that is far longer than any in the standard" };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(!charset_of_label(slice_str(cases[i])), "%s", cases[i]);
	cr_expect(!charset_of_label((struct slice){ "utf-8\0", 6 }));
}

Test(charset, takes_the_parameter_of_a_content_type)
{
	static const struct {
		const char *type, *want;
	} cases[] = {
		{ "text/html; charset=utf-8", "utf-8" },
		{ "text/html;CHARSET = \"x y\"; q=1", "x y" },
		{ "text/html; charset='koi8-r'", "koi8-r" },
		{ "text/html; charset=a;b", "a" },
		{ "text/html; charset; charset=b", "b" },
		{ "text/html; charset=\"open", "" },
		{ "text/html", "" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(slice_eq(charset_parameter(slice_str(cases[i].type)),
				  slice_str(cases[i].want)),
			"%s", cases[i].type);
}

Test(charset, finds_what_a_page_declares)
{
	static const struct {
		const char *page, *want;
	} cases[] = {
		{ "<meta charset=koi8-r>", "KOI8-R" },
		{ "<!doctype html><html><head><META CHARSET='Shift_JIS'/>", "Shift_JIS" },
		{ "<meta http-equiv=Content-Type content='text/html; charset=big5'>", "Big5" },
		{ "<!-- <meta charset=koi8-r> --><meta charset=big5>", "Big5" },
		{ "<metadata charset=koi8-r>", NULL },
		{ "<meta charset=nonsense><meta charset=euc-kr>", "EUC-KR" },
		{ "<meta charset=utf-16>", "UTF-16LE" },
		/* content alone declares nothing; charset counts before it, in any order */
		{ "<meta content='text/html; charset=big5'>", NULL },
		{ "<meta name=keywords content='charset=koi8-r'><meta charset=big5>", "Big5" },
		{ "<meta content='a;charset=koi8-r' http-equiv=content-type>", "KOI8-R" },
		{ "<meta http-equiv=content-type content='a;charset=koi8-r' charset=big5>",
			"Big5" },
		/* in the quotes of another tag, a comment, a declaration */
		{ "<p title='<meta charset=koi8-r>'><meta charset=big5>", "Big5" },
		{ "<!--><meta charset=koi8-r>", "KOI8-R" },
		{ "<?x <meta charset=koi8-r?><meta charset=big5>", "Big5" },
		{ "a < b <meta/charset = 'koi8-r' >", "KOI8-R" },
		{ "<meta charset=koi8-r", "KOI8-R" },
		{ "<p>charset=koi8-r", NULL },
		{ "<meta", NULL },
		{ "<!-- <meta charset=koi8-r>", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct charset *c = charset_declared(slice_str(cases[i].page)).charset;

		cr_expect((c != NULL) == (cases[i].want != NULL), "%s", cases[i].page);
		if (c && cases[i].want)
			cr_expect_str_eq(charset_name(c), cases[i].want, "%s", cases[i].page);
	}
}

static void expect_decoded(const char *label, struct slice bytes, const char *want, uint64_t lost)
{
	struct buf out = { 0 };
	uint64_t replaced = 0;

	charset_decode(charset_of_label(slice_str(label)), bytes, &out, &replaced);
	cr_expect(slice_eq(buf_view(&out), slice_str(want)), "%s: %.*s", label, (int)out.n, out.p);
	cr_expect(replaced == lost, "%s: %d replaced", label, (int)replaced);
	buf_release(&out);
}

/* Bytes from the index tables of the Encoding Standard. */
Test(charset, decodes)
{
	expect_decoded("utf-8", SLICE("caf\xC3\xA9"), "café", 0);
	expect_decoded("latin1", SLICE("\x80 caf\xE9 \x93x\x94"), "€ café “x”", 0);
	expect_decoded("iso-8859-16", SLICE("\xAA\xBA"), "Șș", 0);
	expect_decoded("iso-8859-6", SLICE("\xC1\xFF"), "ء\xEF\xBF\xBD", 1);
	expect_decoded("latin1", SLICE("\x81"), "\xC2\x81", 0);
	expect_decoded("hz-gb-2312", SLICE("~{VPND~}."), "中文.", 0);
	expect_decoded("iso-2022-kr", SLICE("\x1B$)C\x0EGQ1[\x0F."), "한글.", 0);
	expect_decoded("windows-1251", SLICE("\xCF\xF0\xE8"), "При", 0);
	expect_decoded("koi8-r", SLICE("\xF0\xD2\xC9"), "При", 0);
	expect_decoded("shift_jis", SLICE("\x93\xFA\x96\x7B \xB1 \x87\x40"), "日本 ｱ ①", 0);
	expect_decoded("euc-jp", SLICE("\xC6\xFC\xCB\xDC"), "日本", 0);
	expect_decoded("iso-2022-jp", SLICE("\x1B$BF|K\\\x1B(B."), "日本.", 0);
	expect_decoded("gb2312", SLICE("\xD6\xD0\xCE\xC4 \x81\x30\x84\x36"), "中文 ¥", 0);
	expect_decoded("big5", SLICE("\xA4\xA4\xA4\xE5"), "中文", 0);
	expect_decoded("euc-kr", SLICE("\xC7\xD1\xB1\xDB \x81\x41"), "한글 갂", 0);
	expect_decoded("utf-16le", SLICE("a\0=\xD8\0\xDE"), "a😀", 0);
	expect_decoded("utf-16be", SLICE("\0a\xD8=\xDE\0"), "a😀", 0);
}

Test(charset, replaces_and_counts_what_is_ill_formed)
{
	/* Unicode 15, table 3-11: the maximal subparts of these bytes. */
	expect_decoded("utf-8", SLICE("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"),
		"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
		"A",
		4);
	expect_decoded("utf-8", SLICE("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", 3);
	expect_decoded("utf-16le",
		SLICE("\x3D\xD8"
		      "a\0"),
		"\xEF\xBF\xBD"
		"a",
		1);
}

/* A surrogate pair on the border of the converter's buffer. */
Test(charset, keeps_pairs_whole_in_long_texts)
{
	struct buf bytes = { 0 }, out = { 0 };
	uint64_t replaced = 0;

	buf_append(&bytes, "x\0", 2);
	for (int i = 0; i < 10000; i++)
		buf_append(&bytes, "=\xD8\0\xDE", 4);
	charset_decode(charset_of_label(SLICE("utf-16le")), buf_view(&bytes), &out, &replaced);
	cr_expect(out.n == 40001 && replaced == 0, "%zu", out.n);
	for (size_t i = 1; i < out.n; i += 4)
		cr_assert(memcmp(out.p + i, "😀", 4) == 0);
	buf_release(&bytes);
	buf_release(&out);
}

/* Pages whose encoding nobody declares, in bytes that are several languages' letters. */
Test(charset, takes_a_hint_from_the_language_and_the_country)
{
	static const struct {
		const char *page, *url, *want;
	} cases[] = {
		{ "<html lang=lt><p>\xC0\xF0\xFE \xEB\xE0", "http://a.example/", "windows-1257" },
		{ "<html xml:lang='th-TH'><p>\xCA\xC7\xD1\xCA", "", "windows-874" },
		{ "<p>\xCA\xC7\xD1\xCA", "http://www.a.th:80/x.de", "windows-874" },
		/* a name in Russian: too short for statistics */
		{ "<html lang=ru><p>\xCF\xF3\xF8\xEA\xE8\xED", "", "windows-1251" },
		{ "<html lang=pl><p>Za\xBF\xF3\xB3\xE6 g\xEA\xB6l\xB1 ja\xBC\xF1", "",
			"ISO-8859-2" },
		{ "<html lang=pl><p>Za\xBF\xF3\xB3\xE6 g\xEA\x9Cl\xB9 ja\x9F\xF1", "",
			"windows-1250" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct charset_choice c = charset_choose_page(slice_str(cases[i].page),
			(struct slice){ 0 }, slice_str(cases[i].url), true);

		cr_expect_str_eq(charset_name(c.charset), cases[i].want, "case %zu", i);
	}
}

Test(charset, does_not_copy_valid_utf8)
{
	struct slice page = SLICE("<p>caf\xC3\xA9 \xC3\xA9t\xC3\xA9");
	struct charset_choice c = charset_choose(page, SLICE("latin1"), true);
	struct buf scratch = { 0 };
	uint64_t replaced = 0;

	cr_expect(charset_text(&c, page, &scratch, &replaced).p == page.p);
	page = SLICE("\xEF\xBB\xBF<p>x");
	c = charset_choose(page, SLICE("latin1"), true);
	cr_expect(charset_text(&c, page, &scratch, &replaced).p == page.p + 3);
	page = SLICE("<p>\xE9t\xE9");
	c = charset_choose(page, SLICE("latin1"), true);
	cr_expect(slice_eq(charset_text(&c, page, &scratch, &replaced), SLICE("<p>été")));
	cr_expect(replaced == 0);
	buf_release(&scratch);
}

#define FILLER \
	"A comment that is long, so that what follows it stands behind the first 1024 bytes " \
	"of the page. "

Test(charset, chooses_by_mark_then_label_then_meta_then_bytes)
{
	static const char late_meta[] = "<title>x</title><!--" FILLER FILLER FILLER FILLER FILLER
		FILLER FILLER FILLER FILLER FILLER FILLER "--><meta charset=windows-1250>\xB9";
	static const struct {
		const char *label;
		struct slice bytes;
		const char *want;
		size_t bom;
	} cases[] = {
		{ "koi8-r", { "\xEF\xBB\xBFx\xE9", 5 }, "UTF-8", 3 },
		{ "utf-8", { "\xFF\xFEx\0", 4 }, "UTF-16LE", 2 },
		{ "koi8-r", { "<meta charset=utf-8>\xF0\xD2\xC9", 23 }, "KOI8-R", 0 },
		{ "", { "<meta charset=koi8-r>\xF0\xD2\xC9", 24 }, "KOI8-R", 0 },
		{ "", { "plain ASCII", 11 }, "UTF-8", 0 },
		/* UTF-8 whatever the label says, unless there is too little of it to tell */
		{ "latin1", { "\xC3\xA9t\xC3\xA9 \xC3\xA0", 8 }, "UTF-8", 0 },
		{ "latin1", { "\xC3\xA9", 2 }, "windows-1252", 0 },
		/* a label of UTF-8 that most bytes deny */
		{ "utf-8", { "<meta charset=koi8-r>\xF0\xD2\xC9", 24 }, "KOI8-R", 0 },
		{ "utf-8", { "\xC3\xA9 and \xE9", 8 }, "UTF-8", 0 },
		/* UTF-16 by its bytes, with a label and without, and not by one they deny */
		{ "", { "<\0p\0>\0x\0y\0\xE9\0", 12 }, "UTF-16LE", 0 },
		{ "utf-8", { "\0<\0p\0>\0x\0y\0\xE9", 12 }, "UTF-16BE", 0 },
		{ "utf-16", { "<p>plain text", 13 }, "UTF-8", 0 },
		/* a late meta is heard */
		{ "", { late_meta, sizeof(late_meta) - 1 }, "windows-1250", 0 },
		{ "", { "<meta charset=x-user-defined>\xE9", 30 }, "x-user-defined", 0 },
		{ "", { "<meta charset=hz-gb-2312>~{VPND~}", 33 }, "HZ-GB-2312", 0 },
		/* seven-bit text that is no ASCII */
		{ "iso-2022-jp", { "\x1B$BF|K\\\x1B(B", 10 }, "ISO-2022-JP", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct charset_choice c =
			charset_choose(cases[i].bytes, slice_str(cases[i].label), true);

		cr_expect_str_eq(charset_name(c.charset), cases[i].want, "case %zu", i);
		cr_expect(c.bom == cases[i].bom, "case %zu", i);
	}
}

/* Article 1 of the Universal Declaration of Human Rights, without any label. */
Test(charset, detects_what_nobody_names)
{
	static const char russian[] =
		"\xC2\xF1\xE5 \xEB\xFE\xE4\xE8 \xF0\xEE\xE6\xE4\xE0\xFE\xF2\xF1\xFF "
		"\xF1\xE2\xEE\xE1\xEE\xE4\xED\xFB\xEC\xE8 \xE8 \xF0\xE0\xE2\xED\xFB\xEC\xE8 "
		"\xE2 \xF1\xE2\xEE\xE5\xEC \xE4\xEE\xF1\xF2\xEE\xE8\xED\xF1\xF2\xE2\xE5 "
		"\xE8 \xEF\xF0\xE0\xE2\xE0\xF5.";
	static const char french[] =
		"Tous les \xEAtres humains naissent libres et \xE9gaux en dignit\xE9 et en droits. "
		"Ils sont dou\xE9s de raison et de conscience et doivent agir les uns envers les "
		"autres dans un esprit de fraternit\xE9.";
	struct charset_choice c;

	c = charset_choose(slice_str(russian), (struct slice){ 0 }, true);
	cr_expect_str_eq(charset_name(c.charset), "windows-1251");
	c = charset_choose(slice_str(french), (struct slice){ 0 }, true);
	cr_expect_str_eq(charset_name(c.charset), "windows-1252");
}
