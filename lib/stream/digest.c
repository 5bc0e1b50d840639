/* What a stream of records holds, whatever its order. */
#include "lib/stream/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <xxhash.h>

static void add(struct digest *d, uint64_t lo, uint64_t hi)
{
	d->lo += lo;
	d->hi += hi + (d->lo < lo);
}

void digest_line(struct digest *d, struct slice line)
{
	XXH128_hash_t h = XXH3_128bits(line.p, line.n);

	add(d, h.low64, h.high64);
	d->records++;
	d->bytes += line.n + 1;
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
	snprintf(out, 33, "%016" PRIx64 "%016" PRIx64, d->hi, d->lo);
}
