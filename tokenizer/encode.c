/* Text to token ids. */
#include "tokenizer/encode.h"

#include "lib/core/mem.h"
#include "tokenizer/bpe.h"
#include "tokenizer/bpe_chars.h"
#include "tokenizer/encode_plain.h"

#include <stdlib.h>

struct encoder {
	const struct tokenizer *t;
	struct normal_walk normal, late;
	struct plain_encoder *plain; /* NULL: piece by piece */
	struct pretok_walk walk;
	struct bpe_scratch bytes;
	struct chars_scratch characters;
};

struct encoder *encoder_new(const struct tokenizer *t)
{
	return encoder_new_within(t, ENCODER_MEMORY);
}

struct encoder *encoder_new_within(const struct tokenizer *t, size_t memory)
{
	struct encoder *enc = mem_zalloc(1, sizeof(*enc));

	enc->t = t;
	if (!t->vocab->characters && !pretok_has_gaps(t->pretok))
		enc->plain = plain_encoder_new(t->vocab, t->pretok, memory);
	return enc;
}

void encoder_free(struct encoder *enc)
{
	if (!enc)
		return;
	normal_walk_release(&enc->normal);
	normal_walk_release(&enc->late);
	plain_encoder_free(enc->plain);
	pretok_walk_release(&enc->walk);
	bpe_scratch_release(&enc->bytes);
	chars_scratch_release(&enc->characters);
	free(enc);
}

/* ---- without the fast tables ---- */

static int encode_piece(struct encoder *enc, struct slice piece, struct ids *out, struct err *e)
{
	const struct vocab *v = enc->t->vocab;

	if (piece.n <= v->longest) {
		uint32_t id = vocab_words_find(v, &v->whole, piece);

		if (id != NO_TOKEN) {
			ids_put(out, id);
			return 0;
		}
	}
	if (v->characters)
		return bpe_characters(v, &enc->characters, piece, out, e);
	return bpe_merge(v, &enc->bytes, piece, out, e);
}

static int encode_pieces(struct encoder *enc, struct slice text, struct ids *out, struct err *e)
{
	struct slice piece;
	int got;

	pretok_begin(&enc->walk, enc->t->pretok, text);
	while ((got = pretok_next(&enc->walk, &piece, e)) > 0)
		if (encode_piece(enc, piece, out, e) < 0)
			return -1;
	return got;
}

/* ---- the parts of a text ---- */

/* Where added tokens are found, and by what. */
struct search {
	enum special_use special;
	struct ids *out;
	struct err *e;
};

/* A part without added tokens. at_start says whether it begins where the whole text does. */
static int encode_rest(
	struct encoder *enc, struct slice part, bool at_start, const struct search *s)
{
	const struct tokenizer *t = enc->t;

	if (t->late && normal_apply(t->late, &enc->late, part, at_start, &part, s->e) < 0)
		return -1;
	if (part.n == 0)
		return 0;
	return enc->plain ? plain_encode(enc->plain, part, s->out, s->e)
			  : encode_pieces(enc, part, s->out, s->e);
}

typedef int part_fn(struct encoder *enc, struct slice part, bool at_start, const struct search *s);

static int put_added(const struct vocab_special *token, const struct search *s)
{
	if (token->control && s->special == SPECIAL_REFUSE)
		return err_set(s->e, ERR_DATA, "the text holds the special token \"%.*s\"",
			(int)MIN(token->text.n, (size_t)80), token->text.p);
	ids_put(s->out, token->id);
	return 0;
}

/* The added tokens of the set, and what encode makes of the text between them. */
static int encode_between(struct encoder *enc, const struct added *set, struct slice text,
	bool at_start, const struct search *s, part_fn *encode)
{
	struct added_walk w = { .set = set, .text = text };
	const struct vocab_special *token;
	struct slice gap;

	if (!set || s->special == SPECIAL_NONE)
		return encode(enc, text, at_start, s);
	while (added_next(&w, &gap, &token)) {
		if (gap.n && encode(enc, gap, at_start && gap.p == text.p, s) < 0)
			return -1;
		if (put_added(token, s) < 0)
			return -1;
	}
	return encode(enc, gap, at_start && w.given == 0, s);
}

/* What lies between the tokens that are found in the text as it is. */
static int encode_part(
	struct encoder *enc, struct slice part, bool at_start, const struct search *s)
{
	const struct tokenizer *t = enc->t;

	if (t->normal && normal_apply(t->normal, &enc->normal, part, at_start, &part, s->e) < 0)
		return -1;
	return encode_between(enc, t->added_normal, part, at_start, s, encode_rest);
}

/* Of a vocabulary that has no token for each byte. */
static int check_bytes(const struct vocab *v, struct slice text, struct err *e)
{
	for (size_t i = 0; v->bytes_missing && i < text.n; i++)
		if (v->byte_id[(unsigned char)text.p[i]] == NO_TOKEN)
			return err_set(e, ERR_DATA,
				"the text is not UTF-8, and the vocabulary has no token for its "
				"byte 0x%02X",
				(unsigned char)text.p[i]);
	return 0;
}

int encode_text(struct encoder *enc, struct slice text, enum special_use special, struct ids *out,
	struct err *e)
{
	struct search s = { .special = special, .out = out, .e = e };

	if (check_bytes(enc->t->vocab, text, e) < 0)
		return -1;
	return encode_between(enc, enc->t->added, text, true, &s, encode_part);
}
