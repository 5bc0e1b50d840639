/* Any bytes as UTF-8: the ways of checking agree, ICU replaces the same, repaired text is valid. */
#include "lib/text/utf8_scan.h"

#include <assert.h>
#include <stdlib.h>
#include <unicode/ustring.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice s = { (const char *)data, n }, rest = s;
	UChar *units = malloc((n + 1) * sizeof(*units));
	UErrorCode status = U_ZERO_ERROR;
	int32_t n_units, replaced = 0, i = 0;
	struct buf out = { 0 };

	u_strFromUTF8WithSub(units, (int32_t)n + 1, &n_units, s.p, (int32_t)n, UTF8_REPLACEMENT,
		&replaced, &status);
	assert(U_SUCCESS(status));
	while (rest.n) {
		UChar32 c;

		U16_NEXT(units, i, n_units, c);
		assert(utf8_next(&rest) == (uint32_t)c);
	}
	assert(i == n_units);
	assert(utf8_valid(s) == !replaced && utf8_valid_plain(s) == !replaced);
	assert(utf8_repair(&out, s) == (uint64_t)replaced && utf8_valid(buf_view(&out)));
	free(units);
	buf_release(&out);
	return 0;
}
