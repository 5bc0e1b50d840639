/* Chapters, paragraphs, lines and italics of plain-text books as Markdown. */
#include "stages/extract/book_markdown.h"

#include "stages/extract/markdown_inline.h"

#include <ctype.h>
#include <strings.h>

enum { LONGEST_HEADING = 100 };

static struct slice first_word(struct slice s)
{
	size_t n = 0;

	while (n < s.n && !byte_in(s.p[n], " .:,-\n"))
		n++;
	return slice_head(s, n);
}

static bool is_one_of(struct slice word, const char *const *words)
{
	for (; *words; words++)
		if (slice_is_word(word, *words))
			return true;
	return false;
}

static bool is_number(struct slice word)
{
	static const char *const ordinals[] = { "one", "two", "three", "four", "five", "six",
		"seven", "eight", "nine", "ten", "the", "first", "second", "third", "fourth",
		"fifth", "premier", "première", "erstes", "zweites", "drittes", "primero", "primo",
		NULL };
	size_t n = 0;

	while (n < word.n && byte_in(word.p[n], "0123456789ivxlcIVXLC"))
		n++;
	return word.n && (n == word.n || is_one_of(word, ordinals));
}

static bool is_capitals(struct slice s)
{
	bool letter = false;

	for (size_t i = 0; i < s.n; i++) {
		if (islower((unsigned char)s.p[i]))
			return false;
		letter |= isupper((unsigned char)s.p[i]) != 0;
	}
	return letter;
}

/* "CHAPTER I.", "Kapitel 3", "Preface" in capitals: a short paragraph that begins with the word for
 * a part of a book, and its number where it has one. */
static bool is_heading(struct slice paragraph)
{
	static const char *const counted[] = { "chapter", "book", "part", "volume", "vol", "canto",
		"act", "scene", "letter", "section", "chapitre", "livre", "partie", "tome", "acte",
		"scène", "lettre", "kapitel", "buch", "teil", "band", "akt", "aufzug", "auftritt",
		"capítulo", "capitulo", "libro", "parte", "capitolo", "hoofdstuk", "deel", NULL };
	static const char *const alone[] = { "preface", "introduction", "prologue", "epilogue",
		"foreword", "afterword", "appendix", "conclusion", "footnotes", "notes", "index",
		"contents", "dedication", "glossary", "préface", "avant-propos", "vorwort",
		"einleitung", "nachwort", "prólogo", "prefazione", "voorwoord", NULL };
	struct slice word = first_word(paragraph), rest;

	if (paragraph.n > LONGEST_HEADING || memchr(paragraph.p, '\n', paragraph.n))
		return false;
	rest = slice_trim(slice_skip(paragraph, word.n), " .:,-");
	if (is_one_of(word, counted))
		return isupper((unsigned char)word.p[0]) && is_number(first_word(rest));
	return is_one_of(word, alone) && is_capitals(paragraph);
}

/* Whether the underscore at i turns italics on or off: a word begins behind it or ends before it,
 * and none goes on at its other side. */
static bool is_border(struct slice s, size_t i, bool italic)
{
	char before = i ? s.p[i - 1] : ' ', behind = i + 1 < s.n ? s.p[i + 1] : ' ';
	char inside = italic ? before : behind, outside = italic ? behind : before;

	return !isspace((unsigned char)inside) && !isalnum((unsigned char)outside);
}

/* Adds a line, in and out of italics; *in is whether they are open. */
static void add_line(struct inline_text *to, struct slice line, bool *in)
{
	size_t from = 0;

	for (size_t i = 0; i < line.n; i++) {
		struct inline_style style = { .em = *in };

		if (line.p[i] != '_' || !is_border(line, i, *in))
			continue;
		if (i > from)
			inline_add(to, &style, slice_head(slice_skip(line, from), i - from));
		*in = !*in;
		from = i + 1;
	}
	if (from < line.n)
		inline_add(to, &(struct inline_style){ .em = *in }, slice_skip(line, from));
}

static void put_break(void *to, struct buf *out)
{
	(void)to;
	buf_byte(out, '\n');
}

static void put_paragraph(struct inline_text *text, struct slice paragraph, struct buf *out)
{
	struct inline_place place = { .heading = is_heading(paragraph), .next_line = put_break };
	bool italic = false;

	inline_clear(text);
	while (paragraph.n) {
		struct slice line = slice_trim(slice_take_line(&paragraph), " \t\r\n");

		if (text->n)
			inline_space(text, &(struct inline_style){ .em = italic }, '\n');
		add_line(text, line, &italic);
	}
	if (place.heading)
		buf_str(out, "## ");
	inline_render(text, &place, out);
}

void book_markdown(struct slice text, struct buf *out)
{
	struct inline_text inline_text = { .n = 0 };
	size_t begin = out->n;

	while (text.n) {
		size_t n = slice_find(text, SLICE("\n\n"));
		struct slice paragraph = slice_trim(slice_head(text, n), "\n");

		text = slice_skip(text, n + 2);
		if (!paragraph.n)
			continue;
		if (out->n > begin)
			buf_str(out, "\n\n");
		put_paragraph(&inline_text, paragraph, out);
	}
	inline_release(&inline_text);
}

static bool is_rest(struct slice line)
{
	line = slice_trim(line, " \r\n");
	return !line.n || (line.n >= 3 && !slice_trim(line, "-").n) ||
		(line.n >= 3 && !slice_trim(line, "`").n);
}

struct slice book_markdown_trim(struct slice text)
{
	while (text.n) {
		struct slice rest = text;

		if (!is_rest(slice_take_line(&rest)))
			break;
		text = rest;
	}
	while (text.n) {
		const char *newline = memrchr(text.p, '\n', text.n);
		size_t n = newline ? (size_t)(newline - text.p) : 0;

		if (!is_rest(slice_skip(text, n)))
			break;
		text.n = n;
	}
	return text;
}
