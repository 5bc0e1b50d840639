/* GPT-2's two files: vocab.json and merges.txt. */
#include "lib/core/mem.h"
#include "tokenizer/pretok.h"
#include "tokenizer/vocab_parse.h"

#include <inttypes.h>
#include <stdlib.h>

static int read_merges(struct vocab_reader *r, struct slice text, struct err *e)
{
	struct slice line;

	for (uint64_t n = 1; vocab_next_line(&text, &line); n++) {
		struct slice left = slice_head(line, slice_find(line, SLICE(" ")));
		struct slice right = slice_skip(line, left.n + 1);

		if (line.n == 0 || slice_starts(line, SLICE("#version")))
			continue;
		if (left.n == 0 || right.n == 0 || memchr(right.p, ' ', right.n))
			return err_set(
				e, ERR_DATA, "merges: line %" PRIu64 " is not a pair of tokens", n);
		if (vocab_read_merge(r, left, right, e) < 0)
			return err_wrap(e, "merges: line %" PRIu64, n);
	}
	return 0;
}

/* What no merge makes and is no single byte can only be a special token. */
static int add_unmade(struct vocab *v, struct err *e)
{
	bool *made = mem_zalloc(v->n_ids, sizeof(*made));
	int result = 0;

	for (size_t i = 0; i < v->n_merges; i++)
		made[v->merges[i].made] = true;
	for (uint32_t id = 0; id < v->n_ids && result == 0; id++)
		if (v->tokens[id].n > 1 && !made[id])
			result = vocab_add_special(v, id, v->tokens[id], true, e);
	free(made);
	return result;
}

int vocab_parse_two(struct vocab *v, struct slice ids, struct slice merges, struct err *e)
{
	struct vocab_reader r = { .v = v };
	int result = -1;

	vocab_add_pattern(v, pretok_gpt2_pattern);
	if (vocab_read_ids(&r, ids, e) == 0 && read_merges(&r, merges, e) == 0)
		result = add_unmade(v, e);
	vocab_reader_release(&r);
	return result < 0 ? -1 : vocab_finish(v, e);
}
