/* Tests of the statistics: by hand at each limit of the Gopher sets, and on random text against
 * plain definitions that count without tables. */
#include "lib/core/buf.h"
#include "stages/quality/rules.h"
#include "tests/random.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

static struct text_stats *stats_by(const char *splitter)
{
	const struct splitter *s = splitter_find(splitter);
	struct text_stats *stats = NULL;
	struct err e = { 0 };

	cr_assert_eq(text_stats_new(&stats, &s, 1, &e), 0, "%s", e.text);
	return stats;
}

/* --- by hand: a value at the limit passes, the next one does not
 * ------------------------------------------ */

/* Text is made of parts, each repeated. */
struct part {
	unsigned times;
	const char *text;
};

struct edge {
	const char *rule;
	double value; /* of the statistic */
	bool fails;
	struct part parts[4];
};

static void build(const struct edge *edge, struct buf *text)
{
	text->n = 0;
	for (size_t i = 0; i < ARRAY_LEN(edge->parts); i++) {
		for (unsigned k = 0; k < edge->parts[i].times; k++)
			buf_str(text, edge->parts[i].text);
	}
}

static struct rule *rule_of(struct rule_set *set, const char *name)
{
	size_t i = 0;

	while (i < set->n && strcmp(set->rules[i].name, name) != 0)
		i++;
	cr_assert_lt(i, set->n, "no rule %s", name);
	return &set->rules[i];
}

static void expect_edges(const char *path, const struct edge *edges, size_t n)
{
	struct text_stats *stats = stats_by("spacy-en");
	struct rule_set set;
	struct buf text = { 0 };
	struct err e = { 0 };

	cr_assert_eq(rule_set_load(&set, path, &e), 0, "%s", e.text);
	for (size_t i = 0; i < n; i++) {
		struct rule *r = rule_of(&set, edges[i].rule);
		double value = -1, limit = -1;

		build(&edges[i], &text);
		text_stats_set(stats, buf_view(&text));
		cr_expect(text_stats_get(stats, 0, r->statistic, &value));
		cr_expect_eq(value, edges[i].value, "%s: %.17g", edges[i].rule, value);
		cr_expect_eq(rule_fails(r, value, &limit), edges[i].fails, "%s at %g",
			edges[i].rule, value);
		if (edges[i].fails)
			cr_expect_eq(limit, r->has_min ? r->min : r->max);
	}
	buf_release(&text);
	rule_set_release(&set);
	text_stats_free(stats);
}

Test(quality_stats, gopher_passes_at_each_limit_and_fails_beyond)
{
	static const struct edge edges[] = {
		{ "gopher_short_doc", 50, false, { { 50, "word " } } },
		{ "gopher_short_doc", 49, true, { { 49, "word " } } },
		{ "gopher_short_doc", 49, true, { { 49, "word " }, { 9, ". " } } },
		{ "gopher_long_doc", 100000, false, { { 100000, "word " } } },
		{ "gopher_long_doc", 100001, true, { { 100001, "word " } } },
		{ "gopher_below_avg_threshold", 3, false, { { 50, "abc " } } },
		{ "gopher_below_avg_threshold", 149 / 50., true, { { 49, "abc " }, { 1, "ab" } } },
		{ "gopher_above_avg_threshold", 10, false, { { 50, "tenletters " } } },
		{ "gopher_above_avg_threshold", 501 / 50., true,
			{ { 49, "tenletters " }, { 1, "elevenchars" } } },
		{ "gopher_too_many_hashes", 1 / 10., false, { { 1, "# " }, { 9, "abc " } } },
		{ "gopher_too_many_hashes", 1 / 9., true, { { 1, "# " }, { 8, "abc " } } },
		{ "gopher_too_many_ellipsis", 1 / 10., false, { { 1, "... " }, { 9, "abc " } } },
		{ "gopher_too_many_ellipsis", 1 / 9., true, { { 1, "… " }, { 8, "abc " } } },
		{ "gopher_too_many_ellipsis", 2 / 9., true, { { 1, "....... " }, { 8, "abc " } } },
		{ "gopher_too_many_bullets", 9 / 10., false,
			{ { 5, " • abc\n" }, { 4, "-abc\n" }, { 1, "abc" } } },
		{ "gopher_too_many_bullets", 10 / 11., true,
			{ { 5, "\u3000•abc\r\n" }, { 5, "- abc\n" }, { 1, "abc\n" } } },
		{ "gopher_too_many_end_ellipsis", 3 / 10., false,
			{ { 2, "abc...\n" }, { 1, "abc… \n" }, { 7, "abc\n" } } },
		{ "gopher_too_many_end_ellipsis", 4 / 10., true,
			{ { 2, "abc...\n" }, { 2, "abc…\u2028" }, { 6, "abc\n" } } },
		{ "gopher_below_alpha_threshold", 4 / 5., false, { { 4, "abc " }, { 1, "5" } } },
		{ "gopher_below_alpha_threshold", 3 / 4., true, { { 3, "abc " }, { 1, "." } } },
		{ "gopher_enough_stop_words", 2, false, { { 1, "the be The" } } },
		{ "gopher_enough_stop_words", 1, true, { { 5, "the " } } },
	};

	expect_edges("configs/quality/gopher.yaml", edges, ARRAY_LEN(edges));
}

Test(quality_stats, gopher_repetition_passes_at_each_limit_and_fails_beyond)
{
	static const struct edge edges[] = {
		{ "empty", 1, false, { { 1, "é" } } },
		{ "empty", 0, true, { { 0, "" } } },
		{ "dup_para_frac", 3 / 10., false,
			{ { 1, "a\n\nb\n\nc\n\nd\n\ne\n\nf\n\ng" }, { 3, "\n\n\na" },
				{ 1, "\n" } } },
		{ "dup_para_frac", 4 / 10., true,
			{ { 1, "a\n\nb\n\nc\n\nd\n\ne\n\nf" }, { 4, "\n\na" } } },
		{ "dup_para_char_frac", 2 / 10., false, { { 1, "éy\n\nqr\n\néy" } } },
		{ "dup_para_char_frac", 2 / 9., true, { { 1, "éy\n\nq\n\néy" } } },
		{ "dup_line_frac", 3 / 10., false,
			{ { 1, "a\nb\nc\nd\ne\nf\ng" }, { 3, "\n\na" } } },
		{ "dup_line_frac", 4 / 10., true, { { 1, "a\nb\nc\nd\ne\nf" }, { 4, "\na" } } },
		{ "dup_line_frac", 1 / 2., true, { { 1, "\n" } } }, /* two empty pieces */
		{ "dup_line_char_frac", 2 / 10., false, { { 1, "éy\nqrst\néy" } } },
		{ "dup_line_char_frac", 2 / 9., true, { { 1, "éy\nqrs\néy" } } },
		/* Nothing is repeated: the first n-gram counts once. */
		{ "top_2_gram", 5 / 25., false, { { 1, "ab cd x" }, { 18, "z" } } },
		{ "top_2_gram", 5 / 24., true, { { 1, "ab cd x" }, { 17, "z" } } },
		{ "top_3_gram", 9 / 50., false, { { 1, "ab cd efg x" }, { 39, "z" } } },
		{ "top_3_gram", 9 / 49., true, { { 1, "ab cd efg x" }, { 38, "z" } } },
		{ "top_4_gram", 8 / 50., false, { { 1, "a b c de x" }, { 40, "z" } } },
		{ "top_4_gram", 8 / 49., true, { { 1, "a b c de x" }, { 39, "z" } } },
		/* "a b" and "c d" twice each: the first seen counts, which is longer. */
		{ "top_2_gram", 8 / 18., true, { { 1, "aa b d c aa b d c " } } },
		{ "duplicated_5_n_grams", 6 / 40., false, { { 2, "a b c d ef " }, { 18, "z" } } },
		{ "duplicated_5_n_grams", 6 / 39., true, { { 2, "a b c d ef " }, { 17, "z" } } },
		{ "duplicated_6_n_grams", 7 / 50., false, { { 2, "a b c d e fg " }, { 24, "z" } } },
		{ "duplicated_6_n_grams", 7 / 49., true, { { 2, "a b c d e fg " }, { 23, "z" } } },
		{ "duplicated_7_n_grams", 13 / 100., false,
			{ { 2, "a b c d e f ghijklm " }, { 60, "z" } } },
		{ "duplicated_7_n_grams", 13 / 99., true,
			{ { 2, "a b c d e f ghijklm " }, { 59, "z" } } },
		{ "duplicated_8_n_grams", 12 / 100., false,
			{ { 2, "a b c d e f g hijkl " }, { 60, "z" } } },
		{ "duplicated_8_n_grams", 12 / 99., true,
			{ { 2, "a b c d e f g hijkl " }, { 59, "z" } } },
		{ "duplicated_9_n_grams", 11 / 100., false,
			{ { 2, "a b c d e f g h ijk " }, { 60, "z" } } },
		{ "duplicated_9_n_grams", 11 / 99., true,
			{ { 2, "a b c d e f g h ijk " }, { 59, "z" } } },
		{ "duplicated_10_n_grams", 10 / 100., false,
			{ { 2, "a b c d e f g h i j " }, { 60, "z" } } },
		{ "duplicated_10_n_grams", 10 / 99., true,
			{ { 2, "a b c d e f g h i j " }, { 59, "z" } } },
		/* Words are joined without a blank: "ab c" and "a bc" are alike. */
		{ "duplicated_5_n_grams", 6 / 21., true, { { 1, "ab c d e f a bc d e f" } } },
	};

	expect_edges("configs/quality/gopher-repetition.yaml", edges, ARRAY_LEN(edges));
}

Test(quality_stats, shares_of_nothing_are_undefined)
{
	static const struct {
		const char *text;
		enum statistic which;
		bool defined;
	} cases[] = {
		{ "", STAT_CHARACTERS, true }, { "", STAT_BULLET_LINES, false },
		{ "", STAT_DUP_LINE_CHAR_FRAC, false }, { "", STAT_MEAN_WORD_LENGTH, false },
		{ "", STAT_TOP_2_GRAM, false }, { "", STAT_STOP_WORDS, true },
		{ " \n", STAT_BULLET_LINES, true }, { " \n", STAT_ALPHA_WORDS, false },
		{ "...", STAT_MEAN_WORD_LENGTH, false }, { "...", STAT_ELLIPSIS_RATIO, true },
		{ "a", STAT_TOP_2_GRAM, true }, /* 0: fewer than two words */
	};
	struct text_stats *stats = stats_by("spacy-en");
	double value;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		text_stats_set(stats, slice_str(cases[i].text));
		cr_expect_eq(text_stats_get(stats, 0, cases[i].which, &value), cases[i].defined,
			"%s of '%s'", statistic_name(cases[i].which), cases[i].text);
	}
	text_stats_free(stats);
}

/* --- plain definitions
 * ------------------------------------------------------------------------------------ */

/* A text cut into pieces, of ASCII alone, so that bytes are code points. */
struct pieces {
	struct slice at[2000];
	size_t n;
};

static void cut_words(struct slice text, struct pieces *out)
{
	size_t i = 0;

	out->n = 0;
	while (i < text.n) {
		size_t from = i;

		while (i < text.n && !strchr(" \n", text.p[i]))
			i++;
		if (i > from)
			out->at[out->n++] = (struct slice){ text.p + from, i - from };
		else
			i++;
	}
}

static void cut_at_breaks(struct slice text, size_t min, struct pieces *out)
{
	size_t from = 0;

	out->n = 0;
	for (size_t i = 0; i < text.n;) {
		size_t n = 0;

		while (i + n < text.n && text.p[i + n] == '\n')
			n++;
		if (n >= min) {
			out->at[out->n++] = (struct slice){ text.p + from, i - from };
			from = i + n;
		}
		i += n ? n : 1;
	}
	out->at[out->n++] = (struct slice){ text.p + from, text.n - from };
}

static void plain_repeats(const struct pieces *p, size_t *repeated, size_t *chars)
{
	*repeated = *chars = 0;
	for (size_t i = 0; i < p->n; i++) {
		bool seen = false;

		for (size_t k = 0; k < i; k++)
			seen = seen || slice_eq(p->at[i], p->at[k]);
		*repeated += seen;
		*chars += seen ? p->at[i].n : 0;
	}
}

static bool same_ngram(const struct pieces *p, size_t a, size_t b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!slice_eq(p->at[a + i], p->at[b + i]))
			return false;
	}
	return true;
}

static size_t plain_top(const struct pieces *p, size_t n)
{
	size_t best = 0, best_at = 0, chars = n - 1;

	for (size_t i = 0; i + n <= p->n; i++) {
		size_t count = 0;

		for (size_t k = 0; k + n <= p->n; k++)
			count += same_ngram(p, i, k, n);
		if (count > best) {
			best = count;
			best_at = i;
		}
	}
	for (size_t i = 0; best && i < n; i++)
		chars += p->at[best_at + i].n;
	return best * chars;
}

static void join(const struct pieces *p, size_t at, size_t n, struct buf *out)
{
	out->n = 0;
	for (size_t i = 0; i < n; i++)
		buf_slice(out, p->at[at + i]);
}

static size_t plain_duplicated(const struct pieces *p, size_t n)
{
	struct buf *seen = calloc(p->n + 1, sizeof(*seen));
	size_t n_seen = 0, chars = 0;

	for (size_t i = 0; i + n <= p->n;) {
		bool found = false;

		join(p, i, n, &seen[n_seen]);
		for (size_t k = 0; k < n_seen; k++)
			found = found || slice_eq(buf_view(&seen[k]), buf_view(&seen[n_seen]));
		chars += found ? seen[n_seen].n : 0;
		i += found ? n : 1;
		n_seen += !found;
	}
	for (size_t i = 0; i <= n_seen && i <= p->n; i++)
		buf_release(&seen[i]);
	free(seen);
	return chars;
}

static void expect_value(
	struct text_stats *stats, enum statistic which, double want, struct slice text)
{
	double value = (double)NAN;

	cr_expect(text_stats_get(stats, 0, which, &value));
	cr_expect_eq(value, want, "%s is %.17g, plainly %.17g, in '%.*s'", statistic_name(which),
		value, want, (int)text.n, text.p);
}

static void expect_plain_ngrams(struct text_stats *stats, struct slice text)
{
	static struct pieces words;
	double all = (double)text.n;

	cut_words(text, &words);
	expect_value(stats, STAT_WORDS, (double)words.n, text);
	for (unsigned n = 2; n <= 4; n++)
		expect_value(
			stats, STAT_TOP_2_GRAM + n - 2, (double)plain_top(&words, n) / all, text);
	for (unsigned n = 5; n <= 10; n++)
		expect_value(stats, STAT_DUPLICATED_5_N_GRAMS + n - 5,
			(double)plain_duplicated(&words, n) / all, text);
}

static void expect_plain_repeats(struct text_stats *stats, struct slice text)
{
	static struct pieces lines, paras;
	size_t repeated, chars, from = 0, to = text.n;
	double all = (double)text.n;

	cut_at_breaks(text, 1, &lines);
	plain_repeats(&lines, &repeated, &chars);
	expect_value(stats, STAT_DUP_LINE_FRAC, (double)repeated / (double)lines.n, text);
	expect_value(stats, STAT_DUP_LINE_CHAR_FRAC, (double)chars / all, text);

	while (from < to && strchr(" \n", text.p[from]))
		from++;
	while (to > from && strchr(" \n", text.p[to - 1]))
		to--;
	cut_at_breaks((struct slice){ text.p + from, to - from }, 2, &paras);
	plain_repeats(&paras, &repeated, &chars);
	expect_value(stats, STAT_DUP_PARA_FRAC, (double)repeated / (double)paras.n, text);
	expect_value(stats, STAT_DUP_PARA_CHAR_FRAC, (double)chars / all, text);
}

/* Words of few letters, so that all lengths of n-grams are repeated, and some of a dozen letters,
 * so that the beginnings that are looked at first are shared by n-grams that differ. */
static void random_text(uint64_t *random, struct buf *text)
{
	static const char *const words[] = { "a", "b", "ab", "ba", "aab", "longerwordhere",
		"longerwordthere", "z" };
	size_t kinds = 1 + random_below(random, ARRAY_LEN(words));
	size_t n = random_below(random, 120), copy;

	text->n = 0;
	while (text->n < n) {
		buf_str(text, words[random_below(random, kinds)]);
		if (random_below(random, 8))
			buf_byte(text, ' ');
		for (size_t i = random_below(random, 12); i < 3; i++)
			buf_byte(text, '\n');
	}
	copy = text->n ? random_below(random, text->n) : 0;
	buf_reserve(text, copy);
	buf_append(text, text->p, copy);
	if (text->n == 0)
		buf_byte(text, ' ');
}

Test(quality_stats, equal_the_plain_definitions_on_random_text)
{
	struct text_stats *stats = stats_by("whitespace");
	struct buf text = { 0 };
	uint64_t random = 1;

	for (int i = 0; i < 3000; i++) {
		random_text(&random, &text);
		text_stats_set(stats, buf_view(&text));
		expect_plain_ngrams(stats, buf_view(&text));
		expect_plain_repeats(stats, buf_view(&text));
	}
	buf_release(&text);
	text_stats_free(stats);
}

/* Time cannot be tested, but what is quadratic would not end: texts of 4 MB, each of one kind. */
Test(quality_stats, reads_hostile_text_in_linear_time, .timeout = 60)
{
	static const char *const kinds[] = { "a", "a ", "\n", ")", ":) ", "@", "a@", "a.", "...(",
		"the quick brown fox ", "-", "a-", "1.", "'", "\u3000", "\xe2", "a:b/" };
	struct text_stats *stats = stats_by("spacy-en");
	struct buf text = { 0 };
	double value;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		text.n = 0;
		while (text.n < 4 * MIB)
			buf_str(&text, kinds[i]);
		text_stats_set(stats, buf_view(&text));
		for (unsigned which = 0; which < N_STATISTICS; which++)
			text_stats_get(stats, 0, which, &value);
		cr_expect(text_stats_get(stats, 0, STAT_WORDS, &value));
	}
	buf_release(&text);
	text_stats_free(stats);
}
