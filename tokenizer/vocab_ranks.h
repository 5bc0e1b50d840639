/* vocab_ranks.h - what published .tiktoken files do not say themselves, for vocab_ranks.c. */
#ifndef CORPUSTOK_VOCAB_RANKS_H
#define CORPUSTOK_VOCAB_RANKS_H

#include "lib/core/base.h"

enum { KNOWN_SPECIALS = 36 };

struct known_special {
	const char *text; /* NULL ends the list; with %u: n of them, numbered from 0 */
	uint32_t id, n;
};

struct known_ranks {
	uint64_t high, low; /* of the file's digest */
	const char *pattern;
	bool nfc; /* the reference normalises the text first */
	struct known_special specials[KNOWN_SPECIALS];
};

/* NULL for a file that is none of them. */
const struct known_ranks *known_ranks_find(struct slice file);

#endif
