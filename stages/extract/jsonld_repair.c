/* Makes JSON of what pages hold as JSON-LD. */
#include "stages/extract/jsonld.h"

#include "stages/extract/eight.h"

/* A script on its way through. */
struct repair {
	struct slice rest;
	char *out;
	size_t n;
};

static void put(struct repair *r, char c)
{
	r->out[r->n++] = c;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool hex4(struct slice s, unsigned *value)
{
	*value = 0;
	for (size_t i = 2; i < 6; i++) {
		if (i >= s.n || !is_hex(s.p[i]))
			return false;
		*value = *value * 16 +
			(unsigned)(s.p[i] <= '9' ? s.p[i] - '0' : (s.p[i] | 0x20) - 'a' + 10);
	}
	return true;
}

/* NUL and half a pair of surrogates become a space. */
static size_t put_escape(struct repair *r)
{
	unsigned value, low = 0;
	size_t n = 6;
	bool pair;

	if (r->rest.n < 2)
		return 1;
	if (r->rest.p[1] != 'u') {
		if (byte_in(r->rest.p[1], "\"\\/bfnrt"))
			put(r, '\\');
		put(r, (unsigned char)r->rest.p[1] < ' ' ? ' ' : r->rest.p[1]);
		return 2;
	}
	if (!hex4(r->rest, &value))
		return 2; /* \u and no number: left out */
	pair = value >= 0xD800 && value < 0xDC00 && r->rest.n >= 12 && r->rest.p[6] == '\\' &&
		r->rest.p[7] == 'u' && hex4(slice_skip(r->rest, 6), &low) && low >= 0xDC00 &&
		low < 0xE000;
	if (pair)
		n = 12;
	else if (value == 0 || (value >= 0xD800 && value < 0xE000)) {
		put(r, ' ');
		return 6;
	}
	memcpy(r->out + r->n, r->rest.p, n);
	r->n += n;
	return n;
}

/* Up to eight bytes at a time. There is room: no more is put than was taken. */
static void put_plain(struct repair *r)
{
	while (r->rest.n >= 8) {
		uint64_t x = load_le64(r->rest.p);
		uint64_t others = eight_equal(x, '"') | eight_equal(x, '\\') |
			(eight_from(x, ' ') ^ EIGHT(0x80));
		size_t n = others ? eight_first(others) : 8;

		memcpy(r->out + r->n, r->rest.p, 8);
		r->n += n;
		r->rest = slice_skip(r->rest, n);
		if (n < 8)
			return;
	}
}

static void put_string(struct repair *r)
{
	put(r, '"');
	r->rest = slice_skip(r->rest, 1);
	for (put_plain(r); r->rest.n; put_plain(r)) {
		char c = *r->rest.p;

		if (c == '\\') {
			r->rest = slice_skip(r->rest, put_escape(r));
			continue;
		}
		r->rest = slice_skip(r->rest, 1);
		if (c == '"')
			break;
		put(r, (unsigned char)c < ' ' ? ' ' : c);
	}
	put(r, '"');
}

/* The length of a comment, or of what hides a script from old browsers, at the front of s. */
static size_t comment(struct slice s)
{
	static const struct slice marks[] = { { "<!--", 4 }, { "-->", 3 }, { "<![CDATA[", 9 },
		{ "]]>", 3 } };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (slice_starts(s, marks[i]))
			return marks[i].n;
	if (slice_starts(s, SLICE("/*")))
		return MIN(slice_find(s, SLICE("*/")) + 2, s.n);
	if (slice_starts(s, SLICE("//"))) {
		size_t line = slice_find(s, SLICE("\n"));
		/* In the line alone: a script of such lines is not to be read through again
		 * for each of them. */
		size_t mark = slice_find(slice_head(s, line), SLICE("<![CDATA["));

		return mark < line ? mark + 9 : line;
	}
	return 0;
}

/* A comma that nothing follows, or that follows nothing, goes. */
static void put_closing(struct repair *r, char c)
{
	while (r->n && (r->out[r->n - 1] == ',' || r->out[r->n - 1] == ' '))
		r->n--;
	put(r, c);
}

char *jsonld_repaired(struct slice script, struct arena *arena, size_t *n)
{
	struct repair r = { .rest = script, .out = arena_alloc(arena, script.n + 3) };
	int depth = 0, deepest = 0;

	while (r.rest.n) {
		char c = *r.rest.p;
		size_t skip = c == '<' || c == '-' || c == ']' || c == '/' ? comment(r.rest) : 0;

		if (skip) {
			r.rest = slice_skip(r.rest, skip);
			continue;
		}
		if (c == '"') {
			put_string(&r);
			continue;
		}
		depth += c == '{' || c == '[';
		depth -= c == '}' || c == ']';
		deepest = MAX(deepest, depth);
		if (c == '}' || c == ']')
			put_closing(&r, c);
		else if ((unsigned char)c <= ' ' || (unsigned char)c == 0xC2 ||
			(unsigned char)c == 0xA0)
			put(&r, ' ');
		else if (c != ',' || (r.n && !byte_in(r.out[r.n - 1], "{[,")))
			put(&r, c);
		r.rest = slice_skip(r.rest, 1);
	}
	r.out[r.n] = '\0';
	*n = deepest > 64 ? 0 : r.n;
	return r.out;
}
