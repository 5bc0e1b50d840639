/* Connected documents: a forest in memory, or stars on disk. */
#include "stages/dedup/unite.h"

#include "lib/core/mem.h"
#include "stages/dedup/pairsort.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>

/* A cell is the distance to the parent, 0 for a root, so that fresh pages of zeros are a forest of
 * singles. Its top bit marks a root that has got children. */
enum { CELL = 5 };
static const uint64_t has_children = UINT64_C(1) << 39;

struct unite {
	struct unite_options o;
	char *cells; /* CELL bytes a document; NULL: on disk */
	uint64_t at; /* next document that unite_next looks at */
	struct pairsort *pairs; /* on disk: those joined, in the end (document, root) */
	uint64_t added; /* since the last round */
	uint64_t spilled;
};

struct unite *unite_new(const struct unite_options *o)
{
	struct unite *u = mem_zalloc(1, sizeof(*u));

	u->o = *o;
	if (o->documents <= o->memory / CELL && o->documents <= has_children)
		u->cells = mem_zalloc((size_t)o->documents + 1, CELL);
	else
		u->pairs = pairsort_new(o->memory / 2, o->tmpdir);
	return u;
}

/* --- the forest ------------------------------------------------------------------------------- */

static uint64_t cell(const struct unite *u, uint64_t i)
{
	uint64_t v = 0;

	memcpy(&v, u->cells + i * CELL, CELL);
	return le64toh(v);
}

static void set_cell(struct unite *u, uint64_t i, uint64_t v)
{
	v = htole64(v);
	memcpy(u->cells + i * CELL, &v, CELL);
}

static uint64_t parent(const struct unite *u, uint64_t i)
{
	return i - (cell(u, i) & ~has_children);
}

static uint64_t find(struct unite *u, uint64_t i)
{
	for (;;) {
		uint64_t up = parent(u, i), over = parent(u, up);

		if (up == over)
			return up;
		set_cell(u, i, i - over);
		i = over;
	}
}

static void join(struct unite *u, uint64_t a, uint64_t b)
{
	a = find(u, a);
	b = find(u, b);
	if (a == b)
		return;
	set_cell(u, MAX(a, b), MAX(a, b) - MIN(a, b));
	set_cell(u, MIN(a, b), has_children);
}

static bool next_of_forest(struct unite *u, uint64_t *document, uint64_t *root)
{
	while (u->at < u->o.documents && cell(u, u->at) == 0)
		u->at++;
	if (u->at == u->o.documents)
		return false;
	*document = u->at;
	*root = find(u, u->at++);
	return true;
}

/* --- stars ------------------------------------------------------------------------------------ */

/* One of the two operations: from the pairs (u, v) of each u in order, those that go on to the
 * next. */
struct round {
	struct unite *u;
	struct pairsort *to;
	bool large, both; /* the operation; what goes on is put in both directions */
	uint64_t center, least; /* of the group at hand; least is center when it has none below */
	bool any;
	uint64_t changed;
};

static int put(struct round *r, uint64_t v, uint64_t least, struct err *e)
{
	if (v == least)
		return 0;
	if (r->both && pairsort_add(r->to, least, v, e) < 0)
		return -1;
	return pairsort_add(r->to, v, least, e);
}

/* Neighbours come in ascending order, so the first is the least. large: those above the centre are
 * hung on the least of all. small (no neighbour is above): all and the centre are. */
static int neighbour(struct round *r, uint64_t center, uint64_t v, struct err *e)
{
	bool fresh = !r->any || center != r->center;

	if (fresh) {
		*r = (struct round){ r->u, r->to, r->large, r->both, center, MIN(center, v), true,
			r->changed };
		if (!r->large && put(r, center, r->least, e) < 0)
			return -1;
	}
	if (r->large ? v < center : fresh)
		return 0;
	r->changed += !r->large || r->least != center;
	return put(r, v, r->least, e);
}

/* u->pairs through one operation. */
static int operate(struct unite *u, bool large, bool both, uint64_t *changed, struct err *e)
{
	struct round r = { .u = u, .large = large, .both = both };
	uint64_t center, v;
	int got;

	if (pairsort_finish(u->pairs, e) < 0)
		return -1;
	r.to = pairsort_new(u->o.memory / 2, u->o.tmpdir);
	while ((got = pairsort_next(u->pairs, &center, &v, e)) > 0) {
		if (neighbour(&r, center, v, e) < 0) {
			got = -1;
			break;
		}
	}
	u->spilled = MAX(u->spilled, pairsort_spilled(u->pairs) + pairsort_spilled(r.to));
	pairsort_free(u->pairs);
	u->pairs = r.to;
	*changed += r.changed;
	return got;
}

/* One round. Pairs go from the greater to the lesser before and after it. */
static int round_of_both(struct unite *u, uint64_t *changed, struct err *e)
{
	*changed = 0;
	return operate(u, false, true, changed, e) < 0 ? -1 : operate(u, true, false, changed, e);
}

static int contract(struct unite *u, struct err *e)
{
	uint64_t changed = 1;

	while (changed) {
		if (round_of_both(u, &changed, e) < 0)
			return -1;
	}
	return 0;
}

/* Of stars (document, root), those and (root, root). */
static int name_roots(struct unite *u, struct err *e)
{
	struct pairsort *to = pairsort_new(u->o.memory / 2, u->o.tmpdir);
	uint64_t a, b;
	int got = pairsort_finish(u->pairs, e);

	while (got >= 0 && (got = pairsort_next(u->pairs, &a, &b, e)) > 0) {
		if (pairsort_add(to, a, b, e) < 0 || pairsort_add(to, b, b, e) < 0)
			got = -1;
	}
	pairsort_free(u->pairs);
	u->pairs = to;
	return got < 0 ? -1 : pairsort_finish(to, e);
}

/* Equal documents give the same pair in each band: a round now and then forgets the copies, so that
 * the disk holds some 40 bytes a document, not as many times 10 as there are bands. */
enum { ROUND_AFTER = 4 };

static int add_pair(struct unite *u, uint64_t a, uint64_t b, struct err *e)
{
	uint64_t changed;

	if (a == b)
		return 0;
	if (++u->added > ROUND_AFTER * u->o.documents) {
		u->added = 0;
		if (round_of_both(u, &changed, e) < 0)
			return -1;
	}
	return pairsort_add(u->pairs, MAX(a, b), MIN(a, b), e);
}

/* --- both ------------------------------------------------------------------------------------- */

int unite_join(struct unite *u, uint64_t a, uint64_t b, struct err *e)
{
	assert(a < u->o.documents && b < u->o.documents);
	if (u->cells) {
		join(u, a, b);
		return 0;
	}
	return add_pair(u, a, b, e);
}

int unite_finish(struct unite *u, struct err *e)
{
	if (u->cells)
		return 0;
	return contract(u, e) < 0 ? -1 : name_roots(u, e);
}

int unite_next(struct unite *u, uint64_t *document, uint64_t *root, struct err *e)
{
	if (u->cells)
		return next_of_forest(u, document, root);
	return pairsort_next(u->pairs, document, root, e);
}

uint64_t unite_spilled(const struct unite *u)
{
	return u->spilled;
}

void unite_free(struct unite *u)
{
	if (!u)
		return;
	free(u->cells);
	pairsort_free(u->pairs);
	free(u);
}
