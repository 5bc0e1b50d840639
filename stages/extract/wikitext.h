/* wikitext.h - from MediaWiki's markup to the text that a reader of the page would see.
 *
 * Two passes. The first (wikitext.c) does what MediaWiki's preprocessor does: comments, tags,
 * templates, tables and links, with a stack of open brackets instead of recursion. The second
 * (wikitext_lines.c) does what is bound to lines: headings, lists, paragraphs, quotes, entities.
 *
 * What comes out:
 *	paragraphs	joined to one line each, a blank line between them
 *	headings	their text on a line of its own; one with nothing below it is dropped
 *	lists		"- item" a line, two spaces more a level; indented text is a plain line
 *	links		their label; files, categories, links to other languages: nothing
 *	templates	nothing, or for the common inline ones the text they show
 *			(wikitext_templates.c)
 *	tables	a line a row, its fields set apart by tabs; what only arranges the page
 *			is unwrapped, and navigation and infoboxes go (wikitext_table.c)
 *	references, galleries, maps, comments	nothing
 *	formulas	TeX between dollar signs
 *	code		as it stands
 * In markdown the same text has # before headings, numbers in numbered lists, fences around code,
 * bars between fields, emphasis, and backslashes before what would be read as such; with WIKI_LINKS
 * external links have their targets.
 * An opener without its closer loses its brackets, never the text behind it.
 *
 * Source of the rules: https://www.mediawiki.org/wiki/Help:Formatting, Help:Links, Help:Tables,
 * Help:Templates, Specs/wikitext, and
 * includes/parser/{Preprocessor_Hash,Parser,BlockLevelPass}.php of MediaWiki. */
#ifndef CORPUS_WIKITEXT_H
#define CORPUS_WIKITEXT_H

#include "lib/core/buf.h"

enum { WIKI_MAX_NAMES = 8 };

enum {
	WIKI_MARKDOWN = 1,
	WIKI_LINKS = 2, /* in markdown, the targets of links to addresses: [label](target) */
};

/* What a wiki's siteinfo says about its links; all zero is a wiki with English names. */
struct wiki_names {
	struct slice file[WIKI_MAX_NAMES]; /* of the namespace, besides File and Image */
	size_t n_file;
	struct slice category[WIKI_MAX_NAMES]; /* besides Category */
	size_t n_category;
	struct slice
		language; /* the wiki's code, "de"; some templates mean what they do in it alone */
	bool variants; /* -{ }- chooses between scripts here (Chinese, Serbian and others) */
};

/* Appends the text of a page to out, without a newline at its end. wikitext is UTF-8; control
 * characters in it are passed over. Linear in its size: brackets nest 500 deep, kept text 40.
 * True when the page says that it tells articles of one name apart. */
bool wikitext_to_text(
	struct slice wikitext, const struct wiki_names *names, unsigned flags, struct buf *out);

/* True when the title says the same, "Mercury (disambiguation)". */
bool wikitext_disambiguates(struct slice title);

/* #REDIRECT [[…]] in any language, which dumps before version 0.4 do not mark. */
bool wikitext_is_redirect(struct slice wikitext);

#endif
