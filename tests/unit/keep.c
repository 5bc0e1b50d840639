/* Which record of a cluster stays. */
#include "stages/dedup/keep.h"

#include <criterion/criterion.h>

static struct keep parsed(const char *word)
{
	struct err e = { 0 };
	struct keep k;

	cr_assert_eq(keep_parse(&k, word, &e), 0, "%s: %s", word, e.text);
	return k;
}

static bool ranked(const char *word, const char *line, struct keep_rank *out)
{
	struct keep k = parsed(word);
	struct record r = { 0 };
	struct err e = { 0 };
	bool found;

	cr_assert_eq(record_scan(&r, slice_str(line), &e), 0, "%s: %s", line, e.text);
	found = keep_rank_record(&k, &r, record_text(&r), out);
	record_release(&r);
	return found;
}

Test(keep, words)
{
	struct err e = { 0 };
	struct keep k;

	cr_expect_eq(parsed("first").kind, KEEP_FIRST);
	cr_expect_eq(parsed("longest").kind, KEEP_LONGEST);
	cr_expect_eq(parsed("best:score").kind, KEEP_BEST);
	cr_expect_str_eq(parsed("best:a:b").field, "a:b");
	cr_expect_eq(keep_parse(&k, "best:", &e), -1);
	cr_expect_str_eq(e.text, "--keep best:: not first, longest or best:FIELD");
	cr_expect_eq(keep_parse(&k, "last", &e), -1);
	cr_expect_eq(keep_parse(&k, "", &e), -1);
}

/* Of each row the left record stays. */
Test(keep, the_better_record_has_the_smaller_rank)
{
	static const struct {
		const char *word, *stays, *goes;
	} cases[] = {
		{ "longest", "{\"id\":\"b\",\"text\":\"long\"}",
			"{\"id\":\"a\",\"text\":\"lon\"}" },
		{ "longest", "{\"id\":\"a\",\"text\":\"same\"}",
			"{\"id\":\"b\",\"text\":\"emas\"}" },
		{ "longest", "{\"id\":\"a\"}", "{\"id\":\"aa\"}" },
		{ "best:s", "{\"id\":\"b\",\"s\":0.5}", "{\"id\":\"a\",\"s\":0.25}" },
		{ "best:s", "{\"id\":\"b\",\"s\":-1}", "{\"id\":\"a\",\"s\":-2}" },
		{ "best:s", "{\"id\":\"b\",\"s\":0.1}", "{\"id\":\"a\",\"s\":-1e300}" },
		{ "best:s", "{\"id\":\"b\",\"s\":1e300}", "{\"id\":\"a\",\"s\":5e-324}" },
		{ "best:s", "{\"id\":\"a\",\"s\":0}", "{\"id\":\"b\",\"s\":-0.0}" },
		{ "best:s", "{\"id\":\"a\",\"s\":-0.0}", "{\"id\":\"b\",\"s\":0}" },
		{ "best:s", "{\"id\":\"b\",\"s\":-7}", "{\"id\":\"a\",\"s\":\"9\"}" },
		{ "best:s", "{\"id\":\"b\",\"s\":\"\"}", "{\"id\":\"a\"}" },
		{ "best:s", "{\"id\":\"b\",\"s\":\"2026-11-24T08:00:01Z\"}",
			"{\"id\":\"a\",\"s\":\"2026-11-24T08:00:00Z\"}" },
		{ "best:s", "{\"id\":\"b\",\"s\":\"2026-11-24\"}",
			"{\"id\":\"a\",\"s\":\"2026-11\"}" },
		{ "best:s", "{\"id\":\"b\",\"s\":\"\xc3\xa9\"}", "{\"id\":\"a\",\"s\":\"z\"}" },
		{ "best:s", "{\"id\":\"a\",\"s\":true}", "{\"id\":\"b\",\"s\":null}" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct keep_rank stays, goes;

		ranked(cases[i].word, cases[i].stays, &stays);
		ranked(cases[i].word, cases[i].goes, &goes);
		cr_expect_lt(memcmp(&stays, &goes, sizeof(stays)), 0, "%s %s %s", cases[i].word,
			cases[i].stays, cases[i].goes);
	}
}

Test(keep, first_tells_no_two_apart)
{
	struct keep_rank a, b;

	cr_expect(ranked("first", "{\"id\":\"a\",\"text\":\"long\"}", &a));
	cr_expect(ranked("first", "{\"id\":\"b\"}", &b));
	cr_expect_eq(memcmp(&a, &b, sizeof(a)), 0);
}

Test(keep, a_field_that_is_not_there_is_told)
{
	struct keep_rank rank;

	cr_expect(ranked("best:s", "{\"s\":1}", &rank));
	cr_expect(ranked("best:s", "{\"s\":\"\"}", &rank));
	cr_expect_not(ranked("best:s", "{\"t\":1}", &rank));
	cr_expect_not(ranked("best:s", "{\"s\":null}", &rank));
	cr_expect_not(ranked("best:s", "{\"s\":[1]}", &rank));
}
