/* pretok_window.h - where pieces begin among the next 64 bytes, by arithmetic on words of a bit a
 * byte: for the scanners of processors with BMI2.
 *
 * A window begins where a piece does. What a pattern asks there depends on nothing before it, so
 * that each window is judged alone: a bit of the result is a byte at which a piece begins. What
 * would depend on bytes behind the window is left out, and the next window begins at the last bit
 * that is set. Where none is set, the piece is longer than a window or needs a look at what is
 * rare, and the plain scanner cuts it. Words of bits for classes, and addition to run along them,
 * are as in simdjson (Langdale and Lemire 2019, "Parsing gigabytes of JSON per second"). */
#ifndef CORPUSTOK_PRETOK_WINDOW_H
#define CORPUSTOK_PRETOK_WINDOW_H

#include "lib/core/base.h"
#include "tokenizer/pretok_contraction.h"

#if defined(__BMI2__)
#include <immintrin.h>
#endif

/* All is to become one function, whose words stay in registers. */
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* All bytes of a code point have its class. */
struct window {
	const unsigned char *text;
	size_t left; /* bytes from text to the end of what is cut */
	uint64_t known; /* the whole code points of the window */
	uint64_t letter, number, space, newline, mark, upper, lower, sign; /* pretok_class.h */
	uint64_t cjk; /* of DeepSeek's second pattern */
	uint64_t blank, apostrophe, slash; /* U+0020, U+0027, U+002F */
	uint64_t high; /* bytes beyond ASCII */
	uint64_t lead2, lead3, lead4; /* first bytes of code points of so many */
};

/* ---- runs of bits ---- */

ALWAYS_INLINE uint64_t firsts(uint64_t x)
{
	return x & ~(x << 1);
}

/* The lowest bit and those below it; none of 0. */
ALWAYS_INLINE uint64_t up_to_lowest(uint64_t x)
{
	return x ? x ^ (x - 1) : ~UINT64_C(0);
}

/* Of each run of x that has a seed, the seed and what stands behind it. At most one seed a run. */
ALWAYS_INLINE uint64_t flood(uint64_t x, uint64_t seeds)
{
	return x & ~(x + seeds);
}

/* The bits up to the last of x that is below the bit first, of which there is one. */
ALWAYS_INLINE uint64_t last_below(uint64_t x, uint64_t first)
{
	return ~UINT64_C(0) >> __builtin_clzll(x & (first - 1));
}

/* The run that ends with the window. */
ALWAYS_INLINE uint64_t last_run(const struct window *w, uint64_t x)
{
	uint64_t others = w->known & ~x;

	return others ? w->known & ~(~UINT64_C(0) >> __builtin_clzll(others)) : w->known;
}

/* The first bits of the runs of x behind which no bit of ends stands. Of those not in wanted, which
 * are first bits too, any may be there. */
ALWAYS_INLINE uint64_t runs_not_up_to(uint64_t x, uint64_t wanted, uint64_t ends)
{
#if defined(__BMI2__)
	/* The n-th run ends at the n-th end. */
	(void)wanted;
	return _pdep_u64(~_pext_u64(ends, x << 1 & ~x), firsts(x));
#else
	uint64_t found = 0;

	for (; wanted; wanted &= wanted - 1) {
		uint64_t first = wanted & -wanted;

		found |= (x + first) & ~x & ends ? 0 : first;
	}
	return found;
#endif
}

/* ---- code points ---- */

/* The first bytes of what stands behind the code points that begin at x. */
ALWAYS_INLINE uint64_t behind(const struct window *w, uint64_t x)
{
	if (!w->high)
		return x << 1;
	return (x & ~w->high) << 1 | (x & w->lead2) << 2 | (x & w->lead3) << 3 |
		(x & w->lead4) << 4;
}

/* The first bytes of the code points that end with the bytes x. */
ALWAYS_INLINE uint64_t first_bytes(const struct window *w, uint64_t x)
{
	uint64_t tails = x & w->high, leads = w->lead2 | w->lead3 | w->lead4, found = x & ~w->high;

	for (; tails; tails = (tails & ~leads) >> 1)
		found |= tails & leads;
	return found;
}

/* ---- what the patterns have in common ---- */

/* White space that ends with the window may go on: of it nothing is certain but where it begins. */
ALWAYS_INLINE uint64_t certain(const struct window *w, uint64_t starts, uint64_t begins)
{
	uint64_t open = last_run(w, w->space);

	return (starts & ~open) | (begins & open);
}

/* \s+(?!\S)|\s+: the last white space before a word begins a piece. */
ALWAYS_INLINE uint64_t last_spaces(const struct window *w, uint64_t spaces, uint64_t others)
{
	return first_bytes(w, spaces & others >> 1);
}

/* \s*[\r\n]+|\s+(?!\S)|\s+: white space of which absorbed is part of the piece before. others is
 * what, behind white space, makes it leave its last behind. */
ALWAYS_INLINE uint64_t line_starts(const struct window *w, uint64_t absorbed, uint64_t others)
{
	uint64_t begins = firsts(w->space & ~absorbed), blanks = w->space & ~w->newline;
	uint64_t starts = begins | last_spaces(w, blanks, others),
		 after = firsts(blanks) & w->newline << 1;

	if (after)
		starts |= after & runs_not_up_to(blanks, after, w->newline);
	return certain(w, starts, begins);
}

/* \p{N}{1,3}: behind the first number of more than a byte nothing is certain; *limit loses it. */
ALWAYS_INLINE uint64_t number_starts(const struct window *w, uint64_t *limit)
{
	uint64_t starts = firsts(w->number), next = starts;
	uint64_t fours = w->number & w->number << 1 & w->number << 2 & w->number << 3;

	while ((next = next << 3 & fours) != 0)
		starts |= next;
	*limit &= up_to_lowest(w->number & w->high);
	return starts;
}

ALWAYS_INLINE uint64_t all_numbers(const struct window *w)
{
	return w->number & (~w->high | w->lead2 | w->lead3 | w->lead4);
}

/* ---- GPT-2 ---- */

ALWAYS_INLINE uint64_t starts_gpt2(const struct window *w)
{
	uint64_t others = w->known & ~(w->letter | w->number | w->space), begins = firsts(w->space);
	uint64_t alone = firsts(others) & ~(w->blank << 1);
	uint64_t starts = (firsts(w->letter) | firsts(w->number)) & ~(w->blank << 1);
	uint64_t apostrophes = w->apostrophe & alone & w->letter >> 1;

	starts |= alone;
	for (; apostrophes; apostrophes &= apostrophes - 1) {
		unsigned at = (unsigned)__builtin_ctzll(apostrophes);
		size_t n = contraction(w->text + at, w->left - at);

		if (n == 0)
			continue;
		starts &= ~(UINT64_C(2) << at);
		starts |= at + n < 64 ? UINT64_C(1) << (at + n) : 0;
	}
	starts |= begins | last_spaces(w, w->space, w->known & ~w->space);
	return certain(w, starts, begins);
}

/* ---- cl100k and those like it ---- */

ALWAYS_INLINE uint64_t starts_cl100k(const struct window *w, unsigned most_numbers)
{
	uint64_t others = w->known & ~(w->letter | w->number | w->space), limit = w->known;
	/* Before letters one of these is part of their piece. */
	uint64_t blanks = w->space & ~w->newline, alone = firsts(others) & ~(w->blank << 1);
	uint64_t starts = firsts(w->letter) & ~(blanks << 1 | behind(w, alone));
	uint64_t apostrophes = w->apostrophe & alone & w->letter >> 1;
	uint64_t absorbed = flood(w->newline, w->newline & others << 1);

	starts |= alone | (most_numbers == 1 ? all_numbers(w) : number_starts(w, &limit));
	for (; apostrophes; apostrophes &= apostrophes - 1) {
		unsigned at = (unsigned)__builtin_ctzll(apostrophes);
		size_t n = contraction_of_any_case(w->text + at, w->left - at);

		starts |= n && at + n < 64 ? UINT64_C(1) << (at + n) : 0;
	}
	return (starts | line_starts(w, absorbed, w->known & ~w->space)) & limit;
}

/* ---- o200k and those like it ---- */

/* Where upper case begins a piece behind other letters. It does behind a \p{Ll}, and what is in
 * both sets behind that. Behind what is in both sets alone it does when no more than upper case
 * follows: cased() in pretok_plain.c says why. */
ALWAYS_INLINE uint64_t case_starts(const struct window *w, uint64_t words, uint64_t *limit)
{
	uint64_t upper = w->upper & ~w->lower, lower = w->lower & ~w->upper;
	uint64_t both = w->upper & w->lower, begins = firsts(upper) & words << 1;
	uint64_t starts = begins & (lower | flood(both, both & lower << 1)) << 1;

	for (uint64_t unclear = begins & ~starts; unclear; unclear &= unclear - 1) {
		uint64_t first = unclear & -unclear, end = (upper + first) & ~upper;

		end &= -end;
		if (!(end & w->known))
			*limit &= first - 1;
		else if (!(end & words))
			starts |= first;
	}
	return starts;
}

/* CONTRACTION? behind letters: an apostrophe and what follows belong to them, unless the letters
 * are a contraction themselves. */
ALWAYS_INLINE uint64_t join_contractions(
	const struct window *w, uint64_t words, uint64_t starts, uint64_t *limit)
{
	/* What follows may stand behind the window. */
	uint64_t apostrophes = w->apostrophe & words << 1 & (w->letter >> 1 | ~(w->known >> 1));
	size_t last = 0;

	for (; apostrophes; apostrophes &= apostrophes - 1) {
		unsigned at = (unsigned)__builtin_ctzll(apostrophes);
		size_t n = contraction_of_any_case(w->text + at, w->left - at);
		uint64_t end = n && at + n < 64 ? UINT64_C(1) << (at + n) : 0;

		if (n == 0 || at == last)
			continue;
		starts &= ~(end - (UINT64_C(1) << at));
		starts |= end;
		/* What is in both sets begins anew here, which case_starts() does not see. */
		if (end & w->upper & w->lower)
			*limit &= end | (end - 1);
		last = at + n;
	}
	return starts;
}

ALWAYS_INLINE uint64_t starts_o200k(
	const struct window *w, unsigned most_numbers, bool contractions)
{
	uint64_t words = w->letter | w->mark, limit = w->known;
	uint64_t others = w->known & ~(words | w->number | w->space);
	uint64_t blanks = w->space & ~w->newline, alone = firsts(others) & ~(w->blank << 1);
	uint64_t prefixed = blanks << 1 | behind(w, alone);
	uint64_t absorbed = flood(w->newline, w->newline & others << 1);
	uint64_t marks = firsts(words) & w->mark & others << 1 & ~prefixed;
	uint64_t slashes = w->slash & absorbed << 1;
	uint64_t starts = (firsts(words) & ~prefixed) | alone;

	starts |= most_numbers == 1 ? all_numbers(w) : number_starts(w, &limit);
	starts |= case_starts(w, words, &limit);
	if (contractions)
		starts = join_contractions(w, words, starts, &limit);
	/* Marks among signs are of one piece with them: it is cut alone. */
	if (marks)
		limit &= last_below(firsts(others), marks & -marks);
	/* Slashes behind the newlines of signs too. */
	if (slashes)
		limit &= (slashes & -slashes) - 1;
	return (starts | line_starts(w, absorbed, w->known & ~w->space)) & limit;
}

/* ---- DeepSeek 3 ---- */

ALWAYS_INLINE uint64_t starts_deepseek3(const struct window *w)
{
	uint64_t words = w->letter | w->mark, limit = w->known;
	uint64_t others = w->known & ~(words | w->number | w->space | w->sign);
	/* Where what the second pattern cuts off begins or ends. */
	uint64_t turns = w->cjk ^ w->cjk << 1, blanks = w->space & ~w->newline;
	uint64_t signs = w->sign & (~(w->sign << 1) | turns) & ~(w->blank << 1 & ~w->cjk);
	uint64_t latin = w->letter & ~w->high, latin_begins = latin & (signs & ~w->high) << 1;
	uint64_t absorbed = flood(w->newline, w->newline & (w->sign & ~w->cjk) << 1);
	uint64_t starts = words & (~(words << 1) | turns) & ~((blanks | others) << 1 & ~turns) &
		~latin_begins;

	/* An ASCII sign takes ASCII letters; other letters and marks behind them are apart. */
	starts |= (latin + latin_begins) & ~latin & words;
	starts |= signs | number_starts(w, &limit);
	/* What is not matched is a piece, but its last goes with letters. */
	starts |= others & (~(others << 1) | turns);
	starts |= first_bytes(w, others & words >> 1 & ~(turns >> 1));
	starts |= line_starts(w, absorbed, w->known & ~(w->space | w->number | w->cjk));
	return starts & limit;
}

/* ---- the scanners of a way ---- */

#define WINDOW_SCANNERS(scanner) \
	scanner(gpt2, starts_gpt2(&w)) scanner(cl100k, starts_cl100k(&w, 3)) \
		scanner(llama3, starts_cl100k(&w, 3)) scanner(qwen2, starts_cl100k(&w, 1)) \
			scanner(o200k, starts_o200k(&w, 3, true)) \
				scanner(tekken, starts_o200k(&w, 1, false)) \
					scanner(deepseek3, starts_deepseek3(&w))

#endif
