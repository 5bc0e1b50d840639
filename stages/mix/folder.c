/* The folder that a mix is written to. */
#include "stages/mix/folder.h"

#include "lib/core/mem.h"
#include "lib/core/temps.h"
#include "stages/mix/shards.h"

#include <dirent.h>
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

int folder_make(const char *dir, struct err *e)
{
	char *path = mem_strdup(dir);
	int result = 0;

	for (char *p = path + 1; result == 0 && *path && *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		result = make_one(path, e);
		*p = '/';
	}
	if (result == 0)
		result = make_one(path, e);
	free(path);
	return result;
}

static void remove_file(const char *dir, const char *name)
{
	char *path = mem_printf("%s/%s", dir, name);

	temps_remove(path);
	free(path);
}

void folder_open(const char *dir)
{
	remove_file(dir, "manifest.json");
}

/* True for a shard of this mix's prefixes that this run did not write. */
static bool is_stale(
	const char *name, const struct shard_list *shards, const struct sources *sources)
{
	struct slice prefix = shard_prefix(name);
	bool ours = slice_eq(prefix, SLICE("train"));

	for (size_t i = 0; i < sources->n; i++)
		ours |= slice_eq(prefix, slice_str(sources->at[i].name));
	for (size_t i = 0; i < shards->n; i++)
		if (strcmp(shards->at[i].file, name) == 0)
			return false;
	return ours;
}

int folder_close(const char *dir, const struct shard_list *shards, const struct sources *sources,
	size_t *removed, struct err *e)
{
	DIR *d = opendir(dir);

	*removed = 0;
	if (!d)
		return err_set(e, ERR_IO, "%s: %s", dir, strerror(errno));
	for (struct dirent *f; (f = readdir(d));) {
		if (!is_stale(f->d_name, shards, sources))
			continue;
		remove_file(dir, f->d_name);
		++*removed;
	}
	closedir(d);
	return 0;
}
