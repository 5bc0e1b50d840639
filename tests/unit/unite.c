/* Sets of documents: the forest and the stars give what a plain search gives; clusters are sized
 * and the best stays. */
#include "lib/core/mem.h"
#include "lib/stream/publish.h"
#include "stages/dedup/keep.h"
#include "stages/dedup/near.h"
#include "stages/dedup/settle.h"
#include "stages/dedup/unite.h"
#include "tests/random.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

struct pair {
	uint64_t a, b;
};

/* Least label of each by spreading it along pairs until nothing changes. */
static uint64_t *plain_roots(uint64_t documents, const struct pair *pairs, size_t n)
{
	uint64_t *roots = mem_zalloc(documents, sizeof(*roots));
	bool changed = true;

	for (uint64_t i = 0; i < documents; i++)
		roots[i] = i;
	while (changed) {
		changed = false;
		for (size_t i = 0; i < n; i++) {
			uint64_t *a = &roots[pairs[i].a], *b = &roots[pairs[i].b];

			changed |= *a != *b;
			*a = *b = MIN(*a, *b);
		}
	}
	return roots;
}

static bool is_alone(const uint64_t *roots, uint64_t documents, uint64_t i)
{
	for (uint64_t k = 0; k < documents; k++)
		if (k != i && roots[k] == roots[i])
			return false;
	return true;
}

static struct unite *united(uint64_t documents, size_t memory, const struct pair *pairs, size_t n)
{
	struct unite *u = unite_new(&(struct unite_options){ documents, memory, NULL });
	struct err e = { 0 };

	for (size_t i = 0; i < n; i++)
		cr_assert_eq(unite_join(u, pairs[i].a, pairs[i].b, &e), 0, "%s", e.text);
	cr_assert_eq(unite_finish(u, &e), 0, "%s", e.text);
	return u;
}

static void expect_roots(uint64_t documents, size_t memory, const struct pair *pairs, size_t n)
{
	struct unite *u = united(documents, memory, pairs, n);
	uint64_t *roots = plain_roots(documents, pairs, n), document, root;
	struct err e = { 0 };

	for (uint64_t i = 0; i < documents; i++) {
		if (is_alone(roots, documents, i))
			continue;
		cr_assert_eq(unite_next(u, &document, &root, &e), 1, "%s", e.text);
		cr_assert_eq(document, i);
		cr_assert_eq(root, roots[i]);
	}
	cr_expect_eq(unite_next(u, &document, &root, &e), 0);
	free(roots);
	unite_free(u);
}

/* In memory, and with so little of it that all goes to disk. */
static void expect_both(uint64_t documents, const struct pair *pairs, size_t n)
{
	expect_roots(documents, MIB, pairs, n);
	expect_roots(documents, 0, pairs, n);
}

Test(unite, finds_the_sets_of_random_pairs)
{
	static const uint64_t documents[] = { 1, 2, 10, 300, 2000 };

	for (size_t d = 0; d < ARRAY_LEN(documents); d++) {
		for (size_t n = 0; n < 3000; n = n * 3 + 1) {
			struct pair *pairs = mem_zalloc(n, sizeof(*pairs));
			uint64_t seed = n * 7 + d;

			for (size_t i = 0; i < n; i++) {
				pairs[i].a = random_below(&seed, documents[d]);
				pairs[i].b = random_below(&seed, documents[d]);
			}
			expect_both(documents[d], pairs, n);
			free(pairs);
		}
	}
}

/* A chain whose order along it is random is the worst of sets: of the greatest width. */
Test(unite, finds_a_long_chain)
{
	enum { N = 2000 };
	uint64_t order[N], seed = 5;
	struct pair pairs[N - 1];

	for (uint64_t i = 0; i < N; i++)
		order[i] = i;
	for (size_t i = N - 1; i > 0; i--) {
		size_t k = random_below(&seed, i + 1);
		uint64_t held = order[i];

		order[i] = order[k];
		order[k] = held;
	}
	for (size_t i = 0; i + 1 < N; i++)
		pairs[i] = (struct pair){ order[i], order[i + 1] };
	expect_both(N, pairs, N - 1);
}

/* The pairs of many bands are the same: copies are forgotten on the way. */
Test(unite, forgets_copies_of_pairs_on_disk)
{
	enum { N = 500, TIMES = 20 };
	struct pair *pairs = mem_zalloc((size_t)N * TIMES, sizeof(*pairs));

	for (size_t i = 0; i < (size_t)N * TIMES; i++)
		pairs[i] = (struct pair){ i % N, i % N % 50 };
	expect_both(N, pairs, (size_t)N * TIMES);
	free(pairs);
}

/* --- settle ----------------------------------------------------------------------------------- */

/* Ranks of n documents: the higher the number, the better, but for the first of each ten. */
static struct runfile_reader *ranks_of(int fd, uint64_t n)
{
	struct runfile_writer *w = runfile_begin(fd, 0, &near_rank_kind, "ranks", MIB);
	struct runfile_reader *r;
	struct err e = { 0 };
	uint64_t end;

	for (uint64_t i = 0; i < n; i++) {
		struct keep_rank rank = { .value = {
						  (unsigned char)(i % 10 ? 200 - i % 10 : 250) } };

		cr_assert_eq(runfile_put(w, &rank, 1, &e), 0);
	}
	cr_assert_eq(runfile_end(w, &end, &e), 0);
	cr_assert_eq(runfile_open(&r, fd, 0, &near_rank_kind, "ranks", MIB, &e), 0, "%s", e.text);
	return r;
}

static int next_rank(void *from, const char **rank, struct err *e)
{
	return runfile_next(from, rank, e);
}

/* Documents in tens: 0..7 of each ten are a cluster, 8 and 9 alone. */
static struct settle *settled(uint64_t first, bool ranked, struct settle_facts *facts)
{
	struct pair pairs[700];
	struct err e = { 0 };
	struct settle *s;
	struct runfile_reader *ranks = NULL;
	int fd = temp_open(NULL, &e);
	struct settle_options o = { .first = first, .max_cluster = 7 };

	for (uint64_t i = 0; i < 700; i++)
		pairs[i] = (struct pair){ i / 7 * 10 + i % 7, i / 7 * 10 + i % 7 + 1 };
	o.unite = united(1000, MIB, pairs, 700);
	if (ranked) {
		o.rank = next_rank;
		o.ranks = ranks = ranks_of(fd, 1000 - first);
	}
	cr_assert_eq(settle_new(&s, &o, facts, &e), 0, "%s", e.text);
	runfile_close(ranks);
	unite_free(o.unite);
	close(fd);
	return s;
}

static void expect_decisions(struct settle *s, uint64_t from, uint64_t stays)
{
	struct decision d;
	struct err e = { 0 };

	for (uint64_t i = from; i < 1000; i++) {
		if (i % 10 > 7)
			continue;
		cr_assert_eq(settle_next(s, &d, &e), 1, "%s", e.text);
		cr_expect_eq(d.document, i);
		cr_expect_eq(d.cluster, i / 10 * 10);
		/* One cluster holds older documents where from is in one. */
		cr_expect_eq(d.stays, i / 10 * 10 < from ? i / 10 * 10 : i / 10 * 10 + stays);
		cr_expect_eq(d.size, 8);
	}
	cr_expect_eq(settle_next(s, &d, &e), 0);
}

Test(settle, the_first_stays_without_ranks)
{
	struct settle_facts facts;
	struct settle *s = settled(0, false, &facts);

	expect_decisions(s, 0, 0);
	cr_expect_eq(facts.clusters, 100);
	cr_expect_eq(facts.documents, 800);
	cr_expect_eq(facts.largest, 8);
	cr_expect_eq(facts.over, 100);
	settle_free(s);
}

Test(settle, the_best_rank_stays)
{
	struct settle_facts facts;
	struct settle *s = settled(0, true, &facts);

	expect_decisions(s, 0, 7);
	settle_free(s);
}

Test(settle, an_older_document_stays_whatever_the_rank)
{
	struct settle_facts facts;
	struct settle *s = settled(503, true, &facts);

	/* Ranks are counted from the first of this run: 7 of ten then are documents with ..0. */
	struct decision d;
	struct err e = { 0 };

	for (uint64_t i = 503; i <= 507; i++) {
		cr_assert_eq(settle_next(s, &d, &e), 1);
		cr_expect_eq(d.document, i);
		cr_expect_eq(d.stays, 500);
	}
	cr_assert_eq(settle_next(s, &d, &e), 1);
	cr_expect_eq(d.document, 510);
	/* 510 has the rank of 7, 512 that of 9. */
	cr_expect_eq(d.stays, 512);
	settle_free(s);
}
