/* markdown_parts.h - what the halves of markdown_inline.c share: marks, escapes, code. */
#ifndef CORPUS_EXTRACT_MARKDOWN_PARTS_H
#define CORPUS_EXTRACT_MARKDOWN_PARTS_H

#include "stages/extract/markdown_inline.h"

/* What stands at one side of a mark. Readers of CommonMark 0.30 and of 0.31 differ on symbols:
 * a mark is good only when it is for both. */
enum side { SIDE_SPACE, SIDE_PUNCTUATION, SIDE_SYMBOL, SIDE_WORD };

enum side side_of(uint32_t c);
enum side side_before(const struct inline_text *s, size_t at);

/* A line break is a backslash there. */
enum side side_after(const struct inline_text *s, size_t at);

/* Sets the stars of the parts; returns those that stand behind the last. */
unsigned inline_place_stars(struct inline_text *s);

/* Text on its way out. */
struct escaper {
	const struct inline_text *s;
	const struct inline_place *place;
	struct buf *out;
	size_t begin, end; /* of the part, in the text */
	unsigned last; /* stars behind the last part */
	unsigned stars; /* before it */
	bool marks_next; /* marks or other code may stand right behind it */
	bool link; /* the part is in one */
	bool link_next; /* a link follows it */
	bool formulas; /* the text has some, or code with $: no other $ is plain */
	bool tildes; /* it has two or more */
	size_t stop; /* of a number at the head of the line, to be escaped */
	bool dollar; /* one stands before that could begin a formula */
};

/* Puts the part from begin to end, which is neither code nor a formula. */
void inline_escape(struct escaper *e);

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* &name; or &#1; or &#x1; at the head of s. */
static inline bool is_entity(struct slice s)
{
	size_t n = s.n > 1 && s.p[1] == '#' ? 2 : 1, start = n;

	while (n < s.n && n - start < 40 && (is_letter(s.p[n]) || is_digit(s.p[n])))
		n++;
	return n > start && n < s.n && s.p[n] == ';';
}

static inline size_t run_length(struct slice s, char c)
{
	size_t n = 0;

	while (n < s.n && s.p[n] == c)
		n++;
	return n;
}

#endif
