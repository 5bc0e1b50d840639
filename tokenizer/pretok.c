/* Cuts text into the pieces that merges never cross. */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "tokenizer/pretok.h"

#include "lib/core/mem.h"
#include "lib/text/utf8.h"
#include "tokenizer/pretok_gpt2.h"

#include <pcre2.h>
#include <stdlib.h>

const char pretok_gpt2_pattern[] =
	"'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

const char pretok_gpt2_pattern_long[] = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+|"
					" ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/* PCRE2's \s also takes U+180E, which left White_Space in Unicode 6.3, so the class is written
 * out. */
#define SPACE \
	"\\x09-\\x0D\\x20\\x85\\xA0\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}" \
	"\\x{202F}\\x{205F}\\x{3000}"

static const char gpt2_for_pcre2[] = "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^" SPACE
				     "\\p{L}\\p{N}]+|[" SPACE "]+(?![^" SPACE "])|[" SPACE "]+";

/* Steps of one match in PCRE2's measure. GPT-2's pattern needs a few a piece, whatever its length;
 * the limit is for patterns that back-track. */
enum { MATCH_LIMIT = 50 * 1000 * 1000 };

enum { STACK_BYTES = 512 * 1024, STACK_START = 32 * 1024 };

struct pretok {
	pcre2_code *code; /* NULL: the scanner */
	unsigned char *classes; /* of the scanner */
};

static int compile(struct pretok *p, const char *pattern, struct err *e)
{
	char text[256];
	PCRE2_SIZE at;
	int code;

	p->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
		PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK, &code, &at, NULL);
	if (!p->code) {
		pcre2_get_error_message(code, (PCRE2_UCHAR *)text, sizeof(text));
		return err_set(e, ERR_USAGE, "pattern: %s at byte %zu", text, (size_t)at);
	}
	/* Where there is no JIT the interpreter matches alike. */
	(void)pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE);
	return 0;
}

int pretok_new(struct pretok **out, enum pretok_kind kind, struct err *e)
{
	struct pretok *p = mem_zalloc(1, sizeof(*p));

	if (kind == PRETOK_GPT2) {
		p->classes = mem_alloc(N_POINTS);
		classes_fill(p->classes);
	} else if (compile(p, gpt2_for_pcre2, e) < 0) {
		pretok_free(p);
		return -1;
	}
	*out = p;
	return 0;
}

void pretok_free(struct pretok *p)
{
	if (!p)
		return;
	pcre2_code_free(p->code);
	free(p->classes);
	free(p);
}

/* ---- the walk ---- */

void pretok_begin(struct pretok_walk *w, const struct pretok *p, struct slice text)
{
	if (p->code && w->p != p) {
		pretok_walk_release(w);
		w->match = pcre2_match_data_create(1, NULL);
		w->context = pcre2_match_context_create(NULL);
		w->stack = pcre2_jit_stack_create(STACK_START, STACK_BYTES, NULL);
		pcre2_set_match_limit(w->context, MATCH_LIMIT);
		pcre2_jit_stack_assign(w->context, NULL, w->stack);
	}
	w->p = p;
	w->rest = text;
	w->valid = 0;
}

void pretok_walk_release(struct pretok_walk *w)
{
	pcre2_match_data_free(w->match);
	pcre2_match_context_free(w->context);
	pcre2_jit_stack_free(w->stack);
	*w = (struct pretok_walk){ 0 };
}

/* Bytes up to the next well-formed code point. */
static size_t ill_formed(struct slice text)
{
	size_t n = 0;
	uint32_t c;

	while (n < text.n) {
		int got = utf8_decode(slice_skip(text, n), &c);

		if (got > 0)
			break;
		n += (size_t)-got;
	}
	return n;
}

/* Bytes of the first piece of the valid text; 0 with e set when the limit was passed. */
static size_t regex_piece(struct pretok_walk *w, struct slice text, struct err *e)
{
	int got = pcre2_match(w->p->code, (PCRE2_SPTR)text.p, text.n, 0, PCRE2_NO_UTF_CHECK,
		w->match, w->context);
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(w->match);

	if (got == PCRE2_ERROR_NOMATCH)
		return text.n;
	if (got < 0) {
		err_set(e, ERR_LIMIT, "the pattern needs more than %d steps on one piece (%d)",
			MATCH_LIMIT, got);
		return 0;
	}
	if (ends[0] > 0)
		return ends[0];
	/* GPT-2's pattern matches at least one code point. */
	return ends[1];
}

int pretok_next(struct pretok_walk *w, struct slice *piece, struct err *e)
{
	size_t n;

	if (w->rest.n == 0)
		return 0;
	if (w->valid == 0)
		w->valid = utf8_valid_head(w->rest);
	if (w->valid == 0) {
		n = ill_formed(w->rest);
		*piece = slice_head(w->rest, n);
		w->rest = slice_skip(w->rest, n);
		return 1;
	}
	if (w->p->code)
		n = regex_piece(w, slice_head(w->rest, w->valid), e);
	else
		n = gpt2_piece(w->p->classes, slice_head(w->rest, w->valid));
	if (n == 0)
		return -1;
	*piece = slice_head(w->rest, n);
	w->rest = slice_skip(w->rest, n);
	w->valid -= n;
	return 1;
}
