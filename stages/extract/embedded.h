/* embedded.h - the text that a page carries as data, for pages whose tree shows next to none.
 *
 * Pages that are built by scripts hold their text in JSON: as schema.org's articleBody and its like
 * (JSON-LD), in data-preloaded attributes (Discourse), or as the state of the program that builds
 * the page (__NEXT_DATA__ and other scripts of type application/json, window.NAME = {...} or
 * JSON.parse("{...}")). In the state of a program, where there are texts of all kinds, only things
 * are looked at whose title is the page's.
 *
 * Such text is taken only where it is plain that what the tree shows is a shell: the text chosen
 * there is short, the text in the data is several times as long, and the page does not show it.
 * Nothing is read as JSON on other pages. */
#ifndef CORPUS_EXTRACT_EMBEDDED_H
#define CORPUS_EXTRACT_EMBEDDED_H

#include "lib/core/arena.h"
#include "lib/web/html.h"

/* A worker's memory for it. All zero is valid. */
struct embedded {
	struct buf html; /* of the best thing: fragments, a NUL behind each */
	struct buf candidate; /* of the thing looked at */
	struct buf text, seen; /* the same as plain text; what the page shows */
	uint64_t bytes; /* of text in html */
	struct html_tree tree; /* of a fragment */
	struct arena arena; /* of a script's values */
};

/* Where a text was, in the order in which they are looked at: a later one must be longer. */
enum embedded_from {
	EMBEDDED_NONE,
	EMBEDDED_PRELOADED, /* an attribute */
	EMBEDDED_STATE, /* a script */
	EMBEDDED_JSONLD,
};

/* What the "text_from" of a record says; NULL for EMBEDDED_NONE. */
const char *embedded_name(enum embedded_from from);

/* Looks whether the page t of that title is a shell, and for its text. shown: the bytes of text
 * chosen in its tree, white space left aside. EMBEDDED_NONE leaves the page to its tree. Time is
 * linear in the page. */
enum embedded_from embedded_find(
	struct embedded *e, const struct html_tree *t, struct slice title, uint64_t shown);

/* Appends the text that embedded_find found last, as markdown or plain text. */
void embedded_write(struct embedded *e, bool markdown, bool links, struct buf *out);

void embedded_release(struct embedded *e);

#endif
