/* The last step of spaCy's English words: special cases that the affix rules cut up are put
 * back. */
#include "lib/text/put_back.h"

#include "lib/core/mem.h"
#include "lib/text/spacy_en.h"

#include <stdlib.h>

/* A special case in numbers of words. */
struct phrase {
	uint32_t piece[SPACY_MAX_PHRASE];
	uint32_t result[3];
	uint8_t n, n_result;
	uint16_t next; /* 1 + the index of another with the same first piece; 0: none */
};

struct found {
	uint32_t start; /* token */
	uint16_t phrase;
	bool chosen;
};

/* What a word is in phrases. */
struct piece {
	uint16_t first; /* of this phrase (1 + its index) and those by next; 0: none */
	bool second; /* of some phrase */
};

struct put_back {
	struct phrase *phrase; /* spacy_n_phrases */
	struct piece *piece; /* by number of the word */
	uint32_t n_piece;
	struct found *found; /* in the order of tokens */
	size_t n_found, cap_found;
};

struct put_back *put_back_new(void)
{
	struct put_back *p = mem_zalloc(1, sizeof(*p));

	p->phrase = mem_zalloc(spacy_n_phrases, sizeof(p->phrase[0]));
	return p;
}

/* Numbers the pieces of text, whose lengths end with a 0 or after max. */
static uint8_t number_pieces(const char *text, const uint8_t *lengths, size_t max, uint32_t *out,
	put_back_number *number, void *vocabulary)
{
	uint8_t n = 0;

	for (; n < max && lengths[n]; text += lengths[n++])
		out[n] = number(vocabulary, (struct slice){ text, lengths[n] });
	return n;
}

void put_back_learn(struct put_back *p, put_back_number *number, void *vocabulary)
{
	p->n_piece = 0;
	for (size_t i = 0; i < spacy_n_phrases; i++) {
		const struct spacy_special *special = &spacy_specials[spacy_phrases[i].special];
		struct phrase *ph = &p->phrase[i];

		ph->n = number_pieces(special->text, spacy_phrases[i].piece, SPACY_MAX_PHRASE,
			ph->piece, number, vocabulary);
		ph->n_result = number_pieces(special->text, special->piece,
			ARRAY_LEN(special->piece), ph->result, number, vocabulary);
		p->n_piece = MAX(p->n_piece, MAX(ph->piece[0], ph->piece[1]) + 1);
	}
	free(p->piece);
	p->piece = mem_zalloc(p->n_piece, sizeof(p->piece[0]));
	for (size_t i = spacy_n_phrases; i-- > 0;) {
		struct phrase *ph = &p->phrase[i];

		ph->next = p->piece[ph->piece[0]].first;
		p->piece[ph->piece[0]].first = (uint16_t)(i + 1);
		p->piece[ph->piece[1]].second = true;
	}
}

static bool stands_at(const struct phrase *ph, const uint32_t *token, size_t left)
{
	if (ph->n > left)
		return false;
	for (size_t i = 1; i < ph->n; i++) {
		if ((token[i] & TOKEN_NUMBER) != ph->piece[i])
			return false;
	}
	return true;
}

static void find_at(struct put_back *p, const uint32_t *token, size_t start, size_t n)
{
	uint16_t at = p->piece[token[start] & TOKEN_NUMBER].first;

	for (; at; at = p->phrase[at - 1].next) {
		if (!stands_at(&p->phrase[at - 1], token + start, n - start))
			continue;
		mem_grow(&p->found, p->n_found, &p->cap_found, sizeof(p->found[0]));
		p->found[p->n_found++] =
			(struct found){ .start = (uint32_t)start, .phrase = (uint16_t)(at - 1) };
	}
}

static bool holds_blank(const uint32_t *token, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		if (token[i] & TOKEN_BLANK)
			return true;
	}
	return false;
}

/* The span is taken where neither end lies in a longer or earlier one, and shades the rest. */
static void choose(struct found *f, const struct phrase *ph, uint32_t *token)
{
	uint32_t *at = token + f->start;

	f->chosen = !((at[0] | at[ph->n - 1]) & TOKEN_SHADED) && !holds_blank(at, ph->n);
	for (size_t i = 0; i < ph->n; i++)
		at[i] |= TOKEN_SHADED;
}

size_t put_back_find(struct put_back *p, uint32_t *token, size_t n)
{
	size_t more = 0;

	p->n_found = 0;
	for (size_t i = 0; i + 1 < n; i++) {
		uint32_t one = token[i] & TOKEN_NUMBER, two = token[i + 1] & TOKEN_NUMBER;

		if (one < p->n_piece && p->piece[one].first && two < p->n_piece &&
			p->piece[two].second)
			find_at(p, token, i, n);
	}
	for (size_t length = SPACY_MAX_PHRASE; p->n_found && length >= 2; length--) {
		for (size_t i = 0; i < p->n_found; i++) {
			const struct phrase *ph = &p->phrase[p->found[i].phrase];

			if (ph->n != length)
				continue;
			choose(&p->found[i], ph, token);
			more += p->found[i].chosen && ph->n_result > ph->n;
		}
	}
	return more;
}

size_t put_back_apply(const struct put_back *p, const uint32_t *token, size_t n, uint32_t *word)
{
	size_t n_word = 0, f = 0;

	for (size_t i = 0; i < n;) {
		while (f < p->n_found && (!p->found[f].chosen || p->found[f].start < i))
			f++;
		if (f < p->n_found && p->found[f].start == i) {
			const struct phrase *ph = &p->phrase[p->found[f].phrase];

			memcpy(word + n_word, ph->result, ph->n_result * sizeof(word[0]));
			n_word += ph->n_result;
			i += ph->n;
			continue;
		}
		word[n_word] = token[i] & TOKEN_NUMBER;
		n_word += word[n_word] != TOKEN_SPACE;
		i++;
	}
	return n_word;
}

void put_back_free(struct put_back *p)
{
	if (!p)
		return;
	free(p->phrase);
	free(p->piece);
	free(p->found);
	free(p);
}
