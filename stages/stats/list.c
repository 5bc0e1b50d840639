/* list.c - operands and the lines of a --files-from file as one list of paths. */
#include "stages/stats/list.h"

#include "lib/core/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static void list_add(struct path_list *l, const char *path)
{
	mem_grow(&l->at, l->n, &l->cap, sizeof(*l->at));
	l->at[l->n++] = path;
}

/* The whole of a plain file, NUL-terminated. */
static int read_text(const char *path, struct buf *out, struct err *e)
{
	FILE *f = fopen(path, "re");
	size_t n;

	if (!f)
		return err_set(e, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	do {
		n = fread(buf_reserve(out, 64 * KIB), 1, 64 * KIB, f);
		out->n += n;
	} while (n > 0);
	int failed = ferror(f);
	fclose(f);
	if (failed)
		return err_set(e, ERR_IO, "%s: cannot be read", path);
	buf_cstr(out);
	return 0;
}

int path_list_read(struct path_list *out, const struct run *run, const char *from, struct err *e)
{
	for (size_t i = 0; i < run->n_files; i++)
		list_add(out, run->files[i]);
	if (from) {
		struct buf text = { 0 };

		if (read_text(from, &text, e) < 0) {
			buf_release(&text);
			return -1;
		}
		out->text = text.p;
		for (char *save, *line = strtok_r(out->text, "\n", &save); line;
			line = strtok_r(NULL, "\n", &save))
			list_add(out, line);
	}
	if (out->n == 0 && !from)
		return err_set(e, ERR_USAGE, "no FILE is given");
	return 0;
}

void path_list_release(struct path_list *l)
{
	free(l->at);
	free(l->text);
	*l = (struct path_list){ 0 };
}
