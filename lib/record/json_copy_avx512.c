/* Copies strings with and without escapes 64 bytes at a time, for processors with AVX-512 VBMI2:
 * decoding is 1.8 and writing 3.3 times as fast as with AVX2.
 *
 * Escapes come in bursts that no branch predictor follows ("\n\t\t\t"), so nothing here depends on
 * where they stand: each block becomes what it stands for by a table, and bytes that fall out, or
 * that did not come in, are squeezed out by a mask. Only \u is left to the plain way. */
#include "lib/record/json_copy.h"
#include "lib/record/json_escape.h"
#include "lib/record/json_escaped.h"

#if defined(__x86_64__)

#include <immintrin.h>

enum { BLOCK = 64, HALF = 32 };

static inline uint64_t first_bits(size_t n)
{
	return n < 64 ? ((uint64_t)1 << n) - 1 : UINT64_MAX;
}

/* The first n bytes at p, the others 0: a masked load touches no memory behind them. */
static inline __m512i load(const char *p, size_t n)
{
	return _mm512_maskz_loadu_epi8(first_bits(n), p);
}

static inline uint64_t bytes_eq(__m512i v, char c)
{
	return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(c));
}

/* What is kept of v, moved together. */
static inline char *put_kept(char *out, __m512i v, uint64_t keep)
{
	_mm512_storeu_si512(out, _mm512_maskz_compress_epi8(keep, v));
	return out + __builtin_popcountll(keep);
}

/* json_escape_letter for the bytes that have one, by their low six bits: only \ is above 63, and
 * the control character in its place is one of the u. */
static inline __m512i letters_of(__m512i v)
{
	static const char letters[64] = { 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b', 't', 'n',
		'u', 'f', 'r', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
		'u', 'u', 'u', 'u', ['"'] = '"' };
	uint64_t backslashes = bytes_eq(v, '\\');

	v = _mm512_permutexvar_epi8(v, _mm512_loadu_si512(letters));
	return _mm512_mask_mov_epi8(v, backslashes, _mm512_set1_epi8('\\'));
}

/* n of the 32 bytes of v, each that is special behind a backslash. */
static inline char *put_half(char *out, __m256i v, uint64_t special, size_t n)
{
	__m512i pairs = _mm512_or_si512(
		_mm512_slli_epi16(_mm512_cvtepu8_epi16(v), 8), _mm512_set1_epi16('\\'));
	uint64_t keep = _pdep_u64(special, 0x5555555555555555) | 0xAAAAAAAAAAAAAAAA;

	return put_kept(out, pairs, keep & first_bits(2 * n));
}

static char *escape(char *out, struct slice s)
{
	const char *p = s.p, *end = s.p + s.n;

	while (p < end) {
		size_t n = MIN((size_t)(end - p), (size_t)BLOCK);
		__m512i v = load(p, n);
		uint64_t special = (_mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20)) |
					   bytes_eq(v, '"') | bytes_eq(v, '\\')) &
			first_bits(n);
		uint64_t by_u;

		if (!special) {
			_mm512_storeu_si512(out, v);
			out += n;
			p += n;
			continue;
		}
		v = _mm512_mask_mov_epi8(v, special, letters_of(v));
		by_u = special & bytes_eq(v, 'u');
		if (by_u)
			n = (size_t)__builtin_ctzll(by_u);
		special &= first_bits(n);
		out = put_half(out, _mm512_castsi512_si256(v), special, MIN(n, (size_t)HALF));
		if (n > HALF)
			out = put_half(
				out, _mm512_extracti64x4_epi64(v, 1), special >> HALF, n - HALF);
		p += n;
		if (by_u)
			out = json_put_escape(out, *p++, 'u');
	}
	return out;
}

/* What the letters behind a backslash mean, by their low seven bits. */
static inline __m512i meanings_of(__m512i v)
{
	static const char meanings[128] = { ['"'] = '"',
		['\\'] = '\\',
		['/'] = '/',
		['b'] = '\b',
		['f'] = '\f',
		['n'] = '\n',
		['r'] = '\r',
		['t'] = '\t' };

	return _mm512_permutex2var_epi8(
		_mm512_loadu_si512(meanings), v, _mm512_loadu_si512(meanings + 64));
}

static char *unescape(char *out, struct slice s, uint64_t *replaced)
{
	const char *p = s.p, *end = s.p + s.n;

	while (p < end) {
		size_t n = MIN((size_t)(end - p), (size_t)BLOCK);
		__m512i v = load(p, n);
		uint64_t backslashes = bytes_eq(v, '\\'), none = 0, escaped, u;

		if (!backslashes) {
			_mm512_storeu_si512(out, v);
			out += n;
			p += n;
			continue;
		}
		escaped = json_escaped_bytes(backslashes, &none);
		n -= none; /* an escape that the block cuts is left to the next */
		u = escaped & bytes_eq(v, 'u');
		if (u)
			n = (size_t)__builtin_ctzll(u) - 1;
		v = _mm512_mask_mov_epi8(v, escaped, meanings_of(v));
		out = put_kept(out, v, first_bits(n) & (escaped | ~backslashes));
		for (p += n; p < end && p[0] == '\\' && p[1] == 'u';)
			out = json_put_unescaped(out, json_unescape_u(&p, end), replaced);
	}
	return out;
}

const struct json_copy json_copy_avx512 = { escape, unescape };

#endif
