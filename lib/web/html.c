/* The names of HTML elements and attributes. */
#include "lib/web/html.h"

#include "lib/web/html_names.h"
#include "lib/web/html_parser.h"

struct name {
	const char *name;
	uint8_t n;
	uint8_t flags;
};

static const struct name tags[] = {
#define X(id, name, flags) { name, sizeof(name) - 1, flags },
	HTML_TAGS(X)
#undef X
};

static const struct name attrs[] = {
#define X(id, name) { name, sizeof(name) - 1, 0 },
	HTML_ATTRS(X)
#undef X
};

enum { FIRST_TAG = HTML_OTHER + 1 };
_Static_assert(FIRST_TAG + ARRAY_LEN(tags) <= 256, "a tag is a byte");

/* The first eight bytes of a name in lower case, as tools/gen-html-names.py has them. Other bytes
 * than letters may change too, which same_name() sees. Loads what is behind the name where the page
 * goes on. */
static inline uint64_t key_of(const char *p, size_t n, const char *end)
{
	uint64_t word = 0;

	if (n >= sizeof(word))
		return load_le64(p) | UINT64_C(0x2020202020202020);
	if ((size_t)(end - p) >= sizeof(word))
		word = load_le64(p) & ((UINT64_C(1) << 8 * n) - 1);
	else
		memcpy(&word, p, n);
	return word | (UINT64_C(0x2020202020202020) & ((UINT64_C(1) << 8 * n) - 1));
}

static inline bool same_name(const struct name *row, const char *p, size_t n)
{
	if (row->n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (html_lower(p[i]) != row->name[i])
			return false;
	return true;
}

enum html_tag html_tag_of_any_case(const char *p, size_t n, const char *end)
{
	unsigned tag = html_tag_places[key_of(p, n, end) * HTML_TAG_FACTOR >> (64 - HTML_TAG_BITS)];

	return tag && same_name(&tags[tag - FIRST_TAG], p, n) ? (enum html_tag)tag : HTML_OTHER;
}

int html_attr_of_any_case(const char *p, size_t n, const char *end)
{
	int at =
		html_attr_places[key_of(p, n, end) * HTML_ATTR_FACTOR >> (64 - HTML_ATTR_BITS)] - 1;

	return at >= 0 && same_name(&attrs[at], p, n) ? at : -1;
}

enum html_tag html_tag_of(struct slice name)
{
	return name.n ? html_tag_of_any_case(name.p, name.n, name.p + name.n) : HTML_OTHER;
}

const char *html_tag_name(enum html_tag tag)
{
	return (int)tag < FIRST_TAG ? "" : tags[tag - FIRST_TAG].name;
}

unsigned html_tag_flags(enum html_tag tag)
{
	return (int)tag < FIRST_TAG ? 0 : tags[tag - FIRST_TAG].flags;
}

struct slice html_attr(const struct html_tree *t, uint32_t node, enum html_attr_name name)
{
	const struct html_node *el = &t->nodes[node];

	if (el->tag == HTML_TEXT)
		return (struct slice){ 0 };
	for (uint32_t i = 0; i < el->n; i++) {
		const struct html_attr *a = &t->attrs[el->at + i];

		if (a->name == name)
			return html_value(t, a);
	}
	return (struct slice){ 0 };
}
