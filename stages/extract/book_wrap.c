/* Joins the lines of wrapped paragraphs. */
#include "stages/extract/book_wrap.h"

#include "lib/core/mem.h"
#include "lib/text/utf8.h"
#include "stages/extract/book_hyphens.h"
#include "stages/extract/script.h"

#include <ctype.h>
#include <stdlib.h>

enum {
	MAX_WIDTH = 255, /* wider lines count as this wide */
	MIN_WIDTH = 45, /* a narrower book is all verse */
	TAB_COLUMNS = 8,
	GAP_COLUMNS = 3, /* spaces inside a line that part the fields of a table */
};

/* Chosen on the texts of Project Gutenberg at hand: verse stays below all three. */
static const double full_of_width = 0.85; /* a line is full from this share of the width on */
static const double min_full = 0.75; /* of the lines of prose but the last */
static const double max_capitals = 0.6; /* of its lines but the first begin so; of verse, most */

struct line {
	struct slice text; /* without indentation and trailing space */
	size_t indent; /* columns */
	size_t width; /* columns with the indentation */
	bool gap; /* fields of a table, it seems */
};

struct block {
	struct line *lines;
	size_t n, cap;
};

/* What is known of the whole book. */
struct layout {
	size_t width; /* that it is wrapped at */
	size_t begin; /* of it in out */
	struct hyphens hyphens;
};

static size_t columns(struct slice s)
{
	size_t n = 0;

	while (s.n)
		n += script_is_unspaced(utf8_next(&s)) ? 2 : 1;
	return n;
}

static bool has_gap(struct slice s)
{
	size_t spaces = 0;

	for (size_t i = 0; i < s.n; i++) {
		spaces = s.p[i] == ' ' ? spaces + 1 : 0;
		if (spaces >= GAP_COLUMNS || s.p[i] == '\t')
			return true;
	}
	return s.n > 1 && s.p[0] == '|' && s.p[s.n - 1] == '|';
}

static struct line read_line(struct slice s)
{
	struct line line = { .indent = 0 };

	while (s.n && isspace((unsigned char)s.p[s.n - 1]))
		s.n--;
	while (s.n && isspace((unsigned char)s.p[0])) {
		line.indent += s.p[0] == '\t' ? TAB_COLUMNS : s.p[0] == ' ';
		s = slice_skip(s, 1);
	}
	line.text = s;
	line.width = line.indent + columns(s);
	line.gap = has_gap(s);
	return line;
}

static struct line next_line(struct slice *rest)
{
	size_t n = slice_find(*rest, SLICE("\n"));
	struct line line = read_line(slice_head(*rest, n));

	*rest = slice_skip(*rest, n + 1);
	return line;
}

/* The width that 95 of 100 lines with another below them stay within. */
static size_t wrap_width(struct slice text)
{
	size_t counts[MAX_WIDTH + 1] = { 0 };
	size_t all = 0, seen = 0, width = 0;
	struct line before = { .indent = 0 };

	while (text.n) {
		struct line line = next_line(&text);

		if (before.text.n && line.text.n) {
			counts[MIN(before.width, (size_t)MAX_WIDTH)]++;
			all++;
		}
		before = line;
	}
	while (width < MAX_WIDTH && (seen += counts[width]) * 100 < all * 95)
		width++;
	return width;
}

static size_t first_word(struct slice s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != ' ')
		n++;
	return columns(slice_head(s, n));
}

static bool begins_with_capital(struct slice s)
{
	while (s.n && ispunct((unsigned char)s.p[0]))
		s = slice_skip(s, 1);
	return s.n && isupper((unsigned char)s.p[0]);
}

/* What the lines of a block but the first say of it. */
struct signs {
	size_t full, brimful; /* near the width of the book, and over it with the next word */
	size_t capitals, indented, gaps;
};

static struct signs read_signs(const struct line *lines, size_t n, size_t width)
{
	struct signs s = { .gaps = lines[0].gap };

	for (size_t i = 1; i < n; i++) {
		size_t with_next = lines[i - 1].width + 1 + first_word(lines[i].text);

		s.gaps += lines[i].gap;
		s.indented += lines[i].indent > 0;
		s.capitals += begins_with_capital(lines[i].text);
		s.full += (double)with_next >= full_of_width * (double)width;
		s.brimful += with_next > width;
	}
	return s;
}

static bool is_prose(const struct line *lines, size_t n, size_t width)
{
	struct signs s;
	double behind = (double)n - 1;

	if (n < 2 || width < MIN_WIDTH)
		return false;
	s = read_signs(lines, n, width);
	if (s.indented * 2 > n - 1 || s.gaps * 2 > n || (s.gaps > 1 && n < 6))
		return false;
	if (s.brimful == n - 1)
		return true;
	return (double)s.full >= min_full * behind &&
		(n < 4 || (double)s.capitals <= max_capitals * behind);
}

/* A hyphen or dash at the end of a line stands inside a word or between two: no space follows. */
static bool ends_in_hyphen(struct slice s)
{
	return slice_ends(s, SLICE("\xe2\x80\x94")) || slice_ends(s, SLICE("--")) ||
		(s.n > 1 && s.p[s.n - 1] == '-' && isalnum((unsigned char)s.p[s.n - 2]));
}

static void put_single_spaced(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ' || (i && s.p[i - 1] != ' '))
			buf_byte(out, s.p[i]);
}

/* Takes off the end of a line what says that its last word goes on: a hyphen that the book knows to
 * be none, a soft hyphen, or the sign that some scanning programs put there. */
static bool take_break(const struct hyphens *hyphens, struct slice *line, struct slice next)
{
	static const char *const signs[] = { "\xc2\xad", "\xc2\xac" };

	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		if (!slice_ends(*line, slice_str(signs[i])))
			continue;
		line->n -= 2;
		return true;
	}
	if (!ends_in_hyphen(*line) || !hyphens_joins(hyphens, *line, next))
		return false;
	line->n--;
	return true;
}

static void put_joined(
	const struct line *lines, size_t n, const struct hyphens *hyphens, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		struct slice line = lines[i].text, next = { NULL, 0 };
		bool broken;

		if (i + 1 < n)
			next = lines[i + 1].text;
		broken = i + 1 < n && take_break(hyphens, &line, next);
		put_single_spaced(out, line);
		if (i + 1 < n && !broken && !ends_in_hyphen(line) && script_needs_space(line, next))
			buf_byte(out, ' ');
	}
}

static void put_lines(const struct line *lines, size_t n, struct buf *out)
{
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < n; i++)
		least = MIN(least, lines[i].indent);
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(out, '\n');
		for (size_t k = MIN(lines[i].indent - least, (size_t)MAX_WIDTH); k; k--)
			buf_byte(out, ' ');
		buf_slice(out, lines[i].text);
	}
}

static void put_paragraph(
	const struct line *lines, size_t n, const struct layout *layout, struct buf *out)
{
	if (out->n > layout->begin)
		buf_str(out, "\n\n");
	if (is_prose(lines, n, layout->width))
		put_joined(lines, n, &layout->hyphens, out);
	else
		put_lines(lines, n, out);
}

/* True when paragraphs of the block are set apart by the indentation of their first lines alone. */
static bool is_indented_prose(const struct block *b)
{
	size_t indented = 0;

	for (size_t i = 0; i < b->n; i++) {
		bool here = b->lines[i].indent > 0;

		if (here && i && b->lines[i - 1].indent > 0)
			return false;
		indented += here;
	}
	return indented > 0 && indented * 3 <= b->n;
}

static void put_block(struct block *b, const struct layout *layout, struct buf *out)
{
	size_t from = 0;

	for (size_t i = 1; i < b->n && is_indented_prose(b); i++) {
		if (b->lines[i].indent == 0)
			continue;
		put_paragraph(b->lines + from, i - from, layout, out);
		from = i;
	}
	if (b->n)
		put_paragraph(b->lines + from, b->n - from, layout, out);
	b->n = 0;
}

void book_unwrap(struct slice text, struct buf *out)
{
	struct layout layout = { .width = wrap_width(text), .begin = out->n };
	struct block block = { .n = 0 };

	hyphens_read(&layout.hyphens, text);
	while (text.n) {
		struct line line = next_line(&text);

		if (!line.text.n) {
			put_block(&block, &layout, out);
			continue;
		}
		mem_grow(&block.lines, block.n, &block.cap, sizeof(*block.lines));
		block.lines[block.n++] = line;
	}
	put_block(&block, &layout, out);
	free(block.lines);
	hyphens_release(&layout.hyphens);
}
