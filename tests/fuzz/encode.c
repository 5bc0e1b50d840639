/* Any bytes as text, under a vocabulary trained on them: both ways to cut agree and decoding gives
 * the text back. PCRE2 may have older Unicode tables than ICU, so they are compared on ASCII. */
#include "tokenizer/corpustok.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_cuts(const struct pretok *a, const struct pretok *b, struct slice text,
	bool ascii, struct train_counts *counts)
{
	struct pretok_walk w = { 0 }, v = { 0 };
	struct slice p, q;
	struct err e = { 0 };

	pretok_begin(&w, a, text);
	pretok_begin(&v, b, text);
	while (pretok_next(&w, &p, &e) > 0) {
		assert(!ascii || (pretok_next(&v, &q, &e) > 0 && slice_eq(p, q)));
		train_counts_add(counts, p, 1);
	}
	pretok_walk_release(&w);
	pretok_walk_release(&v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = { n ? (const char *)data : "", n };
	const char *const specials[] = { "<a>" };
	struct train_config config = { .vocab_size = 300,
		.specials = specials,
		.n_specials = 1,
		.pattern = pretok_gpt2_pattern };
	struct train_counts counts = { 0 };
	struct train_cells cells = { 0 };
	static struct pretok *a, *b; /* made once: it takes longer than a short text */
	struct vocab v = { 0 };
	struct tokenizer tok = { 0 };
	struct ids ids = { 0 };
	struct buf back = { 0 };
	struct err e = { 0 };
	struct encoder *enc;
	bool ascii = true;
	size_t n_steps;
	const struct cut_step *steps = pretok_named("gpt2", &n_steps);

	for (size_t i = 0; i < n; i++)
		ascii &= data[i] < 0x80;
	assert(a || pretok_new_named(&a, "gpt2", &e) == 0);
	assert(b || pretok_new_reference(&b, steps, n_steps, &e) == 0);
	check_cuts(a, b, text, ascii, &counts);
	assert(train_cells_take(&cells, &counts, &e) == 0);
	assert(train_vocab(&v, &cells, &config, &e) == 0);
	assert(tokenizer_make(&tok, &v, &e) == 0);
	enc = encoder_new(&tok);
	assert(encode_text(enc, text, SPECIAL_ALL, &ids, &e) == 0);
	assert(vocab_decode(&v, ids.at, ids.n, &back, &e) == 0);
	assert(slice_eq(buf_view(&back), text));
	encoder_free(enc);
	tokenizer_release(&tok);
	ids_release(&ids);
	buf_release(&back);
	vocab_release(&v);
	return 0;
}
