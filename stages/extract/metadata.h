/* metadata.h - what a page says about itself: title, author, date of publication and more.
 *
 * Each fact is looked for where pages put it, the most trustworthy place first: JSON-LD
 * (schema.org), Open Graph and article meta, Dublin Core and other meta names, microdata, then
 * what is visible. */
#ifndef CORPUS_EXTRACT_METADATA_H
#define CORPUS_EXTRACT_METADATA_H

#include "lib/core/arena.h"
#include "lib/web/html.h"

/* Opt-outs, each a bit; their names stand in this order in the record's "robots". */
enum optout {
	OPTOUT_NOINDEX = 1, /* robots: noindex or none */
	OPTOUT_NOAI = 2,
	OPTOUT_NOIMAGEAI = 4,
	OPTOUT_TDM = 8, /* TDM Reservation Protocol: tdm-reservation 1 */
};

/* Facts that are not found are {NULL, 0}; texts are folded to one line. */
struct metadata {
	struct slice title;
	struct slice author; /* several are joined by ", " */
	struct slice published; /* YYYY-MM-DD, with the time where it was given */
	struct slice site;
	struct slice license; /* a URL mostly */
	struct slice canonical; /* the page's own URL */
	unsigned optouts; /* of meta elements; X-Robots-Tag is added by optouts_of_robots */
};

/* Once a run, before threads. */
void metadata_setup(void);

/* Fills m; slices live in the arena, the tree or the url (of the crawl; may be empty). Time is
 * linear in the page. */
void metadata_find(
	struct metadata *m, const struct html_tree *t, struct slice url, struct arena *arena);

/* The opt-outs in the value of a robots meta element or X-Robots-Tag: "noindex, noai". */
unsigned optouts_of_robots(struct slice value);

/* Appends their names, set apart by ", ". */
void optouts_print(unsigned optouts, struct buf *out);

#endif
