/* Writes JSON: strings, keys and whole numbers. */
#include "lib/record/json.h"

#include "lib/text/utf8.h"

/* The letter behind the backslash for a byte below 32, or 0 for \u00XX. */
static const char short_escape[32] = {
	['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'
};

static bool needs_escape(char c)
{
	return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

/* Room for it is there: 6 bytes. */
static char *put_escape(char *out, char c)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char byte = (unsigned char)c;

	*out++ = '\\';
	if (byte >= 0x20) {
		*out++ = c;
	} else if (short_escape[byte]) {
		*out++ = short_escape[byte];
	} else {
		memcpy(out, "u00", 3);
		out[3] = digits[byte >> 4];
		out[4] = digits[byte & 15];
		out += 5;
	}
	return out;
}

static void put_escaped(struct buf *out, struct slice s)
{
	size_t begin = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!needs_escape(s.p[i]))
			continue;
		buf_append(out, s.p + begin, i - begin);
		out->n = (size_t)(put_escape(buf_reserve(out, 6), s.p[i]) - out->p);
		begin = i + 1;
	}
	buf_append(out, s.p + begin, s.n - begin);
}

void json_put_string(struct buf *out, struct slice text)
{
	struct buf repaired = { 0 };

	buf_reserve(out, text.n + 2);
	buf_byte(out, '"');
	if (utf8_valid(text)) {
		put_escaped(out, text);
	} else {
		utf8_repair(&repaired, text);
		put_escaped(out, buf_view(&repaired));
		buf_release(&repaired);
	}
	buf_byte(out, '"');
}

void json_put_uint(struct buf *out, uint64_t v)
{
	char digits[20];
	size_t n = 0;

	do {
		digits[sizeof(digits) - ++n] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	buf_append(out, digits + sizeof(digits) - n, n);
}

void json_put_key(struct buf *out, const char *key)
{
	char last = out->n ? out->p[out->n - 1] : '{';

	if (last != '{' && last != '[')
		buf_byte(out, ',');
	json_put_string(out, slice_str(key));
	buf_byte(out, ':');
}
