/* What workers made of documents, on its way to the one thread that writes it. */
#include "stages/tokenize/waiting.h"

#include "lib/core/mem.h"

#include <stdlib.h>

struct waiting *waiting_add(struct waiting_list *list, size_t n, struct slice id)
{
	struct waiting *w = mem_alloc(sizeof(*w) + n + id.n);

	*w = (struct waiting){ .n = n, .n_id = id.n };
	if (id.n)
		memcpy(w->bytes + n, id.p, id.n);
	pthread_mutex_lock(&list->lock);
	w->after = list->first;
	if (list->first)
		list->first->before = w;
	list->first = w;
	pthread_mutex_unlock(&list->lock);
	return w;
}

void waiting_take(struct waiting_list *list, struct waiting *w)
{
	pthread_mutex_lock(&list->lock);
	if (w->before)
		w->before->after = w->after;
	else
		list->first = w->after;
	if (w->after)
		w->after->before = w->before;
	pthread_mutex_unlock(&list->lock);
}

void waiting_release(struct waiting_list *list)
{
	for (struct waiting *w = list->first, *after; w; w = after) {
		after = w->after;
		free(w);
	}
	list->first = NULL;
}
