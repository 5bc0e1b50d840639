/* json_escaped.h - which bytes of a block of 64 a backslash escapes, as arithmetic on bit masks. */
#ifndef CORPUS_JSON_ESCAPED_H
#define CORPUS_JSON_ESCAPED_H

#include "lib/core/base.h"

/* The bytes that a backslash before them escapes: of each run of backslashes the second, fourth and
 * so on, and what follows a run of odd length. Runs that begin on an odd and on an even place are
 * told apart by a subtraction whose borrow runs through each (Langdale and Lemire 2019, "Parsing
 * gigabytes of JSON per second", section 3.1.1, in the shorter form of later simdjson). *first is 1
 * when the block's first byte is escaped, and becomes so for the next block's. */
static inline uint64_t json_escaped_bytes(uint64_t backslashes, uint64_t *first)
{
	const uint64_t odd = 0xAAAAAAAAAAAAAAAA;
	uint64_t starts = backslashes & ~*first;
	uint64_t ends = ((starts << 1 | odd) - starts) ^ odd;
	uint64_t escaped = ends ^ (backslashes | *first);

	*first = (ends & backslashes) >> 63;
	return escaped;
}

#endif
