/* The tokens of a text, whole or in pieces. */
#include "stages/dedup/tokens.h"

#include "lib/core/cpu.h"
#include "lib/core/mem.h"
#include "lib/text/chars.h"
#include "stages/dedup/token_hash.h"
#include "stages/dedup/tokens_scan.h"

#include <stdlib.h>

enum { BLOCK = 64, PIECE = 8 * 1024, KEEP_TOKENS = 1 << 20, KEEP_BYTES = 1 << 20 };

uint64_t token_hash(struct slice s)
{
	char copy[TOKEN_SHORT] = { 0 };

	if (s.n > TOKEN_SHORT)
		return XXH3_64bits(s.p, s.n);
	if (s.n)
		memcpy(copy, s.p, s.n);
	return token_hash_short(copy, s.n);
}

void tokens_reserve(struct tokens *t, size_t n)
{
	if (t->cap - t->n >= n)
		return;
	t->cap = MAX(t->n + n, t->cap * 2);
	t->at = mem_resize(t->at, t->cap, sizeof(t->at[0]));
}

/* One of an open token and one a byte; BLOCK more may be overwritten. */
void tokens_reserve_places(struct tokens *t, size_t bytes)
{
	size_t n = 1 + bytes + 2 * (size_t)BLOCK;

	if (t->cap_places >= n)
		return;
	t->cap_places = n;
	t->places = mem_resize(t->places, n, sizeof(t->places[0]));
}

void tokens_note_odd(struct tokens *t, size_t at)
{
	mem_grow(&t->odd, t->n_odd, &t->cap_odd, sizeof(t->odd[0]));
	t->odd[t->n_odd++] = (uint32_t)at;
}

static void hash_anew(struct tokens *t, struct token *token)
{
	const char *p = t->text.p + token->from, *end = t->text.p + token->to;

	buf_clear(&t->scratch, KEEP_BYTES);
	while (p < end) {
		size_t at = (size_t)(p - t->text.p);
		uint32_t c;

		p += char_decode(p, t->text.p + t->text.n, &c);
		tokens_lower(&t->scratch, t->text, at, c);
	}
	token->to = (uint32_t)(p - t->text.p);
	token->hash = token_hash(buf_view(&t->scratch));
}

void tokens_mend(struct tokens *t, size_t first)
{
	size_t k = 0, end = t->open ? t->from : t->read;

	while (k < t->n_odd && t->odd[k] < end) {
		while (t->at[first].to <= t->odd[k])
			first++;
		hash_anew(t, &t->at[first]);
		while (k < t->n_odd && t->odd[k] < t->at[first].to)
			k++;
	}
	t->n_odd -= k;
	memmove(t->odd, t->odd + k, t->n_odd * sizeof(t->odd[0]));
}

static tokens_way *way(void)
{
#if defined(__x86_64__)
	if (cpu_has_avx512())
		return tokens_scan_avx512;
	if (cpu_has_avx2())
		return tokens_scan_avx2;
#endif
	return tokens_scan_bytes;
}

static void scan(struct tokens *t)
{
	size_t left = t->text.n - t->read;

	way()(t, t->read + MIN(left, (size_t)PIECE));
}

/* What a text of many tokens took is not kept for the others. */
static void forget(struct tokens *t)
{
	if (t->cap > KEEP_TOKENS) {
		free(t->at);
		t->at = NULL;
		t->cap = 0;
	}
	if (t->cap_odd > KEEP_TOKENS) {
		free(t->odd);
		t->odd = NULL;
		t->cap_odd = 0;
	}
	buf_clear(&t->lowered, KEEP_BYTES);
	buf_clear(&t->scratch, KEEP_BYTES);
	t->n = t->n_odd = 0;
}

bool tokens_begin(struct tokens *t, struct slice text)
{
	forget(t);
	t->text = (struct slice){ "", 0 };
	t->read = 0;
	t->open = false;
	if (text.n > UINT32_MAX)
		return false;
	t->text = text;
	buf_reserve(&t->lowered, text.n + BLOCK);
	return true;
}

bool tokens_more(struct tokens *t)
{
	t->n = 0;
	if (t->read == t->text.n)
		return false;
	scan(t);
	return true;
}

bool tokens_split(struct tokens *t, struct slice text)
{
	if (!tokens_begin(t, text))
		return false;
	while (t->read < t->text.n)
		scan(t);
	return true;
}

void tokens_release(struct tokens *t)
{
	free(t->at);
	free(t->places);
	free(t->odd);
	buf_release(&t->lowered);
	buf_release(&t->scratch);
	*t = (struct tokens){ 0 };
}
