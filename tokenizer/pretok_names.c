/* The published patterns by their names, and in the spellings that are in circulation. */
#include "tokenizer/pretok.h"
#include "tokenizer/pretok_pattern.h"
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

/* The ends of the patterns that are alike. */
#define SIGNS_AND_SPACES " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
#define CONTRACTIONS "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define UPPER "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]"
#define LOWER "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]"
#define CASED(behind) \
	"[^\\r\\n\\p{L}\\p{N}]?" UPPER "*" LOWER "+" behind "|[^\\r\\n\\p{L}\\p{N}]?" UPPER \
	"+" LOWER "*" behind "|"
#define CASED_REST " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
#define DEEPSEEK(newline) \
	STEP("\\p{N}{1,3}"), STEP("[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+"), \
		STEP("[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^" newline \
		     "\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[" newline \
		     "]*|\\s*[" newline "]+|\\s+(?!\\S)|\\s+")

/* clang-format off */
static const struct spelling spellings[] = {
	/* tiktoken's r50k_base and p50k_base, the same before version 0.8, and openai/gpt-2 */
	{ "gpt2", { STEP("'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|"
			 "\\s++$|\\s+(?!\\S)|\\s") } },
	{ "gpt2", { STEP("'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|"
			 "\\s+(?!\\S)|\\s+") } },
	{ "gpt2", { STEP("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|"
			 "\\s+(?!\\S)|\\s+") } },
	{ "gpt2", { STEP("'s|'t|'re|'ve|'m|'ll|'d| ?[\\p{L}]+| ?[\\p{N}]+| ?[^\\s\\p{L}\\p{N}]+|"
			 "\\s+(?!\\S)|\\s+") } },
	/* tiktoken's cl100k_base */
	{ "cl100k", { STEP("'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+|"
			   " ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s") } },
	/* the same as vocab_write_json.c writes it for Hugging Face tokenizers */
	{ "cl100k", { STEP("'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}|"
			   " ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++\\z|\\s*[\\r\\n]|\\s+(?!\\S)|\\s") } },
	/* Llama 3, and cl100k_base as Hugging Face has it; tiktoken's cl100k_base of version 0.5 */
	{ "llama3", { STEP(CONTRACTIONS "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
			   SIGNS_AND_SPACES) } },
	{ "llama3", { STEP("'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}|"
			   " ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+") } },
	/* Qwen 2, 2.5 and 3 */
	{ "qwen2", { STEP(CONTRACTIONS "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
			  SIGNS_AND_SPACES) } },
	/* tiktoken's o200k_base, and gpt-oss */
	{ "o200k", { STEP(CASED(CONTRACTIONS "?") "\\p{N}{1,3}|" CASED_REST) } },
	/* Mistral's tekken */
	{ "tekken", { STEP(CASED("") "\\p{N}|" CASED_REST) } },
	/* DeepSeek V3, R1 and V4, whose file has the newlines as they are */
	{ "deepseek3", { DEEPSEEK("\r\n") } },
	{ "deepseek3", { DEEPSEEK("\\r\\n") } },
};
/* clang-format on */

#if defined(__x86_64__)
#define SCANNER(name) \
	{ \
#name, scan_##name##_plain, scan_##name##_swar, scan_##name##_avx512 \
	}
#else
#define SCANNER(name) \
	{ \
#name, scan_##name##_plain, scan_##name##_swar \
	}
#endif

static const struct scanner scanners[] = {
	SCANNER(gpt2),
	SCANNER(cl100k),
	SCANNER(llama3),
	SCANNER(qwen2),
	SCANNER(o200k),
	SCANNER(tekken),
	SCANNER(deepseek3),
};

const char *const pretok_names[] = {
	"gpt2",
	"cl100k",
	"o200k",
	"llama3",
	"qwen2",
	"deepseek3",
	"tekken",
	NULL,
};

static size_t count_steps(const struct spelling *s)
{
	size_t n = 0;

	while (n < MOST_STEPS && s->steps[n].pattern.n)
		n++;
	return n;
}

/* Other names for the same patterns. */
static const struct {
	const char *other, *name;
} other_names[] = {
	{ "deepseek", "deepseek3" },
	{ "qwen", "qwen2" },
	{ "qwen3", "qwen2" },
};

const struct cut_step *pretok_named(const char *name, size_t *n)
{
	for (size_t i = 0; i < ARRAY_LEN(other_names); i++)
		if (strcmp(other_names[i].other, name) == 0)
			name = other_names[i].name;
	for (size_t i = 0; i < ARRAY_LEN(spellings); i++) {
		if (strcmp(spellings[i].name, name) != 0)
			continue;
		*n = count_steps(&spellings[i]);
		return spellings[i].steps;
	}
	*n = 0;
	return NULL;
}

const struct cut_step *pretok_named_oniguruma(const char *name, size_t *n)
{
	for (size_t i = 0; i < ARRAY_LEN(spellings); i++) {
		if (pattern_ambiguous(spellings[i].steps[0].pattern) ||
			strcmp(spellings[i].name, name) != 0)
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

int pretok_check_pattern(const char *pattern, struct err *e)
{
	static const char word[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	size_t n;

	if (pattern[strspn(pattern, word)] == '\0' && !pretok_named(pattern, &n))
		return err_set(e, ERR_USAGE, "\"%s\" is the name of no pattern", pattern);
	return 0;
}
