/* One vocabulary file made from another. */
#include "lib/run.h"
#include "lib/stream/publish.h"
#include "stages/tokenize/tokenize.h"
#include "tokenizer/vocab_convert.h"

#include <stdlib.h>
#include <unistd.h>

const char *const convert_tos[] = { "tokenizer.json", "vocab", "tiktoken", "tekken", NULL };

/* NAMEvocab.json has NAMEmerges.txt beside it. A new string, or NULL with e set. */
static char *merges_path(const char *path, struct err *e)
{
	struct slice name = slice_str(path), ending = SLICE("vocab.json");

	if (path && slice_ends(name, ending))
		return mem_printf("%.*smerges.txt", (int)(name.n - ending.n), path);
	err_set(e, ERR_USAGE,
		"--to vocab writes two files: -o must name one that ends in vocab.json");
	return NULL;
}

static int open_with(struct publish **out, const char *path, struct slice bytes, struct err *e)
{
	if (publish_open(out, path, e) < 0)
		return -1;
	if (write_all(publish_fd(*out), bytes.p, bytes.n, path, e) == 0 &&
		publish_park(*out, e) == 0)
		return 0;
	publish_abort(*out);
	return -1;
}

/* Both are there before either appears. */
static int write_two(
	struct run *run, const char *merges, const struct vocab_converted *made, struct err *e)
{
	struct publish *one, *two;

	if (run_check_input(run, merges, e) < 0 ||
		open_with(&one, run->common->output, buf_view(&made->text), e) < 0)
		return -1;
	if (open_with(&two, merges, buf_view(&made->merges), e) < 0) {
		publish_abort(one);
		return -1;
	}
	if (publish_commit(two, e) < 0) {
		publish_abort(one);
		return -1;
	}
	return publish_commit(one, e);
}

static int write_made(
	struct run *run, const char *merges, const struct vocab_converted *made, struct err *e)
{
	const char *path = run->common->output;

	if (merges)
		return write_two(run, merges, made, e);
	if (path && strcmp(path, "-") != 0)
		return publish_bytes(path, buf_view(&made->text), e);
	return write_all(STDOUT_FILENO, made->text.p, made->text.n, "standard output", e);
}

static int convert_run(struct run *run, void *config, struct err *e)
{
	struct convert_config *c = config;
	struct vocab_converted made = { 0 };
	char *merges = NULL;
	int result = -1;

	if (run->n_files != 1)
		return err_set(e, ERR_USAGE, "one vocabulary is needed");
	if (c->to < 0)
		return err_set(e, ERR_USAGE, "--to FORMAT is needed");
	if (c->to == VOCAB_TWO_FILES && !(merges = merges_path(run->common->output, e)))
		return -1;
	c->use.path = run->files[0];
	if (tokenize_vocab_load(&c->use, e) == 0 &&
		vocab_convert(&c->use.vocab, (enum vocab_format)c->to, &made, run->notes, e) == 0)
		result = write_made(run, merges, &made, e);
	if (result < 0)
		run->notes->n = 0;
	vocab_converted_release(&made);
	free(merges);
	return result;
}

static void convert_release(void *config)
{
	tokenize_vocab_release(&((struct convert_config *)config)->use);
}

const struct stage tokenize_convert_stage = {
	.name = "tokenize",
	.summary = "make a vocabulary file from another",
	.operands = "VOCABULARY",
	.common = COMMON_OUTPUT,
	.release = convert_release,
	.run = convert_run,
};
