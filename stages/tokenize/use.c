/* The vocabulary that the verbs of corpus-tokenize use. */
#include "lib/record/json.h"
#include "lib/stream/input.h"
#include "stages/tokenize/tokenize.h"

#include <inttypes.h>

const char *const tokenize_patterns[] = { "gpt2", NULL };
const char *const tokenize_specials[] = { "none", "all", NULL };

/* The largest vocabulary file in use, o200k_harmony's tokenizer.json, is 28 MB. */
#define MAX_FILE (256 * MIB)

static int parse(struct tokenize_vocab *v, struct buf *text, struct buf *merges, struct err *e)
{
	if (input_slurp(v->path, MAX_FILE, text, e) < 0)
		return -1;
	if (v->merges && input_slurp(v->merges, MAX_FILE, merges, e) < 0)
		return -1;
	if (vocab_parse(&v->vocab, buf_view(text), buf_view(merges), e) < 0)
		return err_wrap(e, "%s", v->path);
	return 0;
}

int tokenize_vocab_load(struct tokenize_vocab *v, struct err *e)
{
	struct buf text = { 0 }, merges = { 0 };
	int result;

	if (!v->path)
		return err_set(e, ERR_USAGE, "--vocab FILE is needed");
	result = parse(v, &text, &merges, e);
	buf_release(&text);
	buf_release(&merges);
	if (result < 0)
		return -1;
	if (!v->vocab.pattern && v->pattern < 0)
		return err_set(e, ERR_USAGE,
			"%s does not say by which pattern text is cut: --pattern is needed",
			v->path);
	return pretok_new(&v->pretok, PRETOK_GPT2, e);
}

void tokenize_vocab_release(struct tokenize_vocab *v)
{
	pretok_free(v->pretok);
	v->pretok = NULL;
	vocab_release(&v->vocab);
}

void tokenize_vocab_describe(const struct tokenize_vocab *v, struct buf *json)
{
	char digest[33];

	vocab_digest(&v->vocab, digest);
	json_put_key(json, "vocabulary");
	json_put_string(json, slice_str(digest));
}
