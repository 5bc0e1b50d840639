/* Walks a JSON value and writes the texts in it as HTML. */
#include "stages/extract/embedded_text.h"

#include <xxhash.h>

/* LONG: bytes of a string that may be a sentence. Shorter ones, of which states have many, come
 * along but do not count as text. */
enum { LONG = 40, SEEN = 256, STEP_BYTES = 12 };

struct gather {
	struct buf *html;
	struct arena *arena;
	uint64_t *steps;
	uint64_t bytes;
	uint64_t seen[SEEN]; /* hashes of long strings: states hold copies */
	unsigned how;
	bool open; /* a paragraph of inline texts */
};

/* --- names ------------------------------------------------------------------------------------ */

/* What a text is kept under, the likeliest first: by schema.org, Discourse, WordPress, Drupal,
 * Shopify, Contentful, Arc, ProseMirror, Slate, Draft.js. The last are names of anything, which
 * count as text only where they belong to one. */
static const char *const bodies[] = { "articleBody", "reviewBody", "cooked", "rendered",
	"processed", "bodyHtml", "body_html", "contentHtml", "content_html", "htmlBody", "html",
	"body", "articleText", "content", "content_elements", "contents", "blocks", "paragraphs",
	"sections", "text", "children", "value" };
enum { TEXT = 19, CHILDREN = 20 };

/* Of schema.org: beside a text, not instead of one. */
static const char *const parts[] = { "recipeIngredient", "recipeInstructions", "step",
	"itemListElement", "mainEntity", "acceptedAnswer", "suggestedAnswer" };

static const char *const titles[] = { "headline", "title", "heading", "question", "name",
	"subject" };

/* What begins so is another thing's. */
static const struct slice asides[] = { { "account", 7 }, { "ads", 3 }, { "author", 6 },
	{ "badge", 5 }, { "banner", 6 }, { "breadcrumb", 10 }, { "byline", 6 }, { "categor", 7 },
	{ "comment", 7 }, { "config", 6 }, { "consent", 7 }, { "contributor", 11 }, { "cookie", 6 },
	{ "creator", 7 }, { "cta", 3 }, { "editor", 6 }, { "excerpt", 7 }, { "footer", 6 },
	{ "gallery", 7 }, { "global", 6 }, { "head", 4 }, { "i18n", 4 }, { "image", 5 },
	{ "labels", 6 }, { "latest", 6 }, { "layout", 6 }, { "legal", 5 }, { "link", 4 },
	{ "locale", 6 }, { "media", 5 }, { "menu", 4 }, { "messages", 8 }, { "meta", 4 },
	{ "more", 4 }, { "nav", 3 }, { "newsletter", 10 }, { "offers", 6 }, { "owner", 5 },
	{ "photo", 5 }, { "popular", 7 }, { "promo", 5 }, { "publisher", 9 }, { "recommend", 9 },
	{ "related", 7 }, { "review", 6 }, { "seller", 6 }, { "seo", 3 }, { "setting", 7 },
	{ "share", 5 }, { "sidebar", 7 }, { "similar", 7 }, { "site", 4 }, { "social", 6 },
	{ "style", 5 }, { "suggested", 9 }, { "tag", 3 }, { "theme", 5 }, { "title", 5 },
	{ "tracking", 8 }, { "translation", 11 }, { "trending", 8 }, { "user", 4 }, { "video", 5 },
	{ "widget", 6 } };

bool embedded_is_aside(struct slice key)
{
	while (key.n && *key.p == '_')
		key = slice_skip(key, 1);
	for (size_t i = 0; i < ARRAY_LEN(asides); i++)
		if (key.n >= asides[i].n && strncasecmp(key.p, asides[i].p, asides[i].n) == 0)
			return true;
	return false;
}

static bool is_one_of(struct slice word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eq(word, slice_str(words[i])))
			return true;
	return false;
}

static struct slice title_under(
	const struct ld_value *thing, const char *const *keys, size_t n, struct arena *arena)
{
	static const char *const inside[] = { "rendered", "basic", "text", "value" };

	for (size_t i = 0; i < n; i++) {
		struct ld_value *v = ld_get(thing, keys[i]);
		struct slice text = ld_text(v, arena);

		if (!text.n && ld_is(v, LD_OBJECT))
			text = title_under(v, inside, ARRAY_LEN(inside), arena);
		if (text.n)
			return text;
	}
	return (struct slice){ 0 };
}

struct slice embedded_title(const struct ld_value *thing, struct arena *arena)
{
	return title_under(thing, titles, ARRAY_LEN(titles), arena);
}

/* --- strings ---------------------------------------------------------------------------------- */

enum markup { MARKUP_NONE, MARKUP_INLINE, MARKUP_BLOCK };

static bool is_small(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Whether the name of a tag ends at c. */
static bool ends_name(char c)
{
	return byte_in(c, " \t\r\n/>123456");
}

/* Whether there are tags in it, and whether they tell its paragraphs. Without an end tag or one of
 * a paragraph, what looks like a tag is code or an address: vector<int>, a<b && c>d. */
static enum markup markup_of(struct slice s)
{
	static const struct slice blocks[] = { { "p", 1 }, { "br", 2 }, { "div", 3 }, { "li", 2 },
		{ "h", 1 }, { "section", 7 }, { "table", 5 }, { "blockquote", 10 }, { "pre", 3 },
		{ "article", 7 } };
	enum markup found = MARKUP_NONE;
	const char *tag;

	while (s.n && (tag = memchr(s.p, '<', s.n)) != NULL) {
		s = slice_skip(s, (size_t)(tag - s.p) + 1);
		if (s.n < 2 || !(is_small(*s.p) || (*s.p == '/' && is_small(s.p[1]))))
			continue;
		if (*s.p == '/')
			found = MARKUP_INLINE;
		for (size_t i = 0; i < ARRAY_LEN(blocks); i++)
			if (s.n > blocks[i].n && strncasecmp(s.p, blocks[i].p, blocks[i].n) == 0 &&
				ends_name(s.p[blocks[i].n]))
				return MARKUP_BLOCK;
	}
	return found;
}

uint64_t embedded_bytes(struct slice s, bool tags)
{
	uint64_t n = 0;
	bool inside = false;

	for (size_t i = 0; i < s.n; i++) {
		inside = tags && (s.p[i] == '<' || (inside && s.p[i] != '>'));
		n += !inside && (unsigned char)s.p[i] > ' ';
	}
	return n;
}

/* HTML that was escaped once too often, and plain text with references, as the page would have them
 * in its own text. */
static struct slice resolved(struct slice s, struct arena *arena)
{
	static const struct {
		struct slice name;
		char c;
	} references[] = { { { "&lt;", 4 }, '<' }, { { "&gt;", 4 }, '>' }, { { "&quot;", 6 }, '"' },
		{ { "&amp;", 5 }, '&' } };
	char *out = arena_alloc(arena, s.n);
	size_t n = 0;

	while (s.n) {
		size_t i = 0;

		while (i < ARRAY_LEN(references) && !slice_starts(s, references[i].name))
			i++;
		out[n++] = i < ARRAY_LEN(references) ? references[i].c : *s.p;
		s = slice_skip(s, i < ARRAY_LEN(references) ? references[i].name.n : 1);
	}
	return (struct slice){ out, n };
}

/* Text for readers has several words, or is in a script that may not set them apart. Addresses,
 * names of things, style sheets and JSON have none. */
static bool is_prose(struct slice s)
{
	bool ascii = true;
	size_t signs = 0;

	for (size_t i = 0; i < s.n; i++) {
		ascii &= (unsigned char)s.p[i] < 0x80;
		signs += byte_in(s.p[i], "{};");
	}
	if (ascii && !memchr(s.p, ' ', s.n))
		return false;
	if (*s.p == '{' || slice_starts(s, SLICE("[{")) || slice_starts(s, SLICE("[\"")))
		return false;
	/* A line of code may stand in a text; a style sheet has more such signs. */
	return signs < 3 || signs < s.n / 50;
}

static bool was_seen(struct gather *g, struct slice s)
{
	uint64_t hash, *slot;

	if (s.n < LONG)
		return false;
	hash = XXH3_64bits(s.p, s.n);
	slot = &g->seen[hash % SEEN];
	if (*slot == hash)
		return true;
	*slot = hash;
	return false;
}

static void end_fragment(struct gather *g)
{
	if (g->html->n && g->html->p[g->html->n - 1])
		buf_byte(g->html, '\0');
}

static void end_paragraph(struct gather *g)
{
	if (g->open)
		buf_str(g->html, "</p>");
	g->open = false;
}

/* Text with line ends as HTML; references in it stay. */
static void put_plain(struct buf *html, struct slice s, bool tags)
{
	for (size_t i = 0; i < s.n; i++) {
		bool line = s.p[i] == '\n';

		if (line && i + 1 < s.n && s.p[i + 1] == '\n')
			buf_str(html, "</p><p>");
		else if (line && (i == 0 || s.p[i - 1] != '\n'))
			buf_str(html, "<br>");
		else if (s.p[i] == '<' && !tags)
			buf_str(html, "&lt;");
		else if (!line)
			buf_byte(html, s.p[i]);
	}
}

static bool put_inline(struct gather *g, struct slice s)
{
	*g->steps -= MIN(*g->steps, s.n / STEP_BYTES);
	if (!s.n || !*g->steps)
		return false;
	if (!g->open)
		buf_str(g->html, "<p>");
	g->open = true;
	put_plain(g->html, s, false);
	g->bytes += embedded_bytes(s, false);
	return true;
}

static bool put_text(struct gather *g, struct slice s)
{
	enum markup markup;

	s = slice_trim(s, " \t\r\n");
	*g->steps -= MIN(*g->steps, s.n / STEP_BYTES);
	if (!s.n || !*g->steps || was_seen(g, s))
		return false;
	markup = markup_of(s);
	if (markup == MARKUP_NONE && slice_find(s, SLICE("&lt;")) < s.n) {
		struct slice again = resolved(s, g->arena);

		markup = markup_of(again);
		s = markup == MARKUP_NONE ? s : again;
	}
	if (markup == MARKUP_NONE && !is_prose(s))
		return false;
	if (s.n >= LONG)
		g->bytes += embedded_bytes(s, markup != MARKUP_NONE);
	end_paragraph(g);
	if (markup != MARKUP_NONE)
		end_fragment(g);
	if (markup != MARKUP_BLOCK) {
		buf_str(g->html, "<p>");
		put_plain(g->html, s, markup == MARKUP_INLINE);
		buf_str(g->html, "</p>");
	} else {
		buf_slice(g->html, s);
	}
	if (markup != MARKUP_NONE)
		end_fragment(g);
	return true;
}

static void put_heading(struct gather *g, struct slice s)
{
	s = slice_trim(s, " \t\r\n");
	if (!s.n)
		return;
	buf_str(g->html, "<h3>");
	put_plain(g->html, s, markup_of(s) == MARKUP_INLINE);
	buf_str(g->html, "</h3>");
}

/* --- values ----------------------------------------------------------------------------------- */

static bool gather_value(struct gather *g, struct ld_value *v, bool body, bool flow);

/* Whether the text in an object of a rich text stands in a line with those beside it. flow: it is
 * one of some children. */
static bool is_inline(struct gather *g, const struct ld_value *v, bool flow)
{
	static const char *const keys[] = { "type", "_type", "nodeType", "object" };
	static const char *const types[] = { "text", "span", "leaf", "link", "a", "hyperlink",
		"entry-hyperlink", "asset-hyperlink", "bold", "strong", "italic", "em", "mention" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct slice type = ld_text(ld_get(v, keys[i]), g->arena);

		/* What is of type text and has content is a paragraph of Arc's. */
		if (type.n)
			return is_one_of(type, types, ARRAY_LEN(types)) &&
				!ld_is(ld_get(v, "content"), LD_STRING);
	}
	return flow && ld_is(ld_get(v, "text"), LD_STRING);
}

/* The members that may be its text, in one look at them all. */
static void find_bodies(struct gather *g, const struct ld_value *v, struct ld_value **members)
{
	for (struct ld_value *m = v->first; m && *g->steps; m = m->next, --*g->steps)
		for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
			if (m->key.n && *m->key.p == *bodies[i] &&
				slice_eq(m->key, slice_str(bodies[i])))
				members[i] = m;
}

static bool gather_bodies(struct gather *g, struct ld_value *v, bool body, bool in_line)
{
	struct ld_value *members[ARRAY_LEN(bodies)] = { NULL };
	size_t n = g->how & EMBEDDED_LINKED ? TEXT + 1 : body ? ARRAY_LEN(bodies) : TEXT;

	find_bodies(g, v, members);
	for (size_t i = 0; i < n; i++) {
		struct ld_value *m = members[i];

		if (in_line && ld_is(m, LD_STRING) ? put_inline(g, ld_text(m, g->arena))
						   : gather_value(g, m, true, i == CHILDREN))
			return true;
	}
	return false;
}

static bool gather_parts(struct gather *g, const struct ld_value *v)
{
	bool found = false;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		found |= gather_value(g, ld_get(v, parts[i]), true, false);
	if (g->how & EMBEDDED_THREAD)
		found |= gather_value(g, ld_get(v, "comment"), true, false);
	return found;
}

static bool gather_inside(struct gather *g, struct ld_value *v, bool body)
{
	bool found = false;

	for (struct ld_value *m = v->first; m; m = m->next)
		if (!embedded_is_aside(m->key) && !ld_is(m, LD_STRING))
			found |= gather_value(g, m, body, false);
	/* {"body":{"en":"..."}} */
	if (!found && body && v->first && !v->first->next)
		found = gather_value(g, v->first, true, false);
	return found;
}

static bool gather_members(struct gather *g, struct ld_value *v, bool body, bool in_line)
{
	bool found = gather_bodies(g, v, body, in_line);

	if (g->how & EMBEDDED_LINKED)
		return found | gather_parts(g, v);
	return found || gather_inside(g, v, body);
}

/* The heading of a part: the names of things count where schema.org has questions and steps. */
static void head_part(struct gather *g, const struct ld_value *v)
{
	static const char *const types[] = { "Question", "HowToStep", "HowToSection" };
	struct slice type = ld_text(ld_get(v, "@type"), g->arena);
	bool named = is_one_of(type, types, ARRAY_LEN(types));

	put_heading(g, title_under(v, titles, named ? ARRAY_LEN(titles) : 4, g->arena));
}

static bool gather_object(struct gather *g, struct ld_value *v, bool body, bool flow)
{
	const bool in_line = body && is_inline(g, v, flow);
	bool found;
	size_t begin;

	if (in_line)
		return gather_members(g, v, body, in_line);
	end_paragraph(g);
	begin = g->html->n;
	head_part(g, v);
	found = gather_members(g, v, body, in_line);
	end_paragraph(g);
	if (!found)
		g->html->n = begin;
	return found;
}

/* body: it is, or is in, what is kept under one of the names of texts. */
static bool gather_value(struct gather *g, struct ld_value *v, bool body, bool flow)
{
	bool found = false;

	if (!v || !*g->steps)
		return false;
	--*g->steps;
	switch (v->kind) {
	case LD_STRING: return body && put_text(g, ld_text(v, g->arena));
	case LD_OBJECT: return gather_object(g, v, body, flow);
	case LD_ARRAY:
		for (struct ld_value *one = v->first; one; one = one->next)
			found |= gather_value(g, one, body, flow);
		return found;
	default: return false;
	}
}

uint64_t embedded_text(struct ld_value *thing, unsigned how, uint64_t *steps, struct arena *arena,
	struct buf *html)
{
	struct gather g = { .html = html, .arena = arena, .steps = steps, .how = how };
	struct ld_value *description = ld_get(thing, "description");
	const size_t begin = html->n;

	gather_members(&g, thing, true, false);
	end_paragraph(&g);
	/* What was found among its parts may be less than what is said of the whole. */
	if (g.bytes < ld_text(description, arena).n / 2) {
		html->n = begin;
		g.bytes = 0;
		gather_value(&g, description, true, false);
	}
	end_fragment(&g);
	return g.bytes;
}
