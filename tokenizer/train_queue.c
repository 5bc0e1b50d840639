/* Pairs in the order in which they are merged. */
#include "tokenizer/train_queue.h"

#include "lib/core/mem.h"

#include <assert.h>
#include <stdlib.h>

/* ---- those of the level, by key ---- */

static void tie_put(struct train_queue *q, struct train_tie tie)
{
	size_t i;

	mem_grow(&q->ties, q->n_ties, &q->cap_ties, sizeof(*q->ties));
	for (i = q->n_ties++; i > 0 && tie.key < q->ties[(i - 1) / 2].key; i = (i - 1) / 2)
		q->ties[i] = q->ties[(i - 1) / 2];
	q->ties[i] = tie;
}

static uint32_t tie_take(struct train_queue *q)
{
	struct train_tie first = q->ties[0], last = q->ties[--q->n_ties];
	size_t i = 0;

	for (size_t child; (child = 2 * i + 1) < q->n_ties; i = child) {
		if (child + 1 < q->n_ties && q->ties[child + 1].key < q->ties[child].key)
			child++;
		if (q->ties[child].key >= last.key)
			break;
		q->ties[i] = q->ties[child];
	}
	q->ties[i] = last;
	return first.pair;
}

/* ---- the lists ---- */

static unsigned list_of(const struct train_queue *q, uint64_t count)
{
	uint64_t differs = count ^ q->level;

	return differs ? 64 - (unsigned)__builtin_clzll(differs) : 0;
}

static void list_put(struct train_list *l, uint32_t pair)
{
	mem_grow(&l->at, l->n, &l->cap, sizeof(*l->at));
	l->at[l->n++] = pair;
}

static void place(struct train_queue *q, const struct train_pairs *pairs, uint32_t pair)
{
	unsigned list = list_of(q, (uint64_t)pairs->at[pair].count);

	if (list)
		list_put(&q->lists[list], pair);
	else
		tie_put(q, (struct train_tie){ pairs->at[pair].key, pair });
}

void train_queue_put(struct train_queue *q, const struct train_pairs *pairs, uint32_t pair)
{
	if (q->level == 0)
		q->level = INT64_MAX;
	assert((uint64_t)pairs->at[pair].count <= q->level);
	place(q, pairs, pair);
}

/* Goes on with a pair whose count may have fallen. */
static void place_again(
	struct train_queue *q, struct train_pairs *pairs, uint32_t pair, int64_t min_count)
{
	if (pairs->at[pair].count >= min_count)
		place(q, pairs, pair);
	else
		train_pair_forget(&pairs->at[pair]);
}

/* The level falls to the largest count of the list, if that still belongs here: then it is the
 * largest of all, and the others go to lists below. Else all go to lists above. */
static void spread(
	struct train_queue *q, struct train_pairs *pairs, unsigned list, int64_t min_count)
{
	struct train_list from = q->lists[list];
	int64_t most = 0;

	q->lists[list] = q->spare;
	q->lists[list].n = 0;
	for (size_t i = 0; i < from.n; i++)
		most = MAX(most, pairs->at[from.at[i]].count);
	if (list_of(q, (uint64_t)most) == list)
		q->level = (uint64_t)most;
	for (size_t i = 0; i < from.n; i++)
		place_again(q, pairs, from.at[i], min_count);
	q->spare = from;
}

static bool take_tie(
	struct train_queue *q, struct train_pairs *pairs, int64_t min_count, uint32_t *pair)
{
	while (q->n_ties) {
		*pair = tie_take(q);
		if (pairs->at[*pair].count == (int64_t)q->level)
			return true;
		place_again(q, pairs, *pair, min_count);
	}
	return false;
}

bool train_queue_take(
	struct train_queue *q, struct train_pairs *pairs, int64_t min_count, uint32_t *pair)
{
	for (unsigned list = 1; list < ARRAY_LEN(q->lists);) {
		if (take_tie(q, pairs, min_count, pair))
			return true;
		for (list = 1; list < ARRAY_LEN(q->lists) && q->lists[list].n == 0;)
			list++;
		if (list < ARRAY_LEN(q->lists))
			spread(q, pairs, list, min_count);
	}
	return false;
}

void train_queue_release(struct train_queue *q)
{
	for (size_t i = 0; i < ARRAY_LEN(q->lists); i++)
		free(q->lists[i].at);
	free(q->spare.at);
	free(q->ties);
	*q = (struct train_queue){ 0 };
}
