/* Any text: its shingles are found without harm. */
#include "lib/text/utf8.h"
#include "stages/dedup/datatrove.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = { 0 };
	struct buf text = { 0 };
	struct datatrove *d = datatrove_new(5, &e);
	struct slice words;
	const uint64_t *hashes;

	utf8_repair(&text, (struct slice){ (const char *)data, size });
	if (!d || datatrove_shingles(d, buf_view(&text), &hashes, &words) > text.n)
		abort();
	datatrove_free(d);
	buf_release(&text);
	return 0;
}
