/* Reads the XML of one page. The scanner knows what MediaWiki's exporter writes (tags, attributes,
 * five references), not all of XML; a dump is made by one program. */
#include "stages/extract/wiki_page.h"

#include "lib/text/utf8.h"

#include <stdlib.h>

enum event { EVENT_OPEN, EVENT_CLOSE, EVENT_EMPTY, EVENT_END };

struct scanner {
	struct slice rest;
	struct slice name, attributes; /* of the tag at hand */
	struct slice before; /* the character data between the tag before and this one */
};

/* The > that ends a tag: one that stands in no quoted value. */
static size_t tag_end(struct slice s)
{
	char quote = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (quote)
			quote = s.p[i] == quote ? 0 : quote;
		else if (s.p[i] == '"' || s.p[i] == '\'')
			quote = s.p[i];
		else if (s.p[i] == '>')
			return i;
	}
	return s.n;
}

static enum event next_tag(struct scanner *x)
{
	size_t lt = slice_find(x->rest, SLICE("<"));
	struct slice tag;
	enum event event = EVENT_OPEN;
	size_t n = 0;

	if (lt == x->rest.n)
		return EVENT_END;
	x->before = slice_head(x->rest, lt);
	tag = slice_skip(x->rest, lt + 1);
	tag.n = tag_end(tag);
	x->rest = slice_skip(x->rest, lt + 1 + tag.n + 1);
	if (tag.n && tag.p[0] == '/') {
		event = EVENT_CLOSE;
		tag = slice_skip(tag, 1);
	} else if (tag.n && tag.p[tag.n - 1] == '/') {
		event = EVENT_EMPTY;
		tag.n--;
	}
	while (n < tag.n && !byte_in(tag.p[n], " \t\r\n"))
		n++;
	x->name = slice_head(tag, n);
	x->attributes = slice_skip(tag, n);
	return event;
}

/* The raw value of an attribute, or an empty slice. */
static struct slice attribute(struct slice attributes, struct slice name)
{
	size_t at = slice_find(attributes, name);
	struct slice value = slice_skip(attributes, at + name.n);
	size_t n = 0;

	if (value.n < 2 || value.p[0] != '=')
		return (struct slice){ NULL, 0 };
	value = slice_skip(value, 1);
	while (n + 1 < value.n && value.p[n + 1] != value.p[0])
		n++;
	return (struct slice){ value.p + 1, n };
}

/* A field of the page or revision; depth counts the elements around it, from the outermost. */
static void field(struct wiki_page *page, const struct scanner *x, size_t depth, bool in_revision)
{
	const struct {
		struct slice name;
		size_t depth;
		struct slice *at;
	} fields[] = {
		{ SLICE("title"), 1, &page->title },
		{ SLICE("ns"), 1, &page->ns },
		{ SLICE("id"), 1, &page->id },
		{ SLICE("dbname"), 1, &page->dbname },
		{ SLICE("base"), 1, &page->base },
		{ SLICE("timestamp"), 2, &page->timestamp },
		{ SLICE("model"), 2, &page->model },
		{ SLICE("format"), 2, &page->format },
		{ SLICE("text"), 2, &page->text },
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (fields[i].depth == depth && (depth == 1 || in_revision) &&
			slice_eq(fields[i].name, x->name))
			*fields[i].at = x->before;
}

static void add_name(struct slice *names, size_t *n, struct slice name)
{
	if (*n < WIKI_MAX_NAMES && name.n)
		names[(*n)++] = name;
}

/* <namespace key="6" case="first-letter">File</namespace> */
static void namespace(struct wiki_page *page, const struct scanner *x, struct slice key)
{
	if (slice_eq(key, SLICE("6")))
		add_name(page->names.file, &page->names.n_file, x->before);
	else if (slice_eq(key, SLICE("14")))
		add_name(page->names.category, &page->names.n_category, x->before);
}

/* Wikis whose language is written in several scripts (includes/language/converters). */
static bool has_variants(struct slice dbname)
{
	static const char *const codes[] = { "ban", "crh", "gan", "ig", "iu", "kk", "ku", "mni",
		"sh", "shi", "sr", "tg", "tly", "tyv", "uz", "wuu", "zgh", "zh" };

	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		struct slice code = slice_str(codes[i]);

		if (slice_starts(dbname, code) &&
			slice_starts(slice_skip(dbname, code.n), SLICE("wik")))
			return true;
	}
	return false;
}

/* Dumps before version 0.6 have no <ns>: the title tells it. */
static void title_namespace(struct wiki_page *page, const struct scanner *x, struct slice key)
{
	struct slice name = x->before;

	/* siteinfo comes before the title is known, so that this runs in a second scan. */
	if (name.n && slice_starts(page->title, name) && page->title.n > name.n &&
		page->title.p[name.n] == ':')
		page->title_namespace = key;
}

static void scan(struct slice xml, struct wiki_page *page, bool second)
{
	struct scanner x = { .rest = xml };
	struct slice key = { NULL, 0 };
	size_t depth = 0;
	bool in_revision = false;
	enum event event;

	while ((event = next_tag(&x)) != EVENT_END) {
		if (event == EVENT_OPEN)
			depth++;
		else if (event == EVENT_CLOSE && depth)
			depth--;
		if (event != EVENT_CLOSE && slice_eq(x.name, SLICE("namespace")))
			key = attribute(x.attributes, SLICE("key"));
		if (second) {
			if (event == EVENT_CLOSE && slice_eq(x.name, SLICE("namespace")))
				title_namespace(page, &x, key);
			continue;
		}
		if (slice_eq(x.name, SLICE("revision"))) {
			in_revision = event == EVENT_OPEN;
		} else if (event == EVENT_EMPTY && slice_eq(x.name, SLICE("redirect"))) {
			page->redirect = true;
			page->redirect_title = attribute(x.attributes, SLICE("title"));
		} else if (event == EVENT_CLOSE && slice_eq(x.name, SLICE("namespace"))) {
			namespace(page, &x, key);
		} else if (event == EVENT_CLOSE) {
			field(page, &x, depth, in_revision);
		}
	}
}

bool wiki_page_parse(struct slice xml, struct wiki_page *page)
{
	*page = (struct wiki_page){ .redirect = false };
	scan(xml, page, false);
	if (!page->ns.n && memchr(page->title.p ? page->title.p : "", ':', page->title.n))
		scan(xml, page, true);
	page->names.variants = has_variants(page->dbname);
	page->names.language = slice_head(page->dbname, slice_find(page->dbname, SLICE("wik")));
	return page->title.n > 0;
}

/* The code point of a reference's name, or 0. */
static uint32_t reference(struct slice name)
{
	static const struct {
		const char *name;
		uint32_t value;
	} named[] = { { "lt", '<' }, { "gt", '>' }, { "amp", '&' }, { "quot", '"' },
		{ "apos", '\'' } };
	char digits[12];
	unsigned long value;
	bool hex;

	for (size_t i = 0; i < ARRAY_LEN(named); i++)
		if (slice_eq(name, slice_str(named[i].name)))
			return named[i].value;
	if (name.n < 2 || name.n >= sizeof(digits) || name.p[0] != '#')
		return 0;
	memcpy(digits, name.p, name.n);
	digits[name.n] = '\0';
	hex = digits[1] == 'x';
	value = strtoul(digits + 1 + hex, NULL, hex ? 16 : 10);
	return value > 0x10FFFF || (value >= 0xD800 && value < 0xE000) ? 0 : (uint32_t)value;
}

void wiki_xml_decode(struct slice s, struct buf *out)
{
	if (s.n)
		buf_reserve(out, s.n);
	while (s.n) {
		size_t amp = slice_find(s, SLICE("&"));
		struct slice name;
		uint32_t c;

		buf_append(out, s.p, amp);
		s = slice_skip(s, amp);
		if (!s.n)
			break;
		name = slice_head(slice_skip(s, 1), 12);
		name.n = slice_find(name, SLICE(";"));
		c = reference(name);
		if (c && slice_starts(slice_skip(s, 1 + name.n), SLICE(";"))) {
			buf_reserve(out, UTF8_MAX_BYTES);
			out->n += utf8_put(out->p + out->n, c);
			s = slice_skip(s, name.n + 2);
		} else {
			buf_byte(out, '&');
			s = slice_skip(s, 1);
		}
	}
}
