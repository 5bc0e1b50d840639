/* The scanner for processors with AVX2: strings 64 bytes at a time.
 *
 * A block becomes bit masks, a bit for each byte, and the rules of a string are arithmetic on them:
 * no branch depends on where the escapes stand, which text makes unpredictable. What is wrong and
 * where is found by the plain function, run over the same string again. */
#include "lib/record/json_walk.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define ODD_BITS 0xAAAAAAAAAAAAAAAAu

enum { BLOCK = 64 };

/* 64 bytes of the text; the first skip of them stand before the string's part and give no bit. */
struct block {
	__m256i low, high;
	unsigned skip;
};

/* What a block of a string leaves to the next. */
struct carry {
	uint64_t escaped; /* 1: its first byte is escaped */
	uint64_t hex; /* a bit for each of its first bytes that must be a hexadecimal digit */
};

/* A bit for each byte that is not 0 in low and high; 0 for those behind the end of the text. */
static inline uint64_t bits(struct block b, __m256i low, __m256i high)
{
	uint64_t all = (uint32_t)_mm256_movemask_epi8(low) |
		(uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;

	return all >> b.skip;
}

static inline uint64_t bytes_eq(struct block b, char c)
{
	__m256i all = _mm256_set1_epi8(c);

	return bits(b, _mm256_cmpeq_epi8(b.low, all), _mm256_cmpeq_epi8(b.high, all));
}

static inline uint64_t controls(struct block b)
{
	__m256i last = _mm256_set1_epi8(0x1F);

	return bits(b, _mm256_cmpeq_epi8(_mm256_min_epu8(b.low, last), b.low),
		_mm256_cmpeq_epi8(_mm256_min_epu8(b.high, last), b.high));
}

/* FF for each byte that may stand behind a backslash. The low half of a byte picks a set of high
 * halves that go with it, a bit for each: 1 for 2_, 2 for 5_, 4 for 6_, 8 for 7_ (letters " / \ b f
 * n r t u); the high half picks its own bit. vpshufb gives 0 for bytes from 80 on. */
static inline __m256i escape_letters(__m256i v)
{
	const __m256i by_low = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(0, 0, 1 | 4 | 8, 0, 8, 8, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1));
	const __m256i by_high = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0));
	__m256i high = _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(15));
	__m256i set = _mm256_and_si256(
		_mm256_shuffle_epi8(by_low, v), _mm256_shuffle_epi8(by_high, high));

	return _mm256_cmpgt_epi8(set, _mm256_setzero_si256());
}

static inline __m256i in_range(__m256i v, char first, char last)
{
	return _mm256_and_si256(_mm256_cmpgt_epi8(v, _mm256_set1_epi8((char)(first - 1))),
		_mm256_cmpgt_epi8(_mm256_set1_epi8((char)(last + 1)), v));
}

static inline __m256i hex_digits(__m256i v)
{
	__m256i lower = _mm256_or_si256(v, _mm256_set1_epi8(0x20));

	return _mm256_or_si256(in_range(v, '0', '9'), in_range(lower, 'a', 'f'));
}

/* The bytes that a backslash before them escapes: of each run of backslashes the second, fourth and
 * so on, and what follows a run of odd length. Runs that begin on an odd and on an even place are
 * told apart by a subtraction whose borrow runs through each (Langdale and Lemire 2019, "Parsing
 * gigabytes of JSON per second", section 3.1.1, in the shorter form of later simdjson). */
static inline uint64_t escaped_bytes(uint64_t backslashes, struct carry *carry)
{
	uint64_t starts = backslashes & ~carry->escaped;
	uint64_t ends = ((starts << 1 | ODD_BITS) - starts) ^ ODD_BITS;
	uint64_t escaped = ends ^ (backslashes | carry->escaped);

	carry->escaped = (ends & backslashes) >> 63;
	return escaped;
}

/* The bytes that break a rule, given those that are escaped. */
static inline uint64_t bad_bytes(struct block b, uint64_t escaped, struct carry *carry)
{
	uint64_t letters = bits(b, escape_letters(b.low), escape_letters(b.high));
	uint64_t u = escaped & bytes_eq(b, 'u');
	uint64_t hex = carry->hex;

	carry->hex = 0;
	if (u | hex) {
		hex |= u << 1 | u << 2 | u << 3 | u << 4;
		carry->hex = u >> 63 | u >> 62 | u >> 61 | u >> 60;
		hex &= ~bits(b, hex_digits(b.low), hex_digits(b.high));
	}
	return controls(b) | (escaped & ~letters) | hex;
}

/* The block at p, or the last one of the text where less is left: nothing is read behind the end. */
static inline struct block load(const struct walk *w, const char *p)
{
	size_t left = (size_t)(w->end - p);
	struct block b = { .skip = 0 };

	if (left < BLOCK) {
		b.skip = (unsigned)(BLOCK - left);
		p -= b.skip;
	}
	b.low = _mm256_loadu_si256((const void *)p);
	b.high = _mm256_loadu_si256((const void *)(p + 32));
	return b;
}

static const char *walk_string(struct walk *w, const char *begin)
{
	struct carry carry = { 0 };

	if (w->end - w->begin < BLOCK)
		return walk_string_plain(w, begin);
	for (const char *p = begin; p < w->end; p += MIN(BLOCK, w->end - p)) {
		struct block b = load(w, p);
		uint64_t escaped = escaped_bytes(bytes_eq(b, '\\'), &carry);
		uint64_t quotes = bytes_eq(b, '"') & ~escaped;
		uint64_t bad = bad_bytes(b, escaped, &carry);

		if (bad & (quotes ^ (quotes - 1))) /* up to the first quote, or all */
			break;
		if (quotes)
			return p + __builtin_ctzll(quotes) + 1;
	}
	return walk_string_plain(w, begin);
}

bool json_scan_avx2(struct slice text, enum json_shape shape, struct json_members *m, size_t *where,
	const char **what)
{
	return walk_text(text, shape, m, where, what);
}

#endif
