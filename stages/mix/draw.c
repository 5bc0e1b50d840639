/* The choices that a mix makes by hash. */
#include "stages/mix/draw.h"

#include <assert.h>
#include <math.h>
#include <xxhash.h>

struct draw draw_epochs(double epochs)
{
	double whole = floor(epochs);

	assert(epochs >= 0 && epochs <= 1e9);
	return (struct draw){ (uint32_t)whole, (uint64_t)ldexp(epochs - whole, 64) };
}

uint32_t draw_copies(const struct draw *d, uint64_t seed, struct slice id)
{
	return d->whole + (XXH3_64bits_withSeed(id.p, id.n, seed) < d->below);
}

struct key128 draw_key(uint64_t seed, const char *source, struct slice id, uint32_t copy,
	uint64_t line, struct buf *scratch)
{
	XXH128_hash_t h;

	buf_clear(scratch, SIZE_MAX);
	buf_append(scratch, source, strlen(source) + 1);
	buf_slice(scratch, id);
	buf_byte(scratch, '\0');
	buf_le32(scratch, copy);
	buf_le64(scratch, line);
	h = XXH3_128bits_withSeed(scratch->p, scratch->n, seed);
	return (struct key128){ h.low64, h.high64 };
}

int draw_compare(struct key128 a, struct key128 b)
{
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return (a.lo > b.lo) - (a.lo < b.lo);
}
