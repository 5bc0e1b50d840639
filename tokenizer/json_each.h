/* json_each.h - walks through the members of JSON that json_valid has accepted.
 *
 * A vocabulary file is one object with some hundred thousand members and elements, which nobody
 * needs as a tree. Nothing is checked again here: text that is not valid is undefined.
 *
 *	struct json_each each = json_each_begin(value);      an object or an array
 *	while (json_each_next(&each, &key, &value))           key is empty in an array */
#ifndef CORPUSTOK_JSON_EACH_H
#define CORPUSTOK_JSON_EACH_H

#include "lib/core/base.h"

struct json_each {
	const char *at, *end;
	bool object;
};

static inline const char *json_each_space(const char *p)
{
	while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
		p++;
	return p;
}

/* Behind the string whose opening quote is at p. */
static inline const char *json_each_string(const char *p)
{
	for (p++; *p != '"'; p++)
		p += *p == '\\';
	return p + 1;
}

/* Behind the value at p. */
static inline const char *json_each_value(const char *p, const char *end)
{
	size_t depth = 0;

	if (*p != '"' && *p != '[' && *p != '{') {
		while (p<end && * p> ' ' && *p != ',' && *p != ']' && *p != '}')
			p++;
		return p;
	}
	do {
		if (*p == '"') {
			p = json_each_string(p);
			continue;
		}
		depth += *p == '[' || *p == '{';
		depth -= *p == ']' || *p == '}';
		p++;
	} while (depth > 0);
	return p;
}

/* The value must be an object or an array, without white space around it. */
static inline struct json_each json_each_begin(struct slice value)
{
	return (struct json_each){ value.p + 1, value.p + value.n, *value.p == '{' };
}

/* Both as they stand in the text, a string with its quotes. */
static inline bool json_each_next(struct json_each *each, struct slice *key, struct slice *value)
{
	const char *p = json_each_space(each->at);

	if (*p == ']' || *p == '}')
		return false;
	if (*p == ',')
		p = json_each_space(p + 1);
	*key = (struct slice){ p, 0 };
	if (each->object) {
		p = json_each_string(p);
		key->n = (size_t)(p - key->p);
		p = json_each_space(json_each_space(p) + 1);
	}
	value->p = p;
	each->at = json_each_value(p, each->end);
	value->n = (size_t)(each->at - p);
	return true;
}

#endif
