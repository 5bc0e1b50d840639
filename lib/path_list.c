/* Names of files from operands and from files that list them. */
#include "lib/path_list.h"

#include "lib/core/buf.h"
#include "lib/core/mem.h"
#include "lib/stream/input.h"

#include <stdlib.h>

#define MAX_BYTES (256 * MIB)

void path_list_add(struct path_list *l, struct slice path)
{
	mem_grow(&l->at, l->n, &l->cap, sizeof(*l->at));
	l->at[l->n++] = mem_strndup(path.p, path.n);
}

int path_list_read(struct path_list *l, const char *file, struct err *e)
{
	struct buf text = { 0 };
	int r = input_slurp(file, MAX_BYTES, &text, e);
	struct slice rest = buf_view(&text);

	while (r == 0 && rest.n) {
		struct slice line = slice_trim(slice_take_line(&rest), "\r\n");

		if (line.n)
			path_list_add(l, line);
	}
	buf_release(&text);
	return r;
}

int path_list_operands(struct path_list *l, const struct run *run, const char *from, struct err *e)
{
	for (size_t i = 0; i < run->n_files; i++)
		path_list_add(l, slice_str(run->files[i]));
	if (from)
		return path_list_read(l, from, e);
	return l->n ? 0 : err_set(e, ERR_USAGE, "no FILE is given");
}

void path_list_release(struct path_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->at[i]);
	free(l->at);
	*l = (struct path_list){ 0 };
}
