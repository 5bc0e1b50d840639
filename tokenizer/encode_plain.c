/* Text that is normalised and holds no added tokens to token ids. */
#include "tokenizer/encode_plain.h"

#include "lib/core/mem.h"
#include "tokenizer/bpe.h"
#include "tokenizer/crossings.h"
#include "tokenizer/matcher.h"
#include "tokenizer/pieces.h"

#include <stdlib.h>

/* Pieces that are cut before they are looked up, and parts of them that are looked up together. */
enum { ENDS = 256, PARTS = 2 * ENDS };

/* What is looked up: a piece, or of a long one a part that no merge joins to its neighbours. */
struct part {
	/* Of one that is longer than PIECE_SHORT_BYTES a key that no piece has. */
	struct piece_key key;
	const char *p;
	uint32_t n;
	uint32_t way; /* its home in the short table */
};

/* Parts whose lines are called into the first cache ahead of their turn; into the second one they
 * are when they are collected. */
enum { AHEAD = 12 };

/* The pieces of some scripts are words, which come again; those of others, which are written
 * without spaces, are clauses, which don't. Whether it pays to look a long piece up whole, or
 * its parts at once, is learnt by its beginning: a hit saves about twice what a look in vain
 * costs. Where it did not pay it is not tried again, and shorter pieces are cut too, from
 * PIECES_CUT bytes on: those of more than two characters of Chinese. */
enum { PAYS_AT_FIRST = 1000, PAYS_AT_MOST = 4000, PIECES_CUT = 6 };

/* The first byte of a piece, or 256 and the second where the first is ASCII. */
enum { BEGINNINGS = 512 };

struct plain_encoder {
	const struct vocab *vocab;
	const struct pretok *pretok;
	struct pretok_walk walk;
	struct bpe_scratch scratch;
	struct match_scratch matches;
	struct pieces pieces;
	struct part parts[PARTS + AHEAD];
	size_t n_parts;
	int16_t pays[BEGINNINGS]; /* to look them up whole; below 0 it does not */
	unsigned char whole[256]; /* by its first byte: bytes of a piece that is a part as it is */
};

struct plain_encoder *plain_encoder_new(
	const struct vocab *v, const struct pretok *p, size_t memory)
{
	struct plain_encoder *enc = mem_zalloc(1, sizeof(*enc));

	enc->vocab = v;
	enc->pretok = p;
	pieces_init(&enc->pieces, memory);
	for (size_t i = 0; i < BEGINNINGS; i++)
		enc->pays[i] = PAYS_AT_FIRST;
	memset(enc->whole, PIECE_SHORT_BYTES, sizeof(enc->whole));
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

/* ---- parts that are not in their first lines ---- */

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

static void put_long(const struct piece_long *known, struct ids *out)
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

/* From the long table. */
static bool encode_known_long(struct plain_encoder *enc, struct slice part, struct ids *out)
{
	struct piece_long_key key = piece_long_key(part.p, part.n);
	const struct piece_long *known = pieces_find_long(&enc->pieces, &key);

	if (known)
		put_long(known, out);
	return known != NULL;
}

/* From either table; false when the part, of at most PIECE_LONG_BYTES, is in none. */
static bool encode_known(struct plain_encoder *enc, struct slice part, struct ids *out)
{
	const struct piece_short *known;
	bool is_long = true;

	if (part.n <= PIECE_SHORT_BYTES) {
		known = pieces_find(&enc->pieces, piece_key_safe(part.p, part.n), &is_long);
		if (known) {
			ids_reserve(out, PIECE_SHORT_IDS);
			out->n += put_four(known, out->at + out->n);
			return true;
		}
	}
	return is_long && encode_known_long(enc, part, out);
}

/* Where a part can be cut its parts are likelier to be known than it is to come again; of Chinese
 * each character, or two. */
static int encode_cut(struct plain_encoder *enc, struct slice part, struct ids *out, struct err *e)
{
	for (size_t n; part.n; part = slice_skip(part, n)) {
		size_t before = out->n;
		struct slice cut;

		n = crossing_cut(enc->vocab, part);
		cut = slice_head(part, n);
		if (encode_known(enc, cut, out))
			continue;
		if (encode_new(enc, cut, out, e) < 0)
			return -1;
		pieces_keep(&enc->pieces, cut.p, cut.n, out->at + before, out->n - before);
	}
	return 0;
}

static bool is_ascii(struct slice s)
{
	unsigned char any = 0;

	for (size_t i = 0; i < s.n; i++)
		any |= (unsigned char)s.p[i];
	return any < 0x80;
}

/* A vocabulary with tokens that are whole pieces but nothing that merges make is never cut: a part
 * of such bytes is not the token. Of those in use only that of Qwen 3.5 has any. */
static bool may_cut(const struct plain_encoder *enc)
{
	return enc->vocab->longest_unmade == 0;
}

static int encode_unknown(
	struct plain_encoder *enc, struct slice part, struct ids *out, struct err *e)
{
	size_t before = out->n;
	int result;

	if (may_cut(enc) && !is_ascii(part) && crossing_cut(enc->vocab, part) < part.n)
		result = encode_cut(enc, part, out, e);
	else
		result = encode_new(enc, part, out, e);
	if (result == 0)
		pieces_keep(&enc->pieces, part.p, part.n, out->at + before, out->n - before);
	return result;
}

/* ---- long pieces, whole or cut ---- */

static unsigned beginning(struct slice piece)
{
	unsigned char first = (unsigned char)piece.p[0];

	return first < 0x80 ? 256u + (unsigned char)piece.p[1] : first;
}

static bool pays_whole(const struct plain_encoder *enc, struct slice piece)
{
	return piece.n <= PIECE_LONG_BYTES && enc->pays[beginning(piece)] >= 0;
}

static void learn(struct plain_encoder *enc, struct slice piece, bool hit)
{
	unsigned at = beginning(piece);

	if (enc->pays[at] < 0)
		return;
	enc->pays[at] = (int16_t)MIN(enc->pays[at] + (hit ? 2 : -1), (int)PAYS_AT_MOST);
	if (enc->pays[at] < 0 && at < 256)
		enc->whole[at] = PIECES_CUT;
}

/* ---- parts ---- */

/* A part that is not in its first line. */
static int encode_missed(
	struct plain_encoder *enc, struct slice part, struct ids *out, struct err *e)
{
	bool known;

	if (part.n > PIECE_LONG_BYTES)
		return encode_new(enc, part, out, e);
	known = encode_known(enc, part, out);
	if (part.n > PIECE_SHORT_BYTES)
		learn(enc, part, known);
	return known ? 0 : encode_unknown(enc, part, out, e);
}

/* The parts collected, in order. */
static int encode_parts(struct plain_encoder *enc, struct ids *out, struct err *e)
{
	const struct piece_short *ways = enc->pieces.ways;
	size_t n = enc->n_parts;
	uint32_t *to = ids_reserve(out, (n + 1) * PIECE_SHORT_IDS);

	enc->n_parts = 0;
	for (size_t i = 0; i < n; i++) {
		const struct part *part = &enc->parts[i];
		const struct piece_short *home = &ways[part->way];
		uint64_t first = piece_keys_differ(home[0].key, part->key);
		uint64_t second = piece_keys_differ(home[1].key, part->key);

		__builtin_prefetch(&ways[part[AHEAD].way]);

		/* Which of the two it is, is as good as random and so no branch. */
		if (__builtin_expect((first == 0) | (second == 0), 1)) {
			to += put_four(&home[first != 0], to);
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

/* roomy: 16 bytes may be read from its beginning on. */
static inline struct part short_part(
	const struct plain_encoder *enc, const char *p, size_t n, bool roomy)
{
	struct piece_key key = roomy ? piece_key_fast(p, n) : piece_key_safe(p, n);
	uint32_t way = pieces_home(&enc->pieces, key);

	__builtin_prefetch(&enc->pieces.ways[way], 0, 2);
	return (struct part){ key, p, (uint32_t)n, way };
}

static struct part long_part(const struct plain_encoder *enc, const char *p, size_t n)
{
	if (n <= PIECE_LONG_BYTES) {
		struct piece_long_key key = piece_long_key(p, n);

		__builtin_prefetch(&enc->pieces.longs[pieces_long_home(&enc->pieces, &key)]);
	}
	return (struct part){ .key.high = UINT64_MAX, .p = p, .n = (uint32_t)n };
}

/* A piece that is longer than PIECE_SHORT_BYTES, or what no merge joins of it. The room for others
 * is kept. */
static int add_long(struct plain_encoder *enc, struct slice piece, size_t others, bool roomy,
	struct ids *out, struct err *e)
{
	bool whole = !may_cut(enc) || pays_whole(enc, piece);

	while (piece.n) {
		size_t n = whole ? piece.n : crossing_cut(enc->vocab, piece);

		if (enc->n_parts + others >= PARTS && encode_parts(enc, out, e) < 0)
			return -1;
		enc->parts[enc->n_parts++] = n <= PIECE_SHORT_BYTES
			? short_part(enc, piece.p, n, roomy)
			: long_part(enc, piece.p, n);
		piece = slice_skip(piece, n);
	}
	return 0;
}

/* ---- texts ---- */

/* The pieces that end at ends, at most ENDS; the first one begins at from. */
__attribute__((always_inline)) static inline int collect(struct plain_encoder *enc,
	const char *text, size_t from, const uint32_t *ends, size_t n, bool roomy, struct ids *out,
	struct err *e)
{
	struct part *part = enc->parts;

	for (size_t i = 0; i < n; from = ends[i++]) {
		size_t bytes = ends[i] - from;

		if (__builtin_expect(bytes <= enc->whole[(unsigned char)text[from]], 1)) {
			*part++ = short_part(enc, text + from, bytes, roomy);
			continue;
		}
		enc->n_parts = (size_t)(part - enc->parts);
		if (add_long(enc, (struct slice){ text + from, bytes }, n - i, roomy, out, e) < 0)
			return -1;
		part = enc->parts + enc->n_parts;
	}
	enc->n_parts = (size_t)(part - enc->parts);
	return encode_parts(enc, out, e);
}

static int encode_pieces(struct plain_encoder *enc, struct slice text, size_t from,
	const uint32_t *ends, size_t n, struct ids *out, struct err *e)
{
	if (text.n - ends[n - 1] >= sizeof(struct piece_key))
		return collect(enc, text.p, from, ends, n, true, out, e);
	return collect(enc, text.p, from, ends, n, false, out, e);
}

int plain_encode(struct plain_encoder *enc, struct slice text, struct ids *out, struct err *e)
{
	uint32_t ends[ENDS];
	size_t from = 0, n;

	enc->n_parts = 0;
	pretok_begin(&enc->walk, enc->pretok, text);
	while (pretok_fill(&enc->walk, ends, ENDS, &n, e) == 0) {
		if (n == 0)
			return 0;
		if (encode_pieces(enc, text, from, ends, n, out, e) < 0)
			return -1;
		from = ends[n - 1];
	}
	return -1;
}
