/* Records or plain text to token ids: shards, or JSON lines. */
#include "lib/core/mem.h"
#include "lib/driver/driver.h"
#include "lib/record/json.h"
#include "lib/run.h"
#include "lib/stats.h"
#include "lib/text/utf8.h"
#include "stages/tokenize/text_source.h"
#include "stages/tokenize/token_set.h"
#include "stages/tokenize/tokenize.h"

#include <inttypes.h>
#include <stdlib.h>

const char *const encode_froms[] = { "records", "text", "lines", NULL };
const char *const encode_tos[] = { "flat", "megatron", "npy", "olmo", "datatrove", "mds", "jsonl",
	NULL };
const char *const encode_types[] = { "auto", "uint16", "uint32", NULL };
const char *const encode_tails[] = { "pad", "drop", NULL };

struct encode_worker {
	struct encode_config *config;
	struct encoder *encoder;
	struct ids ids;
	struct buf text, line;
};

/* ---- before the run ---- */

static bool is_jsonl(const struct encode_config *c)
{
	return c->to == ENCODE_JSONL;
}

/* What no single option can check. */
static int check_options(const struct encode_config *c, struct err *e)
{
	if (c->bytes && c->from == ENCODE_RECORDS)
		return err_set(e, ERR_USAGE,
			"--bytes is for --from text and lines: records are UTF-8 always");
	if (c->llmc && c->to > ENCODE_FLAT)
		return err_set(e, ERR_USAGE, "--llmc is for --to flat");
	if (c->tail >= 0 && !c->pack)
		return err_set(e, ERR_USAGE, "--tail is for --pack");
	if (c->pack && !*c->eot && c->tail != ENCODE_DROP)
		return err_set(e, ERR_USAGE,
			"without --eot there is nothing to pad the last sequence with: --pack "
			"needs --tail drop then");
	return 0;
}

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

static int encode_setup(void *config, struct err *e)
{
	struct encode_config *c = config;

	pthread_mutex_init(&c->list.lock, NULL);
	if (check_options(c, e) < 0 || tokenize_vocab_load_slim(&c->use, e) < 0)
		return -1;
	return choose_type(c, e);
}

static void encode_release(void *config)
{
	struct encode_config *c = config;

	waiting_release(&c->list);
	pthread_mutex_destroy(&c->list.lock);
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
	self->encoder =
		encoder_new_within(&self->config->use.tokenizer, (size_t)self->config->use.cache);
	return self;
}

static void encode_worker_free(void *worker)
{
	struct encode_worker *self = worker;

	encoder_free(self->encoder);
	ids_release(&self->ids);
	buf_release(&self->text);
	buf_release(&self->line);
	free(self);
}

static int to_ids(struct encode_worker *self, struct slice text, struct err *e)
{
	enum special_use special = (enum special_use)self->config->use.special;

	self->ids.n = 0;
	return encode_text(self->encoder, text, special, &self->ids, e);
}

static void put_line(struct encode_worker *self, struct slice id, struct emitter *to)
{
	struct buf *line = &self->line;

	line->n = 0;
	buf_str(line, "{\"id\":");
	buf_slice(line, id.n ? id : SLICE("null"));
	buf_str(line, ",\"ids\":[");
	for (size_t i = 0; i < self->ids.n; i++) {
		if (i)
			buf_byte(line, ',');
		json_put_uint(line, self->ids.at[i]);
	}
	buf_str(line, "]}");
	emit_line(to, buf_view(line));
}

static void pack(char *out, const struct ids *ids, unsigned id_bytes)
{
	for (size_t i = 0; i < ids->n; i++) {
		uint32_t id = ids->at[i];

		*out++ = (char)id;
		*out++ = (char)(id >> 8);
		if (id_bytes == 2)
			continue;
		*out++ = (char)(id >> 16);
		*out++ = (char)(id >> 24);
	}
}

/* To the thread that writes. Without a token behind each document one may have none, and none has
 * no place in a sequence. */
static bool hand_over(struct encode_worker *self, struct slice id, struct note *note)
{
	struct encode_config *c = self->config;
	struct waiting *w;

	if (c->eot_id != NO_TOKEN)
		ids_put(&self->ids, c->eot_id);
	if (c->pack && !self->ids.n)
		return false;
	w = waiting_add(&c->list, self->ids.n * c->id_bytes, id);
	pack(w->bytes, &self->ids, c->id_bytes);
	note->lo = (uintptr_t)w;
	return true;
}

static enum verdict encode_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct encode_worker *self = worker;
	struct slice text;

	if (!tokenize_text(r, &text, self->config->use.seen))
		return drop_named(why, "no_text", record_id(r));
	if (to_ids(self, text, e) < 0)
		return tokenize_failed(e);
	if (is_jsonl(self->config)) {
		put_line(self, record_raw(r, "id"), to);
		return SPLIT;
	}
	if (hand_over(self, record_raw(r, "id"), &r->note))
		return KEEP;
	return drop_named(why, "no_tokens", record_id(r));
}

/* A text is called by its file, a line by its number there too, from 1. */
static void item_id(const struct encode_worker *self, const struct item *item, struct buf *out)
{
	struct buf name = { 0 };

	buf_str(&name, item->path);
	if (self->config->from == ENCODE_LINES)
		buf_printf(&name, ":%" PRIu64, item->number + 1);
	json_put_string(out, buf_view(&name));
	buf_release(&name);
}

static struct slice item_text(struct encode_worker *self, struct slice text, struct emitter *to)
{
	if (self->config->bytes || utf8_valid(text))
		return text;
	self->text.n = 0;
	to->replaced += utf8_repair(&self->text, text);
	return buf_view(&self->text);
}

static enum verdict encode_item(void *worker, const struct item *item, struct emitter *to,
	struct reason *why, struct err *e)
{
	struct encode_worker *self = worker;
	struct buf id = { 0 };
	enum verdict v = KEEP;

	atomic_store_explicit(&self->config->use.seen->text, true, memory_order_relaxed);
	if (to_ids(self, item_text(self, item->data, to), e) < 0)
		return tokenize_failed(e);
	item_id(self, item, &id);
	if (is_jsonl(self->config)) {
		put_line(self, buf_view(&id), to);
	} else {
		/* It is written nowhere but makes the item count as kept. */
		emit_line(to, SLICE("{}"));
		if (!hand_over(self, buf_view(&id), &to->note))
			v = drop_named(why, "no_tokens", slice_str(item->path));
	}
	buf_release(&id);
	return v;
}

/* ---- on one thread, in input order ---- */

static enum verdict shard_decide(
	void *config, uint64_t n, struct note note, struct reason *why, struct err *e)
{
	struct encode_config *c = *(struct encode_config **)config;
	struct waiting *w = (struct waiting *)(uintptr_t)note.lo;
	struct slice ids = { w->bytes, w->n };
	struct slice id = { w->n_id ? w->bytes + w->n : NULL, w->n_id };
	int result;

	(void)n;
	(void)why;
	result = token_set_document(c->set, ids, id, e);
	waiting_free(&c->list, w);
	return result < 0 ? FAIL : KEEP;
}

/* ---- the run ---- */

/* The pass for what is read and what is written. */
static struct stage pass_for(const struct encode_config *c)
{
	struct stage pass = {
		.name = "tokenize",
		.worker_new = encode_worker_new,
		.worker_free = encode_worker_free,
	};

	if (c->from == ENCODE_RECORDS) {
		pass.record = encode_record;
	} else {
		pass.item = encode_item;
		pass.source = c->from == ENCODE_TEXT ? &text_source_whole : &text_source_lines;
	}
	if (!is_jsonl(c))
		pass.decide = shard_decide;
	return pass;
}

static int drive_shards(
	struct run *run, struct encode_config *c, struct output *rejects, struct err *e)
{
	struct stage pass = pass_for(c);
	struct driver_run d = {
		.stage = &pass,
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

static int find_eot(struct encode_config *c, struct err *e)
{
	c->eot_id = NO_TOKEN;
	if (!*c->eot)
		return 0;
	c->eot_id = vocab_find(&c->use.vocab, slice_str(c->eot));
	if (c->eot_id == NO_TOKEN)
		return err_set(
			e, ERR_USAGE, "%s has no token \"%s\" for --eot", c->use.path, c->eot);
	return 0;
}

static int open_set(struct run *run, struct encode_config *c, struct err *e)
{
	struct token_set_options o = {
		.format = token_formats[c->to],
		.path = run->common->output,
		.id_bytes = c->id_bytes,
		.llmc = c->llmc,
		.pack = c->pack,
		.drop_tail = c->tail == ENCODE_DROP,
		.shard_tokens = c->shard_tokens,
		.eot = c->eot,
		.eot_id = c->eot_id,
		.vocab_ids = c->use.vocab.n_ids,
		.vocab_digest = c->use.digest,
		.vocab_path = c->use.path,
	};

	return token_set_open(&c->set, run, &tokenize_encode_stage, c, &o, e);
}

static int run_shards(struct run *run, struct encode_config *c, struct err *e)
{
	struct output *rejects = NULL;
	const char *path = run->common->rejects;

	if (find_eot(c, e) < 0 || open_set(run, c, e) < 0)
		return -1;
	if ((path && run_open(run, path, &rejects, e) < 0) ||
		drive_shards(run, c, rejects, e) < 0) {
		output_abort(rejects);
		token_set_abort(c->set);
		return -1;
	}
	if (rejects && run_close(run, &tokenize_encode_stage, c, rejects, e) < 0) {
		token_set_abort(c->set);
		return -1;
	}
	return token_set_close(c->set, run->notes, e);
}

/* JSON lines of ids are for other programs than ours, so that a pipe gets them plain. */
static int open_lines(struct run *run, struct output **out, struct err *e)
{
	struct common common = *run->common;
	struct run plain = *run;

	common.plain |= !common.output || strcmp(common.output, "-") == 0;
	plain.common = &common;
	return run_open(&plain, common.output, out, e);
}

static int run_jsonl(struct run *run, struct encode_config *c, struct err *e)
{
	struct stage pass = pass_for(c);
	struct output *out;

	if (c->pack || c->shard_tokens)
		return err_set(e, ERR_USAGE, "--pack and --shard-tokens are not for --to jsonl");
	if (open_lines(run, &out, e) < 0)
		return -1;
	if (run_stage(run, &pass, (void *)&c, out, e) < 0 || stats_check(run->stats, e) < 0) {
		output_abort(out);
		return -1;
	}
	return run_close(run, &tokenize_encode_stage, c, out, e);
}

static int check_common(const struct encode_config *c, const struct run *run, struct err *e)
{
	const struct common *common = run->common;

	if (common->annotate_only)
		return err_set(e, ERR_USAGE, "--annotate-only is for corpus-tokenize count");
	if (c->from != ENCODE_RECORDS && (common->with.n || common->range))
		return err_set(e, ERR_USAGE, "--with and --range are for --from records");
	return run_check_input(run, c->use.path, e);
}

static int encode_run(struct run *run, void *config, struct err *e)
{
	struct encode_config *c = config;
	const char *path = run->common->output;
	bool standard = !path || strcmp(path, "-") == 0;

	if (check_common(c, run, e) < 0)
		return -1;
	if (c->to < 0)
		c->to = standard && !c->llmc ? ENCODE_JSONL : ENCODE_FLAT;
	if ((is_jsonl(c) ? run_jsonl(run, c, e) : run_shards(run, c, e)) < 0)
		return -1;
	tokenize_seen_note(c->use.seen, run->notes);
	return 0;
}

const struct stage tokenize_encode_stage = {
	.name = "tokenize",
	.summary = "turn records or text into token ids",
	.common = COMMON_FILTER,
	.setup = encode_setup,
	.describe = encode_describe,
	.release = encode_release,
	.run = encode_run,
};
