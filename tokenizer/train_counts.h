/* train_counts.h - how often each piece stands in a text, the first half of training.
 *
 *	struct train_counts counts = { 0 };              one a thread
 *	train_counts_cut(&counts, &cut);             the pieces of a text, by their ends
 *	train_counts_take(&counts, &of_another_thread);
 *	while (train_counts_next(&counts, &walk)) ...    walk.piece, walk.count
 *	train_counts_release(&counts);
 *
 * Pieces of up to 15 bytes, nineteen of twenty in English and code, stand in the table itself, in
 * 24 bytes with their counts; the others in one of their own. Open addressing. */
#ifndef CORPUSTOK_TRAIN_COUNTS_H
#define CORPUSTOK_TRAIN_COUNTS_H

#include "lib/core/arena.h"

/* The longest piece that is its own key, and how many are looked up at a time. */
enum { TRAIN_SHORT = 15, TRAIN_PENDING = 64 };

struct train_key {
	uint64_t lo, hi; /* the bytes, zeros behind them; the last of the 16 is their number */
};

struct train_short {
	struct train_key key;
	uint64_t count; /* 0: a free slot */
};

struct train_long {
	struct slice piece;
	uint64_t hash;
	uint64_t count; /* 0: a free slot */
};

/* All zero is valid and empty. The slots of either table are a power of two. */
struct train_counts {
	struct train_short *shorts;
	size_t n_short_slots, n_shorts;
	struct train_long *longs;
	size_t n_long_slots, n_longs;
	struct arena arena; /* the long pieces' bytes */
	size_t piece_bytes; /* of the different pieces */

	/* Short pieces whose slots are on their way from memory. */
	struct train_key pending[TRAIN_PENDING];
	size_t n_pending;
};

/* The piece, which is not empty, is copied when it is new. */
void train_counts_add(struct train_counts *c, struct slice piece, uint64_t count);

/* Pieces of a text as pretok_fill gives them: each begins where the one before it ended, the first
 * at begin. */
struct train_cut {
	const char *text;
	size_t begin;
	const uint32_t *ends; /* n of them, in bytes from text */
	size_t n;
	const char *limit; /* bytes up to here may be read; not before the end of the last */
};

/* Adds them once each. */
void train_counts_cut(struct train_counts *c, const struct train_cut *cut);

/* Adds what other holds and empties it. */
void train_counts_take(struct train_counts *c, struct train_counts *other);

/* Different pieces. */
size_t train_counts_number(struct train_counts *c);

/* Goes through the pieces, in no particular order; all zero at first. False behind the last.
 * Nothing is added between. */
struct train_walk {
	struct slice piece; /* valid until the next call */
	uint64_t count;
	size_t at;
	char bytes[TRAIN_SHORT + 1];
};
bool train_counts_next(struct train_counts *c, struct train_walk *walk);

/* Memory in use, in bytes. */
size_t train_counts_memory(const struct train_counts *c);

/* Memory in use when a table that is more than half full grows next. */
size_t train_counts_next_memory(const struct train_counts *c);

void train_counts_release(struct train_counts *c);

#endif
