/* Changes a text before it is cut into pieces. */
#include "tokenizer/normal.h"

#include "lib/core/mem.h"
#include "tokenizer/forms.h"
#include "tokenizer/pattern_match.h"

#include <stdlib.h>

/* How much longer a text may become: by Unicode's forms it is eleven times at most (U+FDFA), by
 * published replacements three. Replacements one behind another grow by powers. */
enum { MAX_GROWTH = 64, SMALL_TEXT = 4096 };

struct change {
	enum norm_kind kind;
	struct slice from, to;
	bool unless, first;
	struct forms *forms; /* of the normal forms */
	void *code; /* of a pattern */
};

struct normal {
	struct arena arena; /* the changes' texts */
	struct change *at;
	size_t n;
};

/* ---- making ---- */

/* Bytes that are not UTF-8 match nothing. */
static int compile(struct change *c, struct err *e)
{
	c->code = pattern_compile(c->from, true, e);
	if (!c->code)
		return -1;
	if (pattern_may_be_empty(c->code))
		return err_set(e, ERR_USAGE,
			"the pattern \"%.*s\" may match nothing: not supported",
			(int)MIN(c->from.n, 80), c->from.p);
	return 0;
}

static int add_change(struct normal *n, const struct norm_step *step, struct err *e)
{
	struct change *c = &n->at[n->n++];

	*c = (struct change){ .kind = step->kind, .unless = step->unless, .first = step->first };
	c->from = arena_copy(&n->arena, step->from);
	c->to = arena_copy(&n->arena, step->to);
	if (step->kind == NORM_REPLACE)
		return step->regex ? compile(c, e) : 0;
	if (step->kind != NORM_PREPEND)
		c->forms = forms_new(step->kind);
	return 0;
}

int normal_new(
	struct normal **out, const struct norm_step *steps, size_t n, bool late, struct err *e)
{
	struct normal *made = mem_zalloc(1, sizeof(*made));

	*out = NULL;
	made->at = mem_zalloc(n, sizeof(*made->at));
	for (size_t i = 0; i < n; i++)
		if (steps[i].late == late && add_change(made, &steps[i], e) < 0) {
			normal_free(made);
			return -1;
		}
	if (made->n)
		*out = made;
	else
		normal_free(made);
	return 0;
}

void normal_free(struct normal *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->n; i++) {
		forms_free(n->at[i].forms);
		pattern_free(n->at[i].code);
	}
	free(n->at);
	arena_release(&n->arena);
	free(n);
}

void normal_walk_release(struct normal_walk *w)
{
	buf_release(&w->text[0]);
	buf_release(&w->text[1]);
	form_scratch_free(w->forms);
	pattern_matcher_release(&w->matcher);
	*w = (struct normal_walk){ 0 };
}

/* ---- changing: 1 when out holds the new text, 0 when the text stays as it is, or -1 ---- */

static int prepend(const struct change *c, struct slice text, bool at_start, struct buf *out)
{
	if (text.n == 0 || (c->first && !at_start) || (c->unless && slice_starts(text, c->to)))
		return 0;
	buf_slice(out, c->to);
	buf_slice(out, text);
	return 1;
}

static int check_growth(const struct normal_walk *w, const struct buf *out, struct err *e)
{
	if (out->n <= w->max_bytes)
		return 0;
	return err_set(
		e, ERR_LIMIT, "normalising makes the text more than %d times as long", MAX_GROWTH);
}

static int replace_text(const struct change *c, const struct normal_walk *w, struct slice text,
	struct buf *out, struct err *e)
{
	size_t at = slice_find(text, c->from);

	if (at == text.n)
		return 0;
	while (at < text.n) {
		buf_slice(out, slice_head(text, at));
		buf_slice(out, c->to);
		if (check_growth(w, out, e) < 0)
			return -1;
		text = slice_skip(text, at + c->from.n);
		at = slice_find(text, c->from);
	}
	buf_slice(out, text);
	return 1;
}

static int replace_pattern(const struct change *c, struct normal_walk *w, struct slice text,
	struct buf *out, struct err *e)
{
	size_t copied = 0;
	int got;

	while ((got = pattern_match(&w->matcher, c->code, text, copied, e)) > 0) {
		buf_append(out, text.p + copied, w->matcher.begin - copied);
		buf_slice(out, c->to);
		if (check_growth(w, out, e) < 0)
			return -1;
		copied = w->matcher.end;
	}
	if (got < 0)
		return -1;
	if (copied)
		buf_append(out, text.p + copied, text.n - copied);
	return copied > 0;
}

static int change(const struct change *c, struct normal_walk *w, struct slice text, bool at_start,
	struct buf *out, struct err *e)
{
	buf_clear(out, out->cap);
	if (text.n == 0)
		return 0;
	if (c->kind == NORM_PREPEND)
		return prepend(c, text, at_start, out);
	if (c->code)
		return replace_pattern(c, w, text, out, e);
	if (c->kind == NORM_REPLACE)
		return replace_text(c, w, text, out, e);
	return forms_apply(c->forms, &w->forms, text, out);
}

int normal_apply(const struct normal *n, struct normal_walk *w, struct slice text, bool at_start,
	struct slice *out, struct err *e)
{
	int next = 0;

	w->max_bytes = MAX(text.n, (size_t)SMALL_TEXT) * MAX_GROWTH;
	for (size_t i = 0; i < n->n; i++) {
		int got = change(&n->at[i], w, text, at_start, &w->text[next], e);

		if (got < 0)
			return -1;
		if (got == 0)
			continue;
		text = buf_view(&w->text[next]);
		next = !next;
	}
	*out = text;
	return 0;
}
