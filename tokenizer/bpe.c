/* One piece of text to tokens. */
#include "tokenizer/bpe.h"

/* Pieces of at most this many bytes are merged in a plain array, where the search for the lowest
 * rank is a short loop: quadratic, but bounded. Longer ones take the heap. */
enum { SHORT_PIECE = 48 };

/* A token of the piece and its neighbours, by position of their first bytes. A symbol that was
 * merged into its left neighbour has the id NO_TOKEN. */
struct bpe_symbol {
	uint32_t id;
	uint32_t before, after; /* NO_SYMBOL at the ends */
};

#define NO_SYMBOL UINT32_MAX

/* What the pair at this place would become. */
struct step {
	uint32_t rank, made;
};

static struct step step_of(const struct vocab *v, uint32_t left, uint32_t right)
{
	const struct vocab_pair *pair = vocab_pair_find(v, left, right);

	return pair ? (struct step){ pair->rank, pair->made }
		    : (struct step){ UINT32_MAX, NO_TOKEN };
}

static void merge_short(
	const struct vocab *v, struct bpe_scratch *s, struct slice piece, struct ids *out)
{
	uint32_t *ids = ids_reserve(out, piece.n);
	struct step steps[SHORT_PIECE];
	size_t n = piece.n;

	for (size_t i = 0; i < n; i++)
		ids[i] = v->byte_id[(unsigned char)piece.p[i]];
	for (size_t i = 0; i + 1 < n; i++)
		steps[i] = step_of(v, ids[i], ids[i + 1]);
	while (n > 1) {
		size_t best = 0;

		for (size_t i = 1; i + 1 < n; i++)
			if (steps[i].rank < steps[best].rank)
				best = i;
		if (steps[best].made == NO_TOKEN)
			break;
		s->last = (struct vocab_merge){ ids[best], ids[best + 1], steps[best].made,
			steps[best].rank };
		ids[best] = steps[best].made;
		n--;
		memmove(ids + best + 1, ids + best + 2, (n - best - 1) * sizeof(*ids));
		memmove(steps + best, steps + best + 1, (n - best - 1) * sizeof(*steps));
		if (best + 1 < n)
			steps[best] = step_of(v, ids[best], ids[best + 1]);
		if (best > 0)
			steps[best - 1] = step_of(v, ids[best - 1], ids[best]);
	}
	out->n += n;
}

/* ---- the heap: rank << 32 | position, the smallest first ---- */

static void heap_push(struct bpe_scratch *s, uint64_t key)
{
	size_t i;

	mem_grow(&s->heap, s->n_heap, &s->cap_heap, sizeof(*s->heap));
	for (i = s->n_heap++; i > 0 && s->heap[(i - 1) / 2] > key; i = (i - 1) / 2)
		s->heap[i] = s->heap[(i - 1) / 2];
	s->heap[i] = key;
}

static void sift_down(struct bpe_scratch *s, size_t i, uint64_t key)
{
	for (size_t child; (child = 2 * i + 1) < s->n_heap; i = child) {
		if (child + 1 < s->n_heap && s->heap[child + 1] < s->heap[child])
			child++;
		if (s->heap[child] >= key)
			break;
		s->heap[i] = s->heap[child];
	}
	s->heap[i] = key;
}

static uint64_t heap_pop(struct bpe_scratch *s)
{
	uint64_t top = s->heap[0];

	sift_down(s, 0, s->heap[--s->n_heap]);
	return top;
}

/* All pairs of the symbols as they stand, in linear time (Floyd 1964, treesort 3). */
static void heap_fill(const struct vocab *v, struct bpe_scratch *s, uint32_t n)
{
	s->n_heap = 0;
	for (uint32_t i = 0; i + 1 < n; i++) {
		struct step step = step_of(v, s->symbols[i].id, s->symbols[i + 1].id);

		if (step.made == NO_TOKEN)
			continue;
		mem_grow(&s->heap, s->n_heap, &s->cap_heap, sizeof(*s->heap));
		s->heap[s->n_heap++] = (uint64_t)step.rank << 32 | i;
	}
	for (size_t i = s->n_heap / 2; i-- > 0;)
		sift_down(s, i, s->heap[i]);
}

static void offer(const struct vocab *v, struct bpe_scratch *s, uint32_t at)
{
	const struct bpe_symbol *left = &s->symbols[at];
	struct step step = step_of(v, left->id, s->symbols[left->after].id);

	if (step.made != NO_TOKEN)
		heap_push(s, (uint64_t)step.rank << 32 | at);
}

static void merge_at(const struct vocab *v, struct bpe_scratch *s, uint32_t at, struct step step)
{
	struct bpe_symbol *left = &s->symbols[at], *right = &s->symbols[left->after];

	s->last = (struct vocab_merge){ left->id, right->id, step.made, step.rank };
	left->id = step.made;
	left->after = right->after;
	right->id = NO_TOKEN;
	if (left->after != NO_SYMBOL) {
		s->symbols[left->after].before = at;
		offer(v, s, at);
	}
	if (left->before != NO_SYMBOL)
		offer(v, s, left->before);
}

/* An entry of the heap is stale when the pair at its place has another rank by now: either
 * symbol was merged since. */
static void merge_long(
	const struct vocab *v, struct bpe_scratch *s, struct slice piece, struct ids *out)
{
	uint32_t n = (uint32_t)piece.n;

	if (s->cap_symbols < n) {
		s->cap_symbols = n;
		s->symbols = mem_resize(s->symbols, n, sizeof(*s->symbols));
	}
	for (uint32_t i = 0; i < n; i++)
		s->symbols[i] = (struct bpe_symbol){ v->byte_id[(unsigned char)piece.p[i]],
			i ? i - 1 : NO_SYMBOL, i + 1 < n ? i + 1 : NO_SYMBOL };
	heap_fill(v, s, n);
	while (s->n_heap) {
		uint64_t key = heap_pop(s);
		uint32_t at = (uint32_t)key;
		const struct bpe_symbol *left = &s->symbols[at];
		struct step step;

		if (left->id == NO_TOKEN || left->after == NO_SYMBOL)
			continue;
		step = step_of(v, left->id, s->symbols[left->after].id);
		if (step.made != NO_TOKEN && step.rank == key >> 32)
			merge_at(v, s, at, step);
	}
	for (uint32_t i = 0; i != NO_SYMBOL; i = s->symbols[i].after)
		ids_put(out, s->symbols[i].id);
}

/* Bytes up to the first two that no merge joins. */
static size_t joined(const struct vocab *v, struct slice piece)
{
	size_t n = 1;

	while (n < piece.n && vocab_joins(v, piece.p[n - 1], piece.p[n]))
		n++;
	return n;
}

/* Of random letters such stretches are seldom longer than SHORT_PIECE: with GPT-2's vocabulary 1 MB
 * takes 40 ms, and 220 ms where all of it goes through the heap. Of Han text 12 and 50. */
int bpe_merge(const struct vocab *v, struct bpe_scratch *s, struct slice piece, struct ids *out,
	struct err *e)
{
	if (piece.n >= NO_SYMBOL)
		return err_set(
			e, ERR_LIMIT, "a piece of %zu bytes is over the limit of 4 GiB", piece.n);
	while (piece.n) {
		size_t n = joined(v, piece);

		if (n <= SHORT_PIECE)
			merge_short(v, s, slice_head(piece, n), out);
		else
			merge_long(v, s, slice_head(piece, n), out);
		piece = slice_skip(piece, n);
	}
	return 0;
}

void bpe_scratch_release(struct bpe_scratch *s)
{
	free(s->symbols);
	free(s->heap);
	*s = (struct bpe_scratch){ 0 };
}
