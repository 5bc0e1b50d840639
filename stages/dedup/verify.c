/* Candidate pairs against their shingle sets. */
#include "stages/dedup/verify.h"

#include "lib/core/mem.h"
#include "lib/stats.h"
#include "stages/dedup/blobfile.h"
#include "stages/dedup/dedup.h"
#include "stages/dedup/pairs.h"
#include "stages/dedup/pairsort.h"
#include "stages/dedup/passes.h"
#include "stages/dedup/shingles.h"

#include <inttypes.h>
#include <stdlib.h>

struct verify {
	const struct dedup_near_config *cfg;
	struct pairs *pairs;
	struct pairsort *documents; /* of the pairs, each with itself */
	struct blobfile *sets; /* of all documents; empty of those in no pair */
	uint64_t document; /* the next to be read */
	uint64_t wanted; /* the next of documents, UINT64_MAX behind the last */
	uint64_t compared, held; /* pairs */
};

int verify_new(struct verify **out, const struct dedup_near_config *cfg, size_t memory,
	const char *tmpdir, struct err *e)
{
	struct verify *v = mem_zalloc(1, sizeof(*v));

	v->cfg = cfg;
	v->pairs = pairs_new(memory / 2, tmpdir, VERIFY_ALL);
	v->documents = pairsort_new(memory / 2, tmpdir);
	v->sets = blobfile_new_temp(tmpdir, SIZE_MAX, e);
	if (v->sets) {
		*out = v;
		return 0;
	}
	verify_free(v);
	return -1;
}

int verify_member(struct verify *v, uint64_t document, bool fresh, struct err *e)
{
	if (pairsort_add(v->documents, document, document, e) < 0)
		return -1;
	return pairs_member(v->pairs, document, fresh, e);
}

static int next_wanted(struct verify *v, struct err *e)
{
	uint64_t same;
	int got = pairsort_next(v->documents, &v->wanted, &same, e);

	if (got == 0)
		v->wanted = UINT64_MAX;
	return got < 0 ? -1 : 0;
}

int verify_begin(struct verify *v, struct err *e)
{
	return pairsort_finish(v->documents, e) < 0 ? -1 : next_wanted(v, e);
}

/* --- sets ------------------------------------------------------------------------------------- */

struct set_worker {
	const struct verify *verify;
	struct tokens tokens;
	struct shingle_set set;
};

static void *set_worker_new(const void *config, struct err *e)
{
	struct set_worker *w = mem_zalloc(1, sizeof(*w));

	(void)e;
	w->verify = config;
	return w;
}

static void set_worker_free(void *worker)
{
	struct set_worker *w = worker;

	tokens_release(&w->tokens);
	shingle_set_release(&w->set);
	free(w);
}

/* All sets are made, because the number of a record is not known here; what note points to is the
 * set's bytes in the batch's memory. */
static enum verdict set_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct set_worker *w = worker;
	const struct dedup_near_config *cfg = w->verify->cfg;
	struct slice text, set;

	(void)to, (void)why, (void)e;
	w->set.n = 0;
	if (record_str(r, cfg->field, &text) != RECORD_FOUND ||
		!shingle_set_fill(&w->set, &w->tokens, text, (unsigned)cfg->shingle))
		w->set.n = 0;
	set = arena_copy(
		r->batch, (struct slice){ (const char *)w->set.at, w->set.n * sizeof(uint64_t) });
	r->note = (struct note){ (uint64_t)(uintptr_t)set.p, set.n };
	return KEEP;
}

static enum verdict put_set(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	struct verify *v = config;
	struct slice set = { (const char *)(uintptr_t)note.lo, note.hi };
	bool wanted = v->document++ == v->wanted;

	(void)n, (void)why;
	if (blobfile_add(v->sets, wanted ? set : (struct slice){ 0 }, e) < 0)
		return FAIL;
	return wanted && next_wanted(v, e) < 0 ? FAIL : KEEP;
}

static const struct stage set_stage = {
	.name = "dedup",
	.worker_new = set_worker_new,
	.worker_free = set_worker_free,
	.record = set_record,
	.decide = put_set,
};

/* What is said of bad records was said when they were read first. */
int verify_read(
	struct verify *v, const struct run *run, const struct opt_list *files, struct err *e)
{
	struct run again = *run;
	struct stats stats = { 0 };
	struct buf notes = { 0 };
	int result;

	again.notes = &notes;
	result = files ? passes_read_only(&again, &set_stage, v, files, &stats, e)
		       : run_stage(&again, &set_stage, v, NULL, e);
	stats_release(&stats);
	buf_release(&notes);
	return result;
}

/* --- pairs ------------------------------------------------------------------------------------ */

static int load_set(const struct verify *v, uint64_t document, struct buf *bytes, struct err *e)
{
	bytes->n = 0;
	return blobfile_get(v->sets, document, bytes, e);
}

/* Memory of malloc, aligned for any number. */
static struct shingle_set set_of(const struct buf *bytes)
{
	return (struct shingle_set){ .at = (uint64_t *)(void *)bytes->p, .n = bytes->n / 8 };
}

struct comparing {
	struct verify *v;
	verify_join *join;
	void *to;
	struct buf first, second; /* sets */
	uint64_t first_is;
	bool any;
};

static int compare(void *to, uint64_t a, uint64_t b, struct err *e)
{
	struct comparing *c = to;
	struct shingle_set x, y;

	if ((!c->any || c->first_is != a) && load_set(c->v, a, &c->first, e) < 0)
		return -1;
	c->any = true;
	c->first_is = a;
	if (load_set(c->v, b, &c->second, e) < 0)
		return -1;
	x = set_of(&c->first);
	y = set_of(&c->second);
	c->v->compared++;
	if (shingle_sets_jaccard(&x, &y) < c->v->cfg->verify)
		return 0;
	c->v->held++;
	return c->join(c->to, a, b, e);
}

int verify_each(struct verify *v, verify_join *join, void *to, struct err *e)
{
	struct comparing c = { .v = v, .join = join, .to = to };
	int result = v->wanted == UINT64_MAX
		? blobfile_seal(v->sets, e)
		: err_set(e, ERR_DATA, "the input was shorter when it was read again");

	if (result == 0)
		result = pairs_each(v->pairs, compare, &c, e);
	buf_release(&c.first);
	buf_release(&c.second);
	return result;
}

void verify_tell(const struct verify *v, struct buf *notes)
{
	buf_printf(notes, "%" PRIu64 " of %" PRIu64 " candidate pairs have a Jaccard index of %g\n",
		v->held, v->compared, v->cfg->verify);
}

void verify_free(struct verify *v)
{
	if (!v)
		return;
	pairs_free(v->pairs);
	pairsort_free(v->documents);
	blobfile_free(v->sets);
	free(v);
}
