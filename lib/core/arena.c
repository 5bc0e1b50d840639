/* Memory that goes all at once. */
#include "lib/core/arena.h"

#include "lib/core/mem.h"

#include <stdlib.h>

enum { ALIGN = 16, BLOCK = 64 * 1024, KEEP = 1024 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(16) char bytes[];
};

static void add_block(struct arena *a, size_t n)
{
	size_t size = MAX(n, a->blocks ? MIN(a->blocks->size * 2, (size_t)KEEP) : (size_t)BLOCK);
	struct arena_block *block = mem_alloc(sizeof(*block) + size);

	block->next = a->blocks;
	block->size = size;
	a->blocks = block;
	a->at = block->bytes;
	a->left = size;
}

void *arena_alloc(struct arena *a, size_t n)
{
	void *p;

	n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (n > a->left || !a->at)
		add_block(a, n);
	p = a->at;
	a->at += n;
	a->left -= n;
	return p;
}

struct slice arena_copy(struct arena *a, struct slice s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return (struct slice){ p, s.n };
}

void arena_trim(struct arena *a, void *p, size_t n)
{
	char *end = (char *)p + ((n + ALIGN - 1) & ~(size_t)(ALIGN - 1));

	a->left += (size_t)(a->at - end);
	a->at = end;
}

void arena_reset(struct arena *a)
{
	struct arena_block *keep = NULL;

	for (struct arena_block *b = a->blocks, *next; b; b = next) {
		next = b->next;
		if (!keep && b->size <= KEEP)
			keep = b;
		else
			free(b);
	}
	*a = (struct arena){ 0 };
	if (keep) {
		keep->next = NULL;
		a->blocks = keep;
		a->at = keep->bytes;
		a->left = keep->size;
	}
}

void arena_release(struct arena *a)
{
	for (struct arena_block *b = a->blocks, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	*a = (struct arena){ 0 };
}
