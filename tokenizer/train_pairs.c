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

uint32_t train_pairs_reach(struct train_pairs *t, uint64_t key)
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

void train_pairs_reserve(struct train_pair *pair, uint32_t n)
{
	size_t room = (size_t)pair->n_places + n;
	uint32_t *many;

	if (!pair->allocated && room <= TRAIN_FEW)
		return;
	many = mem_resize(pair->allocated ? pair->many : NULL, room, sizeof(*many));
	if (!pair->allocated)
		memcpy(many, pair->few, pair->n_places * sizeof(*many));
	pair->many = many;
	pair->allocated = true;
}

static void free_places(struct train_pair *pair)
{
	if (pair->allocated)
		free(pair->many);
	pair->allocated = false;
	pair->n_places = 0;
}

void train_pairs_forget(struct train_pairs *t, uint32_t pair)
{
	free_places(&t->at[pair]);
	t->at[pair].forgotten = true;
}

void train_pairs_release(struct train_pairs *t)
{
	for (size_t i = 0; i < t->n; i++)
		free_places(&t->at[i]);
	free(t->at);
	free(t->slots);
	*t = (struct train_pairs){ 0 };
}
