/* Writes out what PCRE2 reads in another meaning than the regular expressions of vocabularies. */
#include "tokenizer/pretok_pattern.h"

#define SPACES \
	"\\x09-\\x0D\\x20\\x85\\xA0\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}" \
	"\\x{202F}\\x{205F}\\x{3000}"

#define NO_SPACES \
	"\\x00-\\x08\\x0E-\\x1F\\x21-\\x84\\x86-\\x9F\\xA1-\\x{167F}\\x{1681}-\\x{1FFF}" \
	"\\x{200B}-\\x{2027}\\x{202A}-\\x{202E}\\x{2030}-\\x{205E}\\x{2060}-\\x{2FFF}" \
	"\\x{3001}-\\x{10FFFF}"

struct place {
	size_t at;
	size_t first; /* where the set's first character stands, which may be ] */
	bool in_set; /* between brackets */
};

/* Bytes of what stands at the front of rest and is one: an escape, [:alpha:] within a set, or one
 * byte. */
static size_t unit(struct slice rest, bool in_set)
{
	if (rest.p[0] == '\\' && rest.n > 1)
		return 2;
	if (in_set && slice_starts(rest, SLICE("[:"))) {
		size_t n = slice_find(rest, SLICE(":]"));

		if (n < rest.n)
			return n + 2;
	}
	return 1;
}

/* Behind a class a - is itself; behind the last of its ranges it would be one's middle. */
static void put_spaces(struct buf *out, bool in_set, bool negated, bool dash)
{
	if (in_set)
		buf_str(out, negated ? NO_SPACES : SPACES);
	else
		buf_printf(out, "[%s%s]", negated ? "^" : "", SPACES);
	if (in_set && dash)
		buf_byte(out, '\\');
}

/* Writes out what stands at the place and goes on behind it. */
static void step(struct buf *out, struct slice pattern, struct place *place)
{
	struct slice rest = slice_skip(pattern, place->at);
	size_t n = unit(rest, place->in_set);

	if (n == 2 && (rest.p[1] == 's' || rest.p[1] == 'S'))
		put_spaces(out, place->in_set, rest.p[1] == 'S', rest.n > 2 && rest.p[2] == '-');
	else
		buf_append(out, rest.p, n);
	if (!place->in_set && rest.p[0] == '[') {
		place->in_set = true;
		place->first = place->at + (rest.n > 1 && rest.p[1] == '^' ? 2 : 1);
	} else if (place->in_set && rest.p[0] == ']' && place->at != place->first) {
		place->in_set = false;
	}
	place->at += n;
}

int pattern_translate(struct buf *out, struct slice pattern, struct err *e)
{
	struct place place = { 0 };

	while (place.at < pattern.n) {
		struct slice rest = slice_skip(pattern, place.at);

		if (place.in_set && unit(rest, true) == 1 &&
			(rest.p[0] == '[' || slice_starts(rest, SLICE("&&"))))
			return err_set(
				e, ERR_USAGE, "pattern: a set within a set at byte %zu", place.at);
		step(out, pattern, &place);
	}
	return 0;
}

size_t pattern_place(struct slice pattern, size_t at)
{
	struct place place = { 0 };
	struct buf out = { 0 };
	size_t was = 0;

	while (place.at < pattern.n) {
		was = place.at;
		step(&out, pattern, &place);
		if (out.n > at)
			break;
		was = place.at;
	}
	buf_release(&out);
	return was;
}

const char *pattern_ambiguous(struct slice pattern)
{
	bool in_set = false;

	for (size_t i = 0; i < pattern.n; i++) {
		char before = i > 0 ? pattern.p[i - 1] : 0;

		if (pattern.p[i] == '\\')
			i++;
		else if (pattern.p[i] == '[' || pattern.p[i] == ']')
			in_set = pattern.p[i] == '[';
		else if (!in_set && pattern.p[i] == '^')
			return "^";
		else if (!in_set && pattern.p[i] == '$')
			return "$";
		else if (slice_starts(slice_skip(pattern, i), SLICE("}+")) && before >= '0' &&
			before <= '9')
			return "{n,m}+";
	}
	return NULL;
}
