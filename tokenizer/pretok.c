/* Cuts text into the pieces that merges never cross. */
#include "tokenizer/pretok.h"

#include "lib/core/cpu.h"
#include "lib/core/mem.h"
#include "lib/text/utf8.h"
#include "tokenizer/pretok_regex.h"
#include "tokenizer/pretok_scan.h"

#include <assert.h>
#include <stdlib.h>

struct pretok {
	scan_fn *scan; /* NULL: PCRE2 */
	const char *name; /* of the scanner */
	struct regex_steps *regex;
};

/* What no step cuts. */
static size_t scan_whole(
	const unsigned char *text, size_t at, size_t end, uint32_t *ends, size_t cap)
{
	(void)text, (void)at, (void)cap;
	ends[0] = (uint32_t)end;
	return 1;
}

int pretok_new(struct pretok **out, const struct cut_step *steps, size_t n, struct err *e)
{
	const struct scanner *scanner = scanner_for(steps, n);

	if (!scanner)
		return pretok_new_reference(out, steps, n, e);
	*out = mem_zalloc(1, sizeof(**out));
	(*out)->scan = scanner->swar;
#if defined(__x86_64__)
	if (cpu_has_avx512())
		(*out)->scan = scanner->avx512;
#endif
	(*out)->name = scanner->name;
	return 0;
}

int pretok_new_named(struct pretok **out, const char *name, struct err *e)
{
	size_t n;
	const struct cut_step *steps = pretok_named(name, &n);

	if (!steps)
		return err_set(e, ERR_USAGE, "no pattern has the name %s", name);
	return pretok_new(out, steps, n, e);
}

int pretok_new_reference(struct pretok **out, const struct cut_step *steps, size_t n, struct err *e)
{
	struct pretok *p = mem_zalloc(1, sizeof(*p));

	if (n == 0)
		p->scan = scan_whole;
	else
		p->regex = regex_steps_new(steps, n, e);
	if (!p->scan && !p->regex) {
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
	regex_steps_free(p->regex);
	free(p);
}

const char *pretok_scanner_name(const struct pretok *p)
{
	return p->name;
}

bool pretok_has_gaps(const struct pretok *p)
{
	return p->regex && regex_steps_remove(p->regex);
}

/* ---- the walk ---- */

void pretok_begin(struct pretok_walk *w, const struct pretok *p, struct slice text)
{
	assert(text.n <= UINT32_MAX);
	if (w->p != p) {
		pretok_walk_release(w);
		w->p = p;
		if (p->regex)
			w->regex = regex_walk_new(p->regex);
	}
	w->text = text;
	w->at = w->valid = 0;
	w->n_ends = w->next_end = w->begin = 0;
}

void pretok_begin_valid(struct pretok_walk *w, const struct pretok *p, struct slice text)
{
	pretok_begin(w, p, text);
	w->valid = text.n;
	if (w->regex && text.n)
		regex_walk_open(w->regex, text.p, 0, text.n);
}

void pretok_walk_release(struct pretok_walk *w)
{
	regex_walk_free(w->regex);
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

/* Goes on to the next stretch of well-formed text: 0, or the ill-formed bytes that stand there. */
static size_t next_stretch(struct pretok_walk *w)
{
	struct slice rest = slice_skip(w->text, w->at);
	size_t n = w->at == 0 && utf8_valid(rest) ? rest.n : utf8_valid_head(rest);

	if (n == 0)
		return ill_formed(rest);
	w->valid = w->at + n;
	if (w->regex)
		regex_walk_open(w->regex, w->text.p, w->at, w->valid);
	return 0;
}

/* As pretok_fill, and 0 pieces at the end of a stretch. */
static int fill_by_regex(
	struct pretok_walk *w, uint32_t *ends, size_t cap, size_t *n, struct err *e)
{
	size_t begin, end;

	while (*n < cap) {
		int got = regex_walk_next(w->regex, &begin, &end, e);

		if (got < 0)
			return -1;
		if (got == 0)
			break;
		assert(begin == w->at);
		w->at = end;
		ends[(*n)++] = (uint32_t)end;
	}
	return 0;
}

int pretok_fill(struct pretok_walk *w, uint32_t *ends, size_t cap, size_t *n, struct err *e)
{
	size_t ill;

	assert(cap > 0);
	*n = 0;
	if (w->at == w->text.n)
		return 0;
	if (w->at == w->valid && (ill = next_stretch(w)) > 0) {
		w->at = w->valid += ill;
		ends[(*n)++] = (uint32_t)w->at;
		return 0;
	}
	if (w->regex)
		return fill_by_regex(w, ends, cap, n, e);
	*n = w->p->scan((const unsigned char *)w->text.p, w->at, w->valid, ends, cap);
	w->at = ends[*n - 1];
	return 0;
}

/* One piece by PCRE2, which may not begin where the last ended. */
static int next_by_regex(struct pretok_walk *w, struct slice *piece, struct err *e)
{
	while (w->at < w->text.n) {
		size_t begin = w->at, end = begin, ill = 0;
		int got;

		if (w->at == w->valid)
			ill = next_stretch(w);
		if (ill) {
			end = w->valid = begin + ill;
		} else {
			got = regex_walk_next(w->regex, &begin, &end, e);
			if (got < 0)
				return -1;
			if (got == 0) {
				w->at = w->valid;
				continue;
			}
		}
		w->at = end;
		*piece = (struct slice){ w->text.p + begin, end - begin };
		return 1;
	}
	return 0;
}

int pretok_next(struct pretok_walk *w, struct slice *piece, struct err *e)
{
	size_t end;

	if (w->regex)
		return next_by_regex(w, piece, e);
	if (w->next_end == w->n_ends) {
		w->next_end = 0;
		if (pretok_fill(w, w->ends, PRETOK_WALK_ENDS, &w->n_ends, e) < 0)
			return -1;
		if (w->n_ends == 0)
			return 0;
	}
	end = w->ends[w->next_end++];
	*piece = (struct slice){ w->text.p + w->begin, end - w->begin };
	w->begin = end;
	return 1;
}
