/* A vocabulary with all that encoding by it needs. */
#include "tokenizer/tokenizer.h"

#include <assert.h>

int tokenizer_make(struct tokenizer *t, const struct vocab *v, struct err *e)
{
	t->vocab = v;
	if (v->cuts_missing)
		return err_set(e, ERR_USAGE, "the file does not say by which pattern text is cut");
	if (normal_new(&t->normal, v->norms, v->n_norms, false, e) < 0 ||
		normal_new(&t->late, v->norms, v->n_norms, true, e) < 0 ||
		added_new(&t->added, v->specials, v->n_specials, false, NULL, e) < 0 ||
		added_new(&t->added_normal, v->specials, v->n_specials, true, t->normal, e) < 0)
		return -1;
	return pretok_new(&t->pretok, v->cuts, v->n_cuts, e);
}

void tokenizer_slim(const struct tokenizer *t, struct vocab *v)
{
	assert(t->vocab == v);
	if (v->matcher && !v->characters && !pretok_has_gaps(t->pretok))
		vocab_slim(v);
}

void tokenizer_release(struct tokenizer *t)
{
	added_free(t->added);
	added_free(t->added_normal);
	normal_free(t->normal);
	normal_free(t->late);
	pretok_free(t->pretok);
	*t = (struct tokenizer){ 0 };
}
