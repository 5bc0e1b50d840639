/* Files of --stats and manifests, one a paragraph: read, joined, checked. */
#include "stages/stats/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = { (const char *)data, size };
	struct build b = { 0 };
	struct findings f = { 0 };
	struct err e = { 0 };
	bool read = true;

	while (read && rest.n) {
		size_t n = slice_find(rest, SLICE("\n\n"));

		read = build_add_text(&b, "d/file", slice_head(rest, n), &e) == 0;
		rest = slice_skip(rest, n + 2);
	}
	if (read && build_join(&b, &e) == 0)
		build_check(&b, &f);
	findings_release(&f);
	build_release(&b);
	return 0;
}
