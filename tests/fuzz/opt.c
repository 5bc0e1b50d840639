/* Any bytes as a command line, each argument ended by NUL. What was read reads back from YAML. */
#include "lib/common.h"
#include "lib/core/opt_forms.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_back(const struct opt_group *group)
{
	struct buf first = { 0 }, second = { 0 };
	struct err e = { 0 };
	struct yaml *y;

	opt_yaml(group, 1, 0, &first);
	if (yaml_parse(&y, "fuzz", buf_view(&first), &e) == 0) {
		bool same = opt_read(group, 1, y, yaml_root(y), &e) == 0;

		opt_yaml(group, 1, 0, &second);
		assert(same && slice_eq(buf_view(&first), buf_view(&second)));
		opt_release(group, 1);
		yaml_release(y);
	}
	buf_release(&first);
	buf_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct opt rows[COMMON_MAX];
	struct common common;
	struct opt_group group = { NULL, rows, common_options(UINT32_MAX, rows), &common };
	struct buf text = { 0 };
	struct err e = { 0 };
	char *argv[65];
	int argc = 0;

	common_defaults(&common);
	buf_append(&text, data, size);
	for (char *p = buf_cstr(&text), *end = p + size; argc < 64 && p < end; p += strlen(p) + 1)
		argv[argc++] = p;
	if (argc && opt_parse(&group, 1, argc, argv, OPT_EARLY, &e) >= 0 &&
		opt_parse(&group, 1, argc, argv, OPT_ALL, &e) >= 0)
		read_back(&group);
	opt_release(&group, 1);
	buf_release(&text);
	return 0;
}
