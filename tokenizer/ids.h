/* ids.h - token ids that grow at the end. All zero is valid and empty. */
#ifndef CORPUSTOK_IDS_H
#define CORPUSTOK_IDS_H

#include "lib/core/mem.h"

#include <stdlib.h>

struct ids {
	uint32_t *at;
	size_t n;
	size_t cap;
};

/* Room for extra more ids behind the n that are there; returns where they begin. */
static inline uint32_t *ids_reserve(struct ids *ids, size_t extra)
{
	if (ids->cap - ids->n < extra) {
		ids->cap = MAX(ids->n + extra, ids->cap + ids->cap / 2);
		ids->cap = MAX(ids->cap, (size_t)64);
		ids->at = mem_resize(ids->at, ids->cap, sizeof(*ids->at));
	}
	return ids->at + ids->n;
}

static inline void ids_put(struct ids *ids, uint32_t id)
{
	if (ids->n == ids->cap)
		ids_reserve(ids, 1);
	ids->at[ids->n++] = id;
}

static inline void ids_release(struct ids *ids)
{
	free(ids->at);
	*ids = (struct ids){ 0 };
}

#endif
