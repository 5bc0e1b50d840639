/* One walk over a page that collects what may tell its title, author or date. */
#include "stages/extract/evidence.h"

#include "stages/extract/author.h"
#include "stages/extract/eight.h"
#include "stages/extract/element_names.h"
#include "stages/extract/optouts.h"

/* A byline or a date is small; this also keeps the walk linear. */
enum { SMALL_NODES = 40, SHORT_TEXT = 120, DATE_HEAD = 60 };

void evidence_fact(struct evidence *e, enum fact fact, int trust, struct slice value)
{
	if (e->best[fact].p && e->trust[fact] <= trust)
		return;
	value = folded(value, e->arena);
	if (!value.n)
		return;
	e->best[fact] = value;
	e->trust[fact] = trust;
}

static void add(struct evidence *e, struct candidate *list, size_t *n, size_t max, int source,
	uint32_t node, struct slice value)
{
	if (*n >= max || !value.n)
		return;
	list[(*n)++] = (struct candidate){
		.value = value,
		.node = node,
		.source = (uint8_t)source,
		.aside = node < e->aside_end,
		.comment = node < e->comment_end,
	};
}

void evidence_title(struct evidence *e, enum title_source source, uint32_t node, struct slice v)
{
	add(e, e->titles, &e->n_titles, TITLES_MAX, (int)source, node, folded(v, e->arena));
}

void evidence_author(struct evidence *e, enum author_source source, uint32_t node, struct slice v)
{
	add(e, e->authors, &e->n_authors, AUTHORS_MAX, (int)source, node, v);
}

void evidence_date(struct evidence *e, enum date_source source, uint32_t node, struct slice value)
{
	add(e, e->dates, &e->n_dates, DATES_MAX, (int)source, node, value);
}

/* --- elements --------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_mark(char c)
{
	return c == '.' || c == '/';
}

/* Where the first digit is, or text.n. */
static size_t first_digit(struct slice text)
{
	for (size_t at = 0; at < text.n; at += 8) {
		uint64_t digits = eight_digits(eight_load(text.p + at, text.n - at));

		if (digits)
			return at + eight_first(digits);
	}
	return text.n;
}

/* A four-digit year or 25.03.21 is worth reading a date for. */
static bool has_year(struct slice text)
{
	/* Two digits in a row touch an odd place. */
	for (size_t i = first_digit(text) | 1; i < text.n; i += 2) {
		size_t begin = i, end = i + 1;

		if (!is_digit(text.p[i]))
			continue;
		while (begin > 0 && is_digit(text.p[begin - 1]))
			begin--;
		while (end < text.n && is_digit(text.p[end]))
			end++;
		if (end - begin >= 4 && (text.p[begin] == '1' || text.p[begin] == '2'))
			return true;
		if (end - begin == 2 && begin >= 6 && is_mark(text.p[begin - 1]) &&
			is_mark(text.p[begin - 4]))
			return true;
		i = end | 1;
	}
	return false;
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

/* Whether href begins with one of the folders, with something in it. */
static bool is_one_of(struct slice href, const struct slice *folders, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (href.p[2] == folders[i].p[2] && folders[i].n < href.n &&
			slice_starts(href, folders[i]))
			return true;
	return false;
}

/* Addresses of pages about people: a folder of this name, with something in it. */
static bool is_profile(struct slice href)
{
	static const struct slice folders[] = { { "/auteur/", 8 }, { "/auteurs/", 9 },
		{ "/author/", 8 }, { "/authors/", 9 }, { "/autor/", 7 }, { "/autore/", 8 },
		{ "/autoren/", 9 }, { "/autores/", 9 }, { "/autori/", 8 }, { "/by/", 4 },
		{ "/contributor/", 13 }, { "/contributors/", 14 }, { "/journalist/", 12 },
		{ "/members/", 9 }, { "/people/", 8 }, { "/person/", 8 }, { "/profil/", 8 },
		{ "/profile/", 9 }, { "/redakteur/", 11 }, { "/reporters/", 11 }, { "/staff/", 7 },
		{ "/u/", 3 }, { "/user/", 6 }, { "/users/", 7 }, { "/writer/", 8 },
		{ "/writers/", 9 } };
	/* What letters may follow a first one. */
	static const uint32_t seconds[32] = {
		[LETTER_INDEX('a')] = LETTER_BIT('u'),
		[LETTER_INDEX('b')] = LETTER_BIT('y'),
		[LETTER_INDEX('c')] = LETTER_BIT('o'),
		[LETTER_INDEX('j')] = LETTER_BIT('o'),
		[LETTER_INDEX('m')] = LETTER_BIT('e'),
		[LETTER_INDEX('p')] = LETTER_BIT('e') | LETTER_BIT('r'),
		[LETTER_INDEX('r')] = LETTER_BIT('e'),
		[LETTER_INDEX('s')] = LETTER_BIT('t'),
		[LETTER_INDEX('u')] = LETTER_BIT('/') | LETTER_BIT('s'),
		[LETTER_INDEX('w')] = LETTER_BIT('r'),
	};
	const char *slash;

	href = slice_head(href, 300);
	while (href.n > 3 && (slash = memchr(href.p, '/', href.n - 3)) != NULL) {
		href = slice_skip(href, (size_t)(slash - href.p));
		if (seconds[LETTER_INDEX(href.p[1])] & LETTER_BIT(href.p[2]) &&
			is_one_of(href, folders, ARRAY_LEN(folders)))
			return true;
		href = slice_skip(href, 1);
	}
	return false;
}

/* An address of a Creative Commons licence, in the page's own text. */
static bool is_commons(struct slice href)
{
	static const struct slice host = { "creativecommons.org/", 20 };
	enum { RARE = 6 }; /* the v of host: few addresses have another */
	struct slice path = slice_skip(href, RARE);
	const char *hit;

	if (*href.p != 'h' && *href.p != '/')
		return false;
	while (path.n && (hit = memchr(path.p, 'v', path.n)) != NULL) {
		const char *begin = hit - RARE;

		path = slice_skip(path, (size_t)(hit - path.p) + 1);
		if (slice_starts((struct slice){ begin, RARE + 1 + path.n }, host)) {
			path = slice_skip(path, host.n - RARE - 1);
			return slice_starts(path, SLICE("licenses/")) ||
				slice_starts(path, SLICE("publicdomain/"));
		}
	}
	return false;
}

static void read_link(struct evidence *e, uint32_t i)
{
	bool head = e->t->nodes[i].tag == HTML_LINK;
	struct slice rel = html_attr(e->t, i, HTML_ATTR_REL);
	struct slice href = html_attr(e->t, i, HTML_ATTR_HREF);

	if (!href.n)
		return;
	if (head && rel.n && has_word(rel, "canonical"))
		evidence_fact(e, FACT_CANONICAL, 1, href);
	/* Addresses of other relative forms are left out, see metadata.c. */
	if (rel.n && (has_word(rel, "license") || has_word(rel, "cc:license")) &&
		(*href.p == '/' || slice_find(href, SLICE("://")) < href.n))
		evidence_fact(e, FACT_LICENSE, head ? 1 : 3, href);
	if (head || e->t->nodes[i].end - i > SMALL_NODES)
		return;
	if (e->trust[FACT_LICENSE] > 7 && i >= e->comment_end && is_commons(href))
		evidence_fact(e, FACT_LICENSE, 7, href);
	if (rel.n && has_word(rel, "author"))
		evidence_author(e, AUTHOR_REL, i, lines_in(e, i));
	else if (is_profile(href))
		evidence_author(e, AUTHOR_LINK, i, lines_in(e, i));
}

static void read_time(struct evidence *e, uint32_t i)
{
	struct slice when = html_attr(e->t, i, HTML_ATTR_DATETIME);
	struct slice prop = html_attr(e->t, i, HTML_ATTR_ITEMPROP);
	bool pubdate = html_attr(e->t, i, HTML_ATTR_PUBDATE).p != NULL;
	enum date_source source = DATE_TIME;

	if (has_word(prop, "dateModified"))
		source = DATE_MODIFIED;
	else if (pubdate || has_word(prop, "datePublished"))
		source = DATE_ITEMPROP;
	evidence_date(e, source, i, when.n ? when : text_in(e, i));
	if (when.n) /* a second chance where the attribute holds no date */
		evidence_date(e, source, i, text_in(e, i));
}

/* An element whose attribute says that it is a part of the page's data. */
static void read_property(struct evidence *e, uint32_t i, struct slice prop)
{
	struct slice content = html_attr(e->t, i, HTML_ATTR_CONTENT);

	if (slice_starts(prop, SLICE("schema:")))
		prop = slice_skip(prop, 7);
	if (has_word(prop, "author") || has_word(prop, "creator"))
		evidence_author(e, AUTHOR_ITEMPROP, i, content.n ? content : lines_in(e, i));
	else if (has_word(prop, "datePublished") || has_word(prop, "dateCreated"))
		evidence_date(e, DATE_ITEMPROP, i, content.n ? content : text_in(e, i));
	else if (has_word(prop, "dateModified"))
		evidence_date(e, DATE_MODIFIED, i, content.n ? content : text_in(e, i));
}

static void read_class(struct evidence *e, uint32_t i, unsigned says)
{
	struct slice title = html_attr(e->t, i, HTML_ATTR_TITLE);
	struct slice text;

	if (says & (NAMES_AUTHOR | NAMES_USER) && e->n_authors < AUTHORS_MAX)
		evidence_author(
			e, says & NAMES_AUTHOR ? AUTHOR_CLASS : AUTHOR_USER, i, lines_in(e, i));
	if (!(says & (NAMES_DATE | NAMES_UPDATED)) || e->t->nodes[i].end - i > SMALL_NODES / 2)
		return;
	if (title.n && has_year(title))
		evidence_date(e, DATE_CLASS, i, title);
	text = text_in(e, i);
	if (says & NAMES_DATE && text.n <= SHORT_TEXT && has_year(text))
		evidence_date(e, DATE_CLASS, i, text);
}

/* The elements that comments are in; a body or an article may say that comments are open. */
static bool holds_comments(uint8_t tag)
{
	return tag == HTML_DIV || tag == HTML_SECTION || tag == HTML_OL || tag == HTML_UL ||
		tag == HTML_LI || tag == HTML_ASIDE;
}

static void read_names(struct evidence *e, uint32_t i)
{
	const struct html_node *n = &e->t->nodes[i];
	bool small = n->end - i <= SMALL_NODES, comments = holds_comments(n->tag);
	unsigned says = 0, id = 0;

	if (!small && !comments)
		return;
	for (uint32_t k = n->at; k < n->at + n->n; k++) {
		const struct html_attr *a = &e->t->attrs[k];
		struct slice value = { (a->own ? e->t->bytes.p : e->t->page) + a->at, a->n };

		if (a->name == HTML_ATTR_CLASS)
			says = names_say_again(&e->names, value);
		else if (a->name == HTML_ATTR_ID && comments)
			id = names_say(value); /* of each there is one */
		else if (small && (a->name == HTML_ATTR_ITEMPROP || a->name == HTML_ATTR_PROPERTY))
			read_property(e, i, value);
	}
	if ((says | id) & NAMES_COMMENT && comments)
		e->comment_end = MAX(e->comment_end, n->end);
	if (small && says)
		read_class(e, i, says);
}

/* --- texts ------------------------------------------------------------------------------------ */

/* Pages are indented: a third of their text nodes is spaces alone. */
static struct slice without_space(struct slice text)
{
	while (text.n) {
		uint64_t letters = eight_from(eight_load(text.p, text.n), ' ' + 1);

		if (letters)
			return slice_skip(text, eight_first(letters));
		text = slice_skip(text, 8);
	}
	return text;
}

static void read_text(struct evidence *e, uint32_t i)
{
	struct slice text = without_space(html_text(e->t, i));
	struct date_found found;

	if (text.n < 2)
		return;
	if (has_year(slice_head(text, DATE_HEAD)) && e->n_dates < DATES_MAX &&
		date_read(slice_head(text, DATE_HEAD + 20), DATE_DAY_FIRST, &found))
		evidence_date(e, text.n <= SHORT_TEXT ? DATE_TEXT : DATE_TEXT_INSIDE, i,
			slice_head(text, DATE_HEAD + 20));
	if (text.n <= SHORT_TEXT && e->n_authors < AUTHORS_MAX && byline_lead(slice_head(text, 40)))
		evidence_author(e, AUTHOR_TEXT, i, line_from(e, i));
}

static void read_heading(struct evidence *e, uint32_t i)
{
	evidence_title(e, e->n_h1++ ? TITLE_H1_MORE : TITLE_H1, i, text_in(e, i));
}

static void read_element(struct evidence *e, uint32_t i)
{
	const struct html_node *n = &e->t->nodes[i];

	switch (n->tag) {
	case HTML_META: evidence_meta(e, i); return;
	case HTML_SCRIPT:
		if (html_first(e->t, i) &&
			slice_starts(
				html_attr(e->t, i, HTML_ATTR_TYPE), SLICE("application/ld+json")))
			jsonld_read(html_text(e->t, i + 1), &e->jsonld, e->arena);
		return;
	case HTML_HTML:
		evidence_fact(e, FACT_LANGUAGE, 1, html_attr(e->t, i, HTML_ATTR_LANG));
		evidence_fact(e, FACT_LANGUAGE, 2, html_attr(e->t, i, HTML_ATTR_XML_LANG));
		return;
	case HTML_TITLE:
		if (!e->head_title)
			evidence_title(e, TITLE_HEAD, i, text_in(e, i));
		e->head_title = true;
		return;
	case HTML_H1: read_heading(e, i); break;
	case HTML_H2:
	case HTML_H3:
	case HTML_H4:
		if (e->n_headings < HEADINGS_MAX && i >= e->aside_end)
			e->headings[e->n_headings++] = i;
		break;
	case HTML_NAV:
	case HTML_ASIDE:
	case HTML_FOOTER: e->aside_end = MAX(e->aside_end, n->end); break;
	case HTML_TIME: read_time(e, i); break;
	case HTML_LINK:
	case HTML_A: read_link(e, i); break;
	default: break;
	}
	if (n->n)
		read_names(e, i);
}

void evidence_collect(struct evidence *e)
{
	for (int i = 0; i < FACTS; i++)
		e->trust[i] = 100;
	for (uint32_t i = 1; i < e->t->n_nodes; i++) {
		const struct html_node *n = &e->t->nodes[i];

		if (n->tag == HTML_TEXT) {
			read_text(e, i);
			continue;
		}
		read_element(e, i);
		if (html_tag_flags(n->tag) & HTML_NO_TEXT)
			i = MAX(n->end, i + 1) - 1;
	}
}
