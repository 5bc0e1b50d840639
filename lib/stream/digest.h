/* digest.h - what a stream of records holds, whatever its order, frames or compression.
 *
 * The content digest is the sum, modulo 2^128, of the XXH3-128 hash (seed 0) of each record's line
 * without its newline. It does not depend on order, so that it can be taken on any number of
 * threads and machines, and two parts' digests add up to the whole's. It finds damage and mistakes;
 * it is no signature against an adversary. */
#ifndef CORPUS_DIGEST_H
#define CORPUS_DIGEST_H

#include "lib/core/base.h"

struct digest {
	uint64_t lo, hi; /* the sum */
	uint64_t records;
	uint64_t bytes; /* of the lines with their newlines */
};

/* One line without its newline. */
void digest_line(struct digest *d, struct slice line);

/* The same for a line that comes in pieces. digest_end frees it. */
struct digest_pieces;
struct digest_pieces *digest_begin(void);
void digest_piece(struct digest_pieces *line, struct slice piece);
void digest_end(struct digest_pieces *line, struct digest *d);

void digest_add(struct digest *d, const struct digest *other);
bool digest_eq(const struct digest *a, const struct digest *b);

/* 32 hexadecimal digits of the sum and a NUL. */
void digest_hex(const struct digest *d, char out[33]);

#endif
