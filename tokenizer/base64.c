/* RFC 4648, section 4. */
#include "tokenizer/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base64_get(struct buf *out, struct slice text)
{
	uint32_t bits = 0;
	size_t n = text.n;

	while (n > 0 && text.n - n < 2 && text.p[n - 1] == '=')
		n--;
	if (text.n % 4 || n == 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		int value = value_of(text.p[i]);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		if (i % 4)
			buf_byte(out, (char)(bits >> (6 - 2 * (i % 4)) & 0xFF));
	}
	return true;
}

void base64_put(struct buf *out, struct slice bytes)
{
	for (size_t i = 0; i < bytes.n; i += 3) {
		size_t n = MIN(bytes.n - i, 3);
		uint32_t bits = 0;

		for (size_t j = 0; j < 3; j++)
			bits = bits << 8 | (j < n ? (unsigned char)bytes.p[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			buf_byte(out, j <= n ? digits[bits >> (18 - 6 * j) & 0x3F] : '=');
	}
}
