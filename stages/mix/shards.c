/* The shards of a mix. */
#include "stages/mix/shards.h"

#include "lib/core/mem.h"

#include <ctype.h>
#include <stdlib.h>

/* GNU C's 128-bit product: b * N does not fit 64 bits for petabytes and many shards. */
__extension__ typedef unsigned __int128 wide;

void shard_list_release(struct shard_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->at[i].file);
		free(l->at[i].by_source);
	}
	free(l->at);
	*l = (struct shard_list){ 0 };
}

char *shard_name(const char *prefix, size_t i, size_t n, bool plain)
{
	return mem_printf("%s-%05zu-of-%05zu.jsonl%s", prefix, i, n, plain ? "" : ".zst");
}

/* Takes five digits or more off the end of name. */
static bool take_number(struct slice *name)
{
	size_t n = 0;

	while (n < name->n && isdigit((unsigned char)name->p[name->n - n - 1]))
		n++;
	name->n -= n;
	return n >= 5;
}

static bool take_end(struct slice *name, struct slice end)
{
	if (!slice_ends(*name, end))
		return false;
	name->n -= end.n;
	return true;
}

struct slice shard_prefix(const char *name)
{
	struct slice s = slice_str(name);

	take_end(&s, SLICE(".zst"));
	if (take_end(&s, SLICE(".jsonl")) && take_number(&s) && take_end(&s, SLICE("-of-")) &&
		take_number(&s) && take_end(&s, SLICE("-")))
		return s;
	return (struct slice){ 0 };
}

struct writer {
	struct shard_list *list;
	struct run *run;
	const struct stage *stage;
	const void *config;
	const char *dir, *prefix;
	size_t n;
	struct sources *sources;
	uint64_t bytes, total; /* before the next line; of all lines */
	size_t next; /* shard to be opened */
	struct output *out; /* of shard next - 1 */
	struct shard *shard; /* its entry */
};

static int open_next(struct writer *w, struct err *e)
{
	struct shard_list *l = w->list;
	char *path;
	int result;

	mem_grow(&l->at, l->n, &l->cap, sizeof(*l->at));
	w->shard = &l->at[l->n++];
	*w->shard = (struct shard){
		.file = shard_name(w->prefix, w->next++, w->n, w->run->common->plain),
		.by_source = mem_zalloc(w->sources->n, sizeof(uint64_t)),
	};
	path = mem_printf("%s/%s", w->dir, w->shard->file);
	result = run_open(w->run, path, &w->out, e);
	free(path);
	return result;
}

static int close_current(struct writer *w, struct err *e)
{
	struct output *out = w->out;

	w->out = NULL;
	return out ? run_close(w->run, w->stage, w->config, out, e) : 0;
}

/* Opens shards up to number i, and closes those before. */
static int advance_to(struct writer *w, size_t i, struct err *e)
{
	while (w->next <= i)
		if (close_current(w, e) < 0 || open_next(w, e) < 0)
			return -1;
	return 0;
}

static int put(struct writer *w, const struct shuffle_line *line, struct err *e)
{
	size_t shard = (size_t)((wide)w->bytes * w->n / w->total);
	struct tally t = { .tokens = line->tokens, .text_bytes = line->text_bytes };

	if (advance_to(w, shard, e) < 0)
		return -1;
	digest_line(&t.digest, slice_head(line->line, line->line.n - 1));
	tally_add(&w->shard->all, &t);
	tally_add(&w->sources->at[line->source].out, &t);
	w->shard->by_source[line->source]++;
	w->bytes += line->line.n;
	return output_lines(w->out, line->line, 1, &t.digest, e);
}

int shards_write(struct shard_list *list, struct run *run, const struct stage *stage,
	const void *config, const char *dir, const char *prefix, size_t n, struct shuffle *lines,
	struct sources *sources, struct err *e)
{
	struct writer w = { .list = list,
		.run = run,
		.stage = stage,
		.config = config,
		.dir = dir,
		.prefix = prefix,
		.n = n,
		.sources = sources,
		.total = shuffle_bytes(lines) };
	struct shuffle_line line;
	int got;

	while ((got = shuffle_next(lines, &line, e)) > 0)
		if (put(&w, &line, e) < 0)
			goto fail;
	if (got < 0 || advance_to(&w, n - 1, e) < 0)
		goto fail;
	return close_current(&w, e);
fail:
	output_abort(w.out);
	return -1;
}
