/* Texts of a page as values: folded to lines, and as words to compare. */
#include "lib/text/utf8.h"
#include "stages/extract/author.h"
#include "stages/extract/eight.h"
#include "stages/extract/evidence.h"

#include <unicode/uchar.h>

enum { VALUE_MAX = 1000, NODES_MAX = 100, LINE_MAX = 200, LINE_NODES = 16 };

/* The character of the reference that s begins with, and its length; 0 when it is none. Only those
 * that values are found to be escaped with twice. */
static size_t reference(struct slice s, uint32_t *c)
{
	static const struct {
		struct slice name;
		uint32_t c;
	} names[] = { { { "&amp;", 5 }, '&' }, { { "&quot;", 6 }, '"' }, { { "&lt;", 4 }, '<' },
		{ { "&gt;", 4 }, '>' }, { { "&apos;", 6 }, '\'' }, { { "&nbsp;", 6 }, ' ' } };
	size_t n = 2;
	bool hex;

	if (s.n < 4 || *s.p != '&')
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (slice_starts(s, names[i].name)) {
			*c = names[i].c;
			return names[i].name.n;
		}
	if (s.p[1] != '#')
		return 0;
	hex = s.p[2] == 'x' || s.p[2] == 'X';
	n += hex;
	for (*c = 0; n < s.n && n < 10 && s.p[n] != ';'; n++) {
		char d = s.p[n];
		int v = d >= '0' && d <= '9'	      ? d - '0'
			: hex && d >= 'a' && d <= 'f' ? d - 'a' + 10
			: hex && d >= 'A' && d <= 'F' ? d - 'A' + 10
						      : -1;

		if (v < 0)
			return 0;
		*c = *c * (hex ? 16 : 10) + (uint32_t)v;
	}
	if (n >= s.n || s.p[n] != ';' || *c < 0x20 || *c > 0x10FFFF || (*c >> 11) == 0x1B)
		return 0;
	return n + 1;
}

/* White space, controls, and the marks of direction and joining that surround some titles. */
static bool is_blank(uint32_t c)
{
	return c <= ' ' || (c >= 0x7F && c <= 0xA0) || c == 0xAD || (c >= 0x2000 && c <= 0x200F) ||
		(c >= 0x2028 && c <= 0x202F) || c == 0x2060 || c == 0x3000 || c == 0xFEFF;
}

/* Of no width: what is left of words around it belongs together. */
static bool is_nothing(uint32_t c)
{
	return c == 0xAD || (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF;
}

/* A text on its way into the arena. */
struct fold {
	char *out;
	size_t n;
	char gap; /* what goes before the next character: 0, ' ' or '\n' */
};

static void put_gap(struct fold *f)
{
	if (f->gap && f->n)
		f->out[f->n++] = f->gap;
	f->gap = 0;
}

/* Takes ASCII that stands as it is, up to eight bytes of it: most of a text. */
static size_t take_plain(struct fold *f, struct slice s)
{
	uint64_t x = eight_load(s.p, s.n);
	uint64_t others =
		(eight_from(x, ' ' + 1) ^ EIGHT(0x80)) | eight_from(x, 0x7F) | eight_equal(x, '&');
	size_t n = others ? eight_first(others) : 8;

	if (n == 0 || f->n + 1 + n > VALUE_MAX)
		return 0;
	put_gap(f);
	memcpy(f->out + f->n, s.p, n);
	f->n += n;
	return n;
}

static void fold_text(struct fold *f, struct slice s, bool references)
{
	while (s.n && f->n < VALUE_MAX) {
		uint32_t c = (unsigned char)*s.p;
		size_t plain = take_plain(f, s);
		size_t used = references && c == '&' ? reference(s, &c) : 0;

		if (plain) {
			s = slice_skip(s, plain);
			continue;
		}
		if (used)
			s = slice_skip(s, used);
		else
			c = utf8_next(&s);
		if (is_nothing(c))
			continue;
		if (is_blank(c)) {
			f->gap = f->gap ? f->gap : ' ';
			continue;
		}
		put_gap(f);
		f->n += utf8_put(f->out + f->n, c);
	}
}

static struct slice fold_end(const struct fold *f, struct arena *arena)
{
	arena_trim(arena, f->out, f->n);
	return (struct slice){ f->n ? f->out : NULL, f->n };
}

struct slice folded(struct slice s, struct arena *arena)
{
	struct fold f = { .out = arena_alloc(arena, VALUE_MAX + 2 * UTF8_MAX_BYTES) };

	fold_text(&f, s, true);
	return fold_end(&f, arena);
}

static struct slice fold_node(const struct evidence *e, uint32_t node, char line)
{
	struct fold f = { .out = arena_alloc(e->arena, VALUE_MAX + 2 * UTF8_MAX_BYTES) };
	uint32_t end = MIN(e->t->nodes[node].end, node + NODES_MAX);

	for (uint32_t i = node + 1; i < end && f.n < VALUE_MAX; i++) {
		const struct html_node *n = &e->t->nodes[i];

		if (n->tag == HTML_TEXT)
			fold_text(&f, html_text(e->t, i), e->t->nodes[n->parent].tag == HTML_TITLE);
		else if (html_tag_flags(n->tag) & HTML_NO_TEXT)
			i = MAX(n->end, i + 1) - 1;
		else if (html_tag_flags(n->tag))
			f.gap = line;
	}
	return fold_end(&f, e->arena);
}

struct slice lines_in(const struct evidence *e, uint32_t node)
{
	return fold_node(e, node, '\n');
}

struct slice text_in(const struct evidence *e, uint32_t node)
{
	return fold_node(e, node, ' ');
}

struct slice line_from(const struct evidence *e, uint32_t node)
{
	struct fold f = { .out = arena_alloc(e->arena, VALUE_MAX + 2 * UTF8_MAX_BYTES) };
	uint32_t end = (uint32_t)MIN(e->t->n_nodes, (size_t)node + LINE_NODES);

	for (uint32_t i = node; i < end && f.n < LINE_MAX; i++) {
		const struct html_node *n = &e->t->nodes[i];
		struct slice sofar = { f.out, f.n };

		if (n->tag == HTML_TEXT)
			fold_text(&f, html_text(e->t, i), false);
		else if (html_tag_flags(n->tag) && byline_lead(sofar) < sofar.n)
			break;
	}
	return fold_end(&f, e->arena);
}

static bool is_word_char(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return (U_GET_GC_MASK((UChar32)c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK)) != 0;
}

/* FNV-1a (RFC 9923) over code points; 0 stands between words. */
size_t word_hashes(struct slice text, uint32_t *words, size_t max)
{
	uint32_t hash = 0;
	size_t n = 0;

	while (text.n && n < max) {
		uint32_t c = utf8_next(&text);

		if (is_word_char(c)) {
			c = c < 0x80 ? (c | (c >= 'A' && c <= 'Z' ? 0x20 : 0))
				     : (uint32_t)u_tolower((UChar32)c);
			hash = ((hash ? hash : 2166136261U) ^ c) * 16777619U;
		} else if (hash) {
			words[n++] = hash;
			hash = 0;
		}
	}
	if (hash && n < max)
		words[n++] = hash;
	return n;
}
