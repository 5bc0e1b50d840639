/* The statistics of a text that quality rules ask for, each found at most once. */
#include "stages/quality/text_stats.h"

#include "lib/core/mem.h"
#include "lib/text/utf8.h"
#include "lib/text/chars.h"
#include "stages/quality/lines.h"
#include "stages/quality/ngrams.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* What is found in one pass. */
enum pass {
	PASS_CHARS,
	PASS_LINES,
	PASS_PARAS,
	PASS_REPEATED_LINES,
	PASS_WORDS,
	PASS_TOP,
	PASS_DUP
};

static const struct {
	const char *name;
	enum pass pass;
} table[N_STATISTICS] = {
	[STAT_CHARACTERS] = { "characters", PASS_CHARS },
	[STAT_LINES] = { "lines", PASS_LINES },
	[STAT_BULLET_LINES] = { "bullet_lines", PASS_LINES },
	[STAT_ELLIPSIS_LINES] = { "ellipsis_lines", PASS_LINES },
	[STAT_DUP_PARA_FRAC] = { "dup_para_frac", PASS_PARAS },
	[STAT_DUP_PARA_CHAR_FRAC] = { "dup_para_char_frac", PASS_PARAS },
	[STAT_DUP_LINE_FRAC] = { "dup_line_frac", PASS_REPEATED_LINES },
	[STAT_DUP_LINE_CHAR_FRAC] = { "dup_line_char_frac", PASS_REPEATED_LINES },
	[STAT_WORDS] = { "words", PASS_WORDS },
	[STAT_NON_SYMBOL_WORDS] = { "non_symbol_words", PASS_WORDS },
	[STAT_MEAN_WORD_LENGTH] = { "mean_word_length", PASS_WORDS },
	[STAT_ALPHA_WORDS] = { "alpha_words", PASS_WORDS },
	[STAT_STOP_WORDS] = { "stop_words", PASS_WORDS },
	[STAT_HASH_RATIO] = { "hash_ratio", PASS_WORDS },
	[STAT_ELLIPSIS_RATIO] = { "ellipsis_ratio", PASS_WORDS },
	[STAT_TOP_2_GRAM] = { "top_2_gram", PASS_TOP },
	[STAT_TOP_3_GRAM] = { "top_3_gram", PASS_TOP },
	[STAT_TOP_4_GRAM] = { "top_4_gram", PASS_TOP },
	[STAT_DUPLICATED_5_N_GRAMS] = { "duplicated_5_n_grams", PASS_DUP },
	[STAT_DUPLICATED_6_N_GRAMS] = { "duplicated_6_n_grams", PASS_DUP },
	[STAT_DUPLICATED_7_N_GRAMS] = { "duplicated_7_n_grams", PASS_DUP },
	[STAT_DUPLICATED_8_N_GRAMS] = { "duplicated_8_n_grams", PASS_DUP },
	[STAT_DUPLICATED_9_N_GRAMS] = { "duplicated_9_n_grams", PASS_DUP },
	[STAT_DUPLICATED_10_N_GRAMS] = { "duplicated_10_n_grams", PASS_DUP },
};

/* One splitter's words and the values found by them; the first view also holds the values that need
 * no words. */
struct view {
	struct words *words;
	unsigned done; /* bits of enum pass */
	bool split; /* words are those of this text */
	double value[N_STATISTICS]; /* NaN: undefined */
};

struct text_stats {
	struct slice text;
	struct line_counts lines;
	struct repeat_finder *repeats;
	struct ngrams *ngrams;
	struct view view[STATS_MAX_SPLITTERS];
	size_t n_views;
};

bool statistic_find(const char *name, enum statistic *out)
{
	for (size_t i = 0; i < N_STATISTICS; i++) {
		if (strcmp(table[i].name, name) == 0) {
			*out = (enum statistic)i;
			return true;
		}
	}
	return false;
}

const char *statistic_name(enum statistic which)
{
	return table[which].name;
}

bool statistic_needs_words(enum statistic which)
{
	return which >= STAT_WORDS;
}

int text_stats_new(
	struct text_stats **out, const struct splitter *const *splitters, size_t n, struct err *e)
{
	struct text_stats *s = mem_zalloc(1, sizeof(*s));

	assert(n <= STATS_MAX_SPLITTERS);
	s->repeats = repeat_finder_new();
	s->ngrams = ngrams_new();
	for (; s->n_views < n; s->n_views++) {
		if (words_new(&s->view[s->n_views].words, splitters[s->n_views], e) < 0) {
			text_stats_free(s);
			return -1;
		}
	}
	*out = s;
	return 0;
}

void text_stats_set(struct text_stats *s, struct slice text)
{
	s->text = text.n ? text : SLICE("");
	for (size_t i = 0; i < STATS_MAX_SPLITTERS; i++) {
		s->view[i].done = 0;
		s->view[i].split = false;
	}
}

static double ratio(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : (double)NAN;
}

static double value_of(struct text_stats *s, enum statistic which)
{
	double v = (double)NAN;

	return text_stats_get(s, 0, which, &v) ? v : (double)NAN;
}

static uint64_t characters(struct text_stats *s)
{
	return (uint64_t)value_of(s, STAT_CHARACTERS);
}

static void find_chars(struct text_stats *s, struct view *v)
{
	v->value[STAT_CHARACTERS] = (double)utf8_length(s->text);
}

static void find_lines(struct text_stats *s, struct view *v)
{
	lines_count(s->text, &s->lines);
	v->value[STAT_LINES] = (double)s->lines.lines;
	v->value[STAT_BULLET_LINES] = ratio(s->lines.bullets, s->lines.lines);
	v->value[STAT_ELLIPSIS_LINES] = ratio(s->lines.end_ellipsis, s->lines.lines);
}

static void find_repeated(
	struct text_stats *s, struct slice text, size_t min_breaks, double *frac, double *char_frac)
{
	struct repeats found;

	repeats_count(s->repeats, text, min_breaks, &found);
	*frac = ratio(found.repeated, found.pieces);
	*char_frac = ratio(found.repeated_chars, characters(s));
}

static void find_paras(struct text_stats *s, struct view *v)
{
	find_repeated(s, char_strip(s->text), 2, &v->value[STAT_DUP_PARA_FRAC],
		&v->value[STAT_DUP_PARA_CHAR_FRAC]);
}

static void find_repeated_lines(struct text_stats *s, struct view *v)
{
	find_repeated(
		s, s->text, 1, &v->value[STAT_DUP_LINE_FRAC], &v->value[STAT_DUP_LINE_CHAR_FRAC]);
}

static const struct words *split(struct text_stats *s, struct view *v)
{
	if (!v->split)
		words_split(v->words, s->text);
	v->split = true;
	return v->words;
}

static void find_words(struct text_stats *s, struct view *v)
{
	const struct words *w = split(s, v);
	const struct word *words = words_table(w);
	const uint32_t *at = words_at(w);
	size_t n = words_count(w), non_symbol = 0, chars = 0, alpha = 0;
	unsigned stop = 0;

	for (size_t i = 0; i < n; i++) {
		const struct word *word = &words[at[i]];

		non_symbol += !word->symbol;
		chars += word->symbol ? 0 : word->chars;
		alpha += word->alpha;
		stop |= word->stop;
	}
	value_of(s, STAT_LINES); /* hashes and ellipses are counted with the lines */
	v->value[STAT_WORDS] = (double)n;
	v->value[STAT_NON_SYMBOL_WORDS] = (double)non_symbol;
	v->value[STAT_MEAN_WORD_LENGTH] = ratio(chars, non_symbol);
	v->value[STAT_ALPHA_WORDS] = ratio(alpha, n);
	v->value[STAT_STOP_WORDS] = __builtin_popcount(stop);
	v->value[STAT_HASH_RATIO] = ratio(s->lines.hashes, n);
	v->value[STAT_ELLIPSIS_RATIO] = ratio(s->lines.ellipses, n);
}

static void find_top(struct text_stats *s, struct view *v)
{
	uint64_t chars[TOP_MAX + 1], all = characters(s);

	ngrams_top(s->ngrams, split(s, v), chars);
	for (unsigned n = TOP_MIN; n <= TOP_MAX; n++)
		v->value[STAT_TOP_2_GRAM + n - TOP_MIN] = ratio(chars[n], all);
}

static void find_duplicated(struct text_stats *s, struct view *v)
{
	uint64_t chars[DUP_MAX + 1], all = characters(s);

	ngrams_duplicated(s->ngrams, split(s, v), chars);
	for (unsigned n = DUP_MIN; n <= DUP_MAX; n++)
		v->value[STAT_DUPLICATED_5_N_GRAMS + n - DUP_MIN] = ratio(chars[n], all);
}

bool text_stats_get(struct text_stats *s, size_t splitter, enum statistic which, double *value)
{
	static void (*const find[])(struct text_stats *, struct view *) = {
		[PASS_CHARS] = find_chars,
		[PASS_LINES] = find_lines,
		[PASS_PARAS] = find_paras,
		[PASS_REPEATED_LINES] = find_repeated_lines,
		[PASS_WORDS] = find_words,
		[PASS_TOP] = find_top,
		[PASS_DUP] = find_duplicated,
	};
	struct view *v = &s->view[statistic_needs_words(which) ? splitter : 0];
	enum pass pass = table[which].pass;

	assert(!statistic_needs_words(which) || splitter < s->n_views);
	if (!(v->done & 1u << pass))
		find[pass](s, v);
	v->done |= 1u << pass;
	*value = v->value[which];
	return !isnan(*value);
}

void text_stats_free(struct text_stats *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n_views; i++)
		words_free(s->view[i].words);
	repeat_finder_free(s->repeats);
	ngrams_free(s->ngrams);
	free(s);
}
