/* jsonld.h - facts from the JSON-LD of a page, in the vocabulary of schema.org. */
#ifndef CORPUS_EXTRACT_JSONLD_H
#define CORPUS_EXTRACT_JSONLD_H

#include "lib/core/arena.h"

/* Facts of the page's main thing, as they stand; {NULL, 0} where none was found. */
struct jsonld_facts {
	struct slice title;
	struct slice author; /* names joined by ", " */
	struct slice published;
	struct slice site;
	struct slice license;
	int rank; /* of the kind of thing the facts came from; the highest wins */
};

/* Adds what script (UTF-8 JSON) says to f; texts are copied to the arena. What is no JSON, or over
 * 1 MiB, says nothing. */
void jsonld_read(struct slice script, struct jsonld_facts *f, struct arena *arena);

#endif
