/* Any bytes as a YAML file, then as the options of a program's config file. */
#include "lib/common.h"
#include "lib/core/opt_forms.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct opt rows[COMMON_MAX];
	struct common common;
	struct opt_group group = { NULL, rows, common_options(UINT32_MAX, rows), &common };
	struct err e = { 0 };
	struct yaml *y;

	common_defaults(&common);
	if (yaml_parse(&y, "fuzz", (struct slice){ (const char *)data, size }, &e) < 0)
		return 0;
	if (yaml_root(y)->kind == YAML_MAP && opt_read(&group, 1, y, yaml_root(y), &e) == 0 &&
		common_check(&common, &e) < 0)
		err_clear(&e);
	opt_release(&group, 1);
	yaml_release(y);
	return 0;
}
