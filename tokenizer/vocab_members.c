/* Members of the objects in vocabulary files. */
#include "tokenizer/vocab_members.h"

#include <stdlib.h>

static int form_of(json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_NULL: return IS_NULL;
	case JSON_FALSE: return IS_FALSE;
	case JSON_TRUE: return IS_TRUE;
	case JSON_STRING: return json_string_length(value) ? IS_STRING : IS_EMPTY;
	case JSON_INTEGER:
	case JSON_REAL: return json_number_value(value) == 0 ? IS_ZERO : IS_NUMBER;
	case JSON_ARRAY: return IS_ARRAY;
	case JSON_OBJECT: return IS_OBJECT;
	}
	return 0;
}

int members_refuse(struct err *e, const char *place, const char *key, json_t *value)
{
	const char *dot = *place ? "." : "";
	char *text;

	if (!value)
		return err_set(e, ERR_DATA, "%s%s%s is missing", place, dot, key);
	text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	err_set(e, ERR_DATA, "%s%s%s %.80s is not supported", place, dot, key, text ? text : "");
	free(text);
	return -1;
}

int members_refuse_type(struct err *e, const char *place, json_t *object)
{
	return members_refuse(e, place, "type", json_object_get(object, "type"));
}

int members_check(
	json_t *object, const char *place, const struct member *members, size_t n, struct err *e)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return err_set(e, ERR_DATA, "%s is not an object", *place ? place : "the file");
	json_object_foreach(object, key, value)
	{
		int allowed = IS_NULL | IS_FALSE;

		for (size_t i = 0; i < n; i++)
			if (strcmp(members[i].key, key) == 0)
				allowed = members[i].allowed;
		if (!(allowed & form_of(value)))
			return members_refuse(e, place, key, value);
	}
	return 0;
}

bool members_type_is(json_t *object, const char *type)
{
	const char *is = json_string_value(json_object_get(object, "type"));

	return is && strcmp(is, type) == 0;
}

int members_string(
	json_t *object, const char *place, const char *key, struct slice *out, struct err *e)
{
	json_t *value = json_object_get(object, key);

	if (!json_is_string(value))
		return members_refuse(e, place, key, value);
	*out = (struct slice){ json_string_value(value), json_string_length(value) };
	return 0;
}

bool members_flag(json_t *object, const char *key, bool otherwise)
{
	json_t *value = json_object_get(object, key);

	return json_is_boolean(value) ? json_is_true(value) : otherwise;
}
