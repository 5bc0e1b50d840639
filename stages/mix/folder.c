/* The folder that a mix is written to. */
#include "stages/mix/folder.h"

#include "lib/core/mem.h"
#include "lib/core/temps.h"
#include "stages/mix/shards.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

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

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The shards' names in their order, to be found in. */
static const char **sorted_names(const struct shard_list *shards)
{
	const char **names = mem_zalloc(shards->n, sizeof(*names));

	for (size_t i = 0; i < shards->n; i++)
		names[i] = shards->at[i].file;
	qsort(names, shards->n, sizeof(*names), compare_names);
	return names;
}

/* True for a name of this mix's prefixes. */
static bool is_ours(const char *name, const struct sources *sources)
{
	struct slice prefix = shard_prefix(name);
	bool ours = slice_eq(prefix, SLICE("train"));

	for (size_t i = 0; i < sources->n; i++)
		ours |= slice_eq(prefix, slice_str(sources->at[i].name));
	return ours;
}

/* Removes the shards of this mix's prefixes that this run did not write, which names holds. */
static int remove_stale(DIR *d, const char *dir, const char **names, size_t n,
	const struct sources *sources, size_t *removed)
{
	for (;;) {
		struct dirent *f;
		const char *name;

		errno = 0;
		f = readdir(d);
		if (!f)
			return errno ? -1 : 0;
		name = f->d_name;
		if (!is_ours(name, sources) ||
			bsearch(&name, names, n, sizeof(*names), compare_names))
			continue;
		remove_file(dir, name);
		++*removed;
	}
}

int folder_close(const char *dir, const struct shard_list *shards, const struct sources *sources,
	size_t *removed, struct err *e)
{
	const char **names = sorted_names(shards);
	DIR *d = opendir(dir);
	int result = 0;

	*removed = 0;
	if (!d || remove_stale(d, dir, names, shards->n, sources, removed) < 0)
		result = err_set(e, ERR_IO, "%s: %s", dir, strerror(errno));
	if (d)
		closedir(d);
	free(names);
	return result;
}
