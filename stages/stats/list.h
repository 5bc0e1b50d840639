/* list.h - operands and the lines of a --files-from file as one list of paths. */
#ifndef CORPUS_STATS_LIST_H
#define CORPUS_STATS_LIST_H

#include "lib/core/err.h"
#include "lib/run.h"

/* All zero is valid and empty. */
struct path_list {
	const char **at;
	size_t n;
	size_t cap;
	char *text; /* of the file; the paths point into it */
};

/* The operands of run, then the lines of from (NULL: none); empty lines are passed over. None at
 * all is ERR_USAGE. */
int path_list_read(
	struct path_list *out, const struct run *run, const char *from, struct err *e) MUST_CHECK;

void path_list_release(struct path_list *l);

#endif
