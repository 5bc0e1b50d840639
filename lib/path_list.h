/* path_list.h - names of files from operands and from files that list them. */
#ifndef CORPUS_PATH_LIST_H
#define CORPUS_PATH_LIST_H

#include "lib/run.h"

/* All zero is valid and empty. */
struct path_list {
	char **at; /* owned */
	size_t n;
	size_t cap;
};

/* Adds a copy. */
void path_list_add(struct path_list *l, struct slice path);

/* Adds the lines of a file, plain or compressed, - for standard input, without CR and LF; empty
 * lines are passed over. ERR_LIMIT over 256 MiB. */
int path_list_read(struct path_list *l, const char *file, struct err *e) MUST_CHECK;

/* The operands of run, then the lines of from (NULL: none). None at all is ERR_USAGE. */
int path_list_operands(
	struct path_list *l, const struct run *run, const char *from, struct err *e) MUST_CHECK;

void path_list_release(struct path_list *l);

#endif
