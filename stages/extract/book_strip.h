/* book_strip.h - a Project Gutenberg text without what Project Gutenberg put around it.
 *
 * Header forms since 1991: "*** START OF THIS PROJECT GUTENBERG EBOOK …", the same without spaces
 * or with ETEXT, over several lines; "*END*THE SMALL PRINT! …"; and none, where the header is told
 * by what it says. Footers: "End of (the) Project Gutenberg…" in four languages, "*** END OF …",
 * the licence, or a small print at the end. The paragraphs behind the header that say who made the
 * electronic text ("Produced by …", transcriber's notes) go as well; notes behind the text stay, as
 * a heading alone tells them and a mistake would cost a chapter.
 * Source of the forms: the collection itself, and the marker lists of c-w/gutenberg
 * (gutenberg/_domain_model/text.py). */
#ifndef CORPUS_BOOK_STRIP_H
#define CORPUS_BOOK_STRIP_H

#include "lib/core/base.h"

/* What the header says. Slices point into the text and may run over several lines; empty: not
 * said. */
struct book_facts {
	struct slice title, author, language, released, charset;
	uint64_t number; /* of the book; 0: not said */
};

/* True when text (UTF-8, or any encoding that keeps ASCII) is one of Project Gutenberg's: *body is
 * what is left of it. Otherwise *body is all of it. Linear. */
bool book_strip(struct slice text, struct slice *body, struct book_facts *facts);

/* The facts alone, from the first bytes of a text. */
void book_read_facts(struct slice head, struct book_facts *facts);

#endif
