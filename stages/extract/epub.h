/* epub.h - EPUB books to records, one a book: EPUB 2 and 3 and what is like them.
 *
 * The text is that of the documents of the spine, one after another; chapters are told apart by
 * their headings, which stand as paragraphs. The record: id (pgNUMBER where a Project Gutenberg
 * header says the number, else the book's identifier, else the file's name), text, source, url,
 * title, author, published, license, charset (of the first document), mime, replaced, file_path.
 * What Project Gutenberg put around a book is gone (book_strip.h).
 *
 * Dropped: protected books ("drm"), zip archives that are no EPUB ("mime"), books over a limit
 * ("max_body", "max_entries", "max_ratio", "max_nodes", "max_depth", "max_attrs"), "empty" and
 * "min_text". A damaged archive is a bad record. */
#ifndef CORPUS_EPUB_H
#define CORPUS_EPUB_H

#include "lib/stage.h"
#include "stages/extract/config.h"

enum verdict epub_item(const struct item *item, const struct extract_config *cfg,
	struct buf *scratch, struct emitter *to, struct reason *why, struct err *e);

#endif
