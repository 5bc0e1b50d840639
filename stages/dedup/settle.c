/* Sizes of clusters, and which document of each stays. */
#include "stages/dedup/settle.h"

#include "lib/core/mem.h"
#include "lib/store/disk.h"
#include "lib/store/extsort.h"
#include "lib/stream/publish.h"
#include "stages/dedup/keep.h"
#include "stages/dedup/pairsort.h"
#include "stages/dedup/unite.h"

#include <stdlib.h>
#include <unistd.h>

/* A document under its root: root, document, rank. They are added in the order of documents, so
 * that those of a root come out in it. */
enum { AT_ROOT = 0, AT_DOCUMENT = 5, AT_RANK = 10, RANK = sizeof(struct keep_rank) };
enum { MEMBER = AT_RANK + RANK, BLOCK = 64 * 1024 };

const struct sort_shape decision_shape = { DECISION_BYTES, 5, KEY_BYTES };

void decision_put(char out[DECISION_BYTES], const struct decision *d)
{
	pair_put(out, d->document, d->cluster);
	pair_put(out + PAIR_BYTES, d->stays, d->size);
}

struct decision decision_get(const char *p)
{
	struct decision d;

	pair_get(p, &d.document, &d.cluster);
	pair_get(p + PAIR_BYTES, &d.stays, &d.size);
	return d;
}

struct settle {
	struct settle_options o;
	struct runfile_kind kind; /* of members */
	struct extsort *by_document;
	uint64_t next_rank; /* document of the next that o.rank gives */
};

/* Two readers of the members by root: one is a cluster ahead and sizes it, the other follows. */
struct members {
	char *name;
	int fd;
	struct runfile_reader *ahead, *behind;
	const char *next; /* of ahead; NULL behind the last */
};

/* --- members by root -------------------------------------------------------------------------- */

/* The rank of a document; those asked for ascend. */
static int take_rank(struct settle *s, uint64_t document, char *out, struct err *e)
{
	const char *rank = NULL;

	while (s->next_rank <= document) {
		int got = s->o.rank(s->o.ranks, &rank, e);

		if (got <= 0)
			return got < 0 ? -1
				       : err_set(e, ERR_DATA, "ranks of documents are missing");
		s->next_rank++;
	}
	memcpy(out, rank, RANK);
	return 0;
}

static int add_members(struct settle *s, struct extsort *by_root, struct err *e)
{
	uint64_t document, root;
	int got;

	s->next_rank = s->o.first;
	while ((got = unite_next(s->o.unite, &document, &root, e)) > 0) {
		char member[MEMBER] = { 0 };

		number_put(member + AT_ROOT, root);
		number_put(member + AT_DOCUMENT, document);
		if (s->o.rank && document >= s->o.first &&
			take_rank(s, document, member + AT_RANK, e) < 0)
			return -1;
		if (extsort_add(by_root, member, e) < 0)
			return -1;
	}
	return got;
}

/* One sorted run, to be read by two readers. */
static int write_members(
	const struct settle *s, struct members *m, struct extsort *by_root, struct err *e)
{
	struct runfile_writer *w = runfile_begin(m->fd, 0, &s->kind, m->name, BLOCK);
	const void *next;
	uint64_t end;
	int got;

	while ((got = extsort_next(by_root, &next, e)) > 0) {
		if (runfile_put(w, next, 1, e) < 0) {
			got = -1;
			break;
		}
	}
	if (got == 0)
		return runfile_end(w, &end, e);
	runfile_drop(w);
	return -1;
}

static int sort_members(struct settle *s, struct members *m, struct err *e)
{
	struct extsort *by_root = extsort_new(
		&(struct extsort_options){ s->kind.shape, s->o.memory / 2, s->o.tmpdir, 0 });
	int result = add_members(s, by_root, e);

	if (result == 0)
		result = extsort_finish(by_root, e);
	if (result == 0)
		result = write_members(s, m, by_root, e);
	extsort_free(by_root);
	return result;
}

static int members_advance(struct members *m, struct err *e)
{
	int got = runfile_next(m->ahead, &m->next, e);

	if (got == 0)
		m->next = NULL;
	return got < 0 ? -1 : 0;
}

static int members_open(struct members *m, const struct settle *s, struct err *e)
{
	if (runfile_open(&m->ahead, m->fd, 0, &s->kind, m->name, BLOCK, e) < 0 ||
		runfile_open(&m->behind, m->fd, 0, &s->kind, m->name, BLOCK, e) < 0)
		return -1;
	return members_advance(m, e);
}

static void members_close(struct members *m)
{
	runfile_close(m->ahead);
	runfile_close(m->behind);
	if (m->fd >= 0)
		close(m->fd);
	free(m->name);
}

/* --- clusters --------------------------------------------------------------------------------- */

/* Size and choice of the cluster that begins at m->next. */
static int look_ahead(struct settle *s, struct members *m, struct decision *d, struct err *e)
{
	char best[RANK];

	d->cluster = d->stays = number_get(m->next + AT_ROOT);
	memcpy(best, m->next + AT_RANK, RANK);
	for (d->size = 0; m->next && number_get(m->next + AT_ROOT) == d->cluster; d->size++) {
		/* An older document stays whatever the rank. */
		if (d->cluster >= s->o.first && memcmp(m->next + AT_RANK, best, RANK) < 0) {
			d->stays = number_get(m->next + AT_DOCUMENT);
			memcpy(best, m->next + AT_RANK, RANK);
		}
		if (members_advance(m, e) < 0)
			return -1;
	}
	return 0;
}

static int decide_members(struct settle *s, struct members *m, struct decision *d, struct err *e)
{
	char row[DECISION_BYTES];
	const char *member;

	for (uint64_t i = 0; i < d->size; i++) {
		if (runfile_next(m->behind, &member, e) < 0)
			return -1;
		d->document = number_get(member + AT_DOCUMENT);
		if (d->document < s->o.first)
			continue;
		decision_put(row, d);
		if (extsort_add(s->by_document, row, e) < 0)
			return -1;
	}
	return 0;
}

static void count(struct settle_facts *f, const struct decision *d, uint64_t max_cluster)
{
	f->clusters++;
	f->documents += d->size;
	f->over += d->size > max_cluster;
	if (d->size > f->largest) {
		f->largest = d->size;
		f->largest_cluster = d->cluster;
	}
}

static int decide(struct settle *s, struct settle_facts *facts, struct err *e)
{
	struct members m = { .fd = temp_open(s->o.tmpdir, e) };
	int result = m.fd < 0 ? -1 : 0;

	m.name = disk_temp_name(s->o.tmpdir);
	if (result == 0)
		result = sort_members(s, &m, e);
	if (result == 0)
		result = members_open(&m, s, e);
	while (result == 0 && m.next) {
		struct decision d;

		result = look_ahead(s, &m, &d, e);
		if (result == 0)
			result = decide_members(s, &m, &d, e);
		if (result == 0)
			count(facts, &d, s->o.max_cluster);
	}
	members_close(&m);
	return result;
}

int settle_new(struct settle **out, const struct settle_options *o, struct settle_facts *facts,
	struct err *e)
{
	struct settle *s = mem_zalloc(1, sizeof(*s));

	*facts = (struct settle_facts){ 0 };
	s->o = *o;
	/* Without ranks half a dozen bytes do. */
	s->kind.shape = (struct sort_shape){ MEMBER, 5, KEY_BYTES };
	s->kind.sorted = true;
	s->by_document = extsort_new(
		&(struct extsort_options){ decision_shape, o->memory / 2, o->tmpdir, 0 });
	if (decide(s, facts, e) == 0 && extsort_finish(s->by_document, e) == 0) {
		*out = s;
		return 0;
	}
	settle_free(s);
	return -1;
}

int settle_next(struct settle *s, struct decision *d, struct err *e)
{
	const void *row;
	int got = extsort_next(s->by_document, &row, e);

	if (got > 0)
		*d = decision_get(row);
	return got;
}

void settle_free(struct settle *s)
{
	if (!s)
		return;
	extsort_free(s->by_document);
	free(s);
}
