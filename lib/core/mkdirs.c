/* Folders that an output needs. */
#include "lib/core/mkdirs.h"

#include "lib/core/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

static int make_one(const char *path, struct err *e)
{
	struct stat st;

	if (mkdir(path, 0777) == 0)
		return 0;
	if (errno == EEXIST && stat(path, &st) == 0)
		return S_ISDIR(st.st_mode) ? 0 : err_set(e, ERR_USAGE, "%s: is no folder", path);
	return err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
}

int mkdirs_above(const char *path, struct err *e)
{
	char *copy = mem_strdup(path);
	int result = 0;

	for (char *p = copy + 1; result == 0 && *copy && *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		result = make_one(copy, e);
		*p = '/';
	}
	free(copy);
	return result;
}

int mkdirs(const char *folder, struct err *e)
{
	return mkdirs_above(folder, e) < 0 ? -1 : make_one(folder, e);
}
