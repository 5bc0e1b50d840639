/* The code points at the ends of a line. */
#include "stages/extract/script.h"

#include "lib/text/utf8.h"

uint32_t script_first(struct slice s)
{
	return s.n ? utf8_next(&s) : 0;
}

uint32_t script_last(struct slice s)
{
	size_t n = 0;

	/* Back over continuation bytes to the one that leads them. */
	while (n < s.n && n < UTF8_MAX_BYTES) {
		n++;
		if (((unsigned char)s.p[s.n - n] & 0xC0) != 0x80)
			break;
	}
	return script_first(slice_skip(s, s.n - n));
}
