/* Any bytes: all ways of finding tokens stay within them, and give the same of UTF-8. */
#include "lib/core/cpu.h"
#include "lib/text/utf8.h"
#include "stages/dedup/tokens_scan.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_by(tokens_way *way, struct tokens *t, struct slice text)
{
	if (!tokens_begin(t, text))
		abort();
	while (t->read < text.n)
		way(t, t->read + MIN((size_t)100, text.n - t->read));
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i].from >= t->at[i].to || t->at[i].to > text.n)
			abort();
}

static void compare(tokens_way *way, const struct tokens *want, struct slice text)
{
	struct tokens got = { 0 };

	read_by(way, &got, text);
	if (utf8_valid(text) &&
		(got.n != want->n || (got.n && memcmp(got.at, want->at, got.n * sizeof(*got.at)))))
		abort();
	tokens_release(&got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	struct tokens want = { 0 };

	read_by(tokens_scan_plain, &want, text);
	compare(tokens_scan_bytes, &want, text);
#if defined(__x86_64__)
	if (cpu_has_avx2())
		compare(tokens_scan_avx2, &want, text);
	if (cpu_has_avx512())
		compare(tokens_scan_avx512, &want, text);
#endif
	tokens_release(&want);
	return 0;
}
