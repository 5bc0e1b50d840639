/* The tokens of a text, whole or in pieces. */
#include "stages/dedup/tokens.h"

#include "stages/dedup/token_hash.h"
#include "stages/dedup/tokens_scan.h"

#include <stdlib.h>

enum { PIECE = 16 * 1024, KEEP_TOKENS = 1 << 20, KEEP_BYTES = 1 << 20 };

uint64_t token_hash(struct slice s)
{
	char copy[TOKEN_SHORT] = { 0 };

	if (s.n > TOKEN_SHORT)
		return XXH3_64bits(s.p, s.n);
	if (s.n)
		memcpy(copy, s.p, s.n);
	return token_hash_short(copy, s.n);
}

static void scan(struct tokens *t)
{
	size_t left = t->text.n - t->read;

	tokens_scan_plain(t, t->read + MIN(left, (size_t)PIECE));
}

/* What a text of many tokens took is not kept for the others. */
static void forget(struct tokens *t)
{
	if (t->cap > KEEP_TOKENS) {
		free(t->at);
		t->at = NULL;
		t->cap = 0;
	}
	buf_clear(&t->lowered, KEEP_BYTES);
	t->n = 0;
}

bool tokens_begin(struct tokens *t, struct slice text)
{
	forget(t);
	if (text.n > UINT32_MAX)
		return false;
	t->text = text;
	t->read = 0;
	t->open = false;
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
	buf_release(&t->lowered);
	*t = (struct tokens){ 0 };
}
