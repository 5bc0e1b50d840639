/* One vocabulary file made from another, with the same ids for every text. */
#include "tokenizer/vocab_convert.h"

#include "lib/core/mem.h"
#include "tokenizer/pretok_pattern.h"
#include "tokenizer/pretok_scan.h"

#include <inttypes.h>
#include <stdlib.h>

static const char *const names[] = { "tokenizer.json", "vocab.json", "a .tiktoken file",
	"tekken.json" };

/* ---- what a format cannot hold ---- */

static const struct vocab_special *find_flagged(const struct vocab *v)
{
	for (size_t i = 0; i < v->n_specials; i++) {
		const struct vocab_special *s = &v->specials[i];

		if (s->lstrip || s->rstrip || s->single_word)
			return s;
	}
	return NULL;
}

/* For all but tokenizer.json. */
static int check_plain(const struct vocab *v, enum vocab_format to, struct err *e)
{
	const struct vocab_special *flagged = find_flagged(v);

	if (v->characters)
		return err_set(e, ERR_DATA, "%s holds bytes, and this vocabulary is of characters",
			names[to]);
	if (v->n_norms && to != VOCAB_TIKTOKEN)
		return err_set(e, ERR_DATA, "%s cannot say how text is normalised", names[to]);
	if (v->bytes_missing && to != VOCAB_TWO_FILES)
		return err_set(
			e, ERR_DATA, "%s needs a token for each of the 256 bytes", names[to]);
	if (flagged)
		return err_set(e, ERR_DATA,
			"%s cannot say that the added token \"%.*s\" strips white space or stands "
			"alone",
			names[to], (int)MIN(flagged->text.n, (size_t)80), flagged->text.p);
	return 0;
}

static bool is_known(const struct vocab *v, const char *name)
{
	const struct scanner *known = scanner_for(v->cuts, v->n_cuts);

	return known && strcmp(known->name, name) == 0;
}

static int check_syntax(const struct vocab *v, enum vocab_format to, struct err *e)
{
	bool from_rust = v->ranked, to_rust = to == VOCAB_TEKKEN;

	if (scanner_for(v->cuts, v->n_cuts) || from_rust == to_rust)
		return 0;
	for (size_t i = 0; i < v->n_cuts; i++) {
		const char *what =
			v->cuts[i].literal ? NULL : pattern_ambiguous(v->cuts[i].pattern);

		if (what)
			return err_set(e, ERR_DATA,
				"the pattern has %s, which means another thing in %s", what,
				names[to]);
	}
	return 0;
}

/* ---- the same vocabulary again ---- */

static void copy_steps(struct vocab *to, const struct vocab *from)
{
	for (size_t i = 0; i < from->n_cuts; i++)
		vocab_add_cut(to, &from->cuts[i]);
	to->cuts_missing = from->cuts_missing;
}

/* The special tokens of v as TEXT=ID. */
static void give_specials(const struct vocab *v, struct vocab_hints *hints, struct arena *arena)
{
	const char **list = arena_alloc(arena, (v->n_specials + 1) * sizeof(*list));
	struct buf text = { 0 };

	for (size_t i = 0; i < v->n_specials; i++) {
		text.n = 0;
		buf_slice(&text, v->specials[i].text);
		buf_printf(&text, "=%" PRIu32, v->specials[i].id);
		list[i] = arena_copy(arena, buf_view(&text)).p;
	}
	buf_release(&text);
	hints->specials = list;
	hints->n_specials = v->n_specials;
}

/* Sets what a file of ranks does not say as v has it, when it is not known by itself. */
static int read_ranks(const struct vocab *v, struct vocab *again, struct slice text,
	struct buf *notes, struct err *e)
{
	struct vocab_hints hints = { 0 };
	struct arena arena = { 0 };
	char one[33], two[33];
	int result = vocab_parse_hints(again, text, &hints, e);

	if (result < 0)
		return -1;
	vocab_digest(v, one);
	vocab_digest(again, two);
	if (strcmp(one, two) == 0)
		return 0;
	vocab_release(again);
	give_specials(v, &hints, &arena);
	result = vocab_parse_hints(again, text, &hints, e);
	arena_release(&arena);
	if (result < 0)
		return -1;
	if (v->n_specials)
		buf_printf(notes,
			"a .tiktoken file does not hold special tokens: %zu must be given "
			"(--special-tokens)\n",
			v->n_specials);
	if (again->cuts_missing) {
		const struct scanner *known = scanner_for(v->cuts, v->n_cuts);

		buf_printf(notes,
			"a .tiktoken file does not hold the pattern: it must be given "
			"(--pattern%s%s)\n",
			known ? " " : "", known ? known->name : "");
		copy_steps(again, v);
	}
	return 0;
}

static int read_again(const struct vocab *v, struct vocab *again, enum vocab_format to,
	const struct vocab_converted *c, struct buf *notes, struct err *e)
{
	if (to == VOCAB_TIKTOKEN)
		return read_ranks(v, again, buf_view(&c->text), notes, e);
	return vocab_parse(again, buf_view(&c->text), buf_view(&c->merges), e);
}

/* The first id whose token is another, or is found otherwise. */
static bool differs(const struct vocab *a, const struct vocab *b, uint32_t id)
{
	struct slice x = vocab_token(a, id), y = vocab_token(b, id);

	if (!x.p || !y.p)
		return x.p != y.p;
	return !slice_eq(x, y) ||
		(vocab_words_find(a, &a->whole, x) == id) !=
		(vocab_words_find(b, &b->whole, y) == id);
}

static const char *pattern_name(const struct vocab *v)
{
	const struct scanner *known = scanner_for(v->cuts, v->n_cuts);

	return known ? known->name : "another";
}

static int explain(
	const struct vocab *v, const struct vocab *again, enum vocab_format to, struct err *e)
{
	const char *is = pattern_name(v), *would_be = pattern_name(again);

	if (v->n_norms != again->n_norms)
		return err_set(e, ERR_DATA, "%s cannot say how text is normalised", names[to]);
	if (strcmp(is, would_be) != 0)
		return err_set(e, ERR_DATA,
			"%s would be read with the pattern %s, and the vocabulary's is %s",
			names[to], would_be, is);
	if (v->n_specials != again->n_specials)
		return err_set(e, ERR_DATA,
			"%s does not have the same special tokens: %zu, not %zu", names[to],
			again->n_specials, v->n_specials);
	for (uint32_t id = 0; id < MAX(v->n_ids, again->n_ids); id++)
		if (differs(v, again, id))
			return err_set(e, ERR_DATA,
				"%s cannot hold the token %" PRIu32
				": it would not be found in the "
				"same texts",
				names[to], id);
	return err_set(e, ERR_DATA, "%s would not encode alike: merges would go in another order",
		names[to]);
}

static int check_same(const struct vocab *v, enum vocab_format to, const struct vocab_converted *c,
	struct buf *notes, struct err *e)
{
	struct vocab again = { 0 };
	char one[33], two[33];
	int result = read_again(v, &again, to, c, notes, e);

	if (result == 0) {
		vocab_digest(v, one);
		vocab_digest(&again, two);
		if (strcmp(one, two) != 0)
			result = explain(v, &again, to, e);
	} else {
		err_wrap(e, "what was written is not read again");
	}
	vocab_release(&again);
	return result;
}

static void note_what_is_left(const struct vocab *v, enum vocab_format to, struct buf *notes)
{
	if (to != VOCAB_TOKENIZER_JSON && v->post_processor.n &&
		!slice_eq(v->post_processor, SLICE("null")))
		buf_printf(notes,
			"%s does not hold the post_processor, which puts tokens around a text "
			"where that is asked for\n",
			names[to]);
	if (to == VOCAB_TWO_FILES && v->n_specials)
		buf_printf(notes, "%s does not say which of its tokens are special: %zu are\n",
			names[to], v->n_specials);
}

int vocab_convert(const struct vocab *v, enum vocab_format to, struct vocab_converted *out,
	struct buf *notes, struct err *e)
{
	if (v->cuts_missing)
		return err_set(e, ERR_USAGE, "the file does not say by which pattern text is cut");
	if (to != VOCAB_TOKENIZER_JSON && check_plain(v, to, e) < 0)
		return -1;
	if (to == VOCAB_TWO_FILES && !is_known(v, "gpt2"))
		return err_set(e, ERR_DATA, "%s is for GPT-2's pattern", names[to]);
	if (to != VOCAB_TIKTOKEN && check_syntax(v, to, e) < 0)
		return -1;
	if (to == VOCAB_TOKENIZER_JSON)
		vocab_write_json(v, &out->text);
	if (to == VOCAB_TIKTOKEN)
		vocab_write_tiktoken(v, &out->text);
	if (to == VOCAB_TEKKEN && vocab_write_tekken(v, &out->text, e) < 0)
		return -1;
	if (to == VOCAB_TWO_FILES) {
		vocab_write_vocab(v, &out->text);
		vocab_write_merges(v, &out->merges);
	}
	note_what_is_left(v, to, notes);
	return check_same(v, to, out, notes, e);
}

void vocab_converted_release(struct vocab_converted *c)
{
	buf_release(&c->text);
	buf_release(&c->merges);
}
