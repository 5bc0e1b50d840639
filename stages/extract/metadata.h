/* metadata.h - what a page says about itself: title, author, date of publication and more.
 *
 * One walk over the tree collects candidates (evidence.h): JSON-LD (schema.org), Open Graph, Dublin
 * Core and other meta names, microdata and RDFa, headings, bylines, dates in sight. Then each fact
 * is chosen: by a fixed order of trust where one source is better than the next, by weighing where
 * sources confirm one another (title.c, author.c, published.c). */
#ifndef CORPUS_EXTRACT_METADATA_H
#define CORPUS_EXTRACT_METADATA_H

#include "lib/core/arena.h"
#include "lib/web/html.h"

/* Facts that are not found are {NULL, 0}; texts are folded to one line of at most 1000 bytes. */
struct metadata {
	struct slice title;
	struct slice author; /* several are joined by "; " */
	struct slice published; /* YYYY-MM-DD, with the time where it was given */
	struct slice site;
	struct slice description;
	struct slice language; /* as the page declares it: a BCP 47 tag mostly */
	struct slice license; /* a URL mostly */
	struct slice canonical; /* the page's own URL, absolute where url is known */
	unsigned optouts; /* of meta elements (optouts.h) */
};

/* Fills m; slices live in the arena, the tree or the url (of the crawl; may be empty). Time is
 * linear in the page. */
void metadata_find(
	struct metadata *m, const struct html_tree *t, struct slice url, struct arena *arena);

#endif
