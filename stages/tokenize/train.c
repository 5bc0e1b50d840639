/* Records or lines of text to a vocabulary. */
#include "lib/core/mem.h"
#include "lib/driver/driver.h"
#include "lib/run.h"
#include "lib/stats.h"
#include "lib/stream/publish.h"
#include "lib/text/utf8.h"
#include "stages/tokenize/text_source.h"
#include "stages/tokenize/tokenize.h"
#include "stages/tokenize/train_spill.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

const char *const train_froms[] = { "records", "text", NULL };
const char *const train_tos[] = { "json", "tiktoken", NULL };
const char *const train_special_ids[] = { "first", "last", NULL };

struct train_worker {
	struct train_run_config *config;
	struct pretok_walk walk;
	uint32_t ends[PRETOK_WALK_ENDS];
	struct train_counts counts;
	struct buf repaired;
};

/* ---- on the workers ---- */

/* The config of the passes is a pointer to the verb's, because workers leave their counts there. */
static void *train_worker_new(const void *config, struct err *e)
{
	struct train_worker *self = mem_zalloc(1, sizeof(*self));

	(void)e;
	self->config = *(struct train_run_config *const *)config;
	return self;
}

/* Called for one worker after the other. */
static void train_worker_free(void *worker)
{
	struct train_worker *self = worker;
	struct train_run_config *c = self->config;

	mem_grow(&c->done, c->n_done, &c->cap_done, sizeof(*c->done));
	c->done[c->n_done++] = self->counts;
	pretok_walk_release(&self->walk);
	buf_release(&self->repaired);
	free(self);
}

/* A line or all of text, whose bytes may be read to its end. */
static int count_line(
	struct train_worker *self, struct slice line, struct slice text, struct err *e)
{
	struct train_cut cut = { .text = line.p, .ends = self->ends, .limit = text.p + text.n };

	while (cut.begin < line.n) {
		if (pretok_fill(&self->walk, self->ends, ARRAY_LEN(self->ends), &cut.n, e) < 0)
			return -1;
		train_counts_cut(&self->counts, &cut);
		cut.begin = self->ends[cut.n - 1];
	}
	return 0;
}

static int count_text(struct train_worker *self, struct slice text, struct err *e)
{
	pretok_begin(&self->walk, self->config->pretok, text);
	return count_line(self, text, text, e);
}

/* Each line with its newline. The text is well-formed. */
static int count_lines(struct train_worker *self, struct slice text, struct err *e)
{
	for (struct slice rest = text, line; rest.n;) {
		line = slice_take_line(&rest);
		pretok_begin_valid(&self->walk, self->config->pretok, line);
		if (count_line(self, line, text, e) < 0)
			return -1;
	}
	return 0;
}

/* Counts that have no room to grow go to disk. */
static int check_share(struct train_worker *self, struct err *e)
{
	const struct train_run_config *c = self->config;

	if (train_counts_next_memory(&self->counts) <= c->share)
		return 0;
	return train_spill_take(c->spill, &self->counts, e);
}

static enum verdict train_record(
	void *worker, struct record *r, struct emitter *to, struct reason *why, struct err *e)
{
	struct train_worker *self = worker;
	struct slice text;
	int result;

	(void)to;
	(void)why;
	tokenize_text(r, &text, &self->config->seen);
	result = self->config->lines ? count_lines(self, text, e) : count_text(self, text, e);
	return result < 0 || check_share(self, e) < 0 ? FAIL : KEEP;
}

static enum verdict train_item(void *worker, const struct item *item, struct emitter *to,
	struct reason *why, struct err *e)
{
	struct train_worker *self = worker;
	struct slice text = item->data;

	(void)why;
	if (!utf8_valid(text)) {
		self->repaired.n = 0;
		utf8_repair(&self->repaired, text);
		text = buf_view(&self->repaired);
	}
	if (count_lines(self, text, e) < 0 || check_share(self, e) < 0)
		return FAIL;
	/* Nothing is written; the line makes the item count as kept. */
	emit_line(to, SLICE("{}"));
	return KEEP;
}

static const struct stage text_pass = {
	.name = "tokenize",
	.worker_new = train_worker_new,
	.item = train_item,
	.source = &text_source_blocks,
	.worker_free = train_worker_free,
};

static const struct stage record_pass = {
	.name = "tokenize",
	.worker_new = train_worker_new,
	.record = train_record,
	.worker_free = train_worker_free,
};

/* ---- the run ---- */

static struct train_config settings_of(const struct train_run_config *c)
{
	return (struct train_config){
		.vocab_size = (uint32_t)c->vocab_size,
		.min_frequency = c->min_frequency,
		.specials = c->specials.at,
		.n_specials = c->specials.n,
		.specials_last = c->special_ids == TRAIN_SPECIALS_LAST,
		.pattern = c->pattern,
	};
}

static int train_setup(void *config, struct err *e)
{
	struct train_run_config *c = config;
	struct train_config settings;
	struct vocab steps = { 0 };
	int result;

	if (c->special_ids < 0)
		c->special_ids =
			c->to == TRAIN_TO_TIKTOKEN ? TRAIN_SPECIALS_LAST : TRAIN_SPECIALS_FIRST;
	settings = settings_of(c);
	if (train_check(&settings, e) < 0 || pretok_check_pattern(c->pattern, e) < 0)
		return -1;
	vocab_add_pattern(&steps, c->pattern);
	result = pretok_new(&c->pretok, steps.cuts, steps.n_cuts, e);
	vocab_release(&steps);
	return result;
}

static void train_release(void *config)
{
	struct train_run_config *c = config;

	pretok_free(c->pretok);
	for (size_t i = 0; i < c->n_done; i++)
		train_counts_release(&c->done[i]);
	free(c->done);
	train_spill_free(c->spill);
}

static int count_pieces(struct run *run, struct train_run_config *c, struct err *e)
{
	struct driver_run d = {
		.stage = c->from == TRAIN_TEXT ? &text_pass : &record_pass,
		.config = (void *)&c,
		.common = run->common,
		.files = run->files,
		.n_files = run->n_files,
		.pool = run->pool,
		.stats = run->stats,
		.notes = run->notes,
	};

	if (driver_run(&d, e) < 0)
		return -1;
	return stats_check(run->stats, e);
}

/* Whether the workers' counts fit in memory as one table, which grows beside them. */
static bool fits(const struct train_run_config *c, uint64_t memory)
{
	uint64_t all = 0;

	for (size_t i = 0; i < c->n_done; i++)
		all += train_counts_memory(&c->done[i]);
	return c->n_done <= 1 || 4 * all <= memory;
}

/* Merging takes a cell's 8 bytes, those of its place and of the pairs with it: 21 in all for 100 MB
 * of English and code to 32,768 tokens. */
enum { BYTES_A_CELL = 24 };

static int check_cells(const struct train_cells *cells, uint64_t memory, struct err *e)
{
	if (cells->n <= memory / BYTES_A_CELL)
		return 0;
	return err_set(e, ERR_LIMIT,
		"merging the different pieces of the text takes more than --memory %" PRIu64 " MiB",
		memory / MIB);
}

static int gather_in_memory(struct train_run_config *c, struct train_cells *cells, struct err *e)
{
	for (size_t i = 1; i < c->n_done; i++)
		train_counts_take(&c->done[0], &c->done[i]);
	return c->n_done ? train_cells_take(cells, &c->done[0], e) : 0;
}

static int gather_from_disk(
	struct train_run_config *c, struct train_cells *cells, uint64_t memory, struct err *e)
{
	for (size_t i = 0; i < c->n_done; i++)
		if (train_spill_take(c->spill, &c->done[i], e) < 0)
			return -1;
	return train_spill_cells(c->spill, cells, memory / BYTES_A_CELL, e);
}

/* All counts to cells. */
static int gather(
	struct train_run_config *c, struct train_cells *cells, uint64_t memory, struct err *e)
{
	bool in_memory = !train_spill_used(c->spill) && fits(c, memory);

	if ((in_memory ? gather_in_memory(c, cells, e) : gather_from_disk(c, cells, memory, e)) < 0)
		return -1;
	return check_cells(cells, memory, e);
}

/* A file of ranks with a longer token is read by others, but not here. */
static void note_long(const struct vocab *v, struct buf *notes)
{
	size_t longest = 0;

	for (uint32_t id = 0; id < v->n_ids; id++)
		longest = MAX(longest, v->tokens[id].n);
	if (longest > VOCAB_MAX_RANKED)
		buf_printf(notes,
			"the longest token has %zu bytes; a .tiktoken file is read here with "
			"tokens of %d at most\n",
			longest, VOCAB_MAX_RANKED);
}

static int write_vocab(
	struct run *run, const struct train_run_config *c, const struct vocab *v, struct err *e)
{
	const char *path = run->common->output;
	struct buf text = { 0 };
	int result;

	if (c->to == TRAIN_TO_TIKTOKEN) {
		vocab_write_tiktoken(v, &text);
		note_long(v, run->notes);
	} else
		vocab_write_json(v, &text);
	if (path && strcmp(path, "-") != 0)
		result = publish_bytes(path, buf_view(&text), e);
	else
		result = write_all(STDOUT_FILENO, text.p, text.n, "standard output", e);
	buf_release(&text);
	return result;
}

static int train_run(struct run *run, void *config, struct err *e)
{
	struct train_run_config *c = config;
	struct train_config settings = settings_of(c);
	uint64_t memory = run->common->memory;
	struct train_cells cells = { 0 };
	struct vocab v = { 0 };
	int result;

	c->share = memory / 8 * 7 / pool_size(run->pool);
	c->spill = train_spill_new(memory / 8, run->common->tmpdir);
	if (count_pieces(run, c, e) < 0)
		return -1;
	tokenize_seen_note(&c->seen, run->notes);
	result = gather(c, &cells, memory, e);
	if (result == 0 && cells.n_pieces == 0)
		result = err_set(e, ERR_DATA, "there is no text to train on");
	if (result == 0)
		result = train_vocab(&v, &cells, &settings, e);
	train_cells_release(&cells);
	if (result == 0 && v.n_ids < c->vocab_size)
		buf_printf(run->notes,
			"the text gave %" PRIu32 " tokens, not %" PRIu64
			": no pair that is left stands often enough (--min-frequency %" PRIu64
			")\n",
			v.n_ids, c->vocab_size, c->min_frequency);
	if (result == 0)
		result = write_vocab(run, c, &v, e);
	vocab_release(&v);
	return result;
}

const struct stage tokenize_train_stage = {
	.name = "tokenize",
	.summary = "make a vocabulary from text",
	.common = COMMON_OUTPUT | COMMON_THREADS | COMMON_RECORDS | COMMON_STATS | COMMON_MEMORY,
	.setup = train_setup,
	.release = train_release,
	.run = train_run,
};
