/* Any bytes as text in any encoding: what comes out is UTF-8. */
#include "lib/text/charset.h"
#include "lib/text/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	size_t label_n = n ? MIN(data[0] % 16u, n - 1) : 0;
	struct slice all = { (const char *)data, n };
	struct slice label = slice_head(slice_skip(all, 1), label_n);
	struct slice bytes = slice_skip(all, 1 + label_n);
	struct charset_choice c = charset_choose(bytes, label, true);
	struct buf out = { 0 };
	uint64_t replaced = 0;

	charset_decode(c.charset, slice_skip(bytes, c.bom), &out, &replaced);
	if (!utf8_valid(buf_view(&out)))
		abort();
	buf_release(&out);
	return 0;
}
