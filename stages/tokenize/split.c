/* Where the pieces of each text end that tokens never cross. */
#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "stages/tokenize/tokenize.h"

#include <stdlib.h>

struct split_worker {
	const struct split_config *config;
	struct pretok_walk walk;
	struct buf line;
};

static int split_setup(void *config, struct err *e)
{
	struct split_config *c = config;

	if (c->use.path)
		return tokenize_vocab_load(&c->use, e);
	if (!c->use.pattern)
		return err_set(e, ERR_USAGE, "--pattern or --vocab is needed");
	c->use.seen = mem_zalloc(1, sizeof(*c->use.seen));
	if (pretok_check_pattern(c->use.pattern, e) < 0)
		return -1;
	vocab_add_pattern(&c->use.vocab, c->use.pattern);
	return tokenizer_make(&c->use.tokenizer, &c->use.vocab, e);
}

static void *split_worker_new(const void *config, struct err *e)
{
	struct split_worker *self = mem_zalloc(1, sizeof(*self));

	(void)e;
	self->config = config;
	return self;
}

static void split_worker_free(void *worker)
{
	struct split_worker *self = worker;

	pretok_walk_release(&self->walk);
	buf_release(&self->line);
	free(self);
}

/* Appends the byte offsets. */
static int put_ends(struct split_worker *self, struct slice text, struct err *e)
{
	struct slice piece;
	bool any = false;
	int got;

	pretok_begin(&self->walk, self->config->use.tokenizer.pretok, text);
	while ((got = pretok_next(&self->walk, &piece, e)) > 0) {
		if (any)
			buf_byte(&self->line, ',');
		any = true;
		json_put_uint(&self->line, (uint64_t)(piece.p + piece.n - text.p));
	}
	return got;
}

static enum verdict split_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct split_worker *self = worker;
	struct slice text, id = record_raw(r, "id");

	if (!tokenize_text(r, &text, self->config->use.seen))
		return drop_named(why, "no_text", record_id(r));
	self->line.n = 0;
	buf_str(&self->line, "{\"id\":");
	buf_slice(&self->line, id.p ? id : SLICE("null"));
	buf_str(&self->line, ",\"ends\":[");
	if (put_ends(self, text, e) < 0)
		return tokenize_failed(e);
	buf_str(&self->line, "]}");
	emit_line(to, buf_view(&self->line));
	return SPLIT;
}

static int split_finish(void *config, struct buf *notes, struct err *e)
{
	(void)e;
	tokenize_seen_note(((struct split_config *)config)->use.seen, notes);
	return 0;
}

static void split_release(void *config)
{
	tokenize_vocab_release(&((struct split_config *)config)->use);
}

const struct stage tokenize_split_stage = {
	.name = "tokenize",
	.summary = "show where the pattern cuts text",
	.setup = split_setup,
	.worker_new = split_worker_new,
	.record = split_record,
	.worker_free = split_worker_free,
	.finish = split_finish,
	.release = split_release,
};
