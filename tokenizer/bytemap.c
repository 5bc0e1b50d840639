/* The 256 bytes as printable code points. */
#include "tokenizer/bytemap.h"

#include "lib/text/utf8.h"

/* The bytes that are not printable in Latin-1, as three ranges: 0 to 32, 127 to 160 and 173. Their
 * places among the 68 follow from how many come before. */
enum { CONTROLS = 33, MIDDLE = 34, FIRST = 0x100, LAST = FIRST + CONTROLS + MIDDLE };

uint32_t bytemap_point(unsigned char byte)
{
	if (byte <= 32)
		return FIRST + byte;
	if (byte >= 127 && byte <= 160)
		return FIRST + CONTROLS + (byte - 127u);
	if (byte == 173)
		return LAST;
	return byte;
}

int bytemap_byte(uint32_t point)
{
	if (point < FIRST)
		return bytemap_point((unsigned char)point) == point ? (int)point : -1;
	if (point > LAST)
		return -1;
	if (point == LAST)
		return 173;
	point -= FIRST;
	return (int)(point < CONTROLS ? point : point - CONTROLS + 127);
}

void bytemap_put(struct buf *out, struct slice bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		out->n += utf8_put(
			buf_reserve(out, UTF8_MAX_BYTES), bytemap_point((unsigned char)bytes.p[i]));
}

bool bytemap_get(struct buf *out, struct slice mapped)
{
	size_t was = out->n;

	while (mapped.n) {
		uint32_t point;
		int n = utf8_decode(mapped, &point);
		int byte = n > 0 ? bytemap_byte(point) : -1;

		if (byte < 0) {
			out->n = was;
			return false;
		}
		buf_byte(out, (char)byte);
		mapped = slice_skip(mapped, (size_t)n);
	}
	return true;
}
