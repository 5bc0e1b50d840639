/* parts.h - the lines or the paragraphs of a text: what is compared, and what goes with it.
 *
 *	lines		each line between line feeds
 *	paragraphs	each run of lines that are not blank; in one of several lines each line by
 *			itself too, because extractors write a paragraph as a line or wrap it
 *
 * What has fewer than a number of characters, white space at its ends left aside, is no part. A
 * line is blank when it holds white space of ASCII only. */
#ifndef CORPUS_PARTS_H
#define CORPUS_PARTS_H

#include "lib/core/buf.h"

enum part_kind { PART_LINES, PART_PARAGRAPHS };

struct part {
	uint32_t from, to; /* bytes of the text, without the line feed behind */
	uint32_t next; /* where what stands behind it begins: what goes with it ends there */
	bool inner; /* a line of the paragraph that stands before it in the list */
	bool last; /* the last of these */
};

/* All zero is valid and empty. For one thread. */
struct parts {
	struct part *at;
	size_t n, cap;
	uint64_t content; /* bytes of all that is not blank, in parts or not */
};

/* Texts longer than this are not split. */
#define PARTS_MAX_TEXT ((size_t)UINT32_MAX - 1)

/* text is UTF-8 of at most PARTS_MAX_TEXT bytes. min_length counts code points. */
void parts_split(struct parts *u, struct slice text, enum part_kind kind, uint64_t min_length);

/* Bytes of content that go when the part does: a line's feed is content of its paragraph. */
uint32_t part_content(const struct part *u);

/* Appends the text without the parts that gone names. When what stood last goes, so do the line
 * feeds before it, but for one where the text ended in one. */
void parts_cut(struct buf *out, struct slice text, enum part_kind kind, const struct part *parts,
	const bool *gone, size_t n);

void parts_release(struct parts *u);

#endif
