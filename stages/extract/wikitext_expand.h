/* wikitext_expand.h - the first pass: what its two halves, brackets and tags, share. */
#ifndef CORPUS_WIKITEXT_EXPAND_H
#define CORPUS_WIKITEXT_EXPAND_H

#include "stages/extract/wikitext_parts.h"

enum { MAX_FRAMES = 500 };

enum frame_kind { BRACES, LINK, EXTERNAL, TABLE, HTML_TABLE, VARIANT, N_FRAME_KINDS };

struct frame {
	size_t start; /* in out */
	size_t count; /* braces in the run that opened it; single [ seen inside a link */
	enum frame_kind kind;
	bool piped; /* a link with a | in it */
};

struct expander {
	const char *p, *end;
	struct buf *out;
	struct buf tmp;
	const struct wiki_names *names;
	bool markdown;
	bool links; /* keep the targets of external ones */
	bool disambiguation; /* a template said so */
	unsigned open[N_FRAME_KINDS];
	size_t depth;
	size_t poems;
	size_t lone; /* single [ of this line without their ] */
	bool no_closer[WIKI_MAX_TAGS]; /* looked for once and not found */
	struct frame stack[MAX_FRAMES];
};

static inline size_t left(const struct expander *x)
{
	return (size_t)(x->end - x->p);
}

static inline bool next_is(const struct expander *x, const char *s)
{
	size_t n = strlen(s);

	return left(x) >= n && memcmp(x->p, s, n) == 0;
}

static inline size_t run_length(const struct expander *x, char c)
{
	size_t n = 0;

	while (n < left(x) && x->p[n] == c)
		n++;
	return n;
}

static inline struct frame *top(struct expander *x)
{
	return x->depth ? &x->stack[x->depth - 1] : NULL;
}

static inline bool top_is(const struct expander *x, enum frame_kind kind)
{
	return x->depth && x->stack[x->depth - 1].kind == kind;
}

/* Deeper brackets than the stack holds are dropped where they stand. */
static inline void push(struct expander *x, enum frame_kind kind, size_t count)
{
	if (x->depth == MAX_FRAMES)
		return;
	x->stack[x->depth++] = (struct frame){ x->out->n, count, kind, false };
	x->open[kind]++;
}

static inline void pop(struct expander *x)
{
	x->open[top(x)->kind]--;
	x->depth--;
}

static inline struct slice frame_content(struct expander *x)
{
	return (struct slice){ x->out->p + top(x)->start, x->out->n - top(x)->start };
}

/* Replaces the newest frame and what is in it by nothing. */
static inline void drop_frame(struct expander *x)
{
	x->out->n = top(x)->start;
	pop(x);
	buf_byte(x->out, MARK_GONE);
}

static inline bool ends_line(const struct buf *out)
{
	return out->n == 0 || out->p[out->n - 1] == '\n';
}

/* Brackets (wikitext_brackets.c). p stands at them, and behind them afterwards. */
void wiki_open_braces(struct expander *x);
void wiki_close_braces(struct expander *x);
void wiki_open_brackets(struct expander *x);
void wiki_close_brackets(struct expander *x);
void wiki_close_variant(struct expander *x);
void wiki_dash(struct expander *x);
void wiki_bar(struct expander *x);
void wiki_newline(struct expander *x);

/* Replaces the table that is the newest frame by its rows. */
void wiki_close_table(struct expander *x);

/* At the end of the page: closes the tables that are open, as MediaWiki does. */
void wiki_close_open_tables(struct expander *x);

/* Comments and tags (wikitext_elements.c), with what is in them where it is no wikitext. */
void wiki_comment(struct expander *x);
void wiki_tag(struct expander *x);

#endif
