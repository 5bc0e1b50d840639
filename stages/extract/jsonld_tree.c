/* Reads JSON by descent, strings eight bytes at a time. */
#include "stages/extract/jsonld_tree.h"

#include "lib/text/utf8.h"
#include "stages/extract/eight.h"

enum { DEPTH_MAX = 64 };

struct parser {
	struct slice rest;
	struct arena *values;
	int depth;
};

static bool parse_value(struct parser *p, struct ld_value *v);

/* The next byte that is no space, or NUL at the end. */
static char peek(struct parser *p)
{
	const char *at = p->rest.p, *end = at + p->rest.n;

	while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
		at++;
	p->rest = (struct slice){ at, (size_t)(end - at) };
	return (char)(at < end ? *at : '\0');
}

static bool take(struct parser *p, char c)
{
	if (peek(p) != c)
		return false;
	p->rest = slice_skip(p->rest, 1);
	return true;
}

/* --- scalars ---------------------------------------------------------------------------------- */

/* Takes the rest of a string behind its first quote. */
static bool take_string(struct parser *p, struct slice *text, bool *escaped)
{
	const char *begin = p->rest.p, *at = begin, *end = begin + p->rest.n;

	*escaped = false;
	while (at < end) {
		uint64_t x = eight_load(at, (size_t)(end - at));
		uint64_t marks = eight_equal(x, '"') | eight_equal(x, '\\');

		if (!marks) {
			at += MIN(end - at, 8);
			continue;
		}
		at += eight_first(marks);
		if (*at == '"') {
			*text = (struct slice){ begin, (size_t)(at - begin) };
			p->rest = (struct slice){ at + 1, (size_t)(end - at - 1) };
			return true;
		}
		*escaped = true;
		at += MIN(end - at, 2);
	}
	return false;
}

static size_t digits(struct slice s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	return n;
}

/* -1.5e+3; a number that begins with 0 has no second digit in front of the point. */
static bool take_number(struct parser *p)
{
	struct slice s = slice_skip(p->rest, *p->rest.p == '-');
	size_t n = digits(s);

	if (n == 0 || (n > 1 && *s.p == '0'))
		return false;
	s = slice_skip(s, n);
	if (s.n && *s.p == '.') {
		n = digits(slice_skip(s, 1));
		if (n == 0)
			return false;
		s = slice_skip(s, 1 + n);
	}
	if (s.n && (*s.p | 0x20) == 'e') {
		s = slice_skip(s, 1);
		s = slice_skip(s, s.n && byte_in(*s.p, "+-"));
		n = digits(s);
		if (n == 0)
			return false;
		s = slice_skip(s, n);
	}
	p->rest = s;
	return true;
}

static bool take_word(struct parser *p)
{
	static const struct slice words[] = { { "true", 4 }, { "false", 5 }, { "null", 4 } };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (slice_starts(p->rest, words[i])) {
			p->rest = slice_skip(p->rest, words[i].n);
			return true;
		}
	return false;
}

/* --- escapes ---------------------------------------------------------------------------------- */

static uint32_t hex4(const char *p)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++)
		value = value * 16 +
			(uint32_t)(p[i] <= '9' ? p[i] - '0' : (p[i] | 0x20) - 'a' + 10);
	return value;
}

/* One escape at the front of *s, which jsonld_repaired left whole. */
static size_t put_escape(char *out, struct slice *s)
{
	static const char plain[] = "bfnrt", meant[] = "\b\f\n\r\t";
	const char *which;
	uint32_t c;

	if (s->n >= 6 && s->p[1] == 'u') {
		c = hex4(s->p + 2);
		*s = slice_skip(*s, 6);
		if (c >= 0xD800 && c < 0xDC00 && s->n >= 6) {
			c = 0x10000 + ((c - 0xD800) << 10) + ((hex4(s->p + 2) - 0xDC00) & 0x3FF);
			*s = slice_skip(*s, 6);
		}
		return utf8_put(out, c);
	}
	which = s->n > 1 && s->p[1] ? strchr(plain, s->p[1]) : NULL;
	*out = which ? meant[which - plain] : s->n > 1 ? s->p[1] : ' ';
	*s = slice_skip(*s, 2);
	return 1;
}

/* No escape is shorter than what it says. */
static struct slice unescaped(struct slice s, struct arena *arena)
{
	char *out = arena_alloc(arena, s.n);
	size_t n = 0;

	while (s.n) {
		const char *mark = memchr(s.p, '\\', s.n);
		size_t plain = mark ? (size_t)(mark - s.p) : s.n;

		memcpy(out + n, s.p, plain);
		n += plain;
		s = slice_skip(s, plain);
		if (s.n)
			n += put_escape(out + n, &s);
	}
	return (struct slice){ out, n };
}

/* --- arrays and objects ----------------------------------------------------------------------- */

static bool take_key(struct parser *p, struct ld_value *v)
{
	bool escaped;

	if (!take(p, '"') || !take_string(p, &v->key, &escaped) || !take(p, ':'))
		return false;
	if (escaped)
		v->key = unescaped(v->key, p->values);
	return true;
}

/* The values up to close, the bracket that ends their array or object. */
static bool take_values(struct parser *p, struct ld_value **to, char close)
{
	*to = NULL;
	if (take(p, close))
		return true;
	do {
		struct ld_value *v = arena_alloc(p->values, sizeof(*v));

		*v = (struct ld_value){ 0 };
		*to = v;
		to = &v->next;
		if ((close == '}' && !take_key(p, v)) || !parse_value(p, v))
			return false;
	} while (take(p, ','));
	return take(p, close);
}

static bool parse_value(struct parser *p, struct ld_value *v)
{
	char c = peek(p);
	bool whole;

	switch (c) {
	case '"':
		v->kind = LD_STRING;
		p->rest = slice_skip(p->rest, 1);
		return take_string(p, &v->text, &v->escaped);
	case '{':
	case '[':
		v->kind = c == '{' ? LD_OBJECT : LD_ARRAY;
		if (p->depth == DEPTH_MAX)
			return false;
		p->rest = slice_skip(p->rest, 1);
		p->depth++;
		whole = take_values(p, &v->first, c == '{' ? '}' : ']');
		p->depth--;
		return whole;
	case 't':
	case 'f':
	case 'n': return take_word(p);
	default: return (c == '-' || (c >= '0' && c <= '9')) && take_number(p);
	}
}

struct ld_value *ld_parse(struct slice *text, struct arena *values)
{
	struct parser p = { .rest = *text, .values = values };
	struct ld_value *root = arena_alloc(values, sizeof(*root));
	char c = peek(&p);

	*root = (struct ld_value){ 0 };
	if ((c != '{' && c != '[') || !parse_value(&p, root))
		return NULL;
	*text = p.rest;
	return root;
}

/* --- questions -------------------------------------------------------------------------------- */

bool ld_is(const struct ld_value *v, enum ld_kind kind)
{
	return v && v->kind == kind;
}

struct ld_value *ld_first(const struct ld_value *v)
{
	return ld_is(v, LD_ARRAY) ? v->first : NULL;
}

struct ld_value *ld_get(const struct ld_value *v, const char *key)
{
	const size_t n = strlen(key);
	struct ld_value *found = NULL;

	for (struct ld_value *m = ld_is(v, LD_OBJECT) ? v->first : NULL; m; m = m->next)
		if (m->key.n == n && memcmp(m->key.p, key, n) == 0)
			found = m;
	return found;
}

struct slice ld_text(struct ld_value *v, struct arena *arena)
{
	if (!ld_is(v, LD_STRING))
		return (struct slice){ 0 };
	if (v->escaped)
		v->text = unescaped(v->text, arena);
	v->escaped = false;
	return v->text;
}
