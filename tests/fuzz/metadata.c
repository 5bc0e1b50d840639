/* Any bytes as JSON-LD, as a date and as a byline. */
#include "stages/extract/author.h"
#include "stages/extract/dates.h"
#include "stages/extract/jsonld.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = { (const char *)data, n };
	struct jsonld_facts facts = { 0 };
	struct author_names names;
	struct arena arena = { 0 };
	struct date_found found;

	jsonld_read(text, &facts, &arena);
	for (int order = DATE_UNKNOWN; order <= DATE_MONTH_FIRST; order++)
		if (date_read(text, (enum date_order)order, &found))
			assert(found.at < found.end && found.end <= n &&
				date_days(found.date) >= 0);
	date_find(text, DATE_DAY_FIRST, &arena);
	date_in_path(text);
	author_names(text, &names);
	for (size_t i = 0; i < names.n; i++)
		assert(names.name[i].n && names.name[i].p >= text.p &&
			names.name[i].p + names.name[i].n <= text.p + n);
	arena_release(&arena);
	return 0;
}
