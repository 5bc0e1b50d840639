/* Names of people out of bylines. */
#include "lib/core/buf.h"
#include "stages/extract/author.h"

#include <criterion/criterion.h>
#include <stdio.h>

static void expect_names(const char *text, const char *want)
{
	struct author_names names;
	struct buf got = { 0 };

	author_names(slice_str(text), &names);
	for (size_t i = 0; i < names.n; i++) {
		if (i)
			buf_str(&got, "; ");
		buf_slice(&got, names.name[i]);
	}
	cr_expect_str_eq(buf_cstr(&got), want, "%s: %s, not %s", text, got.p, want);
	buf_release(&got);
}

Test(author, names_come_out_of_bylines)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "Jane Doe", "Jane Doe" },
		{ "By Jane Doe", "Jane Doe" },
		{ "BY JANE DOE", "JANE DOE" },
		{ "ByJane Doe", "Jane Doe" },
		{ "Byron White", "Byron White" },
		{ "Written by: Jane Doe", "Jane Doe" },
		{ "Von Jane Doe", "Jane Doe" },
		{ "Veröffentlicht von Jane Doe", "Jane Doe" },
		{ "VERÖFFENTLICHT VON JANE DOE", "JANE DOE" },
		{ "Par Jeanne Dupont", "Jeanne Dupont" },
		{ "Por Juana Pérez", "Juana Pérez" },
		{ "Автор: Иван Петров", "Иван Петров" },
		{ "作者:张三", "张三" },
		{ "Autorin: Jane Doe", "Jane Doe" },
		{ "View all posts by Jane Doe", "Jane Doe" },
		{ "Jane Doe and John Roe", "Jane Doe; John Roe" },
		{ "Jane Doe, John Roe & Max Poe", "Jane Doe; John Roe; Max Poe" },
		{ "Jane Doe und John Roe", "Jane Doe; John Roe" },
		{ "Jane Doe;Jane Doe", "Jane Doe" },
		{ "Michiel de Jong", "Michiel de Jong" },
		{ "Jane Doe, Staff Writer", "Jane Doe" },
		{ "Jane Doe\nEducation writer\nMore", "Jane Doe" },
		{ "By\nJane Doe", "Jane Doe" },
		{ "Jane Doe\nand\nJohn Roe", "Jane Doe; John Roe" },
		{ "Jun 2\nWritten by\nJane Doe", "Jane Doe" },
		{ "Jane Doe | March 3", "Jane Doe" },
		{ "Jane Doe on March 3, 2021", "Jane Doe" },
		{ "Jane Doe March 3, 2021", "Jane Doe" },
		{ "Jane Doe (Springfield)", "Jane Doe" },
		{ "Jane Doe - The Post", "Jane Doe" },
		{ "Jane Doe jane@post.example", "Jane Doe" },
		{ "Jane Doe reports", "Jane Doe" },
		{ "Reviewed by Molly", "" },
		{ "janed42", "janed42" },
		{ "Redaktion", "Redaktion" },
		{ "Redaktion, Jane Doe", "Jane Doe" },
		{ "admin", "" },
		{ "Guest", "" },
		{ "https://www.facebook.example/jane", "" },
		{ "www.post.example", "" },
		{ "2021", "" },
		{ "By", "" },
		{ "", "" },
		{ "-", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_names(cases[i].text, cases[i].want);
}

Test(author, leads_are_words)
{
	cr_expect_eq(byline_lead(SLICE("By Jane")), 3);
	cr_expect_eq(byline_lead(SLICE("By: Jane")), 4);
	cr_expect_eq(byline_lead(SLICE("Bygone")), 0);
	cr_expect_eq(byline_lead(SLICE("Jane")), 0);
	cr_expect_eq(byline_lead(SLICE("By")), 2);
	cr_expect_eq(byline_lead(SLICE("")), 0);
}

Test(author, names_begin_with_capitals)
{
	cr_expect(author_looks_like_name(SLICE("Jane Doe")));
	cr_expect(author_looks_like_name(SLICE("Ludwig van Beethoven")));
	cr_expect(author_looks_like_name(SLICE("张三")));
	cr_expect_not(author_looks_like_name(SLICE("the sea")));
	cr_expect_not(author_looks_like_name(SLICE("The Sea")));
	cr_expect_not(author_looks_like_name(SLICE("One Of Many Who Were There")));
}

Test(author, leads_of_every_beginning_are_seen)
{
	static const char *const leads[] = { "a cura di", "af", "article by", "asked by",
		"authored by", "av", "Bericht von", "blog by", "BY", "contributed by", "created by",
		"di", "door", "ein Artikel von", "erstellt von", "escrito por", "gepostet von",
		"Interview von", "Kommentar von", "napisane przez", "oleh", "par", "posted by",
		"propos recueillis par", "publicado por", "reported by", "rédigé par", "scritto da",
		"skriven av", "story by", "submitted by", "text by", "this post was written by",
		"verfasst von", "von", "words by", "written by", "yazan", "écrit par", "Автор",
		"作者" };

	for (size_t i = 0; i < ARRAY_LEN(leads); i++) {
		char line[80];
		int n = snprintf(line, sizeof(line), "%s Jane Doe", leads[i]);

		cr_expect_eq(byline_lead((struct slice){ line, (size_t)n }), strlen(leads[i]) + 1,
			"%s", line);
	}
	cr_expect_eq(byline_lead(SLICE("Buy Jane Doe")), 0);
	cr_expect_eq(byline_lead(SLICE("b")), 0);
	cr_expect_eq(byline_lead(SLICE("")), 0);
}
