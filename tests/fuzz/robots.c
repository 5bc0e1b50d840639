/* Any bytes as a robots.txt, behind a line with a path that it is asked about. */
#include "lib/web/robots.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const agents[] = { "CCBot", "GPTBot", "a" };
	struct slice text = { (const char *)data, n };
	struct slice target = slice_take_line(&text);
	struct robots *r = robots_new(text, agents, 3);
	uint64_t refused = robots_refused(r, target);

	assert(refused < 8);
	assert(!refused || !robots_empty(r));
	assert(robots_refused(r, SLICE("/robots.txt")) == 0);
	for (size_t i = 0; i < 3; i++)
		assert(robots_crawl_delay(r, i) >= 0 && robots_crawl_delay(r, i) <= 3600);
	robots_free(r);
	return 0;
}
