/* Merging sorted runs. */
#include "lib/store/merge.h"

#include "lib/core/mem.h"

#include <stdlib.h>

/* One run; record is NULL behind its end. */
struct lane {
	struct runfile_reader *in;
	const char *record;
	uint64_t prefix; /* of record: decides most comparisons */
};

struct merge {
	struct sort_shape shape;
	struct lane *lanes;
	size_t n;
	size_t *losers; /* of the inner nodes 1 to n - 1; lane i is the leaf n + i */
	size_t winner;
	bool begun;
};

struct merge *merge_new_take(const struct sort_shape *shape, struct runfile_reader **in, size_t n)
{
	struct merge *m = mem_zalloc(1, sizeof(*m));

	m->shape = *shape;
	m->lanes = mem_zalloc(n, sizeof(*m->lanes));
	m->losers = mem_zalloc(n, sizeof(*m->losers));
	m->n = n;
	for (size_t i = 0; i < n; i++)
		m->lanes[i].in = in[i];
	return m;
}

/* True when lane a's record comes before lane b's. */
static bool before(const struct merge *m, size_t a, size_t b)
{
	const struct lane *x = &m->lanes[a], *y = &m->lanes[b];
	int order;

	if (!x->record || !y->record)
		return x->record || (!y->record && a < b);
	if (x->prefix != y->prefix)
		return x->prefix < y->prefix;
	order = sort_compare(&m->shape, x->record, y->record);
	return order ? order < 0 : a < b;
}

static int advance(struct merge *m, size_t lane, struct err *e)
{
	struct lane *l = &m->lanes[lane];
	int got = runfile_next(l->in, &l->record, e);

	if (got < 0)
		return -1;
	if (got == 0)
		l->record = NULL;
	else
		l->prefix = sort_prefix(&m->shape, l->record);
	return 0;
}

/* Plays the tournament below node and returns its winner. */
static size_t play(struct merge *m, size_t node)
{
	size_t a, b;

	if (node >= m->n)
		return node - m->n;
	a = play(m, 2 * node);
	b = play(m, 2 * node + 1);
	m->losers[node] = before(m, a, b) ? b : a;
	return before(m, a, b) ? a : b;
}

/* The winner's record changed: plays its way up again. */
static void replay(struct merge *m)
{
	size_t lane = m->winner;

	for (size_t node = (m->n + lane) / 2; node >= 1; node /= 2) {
		size_t loser = m->losers[node];

		if (before(m, loser, lane)) {
			m->losers[node] = lane;
			lane = loser;
		}
	}
	m->winner = lane;
}

static int begin(struct merge *m, struct err *e)
{
	m->begun = true;
	for (size_t i = 0; i < m->n; i++)
		if (advance(m, i, e) < 0)
			return -1;
	m->winner = m->n > 1 ? play(m, 1) : 0;
	return 0;
}

int merge_next(struct merge *m, const char **record, struct err *e)
{
	if (m->n == 0)
		return 0;
	if (!m->begun) {
		if (begin(m, e) < 0)
			return -1;
	} else {
		if (advance(m, m->winner, e) < 0)
			return -1;
		replay(m);
	}
	*record = m->lanes[m->winner].record;
	return *record ? 1 : 0;
}

void merge_free(struct merge *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n; i++)
		runfile_close(m->lanes[i].in);
	free(m->losers);
	free(m->lanes);
	free(m);
}
