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

/* Each reads on up to end or a little further, and adds the tokens that end there; at the end of
 * the text also the one that it ends. All give the same tokens of valid UTF-8; a text is read by
 * one of them. */
typedef void tokens_way(struct tokens *t, size_t end);

tokens_way tokens_scan_plain; /* code point by code point, by ICU: the reference */
tokens_way tokens_scan_bytes;
#if defined(__x86_64__)
tokens_way tokens_scan_avx2; /* needs AVX2 */
tokens_way tokens_scan_avx512; /* needs AVX-512 VBMI2 */
#endif

/* --- what the ways share ---------------------------------------------------------------------- */

/* Room for n more tokens; and for the places of all that can turn in so many bytes. */
void tokens_reserve(struct tokens *t, size_t n);
void tokens_reserve_places(struct tokens *t, size_t bytes);

/* Appends what c, at byte at of the text, is in lower case, as far as it is of words. */
void tokens_lower(struct buf *out, struct slice text, size_t at, uint32_t c);

/* What the capital sigma at byte at becomes: the final one behind a cased letter and before none,
 * over what case ignores (Unicode 15, table 3-17). */
uint32_t tokens_lower_sigma(struct slice text, size_t at);

/* The code point at byte at, whose lower case is of another length, is in a token. */
void tokens_note_odd(struct tokens *t, size_t at);

/* Hashes the tokens from first on that hold such code points anew. The capital I with a dot, whose
 * second byte was taken for the end of its token, comes into it whole. */
void tokens_mend(struct tokens *t, size_t first);

#endif
