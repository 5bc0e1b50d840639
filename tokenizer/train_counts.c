/* How often each piece stands in a text. */
#include "tokenizer/train_counts.h"

#include "lib/core/mem.h"

#include <stdlib.h>
#include <xxhash.h>

static struct train_count *slot_of(const struct train_counts *c, struct slice piece, uint64_t hash)
{
	for (size_t i = (size_t)hash;; i++) {
		struct train_count *at = &c->slots[i & (c->n_slots - 1)];

		if (at->count == 0 || (at->hash == hash && slice_eq(at->piece, piece)))
			return at;
	}
}

static void grow(struct train_counts *c)
{
	struct train_count *old = c->slots;
	size_t n_old = c->n_slots;

	c->n_slots = n_old ? n_old * 2 : 1024;
	c->slots = mem_zalloc(c->n_slots, sizeof(*c->slots));
	for (size_t i = 0; i < n_old; i++)
		if (old[i].count)
			*slot_of(c, old[i].piece, old[i].hash) = old[i];
	free(old);
}

void train_counts_add(struct train_counts *c, struct slice piece, uint64_t count)
{
	uint64_t hash = XXH3_64bits(piece.p, piece.n);
	struct train_count *at;

	/* At most two thirds full. */
	if (c->n * 3 >= c->n_slots * 2)
		grow(c);
	at = slot_of(c, piece, hash);
	if (at->count == 0) {
		at->piece =
			(struct slice){ memcpy(arena_alloc(&c->arena, piece.n), piece.p, piece.n),
				piece.n };
		at->hash = hash;
		c->n++;
		c->piece_bytes += piece.n;
	}
	at->count += count;
}

void train_counts_take(struct train_counts *c, struct train_counts *other)
{
	for (size_t i = 0; i < other->n_slots; i++)
		if (other->slots[i].count)
			train_counts_add(c, other->slots[i].piece, other->slots[i].count);
	train_counts_release(other);
}

size_t train_counts_memory(const struct train_counts *c)
{
	/* The arena rounds each piece up to 16 bytes: 8 more on average. */
	return c->n_slots * sizeof(*c->slots) + c->piece_bytes + c->n * 8;
}

void train_counts_release(struct train_counts *c)
{
	arena_release(&c->arena);
	free(c->slots);
	*c = (struct train_counts){ 0 };
}
