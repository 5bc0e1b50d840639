/* jsonld_tree.h - JSON as a tree of values, for pages' JSON-LD.
 *
 * The language is RFC 8259's, of objects and arrays as the outermost value. Numbers and words are
 * checked and not kept. Source of the text is jsonld_repaired, which leaves no control characters
 * in strings and no escapes that say nothing. */
#ifndef CORPUS_EXTRACT_JSONLD_TREE_H
#define CORPUS_EXTRACT_JSONLD_TREE_H

#include "lib/core/arena.h"

enum ld_kind { LD_SCALAR, LD_STRING, LD_ARRAY, LD_OBJECT };

struct ld_value {
	struct ld_value *next; /* in the array or object that it is in */
	struct slice key; /* of a member; its escapes are resolved */
	union {
		struct ld_value *first; /* of an array or object; NULL: it is empty */
		struct slice text; /* of a string; ld_text resolves its escapes */
	};
	uint8_t kind; /* enum ld_kind */
	bool escaped; /* text has escapes */
};

/* Takes one array or object off the front of *text. NULL when there is none or something in it is
 * no JSON, or when it is more than 64 levels deep; *text is as before then. Values are in the
 * arena, texts point into text. */
struct ld_value *ld_parse(struct slice *text, struct arena *values);

/* These take NULL and values of any kind. The member of an object, the last of that key; NULL when
 * there is none. */
struct ld_value *ld_get(const struct ld_value *v, const char *key);

/* The first value of an array, whose next is the second; NULL when there is none. */
struct ld_value *ld_first(const struct ld_value *v);

bool ld_is(const struct ld_value *v, enum ld_kind kind);

/* The text of a string, its escapes resolved (once) in the arena; {NULL, 0} of others. */
struct slice ld_text(struct ld_value *v, struct arena *arena);

#endif
