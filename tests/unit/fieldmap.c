#include "stages/extract/fieldmap.h"

#include <criterion/criterion.h>

static const char *entries[] = { "text=body", "id=permalink" };

static void check(const struct extract_config *cfg, const char *given, enum verdict verdict,
	const char *rule, const char *want)
{
	struct item item = { .data = slice_str(given), .path = "f.jsonl", .number = 3 };
	struct buf scratch = { 0 }, line = { 0 };
	struct emitter to = { .out = &line };
	struct reason why = { 0 };
	struct err e = { 0 };

	cr_expect_eq(fieldmap_item(&item, cfg, &scratch, &to, &why, &e), verdict, "%s", given);
	buf_cstr(&line);
	if (rule)
		cr_expect(why.rule && strcmp(why.rule, rule) == 0, "%s", given);
	if (want)
		cr_expect_str_eq(line.p, want, "given %s\n got %s\nwant %s", given, line.p, want);
	buf_release(&scratch);
	buf_release(&line);
}

Test(fieldmap, fields_take_our_names_and_others_stay_as_they_are)
{
	static const struct extract_config cfg = { .source = "forum",
		.map = { entries, ARRAY_LEN(entries), 0 } };
	static const struct {
		const char *given, *want;
	} rows[] = {
		{ "{\"permalink\":\"p1\",\"body\":\"T\\u0065xt\",\"score\": 1.50}",
			"{\"id\":\"p1\",\"text\":\"T\\u0065xt\",\"score\":1.50,\"source\":\"forum\"}\n" },
		{ "{ \"x\" : [1,  2] , \"bo\\u0064y\":\"a\",\"permalink\":7}",
			"{\"x\":[1,  2],\"text\":\"a\",\"id\":\"7\",\"source\":\"forum\"}\n" },
		/* A field of ours that the map fills gives way; a source is set. */
		{ "{\"text\":\"theirs\",\"body\":\"ours\",\"permalink\":\"p\",\"source\":\"x\"}",
			"{\"text\":\"ours\",\"id\":\"p\",\"source\":\"forum\"}\n" },
		/* Where the mapped field is not there, one of our name counts. */
		{ "{\"text\":\"t\",\"id\":\"i\"}",
			"{\"text\":\"t\",\"id\":\"i\",\"source\":\"forum\"}\n" },
		{ "{\"body\":\"t\"}",
			"{\"text\":\"t\",\"id\":\"f.jsonl:3\",\"source\":\"forum\"}\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check(&cfg, rows[i].given, KEEP, NULL, rows[i].want);
}

Test(fieldmap, lines_without_text_are_dropped_and_others_are_bad)
{
	static const struct extract_config cfg = { .min_text = 3 };

	check(&cfg, "{\"id\":\"a\"}", DROP, "no_text", NULL);
	check(&cfg, "{\"id\":\"a\",\"text\":null}", DROP, "no_text", NULL);
	check(&cfg, "{\"id\":\"a\",\"text\":5}", DROP, "no_text", NULL);
	check(&cfg, "{\"id\":\"a\",\"text\":\"\\u00e4\\u00e4\"}", DROP, "min_text", NULL);
	check(&cfg, "{\"id\":\"a\",\"text\":\"\\u00e4\\u00e4b\"}", KEEP, NULL, NULL);
	check(&cfg, "[1]", BAD, NULL, NULL);
	check(&cfg, "{\"id\":\"a\"", BAD, NULL, NULL);
	check(&cfg, "", BAD, NULL, NULL);
}

Test(fieldmap, wrong_maps_are_refused)
{
	static const char *wrong[][2] = { { "text", NULL }, { "=a", NULL }, { "text=", NULL },
		{ "text=a", "text=b" } };
	static const char *right[] = { "text=a", "title=a" };
	struct err e = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct opt_list map = { wrong[i], wrong[i][1] ? 2 : 1, 0 };

		err_clear(&e);
		cr_expect_lt(fieldmap_check(&map, &e), 0);
		cr_expect_eq(e.code, ERR_USAGE);
	}
	err_clear(&e);
	cr_expect_eq(fieldmap_check(&(struct opt_list){ right, 2, 0 }, &e), 0);
}
