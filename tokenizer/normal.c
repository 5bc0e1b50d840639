/* Changes a text before it is cut into pieces. */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "tokenizer/normal.h"

#include "lib/core/mem.h"
#include "tokenizer/forms.h"
#include "tokenizer/pretok_pattern.h"

#include <pcre2.h>
#include <stdlib.h>

/* Steps of one match in PCRE2's measure; the limit is for patterns that back-track. */
enum { MATCH_LIMIT = 10 * 1000 * 1000 };

enum { STACK_BYTES = 512 * 1024, STACK_START = 32 * 1024 };

struct change {
	enum norm_kind kind;
	struct slice from, to;
	bool unless, first;
	struct forms *forms; /* of the normal forms */
	pcre2_code *code; /* of a pattern */
};

struct normal {
	struct arena arena; /* the changes' texts */
	struct change *at;
	size_t n;
};

/* ---- making ---- */

static int compile(struct change *c, struct err *e)
{
	struct buf pattern = { 0 };
	uint32_t may_be_empty = 0;
	PCRE2_UCHAR what[200];
	PCRE2_SIZE at;
	int code;

	if (pattern_translate(&pattern, c->from, e) == 0) {
		c->code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n,
			PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF, &code, &at, NULL);
		if (!c->code) {
			pcre2_get_error_message(code, what, sizeof(what));
			err_set(e, ERR_USAGE, "the pattern \"%.*s\": %s", (int)MIN(c->from.n, 80),
				c->from.p, (const char *)what);
		}
	}
	buf_release(&pattern);
	if (!c->code)
		return -1;
	pcre2_pattern_info(c->code, PCRE2_INFO_MATCHEMPTY, &may_be_empty);
	if (may_be_empty)
		return err_set(e, ERR_USAGE,
			"the pattern \"%.*s\" may match nothing: not supported",
			(int)MIN(c->from.n, 80), c->from.p);
	/* Where there is no JIT the interpreter matches alike. */
	(void)pcre2_jit_compile(c->code, PCRE2_JIT_COMPLETE);
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
		pcre2_code_free(n->at[i].code);
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
	pcre2_match_data_free(w->match);
	pcre2_match_context_free(w->context);
	pcre2_jit_stack_free(w->stack);
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

static int replace_text(const struct change *c, struct slice text, struct buf *out)
{
	size_t at = slice_find(text, c->from);

	if (at == text.n)
		return 0;
	while (at < text.n) {
		buf_slice(out, slice_head(text, at));
		buf_slice(out, c->to);
		text = slice_skip(text, at + c->from.n);
		at = slice_find(text, c->from);
	}
	buf_slice(out, text);
	return 1;
}

static void make_match(struct normal_walk *w)
{
	w->match = pcre2_match_data_create(1, NULL);
	w->context = pcre2_match_context_create(NULL);
	w->stack = pcre2_jit_stack_create(STACK_START, STACK_BYTES, NULL);
	if (!w->match || !w->context || !w->stack)
		mem_exhausted();
	pcre2_set_match_limit(w->context, MATCH_LIMIT);
	pcre2_jit_stack_assign(w->context, NULL, w->stack);
}

static int replace_pattern(const struct change *c, struct normal_walk *w, struct slice text,
	struct buf *out, struct err *e)
{
	const PCRE2_SIZE *ends;
	size_t copied = 0;
	int got;

	if (!w->match)
		make_match(w);
	ends = pcre2_get_ovector_pointer(w->match);
	while ((got = pcre2_match(c->code, (PCRE2_SPTR)text.p, text.n, copied, 0, w->match,
			w->context)) >= 0) {
		buf_append(out, text.p + copied, ends[0] - copied);
		buf_slice(out, c->to);
		copied = ends[1];
	}
	if (got != PCRE2_ERROR_NOMATCH)
		return err_set(e, ERR_LIMIT,
			"the pattern \"%.*s\" needs more than %d steps on one match (%d)",
			(int)MIN(c->from.n, 80), c->from.p, MATCH_LIMIT, got);
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
		return replace_text(c, text, out);
	return forms_apply(c->forms, &w->forms, text, out);
}

int normal_apply(const struct normal *n, struct normal_walk *w, struct slice text, bool at_start,
	struct slice *out, struct err *e)
{
	int next = 0;

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
