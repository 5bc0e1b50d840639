/* jsonld.h - facts from the JSON-LD of a page, in the vocabulary of schema.org. */
#ifndef CORPUS_EXTRACT_JSONLD_H
#define CORPUS_EXTRACT_JSONLD_H

#include "lib/core/arena.h"

enum { JSONLD_AUTHORS_MAX = 10 };

/* How near a kind of thing is to the page's text: the highest wins. */
enum jsonld_rank {
	JSONLD_NONE,
	JSONLD_SITE,
	JSONLD_PAGE,
	JSONLD_MEDIA,
	JSONLD_THING,
	JSONLD_ARTICLE
};

/* Facts of the page's main thing, as they stand; {NULL, 0} where none was found. */
struct jsonld_facts {
	struct slice title;
	struct slice authors[JSONLD_AUTHORS_MAX];
	size_t n_authors;
	struct slice published, modified;
	struct slice site;
	struct slice license;
	struct slice description;
	struct slice language;
	int rank; /* enum jsonld_rank, of the kind of thing that the facts came from */
};

struct ld_value;

/* enum jsonld_rank of the kind of thing (an object of jsonld_tree.h) that its type names. */
int jsonld_rank(const struct ld_value *thing, struct arena *arena);

/* Adds what script (UTF-8 JSON) says to f; texts are copied to the arena. Read all the same: HTML
 * comments and CDATA around it, raw line ends in strings, commas too many, comments, wrong escapes,
 * things one behind another. What stays no JSON is looked through for headline, datePublished and
 * author. Over 1 MiB, or more than 64 levels deep, it says nothing. */
void jsonld_read(struct slice script, struct jsonld_facts *f, struct arena *arena);

/* The same as JSON: without what JSON does not allow. n is set to its bytes; it ends in NUL. */
char *jsonld_repaired(struct slice script, struct arena *arena, size_t *n);

#endif
