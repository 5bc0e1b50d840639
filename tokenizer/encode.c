/* Text to token ids. */
#include "tokenizer/encode.h"

#include "lib/core/mem.h"

#include <stdlib.h>
#include <xxhash.h>

/* Recent pieces of more than one token. 64 bytes an entry, 2 MiB: within a core's second-level
 * cache. A new piece takes the place of the one that was in its slot. */
enum { CACHE_SLOTS = 32 * 1024, CACHE_BYTES = 30, CACHE_IDS = 8 };

struct cached {
	uint8_t n_bytes; /* 0: free */
	uint8_t n_ids;
	char bytes[CACHE_BYTES];
	uint32_t ids[CACHE_IDS];
};

struct encoder {
	const struct vocab *vocab;
	const struct pretok *pretok;
	struct pretok_walk walk;
	struct bpe_scratch scratch;
	struct cached *cache;
	bool special_first[256]; /* bytes that a special token begins with */
};

struct encoder *encoder_new(const struct vocab *v, const struct pretok *p)
{
	struct encoder *enc = mem_zalloc(1, sizeof(*enc));

	enc->vocab = v;
	enc->pretok = p;
	enc->cache = mem_zalloc(CACHE_SLOTS, sizeof(*enc->cache));
	for (size_t i = 0; i < v->n_specials; i++)
		enc->special_first[(unsigned char)v->specials[i].text.p[0]] = true;
	return enc;
}

void encoder_free(struct encoder *enc)
{
	if (!enc)
		return;
	pretok_walk_release(&enc->walk);
	bpe_scratch_release(&enc->scratch);
	free(enc->cache);
	free(enc);
}

static int encode_cached(struct encoder *enc, struct slice piece, struct ids *out, struct err *e)
{
	struct cached *at = &enc->cache[XXH3_64bits(piece.p, piece.n) % CACHE_SLOTS];
	size_t was = out->n;

	if (at->n_bytes == piece.n && memcmp(at->bytes, piece.p, piece.n) == 0) {
		memcpy(ids_reserve(out, at->n_ids), at->ids, at->n_ids * sizeof(*at->ids));
		out->n += at->n_ids;
		return 0;
	}
	if (bpe_merge(enc->vocab, &enc->scratch, piece, out, e) < 0)
		return -1;
	if (out->n - was <= CACHE_IDS) {
		at->n_bytes = (uint8_t)piece.n;
		at->n_ids = (uint8_t)(out->n - was);
		memcpy(at->bytes, piece.p, piece.n);
		memcpy(at->ids, out->at + was, at->n_ids * sizeof(*at->ids));
	}
	return 0;
}

static int encode_piece(struct encoder *enc, struct slice piece, struct ids *out, struct err *e)
{
	if (piece.n <= enc->vocab->longest) {
		uint32_t id = vocab_words_find(enc->vocab, &enc->vocab->whole, piece);

		if (id != NO_TOKEN) {
			ids_put(out, id);
			return 0;
		}
	}
	if (piece.n <= CACHE_BYTES)
		return encode_cached(enc, piece, out, e);
	return bpe_merge(enc->vocab, &enc->scratch, piece, out, e);
}

static int encode_plain(struct encoder *enc, struct slice text, struct ids *out, struct err *e)
{
	struct slice piece;
	int got;

	pretok_begin(&enc->walk, enc->pretok, text);
	while ((got = pretok_next(&enc->walk, &piece, e)) > 0)
		if (encode_piece(enc, piece, out, e) < 0)
			return -1;
	return got;
}

/* The longest special token at the front of the text, or NULL. */
static const struct vocab_special *special_at(const struct vocab *v, struct slice text)
{
	const struct vocab_special *best = NULL;

	for (size_t i = 0; i < v->n_specials; i++)
		if (slice_starts(text, v->specials[i].text) &&
			(!best || v->specials[i].text.n > best->text.n))
			best = &v->specials[i];
	return best;
}

int encode_text(struct encoder *enc, struct slice text, enum special_use special, struct ids *out,
	struct err *e)
{
	size_t from = 0;

	for (size_t i = 0; special == SPECIAL_ALL && i < text.n;) {
		const struct vocab_special *s = NULL;

		if (enc->special_first[(unsigned char)text.p[i]])
			s = special_at(enc->vocab, slice_skip(text, i));
		if (!s) {
			i++;
			continue;
		}
		if (encode_plain(enc, (struct slice){ text.p + from, i - from }, out, e) < 0)
			return -1;
		ids_put(out, s->id);
		from = i += s->text.n;
	}
	return encode_plain(enc, slice_skip(text, from), out, e);
}
