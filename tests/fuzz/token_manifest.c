/* Any bytes as the manifest of a set of shards: read or refused. What names another folder is
 * refused. */
#include "stages/tokenize/token_source.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct token_source s = { 0 };
	struct err e = { 0 };

	if (token_source_parse(&s, (struct slice){ (const char *)data, n }, "here/", &e) == 0) {
		for (size_t i = 0; i < s.n_shards; i++)
			for (size_t k = 0; k < s.shards[i].n_files; k++)
				assert(strrchr(s.shards[i].files[k].path, '/') ==
					s.shards[i].files[k].path + 4);
	}
	token_source_release(&s);
	return 0;
}
