/* Tests of tokenizer/train_queue.h. */
#include "tokenizer/train_queue.h"

#include "tests/random.h"

#include <criterion/criterion.h>

/* The pair that goes first, by looking at all; n when none stands often enough. */
static uint32_t first_of(const struct train_pairs *pairs, int64_t min_count)
{
	uint32_t best = (uint32_t)pairs->n;

	for (uint32_t i = 0; i < pairs->n; i++) {
		const struct train_pair *p = &pairs->at[i];

		if (p->count >= min_count &&
			(best == pairs->n || p->count > pairs->at[best].count ||
				(p->count == pairs->at[best].count &&
					p->key < pairs->at[best].key)))
			best = i;
	}
	return best;
}

static void put(struct train_queue *q, struct train_pairs *pairs, uint64_t key, int64_t count)
{
	uint32_t pair = train_pairs_new(pairs, key);

	pairs->at[pair].count = count;
	train_queue_put(q, pairs, pair);
}

/* Pairs come, fall and go at random. */
Test(train_queue, gives_what_looking_at_all_gives)
{
	for (uint64_t seed = 1; seed <= 30; seed++) {
		uint64_t state = seed;
		int64_t most = seed % 3 ? 40 : INT64_C(1) << 50, min_count = 1 + (int64_t)seed % 4;
		struct train_queue q = { 0 };
		struct train_pairs pairs = { 0 };
		uint32_t got;

		for (int i = 0; i < 300; i++)
			put(&q, &pairs, random_next(&state),
				min_count + (int64_t)random_below(&state, (size_t)most));
		for (;;) {
			uint32_t want = first_of(&pairs, min_count);

			if (!train_queue_take(&q, &pairs, min_count, &got)) {
				cr_assert_eq(want, pairs.n);
				break;
			}
			cr_assert_eq(got, want);
			most = pairs.at[got].count;
			pairs.at[got].count = 0;
			for (int i = 0; i < 5; i++) {
				struct train_pair *p = &pairs.at[random_below(&state, pairs.n)];

				p->count -= (int64_t)random_below(&state, (size_t)p->count / 2 + 1);
			}
			if (pairs.n < 2000 && random_below(&state, 2))
				put(&q, &pairs, random_next(&state),
					1 + (int64_t)random_below(&state, (size_t)most));
		}
		train_queue_release(&q);
		train_pairs_release(&pairs);
	}
}
