/* A text cut around what must not be in it. */
#include "stages/dedup/excerpt.h"

#include "lib/core/mem.h"
#include "lib/text/utf8.h"

#include <stdlib.h>

/* Bytes of the text from one place to another. */
struct range {
	size_t from, to;
};

struct cutter {
	struct excerpt *out;
	const struct excerpt_rules *rules;
	struct slice text;
	const struct tokens *tokens;
	const struct gram_hits *hits;
	size_t next; /* hit */
	size_t done; /* all before this byte is in a piece or gone */
};

static bool is_inside(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* --- windows ---------------------------------------------------------------------------------- */

/* So many characters before at, but not before least. */
static size_t step_back(struct slice text, size_t at, uint64_t characters, size_t least)
{
	for (; characters && at > least; characters--) {
		do
			at--;
		while (at > least && is_inside(text.p[at]));
	}
	return at;
}

/* So many characters behind at, but not behind most. */
static size_t step_on(struct slice text, size_t at, uint64_t characters, size_t most)
{
	for (; characters && at < most; characters--) {
		do
			at++;
		while (at < most && is_inside(text.p[at]));
	}
	return at;
}

/* Where the window before a token begins. */
static size_t window_before(const struct cutter *c, size_t token)
{
	const struct token *t = c->tokens->at;
	size_t at = step_back(c->text, t[token].from, c->rules->window, c->done);

	while (token && t[token - 1].to > at)
		token--;
	return MIN(at, MAX(t[token].from, c->done));
}

/* Where the window behind a token ends; most when it comes that far. */
static size_t window_behind(const struct cutter *c, size_t token, size_t most)
{
	const struct tokens *t = c->tokens;
	size_t at = step_on(c->text, t->at[token].to, c->rules->window, most);

	while (token + 1 < t->n && t->at[token + 1].from < at)
		token++;
	return MIN(MAX(at, t->at[token].to), most);
}

/* The last token of the hit at hand and of those that overlap it; next is then the one behind. */
static size_t run_of_hits(struct cutter *c)
{
	const struct gram_hits *h = c->hits;
	size_t last;

	do
		last = h->at[c->next++].token + c->rules->ngram - 1;
	while (c->next < h->n && h->at[c->next].token <= last);
	return last;
}

/* What goes for the hit at hand and all whose windows meet its own. */
static struct range take_window(struct cutter *c)
{
	const struct token *t = c->tokens->at;
	const struct gram_hits *h = c->hits;
	struct range gone = { .from = window_before(c, h->at[c->next].token) };
	bool meets = true;

	while (meets) {
		size_t last = run_of_hits(c), most = c->text.n;

		meets = c->next < h->n;
		if (meets)
			most = t[h->at[c->next].token].from;
		gone.to = window_behind(c, last, most);
		meets = meets && gone.to == most;
	}
	return gone;
}

/* --- pieces ----------------------------------------------------------------------------------- */

static struct slice trim(struct slice s)
{
	return slice_trim(s, " \t\r\n");
}

/* What lies between two windows. */
static void add_piece(struct excerpt *c, const struct excerpt_rules *rules, struct slice piece)
{
	uint64_t characters;

	piece = trim(piece);
	if (!piece.n)
		return;
	c->all++;
	characters = utf8_length(piece);
	c->longest = MAX(c->longest, characters);
	if (characters < rules->min_piece)
		return;
	mem_grow(&c->at, c->n, &c->cap, sizeof(*c->at));
	c->at[c->n++] = (struct piece){ piece, characters };
}

void excerpt_cut(struct excerpt *out, const struct excerpt_rules *rules, struct slice text,
	const struct tokens *t, const struct gram_hits *hits)
{
	struct cutter c = { out, rules, text, t, hits, 0, 0 };

	out->n = 0;
	out->all = out->longest = 0;
	out->characters = utf8_length(text);
	while (c.next < hits->n) {
		struct range gone = take_window(&c);

		add_piece(out, rules, (struct slice){ text.p + c.done, gone.from - c.done });
		c.done = gone.to;
	}
	add_piece(out, rules, slice_skip(text, c.done));
}

void excerpt_release(struct excerpt *c)
{
	free(c->at);
	*c = (struct excerpt){ 0 };
}
