/* Percent-encoding. */
#include "lib/web/url_parts.h"

#define LOW(c) (UINT64_C(1) << (c))
#define HIGH(c) (UINT64_C(1) << ((c)-64))

/* Section 1.3 of the URL Standard. Each set holds the one it is named after. */
#define C0_LOW UINT64_C(0xffffffff)
#define C0_HIGH HIGH(0x7f)
#define FRAGMENT_LOW (C0_LOW | LOW(' ') | LOW('"') | LOW('<') | LOW('>'))
#define FRAGMENT_HIGH (C0_HIGH | HIGH('`'))
#define QUERY_LOW (C0_LOW | LOW(' ') | LOW('"') | LOW('#') | LOW('<') | LOW('>'))
#define QUERY_HIGH C0_HIGH
#define PATH_LOW (QUERY_LOW | LOW('?'))
#define PATH_HIGH (QUERY_HIGH | HIGH('`') | HIGH('{') | HIGH('}'))
#define USERINFO_LOW (PATH_LOW | LOW('/') | LOW(':') | LOW(';') | LOW('='))
#define USERINFO_HIGH \
	(PATH_HIGH | HIGH('@') | HIGH('[') | HIGH('\\') | HIGH(']') | HIGH('^') | HIGH('|'))

const struct url_set url_set_c0 = { C0_LOW, C0_HIGH };
const struct url_set url_set_fragment = { FRAGMENT_LOW, FRAGMENT_HIGH };
const struct url_set url_set_query = { QUERY_LOW, QUERY_HIGH };
const struct url_set url_set_special_query = { QUERY_LOW | LOW('\''), QUERY_HIGH };
const struct url_set url_set_path = { PATH_LOW, PATH_HIGH };
const struct url_set url_set_userinfo = { USERINFO_LOW, USERINFO_HIGH };

void url_encode(struct buf *out, struct slice text, struct url_set set)
{
	static const char digits[] = "0123456789ABCDEF";

	while (text.n) {
		size_t n = 0;

		while (n < text.n && !url_set_has(set, text.p[n]))
			n++;
		buf_append(out, text.p, n);
		text = slice_skip(text, n);
		if (text.n) {
			unsigned char b = (unsigned char)*text.p;

			buf_append(out, (char[]){ '%', digits[b >> 4], digits[b & 15] }, 3);
			text = slice_skip(text, 1);
		}
	}
}

int url_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void url_decode(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		bool coded = text.p[i] == '%' && text.n - i > 2 && url_hex(text.p[i + 1]) >= 0 &&
			url_hex(text.p[i + 2]) >= 0;

		if (coded)
			buf_byte(out, (char)(url_hex(text.p[i + 1]) << 4 | url_hex(text.p[i + 2])));
		else
			buf_byte(out, text.p[i]);
		i += coded ? 2 : 0;
	}
}
