/* The pass that keeps, drops and annotates by what was decided of the records. */
#include "stages/dedup/near.h"

#include <inttypes.h>
#include <stdio.h>

/* What a record's note points to, in its batch's memory: what amend is to write. */
struct judged {
	uint64_t cluster, size;
};

int near_judge_begin(struct judge *j, struct err *e)
{
	int got = j->next(j->from, &j->at, e);

	j->more = got > 0;
	return got < 0 ? -1 : 0;
}

static enum verdict judge_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	(void)worker, (void)to, (void)why, (void)e;
	r->note.lo = (uint64_t)(uintptr_t)arena_alloc(r->batch, sizeof(struct judged));
	return KEEP;
}

/* "record 17", counted from 0 over all inputs or shards, or the id of an older document. */
static enum verdict drop_near(
	struct judge *j, const struct decision *d, struct reason *why, struct err *e)
{
	buf_clear(&j->name_of, SIZE_MAX);
	if (d->stays >= j->older)
		buf_printf(&j->name_of, "record %" PRIu64, d->stays - j->older);
	else if (j->name(j->names, d->stays, &j->name_of, e) < 0)
		return FAIL;
	j->dropped++;
	return drop_named(why, "minhash", buf_view(&j->name_of));
}

/* Decisions come in the order of documents, as the records do. */
static enum verdict judge_decide(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	struct judge *j = &((struct near_passes *)config)->judge;
	struct judged *to = (struct judged *)(uintptr_t)note.lo;
	struct decision d = j->at;

	if (!j->more || d.document != j->first + n)
		return KEEP;
	if (near_judge_begin(j, e) < 0)
		return FAIL;
	if (!j->annotate && d.stays != d.document)
		return drop_near(j, &d, why, e);
	*to = (struct judged){ d.cluster, d.size };
	j->annotated++;
	return AMEND;
}

static int judge_amend(void *worker, struct record *r, struct note note, struct err *e)
{
	const struct judged *d = (const struct judged *)(uintptr_t)note.lo;

	(void)worker, (void)e;
	record_set_uint(r, "minhash_cluster_id", d->cluster);
	record_set_uint(r, "minhash_cluster_size", d->size);
	return 0;
}

const struct stage near_judge_stage = {
	.name = "dedup",
	.record = judge_record,
	.decide = judge_decide,
	.amend = judge_amend,
};

void near_tell_clusters(
	const struct settle_facts *f, uint64_t max_cluster, bool verified, struct buf *notes)
{
	if (!f->over)
		return;
	buf_printf(notes,
		"%" PRIu64 " cluster%s of more than --max-cluster %" PRIu64
		" documents, the largest of %" PRIu64 "%s\n",
		f->over, f->over == 1 ? "" : "s", max_cluster, f->largest,
		verified ? "" : ": chains may join what is not alike (--verify)");
}
