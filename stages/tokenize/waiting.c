/* What workers made of documents, on its way to the one thread that writes it. */
#include "stages/tokenize/waiting.h"

#include "lib/core/mem.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>

/* A larger document has a block of its own, which goes with it. */
#define BLOCK_BYTES (512 * KIB)

struct waiting_block {
	struct waiting_block *before, *after; /* in the list */
	size_t room, used; /* bytes */
	size_t n; /* documents in it that are not free */
	alignas(max_align_t) char bytes[];
};

static size_t bytes_for(size_t n, size_t n_id)
{
	const size_t unit = alignof(max_align_t);

	return (sizeof(struct waiting) + n + n_id + unit - 1) / unit * unit;
}

static struct waiting_block *block_new(struct waiting_list *list, size_t room)
{
	struct waiting_block *b = mem_alloc(sizeof(*b) + room);

	*b = (struct waiting_block){ .room = room, .after = list->blocks };
	if (list->blocks)
		list->blocks->before = b;
	list->blocks = b;
	return b;
}

static void block_free(struct waiting_list *list, struct waiting_block *b)
{
	if (b->before)
		b->before->after = b->after;
	else
		list->blocks = b->after;
	if (b->after)
		b->after->before = b->before;
	free(b);
}

/* A block without documents, or a new one. There are few: what waits is bounded. */
static struct waiting_block *next_block(struct waiting_list *list)
{
	for (struct waiting_block *b = list->blocks; b; b = b->after)
		if (b->n == 0 && b->room == BLOCK_BYTES) {
			b->used = 0;
			return b;
		}
	return block_new(list, BLOCK_BYTES);
}

static struct waiting *place(struct waiting_list *list, size_t bytes)
{
	struct waiting_block *b;
	struct waiting *w;

	if (bytes > BLOCK_BYTES) {
		b = block_new(list, bytes);
	} else {
		if (!list->current || list->current->room - list->current->used < bytes)
			list->current = next_block(list);
		b = list->current;
	}
	w = (struct waiting *)(void *)(b->bytes + b->used);
	b->used += bytes;
	b->n++;
	w->block = b;
	return w;
}

struct waiting *waiting_add(struct waiting_list *list, size_t n, struct slice id)
{
	struct waiting *w;

	pthread_mutex_lock(&list->lock);
	w = place(list, bytes_for(n, id.n));
	pthread_mutex_unlock(&list->lock);
	w->n = n;
	w->n_id = id.n;
	if (id.n)
		memcpy(w->bytes + n, id.p, id.n);
	return w;
}

void waiting_free(struct waiting_list *list, struct waiting *w)
{
	struct waiting_block *b = w->block;

	pthread_mutex_lock(&list->lock);
	assert(b->n > 0);
	b->n--;
	if (b->n == 0 && b->room > BLOCK_BYTES)
		block_free(list, b);
	pthread_mutex_unlock(&list->lock);
}

void waiting_release(struct waiting_list *list)
{
	while (list->blocks)
		block_free(list, list->blocks);
	list->current = NULL;
}
