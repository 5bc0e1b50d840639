/* Vocabularies written as ranks: .tiktoken and tekken.json. */
#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/text/utf8.h"
#include "tokenizer/base64.h"
#include "tokenizer/vocab_write.h"

#include <inttypes.h>
#include <stdlib.h>

/* By id: whether the token is a special one that no merge makes, which no rank is for. The caller
 * frees it. */
static bool *special_ids(const struct vocab *v)
{
	bool *special = mem_zalloc(v->n_ids, sizeof(*special));

	for (size_t i = 0; i < v->n_specials; i++)
		special[v->specials[i].id] = true;
	for (size_t i = 0; i < v->n_merges; i++)
		special[v->merges[i].made] = false;
	return special;
}

void vocab_write_tiktoken(const struct vocab *v, struct buf *out)
{
	bool *special = special_ids(v);

	for (uint32_t id = 0; id < v->n_ids; id++) {
		if (!v->tokens[id].p || special[id])
			continue;
		base64_put(out, v->tokens[id]);
		buf_printf(out, " %" PRIu32 "\n", id);
	}
	free(special);
}

static int check_tekken(const struct vocab *v, uint32_t n_specials, struct err *e)
{
	bool *special = special_ids(v);
	uint32_t wrong = 0;

	while (wrong < v->n_ids && v->tokens[wrong].p && special[wrong] == (wrong < n_specials) &&
		(wrong < n_specials || wrong >= n_specials + 256 ||
			v->byte_id[wrong - n_specials] == wrong))
		wrong++;
	free(special);
	if (wrong == v->n_ids)
		return 0;
	return err_set(e, ERR_DATA,
		"tekken.json has the special tokens first, then the bytes in order, then the "
		"others without holes: the id %" PRIu32 " is none such",
		wrong);
}

/* The text, or null where the bytes are none. */
static void put_text(struct slice token, struct buf *out)
{
	if (utf8_valid(token))
		json_put_string(out, token);
	else
		buf_str(out, "null");
}

static void put_tekken_ranks(const struct vocab *v, uint32_t first, struct buf *out)
{
	for (uint32_t id = first; id < v->n_ids; id++) {
		buf_printf(out, "%s\n  {\"rank\": %" PRIu32 ", \"token_bytes\": \"",
			id > first ? "," : "", id - first);
		base64_put(out, v->tokens[id]);
		buf_str(out, "\", \"token_str\": ");
		put_text(v->tokens[id], out);
		buf_byte(out, '}');
	}
}

static void put_tekken_specials(const struct vocab *v, struct buf *out)
{
	const struct vocab_special **list = vocab_write_specials(v);

	for (size_t i = 0; i < v->n_specials; i++) {
		buf_printf(out, "%s\n  {\"rank\": %" PRIu32 ", \"token_str\": ", i ? "," : "",
			list[i]->id);
		json_put_string(out, list[i]->text);
		buf_printf(out, ", \"is_control\": %s}", list[i]->control ? "true" : "false");
	}
	free(list);
}

int vocab_write_tekken(const struct vocab *v, struct buf *out, struct err *e)
{
	uint32_t n_specials = (uint32_t)v->n_specials;

	if (v->n_cuts != 1 || v->cuts[0].literal)
		return err_set(e, ERR_DATA, "tekken.json has one pattern, and the vocabulary %zu",
			v->n_cuts);
	if (check_tekken(v, n_specials, e) < 0)
		return -1;
	buf_str(out, "{\"config\": {\"pattern\": ");
	json_put_string(out, v->cuts[0].pattern);
	buf_printf(out,
		", \"num_vocab_tokens\": %" PRIu32 ", \"default_vocab_size\": %" PRIu32
		", \"default_num_special_tokens\": %" PRIu32
		", \"version\": \"v3\"},\n\"vocab\": [",
		v->n_ids - n_specials, v->n_ids, n_specials);
	put_tekken_ranks(v, n_specials, out);
	buf_str(out, "\n],\n\"special_tokens\": [");
	put_tekken_specials(v, out);
	buf_str(out, "\n]}\n");
	return 0;
}
