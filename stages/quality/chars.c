/* Code points of UTF-8 and the classes that rules of words and lines ask for. */
#include "stages/quality/chars.h"

/* Unicode 15, section 3.9, table 3-7: the least code point of each length. */
static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

size_t char_decode_long(const char *p, const char *end, uint32_t *c)
{
	unsigned char b = (unsigned char)*p;
	size_t n = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
	uint32_t v = b & (0xffu >> (n + 1));

	*c = 0xfffd;
	if (b < 0xc2 || b > 0xf4 || (size_t)(end - p) < n)
		return 1;
	for (size_t i = 1; i < n; i++) {
		if (!char_continues(p[i]))
			return 1;
		v = v << 6 | ((unsigned char)p[i] & 0x3f);
	}
	if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
		return 1;
	*c = v;
	return n;
}

size_t char_decode_back(const char *begin, const char *p, uint32_t *c)
{
	const char *at = p - 1;

	while (at > begin && p - at < 4 && char_continues(*at))
		at--;
	if (char_decode(at, p, c) == (size_t)(p - at))
		return (size_t)(p - at);
	*c = 0xfffd;
	return 1;
}

size_t char_count(struct slice s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += !char_continues(s.p[i]);
	return n;
}

struct slice char_strip(struct slice s)
{
	const char *p = s.p, *end = s.p + s.n;
	uint32_t c;
	size_t n;

	while (p < end && (n = char_space(p, end)))
		p += n;
	while (end > p) {
		n = char_decode_back(p, end, &c);
		if (!(char_classes(c) & CHAR_SPACE))
			break;
		end -= n;
	}
	return (struct slice){ p, (size_t)(end - p) };
}
