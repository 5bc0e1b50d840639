/* book_record.h - the record of a book, of whatever kind of file. */
#ifndef CORPUS_BOOK_RECORD_H
#define CORPUS_BOOK_RECORD_H

#include "lib/stage.h"
#include "stages/extract/config.h"

/* What is known of a book. Empty slices and NULL are not known. */
struct book_record {
	const struct item *item;
	const char *charset, *mime;
	struct slice text;
	uint64_t number; /* of Project Gutenberg; 0: none */
	struct slice id; /* where there is no number; empty: the file's name */
	struct slice title, author, license; /* white space in them is folded */
	struct slice published; /* a date in words or figures */
	uint64_t replaced; /* ill-formed sequences */
};

/* Writes the record into scratch and emits it, also when the book is dropped, for --rejects: one
 * without text ("empty") or with less than --min-text ("min_text"). */
enum verdict book_settle(const struct book_record *b, const struct extract_config *cfg,
	struct buf *scratch, struct emitter *to, struct reason *why);

#endif
