/* Groups of records of equal keys, by sorting. */
#include "stages/dedup/fates.h"

#include "lib/core/mem.h"
#include "lib/store/extsort.h"

#include <endian.h>
#include <stdlib.h>

/* The first RANKLESS bytes and the number are all there is without ranks. */
enum { KEY = 16, RANKLESS = KEY, RANKED = KEY + sizeof(struct keep_rank), NUMBER = 8 };

/* A record of a group of several, or, before these, the group's size. */
struct member {
	uint64_t group, is_record; /* little-endian: the key */
	uint64_t number, keeper;
	uint64_t size;
};
static const struct sort_shape member_shape = { sizeof(struct member), 16, KEY_LE64 };
static const struct sort_shape fate_shape = { sizeof(struct fate), 8, KEY_LE64 };

struct fates {
	uint32_t key_bytes; /* RANKLESS or RANKED */
	uint64_t more;
	struct extsort *keys;
	struct extsort *members; /* with sizes */
	struct extsort *fates;
};

struct fates *fates_new(const struct fates_options *o)
{
	struct fates *g = mem_zalloc(1, sizeof(*g));
	uint32_t key = o->ranks ? RANKED : RANKLESS;
	struct sort_shape shape = { key + NUMBER, key, KEY_BYTES };
	size_t share = o->memory / (o->sizes ? 3 : 2);

	g->key_bytes = key;
	g->more = o->more;
	g->keys = extsort_new(&(struct extsort_options){ shape, share, o->tmpdir, 0 });
	if (o->sizes)
		g->members =
			extsort_new(&(struct extsort_options){ member_shape, share, o->tmpdir, 0 });
	g->fates = extsort_new(&(struct extsort_options){ fate_shape, share, o->tmpdir, 0 });
	return g;
}

void fates_free(struct fates *g)
{
	if (!g)
		return;
	extsort_free(g->keys);
	extsort_free(g->members);
	extsort_free(g->fates);
	free(g);
}

int fates_add(struct fates *g, struct key128 key, const struct keep_rank *rank, uint64_t number,
	struct err *e)
{
	char record[RANKED + NUMBER] = { 0 };
	uint64_t hi = htobe64(key.hi), lo = htobe64(key.lo);

	memcpy(record, &hi, 8);
	memcpy(record + 8, &lo, 8);
	/* No rank is less than the zeros of what is foreign. */
	if (g->key_bytes == RANKED && rank)
		memcpy(record + KEY, rank, sizeof(*rank));
	memcpy(record + g->key_bytes, &number, NUMBER);
	return extsort_add(g->keys, record, e);
}

int fates_put(struct fates *g, const struct fate *fate, struct err *e)
{
	struct fate f = { htole64(fate->number), fate->keeper, fate->size };

	return extsort_add(g->fates, &f, e);
}

/* --- from keys to groups ---------------------------------------------------------------------- */

/* The group at hand. */
struct group {
	char key[KEY];
	uint64_t keeper, serial;
	uint64_t records; /* those of the run */
	bool any; /* there is one */
};

static int add_member(struct fates *g, const struct group *at, uint64_t number, struct err *e)
{
	struct member m = { htole64(at->serial), htole64(1), number, at->keeper, 0 };

	return extsort_add(g->members, &m, e);
}

/* The first of a group is told of when there is a second. */
static int put(struct fates *g, const struct group *at, uint64_t number, struct err *e)
{
	bool foreign = at->keeper & FATE_FOREIGN;

	if (!g->members && !foreign && at->records - 1 <= g->more)
		return 0;
	if (!g->members)
		return fates_put(g, &(struct fate){ number, at->keeper, 0 }, e);
	if (at->records == 2 && !foreign && add_member(g, at, at->keeper, e) < 0)
		return -1;
	return add_member(g, at, number, e);
}

static int end_group(struct fates *g, const struct group *at, struct err *e)
{
	struct member m = { htole64(at->serial), 0, 0, 0, at->records };

	if (!g->members || at->records < 1 + !(at->keeper & FATE_FOREIGN))
		return 0;
	return extsort_add(g->members, &m, e);
}

static int next_group(
	struct fates *g, struct group *at, const char *key, uint64_t number, struct err *e)
{
	if (at->any && end_group(g, at, e) < 0)
		return -1;
	memcpy(at->key, key, KEY);
	at->any = true;
	at->serial++;
	at->keeper = number;
	at->records = !(number & FATE_FOREIGN);
	return 0;
}

static int find_groups(struct fates *g, struct err *e)
{
	struct group at = { 0 };
	const void *next;
	int got;

	while ((got = extsort_next(g->keys, &next, e)) > 0) {
		const char *record = next;
		uint64_t number;
		int r = 0;

		memcpy(&number, record + g->key_bytes, NUMBER);
		if (!at.any || memcmp(record, at.key, KEY) != 0) {
			r = next_group(g, &at, record, number, e);
		} else if (!(number & FATE_FOREIGN)) {
			at.records++;
			r = put(g, &at, number, e);
		}
		if (r < 0)
			return -1;
	}
	return got == 0 && at.any ? end_group(g, &at, e) : got;
}

/* --- from groups to fates --------------------------------------------------------------------- */

static int take_members(struct fates *g, struct err *e)
{
	uint64_t size = 0;
	const void *next;
	int got;

	if (extsort_finish(g->members, e) < 0)
		return -1;
	while ((got = extsort_next(g->members, &next, e)) > 0) {
		struct member m;

		memcpy(&m, next, sizeof(m));
		if (!m.is_record)
			size = m.size;
		else if (fates_put(g, &(struct fate){ m.number, m.keeper, size }, e) < 0)
			return -1;
	}
	return got;
}

int fates_sort(struct fates *g, struct err *e)
{
	if (extsort_finish(g->keys, e) < 0 || find_groups(g, e) < 0)
		return -1;
	if (g->members && take_members(g, e) < 0)
		return -1;
	return extsort_finish(g->fates, e);
}

int fates_next(struct fates *g, struct fate *out, struct err *e)
{
	const void *next;
	int got = extsort_next(g->fates, &next, e);

	if (got > 0) {
		memcpy(out, next, sizeof(*out));
		out->number = le64toh(out->number);
	}
	return got;
}
