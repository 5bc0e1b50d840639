/* Adds to each record the number of its tokens. */
#include "lib/core/mem.h"
#include "stages/tokenize/tokenize.h"

#include <stdlib.h>

struct count_worker {
	const struct count_config *config;
	struct encoder *encoder;
	struct ids ids;
};

static int count_setup(void *config, struct err *e)
{
	return tokenize_vocab_load_slim(&((struct count_config *)config)->use, e);
}

static void *count_worker_new(const void *config, struct err *e)
{
	struct count_worker *self = mem_zalloc(1, sizeof(*self));

	(void)e;
	self->config = config;
	self->encoder =
		encoder_new_within(&self->config->use.tokenizer, (size_t)self->config->use.cache);
	return self;
}

static enum verdict count_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct count_worker *self = worker;
	enum special_use special = (enum special_use)self->config->use.special;

	struct slice text;

	(void)to;
	(void)why;
	self->ids.n = 0;
	tokenize_text(r, &text, self->config->use.seen);
	if (encode_text(self->encoder, text, special, &self->ids, e) < 0)
		return tokenize_failed(e);
	record_set_uint(r, "token_count", self->ids.n);
	return KEEP;
}

static void count_worker_free(void *worker)
{
	struct count_worker *self = worker;

	encoder_free(self->encoder);
	ids_release(&self->ids);
	free(self);
}

static void count_describe(const void *config, struct buf *json)
{
	tokenize_vocab_describe(&((const struct count_config *)config)->use, json);
}

static int count_finish(void *config, struct buf *notes, struct err *e)
{
	(void)e;
	tokenize_seen_note(((struct count_config *)config)->use.seen, notes);
	return 0;
}

static void count_release(void *config)
{
	tokenize_vocab_release(&((struct count_config *)config)->use);
}

const struct stage tokenize_count_stage = {
	.name = "tokenize",
	.summary = "add the number of tokens to each record",
	.setup = count_setup,
	.worker_new = count_worker_new,
	.record = count_record,
	.worker_free = count_worker_free,
	.describe = count_describe,
	.finish = count_finish,
	.release = count_release,
};
