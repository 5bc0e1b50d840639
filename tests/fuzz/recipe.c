/* Any bytes as a recipe: refused with a sentence, or a recipe of which a plan can be made. */
#include "stages/mix/recipe.h"

#include "lib/core/mem.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recipe r = { 0 };
	struct err e = { 0 };
	struct plan plan = { 0 };
	struct buf notes = { 0 };

	if (recipe_parse(&r, "fuzz.yaml", (struct slice){ (const char *)data, size }, &e) == 0) {
		double *sizes = mem_zalloc(r.n, sizeof(*sizes));

		for (size_t i = 0; i < r.n; i++)
			sizes[i] = 1 + (double)i;
		if (plan_make(&plan, &r, sizes, r.total, &notes, &e) == 0)
			plan_release(&plan);
		free(sizes);
		recipe_release(&r);
	}
	buf_release(&notes);
	return 0;
}
