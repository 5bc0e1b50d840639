/* evidence.h - what one walk over a page found that may tell its title, author or date.
 *
 * evidence_collect fills it, title_choose, author_choose and published_choose weigh it. Each list
 * has a limit and what comes later is left out, so that time is linear in the page. */
#ifndef CORPUS_EXTRACT_EVIDENCE_H
#define CORPUS_EXTRACT_EVIDENCE_H

#include "lib/web/html.h"
#include "stages/extract/dates.h"
#include "stages/extract/element_names.h"
#include "stages/extract/jsonld.h"

/* Facts whose best source is known beforehand: the value of least trust number stands. */
enum fact { FACT_SITE, FACT_LICENSE, FACT_CANONICAL, FACT_DESCRIPTION, FACT_LANGUAGE, FACTS };

/* Where a title was read. */
enum title_source { TITLE_H1, TITLE_H1_MORE, TITLE_OG, TITLE_HEAD, TITLE_META, TITLE_SOURCES };

/* Where an author was read. What they are worth stands in author.c. */
enum author_source {
	AUTHOR_META, /* author, article:author, parsely-author, … */
	AUTHOR_META_WEAK, /* dc.creator, twitter:creator, … */
	AUTHOR_LABEL, /* twitter:data1 under twitter:label1 "Written by" */
	AUTHOR_ITEMPROP,
	AUTHOR_REL, /* a rel=author */
	AUTHOR_CLASS, /* class byline, author, … */
	AUTHOR_LINK, /* a link to /author/… */
	AUTHOR_TEXT, /* "By Jane Doe" */
	AUTHOR_USER, /* class username: of a post in a forum */
};

/* Where a date was read. What they are worth stands in published.c. */
enum date_source {
	DATE_META, /* article:published_time and others that say "published" */
	DATE_META_WEAK, /* date, dc.date, … */
	DATE_MODIFIED,
	DATE_ITEMPROP,
	DATE_TIME, /* a time element */
	DATE_CLASS, /* class date, posted, … */
	DATE_TEXT, /* at the front of a text */
	DATE_TEXT_INSIDE,
};

struct candidate {
	struct slice value;
	uint32_t node;
	uint8_t source;
	bool aside; /* in navigation, a side bar or a footer */
	bool comment; /* in a comment */
};

enum { TITLES_MAX = 16, HEADINGS_MAX = 32, AUTHORS_MAX = 64, DATES_MAX = 96 };

struct evidence {
	const struct html_tree *t;
	struct arena *arena;
	struct slice url, host;
	struct slice best[FACTS];
	int trust[FACTS];
	struct candidate titles[TITLES_MAX];
	size_t n_titles;
	uint32_t
		headings[HEADINGS_MAX]; /* h2 to h4: one may be the headline of a page without h1 */
	size_t n_headings;
	struct candidate authors[AUTHORS_MAX];
	size_t n_authors;
	struct candidate dates[DATES_MAX];
	size_t n_dates;
	struct jsonld_facts jsonld;
	unsigned optouts;
	enum date_order order;
	uint32_t headline; /* the node of the heading that the title is in; 0: none */
	/* While collecting: where the innermost such element ends. */
	uint32_t aside_end, comment_end;
	struct names_memo names;
	unsigned n_h1;
	bool head_title; /* the page's title element was seen: drawings have some too */
	int label; /* N of the twitter:labelN that said "Written by"; 0: none */
};

/* Walks over the page. e must be zero but for t, arena and url. */
void evidence_collect(struct evidence *e);

/* Each adds a value, where it is not empty and there is room. */
void evidence_fact(struct evidence *e, enum fact fact, int trust, struct slice value);
void evidence_title(struct evidence *e, enum title_source source, uint32_t node, struct slice v);
void evidence_author(struct evidence *e, enum author_source source, uint32_t node, struct slice v);
void evidence_date(struct evidence *e, enum date_source source, uint32_t node, struct slice value);

/* One meta element (meta_names.c). */
void evidence_meta(struct evidence *e, uint32_t node);

/* The page's title, and e->headline; the name of its author or authors, set apart by "; "; its date,
 * "YYYY-MM-DD" and the time where it was given. */
struct slice title_choose(struct evidence *e);
struct slice author_choose(const struct evidence *e);
struct slice published_choose(const struct evidence *e);

/* Whether name is the site's: as it calls itself, or as its host is called. */
bool is_site_name(const struct evidence *e, struct slice name);

/* --- texts (fold.c) --------------------------------------------------------------------------- */

/* One line with single spaces, references resolved, in the arena; at most 1000 bytes. */
struct slice folded(struct slice s, struct arena *arena);

/* The text in node, in the arena: its blocks and lines set apart by LF, each with single spaces. At
 * most 100 nodes and 1000 bytes are looked at. */
struct slice lines_in(const struct evidence *e, uint32_t node);

/* The text of a line from the text node on, over elements that do not end it; a line that holds no
 * more than its lead ("By") goes on in the next. */
struct slice line_from(const struct evidence *e, uint32_t node);

/* The same as lines_in, in one line. */
struct slice text_in(const struct evidence *e, uint32_t node);

/* Letters and digits of a text as hashes of its words, small letters: up to max of them. */
size_t word_hashes(struct slice text, uint32_t *words, size_t max);

#endif
