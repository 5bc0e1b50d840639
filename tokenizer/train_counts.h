/* train_counts.h - how often each piece stands in a text, the first half of training.
 *
 * One table a thread; at the end they are added up. Not shared between threads. */
#ifndef CORPUSTOK_TRAIN_COUNTS_H
#define CORPUSTOK_TRAIN_COUNTS_H

#include "lib/core/arena.h"

struct train_count {
	struct slice piece;
	uint64_t hash;
	uint64_t count; /* 0: a free slot */
};

/* All zero is valid and empty. Open addressing; the slots are a power of two. */
struct train_counts {
	struct arena arena; /* the pieces' bytes */
	struct train_count *slots;
	size_t n_slots;
	size_t n; /* different pieces */
	size_t piece_bytes; /* of the different pieces */
};

/* The piece is copied when it is new. */
void train_counts_add(struct train_counts *c, struct slice piece, uint64_t count);

/* Adds what other holds and empties it. */
void train_counts_take(struct train_counts *c, struct train_counts *other);

/* Memory in use, in bytes. */
size_t train_counts_memory(const struct train_counts *c);

void train_counts_release(struct train_counts *c);

#endif
