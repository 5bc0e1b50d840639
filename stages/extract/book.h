/* book.h - plain-text and HTML books to records, one a book.
 *
 * The record: id (pgNUMBER where a Project Gutenberg header says the number, else the file's name
 * without its extension), text, source, url, title, author, published (the release by Project
 * Gutenberg), charset, mime, file_path. What Project Gutenberg put around the book is gone
 * (book_strip.h), wrapped paragraphs are joined (book_wrap.h). Dropped: a book without text
 * ("empty"), one below --min-text ("min_text"); in HTML also what is over a limit ("max_body",
 * "max_nodes", "max_depth"). */
#ifndef CORPUS_BOOK_H
#define CORPUS_BOOK_H

#include "lib/stage.h"
#include "stages/extract/config.h"

/* A file of plain text in any encoding. */
enum verdict book_item(const struct item *item, const struct extract_config *cfg,
	struct buf *scratch, struct emitter *to, struct reason *why, struct err *e);

/* A file of HTML: all its visible text, since a book has no boilerplate but Project Gutenberg's. */
enum verdict book_html_item(const struct item *item, const struct extract_config *cfg,
	struct buf *scratch, struct emitter *to, struct reason *why, struct err *e);

/* True when an HTML file is a book of Project Gutenberg, by its header. */
bool book_html_told(struct slice page);

#endif
