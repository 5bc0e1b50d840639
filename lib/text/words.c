/* Cuts text into words by a named splitter; equal words have equal numbers. */
#include "lib/text/words.h"

#include "lib/core/buf.h"
#include "lib/core/mem.h"
#include "lib/text/chars.h"
#include "lib/text/put_back.h"
#include "lib/text/spacy_en.h"

#include <assert.h>
#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* What is known of all texts is dropped before a text when it holds more words or bytes than this:
 * about 12 MiB with the tables. The first few thousand words are the greater part of any text, so
 * starting anew costs little. */
enum { KNOWN_WORDS = 1 << 17, KNOWN_BYTES = 1 << 21 };

/* Memory for more words than this goes with the text that needed it. */
enum { KEEP_ELEMENTS = 1 << 19 };

/* A run of more bytes is cut and forgotten. */
enum { LONG_RUN = 1024 };

/* In lengths of pieces: what is between words. */
#define GAP (1u << 31)

struct splitter {
	const char *name;
	bool ascii_space; /* runs end at ASCII white space only */
	bool put_back; /* spaCy's special cases over the whole text */
	void (*cut)(struct words *w, struct slice run);
};

struct words {
	const struct splitter *splitter;
	struct word *table; /* by number; number 0 is white space */
	size_t n_table, cap_table;
	uint64_t *slots; /* 32 bits of the hash, then the number; 0: free */
	size_t n_slots; /* a power of two */
	struct buf text; /* of the words longer than WORD_HEAD */
	uint32_t *pieces; /* numbers of the words that runs were cut into */
	size_t n_pieces, cap_pieces;
	uint32_t *token; /* of this text, with the flags of put_back.h */
	size_t n_token, cap_token;
	uint32_t *word; /* of this text: what words_at gives */
	size_t n_word, cap_word;
	struct lengths cut, scratch;
	struct put_back *put_back;
	UBreakIterator *breaks;
	UText *utext;
};

static void describe(struct word *word, struct slice s)
{
	static const char *const stop_words[] = { "the", "be", "to", "of", "and", "that", "have",
		"with" }; /* Rae et al. 2021, appendix A1.1 */
	const char *p = s.p, *end = s.p + s.n;
	uint32_t c, all = CHAR_SYMBOL, any = 0;

	while (p < end) {
		p += char_decode(p, end, &c);
		all &= char_classes(c);
		any |= char_classes(c);
		word->chars++;
	}
	word->symbol = all & CHAR_SYMBOL;
	word->alpha = any & CHAR_LETTER;
	for (size_t i = 0; s.n <= sizeof("have") && i < ARRAY_LEN(stop_words); i++)
		word->stop |= (uint8_t)(slice_eq(s, slice_str(stop_words[i])) << i);
}

static struct slice bytes_of(const struct words *w, const struct word *word)
{
	const char *p = word->n <= WORD_HEAD ? word->head : w->text.p + word->offset;

	return (struct slice){ p, word->n };
}

static void add_word(struct words *w, struct slice s)
{
	struct word *word;

	mem_grow(&w->table, w->n_table, &w->cap_table, sizeof(w->table[0]));
	word = &w->table[w->n_table++];
	*word = (struct word){ .n = (uint32_t)s.n, .offset = (uint32_t)w->text.n };
	describe(word, s);
	if (s.n <= WORD_HEAD)
		memcpy(word->head, s.p, s.n);
	else
		buf_slice(&w->text, s);
}

static void grow_slots(struct words *w)
{
	size_t n = w->n_slots * 2;
	uint64_t *slots = mem_zalloc(n, sizeof(slots[0]));

	for (size_t i = 1; i < w->n_table; i++) {
		struct slice s = bytes_of(w, &w->table[i]);
		uint64_t hash = XXH3_64bits(s.p, s.n);
		size_t at = hash & (n - 1);

		while (slots[at])
			at = (at + 1) & (n - 1);
		slots[at] = (hash >> 32) << 32 | i;
	}
	free(w->slots);
	w->slots = slots;
	w->n_slots = n;
}

static inline bool same_8(const char *a, const char *b)
{
	return memcmp(a, b, 8) == 0; /* a load and a comparison, as its size is a constant */
}

static inline bool same_4(const char *a, const char *b)
{
	return memcmp(a, b, 4) == 0;
}

/* memcmp(3) for words: few are longer than 16 bytes, and a call costs more than the comparison. */
static inline bool same(const char *a, const char *b, size_t n)
{
	if (n > 16)
		return memcmp(a, b, n) == 0;
	if (n >= 8)
		return same_8(a, b) && same_8(a + n - 8, b + n - 8);
	if (n >= 4)
		return same_4(a, b) && same_4(a + n - 4, b + n - 4);
	while (n && a[n - 1] == b[n - 1])
		n--;
	return n == 0;
}

/* The number of the word s of this hash. */
static uint32_t number_by_hash(struct words *w, struct slice s, uint64_t hash)
{
	size_t at = hash & (w->n_slots - 1);

	for (; w->slots[at]; at = (at + 1) & (w->n_slots - 1)) {
		uint32_t i = (uint32_t)w->slots[at];

		if (w->slots[at] >> 32 == hash >> 32 && w->table[i].n == s.n &&
			same(bytes_of(w, &w->table[i]).p, s.p, s.n))
			return i;
	}
	w->slots[at] = (hash >> 32) << 32 | w->n_table;
	add_word(w, s);
	if (w->n_table * 2 > w->n_slots)
		grow_slots(w);
	return (uint32_t)w->n_table - 1;
}

static uint32_t number_of(struct words *w, struct slice s)
{
	return number_by_hash(w, s, XXH3_64bits(s.p, s.n));
}

static void cut_spacy_en(struct words *w, struct slice run)
{
	spacy_en_cut(run, &w->cut, &w->scratch);
}

/* ICU's rules of the root locale. */
static void cut_uax29(struct words *w, struct slice run)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t from = 0, to;

	w->utext = utext_openUTF8(w->utext, run.p, (int64_t)run.n, &status);
	ubrk_setUText(w->breaks, w->utext, &status);
	while (U_SUCCESS(status) && (to = ubrk_next(w->breaks)) != UBRK_DONE) {
		uint32_t gap = ubrk_getRuleStatus(w->breaks) < UBRK_WORD_NONE_LIMIT ? GAP : 0;

		lengths_push(&w->cut, (uint32_t)(to - from) | gap);
		from = to;
	}
}

static const struct splitter splitters[] = {
	{ .name = "whitespace" },
	{ .name = "uax29", .ascii_space = true, .cut = cut_uax29 },
	{ .name = "spacy-en", .put_back = true, .cut = cut_spacy_en },
};

const char splitter_names[] = "whitespace, uax29, spacy-en";

const struct splitter *splitter_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(splitters); i++) {
		if (strcmp(splitters[i].name, name) == 0)
			return &splitters[i];
	}
	return NULL;
}

const char *splitter_name(const struct splitter *s)
{
	return s->name;
}

static void add_piece(struct words *w, uint32_t number)
{
	mem_grow(&w->pieces, w->n_pieces, &w->cap_pieces, sizeof(w->pieces[0]));
	w->pieces[w->n_pieces++] = number;
}

static void add_token(struct words *w, uint32_t token)
{
	if (w->n_token == w->cap_token)
		mem_grow(&w->token, w->n_token, &w->cap_token, sizeof(w->token[0]));
	w->token[w->n_token++] = token;
}

/* Lengths of the run's pieces to w->cut. */
static void cut(struct words *w, struct slice run)
{
	w->cut.n = 0;
	if (w->splitter->cut)
		w->splitter->cut(w, run);
	else
		lengths_push(&w->cut, (uint32_t)run.n);
}

/* The numbers of the pieces of the run that was cut, handed to add one by one. */
static void each_piece(
	struct words *w, struct slice run, void (*add)(struct words *w, uint32_t number))
{
	size_t at = 0;

	for (size_t i = 0; i < w->cut.n; i++) {
		size_t n = w->cut.at[i] & ~GAP;

		if (!(w->cut.at[i] & GAP))
			add(w, number_of(w, (struct slice){ run.p + at, n }));
		at += n;
	}
}

/* Cuts a run that was not met before and remembers its pieces. */
static void cut_run(struct words *w, uint32_t number, struct slice run)
{
	size_t first = w->n_pieces;
	struct word *word;

	cut(w, run);
	each_piece(w, run, add_piece);
	word = &w->table[number];
	word->is_cut = true;
	word->n_pieces = (uint32_t)(w->n_pieces - first);
	word->pieces = (uint32_t)first;
	if (word->n_pieces == 1)
		word->pieces = w->pieces[--w->n_pieces];
}

/* A run between spaces, and the white space behind it. */
struct text_run {
	struct slice text; /* empty when a text begins with white space */
	uint64_t hash;
	bool blank, space; /* one blank; other white space, behind that blank or alone */
};

/* The words of a run: itself in most cases, which needs no look at a list of pieces. */
static void add_words(struct words *w, const struct text_run *run)
{
	uint32_t number = number_by_hash(w, run->text, run->hash);
	const struct word *word;

	if (!w->table[number].is_cut)
		cut_run(w, number, run->text);
	word = &w->table[number];
	if (word->n_pieces == 1) {
		add_token(w, word->pieces);
		return;
	}
	for (size_t i = 0; i < word->n_pieces; i++)
		add_token(w, w->pieces[word->pieces + i]);
}

/* One run. One blank behind it is remembered with its last word; other white space is a word of its
 * own, which takes part in putting special cases back. A long run is not met again. */
static void add_run(struct words *w, const struct text_run *run)
{
	if (run->text.n > LONG_RUN) {
		cut(w, run->text);
		each_piece(w, run->text, add_token);
	} else if (run->text.n) {
		add_words(w, run);
	}
	if (run->blank && w->n_token)
		w->token[w->n_token - 1] |= TOKEN_BLANK;
	if (run->space)
		add_token(w, TOKEN_SPACE);
}

/* Looking words up waits for memory: the slots of a batch are fetched together, then the rows that
 * they name, which took 7 % off the time of the whole stage. */
enum { BATCH = 32 };
static void add_runs(struct words *w, struct text_run *runs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		runs[i].hash = XXH3_64bits(runs[i].text.p, runs[i].text.n);
		__builtin_prefetch(&w->slots[runs[i].hash & (w->n_slots - 1)]);
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t slot = w->slots[runs[i].hash & (w->n_slots - 1)];

		__builtin_prefetch(&w->table[(uint32_t)slot]);
	}
	for (size_t i = 0; i < n; i++)
		add_run(w, &runs[i]);
}

/* The end of the run that begins at p. */
static const char *run_end(const struct splitter *s, const char *p, const char *end)
{
	static const uint8_t kind[256] = { [9] = 1,
		[10] = 1,
		[11] = 1,
		[12] = 1,
		[13] = 1,
		[0x1c] = 1,
		[0x1d] = 1,
		[0x1e] = 1,
		[0x1f] = 1,
		[' '] = 1,
		[0xc2] = 2,
		[0xe1] = 2,
		[0xe2] = 2,
		[0xe3] = 2 };

	for (; p < end; p++) {
		uint8_t k = kind[(unsigned char)*p];

		if (k == 1 || (k == 2 && !s->ascii_space && char_space(p, end)))
			break;
	}
	return p;
}

static const char *space_end(const struct splitter *s, const char *p, const char *end)
{
	size_t n;

	while (p < end && (n = char_space(p, end)) && (n == 1 || !s->ascii_space))
		p += n;
	return p;
}

static uint32_t number_of_word(void *words, struct slice s)
{
	return number_of(words, s);
}

/* An empty vocabulary, but for the words that special cases are made of. */
static void start_anew(struct words *w)
{
	w->n_table = 0;
	w->n_pieces = 0;
	add_word(w, (struct slice){ "", 0 }); /* white space */
	buf_clear(&w->text, 2 * KNOWN_BYTES);
	if (!w->slots || w->n_slots > 4 * KNOWN_WORDS) {
		free(w->slots);
		w->n_slots = 1 << 12;
		w->slots = mem_alloc(w->n_slots * sizeof(w->slots[0]));
	}
	memset(w->slots, 0, w->n_slots * sizeof(w->slots[0]));
	if (w->put_back)
		put_back_learn(w->put_back, number_of_word, w);
}

/* Gives back what only an exceptional text needed. */
static void trim(void *array, size_t *cap, size_t size)
{
	void *p;

	if (*cap <= KEEP_ELEMENTS)
		return;
	memcpy(&p, array, sizeof(p));
	*cap = KEEP_ELEMENTS;
	p = mem_resize(p, *cap, size);
	memcpy(array, &p, sizeof(p));
}

/* Drops what is known of earlier texts when it is too much. */
static void forget(struct words *w)
{
	trim(&w->token, &w->cap_token, sizeof(w->token[0]));
	trim(&w->word, &w->cap_word, sizeof(w->word[0]));
	trim(&w->cut.at, &w->cut.cap, sizeof(w->cut.at[0]));
	trim(&w->scratch.at, &w->scratch.cap, sizeof(w->scratch.at[0]));
	if (w->n_table < KNOWN_WORDS && w->text.n < KNOWN_BYTES && w->n_pieces < KNOWN_WORDS)
		return;
	start_anew(w);
	trim(&w->table, &w->cap_table, sizeof(w->table[0]));
	trim(&w->pieces, &w->cap_pieces, sizeof(w->pieces[0]));
}

static void finish_words(struct words *w)
{
	size_t more = w->put_back ? put_back_find(w->put_back, w->token, w->n_token) : 0;

	if (w->cap_word < w->n_token + more) {
		free(w->word);
		w->cap_word = w->n_token + more + MIN(w->n_token / 4, KEEP_ELEMENTS);
		w->word = mem_alloc(w->cap_word * sizeof(w->word[0]));
	}
	if (w->put_back) {
		w->n_word = put_back_apply(w->put_back, w->token, w->n_token, w->word);
		return;
	}
	w->n_word = 0;
	for (size_t i = 0; i < w->n_token; i++) {
		w->word[w->n_word] = w->token[i] & TOKEN_NUMBER;
		w->n_word += w->word[w->n_word] != TOKEN_SPACE;
	}
}

void words_split(struct words *w, struct slice text)
{
	const char *p = text.p, *end = text.p + text.n;
	struct text_run runs[BATCH];
	size_t n = 0;

	assert(text.n < WORDS_MAX_TEXT);
	forget(w);
	w->n_token = 0;
	while (p < end) {
		struct text_run *run = &runs[n++];
		const char *to = run_end(w->splitter, p, end);

		run->text = (struct slice){ p, (size_t)(to - p) };
		p = space_end(w->splitter, to, end);
		run->blank = to < p && *to == ' ' && to > text.p;
		run->space = p > to + run->blank;
		if (n == BATCH || p == end) {
			add_runs(w, runs, n);
			n = 0;
		}
	}
	finish_words(w);
}

int words_new(struct words **out, const struct splitter *s, struct err *e)
{
	struct words *w = mem_zalloc(1, sizeof(*w));
	UErrorCode status = U_ZERO_ERROR;

	w->splitter = s;
	if (s->put_back)
		w->put_back = put_back_new();
	start_anew(w);
	if (s->cut == cut_uax29)
		w->breaks = ubrk_open(UBRK_WORD, "", NULL, 0, &status);
	if (U_FAILURE(status)) {
		words_free(w);
		return err_set(e, ERR_INTERNAL, "ICU word breaks: %s", u_errorName(status));
	}
	*out = w;
	return 0;
}

size_t words_count(const struct words *w)
{
	return w->n_word;
}

const uint32_t *words_at(const struct words *w)
{
	return w->word;
}

const struct word *words_table(const struct words *w)
{
	return w->table;
}

struct slice words_text(const struct words *w, uint32_t number)
{
	return bytes_of(w, &w->table[number]);
}

void words_free(struct words *w)
{
	if (!w)
		return;
	if (w->breaks)
		ubrk_close(w->breaks);
	utext_close(w->utext);
	put_back_free(w->put_back);
	lengths_release(&w->cut);
	lengths_release(&w->scratch);
	buf_release(&w->text);
	free(w->table);
	free(w->slots);
	free(w->pieces);
	free(w->token);
	free(w->word);
	free(w);
}
