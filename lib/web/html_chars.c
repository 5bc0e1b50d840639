/* Text and character references. */
#include "lib/text/utf8.h"
#include "lib/web/html_entities.h"
#include "lib/web/html_parser.h"
#include "lib/web/html_scan.h"

/* --- references ------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
	return is_digit(c) || html_is_letter(c);
}

static uint32_t name_place(const char *p, size_t n)
{
	uint32_t hash = 0;

	for (size_t i = 0; i < n; i++)
		hash = hash * 31 + (unsigned char)p[i];
	return hash * 0x9E3779B1u >> (32 - HTML_ENTITY_BITS);
}

static const struct html_entity *find_entity(const char *p, size_t n)
{
	uint32_t place = name_place(p, n);

	for (; html_entity_places[place]; place = (place + 1) % (1u << HTML_ENTITY_BITS)) {
		const struct html_entity *row = &html_entities[html_entity_places[place] - 1];

		if (strncmp(row->name, p, n) == 0 && row->name[n] == '\0')
			return row;
	}
	return NULL;
}

/* The entity whose name is the longest beginning of s. Only the old names, of up to six letters,
 * end without a semicolon. */
static const struct html_entity *match_entity(const char *s, const char *end)
{
	enum { LONGEST_OLD = 6 };
	const struct html_entity *row;
	size_t n = 0;

	while (n < HTML_ENTITY_LONGEST && s + n < end && is_alnum(s[n]))
		n++;
	if (n < HTML_ENTITY_LONGEST && s + n < end && s[n] == ';' &&
		(row = find_entity(s, n + 1)) != NULL)
		return row;
	for (n = MIN(n, (size_t)LONGEST_OLD); n >= 2; n--)
		if ((row = find_entity(s, n)) != NULL)
			return row;
	return NULL;
}

/* s is behind the "&". */
static const char *named_reference(struct buf *out, const char *s, const char *end, bool in_value)
{
	const struct html_entity *row = match_entity(s, end);
	size_t n;

	if (!row) {
		buf_byte(out, '&');
		return s;
	}
	n = strlen(row->name);
	/* "?a=1&copy=2" in an address is no copyright sign. */
	if (in_value && row->name[n - 1] != ';' && s + n < end && (s[n] == '=' || is_alnum(s[n]))) {
		buf_byte(out, '&');
		return s;
	}
	buf_str(out, row->value);
	return s + n;
}

/* "Numeric character reference end state": 0x80 to 0x9F mean windows-1252. */
static uint32_t numeric_value(uint32_t c)
{
	static const uint16_t windows_1252[32] = { 0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026,
		0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F, 0x90,
		0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161,
		0x203A, 0x0153, 0x9D, 0x017E, 0x0178 };

	if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
		return UTF8_REPLACEMENT;
	return c >= 0x80 && c < 0xA0 ? windows_1252[c - 0x80] : c;
}

static int digit_value(char c, bool hex)
{
	if (is_digit(c))
		return c - '0';
	return hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* s is behind the "&#". */
static const char *numeric_reference(struct buf *out, const char *s, const char *end)
{
	bool hex = s < end && (*s | 0x20) == 'x';
	const char *digits = s + hex, *q = digits;
	uint32_t c = 0;
	int v;

	for (; q < end && (v = digit_value(*q, hex)) >= 0; q++)
		c = MIN(c * (hex ? 16 : 10) + (uint32_t)v, 0x110000u);
	if (q == digits) {
		buf_slice(out, SLICE("&#"));
		return s;
	}
	buf_reserve(out, UTF8_MAX_BYTES);
	out->n += utf8_put(out->p + out->n, numeric_value(c));
	return q + (q < end && *q == ';');
}

/* Appends what the reference at s means, or its "&"; returns what is behind it. */
static const char *reference(struct buf *out, const char *s, const char *end, bool in_value)
{
	if (end - s > 1 && s[1] == '#')
		return numeric_reference(out, s + 2, end);
	return named_reference(out, s + 1, end, in_value);
}

/* --- text ------------------------------------------------------------------------------------- */

/* Appends the byte at s, which the scan stopped at, as what it means; returns what is behind it. */
static const char *append_stop(
	struct buf *out, const char *s, const char *end, enum html_text_kind kind)
{
	switch (*s) {
	case '&':
		if (kind == HTML_RAWTEXT)
			break;
		return reference(out, s, end, kind == HTML_VALUE);
	case '\r':
		if (s + 1 == end || s[1] != '\n')
			buf_byte(out, '\n');
		return s + 1;
	case '\0':
		if (kind != HTML_DATA)
			buf_slice(out, SLICE("\xEF\xBF\xBD"));
		return s + 1;
	default: break;
	}
	buf_byte(out, *s);
	return s + 1;
}

static struct html_run run_of_page(const struct html_parser *p, const char *begin, const char *end)
{
	return (struct html_run){ .at = (uint32_t)(begin - p->t->page),
		.n = (uint32_t)(end - begin) };
}

/* Text from begin on that is clean up to s. */
static struct html_run read_unclean(
	struct html_parser *p, const char *begin, const char *s, enum html_text_kind kind)
{
	struct buf *out = &p->t->bytes;
	size_t at = out->n;

	buf_append(out, begin, (size_t)(s - begin));
	while (s < p->end && !(*s == '<' && html_is_markup(s, p->end))) {
		const char *next;

		if (p->end - s > 2 && memcmp(s, "</>", 3) == 0)
			s += 3; /* "missing-end-tag-name": no token at all */
		else
			s = append_stop(out, s, p->end, kind);
		next = html_scan(s, p->end, '<', '&', '\r', '\0');
		buf_append(out, s, (size_t)(next - s));
		s = next;
	}
	p->p = s;
	return (struct html_run){ (uint32_t)at, (uint32_t)(out->n - at), true };
}

struct html_run html_read_text(struct html_parser *p, enum html_text_kind kind)
{
	const char *begin = p->p;
	const char *s = html_scan(begin, p->end, '<', '&', '\r', '\0');

	if (s < p->end && !(*s == '<' && html_is_markup(s, p->end)))
		return read_unclean(p, begin, s, kind);
	p->p = s;
	return run_of_page(p, begin, s);
}

struct html_run html_clean(struct html_parser *p, struct slice from, enum html_text_kind kind)
{
	const char *end = from.p + from.n, *begin = from.p;
	char amp = kind == HTML_RAWTEXT ? '\0' : '&';
	const char *s = html_scan(begin, end, amp, amp, '\r', '\0');
	struct buf *out = &p->t->bytes;
	size_t at = out->n;

	if (s == end)
		return run_of_page(p, begin, end);
	buf_append(out, begin, (size_t)(s - begin));
	while (s < end) {
		const char *next;

		s = append_stop(out, s, end, kind);
		next = html_scan(s, end, amp, amp, '\r', '\0');
		buf_append(out, s, (size_t)(next - s));
		s = next;
	}
	return (struct html_run){ (uint32_t)at, (uint32_t)(out->n - at), true };
}
