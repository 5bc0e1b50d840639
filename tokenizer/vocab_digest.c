/* What a vocabulary does, as one number. */
#include "lib/core/hex.h"
#include "lib/core/mem.h"
#include "tokenizer/pretok_scan.h"
#include "tokenizer/vocab.h"
#include "tokenizer/vocab_splits.h"

#include <stdlib.h>
#include <xxhash.h>

static int compare_ranks(const void *a, const void *b)
{
	const struct vocab_merge *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->left != y->left)
		return x->left < y->left ? -1 : 1;
	return (x->right > y->right) - (x->right < y->right);
}

struct vocab_merge *vocab_splits(const struct vocab *v, size_t *n)
{
	struct vocab_merge *splits = mem_alloc((v->pairs.mask + 1) * sizeof(*splits));

	*n = 0;
	for (size_t i = 0; i <= v->pairs.mask; i++) {
		const struct vocab_pair *p = &v->pairs.slots[i];

		if (p->key != UINT64_MAX)
			splits[(*n)++] = (struct vocab_merge){ (uint32_t)(p->key >> 32),
				(uint32_t)p->key, p->made, p->rank };
	}
	qsort(splits, *n, sizeof(*splits), compare_ranks);
	return splits;
}

static void digest_u32(XXH3_state_t *state, uint32_t n)
{
	unsigned char le[4] = { (unsigned char)n, (unsigned char)(n >> 8), (unsigned char)(n >> 16),
		(unsigned char)(n >> 24) };

	XXH3_128bits_update(state, le, sizeof(le));
}

static void digest_text(XXH3_state_t *state, struct slice text)
{
	digest_u32(state, (uint32_t)text.n);
	XXH3_128bits_update(state, text.p, text.n);
}

enum {
	IS_SPECIAL = 1,
	IS_NORMALIZED = 2,
	STRIPS_LEFT = 4,
	STRIPS_RIGHT = 8,
	IS_WORD = 16,
	IS_WHOLE = 32,
	IS_FALLBACK = 64
};

static uint32_t special_flags(const struct vocab *v, const struct vocab_special *s)
{
	/* Without a normaliser both ways of looking for it are one. */
	return IS_SPECIAL | (s->normalized && v->n_norms ? IS_NORMALIZED : 0) |
		(s->lstrip ? STRIPS_LEFT : 0) | (s->rstrip ? STRIPS_RIGHT : 0) |
		(s->single_word ? IS_WORD : 0);
}

static void digest_tokens(XXH3_state_t *state, const struct vocab *v)
{
	uint32_t *flags = mem_zalloc(v->n_ids, sizeof(*flags));

	for (size_t i = 0; i < v->n_specials; i++)
		flags[v->specials[i].id] |= special_flags(v, &v->specials[i]);
	for (uint32_t id = 0; id < v->n_ids; id++) {
		if (v->tokens[id].p && vocab_words_find(v, &v->whole, v->tokens[id]) == id)
			flags[id] |= IS_WHOLE;
		if (v->tokens[id].p && vocab_is_fallback(v, id))
			flags[id] |= IS_FALLBACK;
		digest_u32(state, flags[id]);
		digest_text(state, v->tokens[id]);
	}
	free(flags);
}

static void digest_splits(XXH3_state_t *state, const struct vocab *v)
{
	size_t n;
	struct vocab_merge *splits = vocab_splits(v, &n);

	for (size_t i = 0; i < n; i++) {
		digest_u32(state, splits[i].left);
		digest_u32(state, splits[i].right);
		digest_u32(state, splits[i].made);
	}
	free(splits);
}

static void digest_norms(XXH3_state_t *state, const struct vocab *v)
{
	for (size_t i = 0; i < v->n_norms; i++) {
		const struct norm_step *s = &v->norms[i];

		digest_u32(state, s->kind);
		digest_u32(state,
			(uint32_t)(s->regex | s->late << 1 | s->unless << 2 | s->first << 3));
		digest_text(state, s->from);
		digest_text(state, s->to);
	}
}

static void digest_cuts(XXH3_state_t *state, const struct vocab *v)
{
	const struct scanner *known = scanner_for(v->cuts, v->n_cuts);

	digest_text(state, slice_str(known ? known->name : NULL));
	for (size_t i = 0; !known && i < v->n_cuts; i++) {
		digest_u32(state, v->cuts[i].behaviour);
		digest_u32(state, (uint32_t)(v->cuts[i].literal | v->cuts[i].invert << 1));
		digest_text(state, v->cuts[i].pattern);
	}
}

void vocab_digest(const struct vocab *v, char out[33])
{
	XXH3_state_t *state = XXH3_createState();
	XXH128_hash_t hash;

	XXH3_128bits_reset(state);
	digest_tokens(state, v);
	digest_splits(state, v);
	digest_norms(state, v);
	digest_cuts(state, v);
	digest_u32(state, (uint32_t)(v->characters | v->fuse_unk << 1 | v->cuts_missing << 2));
	digest_u32(state, v->has_unk ? v->unk_id : NO_TOKEN);
	hash = XXH3_128bits_digest(state);
	XXH3_freeState(state);
	hex_128(hash.high64, hash.low64, out);
}
