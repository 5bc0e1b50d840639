/* Texts as sequences of units, piece by piece. */
#include "stages/dedup/units.h"

#include "lib/core/mem.h"
#include "lib/text/utf8.h"

#include <stdlib.h>

/* New units of a piece: it stays in the second cache with what is made of it. */
enum { PIECE = 8192 };

bool units_begin(struct units *u, enum unit kind, struct slice text, size_t overlap)
{
	u->kind = kind;
	u->text = text;
	u->overlap = overlap;
	u->n = u->read = 0;
	u->first = 0;
	if (kind == UNIT_TOKEN)
		return tokens_begin(&u->tokens, text);
	return text.n <= UINT32_MAX;
}

static void make_room(struct units *u, size_t n)
{
	if (u->cap >= n)
		return;
	u->cap = MAX(n, u->overlap + PIECE);
	u->hash = mem_resize(u->hash, u->cap, sizeof(*u->hash));
	u->from = mem_resize(u->from, u->cap, sizeof(*u->from));
	u->to = mem_resize(u->to, u->cap, sizeof(*u->to));
}

/* The last units of the piece before come to the front. */
static void keep_overlap(struct units *u)
{
	size_t kept = MIN(u->n, u->overlap), gone = u->n - kept;

	if (gone) {
		memmove(u->hash, u->hash + gone, kept * sizeof(*u->hash));
		memmove(u->from, u->from + gone, kept * sizeof(*u->from));
		memmove(u->to, u->to + gone, kept * sizeof(*u->to));
	}
	u->first += gone;
	u->n = kept;
}

/* Numbers become hashes: neighbours far apart, and none is 0. */
static uint64_t spread(uint32_t c)
{
	uint64_t h = (c + (uint64_t)1) * 0x9e3779b97f4a7c15u;

	return (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
}

static void add(struct units *u, uint64_t hash, size_t from, size_t to)
{
	u->hash[u->n] = hash;
	u->from[u->n] = (uint32_t)from;
	u->to[u->n] = (uint32_t)to;
	u->n++;
}

static void add_tokens(struct units *u)
{
	const struct tokens *t = &u->tokens;

	make_room(u, u->n + t->n);
	for (size_t i = 0; i < t->n; i++)
		add(u, t->at[i].hash, t->at[i].from, t->at[i].to);
}

static bool more_tokens(struct units *u)
{
	size_t before = u->n;

	while (u->n < before + PIECE && tokens_more(&u->tokens))
		add_tokens(u);
	return u->n > before;
}

static bool more_characters(struct units *u)
{
	struct slice rest = slice_skip(u->text, u->read);

	if (!rest.n)
		return false;
	make_room(u, u->n + PIECE);
	for (size_t i = 0; i < PIECE && rest.n; i++) {
		uint32_t c = utf8_next(&rest);
		size_t end = u->text.n - rest.n;

		add(u, spread(c), u->read, end);
		u->read = end;
	}
	return true;
}

static bool more_bytes(struct units *u)
{
	size_t end = MIN(u->read + PIECE, u->text.n);

	if (u->read == end)
		return false;
	make_room(u, u->n + PIECE);
	for (; u->read < end; u->read++)
		add(u, spread((unsigned char)u->text.p[u->read]), u->read, u->read + 1);
	return true;
}

bool units_more(struct units *u)
{
	keep_overlap(u);
	switch (u->kind) {
	case UNIT_TOKEN: return more_tokens(u);
	case UNIT_CHARACTER: return more_characters(u);
	case UNIT_BYTE: return more_bytes(u);
	}
	return false;
}

void units_release(struct units *u)
{
	free(u->hash);
	free(u->from);
	free(u->to);
	tokens_release(&u->tokens);
	*u = (struct units){ 0 };
}
