/* json_escape.h - one escape of a JSON string, for json.c and record.c. */
#ifndef CORPUS_JSON_ESCAPE_H
#define CORPUS_JSON_ESCAPE_H

#include "lib/record/json.h"

/* What a surrogate escape without its other half gives: no code point. */
enum { JSON_LONE_SURROGATE = 0x110000 };

/* The code point of the escape that begins at p, in a string that a scanner found valid and that
 * has no byte behind end. Returns the place behind it. */
const char *json_unescape_one(const char *p, const char *end, uint32_t *c);

/* True when the key, quotes included, says name once decoded. */
bool json_key_is(const struct json_member *m, struct slice name);

#endif
