/* Regular expressions of vocabularies by PCRE2. */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "tokenizer/pattern_match.h"

#include "lib/core/mem.h"
#include "tokenizer/pretok_pattern.h"

#include <pcre2.h>

/* Steps of one match in PCRE2's measure. The published patterns need a few a piece, whatever its
 * length; the limit is for patterns that back-track. */
enum { MATCH_LIMIT = 50 * 1000 * 1000 };

/* Bytes on the stack of compiled patterns; what is left to the interpreter takes KiB. */
enum { STACK_START = 32 * 1024, STACK_BYTES = 512 * 1024, HEAP_KIB = 64 * 1024 };

void *pattern_compile(struct slice pattern, bool any_bytes, struct err *e)
{
	struct buf translated = { 0 };
	uint32_t invalid = any_bytes ? PCRE2_MATCH_INVALID_UTF : 0;
	pcre2_code *code = NULL;
	PCRE2_UCHAR text[256];
	PCRE2_SIZE at;
	int why;

	if (pattern_translate(&translated, pattern, e) < 0)
		goto out;
	code = pcre2_compile((PCRE2_SPTR)translated.p, translated.n,
		invalid | PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY,
		&why, &at, NULL);
	if (!code) {
		pcre2_get_error_message(why, text, sizeof(text));
		err_set(e, ERR_USAGE, "pattern: %s at byte %zu", (const char *)text,
			pattern_place(pattern, at));
		goto out;
	}
	/* Where there is no JIT the interpreter matches alike. */
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
out:
	buf_release(&translated);
	return code;
}

void pattern_free(void *code)
{
	pcre2_code_free(code);
}

bool pattern_may_be_empty(const void *code)
{
	uint32_t may = 0;

	pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &may);
	return may;
}

static void prepare(struct pattern_matcher *m)
{
	m->match = pcre2_match_data_create(1, NULL);
	m->context = pcre2_match_context_create(NULL);
	m->stack = pcre2_jit_stack_create(STACK_START, STACK_BYTES, NULL);
	if (!m->match || !m->context || !m->stack)
		mem_exhausted();
	pcre2_set_match_limit(m->context, MATCH_LIMIT);
	pcre2_set_heap_limit(m->context, HEAP_KIB);
	pcre2_jit_stack_assign(m->context, NULL, m->stack);
}

static int failed(int code, struct err *e)
{
	PCRE2_UCHAR text[256];

	if (code == PCRE2_ERROR_MATCHLIMIT)
		return err_set(e, ERR_LIMIT, "the pattern needs more than %d steps on one piece",
			MATCH_LIMIT);
	if (code == PCRE2_ERROR_HEAPLIMIT)
		return err_set(e, ERR_LIMIT, "the pattern needs more than %d MiB on one piece",
			HEAP_KIB / 1024);
	pcre2_get_error_message(code, text, sizeof(text));
	return err_set(e, ERR_LIMIT, "the pattern fails on a piece: %s", (const char *)text);
}

/* A pattern that holds a place for every repetition, as (?:ab?)+ does, leaves its stack on a long
 * piece; the interpreter has its places elsewhere. */
int pattern_match(
	struct pattern_matcher *m, const void *code, struct slice text, size_t at, struct err *e)
{
	/* Of no meaning to a pattern that takes any bytes: it looks itself. */
	uint32_t options = PCRE2_NO_UTF_CHECK;
	const PCRE2_SIZE *ends;
	int got;

	if (!m->match)
		prepare(m);
	got = pcre2_match(code, (PCRE2_SPTR)text.p, text.n, at, options, m->match, m->context);
	if (got == PCRE2_ERROR_JIT_STACKLIMIT)
		got = pcre2_match(code, (PCRE2_SPTR)text.p, text.n, at, options | PCRE2_NO_JIT,
			m->match, m->context);
	if (got == PCRE2_ERROR_NOMATCH)
		return 0;
	if (got < 0)
		return failed(got, e);
	ends = pcre2_get_ovector_pointer(m->match);
	m->begin = ends[0];
	m->end = ends[1];
	return 1;
}

void pattern_matcher_release(struct pattern_matcher *m)
{
	pcre2_match_data_free(m->match);
	pcre2_match_context_free(m->context);
	pcre2_jit_stack_free(m->stack);
	*m = (struct pattern_matcher){ 0 };
}
