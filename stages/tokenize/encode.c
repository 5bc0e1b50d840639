/* Records to token ids: a shard, or JSON lines. */
#include "lib/core/mem.h"
#include "lib/driver/driver.h"
#include "lib/record/json.h"
#include "lib/run.h"
#include "lib/stats.h"
#include "lib/stream/publish.h"
#include "stages/tokenize/shard.h"
#include "stages/tokenize/tokenize.h"

#include <inttypes.h>
#include <stdlib.h>

const char *const encode_tos[] = { "shard", "jsonl", NULL };
const char *const encode_types[] = { "auto", "uint16", "uint32", NULL };

/* An encoded document on its way from the worker to the writer, which takes them in input order. */
struct encoded {
	struct encoded *before, *after; /* in the list of those that wait */
	size_t n_ids_bytes;
	size_t n_id;
	char bytes[]; /* the token ids, then the document's id as JSON */
};

struct encode_worker {
	struct encode_config *config;
	struct encoder *encoder;
	struct ids ids;
	struct buf line;
};

/* ---- before the run ---- */

static int choose_type(struct encode_config *c, struct err *e)
{
	unsigned needed = vocab_id_bytes(&c->use.vocab);

	c->id_bytes = c->type == ENCODE_UINT16 ? 2 : c->type == ENCODE_UINT32 ? 4 : needed;
	if (c->id_bytes < needed)
		return err_set(e, ERR_USAGE,
			"--dtype uint16 does not hold the ids of %s, which go up to %" PRIu32,
			c->use.path, c->use.vocab.n_ids - 1);
	return 0;
}

static int find_eot(struct encode_config *c, struct err *e)
{
	c->eot_id = NO_TOKEN;
	if (!*c->eot || c->to == ENCODE_JSONL)
		return 0;
	c->eot_id = vocab_find(&c->use.vocab, slice_str(c->eot));
	if (c->eot_id == NO_TOKEN)
		return err_set(
			e, ERR_USAGE, "%s has no token \"%s\" for --eot", c->use.path, c->eot);
	return 0;
}

static int encode_setup(void *config, struct err *e)
{
	struct encode_config *c = config;

	pthread_mutex_init(&c->lock, NULL);
	if (tokenize_vocab_load(&c->use, e) < 0 || choose_type(c, e) < 0)
		return -1;
	return find_eot(c, e);
}

static void encode_release(void *config)
{
	struct encode_config *c = config;

	for (struct encoded *d = c->waiting, *after; d; d = after) {
		after = d->after;
		free(d);
	}
	pthread_mutex_destroy(&c->lock);
	tokenize_vocab_release(&c->use);
}

static void encode_describe(const void *config, struct buf *json)
{
	tokenize_vocab_describe(&((const struct encode_config *)config)->use, json);
}

/* ---- on the workers ---- */

/* The config of the passes is a pointer to the verb's, because workers get it const and hand their
 * documents over through it. */
static void *encode_worker_new(const void *config, struct err *e)
{
	struct encode_worker *self = mem_zalloc(1, sizeof(*self));

	(void)e;
	self->config = *(struct encode_config *const *)config;
	self->encoder = encoder_new(&self->config->use.vocab, self->config->use.pretok);
	return self;
}

static void encode_worker_free(void *worker)
{
	struct encode_worker *self = worker;

	encoder_free(self->encoder);
	ids_release(&self->ids);
	buf_release(&self->line);
	free(self);
}

/* 0: encoded; 1: there is no text; -1. */
static int encode_text_of(
	struct encode_worker *self, struct record *r, struct reason *why, struct err *e)
{
	enum special_use special = (enum special_use)self->config->use.special;
	struct slice text;

	self->ids.n = 0;
	if (!tokenize_text(r, &text, self->config->use.seen)) {
		drop_named(why, "no_text", record_id(r));
		return 1;
	}
	return encode_text(self->encoder, text, special, &self->ids, e);
}

static enum verdict jsonl_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct encode_worker *self = worker;
	struct slice id = record_raw(r, "id");
	struct buf *line = &self->line;
	int result = encode_text_of(self, r, why, e);

	if (result != 0)
		return result < 0 ? FAIL : DROP;
	line->n = 0;
	buf_str(line, "{\"id\":");
	buf_slice(line, id.p ? id : SLICE("null"));
	buf_str(line, ",\"ids\":[");
	for (size_t i = 0; i < self->ids.n; i++) {
		if (i)
			buf_byte(line, ',');
		json_put_uint(line, self->ids.at[i]);
	}
	buf_str(line, "]}");
	emit_line(to, buf_view(line));
	return SPLIT;
}

static void pack(char *out, const struct ids *ids, unsigned id_bytes)
{
	for (size_t i = 0; i < ids->n; i++)
		for (unsigned b = 0; b < id_bytes; b++)
			*out++ = (char)(ids->at[i] >> (8 * b) & 0xFF);
}

static struct encoded *encoded_new(const struct ids *ids, struct slice id, unsigned id_bytes)
{
	size_t n = ids->n * id_bytes;
	struct encoded *d = mem_alloc(sizeof(*d) + n + id.n);

	*d = (struct encoded){ .n_ids_bytes = n, .n_id = id.n };
	pack(d->bytes, ids, id_bytes);
	if (id.n)
		memcpy(d->bytes + n, id.p, id.n);
	return d;
}

static void list_add(struct encode_config *c, struct encoded *d)
{
	pthread_mutex_lock(&c->lock);
	d->after = c->waiting;
	if (c->waiting)
		c->waiting->before = d;
	c->waiting = d;
	pthread_mutex_unlock(&c->lock);
}

static void list_remove(struct encode_config *c, struct encoded *d)
{
	pthread_mutex_lock(&c->lock);
	if (d->before)
		d->before->after = d->after;
	else
		c->waiting = d->after;
	if (d->after)
		d->after->before = d->before;
	pthread_mutex_unlock(&c->lock);
}

static enum verdict shard_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct encode_worker *self = worker;
	struct encode_config *c = self->config;
	struct encoded *d;
	int result;

	(void)to;
	result = encode_text_of(self, r, why, e);
	if (result != 0)
		return result < 0 ? FAIL : DROP;
	if (c->eot_id != NO_TOKEN)
		ids_put(&self->ids, c->eot_id);
	d = encoded_new(&self->ids, record_raw(r, "id"), c->id_bytes);
	list_add(c, d);
	r->note.lo = (uintptr_t)d;
	return KEEP;
}

/* ---- on one thread, in input order ---- */

static enum verdict shard_decide(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	struct encode_config *c = *(struct encode_config **)config;
	struct encoded *d = (struct encoded *)(uintptr_t)note.lo;
	struct slice ids = { d->bytes, d->n_ids_bytes };
	struct slice id = { d->n_id ? d->bytes + d->n_ids_bytes : NULL, d->n_id };

	int result;

	(void)n;
	(void)why;
	list_remove(c, d);
	result = shard_document(c->shard, ids, id, e);
	free(d);
	return result < 0 ? FAIL : KEEP;
}

static const struct stage shard_pass = {
	.name = "tokenize",
	.worker_new = encode_worker_new,
	.record = shard_record,
	.decide = shard_decide,
	.worker_free = encode_worker_free,
};

static const struct stage jsonl_pass = {
	.name = "tokenize",
	.worker_new = encode_worker_new,
	.record = jsonl_record,
	.worker_free = encode_worker_free,
};

/* ---- the run ---- */

static int drive_shard(
	struct run *run, struct encode_config *c, struct output *rejects, struct err *e)
{
	struct driver_run d = {
		.stage = &shard_pass,
		.config = (void *)&c,
		.common = run->common,
		.files = run->files,
		.n_files = run->n_files,
		.pool = run->pool,
		.rejects = rejects,
		.stats = run->stats,
		.notes = run->notes,
	};

	return driver_run(&d, e) < 0 ? -1 : stats_check(run->stats, e);
}

static int close_shard(struct encode_config *c, struct err *e)
{
	char digest[33];
	struct shard_facts facts = {
		.eot = c->eot,
		.eot_id = c->eot_id,
		.vocab_tokens = c->use.vocab.n_ids,
		.vocab_digest = digest,
	};

	vocab_digest(&c->use.vocab, digest);
	return shard_close(c->shard, &tokenize_encode_stage, c, &facts, e);
}

/* One of the three files of a shard must not take the place of what is read. */
static int check_place(
	const struct run *run, const struct encode_config *c, const char *path, struct err *e)
{
	if (publish_same_place(path, c->use.path))
		return err_set(e, ERR_USAGE, "%s would be written over the vocabulary", path);
	for (size_t i = 0; i < run->n_files; i++) {
		if (publish_same_place(path, run->files[i]))
			return err_set(e, ERR_USAGE, "%s would be written over an input", path);
	}
	return 0;
}

/* NAME.bin has NAME.json and NAME.docs.jsonl.zst beside it. */
static int check_places(const struct run *run, const struct encode_config *c, struct err *e)
{
	static const char *const endings[] = { ".bin", ".json", ".docs.jsonl.zst" };
	struct slice name = slice_str(run->common->output);
	int result = 0;

	for (size_t i = 0; result == 0 && i < ARRAY_LEN(endings); i++) {
		char *path = mem_printf("%.*s%s", (int)(name.n - MIN(name.n, (size_t)4)),
			name.p ? name.p : "", endings[i]);

		result = check_place(run, c, path, e);
		free(path);
	}
	return result;
}

static int run_shard(struct run *run, struct encode_config *c, struct err *e)
{
	struct output *rejects = NULL;
	const char *path = run->common->rejects;

	if (check_places(run, c, e) < 0)
		return -1;
	if (shard_open(&c->shard, run, run->common->output, c->id_bytes, e) < 0)
		return -1;
	if ((path && run_open(run, path, &rejects, e) < 0) || drive_shard(run, c, rejects, e) < 0) {
		if (rejects)
			output_abort(rejects);
		shard_abort(c->shard);
		return -1;
	}
	if (rejects && run_close(run, &tokenize_encode_stage, c, rejects, e) < 0) {
		shard_abort(c->shard);
		return -1;
	}
	return close_shard(c, e);
}

static int run_jsonl(struct run *run, struct encode_config *c, struct err *e)
{
	struct output *out;

	if (run_open(run, run->common->output, &out, e) < 0)
		return -1;
	if (run_stage(run, &jsonl_pass, (void *)&c, out, e) < 0 || stats_check(run->stats, e) < 0) {
		output_abort(out);
		return -1;
	}
	return run_close(run, &tokenize_encode_stage, c, out, e);
}

static int encode_run(struct run *run, void *config, struct err *e)
{
	struct encode_config *c = config;

	if (run->common->annotate_only)
		return err_set(e, ERR_USAGE, "--annotate-only is for corpus-tokenize count");
	if ((c->to == ENCODE_JSONL ? run_jsonl(run, c, e) : run_shard(run, c, e)) < 0)
		return -1;
	tokenize_seen_note(c->use.seen, run->notes);
	return 0;
}

const struct stage tokenize_encode_stage = {
	.name = "tokenize",
	.summary = "turn records into token ids",
	.common = COMMON_FILTER,
	.setup = encode_setup,
	.describe = encode_describe,
	.release = encode_release,
	.run = encode_run,
};
