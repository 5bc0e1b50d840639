/* The pieces met lately and their tokens. */
#include "tokenizer/pieces.h"

#include "lib/core/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>

#define ONES_8 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF

const unsigned char piece_ones[64] = { ONES_8, ONES_8, ONES_8, ONES_8 };

/* Zeroed, from the beginning of a huge page on where it is as large as one: 4 KiB pages would make
 * each look-up miss the TLB as well. */
static void *table_new(size_t bytes)
{
	const size_t page = MIN(bytes, (size_t)2 << 20);
	void *p = aligned_alloc(page, bytes);

	if (!p)
		mem_exhausted();
	(void)madvise(p, bytes, MADV_HUGEPAGE);
	memset(p, 0, bytes);
	return p;
}

void pieces_init(struct pieces *c)
{
	*c = (struct pieces){ .short_bits = PIECE_SHORT_MIN_BITS,
		.long_bits = PIECE_LONG_MIN_BITS };
	c->ways = table_new(sizeof(*c->ways) << (c->short_bits + 1));
	c->longs = table_new(sizeof(*c->longs) << c->long_bits);
}

void pieces_release(struct pieces *c)
{
	free(c->ways);
	free(c->longs);
	*c = (struct pieces){ 0 };
}

/* ---- growing ---- */

/* A free way of the line, or NULL. */
static struct piece_short *free_way(struct pieces *c, uint32_t first_way)
{
	struct piece_short *line = &c->ways[first_way];

	if (piece_is_free(&line[0]))
		return &line[0];
	return piece_is_free(&line[1]) ? &line[1] : NULL;
}

/* Moves one of the line's pieces to its other line, if there is room: the way that is free then. */
static struct piece_short *make_room(struct pieces *c, uint32_t first_way)
{
	for (uint32_t way = first_way; way < first_way + 2; way++) {
		struct piece_short *entry = &c->ways[way];
		struct piece_short *to = free_way(c, pieces_other_way(c, entry->key, first_way));

		if (to) {
			*to = *entry;
			return entry;
		}
	}
	return NULL;
}

/* A piece has two lines, and what stands in the way may move to its own other one (Pagh and Rodler
 * 2001, "Cuckoo hashing", one step deep). With one line a quarter of the pieces would push each
 * other out at half the table's capacity. The pieces that come most often come first, so they stand
 * in their first line, where the look-up is fastest. */
static void put_short(struct pieces *c, const struct piece_short *entry)
{
	uint32_t first = pieces_first_way(c, entry->key);
	uint32_t other = pieces_other_way(c, entry->key, first);
	struct piece_short *way = free_way(c, first);

	if (!way)
		way = free_way(c, other);
	if (!way)
		way = make_room(c, other);
	if (!way)
		way = make_room(c, first);
	if (!way) {
		c->short_evictions++;
		way = &c->ways[other];
	}
	*way = *entry;
}

static void put_long(struct pieces *c, const struct piece_long *entry)
{
	struct piece_long *at = pieces_long(c, &entry->key);

	c->long_evictions += at->key.part[3] != 0;
	*at = *entry;
}

static void grow_short(struct pieces *c)
{
	struct piece_short *old = c->ways;
	size_t n = (size_t)2 << c->short_bits++;

	c->ways = table_new(sizeof(*c->ways) << (c->short_bits + 1));
	for (size_t i = 0; i < n; i++)
		if (!piece_is_free(&old[i]))
			put_short(c, &old[i]);
	free(old);
}

static void grow_long(struct pieces *c)
{
	struct piece_long *old = c->longs;
	size_t n = (size_t)1 << c->long_bits++;

	c->longs = table_new(sizeof(*c->longs) << c->long_bits);
	for (size_t i = 0; i < n; i++)
		if (old[i].key.part[3])
			put_long(c, &old[i]);
	free(old);
}

/* A sixteenth of a table's lines pushed out: it is too small, not only unlucky in places. */
void pieces_fit(struct pieces *c)
{
	if (c->short_evictions >> (c->short_bits - 4) && c->short_bits < PIECE_SHORT_MAX_BITS) {
		c->short_evictions = 0;
		grow_short(c);
	}
	if (c->long_evictions >> (c->long_bits - 4) && c->long_bits < PIECE_LONG_MAX_BITS) {
		c->long_evictions = 0;
		grow_long(c);
	}
}

/* ---- adding ---- */

void pieces_keep_short(struct pieces *c, struct piece_key key, const uint32_t *ids, size_t n)
{
	struct piece_short entry = { .key = key };

	assert(n >= 1 && n <= PIECE_SHORT_IDS);
	memcpy(entry.ids, ids, n * sizeof(*ids));
	entry.ids[0] |= (uint32_t)n << 24;
	put_short(c, &entry);
}

void pieces_keep_long(
	struct pieces *c, const struct piece_long_key *key, const uint32_t *ids, size_t n)
{
	struct piece_long entry = { .key = *key };

	assert(n >= 1 && n <= PIECE_LONG_IDS);
	memcpy(entry.ids, ids, n * sizeof(*ids));
	entry.ids[0] |= (uint32_t)n << 24;
	put_long(c, &entry);
}

const struct piece_short *pieces_find_short(const struct pieces *c, struct piece_key key)
{
	uint32_t line = pieces_first_way(c, key);

	for (int lines = 0; lines < 2; lines++, line = pieces_other_way(c, key, line))
		for (uint32_t way = line; way < line + 2; way++)
			if (piece_keys_equal(c->ways[way].key, key))
				return &c->ways[way];
	return NULL;
}
