/* n-grams of questions: found where a comparison of all tokens finds them, and nowhere else. */
#include "stages/dedup/grams.h"

#include "tests/random.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* So many tokens of few different words, so that n-grams come again. */
static void fill(struct token *t, size_t n, uint64_t words, uint64_t *seed)
{
	for (size_t i = 0; i < n; i++) {
		char word = (char)('a' + random_next(seed) % words);

		t[i] = (struct token){ .hash = token_hash((struct slice){ &word, 1 }),
			.from = (uint32_t)(2 * i),
			.to = (uint32_t)(2 * i + 1) };
	}
}

static bool same_tokens(const struct token *a, const struct token *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i].hash != b[i].hash)
			return false;
	return true;
}

static bool stands_in(const struct token *gram, size_t n, const struct token *t, size_t of)
{
	for (size_t i = 0; i + n <= of; i++)
		if (same_tokens(gram, t + i, n))
			return true;
	return false;
}

enum { QUESTIONS = 20, LONG = 60, TEXT = 3000 };

struct set {
	struct token questions[QUESTIONS][LONG];
	size_t lengths[QUESTIONS];
	struct token text[TEXT];
	struct grams *grams;
};

static void make_set(struct set *s, size_t n, uint64_t words, uint64_t *seed)
{
	struct err e = { 0 };

	s->grams = grams_new(n, MIB);
	for (uint32_t q = 0; q < QUESTIONS; q++) {
		size_t length = random_next(seed) % LONG;
		int64_t want = length < n ? 0 : (int64_t)(length - n + 1);

		fill(s->questions[q], length, words, seed);
		s->lengths[q] = length;
		cr_assert_eq(grams_add(s->grams, s->questions[q], length, q, &e), want);
	}
	grams_seal(s->grams);
	fill(s->text, TEXT, words, seed);
}

/* The questions that grams_questions names for the n-gram, and no others, hold it. */
static void expect_questions(const struct set *s, size_t n, struct gram_hit hit)
{
	size_t count, next = 0;
	const uint32_t *questions = grams_questions(s->grams, hit.gram, &count);

	for (uint32_t q = 0; q < QUESTIONS; q++) {
		bool named = next < count && questions[next] == q;

		next += named;
		cr_expect_eq(
			named, stands_in(s->text + hit.token, n, s->questions[q], s->lengths[q]));
	}
	cr_expect_eq(next, count);
}

Test(grams, are_those_of_a_comparison_of_all_tokens)
{
	static const struct {
		size_t n;
		uint64_t words;
	} cases[] = { { 1, 26 }, { 2, 9 }, { 3, 4 }, { 5, 2 }, { 13, 1 }, { 13, 2 } };
	static struct set s;
	uint64_t seed = 7;

	for (size_t c = 0; c < ARRAY_LEN(cases); c++) {
		struct gram_hits hits = { 0 };
		size_t next = 0, n = cases[c].n;

		make_set(&s, n, cases[c].words, &seed);
		grams_find(s.grams, s.text, TEXT, &hits);
		for (size_t i = 0; i + n <= TEXT; i++) {
			bool found = next < hits.n && hits.at[next].token == i, want = false;

			for (size_t q = 0; q < QUESTIONS; q++)
				want |= stands_in(s.text + i, n, s.questions[q], s.lengths[q]);
			cr_expect_eq(found, want, "%zu-gram at %zu", n, i);
			if (found)
				expect_questions(&s, n, hits.at[next++]);
		}
		cr_expect_eq(next, hits.n);
		free(hits.at);
		grams_free(s.grams);
	}
}

Test(grams, no_question_is_found_nowhere)
{
	struct grams *g = grams_new(3, MIB);
	struct gram_hits hits = { 0 };
	struct token t[50];
	uint64_t seed = 1;

	fill(t, ARRAY_LEN(t), 2, &seed);
	grams_seal(g);
	grams_find(g, t, ARRAY_LEN(t), &hits);
	cr_expect_eq(hits.n, 0);
	grams_find(g, t, 2, &hits);
	cr_expect_eq(hits.n, 0);
	cr_expect_eq(grams_count(g), 0);
	grams_free(g);
	free(hits.at);
}

Test(grams, more_than_the_memory_holds_are_refused)
{
	struct grams *g = grams_new(3, 72 * 10);
	struct err e = { 0 };
	struct token t[13];
	uint64_t seed = 1;

	fill(t, ARRAY_LEN(t), 26, &seed);
	cr_expect_eq(grams_add(g, t, 12, 0, &e), 10);
	cr_expect_eq(grams_add(g, t, 2, 1, &e), 0);
	cr_expect_eq(grams_add(g, t, 3, 2, &e), -1);
	cr_expect_eq(e.code, ERR_LIMIT);
	cr_expect_not_null(strstr(e.text, "--memory"));
	grams_free(g);
}
