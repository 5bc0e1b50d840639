/* Documents of ids on their way from the workers to the writer. */
#include "lib/core/mem.h"
#include "stages/tokenize/encode.h"

static void pack(char *out, const struct ids *ids, unsigned id_bytes)
{
	for (size_t i = 0; i < ids->n; i++)
		for (unsigned b = 0; b < id_bytes; b++)
			*out++ = (char)(ids->at[i] >> (8 * b) & 0xFF);
}

struct encoded *encoded_add(
	struct encoded_list *list, const struct ids *ids, struct slice id, unsigned id_bytes)
{
	size_t n = ids->n * id_bytes;
	struct encoded *d = mem_alloc(sizeof(*d) + n + id.n);

	*d = (struct encoded){ .n_ids_bytes = n, .n_id = id.n };
	pack(d->bytes, ids, id_bytes);
	if (id.n)
		memcpy(d->bytes + n, id.p, id.n);
	pthread_mutex_lock(&list->lock);
	d->after = list->first;
	if (list->first)
		list->first->before = d;
	list->first = d;
	pthread_mutex_unlock(&list->lock);
	return d;
}

void encoded_take(struct encoded_list *list, struct encoded *d)
{
	pthread_mutex_lock(&list->lock);
	if (d->before)
		d->before->after = d->after;
	else
		list->first = d->after;
	if (d->after)
		d->after->before = d->before;
	pthread_mutex_unlock(&list->lock);
}

void encoded_release(struct encoded_list *list)
{
	for (struct encoded *d = list->first, *after; d; d = after) {
		after = d->after;
		free(d);
	}
	list->first = NULL;
}
