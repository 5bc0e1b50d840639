/* What meta elements say, by their name, property, itemprop or http-equiv. */
#include "stages/extract/evidence.h"
#include "stages/extract/optouts.h"

#include <stdlib.h>

enum group { IS_FACT, IS_TITLE, IS_AUTHOR, IS_DATE };

/* "Doe, Jane" is one author where the family's name comes first: always in citation_author, by
 * Google Scholar's guidelines; in Dublin Core's names by custom, which not all pages follow. */
enum name_order { AS_READ, FAMILY_FIRST, FAMILY_OFTEN_FIRST };

/* Names in small letters, '.' for ':' and '-' for '_', and what they hold: a fact with its trust
 * (less is better), or a candidate with its source. Sorted. Open Graph: ogp.me; Dublin Core: DCMI
 * Metadata Terms; citation: Google Scholar's inclusion guidelines; parsely, sailthru, cXense: the
 * makers' manuals; the others are those that the 1,000 pages of the development sets hold more than
 * once. */
static const struct meta_name {
	const char *name;
	uint8_t group;
	uint8_t kind; /* enum fact, title_source, author_source or date_source */
	uint8_t trust; /* of a fact; of an author, enum name_order */
} meta_names[] = {
	{ "application-name", IS_FACT, FACT_SITE, 4 },
	{ "article.author", IS_AUTHOR, AUTHOR_META, 0 },
	{ "article.author-name", IS_AUTHOR, AUTHOR_META, 0 },
	{ "article.created-time", IS_DATE, DATE_META_WEAK, 0 },
	{ "article.first-published-time", IS_DATE, DATE_META, 0 },
	{ "article.modified-time", IS_DATE, DATE_MODIFIED, 0 },
	{ "article.published", IS_DATE, DATE_META, 0 },
	{ "article.published-time", IS_DATE, DATE_META, 0 },
	{ "author", IS_AUTHOR, AUTHOR_META, 0 },
	{ "blogger-name", IS_AUTHOR, AUTHOR_META_WEAK, 0 },
	{ "byl", IS_AUTHOR, AUTHOR_META, 0 },
	{ "citation-author", IS_AUTHOR, AUTHOR_META, FAMILY_FIRST },
	{ "citation-date", IS_DATE, DATE_META, 0 },
	{ "citation-online-date", IS_DATE, DATE_META, 0 },
	{ "citation-publication-date", IS_DATE, DATE_META, 0 },
	{ "citation-title", IS_TITLE, TITLE_META, 0 },
	{ "content-language", IS_FACT, FACT_LANGUAGE, 3 },
	{ "creator", IS_AUTHOR, AUTHOR_META_WEAK, 0 },
	{ "cxenseparse.author", IS_AUTHOR, AUTHOR_META, 0 },
	{ "cxenseparse.publishtime", IS_DATE, DATE_META, 0 },
	{ "cxenseparse.recs.publishtime", IS_DATE, DATE_META, 0 },
	{ "date", IS_DATE, DATE_META_WEAK, 0 },
	{ "date-created", IS_DATE, DATE_META_WEAK, 0 },
	{ "date.created", IS_DATE, DATE_META_WEAK, 0 },
	{ "date.issued", IS_DATE, DATE_META, 0 },
	{ "datecreated", IS_DATE, DATE_META_WEAK, 0 },
	{ "datemodified", IS_DATE, DATE_MODIFIED, 0 },
	{ "dateposted", IS_DATE, DATE_META, 0 },
	{ "datepublished", IS_DATE, DATE_META, 0 },
	{ "dateupdated", IS_DATE, DATE_MODIFIED, 0 },
	{ "dc.contributor", IS_AUTHOR, AUTHOR_META_WEAK, FAMILY_OFTEN_FIRST },
	{ "dc.created", IS_DATE, DATE_META_WEAK, 0 },
	{ "dc.creator", IS_AUTHOR, AUTHOR_META_WEAK, FAMILY_OFTEN_FIRST },
	{ "dc.date", IS_DATE, DATE_META_WEAK, 0 },
	{ "dc.date.created", IS_DATE, DATE_META_WEAK, 0 },
	{ "dc.date.issued", IS_DATE, DATE_META, 0 },
	{ "dc.date.modified", IS_DATE, DATE_MODIFIED, 0 },
	{ "dc.date.published", IS_DATE, DATE_META, 0 },
	{ "dc.description", IS_FACT, FACT_DESCRIPTION, 4 },
	{ "dc.language", IS_FACT, FACT_LANGUAGE, 4 },
	{ "dc.publisher", IS_FACT, FACT_SITE, 6 },
	{ "dc.rights", IS_FACT, FACT_LICENSE, 8 },
	{ "dc.rights.license", IS_FACT, FACT_LICENSE, 5 },
	{ "dc.title", IS_TITLE, TITLE_META, 0 },
	{ "dcterms.created", IS_DATE, DATE_META_WEAK, 0 },
	{ "dcterms.creator", IS_AUTHOR, AUTHOR_META_WEAK, FAMILY_OFTEN_FIRST },
	{ "dcterms.date", IS_DATE, DATE_META_WEAK, 0 },
	{ "dcterms.issued", IS_DATE, DATE_META, 0 },
	{ "dcterms.language", IS_FACT, FACT_LANGUAGE, 4 },
	{ "dcterms.license", IS_FACT, FACT_LICENSE, 5 },
	{ "dcterms.modified", IS_DATE, DATE_MODIFIED, 0 },
	{ "dcterms.rights", IS_FACT, FACT_LICENSE, 8 },
	{ "dcterms.title", IS_TITLE, TITLE_META, 0 },
	{ "description", IS_FACT, FACT_DESCRIPTION, 2 },
	{ "displaydate", IS_DATE, DATE_META, 0 },
	{ "headline", IS_TITLE, TITLE_META, 0 },
	{ "inlanguage", IS_FACT, FACT_LANGUAGE, 5 },
	{ "language", IS_FACT, FACT_LANGUAGE, 6 },
	{ "last-modified", IS_DATE, DATE_MODIFIED, 0 },
	{ "lastmod", IS_DATE, DATE_MODIFIED, 0 },
	{ "license", IS_FACT, FACT_LICENSE, 5 },
	{ "mediator-author", IS_AUTHOR, AUTHOR_META, 0 },
	{ "mediator-published-time", IS_DATE, DATE_META, 0 },
	{ "modified-time", IS_DATE, DATE_MODIFIED, 0 },
	{ "og.article.author", IS_AUTHOR, AUTHOR_META, 0 },
	{ "og.article.modified-time", IS_DATE, DATE_MODIFIED, 0 },
	{ "og.article.published-time", IS_DATE, DATE_META, 0 },
	{ "og.author", IS_AUTHOR, AUTHOR_META, 0 },
	{ "og.description", IS_FACT, FACT_DESCRIPTION, 1 },
	{ "og.locale", IS_FACT, FACT_LANGUAGE, 2 },
	{ "og.pubdate", IS_DATE, DATE_META, 0 },
	{ "og.publish-date", IS_DATE, DATE_META, 0 },
	{ "og.published-time", IS_DATE, DATE_META, 0 },
	{ "og.release-date", IS_DATE, DATE_META, 0 },
	{ "og.site-name", IS_FACT, FACT_SITE, 1 },
	{ "og.title", IS_TITLE, TITLE_OG, 0 },
	{ "og.updated-time", IS_DATE, DATE_MODIFIED, 0 },
	{ "og.url", IS_FACT, FACT_CANONICAL, 4 },
	{ "originalpublicationdate", IS_DATE, DATE_META, 0 },
	{ "parsely-author", IS_AUTHOR, AUTHOR_META, 0 },
	{ "parsely-pub-date", IS_DATE, DATE_META, 0 },
	{ "parsely-title", IS_TITLE, TITLE_META, 0 },
	{ "prism.publicationdate", IS_DATE, DATE_META, 0 },
	{ "pubdate", IS_DATE, DATE_META, 0 },
	{ "publication-date", IS_DATE, DATE_META, 0 },
	{ "publicationdate", IS_DATE, DATE_META, 0 },
	{ "publish-date", IS_DATE, DATE_META, 0 },
	{ "publishdate", IS_DATE, DATE_META, 0 },
	{ "published-at", IS_DATE, DATE_META, 0 },
	{ "published-date", IS_DATE, DATE_META, 0 },
	{ "published-time", IS_DATE, DATE_META, 0 },
	{ "publisher", IS_FACT, FACT_SITE, 7 },
	{ "rights", IS_FACT, FACT_LICENSE, 9 },
	{ "rnews.creator", IS_AUTHOR, AUTHOR_META, 0 },
	{ "rnews.datepublished", IS_DATE, DATE_META, 0 },
	{ "rnews.headline", IS_TITLE, TITLE_META, 0 },
	{ "sailthru.author", IS_AUTHOR, AUTHOR_META, 0 },
	{ "sailthru.date", IS_DATE, DATE_META, 0 },
	{ "sailthru.title", IS_TITLE, TITLE_META, 0 },
	{ "shareaholic.article-author-name", IS_AUTHOR, AUTHOR_META, 0 },
	{ "shareaholic.article-published-time", IS_DATE, DATE_META, 0 },
	{ "title", IS_TITLE, TITLE_META, 0 },
	{ "twitter.creator", IS_AUTHOR, AUTHOR_META_WEAK, 0 },
	{ "twitter.description", IS_FACT, FACT_DESCRIPTION, 3 },
	{ "twitter.title", IS_TITLE, TITLE_META, 0 },
	{ "twitter.url", IS_FACT, FACT_CANONICAL, 6 },
	{ "updated-time", IS_DATE, DATE_MODIFIED, 0 },
	{ "uploaddate", IS_DATE, DATE_META_WEAK, 0 },
};

enum { NAME_MAX_BYTES = 40 };

static int compare_name(const void *key, const void *row)
{
	return strcmp(key, ((const struct meta_name *)row)->name);
}

/* "DC:Creator" as dc.creator; false for what is longer than any name of the table. */
static bool normalise_name(struct slice name, char key[NAME_MAX_BYTES])
{
	name = slice_trim(name, " \t\r\n");
	if (!name.n || name.n >= NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		key[i] = c == ':'	       ? '.'
			: c == '_'	       ? '-'
			: c >= 'A' && c <= 'Z' ? (char)(c + 32)
					       : c;
	}
	key[name.n] = '\0';
	return true;
}

/* RDFa writes schema:datePublished. */
static const struct meta_name *find_name(const char *key)
{
	if (strncmp(key, "schema.", 7) == 0)
		key += 7;
	return bsearch(key, meta_names, ARRAY_LEN(meta_names), sizeof(meta_names[0]), compare_name);
}

/* Twitter cards label what they hold: twitter:label1 "Written by", twitter:data1 "Jane Doe". In the
 * languages of WordPress' most used translations. */
static bool says_written_by(struct slice value)
{
	static const char *const labels[] = { "Written by", "Author", "By", "Verfasst von",
		"Geschrieben von", "Autor", "Escrito por", "Écrit par", "Rédigé par", "Scritto da",
		"Geschreven door", "Napisane przez", "Автор", "Написано автором", "Yazan",
		"Skriven av", "Skrevet av", "Skrevet af", "Kirjoittaja", "作者", "執筆者", "글쓴이",
		"Tác giả", "Ditulis oleh", "Szerző", "Scris de", "Napsal(a)" };

	for (size_t i = 0; i < ARRAY_LEN(labels); i++)
		if (slice_is_word(value, labels[i]))
			return true;
	return false;
}

static void read_card(struct evidence *e, uint32_t node, const char *key, struct slice content)
{
	if (strncmp(key, "twitter.label", 13) == 0 && key[13] && !key[14]) {
		if (says_written_by(slice_trim(content, " ")))
			e->label = key[13];
	} else if (strncmp(key, "twitter.data", 12) == 0 && key[12] && e->label == key[12]) {
		evidence_author(e, AUTHOR_LABEL, node, content);
	}
}

/* "Doe, Jane" as "Jane Doe". "A Ltd, B Ltd", several words before and behind the comma, are two
 * where nothing but custom says that the family's name comes first. */
static struct slice given_first(struct slice name, enum name_order order, struct arena *arena)
{
	static const char *const space = " \t\r\n";
	size_t comma = slice_find(name, SLICE(","));
	struct slice family = slice_trim(slice_head(name, comma), space);
	struct slice given = slice_trim(slice_skip(name, comma + 1), space);
	bool several = slice_find(family, SLICE(" ")) < family.n &&
		slice_find(given, SLICE(" ")) < given.n;
	char *out;

	if (order == AS_READ || !family.n || !given.n || memchr(given.p, ',', given.n) ||
		(order == FAMILY_OFTEN_FIRST && several))
		return name;
	out = arena_alloc(arena, family.n + given.n + 1);
	memcpy(out, given.p, given.n);
	out[given.n] = ' ';
	memcpy(out + given.n + 1, family.p, family.n);
	return (struct slice){ out, family.n + given.n + 1 };
}

static void read_name(struct evidence *e, uint32_t node, struct slice name, struct slice content)
{
	char key[NAME_MAX_BYTES];
	const struct meta_name *row;

	if (!normalise_name(name, key))
		return;
	e->optouts |= optouts_of_meta(name, content);
	if (strncmp(key, "twitter.", 8) == 0)
		read_card(e, node, key, content);
	row = find_name(key);
	if (!row)
		return;
	switch ((enum group)row->group) {
	case IS_FACT: evidence_fact(e, (enum fact)row->kind, row->trust, content); break;
	case IS_TITLE: evidence_title(e, (enum title_source)row->kind, node, content); break;
	case IS_AUTHOR:
		content = given_first(content, (enum name_order)row->trust, e->arena);
		evidence_author(e, (enum author_source)row->kind, node, content);
		break;
	case IS_DATE: evidence_date(e, (enum date_source)row->kind, node, content); break;
	}
}

void evidence_meta(struct evidence *e, uint32_t node)
{
	static const enum html_attr_name names[] = { HTML_ATTR_PROPERTY, HTML_ATTR_NAME,
		HTML_ATTR_ITEMPROP, HTML_ATTR_HTTP_EQUIV };
	struct slice content = html_attr(e->t, node, HTML_ATTR_CONTENT);

	for (size_t k = 0; content.n && k < ARRAY_LEN(names); k++)
		read_name(e, node, html_attr(e->t, node, names[k]), content);
}
