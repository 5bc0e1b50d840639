/* The vocabulary that the verbs of corpus-tokenize use. */
#include "lib/core/mem.h"
#include "lib/record/json.h"
#include "lib/stream/input.h"
#include "stages/tokenize/tokenize.h"

#include <stdlib.h>
#include <unistd.h>

const char *const tokenize_specials[] = { "none", "all", "refuse", NULL };

/* The largest vocabulary file in use, o200k_harmony's tokenizer.json, is 28 MB. */
#define MAX_FILE (256 * MIB)

/* The merges.txt that belongs to a file called vocab.json or encoder.json, with whatever name
 * before that: under the same name, or under its usual names in the folder. A new string, or
 * NULL. */
static char *find_merges(const char *path)
{
	static const struct {
		const char *vocab, *merges;
	} pairs[] = {
		{ "vocab.json", "merges.txt" },
		{ "vocab.json", "vocab.bpe" },
		{ "encoder.json", "vocab.bpe" },
		{ "encoder.json", "merges.txt" },
	};
	const char *slash = strrchr(path, '/');
	size_t folder = slash ? (size_t)(slash + 1 - path) : 0;

	for (size_t i = 0; i < 2 * ARRAY_LEN(pairs); i++) {
		struct slice ending = slice_str(pairs[i / 2].vocab);
		size_t head = i % 2 ? folder : strlen(path) - MIN(strlen(path), ending.n);
		char *merges;

		if (!slice_ends(slice_str(path), ending))
			continue;
		merges = mem_printf("%.*s%s", (int)head, path, pairs[i / 2].merges);
		if (access(merges, R_OK) == 0)
			return merges;
		free(merges);
	}
	return NULL;
}

/* True for the text of a vocab.json, which comes with merges; false for one of a tokenizer.json,
 * whatever they are called: in a vocab.json "model" may be a token, but that is a number. */
static bool wants_merges(struct slice text)
{
	static const char key[] = "\"model\"";

	for (;;) {
		text = slice_skip(text, slice_find(text, slice_str(key)) + strlen(key));
		text = slice_trim(text, " \t\r\n:");
		if (!text.n)
			return true;
		if (*text.p == '{')
			return false;
	}
}

static int read_merges(
	const struct tokenize_vocab *v, struct slice text, struct buf *merges, struct err *e)
{
	char *found = v->merges || !wants_merges(text) ? NULL : find_merges(v->path);
	const char *path = v->merges ? v->merges : found;
	int result = path ? input_slurp(path, MAX_FILE, merges, e) : 0;

	free(found);
	return result;
}

static int parse(struct tokenize_vocab *v, struct buf *text, struct buf *merges, struct err *e)
{
	struct vocab_hints hints = { .pattern = v->pattern,
		.specials = v->special_tokens.at,
		.n_specials = v->special_tokens.n };

	if ((v->pattern && pretok_check_pattern(v->pattern, e) < 0) ||
		input_slurp(v->path, MAX_FILE, text, e) < 0)
		return -1;
	if (read_merges(v, buf_view(text), merges, e) < 0)
		return -1;
	hints.merges = buf_view(merges);
	if (vocab_parse_hints(&v->vocab, buf_view(text), &hints, e) < 0)
		return err_wrap(e, "%s", v->path);
	v->kind = vocab_file_kind(buf_view(text));
	vocab_digest(&v->vocab, v->digest);
	return 0;
}

int tokenize_vocab_read(struct tokenize_vocab *v, struct err *e)
{
	struct buf text = { 0 }, merges = { 0 };
	int result;

	if (!v->path)
		return err_set(e, ERR_USAGE, "--vocab FILE is needed");
	v->seen = mem_zalloc(1, sizeof(*v->seen));
	result = parse(v, &text, &merges, e);
	buf_release(&text);
	buf_release(&merges);
	return result;
}

int tokenize_vocab_load(struct tokenize_vocab *v, struct err *e)
{
	if (tokenize_vocab_read(v, e) < 0)
		return -1;
	if (v->vocab.cuts_missing)
		return err_set(e, ERR_USAGE,
			"%s does not say by which pattern text is cut: --pattern is needed",
			v->path);
	if (tokenizer_make(&v->tokenizer, &v->vocab, e) == 0)
		return 0;
	/* A pattern that is refused is the file's fault, or the user's. */
	if (!v->pattern)
		e->code = ERR_DATA;
	return err_wrap(e, "%s", v->path);
}

int tokenize_vocab_load_slim(struct tokenize_vocab *v, struct err *e)
{
	if (tokenize_vocab_load(v, e) < 0)
		return -1;
	tokenizer_slim(&v->tokenizer, &v->vocab);
	return 0;
}

void tokenize_vocab_release(struct tokenize_vocab *v)
{
	tokenizer_release(&v->tokenizer);
	free(v->seen);
	v->seen = NULL;
	vocab_release(&v->vocab);
}

enum verdict tokenize_failed(const struct err *e)
{
	return e->code == ERR_DATA || e->code == ERR_LIMIT ? BAD : FAIL;
}

void tokenize_vocab_describe(const struct tokenize_vocab *v, struct buf *json)
{
	json_put_key(json, "vocabulary");
	json_put_string(json, slice_str(v->digest));
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
