/* json_escape.h - the escapes of JSON strings, for json.c, json_copy.c and record.c. */
#ifndef CORPUS_JSON_ESCAPE_H
#define CORPUS_JSON_ESCAPE_H

#include "lib/record/json.h"

/* What a surrogate escape without its other half gives: no code point. */
enum { JSON_LONE_SURROGATE = 0x110000 };

/* \uXXXX, or the two of a surrogate pair. */
uint32_t json_unescape_u(const char **p, const char *end);

/* Takes the escape at *p, in a string that a scanner found valid and that has no byte behind end.
 * Returns its code point. Those of two bytes are nearly all that there are. */
static inline uint32_t json_unescape(const char **p, const char *end)
{
	static const char meanings[128] = { ['"'] = '"',
		['\\'] = '\\',
		['/'] = '/',
		['b'] = '\b',
		['f'] = '\f',
		['n'] = '\n',
		['r'] = '\r',
		['t'] = '\t' };
	char meaning = meanings[(*p)[1] & 127];

	if (!meaning)
		return json_unescape_u(p, end);
	*p += 2;
	return (unsigned char)meaning;
}

/* True when the key says name once decoded. */
bool json_key_is(const struct json_member *m, struct slice name);

#endif
