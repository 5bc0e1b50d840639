/* Shingles, permutations and signatures. Values that stand in files were computed by a program of
 * its own, in Python's integers, from what the headers say. */
#include "stages/dedup/minhash.h"

#include "lib/core/buf.h"
#include "lib/core/cpu.h"
#include "lib/core/mem.h"
#include "stages/dedup/permute.h"
#include "stages/dedup/shingles.h"
#include "tests/random.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#define FOX "The quick brown fox jumps over the lazy dog."

static struct minhash *signer(struct minhash_config config)
{
	struct err e = { 0 };
	struct minhash *m = minhash_new(&config, &e);

	cr_assert_not_null(m, "%s", e.text);
	return m;
}

Test(shingles, hash_never_changes)
{
	static const uint64_t want[] = { 0x7fdf7c7fe23ae02f, 0xdb73060d9c26c580, 0x5a21465a24b75282,
		0x187e1aa6781d437f, 0x1fb677fedb0313e8 };
	struct tokens t = { 0 };
	struct shingles s;
	uint64_t got[9];

	cr_assert(tokens_split(&t, slice_str(FOX)));
	shingles_begin(&s, 5);
	cr_assert_eq(shingles_roll(&s, t.at, t.n, got), ARRAY_LEN(want));
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		cr_expect_eq(got[i], want[i], "shingle %zu", i);
	cr_expect_eq(shingles_end(&s, got), 0);
	tokens_release(&t);
}

Test(shingles, a_short_text_is_one)
{
	struct tokens t = { 0 };
	struct shingles s;
	uint64_t got[2];

	cr_assert(tokens_split(&t, SLICE("Two words")));
	shingles_begin(&s, 5);
	cr_expect_eq(shingles_end(&s, got), 0);
	cr_expect_eq(shingles_roll(&s, t.at, t.n, got), 0);
	cr_assert_eq(shingles_end(&s, got), 1);
	cr_expect_eq(got[0], UINT64_C(0xeeafeeeb03faef84));
	tokens_release(&t);
}

/* Each alone, from the tokens that it is of. */
static uint64_t one_shingle(const struct token *t, unsigned n)
{
	struct shingles s;
	uint64_t out[SHINGLE_MAX];

	shingles_begin(&s, n);
	cr_assert_eq(shingles_roll(&s, t, n, out), 1);
	return out[0];
}

Test(shingles, roll_over_pieces_of_any_size)
{
	enum { N = 500 };
	uint64_t seed = 1;

	for (size_t round = 0; round < 200; round++) {
		unsigned n = 1 + (unsigned)random_below(&seed, SHINGLE_MAX);
		struct token t[N];
		uint64_t out[N];
		struct shingles s;
		size_t got = 0;

		for (size_t i = 0; i < N; i++)
			t[i] = (struct token){ .hash = random_next(&seed) };
		shingles_begin(&s, n);
		for (size_t i = 0; i < N;) {
			size_t piece = random_below(&seed, round % 2 ? 10 : 200);

			piece = MIN(piece, N - i);
			got += shingles_roll(&s, t + i, piece, out + got);
			i += piece;
		}
		cr_assert_eq(got, N - n + 1);
		for (size_t i = 0; i < got; i++)
			cr_assert_eq(out[i], one_shingle(t + i, n), "shingle %zu of %u", i, n);
	}
}

Test(shingles, jaccard_counts_each_once)
{
	static const struct {
		const char *a, *b;
		unsigned n;
		double want;
	} cases[] = {
		{ "", "", 5, 1 },
		{ "", "a", 5, 0 },
		{ "a b c", "A, B! C?", 5, 1 },
		{ "a b c", "a b c d", 5, 0 },
		{ "a b c", "b c a", 1, 1 },
		{ "a b a b a b", "a b", 1, 1 },
		{ "a b c d", "b c d e", 2, 0.5 },
		{ "a b c d e f", "x a b c d e", 5, 1.0 / 3 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct tokens t = { 0 };
		struct shingle_set a = { 0 }, b = { 0 };

		cr_assert(shingle_set_fill(&a, &t, slice_str(cases[i].a), cases[i].n));
		cr_assert(shingle_set_fill(&b, &t, slice_str(cases[i].b), cases[i].n));
		cr_expect_float_eq(shingle_sets_jaccard(&a, &b), cases[i].want, 1e-12, "%s | %s",
			cases[i].a, cases[i].b);
		shingle_set_release(&a);
		shingle_set_release(&b);
		tokens_release(&t);
	}
}

typedef void permute_way(
	const struct permutations *p, const uint64_t *hashes, size_t n, uint32_t *least);

static void expect_as_plain(permute_way *way, size_t n_permutations, uint64_t *seed)
{
	enum { N = 100 };
	struct permutations p = permutations_new(n_permutations, *seed);
	uint32_t *want = aligned_alloc(64, p.n * sizeof(*want));
	uint32_t *got = aligned_alloc(64, p.n * sizeof(*got));
	uint64_t hashes[N];

	for (size_t i = 0; i < N; i++)
		hashes[i] = random_next(seed);
	for (size_t i = 0; i < p.n; i++)
		want[i] = got[i] = (uint32_t)(random_next(seed) >> 35);
	permute_least_plain(&p, hashes, *seed % N, want);
	way(&p, hashes, *seed % N, got);
	for (size_t i = 0; i < p.n; i++)
		cr_assert_eq(want[i], got[i], "value %zu of %zu", i, p.n);
	free(want);
	free(got);
	permutations_free(&p);
}

Test(permute, all_ways_are_equal)
{
	uint64_t seed = 1;

	for (size_t n = 1; n <= 400; n++) {
		expect_as_plain(permute_least, n, &seed);
#if defined(__x86_64__)
		if (cpu_has_avx2())
			expect_as_plain(permute_least_avx2, n, &seed);
		if (cpu_has_avx512())
			expect_as_plain(permute_least_avx512, n, &seed);
#endif
	}
}

Test(minhash, values_and_keys_never_change)
{
	struct minhash *m = signer((struct minhash_config)MINHASH_DEFAULTS);
	uint64_t values[112], keys[14];

	cr_assert(minhash_sign(m, slice_str(FOX), values));
	cr_expect_eq(values[0], 0x301c8fc6);
	cr_expect_eq(values[1], 0x204d4e6b);
	cr_expect_eq(values[2], 0x72dca054);
	cr_expect_eq(values[111], 0xbf1a6a1);
	cr_assert_eq(minhash_keys(m, slice_str(FOX), keys), 14);
	cr_expect_eq(keys[0], UINT64_C(0x8dbea78e6106779f));
	cr_expect_eq(keys[1], UINT64_C(0x18a01c85c842b645));
	cr_expect_eq(keys[13], UINT64_C(0xf486c7afc9281436));
	cr_assert_eq(minhash_keys(m, SLICE("two words"), keys), 14);
	cr_expect_eq(keys[0], UINT64_C(0x60da119c48b4f1e4));
	cr_expect_eq(keys[13], UINT64_C(0xe1c4420d37cd646a));
	cr_expect_eq(minhash_keys(m, SLICE(" ... "), keys), 0);
	minhash_free(m);
}

Test(minhash, what_is_beyond_the_limits_is_refused)
{
	static const struct {
		struct minhash_config config;
		const char *want;
	} cases[] = {
		{ { .shingle = 0, .bands = 1, .rows = 1 },
			"a shingle of 0 tokens; 1 to 64 can be" },
		{ { .shingle = 65, .bands = 1, .rows = 1 },
			"a shingle of 65 tokens; 1 to 64 can be" },
		{ { .shingle = 5, .bands = 0, .rows = 8 },
			"0 bands of 8 rows: the product can be 1 to 4096" },
		{ { .shingle = 5, .bands = 8, .rows = 0 },
			"8 bands of 0 rows: the product can be 1 to 4096" },
		{ { .shingle = 5, .bands = 65536, .rows = 65536 },
			"65536 bands of 65536 rows: the product can be 1 to 4096" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = { 0 };

		cr_expect_null(minhash_new(&cases[i].config, &e));
		cr_expect_str_eq(e.text, cases[i].want);
	}
}

/* n words, of which any two differ almost surely. */
static void put_words(struct buf *text, size_t n, uint64_t *state)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(text, "%zu ", random_below(state, 1000000));
}

/* Two texts of 400 words share the first 200, so 196 of their 396 shingles each. The share of equal
 * values is the Jaccard index within four standard errors of so many values. */
Test(minhash, equal_values_estimate_jaccard)
{
	enum { ROUNDS = 100, VALUES = 1024 };
	struct minhash *m =
		signer((struct minhash_config){ .shingle = 5, .bands = 128, .rows = 8, .seed = 7 });
	const double j = 196.0 / (2 * 396 - 196);
	uint64_t seed = 1, a[VALUES], b[VALUES];
	size_t equal = 0;

	for (size_t round = 0; round < ROUNDS; round++) {
		struct buf x = { 0 }, y = { 0 };

		put_words(&x, 200, &seed);
		buf_slice(&y, buf_view(&x));
		put_words(&x, 200, &seed);
		put_words(&y, 200, &seed);
		cr_assert(minhash_sign(m, buf_view(&x), a));
		cr_assert(minhash_sign(m, buf_view(&y), b));
		for (size_t i = 0; i < VALUES; i++)
			equal += a[i] == b[i];
		buf_release(&x);
		buf_release(&y);
	}
	cr_expect_float_eq((double)equal / (ROUNDS * VALUES), j,
		4 * sqrt(j * (1 - j) / (ROUNDS * VALUES)), "%zu values are equal", equal);
	minhash_free(m);
}
