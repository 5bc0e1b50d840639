/* The pass that puts the band keys of records where they can be grouped. */
#include "lib/core/mem.h"
#include "stages/dedup/blobfile.h"
#include "stages/dedup/minhash.h"
#include "stages/dedup/near.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

const struct runfile_kind near_rank_kind = {
	.shape = { sizeof(struct keep_rank), sizeof(struct keep_rank), KEY_BYTES },
};

/* --- on the workers --------------------------------------------------------------------------- */

struct signer {
	const struct sign *sign;
	struct minhash *minhash;
};

/* What a record's note points to, in its batch's memory. */
struct signed_record {
	enum { SIGNED, EMPTY, ABSENT, NO_STRING } state;
	bool ranked; /* it had what --keep asks for */
	struct keep_rank rank;
	struct slice id; /* the JSON value as it stands */
	uint64_t keys[];
};

static void *signer_new(const void *config, struct err *e)
{
	const struct sign *sign = &((const struct near_passes *)config)->sign;
	struct minhash_config mine = near_sign_config(sign->cfg);
	struct signer *s = mem_zalloc(1, sizeof(*s));

	s->sign = sign;
	s->minhash = minhash_new(&mine, e);
	if (s->minhash)
		return s;
	free(s);
	return NULL;
}

static void signer_free(void *worker)
{
	struct signer *s = worker;

	minhash_free(s->minhash);
	free(s);
}

/* Of the id only so much is kept as a row of an index holds. */
static struct slice copy_id(struct record *r)
{
	return arena_copy(r->batch, slice_head(record_id(r), NEAR_ID_MAX));
}

static enum verdict sign_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct signer *s = worker;
	const struct sign *sign = s->sign;
	struct signed_record *out =
		arena_alloc(r->batch, sizeof(*out) + sign->cfg->bands * sizeof(uint64_t));
	enum record_found found;
	struct slice text;

	(void)to, (void)why, (void)e;
	r->note.lo = (uint64_t)(uintptr_t)out;
	found = record_str(r, sign->cfg->field, &text);
	out->state = found == RECORD_ABSENT ? ABSENT : NO_STRING;
	if (found == RECORD_FOUND)
		out->state = minhash_keys(s->minhash, text, out->keys) ? SIGNED : EMPTY;
	out->ranked = true;
	if (sign->ranks)
		out->ranked = keep_rank_record(&sign->keep, r, text, &out->rank);
	if (sign->ids)
		out->id = copy_id(r);
	return KEEP;
}

/* --- in the order of input -------------------------------------------------------------------- */

/* What decides the outcome, so that records can be known again (index.h). */
static void add_fingerprint(const struct sign *s, const struct signed_record *r)
{
	uint64_t head[3] = { htole64(r->state), htole64(r->id.n), htole64(s->documents) };

	XXH3_64bits_update(s->fingerprint, head, sizeof(head));
	XXH3_64bits_update(s->fingerprint, r->id.p ? r->id.p : "", r->id.n);
	if (r->state == SIGNED)
		XXH3_64bits_update(s->fingerprint, r->keys, s->cfg->bands * sizeof(r->keys[0]));
}

static enum verdict put_record(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	const struct signed_record *r = (const struct signed_record *)(uintptr_t)note.lo;
	struct sign *s = &((struct near_passes *)config)->sign;

	(void)n, (void)why;
	s->signed_documents += r->state == SIGNED;
	s->absent += r->state == ABSENT;
	s->no_string += r->state == NO_STRING;
	s->no_rank += !r->ranked;
	if (r->state == SIGNED && bandfile_add(s->bands, s->documents, r->keys, e) < 0)
		return FAIL;
	if (s->ranks && runfile_put(s->ranks, &r->rank, 1, e) < 0)
		return FAIL;
	if (s->fingerprint)
		add_fingerprint(s, r);
	if (s->fingerprint && s->ranks)
		s->ranks_digest = XXH3_64bits_withSeed(&r->rank, sizeof(r->rank), s->ranks_digest);
	if (s->ids && blobfile_add(s->ids, r->id, e) < 0)
		return FAIL;
	s->documents++;
	return KEEP;
}

const struct stage near_sign_stage = {
	.name = "dedup",
	.worker_new = signer_new,
	.worker_free = signer_free,
	.record = sign_record,
	.decide = put_record,
};

void near_tell_signed(const struct sign *s, struct buf *notes)
{
	const char *field = s->cfg->field;

	if (s->absent)
		buf_printf(notes, "%" PRIu64 " records without %s were kept\n", s->absent, field);
	if (s->no_string)
		buf_printf(notes, "%" PRIu64 " records whose %s is no string were kept\n",
			s->no_string, field);
	if (s->signed_documents == 0)
		buf_printf(notes, "no record has a %s with a word in it: nothing was compared\n",
			field);
	if (s->keep.kind == KEEP_BEST && s->documents && s->no_rank == s->documents)
		buf_printf(notes, "no record has a %s for --keep: the least id is kept\n",
			s->keep.field);
}
