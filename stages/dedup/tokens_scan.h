/* tokens_scan.h - the ways of finding tokens, for tokens.c and its tests; others use tokens.h. */
#ifndef CORPUS_DEDUP_TOKENS_SCAN_H
#define CORPUS_DEDUP_TOKENS_SCAN_H

#include "stages/dedup/tokens.h"

enum {
	CAPITAL_DOTTED_I = 0x130,
	CAPITAL_SIGMA = 0x3A3,
	FINAL_SIGMA = 0x3C2,
	SMALL_SIGMA = 0x3C3,
};

/* Reads on up to end or a little further, and adds the tokens that end there; at the end of the
 * text also the one that it ends. */
void tokens_scan_plain(struct tokens *t, size_t end);

/* --- what the ways share ---------------------------------------------------------------------- */

void tokens_add(struct tokens *t, uint64_t hash, size_t from, size_t to);

/* What the capital sigma at byte at becomes: the final one behind a cased letter and before none,
 * over what case ignores (Unicode 15, table 3-17). */
uint32_t tokens_lower_sigma(struct slice text, size_t at);

#endif
