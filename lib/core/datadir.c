/* Where the files are that come with the programs. */
#include "lib/core/datadir.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef DATADIR
#define DATADIR "/usr/local/share/corpusmill"
#endif

static bool is_path(struct slice name)
{
	return memchr(name.p, '/', name.n) || slice_ends(name, SLICE(".yaml"));
}

/* The folder beside that of the executable, empty when it is not known. */
static void beside_executable(struct buf *out)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self));
	const char *slash = n > 0 ? memrchr(self, '/', (size_t)n) : NULL;

	if (slash)
		buf_append(out, self, (size_t)(slash - self));
	if (slash)
		buf_str(out, "/../share/corpusmill");
}

static bool is_in(const char *dir, const char *kind, const char *name, struct buf *path)
{
	path->n = 0;
	buf_printf(path, "%s/%s/%s.yaml", dir, kind, name);
	return access(buf_cstr(path), R_OK) == 0;
}

int datadir_find(const char *kind, const char *name, struct buf *path, struct err *e)
{
	const char *given = getenv("CORPUSMILL_CONFIGS");
	struct buf beside = { 0 };
	bool found;

	if (is_path(slice_str(name))) {
		path->n = 0;
		buf_str(path, name);
		buf_cstr(path);
		return 0;
	}
	beside_executable(&beside);
	found = (given && *given && is_in(given, kind, name, path)) ||
		(beside.n && is_in(buf_cstr(&beside), kind, name, path)) ||
		is_in(DATADIR, kind, name, path);
	buf_release(&beside);
	if (found)
		return 0;
	return err_set(e, ERR_USAGE,
		"%s: no %s/%s.yaml in $CORPUSMILL_CONFIGS, beside the program or in %s", name, kind,
		name, DATADIR);
}
