/* element_names.h - what the class, id or itemprop of an element says that it holds. */
#ifndef CORPUS_EXTRACT_ELEMENT_NAMES_H
#define CORPUS_EXTRACT_ELEMENT_NAMES_H

#include "lib/core/base.h"

enum { NAMES_LATELY = 1024 }; /* a power of two */

enum {
	NAMES_AUTHOR = 1,
	NAMES_USER = 2,
	NAMES_DATE = 4,
	NAMES_COMMENT = 8,
	NAMES_UPDATED = 16,
};

/* The bits of what the words of names begin with. Words begin behind what is no letter, and at the
 * capitals of camelCase: "entry-date" and "entryDate" say date, "updated" does not. */
unsigned names_say(struct slice names);

/* What was asked lately: pages repeat the classes of their lists and rows. All zero is valid and
 * empty; the names that it holds must stay as they are. */
struct names_memo {
	struct {
		const char *p;
		uint32_t n;
		uint32_t says;
	} lately[NAMES_LATELY];
};

/* The same as names_say. */
unsigned names_say_again(struct names_memo *memo, struct slice names);

#endif
