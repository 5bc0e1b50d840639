/* json_escape.h - the escapes of JSON strings, for json.c, json_copy.c and record.c. */
#ifndef CORPUS_JSON_ESCAPE_H
#define CORPUS_JSON_ESCAPE_H

#include "lib/record/json.h"
#include "lib/text/utf8.h"

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

/* What stands behind the backslash for a byte that a string cannot hold as it is, else 0. */
static inline char json_escape_letter(char c)
{
	static const char letters[256] = { 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b', 't', 'n',
		'u', 'f', 'r', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
		'u', 'u', 'u', 'u', ['"'] = '"', ['\\'] = '\\' };

	return letters[(unsigned char)c];
}

/* Writes an escape of 2 or 6 bytes. */
static inline char *json_put_escape(char *out, char c, char letter)
{
	static const char digits[] = "0123456789abcdef";

	out[0] = '\\';
	out[1] = letter;
	if (letter != 'u')
		return out + 2;
	out[2] = '0';
	out[3] = '0';
	out[4] = digits[c >> 4];
	out[5] = digits[c & 15];
	return out + 6;
}

/* Writes what an escape stands for, at most 4 bytes. */
static inline char *json_put_unescaped(char *out, uint32_t c, uint64_t *replaced)
{
	if (c < 0x80) {
		*out = (char)c;
		return out + 1;
	}
	if (c == JSON_LONE_SURROGATE) {
		c = UTF8_REPLACEMENT;
		++*replaced;
	}
	return out + utf8_put(out, c);
}

/* The key without its quotes and escapes. Unlike json_decode it leaves bytes that are no UTF-8 as
 * they are, so that keys that differ stay different. */
struct slice json_key(const struct json_member *m, struct arena *arena);

/* True when that is name. */
bool json_key_is(const struct json_member *m, struct slice name);

#endif
