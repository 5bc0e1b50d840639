/* Tags and their attributes. */
#include "lib/core/mem.h"
#include "lib/web/html_parser.h"
#include "lib/web/html_scan.h"

#include <xxhash.h>

/* What ends the name of a tag (SLASH, GREATER, SPACE) or of an attribute (EQUALS too). */
enum { NAME, SPACE, SLASH, GREATER, EQUALS };

static const uint8_t class_of[256] = {
	['\t'] = SPACE,
	['\n'] = SPACE,
	['\f'] = SPACE,
	['\r'] = SPACE,
	[' '] = SPACE,
	['/'] = SLASH,
	['>'] = GREATER,
	['='] = EQUALS,
};

static inline uint8_t class_at(const char *s)
{
	return class_of[(unsigned char)*s];
}

/* An attribute as it stands in the page. */
struct raw_attr {
	struct slice name, value;
};

/* Reads the value at s, behind "=" and white space; returns what is behind it, NULL at the end. */
static const char *read_value(const char *s, const char *end, struct slice *value)
{
	const char *begin = s;

	if (*s == '"' || *s == '\'') {
		s = html_scan(++begin, end, *s, *s, *s, *s);
		if (s == end)
			return NULL;
		*value = (struct slice){ begin, (size_t)(s - begin) };
		return s + 1;
	}
	while (s < end && class_at(s) != SPACE && class_at(s) != GREATER)
		s++;
	*value = (struct slice){ begin, (size_t)(s - begin) };
	return s;
}

static inline const char *skip_space(const char *s, const char *end)
{
	while (s < end && class_at(s) == SPACE)
		s++;
	return s;
}

/* Reads the attribute that begins at s, whose first byte may be "=". */
static const char *read_attr(const char *s, const char *end, struct raw_attr *attr)
{
	const char *begin = s++;

	while (s < end && class_at(s) == NAME)
		s++;
	attr->name = (struct slice){ begin, (size_t)(s - begin) };
	attr->value = (struct slice){ s, 0 };
	s = skip_space(s, end);
	if (s == end || *s != '=')
		return s;
	s = skip_space(s + 1, end);
	if (s == end || *s == '>')
		return s;
	return read_value(s, end, &attr->value);
}

/* The next attribute of a tag; NULL at the end of the page. attr->name is empty when the tag ends
 * there, and *slash then says whether it is self-closing. */
static inline const char *next_attr(
	const char *s, const char *end, struct raw_attr *attr, bool *slash)
{
	*slash = false;
	while (s < end && (class_at(s) == SPACE || class_at(s) == SLASH))
		*slash = *s++ == '/';
	if (s >= end)
		return NULL;
	if (*s == '>') {
		attr->name.n = 0;
		return s + 1;
	}
	return read_attr(s, end, attr);
}

/* --- what the rules want to know -------------------------------------------------------------- */

static void note_attr(struct html_token *tag, const struct raw_attr *attr)
{
	switch (tag->tag) {
	case HTML_INPUT:
		if (slice_is_word(attr->name, "type"))
			tag->input_hidden = slice_is_word(attr->value, "hidden");
		break;
	case HTML_FONT:
		tag->font_attr |= slice_is_word(attr->name, "color") ||
			slice_is_word(attr->name, "face") || slice_is_word(attr->name, "size");
		break;
	case HTML_ANNOTATION_XML:
		if (slice_is_word(attr->name, "encoding"))
			tag->html_encoding = slice_is_word(attr->value, "text/html") ||
				slice_is_word(attr->value, "application/xhtml+xml");
		break;
	default: break;
	}
}

static void keep_attr(struct html_parser *p, int name, struct html_run value)
{
	struct html_tree *t = p->t;

	html_count_bytes(p, value.n);
	mem_grow(&t->attrs, t->n_attrs, &t->cap_attrs, sizeof(*t->attrs));
	t->attrs[t->n_attrs++] = (struct html_attr){
		.at = value.at, .n = value.n, .name = (uint8_t)name, .own = value.own
	};
}

/* Reads the attributes from p->p on. Those that are not kept are forgotten at once, and a second of
 * a name that is kept is seen by a bit, so that a million of them take linear time. */
static bool read_attrs(struct html_parser *p, struct html_token *tag)
{
	uint64_t max = p->limits->max_attrs ? p->limits->max_attrs : UINT64_MAX, count = 0;
	uint64_t seen = 0;
	struct raw_attr attr;

	_Static_assert(HTML_ATTR_TAG <= 64, "seen has a bit for each name");
	for (;;) {
		int name;

		p->p = next_attr(p->p, p->end, &attr, &tag->self_closing);
		if (!p->p) {
			p->p = p->end;
			return false;
		}
		if (!attr.name.n)
			return true;
		if (++count > max) {
			html_stop(p, "max_attrs", max);
			return false;
		}
		if (tag->end)
			continue;
		name = html_attr_of_any_case(attr.name.p, attr.name.n, p->end);
		if (name >= 0 && seen >> name & 1)
			continue;
		note_attr(tag, &attr);
		if (name < 0)
			continue;
		seen |= UINT64_C(1) << name;
		keep_attr(p, name, html_clean(p, attr.value, HTML_VALUE));
	}
}

/* --- tags ------------------------------------------------------------------------------------- */

static uint64_t lower_hash(struct slice s, uint64_t seed)
{
	for (size_t i = 0; i < s.n; i++)
		seed = (seed ^ (unsigned char)html_lower(s.p[i])) * UINT64_C(0x100000001B3);
	return seed;
}

/* An element that has no tag keeps its name, as a first attribute. */
static void keep_name(struct html_parser *p, struct html_token *tag, struct slice name)
{
	static const uint64_t fnv_start = UINT64_C(0xCBF29CE484222325);

	tag->name = lower_hash(name, fnv_start);
	if (!tag->end)
		keep_attr(p, HTML_ATTR_TAG, html_clean(p, name, HTML_RAWTEXT));
}

bool html_read_tag(struct html_parser *p, bool end, struct html_token *tag)
{
	const char *s = p->p;
	struct slice name;
	bool whole;

	while (s < p->end && (class_at(s) == NAME || class_at(s) == EQUALS))
		s++;
	name = (struct slice){ p->p, (size_t)(s - p->p) };
	*tag = (struct html_token){
		.tag = (uint8_t)html_tag_of_any_case(name.p, name.n, p->end),
		.end = end,
		.attr = (uint32_t)p->t->n_attrs,
		.attrs_at = (uint32_t)(s - p->t->page),
	};
	p->p = s;
	if (tag->tag == HTML_OTHER)
		keep_name(p, tag, name);
	if (s < p->end && *s == '>') {
		p->p = s + 1;
		whole = true;
	} else {
		whole = read_attrs(p, tag);
	}
	tag->n_attrs = (uint32_t)p->t->n_attrs - tag->attr;
	return whole;
}

/* A second attribute of one name adds to the sum, though the standard forgets it: two tags of which
 * one repeats an attribute count as different. */
uint64_t html_hash_attrs(const struct html_parser *p, uint32_t at)
{
	const char *s = p->t->page + at;
	uint64_t sum = 1;
	struct raw_attr attr;
	bool slash;

	for (;;) {
		s = next_attr(s, p->end, &attr, &slash);
		if (!s || !attr.name.n)
			return sum;
		sum += XXH3_64bits_withSeed(
			attr.value.p, attr.value.n, lower_hash(attr.name, attr.name.n));
	}
}
