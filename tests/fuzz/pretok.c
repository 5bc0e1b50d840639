/* Any bytes as text: the ways to cut by a published pattern agree. Then any bytes as a step's
 * pattern and its text, with a NUL between them. PCRE2 may have older Unicode tables, so it is
 * compared on ASCII. */
#include "lib/core/cpu.h"
#include "lib/text/utf8.h"
#include "tokenizer/pretok.h"
#include "tokenizer/pretok_scan.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { CAP = 100, NAMES = 16 };

/* The plain way, piece by piece, ends where the fast one does. */
static void compare(const struct scanner *s, scan_fn *fast, struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.p;
	uint32_t ends[CAP], end;
	size_t at = 0;

	while (at < text.n) {
		size_t n = fast(p, at, text.n, ends, CAP);

		for (size_t i = 0; i < n; i++) {
			assert(s->plain(p, at, text.n, &end, 1) == 1 && end == ends[i]);
			at = end;
		}
	}
}

/* The pieces in their order, each behind the one before; with gaps or without. */
static void walk(const struct pretok *p, const struct pretok *same, struct slice text)
{
	struct pretok_walk w = { 0 }, v = { 0 };
	const char *at = text.p;
	struct slice piece, other;
	struct err e = { 0 };
	int got;

	pretok_begin(&w, p, text);
	if (same)
		pretok_begin(&v, same, text);
	while ((got = pretok_next(&w, &piece, &e)) > 0) {
		assert(piece.n > 0 && (pretok_has_gaps(p) ? piece.p >= at : piece.p == at));
		assert(!same || (pretok_next(&v, &other, &e) > 0 && slice_eq(piece, other)));
		at = piece.p + piece.n;
	}
	assert(got < 0 || pretok_has_gaps(p) || at == text.p + text.n);
	pretok_walk_release(&w);
	pretok_walk_release(&v);
}

static void published(size_t i, struct slice text, bool ascii)
{
	/* Made once: it takes longer than a short text. */
	static struct pretok *scanners[NAMES], *references[NAMES];
	size_t n;
	const struct cut_step *steps = pretok_named(pretok_names[i], &n);
	const struct scanner *s = scanner_for(steps, n);
	struct slice valid = slice_head(text, utf8_valid_head(text));
	struct err e = { 0 };

	assert(scanners[i] || pretok_new(&scanners[i], steps, n, &e) == 0);
	assert(references[i] || pretok_new_reference(&references[i], steps, n, &e) == 0);
	walk(scanners[i], ascii ? references[i] : NULL, text);
	compare(s, s->swar, valid);
#if defined(__x86_64__)
	if (cpu_has_avx512())
		compare(s, s->avx512, valid);
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = { n ? (const char *)data : "", n }, head;
	struct cut_step step = { .behaviour = (enum cut_behaviour)(n % 5), .invert = n / 5 % 2 };
	struct pretok *p = NULL;
	struct err e = { 0 };
	bool ascii = true;

	for (size_t i = 0; i < n; i++)
		ascii &= data[i] < 0x80;
	for (size_t i = 0; pretok_names[i]; i++)
		published(i, text, ascii);
	head = slice_head(text, slice_find(text, (struct slice){ "", 1 }));
	step.pattern = head;
	if (head.n < n && head.n < 200 && pretok_new(&p, &step, 1, &e) == 0)
		walk(p, NULL, slice_skip(text, head.n + 1));
	pretok_free(p);
	return 0;
}
