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
	struct charset_choice c = charset_choose_page(bytes, label, bytes, true);
	const struct charset *named = charset_of_label(label);
	struct buf out = { 0 };
	uint64_t replaced = 0;

	if (!utf8_valid(charset_text(&c, bytes, &out, &replaced)))
		abort();
	out.n = 0;
	if (named)
		charset_decode(named, bytes, &out, &replaced);
	if (!utf8_valid(buf_view(&out)))
		abort();
	buf_release(&out);
	return 0;
}
