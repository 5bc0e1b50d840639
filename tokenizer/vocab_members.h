/* vocab_members.h - members of the objects in vocabulary files: what is read, and what is refused
 * by its name. For the parsers of formats. */
#ifndef CORPUSTOK_VOCAB_MEMBERS_H
#define CORPUSTOK_VOCAB_MEMBERS_H

#include "lib/core/err.h"

#include <jansson.h>

/* Values a member may have. A member that is not listed may only be null or false. */
enum {
	IS_NULL = 1,
	IS_FALSE = 2,
	IS_TRUE = 4,
	IS_EMPTY = 8, /* an empty string */
	IS_ZERO = 16,
	IS_NUMBER = 32, /* other than 0 */
	IS_STRING = 64, /* that is not empty */
	IS_ARRAY = 128,
	IS_OBJECT = 256,
	IS_ANY = 511,
};

struct member {
	const char *key;
	int allowed;
};

/* place is where the object stands, as in "pre_tokenizer[0]"; empty for the file itself. */
int members_check(json_t *object, const char *place, const struct member *members, size_t n,
	struct err *e) MUST_CHECK;

/* Sets "PLACE.KEY VALUE is not supported", or that it is missing where value is NULL. */
int members_refuse(struct err *e, const char *place, const char *key, json_t *value);

/* The same for the object's type. */
int members_refuse_type(struct err *e, const char *place, json_t *object);

bool members_type_is(json_t *object, const char *type);

/* The string member, which must be there. */
int members_string(json_t *object, const char *place, const char *key, struct slice *out,
	struct err *e) MUST_CHECK;

/* True or false; absent it is what otherwise says. */
bool members_flag(json_t *object, const char *key, bool otherwise);

#endif
