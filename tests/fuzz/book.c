/* A book of any bytes. */
#include "stages/extract/book_markdown.h"
#include "stages/extract/book_strip.h"
#include "stages/extract/book_wrap.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size }, body;
	struct book_facts facts;
	struct buf out = { 0 };

	book_strip(text, &body, &facts);
	assert(body.n <= text.n);
	assert(body.n == 0 || (body.p >= text.p && body.p + body.n <= text.p + text.n));
	book_unwrap(body, &out);
	assert(slice_find(buf_view(&out), SLICE("\n\n\n")) == out.n);
	out.n = 0;
	book_markdown(text, &out);
	book_markdown_trim(buf_view(&out));
	buf_release(&out);
	return 0;
}
