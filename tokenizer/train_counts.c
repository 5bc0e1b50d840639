/* How often each piece stands in a text. */
#include "tokenizer/train_counts.h"

#include "lib/core/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <xxhash.h>

enum { FIRST_SLOTS = 1024 };

/* Both tables are at most two thirds full. */
static bool full(size_t n, size_t n_slots)
{
	return n * 3 >= n_slots * 2;
}

/* ---- short pieces ---- */

/* Behind 16 ones as many zeros: 16 bytes from 16 - n on keep the first n. A table, because the
 * length of a piece is a branch that no processor foresees. */
static const unsigned char keep[32] = { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
	255, 255, 255, 255 };

static struct train_key key_of_words(uint64_t lo, uint64_t hi, size_t n)
{
	return (struct train_key){ lo & load_le64(keep + 16 - n),
		(hi & load_le64(keep + 24 - n)) | (uint64_t)n << 56 };
}

static struct train_key key_of(struct slice piece)
{
	char bytes[16] = { 0 };

	memcpy(bytes, piece.p, piece.n);
	return key_of_words(load_le64(bytes), load_le64(bytes + 8), piece.n);
}

/* Two rounds of multiplication (as in xxHash's avalanche, Yann Collet); the upper bits are the
 * slot. */
static uint64_t hash_of(struct train_key key)
{
	uint64_t h = (key.lo ^ UINT64_C(0x9FB21C651E98DF25)) * UINT64_C(0x9E3779B185EBCA87);

	h = (h ^ h >> 32) + key.hi;
	h = (h ^ h >> 29) * UINT64_C(0xC2B2AE3D27D4EB4F);
	return h ^ h >> 32;
}

static struct train_short *short_slot(const struct train_counts *c, struct train_key key)
{
	for (size_t i = (size_t)hash_of(key);; i++) {
		struct train_short *at = &c->shorts[i & (c->n_short_slots - 1)];

		if (at->count == 0 || (at->key.lo == key.lo && at->key.hi == key.hi))
			return at;
	}
}

static void grow_shorts(struct train_counts *c)
{
	struct train_short *old = c->shorts;
	size_t n_old = c->n_short_slots;

	c->n_short_slots = MAX(n_old * 2, (size_t)FIRST_SLOTS);
	c->shorts = mem_zalloc(c->n_short_slots, sizeof(*c->shorts));
	for (size_t i = 0; i < n_old; i++)
		if (old[i].count)
			*short_slot(c, old[i].key) = old[i];
	free(old);
}

static void add_short(struct train_counts *c, struct train_key key, uint64_t count)
{
	struct train_short *at;

	if (full(c->n_shorts, c->n_short_slots))
		grow_shorts(c);
	at = short_slot(c, key);
	if (at->count == 0) {
		at->key = key;
		c->n_shorts++;
		c->piece_bytes += key.hi >> 56;
	}
	at->count += count;
}

static void settle(struct train_counts *c)
{
	for (size_t i = 0; i < c->n_pending; i++)
		add_short(c, c->pending[i], 1);
	c->n_pending = 0;
}

/* ---- long pieces ---- */

static struct train_long *long_slot(const struct train_counts *c, struct slice piece, uint64_t hash)
{
	for (size_t i = (size_t)hash;; i++) {
		struct train_long *at = &c->longs[i & (c->n_long_slots - 1)];

		if (at->count == 0 || (at->hash == hash && slice_eq(at->piece, piece)))
			return at;
	}
}

static void grow_longs(struct train_counts *c)
{
	struct train_long *old = c->longs;
	size_t n_old = c->n_long_slots;

	c->n_long_slots = MAX(n_old * 2, (size_t)FIRST_SLOTS);
	c->longs = mem_zalloc(c->n_long_slots, sizeof(*c->longs));
	for (size_t i = 0; i < n_old; i++)
		if (old[i].count)
			*long_slot(c, old[i].piece, old[i].hash) = old[i];
	free(old);
}

static void add_long(struct train_counts *c, struct slice piece, uint64_t count)
{
	uint64_t hash = XXH3_64bits(piece.p, piece.n);
	struct train_long *at;

	if (full(c->n_longs, c->n_long_slots))
		grow_longs(c);
	at = long_slot(c, piece, hash);
	if (at->count == 0) {
		char *copy = memcpy(arena_alloc(&c->arena, piece.n), piece.p, piece.n);

		*at = (struct train_long){ .piece = { copy, piece.n }, .hash = hash };
		c->n_longs++;
		c->piece_bytes += piece.n;
	}
	at->count += count;
}

/* ---- both ---- */

void train_counts_add(struct train_counts *c, struct slice piece, uint64_t count)
{
	assert(piece.n > 0);
	if (piece.n > TRAIN_SHORT)
		add_long(c, piece, count);
	else
		add_short(c, key_of(piece), count);
}

/* The slots of some dozens of pieces are asked for before the first is looked at: most of the table
 * is not in the cache, and this takes a third off the whole. */
void train_counts_cut(struct train_counts *c, const struct train_cut *cut)
{
	size_t begin = cut->begin;

	if (c->n_short_slots == 0)
		grow_shorts(c);
	for (size_t i = 0; i < cut->n; i++) {
		struct slice piece = { cut->text + begin, cut->ends[i] - begin };
		struct train_key key;

		begin = cut->ends[i];
		if (piece.n > TRAIN_SHORT) {
			add_long(c, piece, 1);
			continue;
		}
		if (cut->limit - piece.p >= 16)
			key = key_of_words(load_le64(piece.p), load_le64(piece.p + 8), piece.n);
		else
			key = key_of(piece);
		__builtin_prefetch(&c->shorts[hash_of(key) & (c->n_short_slots - 1)]);
		c->pending[c->n_pending++] = key;
		if (c->n_pending == TRAIN_PENDING)
			settle(c);
	}
}

void train_counts_take(struct train_counts *c, struct train_counts *other)
{
	struct train_walk walk = { 0 };

	/* The walk is in the order of the slots, and would fill the front of a smaller table first:
	 * that is grown before, not on the way. */
	settle(c);
	settle(other);
	while (full(c->n_shorts + other->n_shorts, c->n_short_slots))
		grow_shorts(c);
	while (full(c->n_longs + other->n_longs, c->n_long_slots))
		grow_longs(c);
	while (train_counts_next(other, &walk))
		train_counts_add(c, walk.piece, walk.count);
	train_counts_release(other);
}

size_t train_counts_number(struct train_counts *c)
{
	settle(c);
	return c->n_shorts + c->n_longs;
}

static void store_le64(char *p, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (char)(v >> 8 * i);
}

static bool next_short(const struct train_counts *c, struct train_walk *walk)
{
	const struct train_short *at = &c->shorts[walk->at++];

	if (at->count == 0)
		return false;
	store_le64(walk->bytes, at->key.lo);
	store_le64(walk->bytes + 8, at->key.hi);
	walk->piece = (struct slice){ walk->bytes, (size_t)(at->key.hi >> 56) };
	walk->count = at->count;
	return true;
}

bool train_counts_next(struct train_counts *c, struct train_walk *walk)
{
	settle(c);
	while (walk->at < c->n_short_slots)
		if (next_short(c, walk))
			return true;
	while (walk->at < c->n_short_slots + c->n_long_slots) {
		const struct train_long *at = &c->longs[walk->at++ - c->n_short_slots];

		if (at->count) {
			walk->piece = at->piece;
			walk->count = at->count;
			return true;
		}
	}
	return false;
}

size_t train_counts_memory(const struct train_counts *c)
{
	/* The arena rounds each piece up to 16 bytes: at most piece_bytes and half as much. */
	return c->n_short_slots * sizeof(*c->shorts) + c->n_long_slots * sizeof(*c->longs) +
		c->n_longs * 8 + c->piece_bytes;
}

/* A table of twice the size beside the old one. */
size_t train_counts_next_memory(const struct train_counts *c)
{
	size_t memory = train_counts_memory(c);

	if (c->n_shorts * 2 > c->n_short_slots)
		memory += 2 * c->n_short_slots * sizeof(*c->shorts);
	if (c->n_longs * 2 > c->n_long_slots)
		memory += 2 * c->n_long_slots * sizeof(*c->longs);
	return memory;
}

void train_counts_release(struct train_counts *c)
{
	arena_release(&c->arena);
	free(c->shorts);
	free(c->longs);
	*c = (struct train_counts){ 0 };
}
