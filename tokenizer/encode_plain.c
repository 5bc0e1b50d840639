/* Text that is normalised and holds no added tokens to token ids. */
#include "tokenizer/encode_plain.h"

#include "lib/core/mem.h"
#include "tokenizer/bpe.h"
#include "tokenizer/crossings.h"
#include "tokenizer/matcher.h"
#include "tokenizer/pieces.h"

#include <stdlib.h>

/* Pieces that are cut before they are looked up, and parts of them that are looked up together. */
enum { ENDS = 256, PARTS = 256 };

/* What is looked up: a piece, or of a long one a part that no merge joins to its neighbours. */
struct part {
	struct piece_key key; /* zero when it is longer than PIECE_SHORT_BYTES */
	const char *p;
	uint32_t n;
	uint32_t way; /* of the short table: where it may stand, then where it stands */
};

struct plain_encoder {
	const struct vocab *vocab;
	const struct pretok *pretok;
	struct pretok_walk walk;
	struct bpe_scratch scratch;
	struct match_scratch matches;
	struct pieces pieces;
	const char *end; /* of the text that may be read */
	struct part parts[PARTS];
	size_t n_parts;
};

struct plain_encoder *plain_encoder_new(const struct vocab *v, const struct pretok *p)
{
	struct plain_encoder *enc = mem_zalloc(1, sizeof(*enc));

	enc->vocab = v;
	enc->pretok = p;
	pieces_init(&enc->pieces);
	return enc;
}

void plain_encoder_free(struct plain_encoder *enc)
{
	if (!enc)
		return;
	pretok_walk_release(&enc->walk);
	bpe_scratch_release(&enc->scratch);
	match_scratch_release(&enc->matches);
	pieces_release(&enc->pieces);
	free(enc);
}

/* ---- parts that are not in the short table ---- */

/* By the tables of the vocabulary. A token that merges do not make may be a whole piece all the
 * same; one that they make is the matcher's first find. */
static int encode_new(struct plain_encoder *enc, struct slice part, struct ids *out, struct err *e)
{
	const struct vocab *v = enc->vocab;

	if (part.n <= (v->matcher ? v->longest_unmade : v->longest)) {
		uint32_t id = vocab_words_find(v, &v->whole, part);

		if (id != NO_TOKEN) {
			ids_put(out, id);
			return 0;
		}
	}
	if (!v->matcher)
		return bpe_merge(v, &enc->scratch, part, out, e);
	matcher_encode(v->matcher, &enc->matches, part, out);
	return 0;
}

static void put_known(const struct piece_long *known, struct ids *out)
{
	size_t n = known->ids[0] >> 24;
	uint32_t *to = ids_reserve(out, n);

	for (size_t i = 0; i < n; i++)
		to[i] = known->ids[i] & 0xFFFFFF;
	out->n += n;
}

/* GCC and Clang know vectors of this size on every machine. */
typedef uint32_t four_ids __attribute__((vector_size(16)));

/* Writes four ids, of which the number returned counts. */
static inline size_t put_four(const struct piece_short *known, uint32_t *to)
{
	const four_ids mask = { 0xFFFFFF, 0xFFFFFF, 0xFFFFFF, 0xFFFFFF };
	four_ids ids;

	memcpy(&ids, known->ids, sizeof(ids));
	ids &= mask;
	memcpy(to, &ids, sizeof(ids));
	return known->ids[0] >> 24;
}

static inline struct piece_key key_of(const struct plain_encoder *enc, struct slice part)
{
	return (size_t)(enc->end - part.p) >= sizeof(struct piece_key)
		? piece_key_fast(part.p, part.n)
		: piece_key_safe(part.p, part.n);
}

/* A part that comes again is looked up, not made again. */
static int encode_kept(struct plain_encoder *enc, struct slice part, struct ids *out, struct err *e)
{
	struct piece_long_key key = piece_long_key(part.p, part.n);
	const struct piece_long *known = pieces_long(&enc->pieces, &key);
	size_t before = out->n;

	if (piece_long_keys_equal(&known->key, &key)) {
		put_known(known, out);
		return 0;
	}
	if (encode_new(enc, part, out, e) < 0)
		return -1;
	if (part.n <= PIECE_SHORT_BYTES && out->n - before <= PIECE_SHORT_IDS)
		pieces_keep_short(&enc->pieces, piece_key_safe(part.p, part.n), out->at + before,
			out->n - before);
	else if (out->n - before <= PIECE_LONG_IDS)
		pieces_keep_long(&enc->pieces, &key, out->at + before, out->n - before);
	return 0;
}

/* From the short table; false when it is not there. */
static bool encode_short(struct plain_encoder *enc, struct slice part, struct ids *out)
{
	const struct piece_short *known = pieces_find_short(&enc->pieces, key_of(enc, part));

	if (!known)
		return false;
	ids_reserve(out, PIECE_SHORT_IDS);
	out->n += put_four(known, out->at + out->n);
	return true;
}

/* A part that is not in its first line. Where it can be cut, its parts are likelier to be
 * there than it is to come again; of Chinese each character, or two. */
static int encode_missed(
	struct plain_encoder *enc, struct slice part, struct ids *out, struct err *e)
{
	size_t before = out->n, n;
	struct slice rest = part;

	if (part.n > PIECE_LONG_BYTES)
		return encode_new(enc, part, out, e);
	if (part.n <= PIECE_SHORT_BYTES && encode_short(enc, part, out))
		return 0;
	if (part.n > PIECE_SHORT_BYTES || enc->vocab->longest_unmade > 0 ||
		(n = crossing_cut(enc->vocab, part)) == part.n)
		return encode_kept(enc, part, out, e);
	for (; rest.n; n = crossing_cut(enc->vocab, rest)) {
		struct slice cut = slice_head(rest, n);

		if (!encode_short(enc, cut, out) && encode_kept(enc, cut, out, e) < 0)
			return -1;
		rest = slice_skip(rest, n);
	}
	if (out->n - before <= PIECE_SHORT_IDS)
		pieces_keep_short(
			&enc->pieces, key_of(enc, part), out->at + before, out->n - before);
	return 0;
}

/* ---- parts ---- */

/* Looks for the parts in their first lines, and lists those that are not there. Which of a line's
 * two entries it is, is as good as random and so no branch. */
static size_t look_first(struct plain_encoder *enc, size_t n, uint16_t missed[PARTS])
{
	size_t n_missed = 0;

	for (size_t i = 0; i < n; i++) {
		struct part *part = &enc->parts[i];
		const struct piece_short *line = &enc->pieces.ways[part->way];
		bool first = piece_keys_equal(line[0].key, part->key);
		bool second = piece_keys_equal(line[1].key, part->key);

		part->way += !first;
		missed[n_missed] = (uint16_t)i;
		n_missed += !(first | second);
	}
	return n_missed;
}

/* Looks for those in their other lines, which are all under way before the first is needed. */
static void look_further(struct plain_encoder *enc, const uint16_t *missed, size_t n)
{
	struct pieces *c = &enc->pieces;

	for (size_t i = 0; i < n; i++) {
		struct part *part = &enc->parts[missed[i]];

		if (part->n > PIECE_SHORT_BYTES)
			continue;
		part->way = pieces_other_way(c, part->key, part->way & ~UINT32_C(1));
		__builtin_prefetch(&c->ways[part->way]);
	}
	for (size_t i = 0; i < n; i++) {
		struct part *part = &enc->parts[missed[i]];

		if (part->n <= PIECE_SHORT_BYTES)
			part->way += !piece_keys_equal(c->ways[part->way].key, part->key);
	}
}

/* The parts collected, in order. What is new in the short table may have taken the place of a part
 * behind it, so that the key is compared again. */
static int encode_parts(struct plain_encoder *enc, struct ids *out, struct err *e)
{
	size_t n = enc->n_parts;
	uint32_t *to = ids_reserve(out, (n + 1) * PIECE_SHORT_IDS);
	uint16_t missed[PARTS];

	look_further(enc, missed, look_first(enc, n, missed));
	enc->n_parts = 0;
	for (size_t i = 0; i < n; i++) {
		const struct part *part = &enc->parts[i];
		const struct piece_short *known = &enc->pieces.ways[part->way];

		if (piece_keys_equal(known->key, part->key) & (part->key.high != 0)) {
			to += put_four(known, to);
			continue;
		}
		out->n = (size_t)(to - out->at);
		if (encode_missed(enc, (struct slice){ part->p, part->n }, out, e) < 0)
			return -1;
		to = ids_reserve(out, (n - i) * PIECE_SHORT_IDS);
	}
	out->n = (size_t)(to - out->at);
	pieces_fit(&enc->pieces);
	return 0;
}

static inline void add_short(struct plain_encoder *enc, struct slice piece)
{
	struct part *part = &enc->parts[enc->n_parts++];

	part->key = key_of(enc, piece);
	part->p = piece.p;
	part->n = (uint32_t)piece.n;
	part->way = pieces_first_way(&enc->pieces, part->key);
	__builtin_prefetch(&enc->pieces.ways[part->way]);
}

/* The parts of a long piece that no merge joins. A vocabulary with tokens that are whole pieces but
 * nothing that merges make is never cut: a part of such bytes is not the token. Of those in use
 * only that of Qwen 3.5 has any. */
static int add_long(struct plain_encoder *enc, struct slice piece, struct ids *out, struct err *e)
{
	bool whole = enc->vocab->longest_unmade > 0;

	while (piece.n) {
		size_t n = whole ? piece.n : crossing_cut(enc->vocab, piece);

		if (enc->n_parts == PARTS && encode_parts(enc, out, e) < 0)
			return -1;
		if (n <= PIECE_SHORT_BYTES)
			add_short(enc, slice_head(piece, n));
		else
			enc->parts[enc->n_parts++] =
				(struct part){ .p = piece.p, .n = (uint32_t)n };
		piece = slice_skip(piece, n);
	}
	return 0;
}

/* ---- texts ---- */

/* The pieces of the text that end at ends; the first one begins at from. */
static int encode_pieces(struct plain_encoder *enc, struct slice text, size_t from,
	const uint32_t *ends, size_t n, struct ids *out, struct err *e)
{
	for (size_t i = 0; i < n; from = ends[i++]) {
		struct slice piece = { text.p + from, ends[i] - from };

		if (piece.n > PIECE_SHORT_BYTES) {
			if (add_long(enc, piece, out, e) < 0)
				return -1;
			continue;
		}
		if (enc->n_parts == PARTS && encode_parts(enc, out, e) < 0)
			return -1;
		add_short(enc, piece);
	}
	return 0;
}

int plain_encode(struct plain_encoder *enc, struct slice text, struct ids *out, struct err *e)
{
	uint32_t ends[ENDS];
	size_t from = 0, n;

	enc->end = text.p + text.n;
	enc->n_parts = 0;
	pretok_begin(&enc->walk, enc->pretok, text);
	while (pretok_fill(&enc->walk, ends, ENDS, &n, e) == 0) {
		if (n == 0)
			return encode_parts(enc, out, e);
		if (encode_pieces(enc, text, from, ends, n, out, e) < 0)
			return -1;
		from = ends[n - 1];
	}
	return -1;
}
