/* The pairs of a training run: counts, places and the most frequent one. */
#include "tokenizer/train_pairs.h"

#include "lib/core/mem.h"
#include "tokenizer/vocab.h"

#include <stdlib.h>

/* ---- pairs by key ---- */

static uint32_t *slot_of(const struct train_pairs *t, uint64_t key)
{
	for (size_t i = (size_t)vocab_pair_hash(key);; i++) {
		uint32_t *slot = &t->slots[i & (t->n_slots - 1)];

		if (*slot == 0 || t->at[*slot - 1].key == key)
			return slot;
	}
}

static void grow(struct train_pairs *t)
{
	t->n_slots = t->n_slots ? t->n_slots * 2 : 1024;
	free(t->slots);
	t->slots = mem_zalloc(t->n_slots, sizeof(*t->slots));
	for (size_t i = 0; i < t->n; i++)
		*slot_of(t, t->at[i].key) = (uint32_t)i + 1;
}

static uint32_t find_or_add(struct train_pairs *t, uint64_t key)
{
	uint32_t *slot;

	if (t->n * 2 >= t->n_slots)
		grow(t);
	slot = slot_of(t, key);
	if (*slot == 0) {
		mem_grow(&t->at, t->n, &t->cap, sizeof(*t->at));
		t->at[t->n++] = (struct train_pair){ .key = key };
		*slot = (uint32_t)t->n;
	}
	return *slot - 1;
}

void train_pairs_add(
	struct train_pairs *t, uint32_t left, uint32_t right, int64_t count, uint32_t place)
{
	uint32_t pair = find_or_add(t, (uint64_t)left << 32 | right);

	t->at[pair].count += count;
	t->at[pair].n_new++;
	mem_grow(&t->log, t->n_log, &t->cap_log, sizeof(*t->log));
	t->log[t->n_log++] = (struct place){ pair, place };
}

void train_pairs_drop(struct train_pairs *t, uint32_t left, uint32_t right, int64_t count)
{
	t->at[find_or_add(t, (uint64_t)left << 32 | right)].count -= count;
}

/* ---- candidates: the largest count first, then the smallest key ---- */

static bool before(const struct candidate *a, const struct candidate *b)
{
	return a->count != b->count ? a->count > b->count : a->key < b->key;
}

static void push(struct train_pairs *t, struct candidate c)
{
	size_t i;

	mem_grow(&t->heap, t->n_heap, &t->cap_heap, sizeof(*t->heap));
	for (i = t->n_heap++; i > 0 && before(&c, &t->heap[(i - 1) / 2]); i = (i - 1) / 2)
		t->heap[i] = t->heap[(i - 1) / 2];
	t->heap[i] = c;
}

/* Puts c in the place of the first and restores the order. */
static void replace_first(struct train_pairs *t, struct candidate c)
{
	size_t i = 0;

	for (size_t child; (child = 2 * i + 1) < t->n_heap; i = child) {
		if (child + 1 < t->n_heap && before(&t->heap[child + 1], &t->heap[child]))
			child++;
		if (!before(&t->heap[child], &c))
			break;
		t->heap[i] = t->heap[child];
	}
	t->heap[i] = c;
}

static void remove_first(struct train_pairs *t)
{
	struct candidate last = t->heap[--t->n_heap];

	if (t->n_heap)
		replace_first(t, last);
}

/* A count only falls once its pair is a candidate, so the first whose count is still true is the
 * most frequent of all. */
struct train_pair *train_pairs_best(struct train_pairs *t, int64_t min_count)
{
	while (t->n_heap) {
		struct candidate first = t->heap[0];
		struct train_pair *pair = &t->at[first.pair];

		if (pair->count < min_count) {
			remove_first(t);
			free(pair->places);
			pair->places = NULL;
			pair->n_places = 0;
		} else if (pair->count != first.count) {
			first.count = pair->count;
			replace_first(t, first);
		} else {
			remove_first(t);
			return pair;
		}
	}
	return NULL;
}

/* ---- settling ---- */

static void take_place(struct train_pairs *t, struct place p, int64_t min_count)
{
	struct train_pair *pair = &t->at[p.pair];

	if (pair->count < min_count) {
		pair->n_new = 0;
		return;
	}
	if (pair->n_new) {
		pair->places = mem_resize(
			pair->places, (size_t)pair->n_places + pair->n_new, sizeof(*pair->places));
		pair->n_new = 0;
		push(t, (struct candidate){ pair->count, pair->key, p.pair });
	}
	pair->places[pair->n_places++] = p.place;
}

void train_pairs_settle(struct train_pairs *t, int64_t min_count)
{
	for (size_t i = 0; i < t->n_log; i++)
		take_place(t, t->log[i], min_count);
	t->n_log = 0;
}

void train_pairs_release(struct train_pairs *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->at[i].places);
	free(t->at);
	free(t->slots);
	free(t->log);
	free(t->heap);
	*t = (struct train_pairs){ 0 };
}
