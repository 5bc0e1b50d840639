/* Lists the files below a folder, one level of names at a time. */
#include "lib/stream/folder.h"

#include "lib/core/mem.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The entries of one folder: before each name a byte says what it is. */
struct level {
	char *path;
	char **entries;
	size_t n, cap, at;
};

enum { A_FILE = 'f', A_FOLDER = 'd' };

struct folder {
	char *top;
	bool begun;
	struct level *levels;
	size_t n, cap;
	char *path; /* that was handed out last */
	uint64_t links;
};

bool folder_is_one(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

struct folder *folder_new(const char *path)
{
	struct folder *f = mem_zalloc(1, sizeof(*f));

	f->top = mem_strdup(path);
	return f;
}

static char *joined(const char *folder, const char *name)
{
	size_t n = strlen(folder);

	return mem_printf("%s%s%s", folder, n && folder[n - 1] == '/' ? "" : "/", name);
}

/* A_FILE, A_FOLDER, or 0 for what is passed over. */
static char kind_of(struct folder *f, const char *folder, const struct dirent *d)
{
	mode_t mode = 0;

	if (d->d_type != DT_UNKNOWN) {
		mode = (mode_t)DTTOIF(d->d_type);
	} else {
		char *path = joined(folder, d->d_name);
		struct stat st;

		mode = lstat(path, &st) == 0 ? st.st_mode : 0;
		free(path);
	}
	f->links += S_ISLNK(mode);
	return S_ISREG(mode) ? A_FILE : S_ISDIR(mode) ? A_FOLDER : 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a + 1, *(char *const *)b + 1);
}

/* Reads the names of the folder path, which is taken over. */
static int enter(struct folder *f, char *path, struct err *e)
{
	struct level *level;
	struct dirent *d;
	DIR *dir = opendir(path);

	mem_grow(&f->levels, f->n, &f->cap, sizeof(*f->levels));
	level = &f->levels[f->n++];
	*level = (struct level){ .path = path };
	if (!dir)
		return err_set(e, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	for (errno = 0; (d = readdir(dir)); errno = 0) {
		char kind = d->d_name[0] == '.' ? '\0' : kind_of(f, path, d);

		if (!kind)
			continue;
		mem_grow(&level->entries, level->n, &level->cap, sizeof(*level->entries));
		level->entries[level->n++] = mem_printf("%c%s", kind, d->d_name);
	}
	if (errno)
		err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
	closedir(dir);
	if (level->n)
		qsort(level->entries, level->n, sizeof(*level->entries), by_name);
	return e->code == ERR_NONE ? 0 : -1;
}

static void leave(struct folder *f)
{
	struct level *level = &f->levels[--f->n];

	for (size_t i = 0; i < level->n; i++)
		free(level->entries[i]);
	free(level->entries);
	free(level->path);
}

int folder_next(struct folder *f, const char **path, struct err *e)
{
	if (!f->begun) {
		f->begun = true;
		if (enter(f, mem_strdup(f->top), e) < 0)
			return -1;
	}
	while (f->n) {
		struct level *level = &f->levels[f->n - 1];
		const char *entry;
		char *full;

		if (level->at == level->n) {
			leave(f);
			continue;
		}
		entry = level->entries[level->at++];
		full = joined(level->path, entry + 1);
		if (entry[0] == A_FOLDER) {
			if (enter(f, full, e) < 0)
				return -1;
			continue;
		}
		free(f->path);
		f->path = full;
		*path = full;
		return 1;
	}
	return 0;
}

uint64_t folder_links(const struct folder *f)
{
	return f->links;
}

void folder_free(struct folder *f)
{
	if (!f)
		return;
	while (f->n)
		leave(f);
	free(f->levels);
	free(f->path);
	free(f->top);
	free(f);
}
