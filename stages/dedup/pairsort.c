/* Sorted pairs of document numbers. */
#include "stages/dedup/pairsort.h"

#include "lib/core/mem.h"

#include <endian.h>
#include <stdlib.h>

enum { NUMBER_BYTES = 5 };

const struct sort_shape pair_shape = { PAIR_BYTES, PAIR_BYTES, KEY_BYTES };

struct pairsort {
	struct extsort *sort;
	char last[PAIR_BYTES];
	bool any;
};

void number_put(char *out, uint64_t v)
{
	v = htobe64(v);
	memcpy(out, (const char *)&v + 8 - NUMBER_BYTES, NUMBER_BYTES);
}

uint64_t number_get(const char *p)
{
	uint64_t v = 0;

	memcpy((char *)&v + 8 - NUMBER_BYTES, p, NUMBER_BYTES);
	return be64toh(v);
}

void pair_put(char out[PAIR_BYTES], uint64_t a, uint64_t b)
{
	number_put(out, a);
	number_put(out + NUMBER_BYTES, b);
}

void pair_get(const char *p, uint64_t *a, uint64_t *b)
{
	*a = number_get(p);
	*b = number_get(p + NUMBER_BYTES);
}

struct pairsort *pairsort_new(size_t memory, const char *tmpdir)
{
	struct pairsort *s = mem_zalloc(1, sizeof(*s));

	s->sort = extsort_new(&(struct extsort_options){ pair_shape, memory, tmpdir, 0 });
	return s;
}

int pairsort_add(struct pairsort *s, uint64_t a, uint64_t b, struct err *e)
{
	char pair[PAIR_BYTES];

	pair_put(pair, a, b);
	return extsort_add(s->sort, pair, e);
}

int pairsort_finish(struct pairsort *s, struct err *e)
{
	return extsort_finish(s->sort, e);
}

int pairsort_next(struct pairsort *s, uint64_t *a, uint64_t *b, struct err *e)
{
	const void *next;
	int got;

	do
		got = extsort_next(s->sort, &next, e);
	while (got > 0 && s->any && memcmp(next, s->last, PAIR_BYTES) == 0);
	if (got <= 0)
		return got;
	memcpy(s->last, next, PAIR_BYTES);
	s->any = true;
	pair_get(next, a, b);
	return 1;
}

uint64_t pairsort_spilled(const struct pairsort *s)
{
	return extsort_spilled(s->sort);
}

void pairsort_free(struct pairsort *s)
{
	if (!s)
		return;
	extsort_free(s->sort);
	free(s);
}
