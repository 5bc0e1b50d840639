/* The pieces met lately and their tokens. */
#include "tokenizer/pieces.h"

#include "lib/core/mem.h"

#include <assert.h>

#define ONES_8 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF

const unsigned char piece_ones[64] = { ONES_8, ONES_8, ONES_8, ONES_8 };

static size_t short_bytes(unsigned bits)
{
	return sizeof(struct piece_short) << (bits + 1);
}

static size_t long_bytes(unsigned bits)
{
	return sizeof(struct piece_long) << bits;
}

/* The most bits, of at least min and at most max, of a table that is no larger than bytes. */
static unsigned bits_within(size_t (*size)(unsigned bits), unsigned min, unsigned max, size_t bytes)
{
	unsigned bits = min;

	while (bits < max && size(bits + 1) <= bytes)
		bits++;
	return bits;
}

void pieces_init(struct pieces *c, size_t memory)
{
	*c = (struct pieces){
		.short_bits = PIECE_SHORT_MIN_BITS,
		.long_bits = PIECE_LONG_MIN_BITS,
		.short_max_bits = bits_within(
			short_bytes, PIECE_SHORT_MIN_BITS, PIECE_MAX_BITS, memory - memory / 3),
		.long_max_bits =
			bits_within(long_bytes, PIECE_LONG_MIN_BITS, PIECE_MAX_BITS, memory / 3),
	};
	c->ways = mem_pages(short_bytes(c->short_bits));
	c->longs = mem_pages(long_bytes(c->long_bits));
}

void pieces_release(struct pieces *c)
{
	if (c->ways)
		mem_pages_free(c->ways, short_bytes(c->short_bits));
	if (c->longs)
		mem_pages_free(c->longs, long_bytes(c->long_bits));
	*c = (struct pieces){ 0 };
}

/* ---- entries ---- */

/* Set in the key, the mark of a piece that is in the long table; it stands where the piece
 * would. */
#define MARK (UINT64_C(0x80) << PIECE_LAST_BYTE)

static struct piece_key marked(struct piece_key key)
{
	return (struct piece_key){ key.low, key.high | MARK };
}

static struct piece_key unmarked(struct piece_key key)
{
	return (struct piece_key){ key.low, key.high & ~MARK };
}

static void swap_short(struct piece_short *a, struct piece_short *b)
{
	struct piece_short was = *a;

	*a = *b;
	*b = was;
}

/* A free way of the piece's two lines, its home first, or NULL. */
static struct piece_short *free_way(struct pieces *c, uint32_t home)
{
	for (uint32_t line = 0; line <= PIECE_OTHER_LINE; line += PIECE_OTHER_LINE)
		for (uint32_t way = 0; way < 2; way++)
			if (c->ways[(home ^ line) + way].key.high == 0)
				return &c->ways[(home ^ line) + way];
	return NULL;
}

/* What makes room is as good as chosen at random: a hit leaves no trace that would tell which of
 * the four is needed least. */
static void put_short(struct pieces *c, const struct piece_short *entry)
{
	uint32_t home = pieces_home(c, unmarked(entry->key));
	struct piece_short *way = free_way(c, home);

	if (!way) {
		way = &c->ways[home ^ (piece_hash(unmarked(entry->key)) >> 32 & 3)];
		c->short_evictions++;
	}
	*way = *entry;
}

/* The one that stood at home goes to the line beside it, whose own goes. */
static void put_long(struct pieces *c, const struct piece_long *entry)
{
	uint32_t home = pieces_long_home(c, &entry->key);
	struct piece_long *at = &c->longs[home], *beside = &c->longs[home ^ 1];

	if (at->key.part[3] != 0) {
		c->long_evictions += beside->key.part[3] != 0;
		*beside = *at;
	}
	*at = *entry;
}

/* ---- growing ---- */

static void grow_short(struct pieces *c)
{
	struct piece_short *old = c->ways;
	size_t n = (size_t)2 << c->short_bits++;

	c->ways = mem_pages(short_bytes(c->short_bits));
	for (size_t i = 0; i < n; i++)
		if (old[i].key.high)
			put_short(c, &old[i]);
	mem_pages_free(old, short_bytes(c->short_bits - 1));
}

static void grow_long(struct pieces *c)
{
	struct piece_long *old = c->longs;
	size_t n = (size_t)1 << c->long_bits++;

	c->longs = mem_pages(long_bytes(c->long_bits));
	for (size_t i = 0; i < n; i++)
		if (old[i].key.part[3])
			put_long(c, &old[i]);
	mem_pages_free(old, long_bytes(c->long_bits - 1));
}

/* A sixteenth of a table's lines pushed out: it is too small, not only unlucky in places. */
void pieces_fit(struct pieces *c)
{
	if (c->short_evictions >> (c->short_bits - 4) && c->short_bits < c->short_max_bits) {
		c->short_evictions = 0;
		grow_short(c);
	}
	if (c->long_evictions >> (c->long_bits - 4) && c->long_bits < c->long_max_bits) {
		c->long_evictions = 0;
		grow_long(c);
	}
}

/* ---- finding ---- */

static struct piece_short *find(struct pieces *c, uint32_t home, struct piece_key key)
{
	for (uint32_t way = home; way < home + 2; way++)
		if (!piece_keys_differ(c->ways[way].key, key))
			return &c->ways[way];
	for (uint32_t way = home ^ PIECE_OTHER_LINE, end = way + 2; way < end; way++)
		if (!piece_keys_differ(c->ways[way].key, key)) {
			swap_short(&c->ways[way], &c->ways[home + 1]);
			return &c->ways[home + 1];
		}
	return NULL;
}

const struct piece_short *pieces_find(struct pieces *c, struct piece_key key, bool *is_long)
{
	uint32_t home = pieces_home(c, key);
	const struct piece_short *found = find(c, home, key);

	*is_long = !found && find(c, home, marked(key)) != NULL;
	return found;
}

const struct piece_long *pieces_find_long(struct pieces *c, const struct piece_long_key *key)
{
	uint32_t home = pieces_long_home(c, key);
	struct piece_long *at = &c->longs[home], *beside = &c->longs[home ^ 1];
	struct piece_long was;

	if (piece_long_keys_equal(&at->key, key))
		return at;
	if (!piece_long_keys_equal(&beside->key, key))
		return NULL;
	was = *at;
	*at = *beside;
	*beside = was;
	return at;
}

/* ---- adding ---- */

static void keep_short(struct pieces *c, struct piece_key key, const uint32_t *ids, size_t n)
{
	struct piece_short entry = { .key = key };

	memcpy(entry.ids, ids, n * sizeof(*ids));
	entry.ids[0] |= (uint32_t)n << 24;
	put_short(c, &entry);
}

static void keep_long(struct pieces *c, struct piece_long_key key, const uint32_t *ids, size_t n)
{
	struct piece_long entry = { .key = key };

	memcpy(entry.ids, ids, n * sizeof(*ids));
	entry.ids[0] |= (uint32_t)n << 24;
	put_long(c, &entry);
}

void pieces_keep(struct pieces *c, const char *p, size_t bytes, const uint32_t *ids, size_t n)
{
	assert(bytes > 0 && n > 0);
	if (bytes > PIECE_LONG_BYTES || n > PIECE_LONG_IDS)
		return;
	if (bytes <= PIECE_SHORT_BYTES && n <= PIECE_SHORT_IDS) {
		keep_short(c, piece_key_safe(p, bytes), ids, n);
		return;
	}
	if (bytes <= PIECE_SHORT_BYTES) {
		struct piece_key mark = marked(piece_key_safe(p, bytes));

		/* The mark may have outlived what it stands for. */
		if (!find(c, pieces_home(c, piece_key_safe(p, bytes)), mark))
			keep_short(c, mark, ids, 1);
	}
	keep_long(c, piece_long_key(p, bytes), ids, n);
}
