/* waiting.h - what workers made of documents, on its way to the one thread that writes it.
 *
 *	worker threads                              the calling thread, in input order
 *	waiting_add --> [the list] --> r->note -->  decide --> waiting_take, free
 *
 * The driver's batches bound what waits: one a worker and two more, 4 MiB of input each unless a
 * document is larger. The list is for a run that ends before all were taken. */
#ifndef CORPUS_WAITING_H
#define CORPUS_WAITING_H

#include "lib/core/base.h"

#include <pthread.h>

struct waiting {
	struct waiting *before, *after; /* in the list */
	size_t n;
	size_t n_id;
	char bytes[]; /* n of them, then the document's id as JSON */
};

/* All zero but the lock is valid and empty. */
struct waiting_list {
	pthread_mutex_t lock;
	struct waiting *first;
};

/* A document of n bytes, which the caller fills in. Any thread. */
struct waiting *waiting_add(struct waiting_list *list, size_t n, struct slice id);

/* Takes it out; the caller frees it. Any thread. */
void waiting_take(struct waiting_list *list, struct waiting *w);

/* Frees those that are left. */
void waiting_release(struct waiting_list *list);

#endif
