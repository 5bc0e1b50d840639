/* What rules ask of the lines and paragraphs of a text. */
#include "stages/quality/lines.h"

#include "lib/text/utf8.h"
#include "lib/text/chars.h"
#include "stages/quality/seen.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Bytes that lines_count looks at. */
enum { PLAIN, BREAK, HASH, DOT, LEAD_C2, LEAD_E2 };
static const uint8_t kinds[256] = { ['\n'] = BREAK,
	['\r'] = BREAK,
	['\v'] = BREAK,
	['\f'] = BREAK,
	[0x1c] = BREAK,
	[0x1d] = BREAK,
	[0x1e] = BREAK,
	['#'] = HASH,
	['.'] = DOT,
	[0xc2] = LEAD_C2,
	[0xe2] = LEAD_E2 };

static const struct slice bullet = { "•", 3 }, ellipsis = { "…", 3 };

static void count_line(struct slice line, struct line_counts *out)
{
	line = char_strip(line);
	out->lines++;
	out->bullets += slice_starts(line, bullet) || slice_starts(line, SLICE("-"));
	out->end_ellipsis += slice_ends(line, SLICE("...")) || slice_ends(line, ellipsis);
}

/* Bytes of the line end at p, whose first byte is of this kind, or 0. */
static size_t break_length(const char *p, const char *end, uint8_t kind)
{
	struct slice s = { p, (size_t)(end - p) };

	if (kind == BREAK)
		return slice_starts(s, SLICE("\r\n")) ? 2 : 1;
	if (kind == LEAD_C2)
		return slice_starts(s, SLICE("\xc2\x85")) ? 2 : 0;
	return slice_starts(s, SLICE("\xe2\x80\xa8")) || slice_starts(s, SLICE("\xe2\x80\xa9")) ? 3
												: 0;
}

void lines_count(struct slice text, struct line_counts *out)
{
	const char *p = text.p, *end = text.p + text.n, *line = p;

	*out = (struct line_counts){ 0 };
	while (p < end) {
		uint8_t kind = kinds[(unsigned char)*p];
		const char *from = p;
		size_t n;

		if (kind == PLAIN) {
			p++;
		} else if (kind == HASH) {
			out->hashes++;
			p++;
		} else if (kind == DOT) {
			while (p < end && *p == '.')
				p++;
			out->ellipses += (size_t)(p - from) / 3;
		} else if ((n = break_length(p, end, kind))) {
			count_line((struct slice){ line, (size_t)(p - line) }, out);
			line = p += n;
		} else {
			out->ellipses +=
				slice_starts((struct slice){ p, (size_t)(end - p) }, ellipsis);
			p++;
		}
	}
	if (line < end)
		count_line((struct slice){ line, (size_t)(end - line) }, out);
}

struct piece {
	uint32_t at;
	uint32_t n;
};

struct repeat_finder {
	struct seen seen;
	struct piece *piece;
	size_t n, cap;
	const char *text;
};

struct repeat_finder *repeat_finder_new(void)
{
	return mem_zalloc(1, sizeof(struct repeat_finder));
}

static void add_piece(struct repeat_finder *f, const char *from, const char *to)
{
	mem_grow(&f->piece, f->n, &f->cap, sizeof(f->piece[0]));
	f->piece[f->n++] = (struct piece){ (uint32_t)(from - f->text), (uint32_t)(to - from) };
}

static void cut(struct repeat_finder *f, struct slice text, size_t min_breaks)
{
	const char *p = text.p, *end = text.p + text.n, *from = p;

	f->n = 0;
	f->text = text.p;
	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		const char *at = p;

		while (p < end && *p == '\n')
			p++;
		if ((size_t)(p - at) < min_breaks)
			continue;
		add_piece(f, from, at);
		from = p;
	}
	add_piece(f, from, end);
}

static bool pieces_equal(const void *of, uint32_t a, uint32_t b)
{
	const struct repeat_finder *f = of;
	const struct piece *x = &f->piece[a], *y = &f->piece[b];

	return x->n == y->n && (x->n == 0 || memcmp(f->text + x->at, f->text + y->at, x->n) == 0);
}

void repeats_count(
	struct repeat_finder *f, struct slice text, size_t min_breaks, struct repeats *out)
{
	cut(f, text, min_breaks);
	*out = (struct repeats){ .pieces = f->n };
	seen_begin(&f->seen, f->n);
	for (uint32_t i = 0; i < f->n; i++) {
		struct slice s = { f->text + f->piece[i].at, f->piece[i].n };

		if (seen_add(&f->seen, XXH3_64bits(s.p, s.n), i, pieces_equal, f) == i)
			continue;
		out->repeated++;
		out->repeated_chars += utf8_length(s);
	}
}

void repeat_finder_free(struct repeat_finder *f)
{
	if (!f)
		return;
	seen_release(&f->seen);
	free(f->piece);
	free(f);
}
