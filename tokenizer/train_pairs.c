/* The pairs of a training run. */
#include "tokenizer/train_pairs.h"

#include "lib/core/mem.h"
#include "tokenizer/vocab.h"

#include <stdlib.h>

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

uint32_t train_pairs_new(struct train_pairs *t, uint64_t key)
{
	if (t->n * 2 >= t->n_slots)
		grow(t);
	mem_grow(&t->at, t->n, &t->cap, sizeof(*t->at));
	t->at[t->n++] = (struct train_pair){ .key = key };
	*slot_of(t, key) = (uint32_t)t->n;
	return (uint32_t)t->n - 1;
}

struct train_pair *train_pairs_find(const struct train_pairs *t, uint64_t key)
{
	uint32_t slot = t->n ? *slot_of(t, key) : 0;

	return slot ? &t->at[slot - 1] : NULL;
}

void train_pair_reserve(struct train_pair *pair, uint32_t n)
{
	if (n <= TRAIN_FEW)
		return;
	pair->many = mem_resize(NULL, n, sizeof(*pair->many));
	pair->allocated = true;
}

void train_pair_forget(struct train_pair *pair)
{
	if (pair->allocated)
		free(pair->many);
	pair->allocated = false;
	pair->n_places = 0;
}

void train_pairs_release(struct train_pairs *t)
{
	for (size_t i = 0; i < t->n; i++)
		train_pair_forget(&t->at[i]);
	free(t->at);
	free(t->slots);
	*t = (struct train_pairs){ 0 };
}
