/* Candidate pairs, sorted and written with their ids. */
#include "stages/dedup/pairs.h"

#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/stream/stamp.h"
#include "stages/dedup/blobfile.h"
#include "stages/dedup/pairsort.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

struct pairs {
	struct pairsort *sort;
	uint64_t all; /* the largest group that is taken whole */
	uint64_t group[PAIRS_ALL], n; /* the first of the group at hand; all of it */
	uint64_t before; /* the last of it */
	uint64_t large; /* groups over all */
};

struct pairs *pairs_new(size_t memory, const char *tmpdir, uint64_t all)
{
	struct pairs *p = mem_zalloc(1, sizeof(*p));

	assert(all && all <= PAIRS_ALL);
	p->all = all;
	p->sort = pairsort_new(memory, tmpdir);
	return p;
}

int pairs_member(struct pairs *p, uint64_t document, bool fresh, struct err *e)
{
	if (fresh)
		p->n = 0;
	if (p->n < p->all) {
		for (uint64_t i = 0; i < p->n; i++) {
			if (pairsort_add(p->sort, p->group[i], document, e) < 0)
				return -1;
		}
		p->group[p->n] = document;
	} else if (pairsort_add(p->sort, p->group[0], document, e) < 0 ||
		pairsort_add(p->sort, p->before, document, e) < 0) {
		return -1;
	}
	p->large += p->n++ == p->all;
	p->before = document;
	return 0;
}

static int put_id(const struct blobfile *ids, uint64_t document, struct buf *id, struct buf *line,
	struct err *e)
{
	id->n = 0;
	if (blobfile_get(ids, document, id, e) < 0)
		return -1;
	json_put_string(line, buf_view(id));
	return 0;
}

/* Of pairs in order the first document is mostly that of the pair before. */
struct writer {
	struct output *out;
	const struct blobfile *ids;
	struct buf id, first, line;
	uint64_t first_is;
};

static int put_pair(void *to, uint64_t a, uint64_t b, struct err *e)
{
	struct writer *w = to;

	if (w->first.n == 0 || w->first_is != a) {
		w->first.n = 0;
		w->first_is = a;
		if (put_id(w->ids, a, &w->id, &w->first, e) < 0)
			return -1;
	}
	w->line.n = 0;
	buf_str(&w->line, "{\"a\":");
	buf_slice(&w->line, buf_view(&w->first));
	buf_str(&w->line, ",\"b\":");
	if (put_id(w->ids, b, &w->id, &w->line, e) < 0)
		return -1;
	buf_str(&w->line, "}\n");
	return output_lines(w->out, buf_view(&w->line), 1, NULL, e);
}

int pairs_each(struct pairs *p, pairs_pair *each, void *to, struct err *e)
{
	uint64_t a, b;
	int got = pairsort_finish(p->sort, e);

	while (got >= 0 && (got = pairsort_next(p->sort, &a, &b, e)) > 0)
		got = each(to, a, b, e);
	return got;
}

int pairs_write(struct pairs *p, struct run *run, const char *path, const struct blobfile *ids,
	struct err *e)
{
	struct writer w = { .ids = ids };
	struct buf stamp = { 0 };
	int result;

	if (run_open(run, path, &w.out, e) < 0)
		return -1;
	result = pairs_each(p, put_pair, &w, e);
	buf_release(&w.id);
	buf_release(&w.first);
	buf_release(&w.line);
	if (result < 0) {
		output_abort(w.out);
		return -1;
	}
	if (p->large)
		buf_printf(run->notes,
			"%" PRIu64 " keys are shared by more than %d documents: of these --pairs "
			"has those with the first and with the one before\n",
			p->large, PAIRS_ALL);
	stamp_describe(&stamp, run->program, run->options, (struct slice){ 0 }, run->stats);
	result = output_close(w.out, buf_view(&stamp), NULL, e);
	buf_release(&stamp);
	return result;
}

void pairs_free(struct pairs *p)
{
	if (!p)
		return;
	pairsort_free(p->sort);
	free(p);
}
