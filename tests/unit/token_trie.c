/* Tests of tokenizer/token_trie.h. */
#include "tokenizer/token_trie.h"

#include "lib/core/mem.h"
#include "tests/random.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { N_RANDOM = 60000, MOST_BYTES = 12 };

struct words {
	char bytes[N_RANDOM][MOST_BYTES];
	struct slice tokens[N_RANDOM + 256];
	uint32_t ids[N_RANDOM + 256];
	size_t n;
};

static int compare(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;
	int order = memcmp(x->p, y->p, MIN(x->n, y->n));

	return order ? order : (x->n > y->n) - (x->n < y->n);
}

/* All bytes, and random words of a few letters, some of several bytes, so that many begin alike. */
static struct words *random_words(uint64_t *state)
{
	static const char letters[] = "aabcde\xC3\xA9\xE4\xB8\xAD\xE4\xB8\x80";
	struct words *w = mem_zalloc(1, sizeof(*w));
	static char bytes[256];
	size_t n = 0;

	for (size_t b = 0; b < 256; b++) {
		bytes[b] = (char)(unsigned char)b;
		w->tokens[n++] = (struct slice){ &bytes[b], 1 };
	}
	for (size_t i = 0; i < N_RANDOM; i++) {
		size_t length = 2 + random_below(state, MOST_BYTES - 2);

		for (size_t k = 0; k < length; k++)
			w->bytes[i][k] = letters[random_below(state, sizeof(letters) - 1)];
		w->tokens[n++] = (struct slice){ w->bytes[i], length };
	}
	qsort(w->tokens, n, sizeof(*w->tokens), compare);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || compare(&w->tokens[w->n - 1], &w->tokens[i]) != 0)
			w->tokens[w->n++] = w->tokens[i];
	for (size_t i = 0; i < w->n; i++)
		w->ids[i] = (uint32_t)i;
	return w;
}

/* The last of the tokens in order that the text begins with: a binary search for each length. */
static size_t longest_naive(const struct words *w, struct slice text, size_t *length)
{
	for (size_t n = MIN(text.n, (size_t)MOST_BYTES); n > 0; n--) {
		struct slice head = slice_head(text, n);
		struct slice *found = bsearch(&head, w->tokens, w->n, sizeof(*w->tokens), compare);

		if (found) {
			*length = n;
			return (size_t)(found - w->tokens);
		}
	}
	return SIZE_MAX;
}

Test(token_trie, finds_the_longest_of_many_words)
{
	uint64_t state = 3;
	struct words *w = random_words(&state);
	struct token_trie t = { 0 };
	size_t used = 0;

	cr_assert(token_trie_make(&t, w->tokens, w->ids, w->n));
	for (size_t round = 0; round < 200000; round++) {
		char bytes[MOST_BYTES + 4];
		size_t from = random_below(&state, w->n), want_length, length;
		struct slice text = { bytes, 1 + random_below(&state, sizeof(bytes)) };

		for (size_t i = 0; i < text.n; i++)
			bytes[i] = i < w->tokens[from].n ? w->tokens[from].p[i]
							 : (char)random_next(&state);
		cr_assert_eq(token_trie_longest(&t, text, &length),
			longest_naive(w, text, &want_length), "%.*s", (int)text.n, text.p);
		cr_assert_eq(length, want_length);
	}
	for (size_t i = 0; i < t.n_units; i++)
		used += (t.units[i] & TRIE_USED) != 0;
	cr_expect_lt(t.n_units, used + used / 4 + 8192, "%zu units for %zu", t.n_units, used);
	token_trie_release(&t);
	free(w);
}
