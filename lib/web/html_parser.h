/* html_parser.h - what the files of the HTML parser share; others use html.h.
 *
 *	html_chars.c    text and character references
 *	html_tokens.c   tags and attributes
 *	html_markup.c   comments, doctypes, CDATA, what scripts and other raw elements hold
 *	html_build.c    which rules a token is for; the whole parse
 *	html_outer.c    insertion modes before and behind the body, templates, framesets
 *	html_body.c     the insertion mode "in body"
 *	html_table.c    insertion modes of tables
 *	html_foreign.c  SVG and MathML
 *	html_format.c   the list of active formatting elements, the adoption agency
 *	html_stack.c    the stack of open elements
 *	html_nodes.c    nodes and texts, in the array or, once something has moved, by links
 *	html_traits.c   what each element is to the rules
 *
 * Names are the standard's (HTML Standard, 13.2) in our spelling. Numbers of sections are left out
 * where a function has the name of a step. */
#ifndef CORPUS_HTML_PARSER_H
#define CORPUS_HTML_PARSER_H

#include "lib/core/buf.h"
#include "lib/web/html.h"

/* What an element is to the rules; html_traits.c has the table. */
enum {
	IS_SPECIAL = 1,
	IS_SCOPE = 2, /* bounds every scope but a table's */
	IS_LIST = 4, /* ol and ul bound list item scope too */
	IS_TABLE_SCOPE = 8, /* html, table, template */
	IS_IMPLIED = 16, /* its end tag may be left out: "generate implied end tags" */
	IS_IMPLIED_TOO = 32, /* the further ones of "generate all implied end tags thoroughly" */
	IS_FORMATTING = 64,
	IS_TABLE_PART = 128, /* text in it belongs before the table */
	IS_BREAKOUT = 256, /* its start tag ends foreign content */
	IS_HEADING = 512, /* h1 to h6 */
	IS_MATH_TEXT_POINT = 1024, /* in MathML: HTML begins in it, but for mglyph and malignmark */
	IS_HTML_POINT = 2048, /* in SVG and MathML: HTML begins in it */
};

/* For each entry of the stack the nearest at or below it that ends a look downwards. */
enum bound {
	BOUND_SCOPE,
	BOUND_BUTTON,
	BOUND_LIST,
	BOUND_TABLE,
	BOUND_SPECIAL,
	BOUND_ITEM, /* special, but no address, div or p: ends the look for an open li */
	BOUND_HTML, /* an HTML element */
	BOUNDS,
};

/* An open element. Scopes are asked for at each tag, and a walk down the stack would make the time
 * quadratic: prev and bounds answer at once. Only taking from the middle of the stack, which needs
 * as many tags before it, costs as much as stands above. */
struct html_open {
	uint32_t node;
	uint32_t prev; /* the next entry below of the same slot, or 0 */
	uint32_t bounds[BOUNDS];
	uint16_t slot; /* in html_parser.last */
	uint16_t traits;
	uint8_t tag;
	uint8_t space;
	uint64_t name; /* hash of an HTML_OTHER's */
};

/* Slots: HTML elements by tag, foreign ones by tag, those without a tag by hash of the name. */
enum { SLOT_FOREIGN = 256, SLOT_OTHER = 512, SLOTS = 768 };

static inline unsigned html_other_slot(uint64_t name)
{
	return SLOT_OTHER + (unsigned)(name >> 56);
}

/* An entry of the list of active formatting elements. node 0 is a marker. */
struct html_formatting {
	uint32_t node;
	uint32_t attrs_at; /* in the page, behind the tag's name */
	uint64_t attrs_hash; /* 0: not yet asked for */
	uint8_t tag;
};

/* The tree while nodes may stand elsewhere than the array says. */
struct html_link {
	uint32_t first, last, before, behind;
};

enum html_mode {
	MODE_INITIAL,
	MODE_BEFORE_HTML,
	MODE_BEFORE_HEAD,
	MODE_IN_HEAD,
	MODE_IN_HEAD_NOSCRIPT,
	MODE_AFTER_HEAD,
	MODE_IN_BODY,
	MODE_IN_TABLE,
	MODE_IN_CAPTION,
	MODE_IN_COLUMN_GROUP,
	MODE_IN_TABLE_BODY,
	MODE_IN_ROW,
	MODE_IN_CELL,
	MODE_IN_TEMPLATE,
	MODE_AFTER_BODY,
	MODE_IN_FRAMESET,
	MODE_AFTER_FRAMESET,
	MODE_AFTER_AFTER_BODY,
	MODE_AFTER_AFTER_FRAMESET,
	MODES,
};

/* A stretch of text, in the page or at the end of tree.bytes. */
struct html_run {
	uint32_t at, n;
	bool own;
};

/* A start tag, an end tag, text (tag is HTML_TEXT) or the end of the page (HTML_DOCUMENT). */
struct html_token {
	uint8_t tag;
	bool end;
	bool self_closing;
	bool kept; /* a node has the attributes */
	bool input_hidden; /* type=hidden */
	bool font_attr; /* color, face or size */
	bool html_encoding; /* encoding= of MathML's annotation-xml says HTML */
	uint32_t attr, n_attrs; /* in tree.attrs */
	uint32_t attrs_at; /* in the page, behind the name */
	uint64_t name; /* hash of an HTML_OTHER's */
	struct html_run text;
};

/* Where a node goes: as the last child of parent, or right before a child of it. */
struct html_place {
	uint32_t parent, before;
};

struct html_parser {
	struct html_tree *t;
	const struct html_limits *limits;
	const char *p, *end; /* what is left of the page */
	uint64_t kept; /* bytes of texts and attributes */

	struct html_open *stack; /* [0] is a sentinel, [1] html */
	size_t depth; /* the index of the current node */
	size_t cap_stack;
	uint32_t last[SLOTS]; /* the topmost entry of each slot, or 0 */

	struct html_formatting *active;
	size_t n_active, cap_active;
	uint32_t n_active_of[256]; /* by tag, over the whole list */

	struct html_open *above; /* scratch of what takes from the middle of the stack */
	size_t cap_above;

	struct html_link *links; /* by node, once linked */
	size_t cap_links;
	struct html_node *order; /* scratch of the last pass */
	size_t cap_order;

	uint8_t *template_modes;
	size_t n_template_modes, cap_template_modes;

	uint32_t html, head, form; /* nodes, or 0 */
	enum html_mode mode;
	bool linked;
	bool quirks;
	bool frameset_ok;
	bool foster; /* foster parenting is on */
	bool skip_newline; /* the next text's first */
};

/* --- html_traits.c */
unsigned html_traits(enum html_tag tag);
unsigned html_foreign_traits(enum html_space space, enum html_tag tag);

/* --- html.c */
enum html_tag html_tag_of_any_case(const char *p, size_t n, const char *end);
int html_attr_of_any_case(const char *p, size_t n, const char *end); /* -1: none that is kept */

/* --- html_chars.c */
static inline bool html_is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static inline bool html_is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

static inline char html_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Whether the "<" at s begins a tag, a comment or the like. */
static inline bool html_is_markup(const char *s, const char *end)
{
	if (end - s < 2)
		return false;
	if (s[1] == '/')
		return end - s > 2 && s[2] != '>';
	return html_is_letter(s[1]) || s[1] == '!' || s[1] == '?';
}

/* Where character references count, and how a NUL is read. */
enum html_text_kind {
	HTML_DATA, /* references; NUL is passed over */
	HTML_DATA_FOREIGN, /* references; NUL is U+FFFD from here on */
	HTML_VALUE, /* references by the rule of attributes */
	HTML_RCDATA,
	HTML_RAWTEXT, /* no references */
};

/* Reads text in the data state up to the next tag or markup; of no bytes when there is none. */
struct html_run html_read_text(struct html_parser *p, enum html_text_kind kind);

/* The run of from, which is in the page: copied when something in it has to change. */
struct html_run html_clean(struct html_parser *p, struct slice from, enum html_text_kind kind);

/* --- html_tokens.c */

/* Reads the tag whose name begins at p->p. False when the page ends in it: then it is none. */
bool html_read_tag(struct html_parser *p, bool end, struct html_token *tag);

/* A hash of the attributes of the tag that goes on at at, whatever their order. */
uint64_t html_hash_attrs(const struct html_parser *p, uint32_t at);

/* --- html_markup.c */

/* Passes over the comment or the like at p->p, which begins with "<!", "<?" or "</". */
void html_skip_comment(struct html_parser *p);

/* Passes over the doctype at p->p; true when it asks for quirks mode. */
bool html_read_doctype(struct html_parser *p);

/* The text up to the end tag of the raw element, and that tag; close->tag is 0 when the page ends
 * before. */
struct html_run html_read_raw(struct html_parser *p, enum html_tag tag, struct html_token *close);

/* --- html_nodes.c */
void html_stop(struct html_parser *p, const char *limit, uint64_t value);
void html_count_bytes(struct html_parser *p, size_t n);
uint32_t html_add_node(struct html_parser *p, enum html_tag tag, struct html_place place);
void html_add_text(struct html_parser *p, struct html_run run, struct html_place place);
void html_move(struct html_parser *p, uint32_t node, struct html_place place);
void html_move_children(struct html_parser *p, uint32_t from, uint32_t to);
void html_detach(struct html_parser *p, uint32_t node);
void html_reopen(struct html_parser *p, uint32_t node); /* before it is pushed again */
void html_finish_tree(struct html_parser *p);

/* --- html_stack.c */
static inline struct html_open *html_top(const struct html_parser *p)
{
	return &p->stack[p->depth];
}

/* The topmost open HTML element of the tag, as an index into the stack, or 0 when there is none
 * within the bound. */
static inline uint32_t html_in_scope(
	const struct html_parser *p, enum html_tag tag, enum bound bound)
{
	uint32_t i = p->last[tag];

	return i >= html_top(p)->bounds[bound] ? i : 0;
}

static inline bool html_is_open(const struct html_parser *p, enum html_tag tag)
{
	return p->last[tag] != 0;
}

void html_push(struct html_parser *p, uint32_t node, const struct html_token *tag);
void html_push_entry(struct html_parser *p, const struct html_open *entry);
void html_pop(struct html_parser *p);
void html_pop_to(struct html_parser *p, uint32_t index); /* that entry too */
void html_take(struct html_parser *p, uint32_t index); /* from the middle */
uint32_t html_index_of(const struct html_parser *p, uint32_t node); /* 0: not open */
uint32_t html_heading_in_scope(const struct html_parser *p);
void html_imply_ends(struct html_parser *p, enum html_tag except);
void html_imply_all_ends(struct html_parser *p);
void html_close_p(struct html_parser *p);

/* --- html_format.c */
void html_reconstruct(struct html_parser *p);
void html_add_active(struct html_parser *p, uint32_t node, const struct html_token *tag);
void html_add_marker(struct html_parser *p);
void html_clear_to_marker(struct html_parser *p);
void html_adopt(struct html_parser *p, const struct html_token *tag);
void html_forget_active(struct html_parser *p, uint32_t node);
uint32_t html_active(const struct html_parser *p, enum html_tag tag); /* behind the last marker */

/* --- html_build.c */
void html_begin(struct html_tree *t, struct slice page, const struct html_limits *limits);
struct html_place html_place_in(const struct html_parser *p, const struct html_open *target);
uint32_t html_insert(struct html_parser *p, struct html_token *tag);
void html_insert_void(struct html_parser *p, struct html_token *tag);
void html_insert_foreign(struct html_parser *p, struct html_token *tag, enum html_space space);
uint32_t html_insert_tag(struct html_parser *p, enum html_tag tag); /* without attributes */
void html_insert_raw(struct html_parser *p, struct html_token *tag); /* with its text */
void html_insert_text(struct html_parser *p, struct html_run run);
void html_merge_attrs(struct html_parser *p, uint32_t node, struct html_token *tag);
void html_reset_mode(struct html_parser *p);
void html_run_rules(struct html_parser *p, struct html_token *token);

/* Takes the white space off the front of a text token. */
struct html_run html_take_space(const struct html_parser *p, struct html_token *token);

/* The rules of a mode. True: the token is to be processed again, in the mode that is set. */
typedef bool html_rule(struct html_parser *p, struct html_token *token);
html_rule html_initial, html_before_html, html_before_head, html_in_head, html_in_head_noscript,
	html_after_head, html_in_body, html_in_table, html_in_caption, html_in_column_group,
	html_in_table_body, html_in_row, html_in_cell, html_in_template, html_after_body,
	html_in_frameset, html_after_frameset, html_after_after_body, html_after_after_frameset;
bool html_in_foreign(struct html_parser *p, struct html_token *token);

#endif
