/* The vocabulary that the verbs of corpus-tokenize use. */
#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/stream/input.h"
#include "stages/tokenize/tokenize.h"

#include <stdlib.h>

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
	v->seen = mem_zalloc(1, sizeof(*v->seen));
	result = parse(v, &text, &merges, e);
	buf_release(&text);
	buf_release(&merges);
	if (result < 0)
		return -1;
	if (v->vocab.cuts_missing && v->pattern < 0)
		return err_set(e, ERR_USAGE,
			"%s does not say by which pattern text is cut: --pattern is needed",
			v->path);
	return pretok_new_named(&v->pretok, "gpt2", e);
}

void tokenize_vocab_release(struct tokenize_vocab *v)
{
	pretok_free(v->pretok);
	v->pretok = NULL;
	free(v->seen);
	v->seen = NULL;
	vocab_release(&v->vocab);
}

void tokenize_vocab_describe(const struct tokenize_vocab *v, struct buf *json)
{
	char digest[33];

	vocab_digest(&v->vocab, digest);
	json_put_key(json, "vocabulary");
	json_put_string(json, slice_str(digest));
}

bool tokenize_text(struct record *r, struct slice *text, struct tokenize_seen *seen)
{
	bool found = record_str(r, "text", text) == RECORD_FOUND;
	atomic_bool *flag = found ? &seen->text : &seen->no_text;

	/* Read first: writing for each record would pass the line between cores. */
	if (!atomic_load_explicit(flag, memory_order_relaxed))
		atomic_store_explicit(flag, true, memory_order_relaxed);
	return found;
}

void tokenize_seen_note(const struct tokenize_seen *seen, struct buf *notes)
{
	if (atomic_load(&seen->no_text) && !atomic_load(&seen->text))
		buf_str(notes, "no record has a string text\n");
}
