/* Any bytes as a vocabulary file: tokenizer.json, .tiktoken, or, behind the first NUL byte, a
 * merges.txt for what is before it. What is accepted is written and read again as the same. */
#include "tokenizer/vocab_file.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice all = { n ? (const char *)data : "", n };
	struct slice text = slice_head(all, slice_find(all, (struct slice){ "", 1 }));
	struct vocab v = { 0 }, again = { 0 };
	struct buf out = { 0 };
	struct err e = { 0 };
	char one[33], two[33];

	if (vocab_parse(&v, text, slice_skip(all, text.n + 1), &e) == 0 && !v.whole_first) {
		vocab_write_json(&v, &out);
		if (vocab_parse(&again, buf_view(&out), (struct slice){ NULL, 0 }, &e) < 0)
			abort();
		vocab_digest(&v, one);
		vocab_digest(&again, two);
		if (strcmp(one, two) != 0)
			abort();
	}
	vocab_release(&v);
	vocab_release(&again);
	buf_release(&out);
	return 0;
}
