/* Recipes: what is read, what is refused, and the epochs that follow. */
#include "stages/mix/recipe.h"

#include <criterion/criterion.h>
#include <math.h>

static void parsed(struct recipe *r, const char *text)
{
	struct err e = { 0 };

	cr_assert_eq(recipe_parse(r, "dir/mix.yaml", slice_str(text), &e), 0, "%s", e.text);
}

Test(recipe, reads_all_keys)
{
	struct recipe r;

	parsed(&r,
		"name: m\nseed: 7\nunit: documents\ntotal: 300G\nsources:\n"
		"  a: {weight: 60, max_epochs: 2.5, tokens: 410e9}\n  b-2: {weight: 1}\n");
	cr_expect_str_eq(r.name, "m");
	cr_expect_eq(r.seed, 7);
	cr_expect_eq(r.unit, UNIT_DOCUMENTS);
	cr_expect_eq(r.total, 300e9);
	cr_expect_not(r.by_epochs);
	cr_assert_eq(r.n, 2);
	cr_expect_str_eq(r.sources[0].name, "a");
	cr_expect_eq(r.sources[0].weight, 60);
	cr_expect_eq(r.sources[0].max_epochs, 2.5);
	cr_expect_eq(r.sources[0].facts[UNIT_TOKENS], 410e9);
	cr_expect_str_eq(r.sources[1].name, "b-2");
	cr_expect_eq(r.sources[1].max_epochs, 1);
	cr_expect_eq(recipe_find(&r, SLICE("b-2")), 1);
	cr_expect_eq(recipe_find(&r, SLICE("b")), 2);
	recipe_release(&r);
	parsed(&r, "sources: {a: {epochs: 2.9}}");
	cr_expect_str_eq(r.name, "mix.yaml");
	cr_expect(r.by_epochs);
	cr_expect_eq(r.unit, -1);
	recipe_release(&r);
}

Test(recipe, refuses_with_file_line_and_column)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "a recipe needs sources" },
		{ "[a]", "a recipe is a mapping" },
		{ "sources: {}", "sources: a mapping of names was expected" },
		{ "sources: {a: {weight: 1}}\ncolour: red", "mix.yaml:2:1: unknown key colour" },
		{ "sources:\n  a: {weight: 1, max: 2}", "mix.yaml:2:18: unknown key max" },
		{ "sources: {a: {weight: 0}}", "weight: a number above 0" },
		{ "sources: {a: {weight: -1}}", "weight: a number above 0" },
		{ "sources: {a: {weight: nan}}", "weight: a number above 0" },
		{ "sources: {a: {weight: \"1\"}}", "weight: a number above 0" },
		{ "sources: {a: {weight: 1e999}}", "weight: a number above 0" },
		{ "sources: {a: {weight: 1, epochs: 1}}", "a: either weight or epochs" },
		{ "sources: {a: {tokens: 1}}", "a: either weight or epochs" },
		{ "sources: {a: 3}", "a: weight or epochs was expected" },
		{ "sources: {a: {weight: 1}, b: {epochs: 1}}", "b has epochs and a has not" },
		{ "sources: {a: {epochs: 1}, b: {weight: 1}}", "b has a weight and a has not" },
		{ "sources: {a: {epochs: 2000000}}", "epochs: 2e+06 is over 1e+06" },
		{ "sources: {a/b: {weight: 1}}", "the source's name \"a/b\" is not" },
		{ "sources: {.a: {weight: 1}}", "the source's name \".a\" is not" },
		{ "unit: words\nsources: {a: {weight: 1}}", "mix.yaml:1:1: unit: tokens" },
		{ "total: 1\nsources: {a: {epochs: 1}}", "a recipe of epochs has no total" },
		{ "seed: -1\nsources: {a: {weight: 1}}", "seed: a whole number" },
		{ "sources: {a: {weight: 1}, a: {weight: 1}}", "mix.yaml:1:" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct recipe r;
		struct err e = { 0 };

		cr_expect_eq(recipe_parse(&r, "mix.yaml", slice_str(cases[i].text), &e), -1, "%s",
			cases[i].text);
		cr_expect(strstr(e.text, cases[i].want), "%s: %s", cases[i].text, e.text);
	}
}

Test(recipe, numbers_have_decimal_suffixes)
{
	static const struct {
		const char *text;
		double want; /* 0: refused */
	} cases[] = {
		{ "1", 1 },
		{ "300G", 300e9 },
		{ "1.5k", 1500 },
		{ "2T", 2e12 },
		{ "3m", 3e6 },
		{ "1e3K", 1e6 },
		{ "", 0 },
		{ "G", 0 },
		{ "0", 0 },
		{ "-1", 0 },
		{ "1GB", 0 },
		{ "1 G", 0 },
		{ "0x10", 0 },
		{ "inf", 0 },
		{ "1e309", 0 },
		{ "1P", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		double got = 0;

		cr_expect_eq(
			recipe_number(cases[i].text, &got), cases[i].want > 0, "%s", cases[i].text);
		cr_expect_eq(got, cases[i].want, "%s", cases[i].text);
	}
}

/* --- plans ------------------------------------------------------------------------------------ */

static void expect_plan(const struct recipe *r, const double *sizes, double total,
	double want_total, const double *want, const char *want_note)
{
	struct plan p;
	struct buf notes = { 0 };
	struct err e = { 0 };
	double share = 0;

	cr_assert_eq(plan_make(&p, r, sizes, total, &notes, &e), 0, "%s", e.text);
	cr_expect_float_eq(p.total / want_total, 1, 1e-4, "%g", p.total);
	for (size_t i = 0; i < r->n; i++) {
		cr_expect_float_eq(
			p.epochs[i] / want[i], 1, 1e-4, "%s: %g", r->sources[i].name, p.epochs[i]);
		share += p.share[i];
	}
	cr_expect_float_eq(share, 1, 1e-12);
	cr_expect(want_note ? strstr(buf_cstr(&notes), want_note) != NULL : notes.n == 0, "%s",
		buf_cstr(&notes));
	buf_release(&notes);
	plan_release(&p);
}

/* A recipe from configs/ with its own facts as the sizes. */
static double *facts(const struct recipe *r)
{
	static double sizes[8];

	cr_assert(r->n <= ARRAY_LEN(sizes));
	for (size_t i = 0; i < r->n; i++)
		sizes[i] = r->sources[i].facts[UNIT_TOKENS];
	return sizes;
}

/* Table 2.2 of the GPT-3 paper by hand: weight / 101 * 300 / tokens. */
Test(plan, gpt3_by_weights)
{
	static const double want[] = { 178.2178 / 410, 65.3465 / 19, 23.7624 / 12, 23.7624 / 55,
		8.9109 / 3 };
	struct recipe r;
	struct err e = { 0 };

	cr_assert_eq(recipe_load(&r, "configs/gpt3.yaml", &e), 0, "%s", e.text);
	expect_plan(&r, facts(&r), 300e9, 300e9, want,
		"configs/gpt3.yaml: the weights sum to 101, not 1 or 100; normalised to "
		"commoncrawl 59.41 %, webtext2 21.78 %, books1 7.92 %, books2 7.92 %, "
		"wikipedia 2.97 %\n");
	recipe_release(&r);
}

/* The largest total is where WebText2 meets 3.47: 3.47 * 19 / (22 / 101). */
Test(plan, gpt3_without_a_total)
{
	static const double want[] = { 179.809 / 410, 3.47, 23.9746 / 12, 23.9746 / 55,
		8.99046 / 3 };
	struct recipe r;
	struct err e = { 0 };

	cr_assert_eq(recipe_load(&r, "configs/gpt3.yaml", &e), 0, "%s", e.text);
	expect_plan(&r, facts(&r), 0, 302.6786e9, want, "sum to 101");
	recipe_release(&r);
}

Test(plan, gpt3_by_epochs)
{
	static const double want[] = { 0.44, 2.9, 1.9, 0.43, 3.4 };
	static const double shares[] = { 61.7, 18.9, 7.8, 8.1, 3.5 };
	struct recipe r;
	struct err e = { 0 };
	struct plan p;
	struct buf notes = { 0 };

	cr_assert_eq(recipe_load(&r, "configs/gpt3-epochs.yaml", &e), 0, "%s", e.text);
	expect_plan(&r, facts(&r), 0, 292.15e9, want, NULL);
	cr_assert_eq(plan_make(&p, &r, facts(&r), 0, &notes, &e), 0);
	for (size_t i = 0; i < r.n; i++)
		cr_expect_float_eq(100 * p.share[i], shares[i], 0.06);
	plan_release(&p);
	cr_expect_eq(plan_make(&p, &r, facts(&r), 1e9, &notes, &e), -1);
	cr_expect(strstr(e.text, "has no --total"), "%s", e.text);
	recipe_release(&r);
}

/* 3 : 1 of 100 and 20: the second gives 20 once, so the first gives 60. */
Test(plan, hand_made)
{
	static const double sizes[] = { 100, 20 }, want[] = { 0.6, 1 }, twice[] = { 0.9, 1.5 };
	struct recipe r;
	struct plan p;
	struct buf notes = { 0 };
	struct err e = { 0 };

	parsed(&r, "sources: {a: {weight: .75}, b: {weight: .25}}");
	expect_plan(&r, sizes, 0, 80, want, NULL);
	cr_expect_eq(plan_make(&p, &r, sizes, 120, &notes, &e), -1);
	cr_expect_eq(e.code, ERR_USAGE);
	cr_expect_str_eq(e.text,
		"a total of 120 would repeat b 1.5 times, over its max_epochs of 1; "
		"the largest total is 80");
	recipe_release(&r);
	parsed(&r, "sources: {a: {weight: 75}, b: {weight: 25, max_epochs: 1.5}}");
	expect_plan(&r, sizes, 120, 120, twice, NULL);
	recipe_release(&r);
}

Test(plan, an_empty_source_is_refused)
{
	static const double sizes[] = { 100, 0 };
	struct recipe r;
	struct plan p;
	struct buf notes = { 0 };
	struct err e = { 0 };

	parsed(&r, "sources: {a: {weight: 3}, b: {weight: 1}}");
	cr_expect_eq(plan_make(&p, &r, sizes, 0, &notes, &e), -1);
	cr_expect_str_eq(e.text, "source b is empty; leave it out by --without b");
	recipe_remove(&r, 1);
	expect_plan(&r, sizes, 0, 100, &(double){ 1 }, "sum to 3, not 1 or 100");
	recipe_release(&r);
}
