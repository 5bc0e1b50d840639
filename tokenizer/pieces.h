/* pieces.h - the pieces met lately and their tokens, for encode_plain.c.
 *
 * Two tables. Most pieces of most texts have at most 15 bytes and 4 tokens: an entry of the
 * short table is 32 bytes, two of them a line of the processor's cache, so that a piece costs
 * one line and a comparison of 16 bytes with each half. What has more of either, up to 31 bytes
 * and 8 tokens, has a line of its own in the long table; a piece of few bytes and many tokens
 * leaves a mark in the short one, so that one never met costs no look at both. A piece with more
 * is in none.
 *
 * In both a piece has two lines, its home and the one beside it; nothing is searched further.
 * What is found in the other one moves home, so that pieces that come often are found at the
 * first look. What is in the tables never changes which tokens come out, only when.
 *
 * One an encoder. The tables begin small and double while pieces push others out, up to two
 * thirds and one third of the memory they are given: 100 MB of English have 350,000 different
 * pieces, as many of a hundred languages 1,300,000. */
#ifndef CORPUSTOK_PIECES_H
#define CORPUSTOK_PIECES_H

#include "lib/core/base.h"

enum {
	PIECE_SHORT_BYTES = 15,
	PIECE_SHORT_IDS = 4,
	PIECE_LONG_BYTES = 31,
	PIECE_LONG_IDS = 8,
	/* Lines of 64 bytes at first and at most, as powers of two. */
	PIECE_SHORT_MIN_BITS = 15,
	PIECE_LONG_MIN_BITS = 12,
	PIECE_MAX_BITS = 24,
};

/* The bytes behind one another with zeros behind them, and the length in the last byte: so that
 * pieces are equal when their keys are. */
struct piece_key {
	uint64_t low, high;
};

struct piece_long_key {
	uint64_t part[4];
};

/* The id in the lower 24 bits (VOCAB_MAX_IDS); the number of ids above the first. */
struct piece_short {
	struct piece_key key;
	uint32_t ids[PIECE_SHORT_IDS];
};

struct piece_long {
	struct piece_long_key key;
	uint32_t ids[PIECE_LONG_IDS];
};

struct pieces {
	struct piece_short *ways; /* two a line, 1 << short_bits lines */
	struct piece_long *longs; /* 1 << long_bits */
	unsigned short_bits, long_bits, short_max_bits, long_max_bits;
	/* Pieces that pushed another one out since the table has its size. */
	size_t short_evictions, long_evictions;
};

/* memory in bytes; the tables take 2.25 MiB at least. */
void pieces_init(struct pieces *c, size_t memory);
void pieces_release(struct pieces *c);

/* Doubles a table that is too small for the text; lines have other places then. */
void pieces_fit(struct pieces *c);

/* No piece is empty, so a key of zeros, as that of a free entry is, is never asked for. */

__extension__ typedef unsigned __int128 piece_product;

static inline uint64_t piece_mix(uint64_t a, uint64_t b)
{
	piece_product product = (piece_product)a * b;

	/* Wang Yi's folded multiplication (wyhash): each bit of a and b moves the upper ones. */
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t piece_hash(struct piece_key key)
{
	/* Each bit of the key moves the bits above it, of which the uppermost are used. */
	return key.low * UINT64_C(0x9E3779B97F4A7C15) + key.high * UINT64_C(0xC2B2AE3D27D4EB4F);
}

/* A piece's home, as the index of its first way. That of the line beside it is the same but for
 * this bit. */
enum { PIECE_OTHER_LINE = 2 };

static inline uint32_t pieces_home(const struct pieces *c, struct piece_key key)
{
	return (uint32_t)(piece_hash(key) >> (64 - c->short_bits)) << 1;
}

static inline uint64_t piece_long_hash(const struct piece_long_key *k)
{
	uint64_t hash = piece_mix(k->part[0] ^ UINT64_C(0xA0761D6478BD642F),
				k->part[1] ^ UINT64_C(0xE7037ED1A0B428DB)) ^
		piece_mix(k->part[2] ^ UINT64_C(0x8EBC6AF09C88C6E3),
			k->part[3] ^ UINT64_C(0x589965CC75374CC3));

	return piece_mix(hash, UINT64_C(0x9E3779B97F4A7C15));
}

static inline uint32_t pieces_long_home(const struct pieces *c, const struct piece_long_key *k)
{
	return (uint32_t)(piece_long_hash(k) >> (64 - c->long_bits));
}

/* Where the last byte of memory stands in an integer. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define PIECE_LAST_BYTE 56
#else
#define PIECE_LAST_BYTE 0
#endif

/* Read from 32 - n on: n bytes of ones and then zeros. */
extern const unsigned char piece_ones[64];

/* The key of a piece of at most PIECE_SHORT_BYTES, of which 16 bytes may be read. Without a branch:
 * lengths are as good as random. */
static inline struct piece_key piece_key_fast(const char *p, size_t n)
{
	struct piece_key key, mask;

	memcpy(&key, p, sizeof(key));
	memcpy(&mask, piece_ones + 32 - n, sizeof(mask));
	key.low &= mask.low;
	key.high = (key.high & mask.high) | (uint64_t)n << PIECE_LAST_BYTE;
	return key;
}

/* The same where only the piece may be read. */
static inline struct piece_key piece_key_safe(const char *p, size_t n)
{
	char bytes[16] = { 0 };

	memcpy(bytes, p, n);
	return piece_key_fast(bytes, n);
}

/* The key of a piece of at most PIECE_LONG_BYTES. */
static inline struct piece_long_key piece_long_key(const char *p, size_t n)
{
	struct piece_long_key key = { { 0 } };

	memcpy(&key, p, n);
	key.part[3] |= (uint64_t)n << PIECE_LAST_BYTE;
	return key;
}

/* Not 0 when they differ. */
static inline uint64_t piece_keys_differ(struct piece_key a, struct piece_key b)
{
	return (a.low ^ b.low) | (a.high ^ b.high);
}

static inline bool piece_long_keys_equal(
	const struct piece_long_key *a, const struct piece_long_key *b)
{
	return ((a->part[0] ^ b->part[0]) | (a->part[1] ^ b->part[1]) | (a->part[2] ^ b->part[2]) |
		       (a->part[3] ^ b->part[3])) == 0;
}

/* The entry of a piece of at most PIECE_SHORT_BYTES, or NULL; with *is_long when it is in the long
 * table. */
const struct piece_short *pieces_find(struct pieces *c, struct piece_key key, bool *is_long);

const struct piece_long *pieces_find_long(struct pieces *c, const struct piece_long_key *key);

/* Remembers a piece of n ids, if it is one that is remembered. Entries found before are others
 * then. */
void pieces_keep(struct pieces *c, const char *p, size_t bytes, const uint32_t *ids, size_t n);

#endif
