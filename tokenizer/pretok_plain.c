/* The published patterns as scanners, a code point at a time: what every machine runs, and the
 * reference of the faster ones.
 *
 * Each function named after a pattern gives the end of the piece that begins at at. The
 * alternatives stand in the pattern's order; where its regular expression back-tracks, a comment
 * says what that comes to. */
#include "tokenizer/pretok_class.h"
#include "tokenizer/pretok_contraction.h"
#include "tokenizer/pretok_scan.h"

/* [^\s\p{L}\p{N}] is what has none of these. */
enum { CLASS_KNOWN = CLASS_SPACE | CLASS_LETTER | CLASS_NUMBER };

/* Where the code points end that have one of the classes. */
static inline size_t run_of(const unsigned char *text, size_t at, size_t end, unsigned classes)
{
	size_t n;

	while (at < end && class_at(text + at, &n) & classes)
		at += n;
	return at;
}

/* Where the code points end that have none of them. */
static inline size_t run_without(const unsigned char *text, size_t at, size_t end, unsigned classes)
{
	size_t n;

	while (at < end && !(class_at(text + at, &n) & classes))
		at += n;
	return at;
}

/* \s+(?!\S)|\s+ at a white space: before a word the last white space stays behind, if it is not
 * the only one. */
static inline size_t spaces(const unsigned char *text, size_t at, size_t end)
{
	size_t last = at, p = at, n;

	while (p < end && class_at(text + p, &n) & CLASS_SPACE) {
		last = p;
		p += n;
	}
	return p < end && last > at ? last : p;
}

/* \s*[\r\n]+|\s+(?!\S)|\s+ at a white space: up to the last newline among them. With whole,
 * \s++$|\s*[\r\n]|\s+(?!\S)|\s: at the end of the text all. */
static inline size_t lines(const unsigned char *text, size_t at, size_t end, bool whole)
{
	size_t last = at, newline = at, p = at, n;
	unsigned class;

	while (p < end && (class = class_at(text + p, &n)) & CLASS_SPACE) {
		last = p;
		p += n;
		if (class & CLASS_NEWLINE)
			newline = p;
	}
	if (whole && p == end)
		return p;
	if (newline > at)
		return newline;
	return p < end && last > at ? last : p;
}

/* Up to most numbers, of which the first stands at at and has n bytes. */
static inline size_t numbers(
	const unsigned char *text, size_t at, size_t end, size_t n, unsigned most)
{
	at += n;
	while (--most && at < end && class_at(text + at, &n) & CLASS_NUMBER)
		at += n;
	return at;
}

static inline size_t newlines(const unsigned char *text, size_t at, size_t end, bool or_slashes)
{
	while (at < end &&
		(text[at] == '\n' || text[at] == '\r' || (or_slashes && text[at] == '/')))
		at++;
	return at;
}

/* ---- GPT-2 ---- */

/* '(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ */
static inline size_t gpt2(const unsigned char *text, size_t at, size_t end)
{
	size_t n, from = at;
	unsigned class;

	if (text[at] == '\'' && (n = contraction(text + at, end - at)) > 0)
		return at + n;
	if (text[at] == ' ' && at + 1 < end)
		from++;
	class = class_at(text + from, &n);
	if (class & CLASS_SPACE)
		return spaces(text, at, end);
	if (class & (CLASS_LETTER | CLASS_NUMBER))
		return run_of(text, from + n, end, class & (CLASS_LETTER | CLASS_NUMBER));
	return run_without(text, from + n, end, CLASS_KNOWN);
}

/* ---- cl100k and those like it ---- */

/* (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|
 * \s*[\r\n]+|\s+(?!\S)|\s+ */
static inline size_t cl100k(
	const unsigned char *text, size_t at, size_t end, unsigned most_numbers, bool whole)
{
	size_t n, m = 0;
	unsigned class, next = 0;

	if (text[at] == '\'' && (n = contraction_of_any_case(text + at, end - at)) > 0)
		return at + n;
	class = class_at(text + at, &n);
	if (class & CLASS_LETTER)
		return run_of(text, at + n, end, CLASS_LETTER);
	if (class & CLASS_NUMBER)
		return numbers(text, at, end, n, most_numbers);
	if (at + n < end)
		next = class_at(text + at + n, &m);
	if (next & CLASS_LETTER && !(class & CLASS_NEWLINE))
		return run_of(text, at + n + m, end, CLASS_LETTER);
	/* next is 0 at the end of the text too, where m is. */
	if (!(class & CLASS_SPACE) || (text[at] == ' ' && m && !(next & CLASS_KNOWN)))
		return newlines(text, run_without(text, at + n, end, CLASS_KNOWN), end, false);
	return lines(text, at, end, whole);
}

/* ---- o200k and those like it ---- */

/* [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|
 * [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]* at at; at itself when neither matches.
 *
 * The first set takes all it can. Where a \p{Ll} stands there, the second takes what follows. Else
 * the first gives back what it took until the second can have one: that is the last code point
 * that is in both sets. Where there is none, the second alternative has what the first set took. */
static inline size_t cased(const unsigned char *text, size_t at, size_t end)
{
	size_t both = at, p = at, n;
	unsigned class;

	while (p < end && (class = class_at(text + p, &n)) & CLASS_UPPER) {
		p += n;
		if (class & CLASS_LOWER)
			both = p;
	}
	if (p < end && class_at(text + p, &n) & CLASS_LOWER)
		return run_of(text, p + n, end, CLASS_LOWER);
	return both > at ? both : p;
}

/* [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+CONTRACTION|
 * [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*CONTRACTION|
 * \p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
 * with CONTRACTION (?i:'s|'t|'re|'ve|'m|'ll|'d)? or nothing.
 *
 * A mark may be the first, optional code point as well as one of the sets. In both readings the
 * piece has the same end, for it is in both sets. */
static inline size_t o200k(
	const unsigned char *text, size_t at, size_t end, unsigned most_numbers, bool contractions)
{
	size_t n, m = 0, to;
	unsigned class = class_at(text + at, &n), next = 0;

	if (class & CLASS_NUMBER)
		return numbers(text, at, end, n, most_numbers);
	to = at;
	if (class & (CLASS_LETTER | CLASS_MARK)) {
		to = cased(text, at, end);
	} else if (at + n < end) {
		next = class_at(text + at + n, &m);
		if (next & (CLASS_LETTER | CLASS_MARK) && !(class & CLASS_NEWLINE))
			to = cased(text, at + n, end);
	}
	if (to > at) {
		if (contractions && to < end && text[to] == '\'')
			to += contraction_of_any_case(text + to, end - to);
		return to;
	}
	if (!(class & CLASS_SPACE) || (text[at] == ' ' && m && !(next & CLASS_KNOWN)))
		return newlines(text, run_without(text, at + n, end, CLASS_KNOWN), end, true);
	return lines(text, at, end, false);
}

/* ---- DeepSeek 3 ---- */

/* Of what the first two patterns cut off, behind the last class. */
enum { CLASS_BEYOND = 256 };

static inline bool is_cjk(uint32_t c)
{
	return (c >= 0x4E00 && c <= 0x9FA5) || (c >= 0x3040 && c <= 0x30FF);
}

static inline bool is_ascii_letter(unsigned c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* The class of the code point at at; CLASS_BEYOND where the piece of the first two patterns ends:
 * at the end of the text, at a number, and where what they call CJK begins or ends. */
static inline unsigned deepseek_class(
	const unsigned char *text, size_t at, size_t end, bool cjk, size_t *n)
{
	unsigned class;
	uint32_t c;

	*n = 0;
	if (at == end)
		return CLASS_BEYOND;
	c = class_decode(text + at, n);
	class = class_of(c);
	return class & CLASS_NUMBER || is_cjk(c) != cjk ? CLASS_BEYOND : class;
}

static inline size_t deepseek_run(
	const unsigned char *text, size_t at, size_t end, bool cjk, unsigned classes)
{
	size_t n;

	while (deepseek_class(text, at, end, cjk, &n) & classes)
		at += n;
	return at;
}

/* Code points that the third pattern does not match, of which one stands at at and has n bytes. The
 * last of them goes with letters behind it. */
static inline size_t unmatched(const unsigned char *text, size_t at, size_t end, bool cjk, size_t n)
{
	size_t last = at, p = at + n;
	unsigned class;

	while ((class = deepseek_class(text, p, end, cjk, &n)) == 0) {
		last = p;
		p += n;
	}
	return class & (CLASS_LETTER | CLASS_MARK) && last > at ? last : p;
}

/* What the first two patterns cut off behind white space is not seen: the text ends there. */
static inline size_t deepseek_spaces(const unsigned char *text, size_t at, size_t end)
{
	size_t to = run_of(text, at, end, CLASS_SPACE), n;

	if (deepseek_class(text, to, end, false, &n) == CLASS_BEYOND)
		end = to;
	return lines(text, at, end, false);
}

/* In turn \p{N}{1,3}, [CJK]+ and
 * [ASCII-PUNCTUATION][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|
 * \s*[\r\n]+|\s+(?!\S)|\s+ */
static inline size_t deepseek3(const unsigned char *text, size_t at, size_t end)
{
	const unsigned word = CLASS_LETTER | CLASS_MARK;
	size_t n, m, p;
	uint32_t c = class_decode(text + at, &n);
	unsigned class = class_of(c), next;
	bool cjk = is_cjk(c);

	if (class & CLASS_NUMBER)
		return numbers(text, at, end, n, 3);
	if (class & word)
		return deepseek_run(text, at + n, end, cjk, word);
	next = deepseek_class(text, at + n, end, cjk, &m);
	if (class & CLASS_SIGN && c < 0x80 && at + n < end && is_ascii_letter(text[at + n])) {
		for (p = at + n; p < end && is_ascii_letter(text[p]); p++)
			;
		return p;
	}
	if (next & word && !(class & (CLASS_NEWLINE | CLASS_SIGN)))
		return deepseek_run(text, at + n + m, end, cjk, word);
	if (class & CLASS_SIGN || (c == ' ' && next & CLASS_SIGN)) {
		p = deepseek_run(text, at + n, end, cjk, CLASS_SIGN);
		/* No newline is of one piece with what the second pattern cut off. */
		return cjk ? p : newlines(text, p, end, false);
	}
	if (class & CLASS_SPACE)
		return deepseek_spaces(text, at, end);
	return unmatched(text, at, end, cjk, n);
}

/* ---- texts ---- */

#define SCAN(name, piece) \
	size_t scan_##name##_plain( \
		const unsigned char *text, size_t at, size_t end, uint32_t *ends, size_t cap) \
	{ \
		size_t n = 0; \
\
		while (n < cap && at < end) { \
			at = piece; \
			ends[n++] = (uint32_t)at; \
		} \
		return n; \
	}

SCAN(gpt2, gpt2(text, at, end))
SCAN(cl100k, cl100k(text, at, end, 3, true))
SCAN(llama3, cl100k(text, at, end, 3, false))
SCAN(qwen2, cl100k(text, at, end, 1, false))
SCAN(o200k, o200k(text, at, end, 3, true))
SCAN(tekken, o200k(text, at, end, 1, false))
SCAN(deepseek3, deepseek3(text, at, end))
