/* Hashes of every n tokens that stand side by side, and sets of them. */
#include "stages/dedup/shingles.h"

#include "lib/core/mem.h"
#include "lib/store/sort.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>

/* P9 to P12 of the digits of pi (see token_hash.h), the last made odd. */
static const uint64_t factor = UINT64_C(0x452821E638D01377);
static const uint64_t mixer = UINT64_C(0xBE5466CF34E90C6D);

static inline uint64_t mixed(uint64_t sum)
{
	sum = (sum ^ sum >> 32) * mixer;
	return sum ^ sum >> 29;
}

void shingles_begin(struct shingles *s, unsigned n)
{
	assert(n >= 1 && n <= SHINGLE_MAX);
	*s = (struct shingles){ .n = n, .leaving = 1 };
	for (unsigned i = 0; i < n; i++)
		s->leaving *= factor;
}

/* The hash of the token that leaves when token i of t comes: n places before it. */
static uint64_t leaver(const struct shingles *s, const struct token *t, size_t i)
{
	return i < s->n ? s->last[i] : t[i - s->n].hash;
}

static void remember(struct shingles *s, const struct token *t, size_t n)
{
	size_t kept = n < s->n ? s->n - n : 0;

	memmove(s->last, s->last + s->n - kept, kept * sizeof(s->last[0]));
	for (size_t i = kept; i < s->n; i++)
		s->last[i] = t[n - (s->n - i)].hash;
	s->seen += n;
}

size_t shingles_roll(struct shingles *s, const struct token *t, size_t n, uint64_t *out)
{
	size_t before = MIN(n, (size_t)s->n);
	size_t lacking = s->seen < s->n - 1 ? s->n - 1 - (size_t)s->seen : 0;
	uint64_t sum = s->sum;

	/* What ends before there are n tokens is overwritten, and the leaver of one is 0. */
	for (size_t i = 0; i < before; i++) {
		sum = sum * factor + t[i].hash - leaver(s, t, i) * s->leaving;
		out[i < lacking ? 0 : i - lacking] = mixed(sum);
	}
	for (size_t i = before; i < n; i++) {
		sum = sum * factor + t[i].hash - t[i - s->n].hash * s->leaving;
		out[i - lacking] = mixed(sum);
	}
	s->sum = sum;
	remember(s, t, n);
	return n > lacking ? n - lacking : 0;
}

size_t shingles_end(const struct shingles *s, uint64_t *out)
{
	if (s->seen == 0 || s->seen >= s->n)
		return 0;
	out[0] = mixed(s->sum);
	return 1;
}

/* --- sets ------------------------------------------------------------------------------------- */

static void reserve(struct shingle_set *set, size_t n)
{
	if (n <= set->cap)
		return;
	set->cap = MAX(n, set->cap * 2);
	set->at = mem_resize(set->at, set->cap, sizeof(set->at[0]));
	set->scratch = mem_resize(set->scratch, set->cap, sizeof(set->at[0]));
}

static void sort(struct shingle_set *set)
{
	static const struct sort_shape shape = { sizeof(uint64_t), sizeof(uint64_t), KEY_LE64 };
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++)
		set->at[i] = htole64(set->at[i]);
	sort_records(&shape, set->at, set->scratch, set->n);
	for (size_t i = 0; i < set->n; i++)
		if (n == 0 || set->at[n - 1] != set->at[i])
			set->at[n++] = set->at[i];
	set->n = n;
	for (size_t i = 0; i < set->n; i++)
		set->at[i] = le64toh(set->at[i]);
}

bool shingle_set_fill(struct shingle_set *set, struct tokens *tokens, struct slice text, unsigned n)
{
	struct shingles s;

	set->n = 0;
	if (!tokens_begin(tokens, text))
		return false;
	shingles_begin(&s, n);
	while (tokens_more(tokens)) {
		reserve(set, set->n + tokens->n);
		set->n += shingles_roll(&s, tokens->at, tokens->n, set->at + set->n);
	}
	reserve(set, set->n + 1);
	set->n += shingles_end(&s, set->at + set->n);
	sort(set);
	return true;
}

double shingle_sets_jaccard(const struct shingle_set *a, const struct shingle_set *b)
{
	size_t i = 0, k = 0, both = 0, all;

	while (i < a->n && k < b->n) {
		uint64_t x = a->at[i], y = b->at[k];

		both += x == y;
		i += x <= y;
		k += y <= x;
	}
	all = a->n + b->n - both;
	return all ? (double)both / (double)all : 1;
}

void shingle_set_release(struct shingle_set *set)
{
	free(set->at);
	free(set->scratch);
	*set = (struct shingle_set){ 0 };
}
