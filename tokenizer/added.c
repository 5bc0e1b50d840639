/* Finds added tokens in a text. */
#include "tokenizer/added.h"

#include "lib/core/mem.h"
#include "lib/text/utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unicode/uchar.h>

/* First bytes that are looked for sixteen places at a time. More of them are looked up byte by
 * byte; no published vocabulary has more than five. */
enum { MOST_STARTS = 8, BLOCK = 16 };

/* How tokens begin. */
struct start {
	unsigned char first, second;
	bool any; /* the second byte differs, or is not there */
};

struct entry {
	struct slice text;
	const struct vocab_special *token;
};

struct added {
	struct arena arena; /* the texts */
	struct entry *at; /* by text */
	size_t n;
	size_t from[257]; /* the first entry that begins with this byte or a greater one */
	struct start starts[256];
	size_t n_starts;
};

/* ---- making ---- */

static int compare(const void *a, const void *b)
{
	struct slice x = ((const struct entry *)a)->text, y = ((const struct entry *)b)->text;
	int order = memcmp(x.p, y.p, MIN(x.n, y.n));

	return order ? order : (x.n > y.n) - (x.n < y.n);
}

static int add_entry(struct added *a, const struct vocab_special *token, const struct normal *n,
	struct normal_walk *w, struct err *e)
{
	struct slice text = token->text;

	if (n && normal_apply(n, w, text, true, &text, e) < 0)
		return -1;
	if (text.n == 0)
		return err_set(e, ERR_DATA, "the added token %" PRIu32 " is normalised to nothing",
			token->id);
	a->at[a->n++] = (struct entry){ arena_copy(&a->arena, text), token };
	return 0;
}

static int check_different(const struct added *a, struct err *e)
{
	for (size_t i = 1; i < a->n; i++)
		if (slice_eq(a->at[i - 1].text, a->at[i].text))
			return err_set(e, ERR_DATA,
				"the added tokens %" PRIu32 " and %" PRIu32 " are the same",
				a->at[i - 1].token->id, a->at[i].token->id);
	return 0;
}

static void make_starts(struct added *a)
{
	for (size_t i = 0; i < a->n; i++) {
		struct slice text = a->at[i].text;
		struct start *last = a->n_starts ? &a->starts[a->n_starts - 1] : NULL;
		unsigned char first = (unsigned char)text.p[0];
		unsigned char second = text.n > 1 ? (unsigned char)text.p[1] : 0;

		a->from[first + 1] = i + 1;
		if (last && last->first == first)
			last->any |= text.n == 1 || second != last->second;
		else
			a->starts[a->n_starts++] = (struct start){ first, second, text.n == 1 };
	}
	for (size_t byte = 0; byte < 256; byte++)
		a->from[byte + 1] = MAX(a->from[byte + 1], a->from[byte]);
}

int added_new(struct added **out, const struct vocab_special *tokens, size_t n_tokens,
	bool normalized, const struct normal *n, struct err *e)
{
	struct added *a = mem_zalloc(1, sizeof(*a));
	struct normal_walk w = { 0 };
	int result = 0;

	*out = NULL;
	a->at = mem_zalloc(n_tokens, sizeof(*a->at));
	for (size_t i = 0; result == 0 && i < n_tokens; i++)
		if (tokens[i].normalized == normalized)
			result = add_entry(a, &tokens[i], normalized ? n : NULL, &w, e);
	normal_walk_release(&w);
	if (result == 0 && a->n) {
		qsort(a->at, a->n, sizeof(*a->at), compare);
		result = check_different(a, e);
	}
	if (result == 0 && a->n) {
		make_starts(a);
		*out = a;
	} else {
		added_free(a);
	}
	return result;
}

void added_free(struct added *a)
{
	if (!a)
		return;
	free(a->at);
	arena_release(&a->arena);
	free(a);
}

/* ---- searching ---- */

typedef unsigned char block __attribute__((vector_size(BLOCK)));

/* True when a token may begin at one of the sixteen places; one byte behind them is read too. */
static bool block_has_start(const struct added *a, const char *p)
{
	block here, next, hits = { 0 };
	uint64_t halves[2];

	memcpy(&here, p, sizeof(here));
	memcpy(&next, p + 1, sizeof(next));
	for (size_t i = 0; i < a->n_starts; i++) {
		const struct start *s = &a->starts[i];
		block hit = (block)(here == s->first);

		hits |= s->any ? hit : hit & (block)(next == s->second);
	}
	memcpy(halves, &hits, sizeof(halves));
	return halves[0] | halves[1];
}

/* The next place from at on where a token's first byte stands. */
static size_t next_start(const struct added *a, struct slice text, size_t at)
{
	size_t checked = at;

	for (; at < text.n; at++) {
		unsigned char byte = (unsigned char)text.p[at];

		if (at == checked) {
			while (a->n_starts <= MOST_STARTS && text.n - at > BLOCK &&
				!block_has_start(a, text.p + at))
				at += BLOCK;
			checked = at + BLOCK;
			byte = (unsigned char)text.p[at];
		}
		if (a->from[byte] < a->from[byte + 1])
			break;
	}
	return at;
}

/* The first entry from lo on, below hi, whose byte at depth is at least c. */
static size_t lower(const struct added *a, size_t lo, size_t hi, size_t depth, unsigned c)
{
	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;

		if ((unsigned char)a->at[middle].text.p[depth] < c)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

/* The longest entry that the text begins with, or NULL. */
static const struct entry *longest_at(const struct added *a, struct slice text)
{
	unsigned c = (unsigned char)*text.p;
	size_t lo = a->from[c], hi = a->from[c + 1];
	const struct entry *best = NULL;

	for (size_t depth = 1; lo < hi; depth++) {
		if (a->at[lo].text.n == depth)
			best = &a->at[lo++];
		if (depth == text.n)
			break;
		c = (unsigned char)text.p[depth];
		lo = lower(a, lo, hi, depth, c);
		hi = lower(a, lo, hi, depth, c + 1);
	}
	return best;
}

static const struct entry *find(const struct added *a, struct slice text, size_t *at)
{
	const struct entry *entry = NULL;

	while ((*at = next_start(a, text, *at)) < text.n) {
		entry = longest_at(a, slice_skip(text, *at));
		if (entry)
			break;
		++*at;
	}
	return entry;
}

/* ---- what stands beside a token ---- */

/* The code point that ends at end, and where it begins; U+FFFD for ill-formed bytes. */
static UChar32 point_before(struct slice text, size_t *end)
{
	size_t begin = *end;
	struct slice point;
	UChar32 c;

	do
		begin--;
	while (begin > 0 && *end - begin < UTF8_MAX_BYTES && (text.p[begin] & 0xC0) == 0x80);
	point = (struct slice){ text.p + begin, *end - begin };
	c = (UChar32)utf8_next(&point);
	*end = point.n ? *end - 1 : begin;
	return point.n ? UTF8_REPLACEMENT : c;
}

/* \w of the crate regex: Unicode Technical Standard 18, annex C. */
static bool is_word(UChar32 c)
{
	return u_hasBinaryProperty(c, UCHAR_ALPHABETIC) ||
		u_hasBinaryProperty(c, UCHAR_JOIN_CONTROL) ||
		(U_GET_GC_MASK(c) & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) != 0;
}

static bool stands_alone(struct slice text, size_t begin, size_t end)
{
	struct slice behind = slice_skip(text, end);

	if (begin > 0 && is_word(point_before(text, &begin)))
		return false;
	return behind.n == 0 || !is_word((UChar32)utf8_next(&behind));
}

static size_t space_before(struct slice text, size_t from, size_t begin)
{
	for (size_t at = begin; at > from; begin = at)
		if (!u_isUWhiteSpace(point_before(text, &at)))
			break;
	return begin;
}

/* A run is walked through once, though several tokens may stand in it. */
static size_t space_behind(struct added_walk *w, size_t end)
{
	struct slice rest = slice_skip(w->text, end), before = rest;

	if (end >= w->space_from && end < w->space_to)
		return w->space_to;
	while (rest.n && u_isUWhiteSpace((UChar32)utf8_next(&rest)))
		before = rest;
	w->space_from = end;
	w->space_to = w->text.n - before.n;
	return w->space_to;
}

bool added_next(struct added_walk *w, struct slice *gap, const struct vocab_special **token)
{
	const struct entry *found;

	while ((found = find(w->set, w->text, &w->scanned))) {
		size_t begin = w->scanned, end = begin + found->text.n;

		w->scanned = end;
		if (found->token->single_word && !stands_alone(w->text, begin, end))
			continue;
		if (found->token->lstrip)
			begin = space_before(w->text, w->given, begin);
		if (found->token->rstrip)
			end = space_behind(w, end);
		*gap = (struct slice){ w->text.p + w->given,
			begin > w->given ? begin - w->given : 0 };
		*token = found->token;
		w->given = end;
		return true;
	}
	*gap = slice_skip(w->text, w->given);
	return false;
}
