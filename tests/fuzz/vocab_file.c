/* Any bytes as a vocabulary file of any format. Behind the first NUL byte stands a merges.txt for a
 * vocab.json, else a text. What is accepted encodes that text and its own file, decodes what came
 * out, and is written in every format, each of which reads it again or says why not. */
#include "tokenizer/corpustok.h"
#include "tokenizer/vocab_convert.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Without a normaliser, marks and bytes that have no token the text comes back. */
static void check_encode(const struct tokenizer *t, struct slice text, enum special_use special)
{
	const struct vocab *v = t->vocab;
	struct encoder *enc = encoder_new(t);
	struct ids ids = { 0 };
	struct buf back = { 0 };
	struct err e = { 0 };

	if (encode_text(enc, text, special, &ids, &e) == 0) {
		assert(vocab_decode(v, ids.at, ids.n, &back, &e) == 0);
		if (special == SPECIAL_NONE && !v->n_norms && !v->characters && !v->space_mark.n &&
			!v->strip && !pretok_has_gaps(t->pretok))
			assert(slice_eq(buf_view(&back), text));
	}
	buf_release(&back);
	ids_release(&ids);
	encoder_free(enc);
}

static void check_convert(const struct vocab *v)
{
	for (int to = VOCAB_TOKENIZER_JSON; to <= VOCAB_TEKKEN; to++) {
		struct vocab_converted made = { 0 };
		struct buf notes = { 0 };
		struct err e = { 0 };

		if (vocab_convert(v, (enum vocab_format)to, &made, &notes, &e) < 0)
			/* What came from a tokenizer.json can be one. */
			assert(e.text[0] &&
				(to != VOCAB_TOKENIZER_JSON || v->ranked || !v->decoder.p));
		vocab_converted_release(&made);
		buf_release(&notes);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice all = { n ? (const char *)data : "", n };
	struct slice file = slice_head(all, slice_find(all, (struct slice){ "", 1 }));
	struct slice behind = slice_skip(all, file.n + 1);
	struct vocab_hints hints = { 0 };
	struct vocab v = { 0 };
	struct tokenizer t = { 0 };
	struct err e = { 0 };
	int result = vocab_parse_hints(&v, file, &hints, &e);

	if (result < 0 && e.code == ERR_USAGE && behind.n) {
		vocab_release(&v);
		err_clear(&e);
		hints.merges = behind;
		result = vocab_parse_hints(&v, file, &hints, &e);
	}
	if (result == 0 && v.cuts_missing) {
		v.cuts_missing = false;
		vocab_add_pattern(&v, "gpt2");
	}
	if (result == 0 && tokenizer_make(&t, &v, &e) == 0) {
		check_encode(&t, behind, SPECIAL_NONE);
		check_encode(&t, file, SPECIAL_NONE);
		check_encode(&t, file, SPECIAL_ALL);
		check_convert(&v);
	}
	tokenizer_release(&t);
	vocab_release(&v);
	return 0;
}
