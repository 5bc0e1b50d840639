/* units.h - a text as the sequence of what is compared: tokens, characters or bytes.
 *
 *	struct units u = { 0 };
 *
 *	if (!units_begin(&u, UNIT_TOKEN, text, overlap))    a text of 4 GiB or more
 *		...
 *	while (units_more(&u))
 *		... u.hash[0] to u.hash[u.n - 1], from number u.first of the text on ...
 *	units_release(&u);
 *
 * The sequence is handed out in pieces, so that a long text takes no more memory than a short one;
 * a piece begins with the last overlap units of the one before it, so that every overlap + 1
 * neighbours stand in one piece together, and are the last of a piece once. */
#ifndef CORPUS_DEDUP_UNITS_H
#define CORPUS_DEDUP_UNITS_H

#include "stages/dedup/tokens.h"

/* As struct token's; code points; bytes of UTF-8. In the order of --unit's words. */
enum unit { UNIT_TOKEN, UNIT_CHARACTER, UNIT_BYTE };

/* All zero is valid and empty. For one thread. */
struct units {
	uint64_t *hash; /* equal for equal units; valid until the next call, as all here */
	uint32_t *from, *to; /* where they stand in the text, in bytes; to is behind them */
	size_t n;
	uint64_t first;
	/* the rest is units.c's */
	size_t cap, overlap;
	enum unit kind;
	struct slice text;
	size_t read;
	struct tokens tokens;
};

/* text is valid UTF-8 and must live until the last call for it. */
bool units_begin(struct units *u, enum unit kind, struct slice text, size_t overlap) MUST_CHECK;

/* The next piece: at least one unit is new in it. False: there were none left. */
bool units_more(struct units *u) MUST_CHECK;

void units_release(struct units *u);

#endif
