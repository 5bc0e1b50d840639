/* One piece of text to tokens where a vocabulary is one of characters. */
#include "tokenizer/bpe_chars.h"

#include "lib/text/utf8.h"

#define NO_SYMBOL UINT32_MAX

/* A token of the piece and its neighbours. One that was merged into its left neighbour has the id
 * NO_TOKEN. */
struct chars_symbol {
	uint32_t id;
	uint32_t before, after; /* NO_SYMBOL at the ends */
};

/* ---- characters to symbols ---- */

static void put_symbol(struct chars_scratch *s, uint32_t id)
{
	uint32_t at = (uint32_t)s->n;

	mem_grow(&s->symbols, s->n, &s->cap, sizeof(*s->symbols));
	s->symbols[s->n++] = (struct chars_symbol){ id, at ? at - 1 : NO_SYMBOL, at + 1 };
}

/* False when one of the bytes has no token: then none is put. */
static bool put_bytes(const struct vocab *v, struct chars_scratch *s, struct slice bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		if (v->byte_id[(unsigned char)bytes.p[i]] == NO_TOKEN)
			return false;
	for (size_t i = 0; i < bytes.n; i++)
		put_symbol(s, v->byte_id[(unsigned char)bytes.p[i]]);
	return true;
}

/* The unknown token stands where the next known character does: behind the bytes of others between
 * them, as the library has it. */
static void put_characters(const struct vocab *v, struct chars_scratch *s, struct slice piece)
{
	bool unknown = false;

	s->n = 0;
	while (piece.n) {
		uint32_t c, id;
		int n = utf8_decode(piece, &c);
		struct slice bytes = slice_head(piece, n < 0 ? 1 : (size_t)n);

		piece = slice_skip(piece, bytes.n);
		id = vocab_words_find(v, &v->words, bytes);
		if (id == NO_TOKEN && put_bytes(v, s, bytes))
			continue;
		if (unknown && (id != NO_TOKEN || !v->fuse_unk))
			put_symbol(s, v->unk_id);
		unknown = id == NO_TOKEN;
		if (!unknown)
			put_symbol(s, id);
	}
	if (unknown)
		put_symbol(s, v->unk_id);
	if (s->n)
		s->symbols[s->n - 1].after = NO_SYMBOL;
}

/* ---- the heap: rank << 32 | place, the smallest first ---- */

static void heap_push(struct chars_scratch *s, uint64_t key)
{
	size_t i;

	mem_grow(&s->heap, s->n_heap, &s->cap_heap, sizeof(*s->heap));
	for (i = s->n_heap++; i > 0 && s->heap[(i - 1) / 2] > key; i = (i - 1) / 2)
		s->heap[i] = s->heap[(i - 1) / 2];
	s->heap[i] = key;
}

static uint64_t heap_pop(struct chars_scratch *s)
{
	uint64_t top = s->heap[0], last = s->heap[--s->n_heap];
	size_t i = 0;

	for (size_t child; (child = 2 * i + 1) < s->n_heap; i = child) {
		if (child + 1 < s->n_heap && s->heap[child + 1] < s->heap[child])
			child++;
		if (s->heap[child] >= last)
			break;
		s->heap[i] = s->heap[child];
	}
	s->heap[i] = last;
	return top;
}

/* ---- merging ---- */

static const struct vocab_pair *pair_at(
	const struct vocab *v, const struct chars_scratch *s, uint32_t at)
{
	const struct chars_symbol *left = &s->symbols[at];

	if (left->id == NO_TOKEN || left->after == NO_SYMBOL)
		return NULL;
	return vocab_pair_find(v, left->id, s->symbols[left->after].id);
}

static void offer(const struct vocab *v, struct chars_scratch *s, uint32_t at)
{
	const struct vocab_pair *pair = at == NO_SYMBOL ? NULL : pair_at(v, s, at);

	if (pair)
		heap_push(s, (uint64_t)pair->rank << 32 | at);
}

static void merge_at(const struct vocab *v, struct chars_scratch *s, uint32_t at, uint32_t made)
{
	struct chars_symbol *left = &s->symbols[at], *right = &s->symbols[left->after];

	left->id = made;
	left->after = right->after;
	right->id = NO_TOKEN;
	if (left->after != NO_SYMBOL)
		s->symbols[left->after].before = at;
	offer(v, s, at);
	offer(v, s, left->before);
}

int bpe_characters(const struct vocab *v, struct chars_scratch *s, struct slice piece,
	struct ids *out, struct err *e)
{
	if (piece.n >= NO_SYMBOL)
		return err_set(
			e, ERR_LIMIT, "a piece of %zu bytes is over the limit of 4 GiB", piece.n);
	put_characters(v, s, piece);
	s->n_heap = 0;
	for (uint32_t i = 0; i < s->n; i++)
		offer(v, s, i);
	while (s->n_heap) {
		uint64_t key = heap_pop(s);
		const struct vocab_pair *pair = pair_at(v, s, (uint32_t)key);

		/* Another rank by now: either symbol was merged since. */
		if (pair && pair->rank == key >> 32)
			merge_at(v, s, (uint32_t)key, pair->made);
	}
	for (uint32_t i = s->n ? 0 : NO_SYMBOL; i != NO_SYMBOL; i = s->symbols[i].after)
		ids_put(out, s->symbols[i].id);
	return 0;
}

void chars_scratch_release(struct chars_scratch *s)
{
	free(s->symbols);
	free(s->heap);
	*s = (struct chars_scratch){ 0 };
}
