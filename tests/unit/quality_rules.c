/* Tests of rule sets: what is read, and where a mistake is said to be. */
#include "stages/quality/rules.h"

#include <criterion/criterion.h>

#define HEAD "name: a\nsplitter: whitespace\nrules:\n"
#define RULE "  - name: r\n    statistic: words\n"

Test(quality_rules, reads_rows_in_order)
{
	static const char text[] = HEAD RULE "    min: 3\n    note: why\n"
					     "  - { name: s, statistic: characters, max: 0.5 }\n";
	struct rule_set set;
	struct err e = { 0 };

	cr_assert_eq(rule_set_parse(&set, "f", slice_str(text), &e), 0, "%s", e.text);
	cr_expect_str_eq(set.name, "a");
	cr_expect_str_eq(splitter_name(set.splitter), "whitespace");
	cr_assert_eq(set.n, 2);
	cr_expect_str_eq(set.rules[0].name, "r");
	cr_expect_str_eq(set.rules[0].note, "why");
	cr_expect_eq(set.rules[0].statistic, STAT_WORDS);
	cr_expect(set.rules[0].has_min && !set.rules[0].has_max);
	cr_expect_eq(set.rules[0].min, 3);
	cr_expect(!set.rules[1].has_min && set.rules[1].has_max);
	cr_expect_eq(set.rules[1].max, 0.5);
	rule_set_release(&set);
}

Test(quality_rules, may_be_empty)
{
	struct rule_set set;
	struct err e = { 0 };

	cr_assert_eq(rule_set_parse(&set, "f", SLICE("name: a\nrules: []\n"), &e), 0, "%s", e.text);
	cr_expect_eq(set.n, 0);
	cr_expect_null(set.splitter);
	rule_set_release(&set);
}

/* The digest is of the file's bytes: XXH3-128 of "name: a\nrules: []\n" by the xxhash package of
 * Python. */
Test(quality_rules, has_the_digest_of_its_file)
{
	struct rule_set set;
	struct err e = { 0 };

	cr_assert_eq(rule_set_parse(&set, "f", SLICE("name: a\nrules: []\n"), &e), 0);
	cr_expect_str_eq(set.digest, "bcd63c12de1d310320fed0833dbffb92");
	rule_set_release(&set);
}

Test(quality_rules, says_where_a_mistake_is)
{
	static const struct {
		const char *given, *want;
	} cases[] = {
		{ "", "f:1:1: a rule set is a mapping with a name and rules" },
		{ "- a\n", "f:1:1: a rule set is a mapping with a name and rules" },
		{ "name: a\n", "f:1:1: a rule set is a mapping with a name and rules" },
		{ "name: a\nrule: 1\nrules: []\n",
			"f:2:1: a rule set has no key rule "
			"(it has name, note, splitter and rules)" },
		{ "name: a\nrules: 1\n", "f:2:1: rules is not a list" },
		{ "name: []\nrules: []\n", "f:1:1: name is not a text" },
		{ "name: a\nsplitter: b\nrules: []\n",
			"f:2:1: there is no splitter b (there are whitespace, uax29, spacy-en)" },
		{ HEAD "  - r\n", "f:4:5: a rule is a mapping" },
		{ HEAD "  - name: r\n", "f:4:5: a rule needs a name and a statistic" },
		{ HEAD "  - statistic: words\n", "f:4:5: a rule needs a name and a statistic" },
		{ HEAD "  - name: r\n    statistic: wrds\n", "f:5:5: there is no statistic wrds" },
		{ HEAD RULE "    mim: 3\n",
			"f:6:5: a rule has no key mim "
			"(it has name, statistic, min, max and note)" },
		{ HEAD RULE "    min: three\n", "f:6:5: min: a number was expected" },
		{ HEAD RULE "    max: \"3\"\n", "f:6:5: max: a number was expected" },
		{ HEAD RULE "    max: .inf\n", "f:6:5: max: a number was expected" },
		{ HEAD RULE "    min: 3\n    max: 2\n",
			"f:4:5: min is above max: every text would fail" },
		{ HEAD RULE RULE, "f:6:5: the rule r stands here twice" },
		{ HEAD RULE "    min: 3\n    min: 4\n", "f:7:5: the key stands here twice" },
		{ "name: a\nrules:\n" RULE,
			"f:3:5: words needs words: name a splitter for the set "
			"(whitespace, uax29, spacy-en)" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct rule_set set;
		struct err e = { 0 };

		cr_expect_eq(rule_set_parse(&set, "f", slice_str(cases[i].given), &e), -1, "%s",
			cases[i].given);
		cr_expect_eq(e.code, ERR_USAGE);
		cr_expect_str_eq(e.text, cases[i].want);
	}
}

Test(quality_rules, compare_strictly)
{
	static const struct {
		bool has_min, has_max;
		double value;
		bool fails;
		double limit;
	} cases[] = {
		{ true, false, 2, false, 0 },
		{ true, false, 1.9999999999999998, true, 2 },
		{ false, true, 3, false, 0 },
		{ false, true, 3.0000000000000004, true, 3 },
		{ true, true, 2, false, 0 },
		{ true, true, 4, true, 3 },
		{ true, true, 1, true, 2 },
		{ false, false, 1e300, false, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct rule r = {
			.has_min = cases[i].has_min, .has_max = cases[i].has_max, .min = 2, .max = 3
		};
		double limit = 0;

		cr_expect_eq(rule_fails(&r, cases[i].value, &limit), cases[i].fails, "%g",
			cases[i].value);
		cr_expect_eq(limit, cases[i].limit);
	}
}

Test(quality_rules, all_sets_of_configs_load)
{
	static const char *const paths[] = { "configs/quality/none.yaml",
		"configs/quality/gopher.yaml", "configs/quality/gopher-repetition.yaml" };

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct rule_set set;
		struct err e = { 0 };

		cr_assert_eq(rule_set_load(&set, paths[i], &e), 0, "%s", e.text);
		for (size_t k = 0; k < set.n; k++)
			cr_expect_not_null(set.rules[k].note, "%s: no source", set.rules[k].name);
		rule_set_release(&set);
	}
}
