/* json.h - reads and writes RFC 8259 JSON a line at a time.
 *
 * The scanner checks a whole text against the grammar in one pass and allocates nothing. It does
 * not check that strings are UTF-8: bytes that nobody asks for pass through as they are, and
 * json_decode repairs what it decodes. Source of the accepted language: RFC 8259; depth is bounded
 * by JSON_MAX_DEPTH, and lists by JSON_MAX_MEMBERS (section 9 allows it). */
#ifndef CORPUS_JSON_H
#define CORPUS_JSON_H

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "lib/core/err.h"

/* Arrays and objects inside one another, counted from the outermost. Deeper input is refused. */
enum { JSON_MAX_DEPTH = 1000 };

/* Members that are listed. A line of empty members would else take ten times its size in memory. */
enum { JSON_MAX_MEMBERS = 1 << 18 };

/* The names without IS are jansson's. */
enum json_type {
	JSON_IS_NULL,
	JSON_IS_FALSE,
	JSON_IS_TRUE,
	JSON_IS_NUMBER,
	JSON_IS_STRING,
	JSON_IS_ARRAY,
	JSON_IS_OBJECT
};

/* One member of an object or one element of an array (key is empty there), both as they stand in
 * the text: a key or string value with its quotes. */
struct json_member {
	struct slice key;
	struct slice value;
	enum json_type type;
	bool key_escaped; /* the key holds a backslash: compare it decoded */
};

/* Members of one object, in order of appearance. All zero is valid and empty. */
struct json_members {
	struct json_member *at;
	size_t n;
	size_t cap;
};

void json_members_release(struct json_members *m);

/* True when text is one JSON text, white space around it allowed. Otherwise false, *where is the
 * byte at which it went wrong (text.n: it ended early) and *what a phrase such as "unescaped
 * control character". */
bool json_valid(struct slice text, size_t *where, const char **what);

/* Checks text as json_valid does and lists the members of the object it is; any other type is an
 * error ("not an object"). m is emptied first and keeps its memory; after an error it holds what
 * was read before. Slices point into text. */
bool json_scan_object(struct slice text, struct json_members *m, size_t *where, const char **what);

/* The same for an array. */
bool json_scan_array(struct slice text, struct json_members *m, size_t *where, const char **what);

/* The string value (quotes included) as UTF-8, in place where it holds no escape and is valid, else
 * decoded into the arena. A lone surrogate escape and each maximal ill-formed UTF-8 subsequence
 * (Unicode 15, section 3.9, table 3-8) become U+FFFD; their number is added to *replaced. */
struct slice json_decode(struct slice value, struct arena *arena, uint64_t *replaced);

/* A number as binary64 (nearest), as strtod in the C locale; one too large is infinite. */
double json_number(struct slice value);

/* True and *out when the number is an integer written without fraction or exponent that fits. */
bool json_uint(struct slice value, uint64_t *out);

/* The valid UTF-8 text as a JSON string with quotes. Escapes ", \ and control characters and
 * nothing else; bytes that are no UTF-8 become U+FFFD, so that the output is always valid. */
void json_put_string(struct buf *out, struct slice text);

/* The shortest decimal that reads back as v (up to 17 digits), in the notation of RFC 8785, section
 * 3.2.2.3: integers below 10^21 without a point, 0.000001 but 1e-7, and 0 for -0. NaN and
 * infinities, which JSON lacks, become null. */
void json_put_number(struct buf *out, double v);

void json_put_uint(struct buf *out, uint64_t v);

/* "KEY": with the comma before it where the buffer does not end in { or [. For small objects:
 * buf_byte(out, '{'); json_put_key(out, "a"); json_put_uint(out, 1); buf_byte(out, '}'); */
void json_put_key(struct buf *out, const char *key);

#endif
