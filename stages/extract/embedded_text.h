/* embedded_text.h - what of a JSON value is text for a reader.
 *
 * Programs that build pages keep a text under few names: body, content, html, text and their like,
 * as a string of HTML or plain text, or as a tree of paragraphs. Of several such members of one
 * object, which are mostly the same text in several forms, the first of a fixed order is taken; an
 * object without one is looked through, parts that are named after other things (author, related,
 * comments, footer) left aside. The title of the whole is no part of its text, as in the text of
 * pages; those of its parts are headings. */
#ifndef CORPUS_EXTRACT_EMBEDDED_TEXT_H
#define CORPUS_EXTRACT_EMBEDDED_TEXT_H

#include "lib/core/buf.h"
#include "stages/extract/jsonld_tree.h"

/* How a thing's text is looked for. */
enum {
	EMBEDDED_LINKED = 1, /* its names are those of schema.org */
	EMBEDDED_THREAD = 2, /* what was answered is its text too */
};

/* Appends the texts of thing, an object, to html: fragments of HTML, behind each a NUL, so that
 * what is left open in one does not reach into the next. Returns the bytes of those that are longer
 * than a name, tags and white space left aside. Each value looked at and each 12 bytes of text take
 * one of *steps; at 0 it stops. Strings live in the arena. */
uint64_t embedded_text(struct ld_value *thing, unsigned how, uint64_t *steps, struct arena *arena,
	struct buf *html);

/* The first of the names under which things have their title. {NULL, 0} where there is none. */
struct slice embedded_title(const struct ld_value *thing, struct arena *arena);

/* Whether a member of this name holds something else than the text of what it is in. */
bool embedded_is_aside(struct slice key);

/* Bytes of the text, white space left aside, and with tags those too. */
uint64_t embedded_bytes(struct slice s, bool tags);

#endif
