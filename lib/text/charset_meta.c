/* What a page says of its own encoding and language, read before it is parsed. */
#include "lib/text/charset.h"

#include <strings.h>

/* The standard's prescan ends at 1024 bytes; browsers go on while they parse. On 1,037 pages of the
 * extraction sets 7 of the 14 that were not UTF-8 said so later, one behind 58 KB, and the
 * detector was wrong on three of these. */
enum { META_BYTES = 64 * 1024 };

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Where word stands in s, whatever its case, or s.n. */
static size_t find_word(struct slice s, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= s.n; i++)
		if (strncasecmp(s.p + i, word, n) == 0)
			return i;
	return s.n;
}

/* HTML Standard, 2.4.4, "extracting a character encoding from a meta element". */
struct slice charset_parameter(struct slice type)
{
	for (;;) {
		size_t at = find_word(type, "charset");
		size_t n = 0;

		if (at == type.n)
			return (struct slice){ 0 };
		type = slice_skip(type, at + strlen("charset"));
		while (type.n && is_space(type.p[0]))
			type = slice_skip(type, 1);
		if (type.n == 0 || type.p[0] != '=')
			continue;
		type = slice_skip(type, 1);
		while (type.n && is_space(type.p[0]))
			type = slice_skip(type, 1);
		if (type.n && (type.p[0] == '"' || type.p[0] == '\'')) {
			const char *end = memchr(type.p + 1, type.p[0], type.n - 1);

			if (!end)
				return (struct slice){ 0 };
			return (struct slice){ type.p + 1, (size_t)(end - type.p) - 1 };
		}
		while (n < type.n && !is_space(type.p[n]) && type.p[n] != ';')
			n++;
		return slice_head(type, n);
	}
}

/* --- attributes ------------------------------------------------------------------------------- */

static struct slice take_until(struct slice *s, const char *set)
{
	size_t n = 0;

	while (n < s->n && !byte_in(s->p[n], set))
		n++;
	*s = slice_skip(*s, n);
	return (struct slice){ s->p - n, n };
}

static void skip_in(struct slice *s, const char *set)
{
	while (s->n && byte_in(s->p[0], set))
		*s = slice_skip(*s, 1);
}

static struct slice take_value(struct slice *s)
{
	const char *end;
	struct slice value;

	if (!s->n || !byte_in(s->p[0], "\"'"))
		return take_until(s, " \t\n\f\r>");
	end = memchr(s->p + 1, s->p[0], s->n - 1);
	value = (struct slice){ s->p + 1, end ? (size_t)(end - s->p) - 1 : s->n - 1 };
	*s = slice_skip(*s, value.n + 2);
	return value;
}

/* HTML Standard, 13.2.3.2, "get an attribute". False at the end of the tag. */
static bool take_attribute(struct slice *s, struct slice *name, struct slice *value)
{
	skip_in(s, " \t\n\f\r/");
	if (!s->n || s->p[0] == '>')
		return false;
	*name = take_until(s, " \t\n\f\r/>=");
	if (!name->n) { /* an equals sign begins a name */
		*name = slice_head(*s, 1);
		*s = slice_skip(*s, 1);
	}
	*value = (struct slice){ 0 };
	skip_in(s, " \t\n\f\r");
	if (!s->n || s->p[0] != '=')
		return true;
	*s = slice_skip(*s, 1);
	skip_in(s, " \t\n\f\r");
	*value = take_value(s);
	return true;
}

/* --- tags ------------------------------------------------------------------------------------- */

/* The rest of a meta element behind its name. charset counts by itself, content with http-equiv. */
static const struct charset *meta_charset(struct slice *s)
{
	struct slice name, value, charset = { 0 }, content = { 0 };
	bool pragma = false;

	while (take_attribute(s, &name, &value)) {
		if (slice_is_word(name, "http-equiv"))
			pragma |= slice_is_word(value, "content-type");
		else if (slice_is_word(name, "charset") && !charset.p)
			charset = value;
		else if (slice_is_word(name, "content") && !content.p)
			content = value;
	}
	if (!charset.p && pragma)
		charset = charset_parameter(content);
	return charset_of_label(charset);
}

static void note_language(struct slice *s, struct slice *language)
{
	struct slice name, value;

	while (take_attribute(s, &name, &value))
		if ((slice_is_word(name, "lang") || slice_is_word(name, "xml:lang")) &&
			!language->n)
			*language = value;
}

static bool is_tag(struct slice s, const char *name)
{
	size_t n = strlen(name);

	return s.n > n + 1 && strncasecmp(s.p + 1, name, n) == 0 &&
		(is_space(s.p[n + 1]) || s.p[n + 1] == '/');
}

/* Passes over one comment, declaration or tag that begins here, with what is in its quotes. */
static void skip_markup(struct slice *s)
{
	struct slice name, value;

	if (slice_starts(*s, SLICE("<!--"))) {
		*s = slice_skip(*s, 2); /* <!--> is a whole comment */
		*s = slice_skip(*s, slice_find(*s, SLICE("-->")));
	} else if (s->n > 2 && (is_letter(s->p[1]) || (s->p[1] == '/' && is_letter(s->p[2])))) {
		take_until(s, " \t\n\f\r>");
		while (take_attribute(s, &name, &value))
			;
	} else if (s->n > 1 && byte_in(s->p[1], "!/?")) {
		take_until(s, ">");
	} else {
		*s = slice_skip(*s, 1);
	}
}

struct charset_declared charset_declared(struct slice page)
{
	struct charset_declared d = { 0 };
	struct slice s = slice_head(page, META_BYTES);

	while (s.n) {
		const char *lt = memchr(s.p, '<', s.n);

		if (!lt)
			break;
		s = slice_skip(s, (size_t)(lt - s.p));
		if (is_tag(s, "meta")) {
			s = slice_skip(s, strlen("<meta"));
			d.charset = meta_charset(&s);
			if (d.charset)
				break;
		} else if (is_tag(s, "html")) {
			s = slice_skip(s, strlen("<html"));
			note_language(&s, &d.language);
		} else {
			skip_markup(&s);
		}
	}
	return d;
}
