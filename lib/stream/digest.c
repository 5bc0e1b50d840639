/* What a stream of records holds, whatever its order. */
#include "lib/stream/digest.h"

#include "lib/core/hex.h"
#include "lib/core/mem.h"

#include <stdlib.h>
#include <xxhash.h>

static void add(struct digest *d, uint64_t lo, uint64_t hi)
{
	d->lo += lo;
	d->hi += hi + (d->lo < lo);
}

static void add_line(struct digest *d, XXH128_hash_t h, uint64_t bytes)
{
	add(d, h.low64, h.high64);
	d->records++;
	d->bytes += bytes + 1;
}

void digest_line(struct digest *d, struct slice line)
{
	add_line(d, XXH3_128bits(line.p, line.n), line.n);
}

struct digest_pieces {
	XXH3_state_t *state;
	uint64_t bytes;
};

struct digest_pieces *digest_begin(void)
{
	struct digest_pieces *line = mem_zalloc(1, sizeof(*line));

	line->state = XXH3_createState();
	if (!line->state || XXH3_128bits_reset(line->state) != XXH_OK)
		mem_exhausted();
	return line;
}

void digest_piece(struct digest_pieces *line, struct slice piece)
{
	XXH3_128bits_update(line->state, piece.p, piece.n);
	line->bytes += piece.n;
}

void digest_end(struct digest_pieces *line, struct digest *d)
{
	add_line(d, XXH3_128bits_digest(line->state), line->bytes);
	XXH3_freeState(line->state);
	free(line);
}

void digest_add(struct digest *d, const struct digest *other)
{
	add(d, other->lo, other->hi);
	d->records += other->records;
	d->bytes += other->bytes;
}

bool digest_eq(const struct digest *a, const struct digest *b)
{
	return a->lo == b->lo && a->hi == b->hi && a->records == b->records && a->bytes == b->bytes;
}

void digest_hex(const struct digest *d, char out[33])
{
	hex_128(d->hi, d->lo, out);
}
