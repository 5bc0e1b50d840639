/* html.h - an HTML page as a compact tree.
 *
 *	struct html_tree t = { 0 };
 *	html_parse(&t, utf8, &limits);
 *	for (uint32_t i = html_first(&t, 0); i; i = html_next(&t, i))
 *		...
 *	html_release(&t);
 *
 * Nodes stand in one array in document order, so that the subtree of node i is the run of nodes
 * from i to t.nodes[i].end, and a walk over the tree is a loop over the array. Node 0 is the
 * document. Texts have their character references resolved. Comments, doctypes, the texts of styles
 * and attributes that are not in the table below are left out. A script's text is its child as it
 * stands in the page: JSON is read there, and nothing in it counts as text (HTML_NO_TEXT).
 *
 * The parser is the HTML Standard's (section 13.2, "Parsing HTML documents") with scripting off, so
 * that noscript holds elements; select by its rules of 2025, under which it holds any element.
 * Whatever the bytes are there is a tree; only a limit stops it early.
 *
 * What needs no change is not copied: texts and values point into the page, which the caller keeps
 * until the tree is parsed into again. */
#ifndef CORPUS_HTML_H
#define CORPUS_HTML_H

#include "lib/core/buf.h"

/* The elements that the parser or a reader asks for by name, sorted; every other one is HTML_OTHER.
 * After a change: tools/gen-html-names.py > lib/web/html_names.h */
#define HTML_TAGS(X) \
	X(A, "a", 0) \
	X(ABBR, "abbr", 0) \
	X(ACRONYM, "acronym", 0) \
	X(ADDRESS, "address", HTML_BLOCK) \
	X(ANNOTATION_XML, "annotation-xml", 0) \
	X(APPLET, "applet", 0) \
	X(AREA, "area", HTML_NO_TEXT) \
	X(ARTICLE, "article", HTML_BLOCK) \
	X(ASIDE, "aside", HTML_BLOCK) \
	X(AUDIO, "audio", HTML_NO_TEXT) \
	X(B, "b", 0) \
	X(BASE, "base", HTML_NO_TEXT) \
	X(BASEFONT, "basefont", HTML_NO_TEXT) \
	X(BGSOUND, "bgsound", HTML_NO_TEXT) \
	X(BIG, "big", 0) \
	X(BLOCKQUOTE, "blockquote", HTML_BLOCK) \
	X(BODY, "body", HTML_BLOCK) \
	X(BR, "br", HTML_LINE) \
	X(BUTTON, "button", 0) \
	X(CANVAS, "canvas", HTML_NO_TEXT) \
	X(CAPTION, "caption", HTML_BLOCK) \
	X(CENTER, "center", HTML_BLOCK) \
	X(CITE, "cite", 0) \
	X(CODE, "code", 0) \
	X(COL, "col", HTML_NO_TEXT) \
	X(COLGROUP, "colgroup", HTML_NO_TEXT) \
	X(DATALIST, "datalist", HTML_NO_TEXT) \
	X(DD, "dd", HTML_LINE) \
	X(DEL, "del", 0) \
	X(DESC, "desc", 0) \
	X(DETAILS, "details", HTML_BLOCK) \
	X(DFN, "dfn", 0) \
	X(DIALOG, "dialog", HTML_BLOCK) \
	X(DIR, "dir", HTML_BLOCK) \
	X(DIV, "div", HTML_BLOCK) \
	X(DL, "dl", HTML_BLOCK) \
	X(DT, "dt", HTML_LINE) \
	X(EM, "em", 0) \
	X(EMBED, "embed", HTML_NO_TEXT) \
	X(FIELDSET, "fieldset", HTML_BLOCK) \
	X(FIGCAPTION, "figcaption", HTML_BLOCK) \
	X(FIGURE, "figure", HTML_BLOCK) \
	X(FONT, "font", 0) \
	X(FOOTER, "footer", HTML_BLOCK) \
	X(FOREIGNOBJECT, "foreignobject", 0) \
	X(FORM, "form", HTML_BLOCK) \
	X(FRAME, "frame", HTML_NO_TEXT) \
	X(FRAMESET, "frameset", HTML_NO_TEXT) \
	X(H1, "h1", HTML_BLOCK | HTML_HEADING) \
	X(H2, "h2", HTML_BLOCK | HTML_HEADING) \
	X(H3, "h3", HTML_BLOCK | HTML_HEADING) \
	X(H4, "h4", HTML_BLOCK | HTML_HEADING) \
	X(H5, "h5", HTML_BLOCK | HTML_HEADING) \
	X(H6, "h6", HTML_BLOCK | HTML_HEADING) \
	X(HEAD, "head", HTML_BLOCK) \
	X(HEADER, "header", HTML_BLOCK) \
	X(HGROUP, "hgroup", HTML_BLOCK) \
	X(HR, "hr", HTML_BLOCK) \
	X(HTML, "html", HTML_BLOCK) \
	X(I, "i", 0) \
	X(IFRAME, "iframe", HTML_NO_TEXT) \
	X(IMAGE, "image", 0) \
	X(IMG, "img", 0) \
	X(INPUT, "input", HTML_NO_TEXT) \
	X(INS, "ins", 0) \
	X(KBD, "kbd", 0) \
	X(KEYGEN, "keygen", HTML_NO_TEXT) \
	X(LABEL, "label", 0) \
	X(LEGEND, "legend", HTML_BLOCK) \
	X(LI, "li", HTML_LINE) \
	X(LINK, "link", HTML_NO_TEXT) \
	X(LISTING, "listing", HTML_BLOCK) \
	X(MAIN, "main", HTML_BLOCK) \
	X(MALIGNMARK, "malignmark", 0) \
	X(MAP, "map", HTML_NO_TEXT) \
	X(MARK, "mark", 0) \
	X(MARQUEE, "marquee", 0) \
	X(MATH, "math", 0) \
	X(MENU, "menu", HTML_BLOCK) \
	X(META, "meta", HTML_NO_TEXT) \
	X(MGLYPH, "mglyph", 0) \
	X(MI, "mi", 0) \
	X(MN, "mn", 0) \
	X(MO, "mo", 0) \
	X(MS, "ms", 0) \
	X(MTEXT, "mtext", 0) \
	X(NAV, "nav", HTML_BLOCK) \
	X(NOBR, "nobr", 0) \
	X(NOEMBED, "noembed", HTML_NO_TEXT) \
	X(NOFRAMES, "noframes", HTML_NO_TEXT) \
	X(NOSCRIPT, "noscript", HTML_BLOCK) \
	X(OBJECT, "object", 0) \
	X(OL, "ol", HTML_BLOCK) \
	X(OPTGROUP, "optgroup", HTML_NO_TEXT) \
	X(OPTION, "option", HTML_NO_TEXT) \
	X(P, "p", HTML_BLOCK) \
	X(PARAM, "param", HTML_NO_TEXT) \
	X(PICTURE, "picture", 0) \
	X(PLAINTEXT, "plaintext", HTML_BLOCK) \
	X(PRE, "pre", HTML_BLOCK) \
	X(Q, "q", 0) \
	X(RB, "rb", 0) \
	X(RP, "rp", HTML_NO_TEXT) \
	X(RT, "rt", HTML_NO_TEXT) \
	X(RTC, "rtc", HTML_NO_TEXT) \
	X(RUBY, "ruby", 0) \
	X(S, "s", 0) \
	X(SAMP, "samp", 0) \
	X(SCRIPT, "script", HTML_NO_TEXT) \
	X(SEARCH, "search", HTML_BLOCK) \
	X(SECTION, "section", HTML_BLOCK) \
	X(SELECT, "select", HTML_NO_TEXT) \
	X(SMALL, "small", 0) \
	X(SOURCE, "source", HTML_NO_TEXT) \
	X(SPAN, "span", 0) \
	X(STRIKE, "strike", 0) \
	X(STRONG, "strong", 0) \
	X(STYLE, "style", HTML_NO_TEXT) \
	X(SUB, "sub", 0) \
	X(SUMMARY, "summary", HTML_BLOCK) \
	X(SUP, "sup", 0) \
	X(SVG, "svg", HTML_NO_TEXT) \
	X(TABLE, "table", HTML_BLOCK) \
	X(TBODY, "tbody", HTML_LINE) \
	X(TD, "td", HTML_CELL) \
	X(TEMPLATE, "template", HTML_NO_TEXT) \
	X(TEXTAREA, "textarea", HTML_NO_TEXT) \
	X(TFOOT, "tfoot", HTML_LINE) \
	X(TH, "th", HTML_CELL) \
	X(THEAD, "thead", HTML_LINE) \
	X(TIME, "time", 0) \
	X(TITLE, "title", HTML_NO_TEXT) \
	X(TR, "tr", HTML_LINE) \
	X(TRACK, "track", HTML_NO_TEXT) \
	X(TT, "tt", 0) \
	X(U, "u", 0) \
	X(UL, "ul", HTML_BLOCK) \
	X(VAR, "var", 0) \
	X(VIDEO, "video", HTML_NO_TEXT) \
	X(WBR, "wbr", 0) \
	X(XMP, "xmp", HTML_BLOCK)

/* What an element does to the flow of text (HTML Standard, section 15, "Rendering"). */
enum {
	HTML_BLOCK = 1, /* a paragraph of its own */
	HTML_LINE = 2, /* a line of its own */
	HTML_CELL = 4, /* a field of its line */
	HTML_NO_TEXT = 8, /* what is in it is not shown as text */
	HTML_HEADING = 16,
};

enum html_tag {
	HTML_DOCUMENT, /* node 0 alone */
	HTML_TEXT,
	HTML_OTHER,
#define X(id, name, flags) HTML_##id,
	HTML_TAGS(X)
#undef X
};

/* The attributes that are kept, sorted; all others are forgotten. After a change, as above. */
#define HTML_ATTRS(X) \
	X(ALT, "alt") \
	X(ALTTEXT, "alttext") \
	X(ARIA_HIDDEN, "aria-hidden") \
	X(ARIA_LABEL, "aria-label") \
	X(CLASS, "class") \
	X(COLSPAN, "colspan") \
	X(CONTENT, "content") \
	X(DATA_LANG, "data-lang") \
	X(DATA_PRELOADED, "data-preloaded") \
	X(DATETIME, "datetime") \
	X(DISPLAY, "display") \
	X(ENCODING, "encoding") \
	X(HIDDEN, "hidden") \
	X(HREF, "href") \
	X(HTTP_EQUIV, "http-equiv") \
	X(ID, "id") \
	X(ITEMPROP, "itemprop") \
	X(ITEMTYPE, "itemtype") \
	X(LANG, "lang") \
	X(NAME, "name") \
	X(PROPERTY, "property") \
	X(PUBDATE, "pubdate") \
	X(REL, "rel") \
	X(ROLE, "role") \
	X(ROWSPAN, "rowspan") \
	X(SRC, "src") \
	X(START, "start") \
	X(STYLE, "style") \
	X(TITLE, "title") \
	X(TYPE, "type") \
	X(VALUE, "value") \
	X(XML_LANG, "xml:lang")

enum html_attr_name {
#define X(id, name) HTML_ATTR_##id,
	HTML_ATTRS(X)
#undef X
		HTML_ATTR_TAG, /* no attribute: the name of an HTML_OTHER as the page writes it */
};

enum html_space { HTML_SPACE_HTML, HTML_SPACE_MATH, HTML_SPACE_SVG };

struct html_node {
	uint32_t parent;
	uint32_t end; /* the node behind its last descendant */
	uint32_t at; /* a text: its first byte; an element: its first attribute */
	uint32_t n; /* a text: its bytes; an element: its attributes */
	uint8_t tag; /* enum html_tag */
	uint8_t space; /* enum html_space: an svg's title is no page's */
	bool own; /* a text: in tree.bytes, not in the page */
	bool open; /* while parsing */
};

struct html_attr {
	uint32_t at; /* the value's first byte */
	uint32_t n;
	uint8_t name; /* enum html_attr_name */
	bool own; /* in tree.bytes, not in the page */
};

/* Work limits, in steps. A page that passes one is cut there and tree.limit names it. */
struct html_limits {
	uint64_t max_nodes;
	uint64_t max_depth; /* elements inside one another */
	uint64_t max_attrs; /* attributes of one tag; 0: no limit */
	uint64_t max_bytes; /* of texts and kept attributes together; 4 GiB at most */
};

struct html_tree {
	struct html_node *nodes;
	size_t n_nodes;
	size_t cap_nodes;
	struct html_attr *attrs;
	size_t n_attrs;
	size_t cap_attrs;
	const char *page;
	struct buf bytes; /* of texts and values that differ from the page's */
	struct html_parser *parser; /* its memory, to be used again */
	const char *limit; /* the option whose limit stopped the parser, or NULL */
	uint64_t limit_value; /* the limit it passed */
};

/* Reads a page into t, whose memory is used again. page is UTF-8 and is kept by the caller. Time is
 * linear in page.n. Safe on several threads with a tree each. */
void html_parse(struct html_tree *t, struct slice page, const struct html_limits *limits);

void html_release(struct html_tree *t);

/* The tag of a lower-case element name, HTML_OTHER when it is not in the table. */
enum html_tag html_tag_of(struct slice name);
const char *html_tag_name(enum html_tag tag);
unsigned html_tag_flags(enum html_tag tag);

/* The value of an attribute, {NULL, 0} when node has none of that name. An attribute without value
 * is empty with p not NULL. Valid as long as the page is kept and the tree not parsed
 * into again. */
struct slice html_attr(const struct html_tree *t, uint32_t node, enum html_attr_name name);

/* The value of one of a node's attributes, for who looks at all: t->attrs[node.at] and on. */
static inline struct slice html_value(const struct html_tree *t, const struct html_attr *attr)
{
	return (struct slice){ (attr->own ? t->bytes.p : t->page) + attr->at, attr->n };
}

static inline struct slice html_text(const struct html_tree *t, uint32_t node)
{
	const struct html_node *text = &t->nodes[node];

	return (struct slice){ (text->own ? t->bytes.p : t->page) + text->at, text->n };
}

/* The first child, or 0. */
static inline uint32_t html_first(const struct html_tree *t, uint32_t node)
{
	return t->nodes[node].end > node + 1 ? node + 1 : 0;
}

/* The next sibling, or 0. */
static inline uint32_t html_next(const struct html_tree *t, uint32_t node)
{
	uint32_t next = t->nodes[node].end;

	return node && next < t->nodes[t->nodes[node].parent].end ? next : 0;
}

#endif
