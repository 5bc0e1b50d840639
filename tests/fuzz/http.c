/* Any bytes as an HTTP response with codings. */
#include "lib/web/http.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice block = { (const char *)data, n }, body, coding;
	struct http_scratch scratch = { 0 };
	struct http_response r;
	enum http_coding_result got;

	if (http_parse(block, &r)) {
		got = http_decode(&r, 100000, &scratch, &body, &coding);
		if ((got == HTTP_DECODED || got == HTTP_CUT) && body.n > 100000)
			abort();
	}
	http_scratch_release(&scratch);
	return 0;
}
