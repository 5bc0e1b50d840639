/* Code points of UTF-8 and the classes that rules of words and lines ask for. */
#include "lib/text/chars.h"

#include "lib/text/utf8.h"

#include <stdlib.h>

size_t char_decode_long(const char *p, const char *end, uint32_t *c)
{
	int n = utf8_decode((struct slice){ p, (size_t)(end - p) }, c);

	if (n < 0)
		*c = UTF8_REPLACEMENT;
	return (size_t)abs(n);
}

size_t char_decode_back(const char *begin, const char *p, uint32_t *c)
{
	const char *at = p - 1;

	while (at > begin && p - at < 4 && char_continues(*at))
		at--;
	if (char_decode(at, p, c) == (size_t)(p - at))
		return (size_t)(p - at);
	*c = UTF8_REPLACEMENT;
	return 1;
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
