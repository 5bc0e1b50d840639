/* words.h - cuts text into words by a named splitter; equal words have equal numbers.
 *
 *	struct words *w;
 *	if (words_new(&w, splitter_find("spacy-en"), &e) < 0) ...
 *	words_split(w, text);
 *	for (size_t i = 0; i < words_count(w); i++)
 *		... words_at(w)[i] is a number, words_word(w, number) says what it is ...
 *	words_free(w);
 *
 * Most runs of a text were met before: each different run between spaces is cut once and its words
 * remembered, also from text to text, so that the splitter's own speed hardly counts. The memory is
 * dropped when it passes a limit. One object a thread. */
#ifndef CORPUS_WORDS_H
#define CORPUS_WORDS_H

#include "lib/core/err.h"

struct splitter;
struct words;

/* What statistics ask about a word, found out once for each different one. 64 bytes, so that a
 * look-up is one line of cache. */
enum { WORD_HEAD = 40 };
struct word {
	uint32_t n; /* bytes */
	uint32_t chars; /* code points */
	bool symbol; /* punctuation and controls alone: datatrove's PUNCTUATION_SET */
	bool alpha; /* holds a letter (general category L*) */
	uint8_t stop; /* 1 << its number among Gopher's eight stop words, or 0 */
	bool is_cut; /* its pieces are known: it was met as a run between spaces */
	uint32_t pieces, n_pieces; /* the word itself or where its pieces stand, see words.c */
	uint32_t offset; /* of the bytes of a word longer than head */
	char head[WORD_HEAD]; /* the bytes of any other; use words_text */
};

/* The splitter of this name, or NULL:
 *	whitespace	what stands between white space (Python's str.split)
 *	uax29		Unicode Standard Annex 29 by ICU, only what holds a letter, digit, kana or
 *			ideograph
 *	spacy-en	the reference tokenizer for English, see spacy_en.h */
const struct splitter *splitter_find(const char *name);

const char *splitter_name(const struct splitter *s);

/* The names, separated by ", ", for messages. */
extern const char splitter_names[];

int words_new(struct words **out, const struct splitter *s, struct err *e) MUST_CHECK;

/* Longer texts are not cut: numbers and offsets are 32 bits. */
#define WORDS_MAX_TEXT GIB

/* Cuts text of less than WORDS_MAX_TEXT; the result is valid until the next call. Linear in its
 * length. */
void words_split(struct words *w, struct slice text);

size_t words_count(const struct words *w);
const uint32_t *words_at(const struct words *w);

/* Table of all words by their numbers, from 1 on. */
const struct word *words_table(const struct words *w);
struct slice words_text(const struct words *w, uint32_t number);

void words_free(struct words *w);

#endif
