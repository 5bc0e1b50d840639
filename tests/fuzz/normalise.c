/* Any text: each normal form is reached, and is its own. */
#include "stages/dedup/normalise.h"

#include "lib/text/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = { 0 };

	utf8_repair(&text, (struct slice){ (const char *)data, size });
	for (int kind = NORMALISE_NONE; kind <= NORMALISE_FOLD; kind++) {
		struct err e = { 0 };
		struct normaliser *n = normaliser_new((enum normalise)kind, &e);
		struct buf once = { 0 };

		buf_slice(&once, normaliser_apply(n, buf_view(&text)));
		if (!slice_eq(buf_view(&once), normaliser_apply(n, buf_view(&once))))
			abort();
		buf_release(&once);
		normaliser_free(n);
	}
	buf_release(&text);
	return 0;
}
