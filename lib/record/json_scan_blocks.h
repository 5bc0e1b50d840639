/* json_scan_blocks.h - the strings of JSON 64 bytes at a time.
 *
 * A block becomes bit masks, a bit for each byte, and the rules of a string are arithmetic on them:
 * no branch depends on where the escapes stand, which text makes unpredictable. What is wrong and
 * where is found by the plain function, run over the same string again.
 *
 * A machine's file defines struct block and the functions declared here, and includes this once. A
 * byte behind the end of the text gives no bit, or that of a control character. */
#ifndef CORPUS_JSON_SCAN_BLOCKS_H
#define CORPUS_JSON_SCAN_BLOCKS_H

#include "lib/record/json_escaped.h"
#include "lib/record/json_walk.h"

enum { SHORT = 16, BLOCK = 64 };

static inline struct block load(const char *p);

/* The block of the last bytes of the text from p on, less than 64. False when it cannot be read
 * without reading beside the text. */
static inline bool load_last(const struct walk *w, const char *p, struct block *b);

static inline uint64_t bytes_eq(struct block b, char c);
static inline uint64_t controls(struct block b); /* 00..1F */
static inline uint64_t escape_letters(struct block b); /* " / \ b f n r t u */
static inline uint64_t hex_digits(struct block b);

/* What a block of a string leaves to the next. */
struct carry {
	uint64_t escaped; /* 1: its first byte is escaped */
	uint64_t hex; /* a bit for each of its first bytes that must be a hexadecimal digit */
};

/* The bytes that break a rule, given those that are escaped. */
static inline uint64_t bad_bytes(struct block b, uint64_t escaped, struct carry *carry)
{
	uint64_t u = escaped & bytes_eq(b, 'u');
	uint64_t hex = carry->hex;

	carry->hex = 0;
	if (u | hex) {
		hex |= u << 1 | u << 2 | u << 3 | u << 4;
		carry->hex = u >> 63 | u >> 62 | u >> 61 | u >> 60;
		hex &= ~hex_digits(b);
	}
	return controls(b) | (escaped & ~escape_letters(b)) | hex;
}

/* True when the string ends in the block at *p, which goes behind the quote, or breaks a rule: then
 * *p becomes NULL. */
static inline bool ends_in(struct block b, struct carry *carry, const char **p)
{
	uint64_t escaped = json_escaped_bytes(bytes_eq(b, '\\'), &carry->escaped);
	uint64_t quotes = bytes_eq(b, '"') & ~escaped;
	uint64_t bad = bad_bytes(b, escaped, carry);

	if (!(bad | quotes))
		return false;
	if (bad & (quotes ^ (quotes - 1))) /* up to the first quote, or anywhere */
		*p = NULL;
	else
		*p += __builtin_ctzll(quotes) + 1;
	return true;
}

static __attribute__((noinline)) const char *walk_long_string(struct walk *w, const char *begin)
{
	struct carry carry = { 0 };
	const char *p = begin;
	struct block b;

	for (; w->end - p >= BLOCK; p += BLOCK)
		if (ends_in(load(p), &carry, &p))
			return p ? p : walk_string_plain(w, begin);
	if (load_last(w, p, &b) && ends_in(b, &carry, &p) && p)
		return p;
	return walk_string_plain(w, begin);
}

/* Keys and short values, inline: records of many numbers gain by 1.7. */
static inline const char *walk_string(struct walk *w, const char *p)
{
	__m128i v, stops, last_control = _mm_set1_epi8(0x1F);
	unsigned first;

	if (w->end - p < SHORT)
		return walk_long_string(w, p);
	v = _mm_loadu_si128((const void *)p);
	stops = _mm_or_si128(
		_mm_cmpeq_epi8(v, _mm_set1_epi8('"')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
	stops = _mm_or_si128(stops, _mm_cmpeq_epi8(_mm_min_epu8(v, last_control), v));
	first = (unsigned)__builtin_ctz((unsigned)_mm_movemask_epi8(stops) | 1u << SHORT);
	if (first < SHORT && p[first] == '"')
		return p + first + 1;
	return walk_long_string(w, p);
}

#endif
