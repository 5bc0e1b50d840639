/* Cuts text by the patterns of steps with PCRE2, as Hugging Face tokenizers does with its Split. */
#include "tokenizer/pretok_regex.h"

#include "lib/core/buf.h"
#include "lib/core/mem.h"
#include "tokenizer/pattern_match.h"

#include <stdlib.h>

enum { MAX_STEPS = 64 };

struct regex_step {
	void *code; /* NULL: the literal */
	struct buf literal;
	enum cut_behaviour behaviour;
	bool invert;
};

struct regex_steps {
	size_t n;
	struct regex_step at[MAX_STEPS];
};

/* ---- making ---- */

struct regex_steps *regex_steps_new(const struct cut_step *steps, size_t n, struct err *e)
{
	struct regex_steps *s;

	if (n > MAX_STEPS) {
		err_set(e, ERR_LIMIT, "%zu steps that cut text, over the limit of %d", n,
			MAX_STEPS);
		return NULL;
	}
	s = mem_zalloc(1, sizeof(*s));
	for (; s->n < n; s->n++) {
		struct regex_step *step = &s->at[s->n];

		step->behaviour = steps[s->n].behaviour;
		step->invert = steps[s->n].invert;
		if (steps[s->n].literal)
			buf_slice(&step->literal, steps[s->n].pattern);
		else
			step->code = pattern_compile(steps[s->n].pattern, false, e);
		if (!steps[s->n].literal && !step->code) {
			regex_steps_free(s);
			return NULL;
		}
	}
	return s;
}

void regex_steps_free(struct regex_steps *s)
{
	for (size_t i = 0; s && i < s->n; i++) {
		pattern_free(s->at[i].code);
		buf_release(&s->at[i].literal);
	}
	free(s);
}

bool regex_steps_remove(const struct regex_steps *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->at[i].behaviour == CUT_REMOVED)
			return true;
	return false;
}

/* ---- walking ---- */

struct segment {
	size_t begin, end;
	bool match; /* what the step's behaviour is about */
};

/* A step at work on one piece of the step before. Places are bytes of the whole text. */
struct level {
	size_t begin, end; /* the piece */
	size_t at; /* segments are made up to here */
	size_t search; /* the next match is looked for from here */
	size_t matched; /* the end of the last match, or end + 1 */
	struct segment found, held;
	bool is_found, is_held;
};

struct regex_walk {
	const struct regex_steps *steps;
	const char *text;
	struct pattern_matcher matcher;
	size_t depth; /* levels that are open; the last makes the pieces */
	struct level levels[MAX_STEPS];
};

struct regex_walk *regex_walk_new(const struct regex_steps *s)
{
	struct regex_walk *w = mem_zalloc(1, sizeof(*w));

	w->steps = s;
	return w;
}

void regex_walk_free(struct regex_walk *w)
{
	if (!w)
		return;
	pattern_matcher_release(&w->matcher);
	free(w);
}

static void level_open(struct level *l, size_t begin, size_t end)
{
	*l = (struct level){ begin, end, begin, begin, end + 1, { 0 }, { 0 }, false, false };
}

void regex_walk_open(struct regex_walk *w, const char *text, size_t begin, size_t end)
{
	w->text = text;
	w->depth = 1;
	level_open(&w->levels[0], begin, end);
}

/* 1 and the next match from l->search on, 0 when there is none, -1. */
static int search(
	struct regex_walk *w, const struct regex_step *step, struct level *l, struct err *e)
{
	struct slice piece = { w->text + l->begin, l->end - l->begin };
	int got;

	if (!step->code) {
		struct slice rest = slice_skip(piece, l->search - l->begin);
		size_t at = slice_find(rest, buf_view(&step->literal));

		if (at == rest.n || step->literal.n == 0)
			return 0;
		l->found =
			(struct segment){ l->search + at, l->search + at + step->literal.n, true };
		return 1;
	}
	got = pattern_match(&w->matcher, step->code, piece, l->search - l->begin, e);
	if (got > 0)
		l->found = (struct segment){ l->begin + w->matcher.begin, l->begin + w->matcher.end,
			true };
	return got;
}

/* Behind the code point at at; at the end, one behind it. */
static size_t point_after(const char *text, size_t at, size_t end)
{
	do
		at++;
	while (at < end && ((unsigned char)text[at] & 0xC0) == 0x80);
	return at;
}

/* Finds the next match. An empty one where the last ended is none, as in Rust and Oniguruma. */
static int find(struct regex_walk *w, const struct regex_step *step, struct level *l, struct err *e)
{
	int got = 0;

	while (l->search <= l->end && (got = search(w, step, l, e)) > 0) {
		bool empty = l->found.begin == l->found.end;
		bool again = empty && l->found.begin == l->matched;

		l->search = l->matched = l->found.end;
		if (empty)
			l->search = point_after(w->text, l->found.end, l->end);
		if (!again)
			break;
		got = 0;
	}
	l->is_found = got > 0;
	if (!l->is_found)
		l->search = l->end + 1;
	return got;
}

/* The next match, or what lies before it. */
static int segment(struct regex_walk *w, const struct regex_step *step, struct level *l,
	struct segment *out, struct err *e)
{
	if (!l->is_found && find(w, step, l, e) < 0)
		return -1;
	if (l->is_found && l->found.begin <= l->at) {
		*out = l->found;
		l->is_found = false;
	} else if (l->is_found) {
		*out = (struct segment){ l->at, l->found.begin, false };
	} else if (l->at < l->end) {
		*out = (struct segment){ l->at, l->end, false };
	} else {
		return 0;
	}
	l->at = out->end;
	out->match ^= step->invert;
	return 1;
}

/* Whether the segment is of one piece with the one before it: split() of
 * tokenizers/src/tokenizer/normalizer.rs. */
static bool joins(enum cut_behaviour behaviour, struct segment before, struct segment s)
{
	switch (behaviour) {
	case CUT_MERGED_WITH_PREVIOUS: return s.match && !before.match;
	case CUT_MERGED_WITH_NEXT: return before.match && !s.match;
	case CUT_CONTIGUOUS: return s.match == before.match;
	case CUT_ISOLATED:
	case CUT_REMOVED: break;
	}
	return false;
}

/* The next of the pieces that the step makes of its own, which may be empty or to be removed. */
static int joined(struct regex_walk *w, const struct regex_step *step, struct level *l,
	struct segment *out, struct err *e)
{
	struct segment s;
	int got;

	while ((got = segment(w, step, l, &s, e)) > 0) {
		bool join = l->is_held && joins(step->behaviour, l->held, s);

		if (join)
			s.begin = l->held.begin;
		*out = l->held;
		l->held = s;
		if (l->is_held && !join)
			return 1;
		l->is_held = true;
	}
	if (got < 0 || !l->is_held)
		return got;
	*out = l->held;
	l->is_held = false;
	return 1;
}

int regex_walk_next(struct regex_walk *w, size_t *begin, size_t *end, struct err *e)
{
	while (w->depth > 0) {
		const struct regex_step *step = &w->steps->at[w->depth - 1];
		struct segment s;
		int got = joined(w, step, &w->levels[w->depth - 1], &s, e);

		if (got < 0)
			return -1;
		if (got == 0) {
			w->depth--;
			continue;
		}
		if (s.begin == s.end || (s.match && step->behaviour == CUT_REMOVED))
			continue;
		if (w->depth == w->steps->n) {
			*begin = s.begin;
			*end = s.end;
			return 1;
		}
		level_open(&w->levels[w->depth++], s.begin, s.end);
	}
	return 0;
}
