/* The published patterns by their names, and in the spellings that are in circulation. */
#include "tokenizer/pretok.h"
#include "tokenizer/pretok_scan.h"

const char pretok_gpt2_pattern[] =
	"'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

const char pretok_gpt2_pattern_long[] = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+|"
					" ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

enum { MOST_STEPS = 3 };

/* A spelling of a published list of steps; the first of a name is what pretok_named gives. */
struct spelling {
	const char *name;
	struct cut_step steps[MOST_STEPS];
};

#define STEP(text) \
	{ \
		.pattern = { text, sizeof(text) - 1 } \
	}

static const struct spelling spellings[] = {
	/* tiktoken's r50k_base and p50k_base since 0.8, before that, and openai/gpt-2 */
	{ "gpt2",
		{ STEP("'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|"
		       "\\s++$|\\s+(?!\\S)|\\s") } },
	{ "gpt2",
		{ STEP("'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|"
		       "\\s+(?!\\S)|\\s+") } },
	{ "gpt2",
		{ STEP("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|"
		       "\\s+(?!\\S)|\\s+") } },
};

static const struct scanner scanners[] = {
	{ "gpt2", scan_gpt2_plain },
};

const char *const pretok_names[] = { "gpt2", NULL };

static size_t count_steps(const struct spelling *s)
{
	size_t n = 0;

	while (n < MOST_STEPS && s->steps[n].pattern.n)
		n++;
	return n;
}

const struct cut_step *pretok_named(const char *name, size_t *n)
{
	for (size_t i = 0; i < ARRAY_LEN(spellings); i++) {
		if (strcmp(spellings[i].name, name) != 0)
			continue;
		*n = count_steps(&spellings[i]);
		return spellings[i].steps;
	}
	*n = 0;
	return NULL;
}

/* Their patterns match all text, so that removing what they do not match removes nothing. */
static bool isolates(const struct cut_step *s)
{
	if (s->literal)
		return false;
	return s->invert ? s->behaviour == CUT_REMOVED : s->behaviour == CUT_ISOLATED;
}

static bool spells(const struct spelling *s, const struct cut_step *steps, size_t n)
{
	if (n != count_steps(s))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!slice_eq(steps[i].pattern, s->steps[i].pattern) || !isolates(&steps[i]) ||
			(n > 1 && steps[i].invert))
			return false;
	return true;
}

const struct scanner *scanner_for(const struct cut_step *steps, size_t n)
{
	const char *name = NULL;

	for (size_t i = 0; i < ARRAY_LEN(spellings) && !name; i++)
		if (spells(&spellings[i], steps, n))
			name = spellings[i].name;
	for (size_t i = 0; name && i < ARRAY_LEN(scanners); i++)
		if (strcmp(scanners[i].name, name) == 0)
			return &scanners[i];
	return NULL;
}
