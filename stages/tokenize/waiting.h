/* waiting.h - what workers made of documents, on its way to the one thread that writes it.
 *
 *	worker threads                              the calling thread, in input order
 *	waiting_add --> [a block] --> r->note -->  decide --> waiting_free
 *
 * The driver's batches bound what waits: one a worker and two more, 4 MiB of input each unless a
 * document is larger. Documents stand in blocks that are used again when the last document of one
 * is free: by malloc, one by one, what is free between those of other sizes would come to as much
 * as what is in use. */
#ifndef CORPUS_WAITING_H
#define CORPUS_WAITING_H

#include "lib/core/base.h"

#include <pthread.h>

struct waiting {
	struct waiting_block *block;
	size_t n;
	size_t n_id;
	char bytes[]; /* n of them, then the document's id as JSON */
};

/* All zero but the lock is valid and empty. */
struct waiting_list {
	pthread_mutex_t lock;
	struct waiting_block *blocks; /* all there are */
	struct waiting_block *current; /* where the next document goes */
};

/* A document of n bytes, which the caller fills in. Any thread. */
struct waiting *waiting_add(struct waiting_list *list, size_t n, struct slice id);

/* Any thread. */
void waiting_free(struct waiting_list *list, struct waiting *w);

/* Frees all that is left too, of a run that ended before all were taken. */
void waiting_release(struct waiting_list *list);

#endif
