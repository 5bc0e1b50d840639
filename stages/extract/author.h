/* author.h - names of people out of what pages write where an author stands. */
#ifndef CORPUS_EXTRACT_AUTHOR_H
#define CORPUS_EXTRACT_AUTHOR_H

#include "lib/core/arena.h"

enum { AUTHOR_NAMES_MAX = 10 };

struct author_names {
	struct slice name[AUTHOR_NAMES_MAX];
	size_t n;
	bool roles_only; /* "Staff", "Redaktion": not a person's name */
};

/* The length of "By", "Written by:", "Von", "Autor:" at the front of the line and what stands
 * between it and a name; 0 when there is none. */
size_t byline_lead(struct slice line);

/* One to four words that all begin with a capital or a letter without case, but for particles. */
bool author_looks_like_name(struct slice name);

/* The names in text (folded; lines set apart by LF): without lead, addresses, dates, roles and what
 * is no name (admin, guest). The slices lie in text. */
void author_names(struct slice text, struct author_names *names);

#endif
