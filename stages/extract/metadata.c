/* Collects what a page says about itself in one walk and picks by trust. */
#include "stages/extract/metadata.h"

#include "lib/text/utf8.h"
#include "stages/extract/dates.h"
#include "stages/extract/jsonld.h"

#include <jansson.h>
#include <stdlib.h>
#include <strings.h>

enum fact { TITLE, AUTHOR, PUBLISHED, SITE, LICENSE, CANONICAL, FACTS };

/* Names in meta elements (name, property or itemprop) and what they hold. A smaller trust number is
 * believed first; JSON-LD stands between 1 and 2. Sorted by name. */
static const struct meta_name {
	const char *name;
	enum fact fact;
	int trust;
} meta_names[] = {
	{ "application-name", SITE, 4 },
	{ "article:author", AUTHOR, 3 },
	{ "article:published", PUBLISHED, 1 },
	{ "article:published_time", PUBLISHED, 1 },
	{ "author", AUTHOR, 2 },
	{ "byl", AUTHOR, 3 },
	{ "citation_author", AUTHOR, 2 },
	{ "citation_date", PUBLISHED, 2 },
	{ "citation_publication_date", PUBLISHED, 2 },
	{ "citation_title", TITLE, 2 },
	{ "copyright", SITE, 9 },
	{ "date", PUBLISHED, 3 },
	{ "datepublished", PUBLISHED, 2 },
	{ "dc.creator", AUTHOR, 3 },
	{ "dc.date", PUBLISHED, 3 },
	{ "dc.date.created", PUBLISHED, 3 },
	{ "dc.date.issued", PUBLISHED, 2 },
	{ "dc.publisher", SITE, 5 },
	{ "dc.rights", LICENSE, 9 },
	{ "dc.title", TITLE, 4 },
	{ "dcterms.created", PUBLISHED, 3 },
	{ "dcterms.creator", AUTHOR, 3 },
	{ "dcterms.date", PUBLISHED, 3 },
	{ "dcterms.title", TITLE, 4 },
	{ "headline", TITLE, 4 },
	{ "og:article:author", AUTHOR, 3 },
	{ "og:article:published_time", PUBLISHED, 1 },
	{ "og:pubdate", PUBLISHED, 2 },
	{ "og:published_time", PUBLISHED, 1 },
	{ "og:site_name", SITE, 1 },
	{ "og:title", TITLE, 2 },
	{ "og:url", CANONICAL, 4 },
	{ "parsely-author", AUTHOR, 2 },
	{ "parsely-pub-date", PUBLISHED, 2 },
	{ "parsely-title", TITLE, 3 },
	{ "pubdate", PUBLISHED, 2 },
	{ "publish-date", PUBLISHED, 2 },
	{ "publish_date", PUBLISHED, 2 },
	{ "sailthru.author", AUTHOR, 2 },
	{ "sailthru.date", PUBLISHED, 2 },
	{ "sailthru.title", TITLE, 3 },
	{ "title", TITLE, 5 },
	{ "twitter:title", TITLE, 4 },
};

/* Nodes that a title, a name or a date is looked for in: keeps the walk linear. */
enum { TEXT_NODES = 100, H1_MIN = 20 };

/* The best value so far of each fact, with its trust. */
struct finder {
	const struct html_tree *t;
	struct arena *arena;
	struct slice best[FACTS];
	int trust[FACTS];
	struct jsonld_facts jsonld;
	struct slice head_title; /* the title element */
	struct slice h1;
	size_t n_h1;
	unsigned optouts;
};

/* --- texts ------------------------------------------------------------------------------------ */

/* The character of the reference that s begins with, and its length; 0 when it is none. Only those
 * that values are found to be escaped with twice. */
static size_t reference(struct slice s, uint32_t *c)
{
	static const struct {
		struct slice name;
		uint32_t c;
	} names[] = { { { "&amp;", 5 }, '&' }, { { "&quot;", 6 }, '"' }, { { "&lt;", 4 }, '<' },
		{ { "&gt;", 4 }, '>' }, { { "&apos;", 6 }, '\'' }, { { "&nbsp;", 6 }, ' ' } };
	size_t n = 2;
	bool hex;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (slice_starts(s, names[i].name)) {
			*c = names[i].c;
			return names[i].name.n;
		}
	if (!slice_starts(s, SLICE("&#")))
		return 0;
	hex = s.n > 2 && (s.p[2] == 'x' || s.p[2] == 'X');
	n += hex;
	for (*c = 0; n < s.n && n < 10 && s.p[n] != ';'; n++) {
		char d = s.p[n];
		int v = d >= '0' && d <= '9'	      ? d - '0'
			: hex && d >= 'a' && d <= 'f' ? d - 'a' + 10
			: hex && d >= 'A' && d <= 'F' ? d - 'A' + 10
						      : -1;

		if (v < 0)
			return 0;
		*c = *c * (hex ? 16 : 10) + (uint32_t)v;
	}
	if (n >= s.n || s.p[n] != ';' || *c < 0x20 || *c > 0x10FFFF || (*c >> 11) == 0x1B)
		return 0;
	return n + 1;
}

/* One line with single spaces, references resolved, in the arena; at most 1000 bytes. */
static struct slice folded(struct slice s, struct arena *arena)
{
	char *out = arena_alloc(arena, MIN(s.n, (size_t)1000) + 8);
	size_t n = 0;
	bool space = false;

	while (s.n && n < 1000) {
		uint32_t c = 0;
		size_t used = reference(s, &c);

		if (used == 0)
			c = utf8_next(&s);
		else
			s = slice_skip(s, used);
		if (c <= ' ' || c == 0xA0) {
			space = n > 0;
			continue;
		}
		if (space)
			out[n++] = ' ';
		space = false;
		n += utf8_put(out + n, c);
	}
	return (struct slice){ n ? out : NULL, n };
}

/* The text in node, folded. */
static struct slice text_in(const struct finder *f, uint32_t node)
{
	struct buf all = { 0 };
	struct slice out;

	uint32_t end = MIN(f->t->nodes[node].end, node + TEXT_NODES);

	for (uint32_t i = node + 1; i < end && all.n < 4000; i++) {
		if (f->t->nodes[i].tag == HTML_TEXT)
			buf_slice(&all, html_text(f->t, i));
		else if (html_tag_flags(f->t->nodes[i].tag))
			buf_byte(&all, ' ');
	}
	out = folded(buf_view(&all), f->arena);
	buf_release(&all);
	return out;
}

/* Whether one of the words of list, set apart by spaces, is word. */
static bool has_word(struct slice list, const char *word)
{
	while (list.n) {
		const char *end = memchr(list.p, ' ', list.n);
		size_t n = end ? (size_t)(end - list.p) : list.n;

		if (slice_is_word(slice_head(list, n), word))
			return true;
		list = slice_skip(list, n + 1);
	}
	return false;
}

/* --- opt-outs --------------------------------------------------------------------------------- */

static const struct {
	const char *name; /* in the record */
	const char *token; /* in a robots value; a second row for a second spelling */
	unsigned bit;
} optout_tokens[] = {
	{ "noindex", "noindex", OPTOUT_NOINDEX },
	{ NULL, "none", OPTOUT_NOINDEX },
	{ "noai", "noai", OPTOUT_NOAI },
	{ "noimageai", "noimageai", OPTOUT_NOIMAGEAI },
	{ "tdm-reservation", NULL, OPTOUT_TDM },
};

unsigned optouts_of_robots(struct slice value)
{
	unsigned found = 0;

	while (value.n) {
		size_t n = 0;

		while (value.n && byte_in(*value.p, " \t,:;"))
			value = slice_skip(value, 1);
		while (n < value.n && !byte_in(value.p[n], " \t,:;"))
			n++;
		for (size_t i = 0; i < ARRAY_LEN(optout_tokens); i++)
			if (optout_tokens[i].token &&
				slice_is_word(slice_head(value, n), optout_tokens[i].token))
				found |= optout_tokens[i].bit;
		value = slice_skip(value, n);
	}
	return found;
}

void optouts_print(unsigned optouts, struct buf *out)
{
	size_t begin = out->n;

	for (size_t i = 0; i < ARRAY_LEN(optout_tokens); i++) {
		if (!optout_tokens[i].name || !(optouts & optout_tokens[i].bit))
			continue;
		if (out->n > begin)
			buf_str(out, ", ");
		buf_str(out, optout_tokens[i].name);
	}
}

static void read_optouts(struct finder *f, struct slice name, struct slice content)
{
	if (slice_is_word(name, "robots") || slice_is_word(name, "googlebot") ||
		slice_is_word(name, "bingbot"))
		f->optouts |= optouts_of_robots(content);
	else if (slice_is_word(name, "tdm-reservation") && slice_eq(content, SLICE("1")))
		f->optouts |= OPTOUT_TDM;
}

/* --- the walk --------------------------------------------------------------------------------- */

static void offer(struct finder *f, enum fact fact, int trust, struct slice value)
{
	if (f->best[fact].p && f->trust[fact] <= trust)
		return;
	if (fact == AUTHOR && slice_find(value, SLICE("://")) < value.n)
		return; /* a profile's address is no name */
	value = fact == PUBLISHED ? date_find(value, f->arena) : folded(value, f->arena);
	if (!value.n)
		return;
	f->best[fact] = value;
	f->trust[fact] = trust;
}

static int compare_name(const void *key, const void *row)
{
	return strcasecmp(key, ((const struct meta_name *)row)->name);
}

static void read_meta_name(struct finder *f, struct slice name, struct slice content)
{
	char key[40];
	const struct meta_name *row;

	if (!name.n || name.n >= sizeof(key))
		return;
	memcpy(key, name.p, name.n);
	key[name.n] = '\0';
	read_optouts(f, name, content);
	row = bsearch(key, meta_names, ARRAY_LEN(meta_names), sizeof(meta_names[0]), compare_name);
	if (row)
		offer(f, row->fact, row->trust, content);
}

static void read_meta(struct finder *f, uint32_t i)
{
	static const enum html_attr_name names[] = { HTML_ATTR_PROPERTY, HTML_ATTR_NAME,
		HTML_ATTR_ITEMPROP };
	struct slice content = html_attr(f->t, i, HTML_ATTR_CONTENT);

	for (size_t k = 0; content.n && k < ARRAY_LEN(names); k++)
		read_meta_name(f, html_attr(f->t, i, names[k]), content);
}

static void read_link(struct finder *f, uint32_t i, struct slice rel)
{
	struct slice href = html_attr(f->t, i, HTML_ATTR_HREF);

	if (!rel.n || !href.n)
		return;
	if (f->t->nodes[i].tag == HTML_LINK && has_word(rel, "canonical"))
		offer(f, CANONICAL, 1, href);
	if (has_word(rel, "license"))
		offer(f, LICENSE, f->t->nodes[i].tag == HTML_LINK ? 1 : 3, href);
	if (f->t->nodes[i].tag == HTML_A && has_word(rel, "author"))
		offer(f, AUTHOR, 5, text_in(f, i));
}

static void read_time(struct finder *f, uint32_t i)
{
	struct slice when = html_attr(f->t, i, HTML_ATTR_DATETIME);

	offer(f, PUBLISHED, 6, when.n ? when : text_in(f, i));
}

/* "By Jane Doe | March 3" names Jane Doe. */
static struct slice name_in_byline(struct slice line)
{
	static const char *const heads[] = { "By ", "by ", "BY ", "Von ", "von ", "Par ", "Por ",
		"Di ", "Author: ", "Written by ", "Posted by " };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		if (slice_starts(line, slice_str(heads[i]))) {
			line = slice_skip(line, strlen(heads[i]));
			break;
		}
	while (n < line.n && !byte_in(line.p[n], "|,;(/0123456789"))
		n++;
	while (n && line.p[n - 1] == ' ')
		n--;
	return slice_head(line, n);
}

/* Whether names holds part, in any case, as the beginning of a word: "entry-date" holds date,
 * "updated" does not. */
static bool names_hold(struct slice names, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= names.n; i++) {
		char before = i ? names.p[i - 1] : ' ';
		bool starts =
			before < 'a' || before > 'z' || (names.p[i] >= 'A' && names.p[i] <= 'Z');

		if (starts && strncasecmp(names.p + i, part, n) == 0)
			return true;
	}
	return false;
}

static bool names_hold_any(struct slice names, const char *const *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (names_hold(names, parts[i]))
			return true;
	return false;
}

/* Elements whose class says that a date or a name is in sight. */
static void read_class(struct finder *f, uint32_t i, struct slice class)
{
	static const char *const dates[] = { "date", "time", "publi", "posted", "datum", "fecha" };
	static const char *const authors[] = { "author", "byline", "autor", "writer", "username" };

	if (f->trust[PUBLISHED] > 7 && names_hold_any(class, dates, ARRAY_LEN(dates)))
		offer(f, PUBLISHED, 7, text_in(f, i));
	if (f->trust[AUTHOR] > 6 && names_hold_any(class, authors, ARRAY_LEN(authors))) {
		struct slice name = name_in_byline(text_in(f, i));

		if (name.n > 2 && name.n < 60)
			offer(f, AUTHOR, 6, name);
	}
}

static void read_names(struct finder *f, uint32_t i)
{
	struct slice prop = html_attr(f->t, i, HTML_ATTR_ITEMPROP);
	struct slice class = html_attr(f->t, i, HTML_ATTR_CLASS);
	struct slice title = html_attr(f->t, i, HTML_ATTR_TITLE);
	uint32_t size = f->t->nodes[i].end - i;

	if (size > 40) /* a byline is small; this also keeps the walk linear */
		return;
	if (has_word(prop, "author"))
		offer(f, AUTHOR, 4, name_in_byline(text_in(f, i)));
	if (has_word(prop, "datePublished") || has_word(class, "published"))
		offer(f, PUBLISHED, 3, title.n ? title : text_in(f, i));
	if (size <= 12 && class.n)
		read_class(f, i, class);
}

/* A line of its own that holds a date: "25 March 2021, 10:00". The last resort. */
static void read_short_text(struct finder *f, uint32_t i)
{
	uint32_t n = f->t->nodes[i].n;

	if (f->trust[PUBLISHED] > 9 && n >= 8 && n <= 60)
		offer(f, PUBLISHED, 9, html_text(f->t, i));
}

static void read_element(struct finder *f, uint32_t i)
{
	switch (f->t->nodes[i].tag) {
	case HTML_META: read_meta(f, i); return;
	case HTML_SCRIPT:
		if (html_first(f->t, i) &&
			slice_starts(
				html_attr(f->t, i, HTML_ATTR_TYPE), SLICE("application/ld+json")))
			jsonld_read(html_text(f->t, i + 1), &f->jsonld, f->arena);
		return;
	case HTML_TITLE:
		if (!f->head_title.p)
			f->head_title = text_in(f, i);
		return;
	case HTML_H1:
		if (f->n_h1++ == 0)
			f->h1 = text_in(f, i);
		return;
	case HTML_TIME: read_time(f, i); break;
	case HTML_LINK:
	case HTML_A: read_link(f, i, html_attr(f->t, i, HTML_ATTR_REL)); break;
	default: break;
	}
	if (f->t->nodes[i].n)
		read_names(f, i);
}

/* --- the choice ------------------------------------------------------------------------------- */

static void offer_jsonld(struct finder *f)
{
	const struct jsonld_facts *j = &f->jsonld;

	if (j->rank >= 3)
		offer(f, TITLE, 3, j->title);
	offer(f, AUTHOR, 1, j->author);
	offer(f, PUBLISHED, 1, j->published);
	offer(f, SITE, 2, j->site);
	offer(f, LICENSE, 2, j->license);
}

/* "/2021/03/25/" in a URL, as blogs have it. */
static struct slice date_in_path(struct slice url)
{
	for (size_t i = 0; i + 11 < url.n; i++) {
		const char *p = url.p + i;

		if (p[0] == '/' && p[5] == '/' && p[8] == '/' && p[11] == '/' &&
			(p[1] == '1' || p[1] == '2'))
			return (struct slice){ p + 1, 10 };
	}
	return (struct slice){ 0 };
}

/* Titles carry the site's name behind a mark: "Story - Site", "Story | Site". Where the site's name
 * is not known, what stands behind the last mark is taken for it when it is short. */
static struct slice without_site(struct slice title, struct slice site)
{
	static const struct slice marks[] = { { " | ", 3 }, { " - ", 3 }, { " – ", 5 },
		{ " — ", 5 }, { " « ", 4 }, { " » ", 4 }, { " :: ", 4 }, { " · ", 4 } };

	for (size_t i = title.n; i > 0; i--) {
		struct slice tail = slice_skip(title, i);

		for (size_t k = 0; k < ARRAY_LEN(marks); k++) {
			struct slice behind = slice_skip(tail, marks[k].n);

			if (!slice_starts(tail, marks[k]))
				continue;
			if (slice_eq(behind, site) || k == 0 || (i >= 15 && behind.n <= 40))
				return slice_head(title, i);
			return title;
		}
	}
	return title;
}

/* The heading of the page, where there is one and it says enough: it comes without the site's name
 * and without what search engines are told. */
static struct slice choose_title(const struct finder *f)
{
	struct slice title = f->best[TITLE].n ? f->best[TITLE] : f->head_title;

	if (f->n_h1 > 0 && f->h1.n > 8 && slice_find(title, f->h1) < title.n)
		return f->h1;
	if (f->n_h1 == 1 && f->h1.n >= H1_MIN && f->h1.n < 200)
		return f->h1;
	title = without_site(title, f->best[SITE]);
	return title.n ? title : f->h1;
}

/* "meta author" is often the publisher. */
static struct slice choose_author(const struct finder *f)
{
	return slice_eq(f->best[AUTHOR], f->best[SITE]) ? (struct slice){ 0 } : f->best[AUTHOR];
}

void metadata_setup(void)
{
	/* jansson seeds its hash tables; a fixed seed keeps runs alike and needs no lock. */
	json_object_seed(1);
}

void metadata_find(
	struct metadata *m, const struct html_tree *t, struct slice url, struct arena *arena)
{
	struct finder f = { .t = t, .arena = arena };

	for (int i = 0; i < FACTS; i++)
		f.trust[i] = 100;
	for (uint32_t i = 1; i < t->n_nodes; i++) {
		if (t->nodes[i].tag == HTML_TEXT)
			read_short_text(&f, i);
		else
			read_element(&f, i);
	}
	offer_jsonld(&f);
	offer(&f, PUBLISHED, 8, date_in_path(f.best[CANONICAL].n ? f.best[CANONICAL] : url));
	*m = (struct metadata){
		.title = choose_title(&f),
		.author = choose_author(&f),
		.published = f.best[PUBLISHED],
		.site = f.best[SITE],
		.license = f.best[LICENSE],
		.canonical = f.best[CANONICAL],
		.optouts = f.optouts,
	};
}
