/* encode.h - what a worker of corpus-tokenize encode has, and how documents of ids go from the
 * workers to the one thread that writes them.
 *
 *	worker threads                                  the calling thread, in input order
 *	text --> ids --> encoded_add --> [the list] --> encoded_take --> token_set_document
 *
 * The driver's batches bound what waits: two a worker and two more, 4 MiB of text each unless a
 * document is larger. */
#ifndef CORPUS_ENCODE_STAGE_H
#define CORPUS_ENCODE_STAGE_H

#include "stages/tokenize/tokenize.h"

/* An encoded document that waits for its turn. */
struct encoded {
	struct encoded *before, *after; /* in the list */
	size_t n_ids_bytes;
	size_t n_id;
	char bytes[]; /* the token ids, then the document's id as JSON */
};

/* A document with its ids in id_bytes each, in the list. Any thread. */
struct encoded *encoded_add(
	struct encoded_list *list, const struct ids *ids, struct slice id, unsigned id_bytes);

/* Takes it out; the caller frees it. Any thread. */
void encoded_take(struct encoded_list *list, struct encoded *d);

/* Frees those that are left. */
void encoded_release(struct encoded_list *list);

#endif
