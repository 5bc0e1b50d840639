/* HTML into a tree by libxml2's SAX push parser. The only file that knows libxml2. */
#include "lib/web/html.h"

#include "lib/core/mem.h"
#include "lib/text/utf8.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

#include <assert.h>
#include <stdlib.h>
#include <strings.h>

static const struct {
	const char *name;
	uint8_t flags;
} tags[] = {
#define X(id, name, flags) { name, flags },
	HTML_TAGS(X)
#undef X
};

static const char *const attrs[] = {
#define X(id, name) name,
	HTML_ATTRS(X)
#undef X
};

#define FIRST_TAG (HTML_OTHER + 1)

/* One parse in progress: who is open and what the limits are. */
struct builder {
	struct html_tree *t;
	const struct html_limits *limits;
	xmlParserCtxtPtr parser;
	uint32_t open; /* the innermost open element */
	uint64_t depth;
	bool drop_text; /* inside a script or style that is not kept */
};

static int compare_tag(const void *key, const void *row)
{
	return strcmp(key, *(const char *const *)row);
}

static enum html_tag tag_by_name(const char *name)
{
	const char *row = bsearch(name, tags, ARRAY_LEN(tags), sizeof(tags[0]), compare_tag);

	if (!row)
		return HTML_OTHER;
	return (enum html_tag)(FIRST_TAG + (size_t)(row - (const char *)tags) / sizeof(tags[0]));
}

enum html_tag html_tag_of(struct slice name)
{
	char copy[16];

	if (name.n >= sizeof(copy))
		return HTML_OTHER;
	memcpy(copy, name.p, name.n);
	copy[name.n] = '\0';
	return tag_by_name(copy);
}

const char *html_tag_name(enum html_tag tag)
{
	return tag < FIRST_TAG ? "" : tags[tag - FIRST_TAG].name;
}

unsigned html_tag_flags(enum html_tag tag)
{
	return tag < FIRST_TAG ? 0 : tags[tag - FIRST_TAG].flags;
}

struct slice html_attr(const struct html_tree *t, uint32_t node, enum html_attr_name name)
{
	const struct html_node *el = &t->nodes[node];

	if (el->tag == HTML_TEXT)
		return (struct slice){ 0 };
	for (uint32_t i = 0; i < el->n; i++) {
		const struct html_attr *a = &t->attrs[el->at + i];

		if (a->name == name)
			return (struct slice){ t->bytes.p + a->at, a->n };
	}
	return (struct slice){ 0 };
}

/* Ends the parse: what is there stays, what follows is not looked at. */
static void stop(struct builder *b, const char *limit, uint64_t value)
{
	if (b->t->limit)
		return;
	b->t->limit = limit;
	b->t->limit_value = value;
	if (b->parser)
		xmlStopParser(b->parser);
}

static bool room_for_node(struct builder *b)
{
	if (b->t->n_nodes >= MIN(b->limits->max_nodes, UINT32_MAX - 1)) {
		stop(b, "max_nodes", b->limits->max_nodes);
		return false;
	}
	return true;
}

static bool room_for_bytes(struct builder *b, size_t n)
{
	uint64_t max = MIN(b->limits->max_bytes, (uint64_t)UINT32_MAX);

	if (b->t->bytes.n + n > max) {
		stop(b, "max_body", max);
		return false;
	}
	return true;
}

static struct html_node *add_node(struct builder *b, enum html_tag tag)
{
	struct html_tree *t = b->t;
	struct html_node *node;

	mem_grow(&t->nodes, t->n_nodes, &t->cap_nodes, sizeof(*t->nodes));
	node = &t->nodes[t->n_nodes++];
	*node = (struct html_node){ .parent = b->open, .tag = (uint8_t)tag };
	return node;
}

/* Character references to U+0080 - U+009F mean windows-1252 (HTML Standard, 13.2.5.80, "Numeric
 * character reference end state"); libxml2 leaves them as control characters. */
static size_t fix_reference(const char *p, size_t n, char out[4])
{
	static const uint16_t windows_1252[32] = { 0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026,
		0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F, 0x90,
		0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161,
		0x203A, 0x0153, 0x9D, 0x017E, 0x0178 };
	if (n != 2 || (unsigned char)p[0] != 0xC2 || (unsigned char)p[1] >= 0xA0)
		return 0;
	return utf8_put(out, windows_1252[(unsigned char)p[1] - 0x80]);
}

static void on_text(void *data, const xmlChar *p, int len)
{
	struct builder *b = data;
	struct html_tree *t = b->t;
	struct html_node *last = &t->nodes[t->n_nodes - 1];
	const char *text = (const char *)p;
	size_t n = (size_t)len;
	char fixed[4];

	if (len <= 0 || b->drop_text || t->limit || !room_for_bytes(b, n + sizeof(fixed)))
		return;
	if ((n = fix_reference(text, n, fixed)) > 0)
		text = fixed;
	else
		n = (size_t)len;
	if (last->tag != HTML_TEXT || last->parent != b->open || last->at + last->n != t->bytes.n) {
		if (!room_for_node(b))
			return;
		last = add_node(b, HTML_TEXT);
		last->at = (uint32_t)t->bytes.n;
		last->end = (uint32_t)t->n_nodes;
	}
	buf_append(&t->bytes, text, n);
	last->n += (uint32_t)n;
}

static int compare_attr(const void *key, const void *row)
{
	return strcmp(key, *(const char *const *)row);
}

static void add_attr(struct builder *b, const char *name, const char *value)
{
	struct html_tree *t = b->t;
	const char *const *row =
		bsearch(name, attrs, ARRAY_LEN(attrs), sizeof(attrs[0]), compare_attr);
	size_t n = value ? strlen(value) : 0;

	if (!row || !room_for_bytes(b, n))
		return;
	mem_grow(&t->attrs, t->n_attrs, &t->cap_attrs, sizeof(*t->attrs));
	t->attrs[t->n_attrs++] = (struct html_attr){
		.at = (uint32_t)t->bytes.n, .n = (uint32_t)n, .name = (uint8_t)(row - attrs)
	};
	buf_append(&t->bytes, value, n);
}

static bool is_json_ld(const struct html_tree *t, uint32_t node)
{
	return slice_starts(html_attr(t, node, HTML_ATTR_TYPE), SLICE("application/ld+json"));
}

static void on_start(void *data, const xmlChar *name, const xmlChar **pairs)
{
	struct builder *b = data;
	struct html_tree *t = b->t;
	uint32_t at = (uint32_t)t->n_nodes;
	size_t before = t->n_attrs;
	struct html_node *node;

	if (t->limit || !room_for_node(b))
		return;
	if (b->depth >= b->limits->max_depth) {
		stop(b, "max_depth", b->limits->max_depth);
		return;
	}
	node = add_node(b, tag_by_name((const char *)name));
	for (; pairs && pairs[0]; pairs += 2)
		add_attr(b, (const char *)pairs[0], (const char *)pairs[1]);
	node->at = (uint32_t)before;
	node->n = (uint32_t)(t->n_attrs - before);
	b->open = at;
	b->depth++;
	if (node->tag == HTML_STYLE || node->tag == HTML_SCRIPT)
		b->drop_text = !is_json_ld(t, at);
}

static void on_end(void *data, const xmlChar *name)
{
	struct builder *b = data;
	struct html_tree *t = b->t;
	struct html_node *node = &t->nodes[b->open];

	(void)name; /* libxml2 closes elements in order, so it is always the innermost open one */
	if (t->limit || b->open == 0)
		return;
	node->end = (uint32_t)t->n_nodes;
	b->open = node->parent;
	b->depth--;
	b->drop_text = false;
}

static void close_all(struct builder *b)
{
	struct html_tree *t = b->t;

	for (uint32_t i = b->open; i; i = t->nodes[i].parent)
		t->nodes[i].end = (uint32_t)t->n_nodes;
	t->nodes[0].end = (uint32_t)t->n_nodes;
}

/* --- attributes before the parser sees them ------------------------------------------------- */

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Passes over the value at the head of s, behind the equals sign. */
static struct slice skip_value(struct slice s)
{
	const char *end;

	while (s.n && is_space(*s.p))
		s = slice_skip(s, 1);
	if (!s.n || (*s.p != '"' && *s.p != '\'')) {
		while (s.n && !is_space(*s.p) && *s.p != '>')
			s = slice_skip(s, 1);
		return s;
	}
	end = memchr(s.p + 1, *s.p, s.n - 1);
	return slice_skip(s, end ? (size_t)(end - s.p) + 1 : s.n);
}

/* Passes over the rest of a tag behind its name; *count gets its attributes. */
static struct slice skip_tag(struct slice s, uint64_t *count)
{
	bool between = true;

	for (*count = 0; s.n && *s.p != '>';) {
		char c = *s.p;

		*count += between && !is_space(c) && c != '/' && c != '=';
		between = is_space(c) || c == '/';
		s = slice_skip(s, 1);
		if (c == '=') {
			s = skip_value(s);
			between = true;
		}
	}
	return s;
}

/* Behind the next hit of mark in s, whatever its case; the end when there is none. */
static struct slice skip_past(struct slice s, const char *mark)
{
	size_t n = strlen(mark);

	for (; s.n >= n; s = slice_skip(s, 1)) {
		const char *hit = memchr(s.p, *mark, s.n);

		if (!hit)
			break;
		s = slice_skip(s, (size_t)(hit - s.p));
		if (s.n >= n && strncasecmp(s.p, mark, n) == 0)
			return slice_skip(s, n);
	}
	return slice_skip(s, s.n);
}

/* True when the tag that begins at s has this name, not one that begins with it. */
static bool name_is(struct slice s, const char *name)
{
	size_t n = strlen(name);

	return s.n > n && strncasecmp(s.p, name, n) == 0 &&
		(is_space(s.p[n]) || s.p[n] == '>' || s.p[n] == '/');
}

/* The most attributes of a tag, or the first number over max. libxml2 compares each attribute with
 * all before it in its tag, and gives no way to stop it there. */
static uint64_t most_attrs(struct slice s, uint64_t max)
{
	uint64_t most = 0, count;

	while (s.n && most <= max) {
		const char *lt = memchr(s.p, '<', s.n);
		struct slice name;

		if (!lt)
			break;
		s = slice_skip(s, (size_t)(lt - s.p) + 1);
		if (slice_starts(s, SLICE("!--"))) {
			s = skip_past(s, "-->");
			continue;
		}
		name = s;
		if (!s.n || !is_letter(*s.p))
			continue;
		while (s.n && !is_space(*s.p) && *s.p != '>' && *s.p != '/')
			s = slice_skip(s, 1);
		s = skip_tag(s, &count);
		most = MAX(most, count);
		if (name_is(name, "script"))
			s = skip_past(s, "</script");
		else if (name_is(name, "style"))
			s = skip_past(s, "</style");
	}
	return most;
}

/* --- the parse ------------------------------------------------------------------------------- */

void html_setup(void)
{
	xmlInitParser();
}

/* One chunk: with more, libxml2 looks for the end of each construct anew in every chunk. A NUL byte
 * would end its input. */
static void feed(struct builder *b, struct slice page)
{
	struct buf clean = { 0 };

	if (memchr(page.p, '\0', page.n)) {
		for (size_t i = 0; i < page.n; i++)
			if (page.p[i])
				buf_byte(&clean, page.p[i]);
		page = buf_view(&clean);
	}
	if (page.n <= INT32_MAX)
		htmlParseChunk(b->parser, page.p, (int)page.n, 1);
	else
		stop(b, "max_body", INT32_MAX);
	buf_release(&clean);
}

void html_parse(struct html_tree *t, struct slice page, const struct html_limits *limits)
{
	htmlSAXHandler sax = {
		.startElement = on_start,
		.endElement = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
	};
	struct builder b = { .t = t, .limits = limits };

	t->n_nodes = t->n_attrs = 0;
	t->limit = NULL;
	buf_clear(&t->bytes, MIB);
	buf_reserve(&t->bytes, 1); /* an empty value has a place too */
	add_node(&b, HTML_DOCUMENT);
	if (limits->max_attrs && most_attrs(page, limits->max_attrs) > limits->max_attrs)
		stop(&b, "max_attrs", limits->max_attrs);
	if (page.n && !t->limit) {
		b.parser =
			htmlCreatePushParserCtxt(&sax, &b, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
		assert(b.parser);
		htmlCtxtUseOptions(b.parser,
			HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
				HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
		feed(&b, page);
		htmlFreeParserCtxt(b.parser);
	}
	close_all(&b);
}

void html_release(struct html_tree *t)
{
	free(t->nodes);
	free(t->attrs);
	buf_release(&t->bytes);
	*t = (struct html_tree){ 0 };
}
