/* What JSON values say: strings without their escapes, and whole numbers. */
#include "lib/record/json.h"

#include "lib/record/json_copy.h"
#include "lib/record/json_escape.h"
#include "lib/text/utf8.h"

#include <assert.h>

/* Digits and letters are told apart by bit 6: a branch would be wrong every other time. */
static inline uint32_t hex_value(char c)
{
	uint32_t byte = (unsigned char)c;

	return (byte & 15) + 9 * (byte >> 6);
}

static inline uint32_t hex4(const char *p)
{
	return hex_value(p[0]) << 12 | hex_value(p[1]) << 8 | hex_value(p[2]) << 4 |
		hex_value(p[3]);
}

uint32_t json_unescape_u(const char **p, const char *end)
{
	uint32_t c = hex4(*p + 2), low;

	*p += 6;
	if (c < 0xD800 || c > 0xDFFF)
		return c;
	if (c <= 0xDBFF && end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u') {
		low = hex4(*p + 2);
		if (low >= 0xDC00 && low <= 0xDFFF) {
			*p += 6;
			return 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
		}
	}
	return JSON_LONE_SURROGATE;
}

static struct slice unescape(struct slice s, struct arena *arena, uint64_t *replaced)
{
	char *out = arena_alloc(arena, s.n + JSON_COPY_SLACK);
	size_t n = (size_t)(json_copy_best()->unescape(out, s, replaced) - out);

	arena_trim(arena, out, n);
	return (struct slice){ out, n };
}

static struct slice without_quotes(struct slice s)
{
	assert(s.n >= 2 && s.p[0] == '"');
	return (struct slice){ s.p + 1, s.n - 2 };
}

struct slice json_decode(struct slice value, struct arena *arena, uint64_t *replaced)
{
	struct slice s = without_quotes(value);

	if (s.n && memchr(s.p, '\\', s.n))
		s = unescape(s, arena, replaced);
	/* An escape stands for whole code points, so that it neither mends nor breaks the bytes
	 * beside it: what is ill-formed now was so before. */
	return utf8_repaired(s, arena, replaced);
}

struct slice json_key(const struct json_member *m, struct arena *arena)
{
	struct slice s = without_quotes(m->key);
	uint64_t replaced = 0;

	return m->key_escaped ? unescape(s, arena, &replaced) : s;
}

bool json_key_is(const struct json_member *m, struct slice name)
{
	struct slice key = without_quotes(m->key);
	const char *p = key.p, *end = key.p + key.n;
	char bytes[UTF8_MAX_BYTES];

	if (!m->key_escaped)
		return slice_eq(key, name);
	while (p < end) {
		struct slice one = { p, 1 };
		uint32_t c;

		if (*p == '\\') {
			c = json_unescape(&p, end);
			c = c == JSON_LONE_SURROGATE ? UTF8_REPLACEMENT : c;
			one = (struct slice){ bytes, utf8_put(bytes, c) };
		} else {
			p++;
		}
		if (!slice_starts(name, one))
			return false;
		name = slice_skip(name, one.n);
	}
	return name.n == 0;
}

bool json_uint(struct slice value, uint64_t *out)
{
	uint64_t v = 0;

	for (size_t i = 0; i < value.n; i++) {
		unsigned digit = (unsigned)((unsigned char)value.p[i] - '0');

		if (digit > 9 || __builtin_mul_overflow(v, 10, &v) ||
			__builtin_add_overflow(v, digit, &v))
			return false;
	}
	*out = v;
	return value.n > 0;
}
