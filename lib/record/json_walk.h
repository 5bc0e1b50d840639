/* json_walk.h - the grammar of RFC 8259 as functions from one place in the text to the next.
 *
 * A scanner includes this once and defines walk_string, the only part worth a machine's own
 * instructions: nearly all bytes of a record are in long strings. Each function takes the place
 * where its part begins and returns the place behind it, or NULL when walk_fail was called. */
#ifndef CORPUS_JSON_WALK_H
#define CORPUS_JSON_WALK_H

#include "lib/core/mem.h"
#include "lib/record/json_scan.h"

struct walk {
	const char *begin, *end;
	const char *at; /* where it went wrong */
	const char *what;
	uint64_t is_object[JSON_MAX_DEPTH / 64 + 1]; /* a bit for each open array or object */
};

/* From behind the opening quote to behind the closing one. */
static inline const char *walk_string(struct walk *w, const char *p);

static inline const char *walk_fail(struct walk *w, const char *at, const char *what)
{
	w->at = at;
	w->what = at == w->end ? "ended early" : what;
	return NULL;
}

static inline bool walk_at(const struct walk *w, const char *p, char c)
{
	return p < w->end && *p == c;
}

static inline const char *walk_space(const struct walk *w, const char *p)
{
	while (p < w->end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	return p;
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_hex(char c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static inline const char *walk_escape(struct walk *w, const char *p)
{
	if (p < w->end && *p && strchr("\"\\/bfnrt", *p))
		return p + 1;
	if (!walk_at(w, p, 'u'))
		return walk_fail(w, p, "unknown escape");
	for (int i = 0; i < 4; i++)
		if (++p >= w->end || !is_hex(*p))
			return walk_fail(w, p, "\\u without four hexadecimal digits");
	return p + 1;
}

static inline const char *walk_string_plain(struct walk *w, const char *p)
{
	while (p && p < w->end && *p != '"') {
		if (*p == '\\')
			p = walk_escape(w, p + 1);
		else if ((unsigned char)*p < 0x20)
			return walk_fail(w, p, "unescaped control character");
		else
			p++;
	}
	if (p && p == w->end)
		return walk_fail(w, p, "ended early");
	return p ? p + 1 : NULL;
}

static inline const char *walk_digits(struct walk *w, const char *p)
{
	if (p >= w->end || !is_digit(*p))
		return walk_fail(w, p, "expected a digit");
	while (p < w->end && is_digit(*p))
		p++;
	return p;
}

static inline const char *walk_number(struct walk *w, const char *p)
{
	if (*p == '-')
		p++;
	p = walk_at(w, p, '0') ? p + 1 : walk_digits(w, p);
	if (p && walk_at(w, p, '.'))
		p = walk_digits(w, p + 1);
	if (p && (walk_at(w, p, 'e') || walk_at(w, p, 'E'))) {
		p++;
		if (walk_at(w, p, '+') || walk_at(w, p, '-'))
			p++;
		p = walk_digits(w, p);
	}
	return p;
}

static inline const char *walk_word(struct walk *w, const char *p, const char *word)
{
	for (; *word; word++, p++)
		if (!walk_at(w, p, *word))
			return walk_fail(w, p, "expected a value");
	return p;
}

static inline const char *walk_scalar(struct walk *w, const char *p)
{
	if (p >= w->end)
		return walk_fail(w, p, "ended early");
	switch (*p) {
	case '"': return walk_string(w, p + 1);
	case 't': return walk_word(w, p, "true");
	case 'f': return walk_word(w, p, "false");
	case 'n': return walk_word(w, p, "null");
	default: break;
	}
	if (*p != '-' && !is_digit(*p))
		return walk_fail(w, p, "expected a value");
	return walk_number(w, p);
}

/* From a key's opening quote to the first byte of its value. */
static inline const char *walk_key(struct walk *w, const char *p, struct slice *key)
{
	const char *begin = p;

	if (!walk_at(w, p, '"'))
		return walk_fail(w, p, "expected a key in quotes");
	p = walk_string(w, p + 1);
	if (!p)
		return NULL;
	*key = (struct slice){ begin, (size_t)(p - begin) };
	p = walk_space(w, p);
	if (!walk_at(w, p, ':'))
		return walk_fail(w, p, "expected a colon");
	return walk_space(w, p + 1);
}

static inline bool walk_in_object(const struct walk *w, size_t depth)
{
	return w->is_object[(depth - 1) / 64] >> ((depth - 1) % 64) & 1;
}

static inline void walk_push(struct walk *w, size_t depth, bool object)
{
	uint64_t bit = (uint64_t)1 << (depth - 1) % 64;
	uint64_t *word = &w->is_object[(depth - 1) / 64];

	*word = object ? *word | bit : *word & ~bit;
}

/* Behind a value inside depth arrays and objects: over the closing brackets that follow it, and
 * over the comma to the next value. *depth falls with each bracket; at bottom it stops. */
static inline const char *walk_onwards(
	struct walk *w, const char *p, size_t *depth, size_t bottom, struct slice *key)
{
	while (*depth > bottom) {
		bool object = walk_in_object(w, *depth);

		p = walk_space(w, p);
		if (walk_at(w, p, ',')) {
			p = walk_space(w, p + 1);
			return object ? walk_key(w, p, key) : p;
		}
		if (!walk_at(w, p, object ? '}' : ']'))
			return walk_fail(
				w, p, object ? "expected a comma or }" : "expected a comma or ]");
		p++;
		--*depth;
	}
	return p;
}

/* Any value inside bottom arrays and objects. Not recursive, so that depth costs a bit each. */
static inline const char *walk_value(struct walk *w, const char *p, size_t bottom)
{
	struct slice key;
	size_t depth = bottom;

	do {
		if (walk_at(w, p, '{') || walk_at(w, p, '[')) {
			bool object = *p == '{';

			if (depth == JSON_MAX_DEPTH)
				return walk_fail(w, p, "nested too deep");
			walk_push(w, ++depth, object);
			p = walk_space(w, p + 1);
			if (!walk_at(w, p, object ? '}' : ']')) {
				p = object ? walk_key(w, p, &key) : p;
				continue;
			}
		} else {
			p = walk_scalar(w, p);
		}
		if (p)
			p = walk_onwards(w, p, &depth, bottom, &key);
	} while (p && depth > bottom);
	return p;
}

static inline enum json_type type_of(char first)
{
	switch (first) {
	case 'n': return JSON_IS_NULL;
	case 'f': return JSON_IS_FALSE;
	case 't': return JSON_IS_TRUE;
	case '"': return JSON_IS_STRING;
	case '[': return JSON_IS_ARRAY;
	case '{': return JSON_IS_OBJECT;
	default: return JSON_IS_NUMBER;
	}
}

static inline void walk_add(struct json_members *m, struct slice key, struct slice value)
{
	mem_grow(&m->at, m->n, &m->cap, sizeof(*m->at));
	m->at[m->n++] = (struct json_member){
		.key = key,
		.value = value,
		.type = type_of(*value.p),
		.key_escaped = key.n && memchr(key.p, '\\', key.n),
	};
}

/* The outermost object or array, its members into m. */
static inline const char *walk_list(
	struct walk *w, const char *p, bool object, struct json_members *m)
{
	struct slice key = { 0 };
	size_t depth = 1;

	if (!walk_at(w, p, object ? '{' : '['))
		return walk_fail(w, p, object ? "not an object" : "not an array");
	walk_push(w, depth, object);
	p = walk_space(w, p + 1);
	if (walk_at(w, p, object ? '}' : ']'))
		return p + 1;
	if (object)
		p = walk_key(w, p, &key);
	while (p && depth > 0) {
		const char *value = p;

		if (m->n == JSON_MAX_MEMBERS)
			return walk_fail(w, p, "too many members");
		p = walk_value(w, p, depth);
		if (!p)
			break;
		walk_add(m, key, (struct slice){ value, (size_t)(p - value) });
		p = walk_onwards(w, p, &depth, 0, &key);
	}
	return p;
}

static inline bool walk_text(struct slice text, enum json_shape shape, struct json_members *m,
	size_t *where, const char **what)
{
	struct walk w = { .begin = text.p, .end = text.p + text.n };
	const char *p = walk_space(&w, text.p);

	if (shape == JSON_ANY_VALUE)
		p = walk_value(&w, p, 0);
	else
		p = walk_list(&w, p, shape == JSON_OBJECT_MEMBERS, m);
	if (p)
		p = walk_space(&w, p);
	if (p && p != w.end)
		p = walk_fail(&w, p, "more behind the value");
	if (p)
		return true;
	*where = (size_t)(w.at - w.begin);
	*what = w.what;
	return false;
}

#endif
