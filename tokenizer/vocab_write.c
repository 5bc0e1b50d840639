/* Vocabularies written as the files others read: what all have in common, and GPT-2's two files. */
#include "tokenizer/vocab_write.h"

#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "tokenizer/bytemap.h"
#include "tokenizer/vocab_splits.h"

#include <inttypes.h>
#include <stdlib.h>

void vocab_writer_init(struct vocab_writer *w, const struct vocab *v, struct buf *out)
{
	*w = (struct vocab_writer){ .v = v, .out = out, .with_added = true };
	w->as_is = mem_zalloc(v->n_ids, sizeof(*w->as_is));
	for (size_t i = 0; i < v->n_specials; i++)
		w->as_is[v->specials[i].id] = v->specials[i].added;
}

void vocab_writer_release(struct vocab_writer *w)
{
	buf_release(&w->scratch);
	free(w->as_is);
}

void vocab_write_token(struct vocab_writer *w, uint32_t id)
{
	struct slice token = w->v->tokens[id];

	buf_clear(&w->scratch, w->scratch.cap);
	if (vocab_is_fallback(w->v, id))
		buf_printf(&w->scratch, "<0x%02X>", (unsigned)(unsigned char)*token.p);
	else if (w->as_is[id] || w->v->characters)
		buf_slice(&w->scratch, token);
	else
		bytemap_put(&w->scratch, token);
	json_put_string(w->out, buf_view(&w->scratch));
}

void vocab_write_ids(struct vocab_writer *w, const char *indent)
{
	const char *comma = "";

	for (uint32_t id = 0; id < w->v->n_ids; id++) {
		if (!w->v->tokens[id].p || (w->as_is[id] && !w->with_added))
			continue;
		buf_printf(w->out, "%s\n%s", comma, indent);
		vocab_write_token(w, id);
		buf_printf(w->out, ": %" PRIu32, id);
		comma = ",";
	}
}

struct vocab_merge *vocab_write_list(const struct vocab *v, size_t *n)
{
	struct vocab_merge *list;

	if (v->ranked)
		return vocab_splits(v, n);
	*n = v->n_merges;
	list = mem_zalloc(v->n_merges, sizeof(*list));
	if (v->n_merges)
		memcpy(list, v->merges, v->n_merges * sizeof(*list));
	return list;
}

static int compare_ids(const void *a, const void *b)
{
	const struct vocab_special *x = *(const struct vocab_special *const *)a;
	const struct vocab_special *y = *(const struct vocab_special *const *)b;

	return (x->id > y->id) - (x->id < y->id);
}

const struct vocab_special **vocab_write_specials(const struct vocab *v)
{
	const struct vocab_special **list = mem_zalloc(v->n_specials + 1, sizeof(const void *));

	for (size_t i = 0; i < v->n_specials; i++)
		list[i] = &v->specials[i];
	qsort(list, v->n_specials, sizeof(const void *), compare_ids);
	return list;
}

void vocab_write_vocab(const struct vocab *v, struct buf *out)
{
	struct vocab_writer w;

	vocab_writer_init(&w, v, out);
	buf_byte(out, '{');
	vocab_write_ids(&w, "");
	buf_str(out, "\n}\n");
	vocab_writer_release(&w);
}

void vocab_write_merges(const struct vocab *v, struct buf *out)
{
	size_t n;
	struct vocab_merge *list = vocab_write_list(v, &n);

	buf_str(out, "#version: 0.2\n");
	for (size_t i = 0; i < n; i++) {
		bytemap_put(out, v->tokens[list[i].left]);
		buf_byte(out, ' ');
		bytemap_put(out, v->tokens[list[i].right]);
		buf_byte(out, '\n');
	}
	free(list);
}
