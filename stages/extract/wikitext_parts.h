/* wikitext_parts.h - what the passes and tables of wikitext.c share. */
#ifndef CORPUS_WIKITEXT_PARTS_H
#define CORPUS_WIKITEXT_PARTS_H

#include "stages/extract/wikitext.h"

/* Bytes that the first pass leaves for the second. XML 1.0 allows none of them in a dump, and the
 * first pass drops those that come all the same. */
enum {
	MARK_TEXT = 1, /* up to MARK_END: no markup, but entities (nowiki, pre) */
	MARK_END = 2,
	MARK_GONE = 3, /* something was dropped here */
	MARK_RAW = 4, /* up to MARK_END: as it stands (code, formulas) */
	MARK_BREAK = 5, /* a line break inside a paragraph */
	MARK_SEP = 6, /* the | between the parts of a template or link that is not closed yet */
	MARK_ROW = 7, /* begins the line that is a row of a table, */
	MARK_CELL = 11, /* and stands between its cells */
	MARK_TR = 12, /* begins a row of an HTML table that is not closed yet, */
	MARK_TD = 14, /* and a cell; its attributes follow, up to MARK_SEP */
	MARK_TH = 15,
	MARK_CAPTION = 16,
	MARK_CODE = 17, /* up to MARK_CODE_END: code inside a line */
	MARK_CODE_END = 18,
	MARK_LINK = 21, /* before the label of a link, */
	MARK_TARGET = 22, /* before its target, which is markdown by then, */
	MARK_LINK_END = 23, /* and behind it */
	MARK_LANGUAGE = 20, /* before and behind the language of code, first in its stretch */
};

/* Text kept inside brackets is looked at once a level. MediaWiki expands templates to a depth of
 * 40 as well ($wgMaxTemplateDepth). */
enum { WIKI_KEEP_DEPTH = 40 };

enum wiki_tag_kind {
	TAG_INLINE, /* the tag goes, what is in it stays */
	TAG_BLOCK, /* the same, and lines end at both tags */
	TAG_BREAK,
	TAG_ITEM,
	TAG_HEADING,
	TAG_SUPERSCRIPT,
	TAG_TABLE,
	TAG_TABLE_PART,
	TAG_CODE_SPAN, /* in markdown; else inline */
	TAG_GONE, /* goes with all that is in it */
	TAG_NOWIKI,
	TAG_PRE,
	TAG_CODE,
	TAG_MATH,
	TAG_CHEMISTRY,
	TAG_POEM,
};

struct wiki_tag {
	const char *name; /* lower case */
	enum wiki_tag_kind kind;
};

enum { WIKI_MAX_TAGS = 128 };

/* The row of the name, letters of any case, and its number; or NULL when MediaWiki would show
 * such a tag as text. */
const struct wiki_tag *wiki_tag_find(struct slice name, size_t *number);

/* Appends what the template shows to out. content is what stands between the braces, its parts
 * divided by MARK_SEP; language is the wiki's. False: nothing is known of it, it goes. */
bool wiki_template_expand(struct slice content, struct slice language, struct buf *out);

/* True for the templates that stand for the |} of a table. */
bool wiki_template_ends_table(struct slice content, struct slice language);

enum wiki_link { WIKI_LINK_PAGE, WIKI_LINK_FILE, WIKI_LINK_CATEGORY, WIKI_LINK_LANGUAGE };

/* What the target of an internal link is, by what stands before its first colon. */
enum wiki_link wiki_link_kind(struct slice target, const struct wiki_names *names);

/* What says that a page tells articles of one name apart: its template, what stands in brackets
 * behind its title. Whether a link before whose colon word stands is a category, and a page whose #
 * is followed by word a redirect. In any language; letters of either case (wikitext_words.c). */
bool wiki_is_disambiguation_template(struct slice name);
bool wiki_is_disambiguation_title(struct slice title);
bool wiki_is_category_word(struct slice word);
bool wiki_is_redirect_word(struct slice word);

/* Appends the rows of a table (MARK_ROW), or what is in its cells as paragraphs where it only
 * arranges the page. content is what stands between {| and |}, or between the tags of an HTML table
 * (html), beginning with its attributes. One that is left open at the page's end may hold the rest
 * of the page: none of its text goes then. */
void wiki_table(struct slice content, bool html, bool left_open, struct buf *out);

/* The second pass. */
void wiki_lines(struct slice expanded, bool markdown, struct buf *out);

enum {
	INLINE_MARKDOWN = 1,
	INLINE_CELL = 2, /* of a table's row: no line breaks, and | means something */
	INLINE_ONE_LINE = 4, /* no line breaks */
	INLINE_LABEL = 8, /* of a link: brackets mean something */
};

/* One line's quotes, entities, marks and spaces, without newlines but those of MARK_BREAK. */
void wiki_inline(struct slice line, unsigned flags, struct buf *out);

/* The bytes of the entity that s begins with, and its character; 1 and 0 when it is none. */
size_t wiki_entity(struct slice s, uint32_t *c);

/* s without white space and MARK_GONE at both ends. */
struct slice wiki_trim(struct slice s);

#endif
