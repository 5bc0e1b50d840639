/* Hashes of 128 bits as text. */
#include "lib/core/hex.h"

#include <inttypes.h>
#include <stdio.h>

void hex_128(uint64_t high, uint64_t low, char out[33])
{
	snprintf(out, 33, "%016" PRIx64 "%016" PRIx64, high, low);
}
