/* What stands inside a line: quotes, entities, marks, spaces; and what markdown needs of them.
 *
 * In markdown emphasis is kept where its asterisks can only be read so (CommonMark 0.31, section
 * 6.2), and characters that would be read as mark-up get a backslash. */
#include "lib/text/utf8.h"
#include "stages/extract/script.h"
#include "stages/extract/wikitext_parts.h"

#include <ctype.h>
#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <strings.h>
#include <unicode/uchar.h>

enum { ITALIC, BOLD, N_STYLES };

/* A style that is open in the line. */
struct style {
	bool open;
	size_t at; /* where in out it began; SIZE_MAX: it is not shown */
};

struct inliner {
	struct buf *out;
	size_t begin; /* of the line in out */
	struct slice in;
	size_t i;
	size_t apostrophe; /* the place of a ''' that is ' and '', or SIZE_MAX */
	unsigned flags; /* INLINE_... */
	struct style styles[N_STYLES];
	bool no_code_end, no_link_end;
};

struct slice wiki_trim(struct slice s)
{
	while (s.n && (isspace((unsigned char)s.p[0]) || s.p[0] == MARK_GONE))
		s = slice_skip(s, 1);
	while (s.n && (isspace((unsigned char)s.p[s.n - 1]) || s.p[s.n - 1] == MARK_GONE))
		s.n--;
	return s;
}

static char last_byte(const struct inliner *l)
{
	return l->out->n > l->begin ? l->out->p[l->out->n - 1] : '\0';
}

static char next_byte(const struct inliner *l, size_t ahead)
{
	return l->i + ahead < l->in.n ? l->in.p[l->i + ahead] : '\0';
}

static bool ends_in_space(const struct inliner *l)
{
	char c = last_byte(l);

	return c == '\0' || c == ' ' || c == '\n';
}

static void trim_end(struct inliner *l, const char *set)
{
	while (last_byte(l) && byte_in(last_byte(l), set))
		l->out->n--;
}

/* Characters. */

/* Whether c, before next, would be read as mark-up. */
static bool needs_backslash(const struct inliner *l, char c, char next)
{
	switch (c) {
	case '*':
	case '`':
	case '~':
	case '$': return true;
	case '\\': return next <= ' ' || ispunct((unsigned char)next);
	case '_': return !isalnum((unsigned char)last_byte(l)) || !isalnum((unsigned char)next);
	case '<': return isalpha((unsigned char)next) || byte_in(next, "/!?");
	case '&': return isalnum((unsigned char)next) || next == '#';
	case '[': return l->flags & INLINE_LABEL;
	case ']': return l->flags & INLINE_LABEL || byte_in(next, "([:");
	case '|': return l->flags & INLINE_CELL;
	default: return false;
	}
}

static void put_char(struct inliner *l, char c, char next)
{
	if (l->flags & INLINE_MARKDOWN && needs_backslash(l, c, next))
		buf_byte(l->out, '\\');
	buf_byte(l->out, c);
}

static bool is_character(uint32_t c)
{
	return c >= ' ' && c != 0x7F && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

/* The character of &name; or &#number; between & and ;, or 0. */
static uint32_t entity_value(struct slice name)
{
	char text[16];
	const htmlEntityDesc *row;
	unsigned long value;
	bool hex = name.n > 1 && (name.p[1] == 'x' || name.p[1] == 'X');
	char *end;

	if (name.n == 0 || name.n >= sizeof(text))
		return 0;
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	if (text[0] != '#') {
		row = htmlEntityLookup((const xmlChar *)text);
		return row ? (uint32_t)row->value : 0;
	}
	if (!isxdigit((unsigned char)text[1 + hex]))
		return 0;
	value = strtoul(text + 1 + hex, &end, hex ? 16 : 10);
	return *end || value > 0x10FFFF || !is_character((uint32_t)value) ? 0 : (uint32_t)value;
}

size_t wiki_entity(struct slice s, uint32_t *c)
{
	size_t n = 1;

	while (n < s.n && n < 16 && (isalnum((unsigned char)s.p[n]) || (n == 1 && s.p[n] == '#')))
		n++;
	*c = n < s.n && s.p[n] == ';' ? entity_value((struct slice){ s.p + 1, n - 1 }) : 0;
	return *c ? n + 1 : 1;
}

/* A no-break space becomes a plain one, since here it is a matter of layout, and goes behind
 * another; soft hyphens and zero-width spaces go. */
static void entity(struct inliner *l)
{
	uint32_t c;
	size_t n = wiki_entity(slice_skip(l->in, l->i), &c);
	char next = next_byte(l, n);

	l->i += n;
	if (c == 0) {
		put_char(l, '&', next);
		return;
	}
	if (c == 0xA0)
		c = ' ';
	if (c == 0xAD || c == 0x200B || (c == ' ' && last_byte(l) == ' '))
		return;
	if (c < 0x80) {
		put_char(l, (char)c, next);
		return;
	}
	buf_reserve(l->out, UTF8_MAX_BYTES);
	l->out->n += utf8_put(l->out->p + l->out->n, c);
}

/* Quotes. */

static size_t apostrophes_at(struct slice s, size_t i)
{
	size_t n = 0;

	while (i + n < s.n && s.p[i + n] == '\'')
		n++;
	return n;
}

/* How good a place p is to read ''' as an apostrophe and '': behind a word of one letter best, then
 * behind any other word, then behind a space (Parser::doQuotes). */
static int apostrophe_rank(struct slice s, size_t p)
{
	bool space1 = p == 0 || s.p[p - 1] == ' ';
	bool space2 = p < 2 || s.p[p - 2] == ' ';

	return space1 ? 1 : space2 ? 3 : 2;
}

/* Where both bold and italic quotes of a line are odd in number, one ''' holds an apostrophe. */
static size_t find_apostrophe(struct slice s)
{
	size_t bold = 0, italic = 0, best = SIZE_MAX;
	int best_rank = 0;
	const char *first = s.n ? memchr(s.p, '\'', s.n) : NULL;

	for (size_t i = first ? (size_t)(first - s.p) : s.n, n; i < s.n; i += MAX(n, (size_t)1)) {
		n = apostrophes_at(s, i);
		bold += n >= 3;
		italic += n == 2 || n >= 5;
		if ((n == 3 || n == 4) && apostrophe_rank(s, i + n - 3) > best_rank) {
			best = i + n - 3;
			best_rank = apostrophe_rank(s, best);
		}
	}
	return bold % 2 && italic % 2 ? best : SIZE_MAX;
}

static bool is_space(uint32_t c)
{
	return c == 0 || c == MARK_BREAK || u_isUWhiteSpace((UChar32)c);
}

static bool is_punctuation(uint32_t c)
{
	return (U_GET_GC_MASK((UChar32)c) & (U_GC_P_MASK | U_GC_S_MASK)) != 0;
}

/* Whether asterisks between outside and inside, the edge of what they stand around, are read as the
 * delimiters that they are meant to be. */
static bool flanks(uint32_t outside, uint32_t inside)
{
	return !is_space(inside) && outside != '*' &&
		(!is_punctuation(inside) || is_space(outside) || is_punctuation(outside));
}

static void close_style(struct inliner *l, int style)
{
	static const char *const signs[] = { [ITALIC] = "*", [BOLD] = "**" };
	struct style *own = &l->styles[style], *other = &l->styles[!style];
	size_t n = strlen(signs[style]), start = own->at, end = l->out->n;
	struct slice before, inside;

	own->open = false;
	if (start == SIZE_MAX || start > end)
		return;
	while (end > start && byte_in(l->out->p[end - 1], " \n"))
		end--;
	while (start < end && byte_in(l->out->p[start], " \n"))
		start++;
	if (start == end)
		return;
	before = (struct slice){ l->out->p + l->begin, start - l->begin };
	inside = (struct slice){ l->out->p + start, end - start };
	if (!flanks(script_last(before), script_first(inside)) ||
		!flanks(end < l->out->n ? ' ' : script_first(slice_skip(l->in, l->i)),
			script_last(inside)))
		return;
	/* A style that was opened inside this one does not reach out of it. */
	if (other->open && other->at != SIZE_MAX && other->at > start)
		other->at = SIZE_MAX;
	buf_reserve(l->out, 2 * n);
	memmove(l->out->p + end + 2 * n, l->out->p + end, l->out->n - end);
	memmove(l->out->p + start + n, l->out->p + start, end - start);
	memcpy(l->out->p + start, signs[style], n);
	memcpy(l->out->p + end + n, signs[style], n);
	l->out->n += 2 * n;
}

static void turn(struct inliner *l, int style)
{
	if (l->styles[style].open)
		close_style(l, style);
	else
		l->styles[style] = (struct style){ true, l->out->n };
}

/* The style that was opened last is closed first. */
static void turn_both(struct inliner *l)
{
	bool bold_first = l->styles[BOLD].open &&
		(!l->styles[ITALIC].open || l->styles[BOLD].at >= l->styles[ITALIC].at);

	turn(l, bold_first ? BOLD : ITALIC);
	turn(l, bold_first ? ITALIC : BOLD);
}

/* Two apostrophes are italic, three bold, five both; what is over stands for itself. */
static void quotes(struct inliner *l)
{
	size_t n = apostrophes_at(l->in, l->i);
	size_t literal = n == 1 || n == 4 ? 1 : n > 5 ? n - 5 : 0;

	if (l->apostrophe >= l->i && l->apostrophe < l->i + n)
		literal++;
	for (size_t k = 0; k < literal; k++)
		buf_byte(l->out, '\'');
	l->i += n;
	n -= literal;
	if (!(l->flags & INLINE_MARKDOWN) || n < 2)
		return;
	if (n == 5)
		turn_both(l);
	else
		turn(l, n == 3 ? BOLD : ITALIC);
}

/* Switches. */

/* __NAME__: of ASCII names those that MediaWiki knows (Help:Magic words, Behavior switches, and
 * their translations in languages/messages); of others, any. */
static bool is_switch(struct slice name)
{
	static const char *const names[] = { "ARCHIVEDTALK", "ARCHIWUM", "AUCUNSOMMAIRE",
		"BEGRIFFSKLÄRUNG", "DESAMBIGUACION", "DISAMBIG", "EXPECTED_UNCONNECTED_PAGE",
		"EXPECTUNUSEDCATEGORY", "EXPECTUNUSEDTEMPLATE", "FORCARTDC", "FORCETOC",
		"FORCERSOMMAIRE", "FORZAR_TDC", "FORZARTDC", "FORZATOC", "HIDDENCAT", "INDEKSUJ",
		"INDEX", "INDEXER", "INDEXIEREN", "INDICE", "INHALTSVERZEICHNIS",
		"INHALTSVERZEICHNIS_ERZWINGEN", "INHOUD", "INHOUD_DWINGEN", "KATEGORIAUKRYTA",
		"KEIN_INDEX", "KEIN_INHALTSVERZEICHNIS", "KEINE_INDEXIERUNG", "NEWSECTIONLINK",
		"NICHT_INDEXIEREN", "NIEINDEKSUJ", "NOCC", "NOCONTENTCONVERT", "NOEDITSECTION",
		"NOGALLERY", "NOGLOBAL", "NOINDEX", "NOINDICE", "NONEWSECTIONLINK", "NOTALK",
		"NOTC", "NOTDC", "NOTITLECONVERT", "NOTOC", "OBSAH", "SEMTDC", "SIN_TDC", "SINTDC",
		"SOMMAIRE", "SPIS", "STATICREDIRECT", "TDC", "TDM", "TOC", "VERSTECKTE_KATEGORIE",
		"VERSTECKTEKATEGORIE" };

	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] >= 0x80)
			return true;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (slice_eq(name, slice_str(names[i])))
			return true;
	return false;
}

/* The length of the switch that s begins with, or 0. What has a line for itself is one in a
 * language that is not listed. */
static size_t switch_length(struct slice s, bool at_start)
{
	size_t n = 2;

	if (!slice_starts(s, SLICE("__")))
		return 0;
	while (n < s.n && n < 80 &&
		((unsigned char)s.p[n] >= 0x80 || isupper((unsigned char)s.p[n]) ||
			(s.p[n] == '_' && n + 1 < s.n && s.p[n + 1] != '_')))
		n++;
	if (n == 2 || !slice_starts(slice_skip(s, n), SLICE("__")))
		return 0;
	if (!(at_start && n + 2 == s.n) && !is_switch((struct slice){ s.p + 2, n - 2 }))
		return 0;
	return n + 2;
}

static void underscore(struct inliner *l)
{
	size_t n = switch_length(slice_skip(l->in, l->i), l->i == 0);

	if (n == 0)
		put_char(l, '_', next_byte(l, 1));
	l->i += MAX(n, (size_t)1);
}

/* Marks and spaces. */

/* Where something was dropped, its brackets and the signs and spaces around it may be left without
 * a use: "A ( ; born 1900)", "B ( )", "C , D". */
static void close_gap(struct inliner *l)
{
	bool opened;
	char c;

	while (l->i < l->in.n &&
		(l->in.p[l->i] == MARK_GONE ||
			(ends_in_space(l) && isspace((unsigned char)l->in.p[l->i]))))
		l->i++;
	if (l->out->n > l->begin + 1 && memcmp(l->out->p + l->out->n - 2, "( ", 2) == 0)
		l->out->n--;
	opened = last_byte(l) == '(' || last_byte(l) == '\0';
	while (opened && l->i < l->in.n && byte_in(l->in.p[l->i], " ,;\x03"))
		l->i++;
	c = next_byte(l, 0);
	if (c == ')') {
		trim_end(l, " ,;");
		if (last_byte(l) == '(') {
			l->out->n--;
			trim_end(l, " ");
			l->i++;
		}
	} else if (c && byte_in(c, ",.;:")) {
		trim_end(l, " ");
	}
}

static void space(struct inliner *l)
{
	if (!ends_in_space(l))
		buf_byte(l->out, ' ');
	l->i++;
}

static void line_break(struct inliner *l)
{
	if (l->flags & (INLINE_CELL | INLINE_ONE_LINE)) {
		space(l);
		return;
	}
	trim_end(l, " ");
	if (last_byte(l) && last_byte(l) != '\n')
		buf_byte(l->out, '\n');
	l->i++;
}

/* A stretch between marks, as it stands but for line ends and, where it is text, entities. */
static void stretch(struct inliner *l)
{
	static const unsigned both = INLINE_CELL | INLINE_MARKDOWN;
	bool raw = l->in.p[l->i++] == MARK_RAW;

	while (l->i < l->in.n && l->in.p[l->i] != MARK_END) {
		char c = l->in.p[l->i];

		if (c == '&' && !raw) {
			entity(l);
			continue;
		}
		l->i++;
		if (c == '\n')
			buf_byte(l->out, ' ');
		else if (raw && (c != '|' || (l->flags & both) != both))
			buf_byte(l->out, c);
		else
			put_char(l, c, next_byte(l, 0));
	}
	l->i++;
}

/* Code between backticks, more of them than any run in it has. */
static void put_code_span(struct inliner *l, struct slice code)
{
	size_t longest = 0, run = 0;
	bool pad;

	for (size_t i = 0; i < code.n; i++) {
		run = code.p[i] == '`' ? run + 1 : 0;
		longest = MAX(longest, run);
	}
	pad = longest && (code.p[0] == '`' || code.p[code.n - 1] == '`');
	for (size_t i = 0; i <= longest; i++)
		buf_byte(l->out, '`');
	if (pad)
		buf_byte(l->out, ' ');
	for (size_t i = 0; i < code.n; i++) {
		if (code.p[i] == '|' && l->flags & INLINE_CELL)
			buf_byte(l->out, '\\');
		buf_byte(l->out, code.p[i] == '\n' ? ' ' : code.p[i]);
	}
	if (pad)
		buf_byte(l->out, ' ');
	for (size_t i = 0; i <= longest; i++)
		buf_byte(l->out, '`');
}

/* <code> up to its end; one that does not end on this line is text. */
static void code_span(struct inliner *l)
{
	struct slice rest = slice_skip(l->in, ++l->i);
	const char *end = l->no_code_end || !rest.n ? NULL : memchr(rest.p, MARK_CODE_END, rest.n);
	struct buf code = { 0 };

	l->no_code_end = !end;
	if (!end || !(l->flags & INLINE_MARKDOWN))
		return;
	rest.n = (size_t)(end - rest.p);
	wiki_inline(rest, l->flags & ~(unsigned)INLINE_MARKDOWN, &code);
	/* Backticks would run together with those of a span before it. */
	if (last_byte(l) == '`')
		buf_byte(l->out, ' ');
	if (code.n)
		put_code_span(l, buf_view(&code));
	l->i += rest.n + 1;
	buf_release(&code);
}

/* The label alone; its first bracket does not come together with one before it, see other(). */
static void put_label(struct inliner *l, struct slice label)
{
	size_t at = l->out->n;
	char before = last_byte(l);

	wiki_inline(label, l->flags, l->out);
	if (before && byte_in(before, "[{") && at < l->out->n && l->out->p[at] == before) {
		memmove(l->out->p + at, l->out->p + at + 1, l->out->n - at - 1);
		l->out->n--;
	}
}

/* A link with its target. Behind [ or ! its own bracket would be read otherwise, and one without
 * text is none: then its label is all. */
static void link_with_target(struct inliner *l)
{
	struct slice label = slice_skip(l->in, ++l->i), target;
	const char *end =
		l->no_link_end || !label.n ? NULL : memchr(label.p, MARK_LINK_END, label.n);
	size_t begin = l->out->n;

	l->no_link_end = !end;
	if (!end)
		return;
	l->i += (size_t)(end + 1 - label.p);
	label.n = (size_t)(end - label.p);
	target = slice_skip(label, slice_find(label, SLICE("\x16")) + 1);
	label.n -= MIN(target.n + 1, label.n);
	if (!(l->flags & INLINE_MARKDOWN) || (last_byte(l) && byte_in(last_byte(l), "[!"))) {
		put_label(l, label);
		return;
	}
	buf_byte(l->out, '[');
	wiki_inline(label, l->flags | INLINE_LABEL, l->out);
	if (l->out->n == begin + 1) {
		l->out->n = begin;
		return;
	}
	buf_str(l->out, "](");
	buf_slice(l->out, target);
	buf_byte(l->out, ')');
}

/* Brackets that mark-up left behind do not come together again in the text, and no tag of a
 * reference stays. Of the control characters, marks that are out of place, none does. */
static void other(struct inliner *l)
{
	char c = l->in.p[l->i];
	struct slice rest = slice_skip(l->in, l->i + 1);
	bool again = (c == '[' || c == '{') && last_byte(l) == c;
	bool ref = c == '<' && rest.n >= 3 && strncasecmp(rest.p, "ref", 3) == 0;

	if (!again && !ref && (unsigned char)c >= ' ')
		put_char(l, c, rest.n ? rest.p[0] : '\0');
	l->i++;
}

static void inline_step(struct inliner *l)
{
	switch (l->in.p[l->i]) {
	case '\'': quotes(l); break;
	case '&': entity(l); break;
	case ' ':
	case '\t':
	case '\n': space(l); break;
	case MARK_TEXT:
	case MARK_RAW: stretch(l); break;
	case MARK_GONE: close_gap(l); break;
	case MARK_BREAK: line_break(l); break;
	case MARK_CODE: code_span(l); break;
	case MARK_LINK: link_with_target(l); break;
	case MARK_SEP:
		put_char(l, '|', next_byte(l, 1));
		l->i++;
		break;
	case '_': underscore(l); break;
	default: other(l); break;
	}
}

/* The bytes that mean nothing, which most are; and the space between two of them. */
static size_t plain_run(struct slice s)
{
	static const bool special[256] = { ['\''] = true,
		['&'] = true,
		['_'] = true,
		['['] = true,
		['{'] = true,
		['<'] = true,
		['*'] = true,
		['`'] = true,
		['~'] = true,
		['$'] = true,
		['\\'] = true,
		[']'] = true,
		['|'] = true };
	size_t n = 0;

	while (n < s.n) {
		unsigned char c = (unsigned char)s.p[n];

		if (c > ' ' ? special[c]
			    : c != ' ' || n == 0 || n + 1 == s.n || s.p[n - 1] == ' ' ||
					(unsigned char)s.p[n + 1] <= ' ')
			break;
		n++;
	}
	return n;
}

void wiki_inline(struct slice line, unsigned flags, struct buf *out)
{
	struct inliner l = { .out = out, .begin = out->n, .in = line, .flags = flags };

	l.apostrophe = find_apostrophe(line);
	while (l.i < l.in.n) {
		size_t n = plain_run(slice_skip(l.in, l.i));

		if (n)
			buf_append(out, l.in.p + l.i, n);
		else
			inline_step(&l);
		l.i += n;
	}
	trim_end(&l, " \n");
	if (l.styles[BOLD].open && l.styles[ITALIC].open)
		turn_both(&l);
	for (int style = 0; style < N_STYLES; style++)
		if (l.styles[style].open)
			close_style(&l, style);
}
