/* Copies strings with and without escapes 32 bytes at a time, for processors with AVX2: twice as
 * fast as the plain way. */
#include "lib/record/json_copy_runs.h"

#if defined(__x86_64__)

#include <immintrin.h>

enum { STEP = 32 };

static inline uint32_t specials(__m256i v)
{
	__m256i quotes = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('"'));
	__m256i backslashes = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\'));
	__m256i controls = _mm256_cmpeq_epi8(_mm256_min_epu8(v, _mm256_set1_epi8(0x1F)), v);

	return (uint32_t)_mm256_movemask_epi8(
		_mm256_or_si256(_mm256_or_si256(quotes, backslashes), controls));
}

static inline uint32_t backslashes(__m256i v)
{
	return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\')));
}

static inline size_t copy_to_special(char *out, const char *p, const char *end)
{
	const char *begin = p;

	for (; end - p >= STEP; p += STEP, out += STEP) {
		__m256i v = _mm256_loadu_si256((const void *)p);
		uint32_t stops = specials(v);

		_mm256_storeu_si256((void *)out, v);
		if (stops)
			return (size_t)(p - begin) + (size_t)__builtin_ctz(stops);
	}
	while (p < end && !json_escape_letter(*p))
		*out++ = *p++;
	return (size_t)(p - begin);
}

static inline size_t copy_to_backslash(char *out, const char *p, const char *end)
{
	const char *begin = p;

	for (; end - p >= STEP; p += STEP, out += STEP) {
		__m256i v = _mm256_loadu_si256((const void *)p);
		uint32_t stops = backslashes(v);

		_mm256_storeu_si256((void *)out, v);
		if (stops)
			return (size_t)(p - begin) + (size_t)__builtin_ctz(stops);
	}
	while (p < end && *p != '\\')
		*out++ = *p++;
	return (size_t)(p - begin);
}

static char *escape(char *out, struct slice s)
{
	return escape_runs(out, s);
}

static char *unescape(char *out, struct slice s, uint64_t *replaced)
{
	return unescape_runs(out, s, replaced);
}

const struct json_copy json_copy_avx2 = { escape, unescape };

#endif
