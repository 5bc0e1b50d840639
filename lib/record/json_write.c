/* Writes JSON: strings, keys and whole numbers. */
#include "lib/record/json.h"

#include "lib/record/json_copy.h"
#include "lib/text/utf8.h"

/* An escape takes up to 6 bytes: room is made for so many bytes of text at a time. */
enum { MAX_ESCAPE = 6, CHUNK = 1024 };

static void put_escaped(struct buf *out, struct slice s)
{
	while (s.n) {
		struct slice some = slice_head(s, CHUNK);
		char *at = buf_reserve(out, some.n * MAX_ESCAPE + JSON_COPY_SLACK);

		out->n += (size_t)(json_copy_best()->escape(at, some) - at);
		s = slice_skip(s, some.n);
	}
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
