/* Finds the border between a book and what Project Gutenberg put around it, line by line. */
#include "stages/extract/book_strip.h"

#include <ctype.h>

enum {
	KEY_BYTES = 160, /* of a line that are compared */
	HEADER_REACH = 64 * 1024, /* where a header ends; small prints are 15 KB at most */
	LOOSE_REACH = 16 * 1024, /* the same where no line marks its end */
	FOOTER_REACH =
		48 * 1024, /* how far before the end a footer begins; the licence has 20 KB */
	MAX_CREDITS = 8, /* paragraphs behind the header */
	MAX_CREDIT_BYTES = 2000,
	MAX_MARKER_LINES = 5, /* a long title goes on over lines */
};

/* A line as it is compared: upper case, single spaces, without the asterisks in front. */
struct key {
	char p[KEY_BYTES + 1];
	size_t n;
	bool starred;
};

static struct slice next_line(struct slice *rest)
{
	size_t n = slice_find(*rest, SLICE("\n"));
	struct slice line = slice_head(*rest, n);

	*rest = slice_skip(*rest, n + 1);
	return line;
}

static void make_key(struct slice line, struct key *key)
{
	bool space = false;

	key->n = 0;
	key->starred = false;
	for (size_t i = 0; i < line.n && key->n < KEY_BYTES; i++) {
		unsigned char c = (unsigned char)line.p[i];

		if (isspace(c)) {
			space = key->n > 0;
			continue;
		}
		if (c == '*' && key->n == 0) {
			key->starred = true;
			continue;
		}
		if (byte_in((char)c, "\\#") && key->n == 0) /* markdown of a page */
			continue;
		if (space && key->n < KEY_BYTES)
			key->p[key->n++] = ' ';
		space = false;
		if (key->n < KEY_BYTES)
			key->p[key->n++] = (char)toupper(c);
	}
	key->p[key->n] = '\0';
}

static bool begins(const struct key *key, const char *const *words)
{
	for (; *words; words++)
		if (strncmp(key->p, *words, strlen(*words)) == 0)
			return true;
	return false;
}

static bool holds(const struct key *key, const char *const *words)
{
	for (; *words; words++)
		if (strstr(key->p, *words))
			return true;
	return false;
}

/* Lines that end a header. */

static const char *const starts[] = { "START OF THE PROJECT GUTENBERG",
	"START OF THIS PROJECT GUTENBERG", "START OF PROJECT GUTENBERG",
	"START OF THE COPYRIGHTED PROJECT GUTENBERG", "START OF THIS COPYRIGHTED PROJECT GUTENBERG",
	"BEGINNING OF THIS PROJECT GUTENBERG", "BEGIN OF THE PROJECT GUTENBERG", NULL };
static const char *const small_print_ends[] = { "END*THE SMALL PRINT", "END THE SMALL PRINT",
	"END* THE SMALL PRINT", "END OF THE SMALL PRINT", NULL };
static const char *const small_print_starts[] = { "START**THE SMALL PRINT", "START*THE SMALL PRINT",
	"START** SMALL PRINT", "START OF THE SMALL PRINT", "THE SMALL PRINT!", NULL };

/* Lines with which a footer begins. */
static const char *const ends[] = { "END OF THE PROJECT GUTENBERG", "END OF THIS PROJECT GUTENBERG",
	"END OF PROJECT GUTENBERG", "END OF THE COPYRIGHTED PROJECT GUTENBERG",
	"END OF THIS COPYRIGHTED PROJECT GUTENBERG", "END OF THIS IS COPYRIGHTED",
	"ENDE DIESES PROJECT GUTENBERG", "ENDE DIESES PROJEKT GUTENBERG",
	"ENDE DIESE PROJECT GUTENBERG", "ENDE DES PROJECT GUTENBERG", "ENDE DES PROJEKT GUTENBERG",
	"ENDE DIESES ETEXTES", "FIN DE PROJECT GUTENBERG", "FIN DU PROJECT GUTENBERG",
	"FIN DU PROJET GUTENBERG", "FIN DE CE PROJECT GUTENBERG", "EINDE VAN PROJECT GUTENBERG",
	"EINDE VAN HET PROJECT GUTENBERG", "THIS IS A COPYRIGHTED PROJECT GUTENBERG",
	"START: FULL LICENSE", "THE FULL PROJECT GUTENBERG LICENSE",
	"THE FULL PROJECT GUTENBERG-TM LICENSE", "THIS FILE SHOULD BE NAMED",
	"MORE INFORMATION ABOUT THIS BOOK IS AT THE TOP", "WE NEED YOUR DONATIONS MORE THAN EVER",
	"CE DOCUMENT FUT PRESENT", NULL };

/* What a paragraph of a header says where no line marks its end. */
static const char *const header_words[] = { "PROJECT GUTENBERG", "ETEXT", "E-TEXT", "EBOOK",
	"E-BOOK", "GUTENBERG.ORG", "GUTENBERG.NET", "PROMO.NET", "PLAIN VANILLA",
	"COPYRIGHT LAWS ARE CHANGING", "SMALL PRINT",
	"RELEASE DATE:", "POSTING DATE:", "LAST UPDATED:", "CHARACTER SET ENCODING:", NULL };
static const char *const header_fields[] = { "TITLE:", "AUTHOR:", "LANGUAGE:", "EDITION:",
	"CREDITS:", "ILLUSTRATOR:", "TRANSLATOR:", "EDITOR:", "RELEASE DATE:", "CONTRIBUTOR:",
	NULL };

/* What the paragraphs say that name the makers of the electronic text. */
static const char *const credit_starts[] = { "PRODUCED BY", "E-TEXT PREPARED BY",
	"ETEXT PREPARED BY", "E-TEXT PRODUCED BY", "ETEXT PRODUCED BY", "E-BOOK PRODUCED BY",
	"EBOOK PRODUCED BY", "EBOOK PREPARED BY", "THIS ETEXT WAS", "THIS E-TEXT WAS",
	"THIS EBOOK WAS", "THIS E-BOOK WAS", "THIS FILE WAS PRODUCED", "THIS FILE WAS MADE",
	"(THIS FILE WAS", "(THIS BOOK WAS PRODUCED", "THIS BOOK WAS PRODUCED", "PREPARED BY",
	"TRANSCRIBED FROM", "TRANSCRIBED BY", "SCANNED BY", "SCANNED AND", "DIGITIZED BY",
	"DIGITISED BY", "HTML VERSION", "TYPED BY", "PROOFREAD BY", "PROOFED BY", "PROCESSED BY",
	"PRODUIT PAR", "CREDITS:", "IMAGES OF THE ORIGINAL PAGES", "UPDATED EDITIONS",
	"TRANSCRIBER", "[TRANSCRIBER", "NOTE DU TRANSCRIPTEUR", "NOTES DU TRANSCRIPTEUR",
	"NOTE SUR LA TRANSCRIPTION", "ANMERKUNGEN ZUR TRANSKRIPTION", NULL };
static const char *const credit_words[] = { "PROJECT GUTENBERG", "PGDP.NET",
	"DISTRIBUTED PROOFREAD", "GUTENBERG.ORG", "GUTENBERG.NET", "GALLICA.BNF",
	"ARCHIVE.ORG/DETAILS", "INTERNET ARCHIVE", NULL };

/* Borders. */

/* Behind a marker that may go on over lines until one that ends in asterisks. */
static struct slice behind_marker(struct slice line, struct slice rest)
{
	struct slice at = rest;

	for (int i = 0; i < MAX_MARKER_LINES; i++) {
		while (line.n && isspace((unsigned char)line.p[line.n - 1]))
			line.n--;
		if (line.n == 0 || !at.n)
			break;
		if (line.p[line.n - 1] == '*')
			return at;
		line = next_line(&at);
	}
	return rest;
}

/* Behind the last line that ends a header, or false. A small print that begins in the second half
 * of the file belongs to the end. */
static bool find_start(struct slice text, struct slice *body)
{
	struct slice rest = text;
	bool found = false;

	while (rest.n && (size_t)(rest.p - text.p) < HEADER_REACH) {
		size_t at = (size_t)(rest.p - text.p);
		struct slice line = next_line(&rest);
		struct key key;

		make_key(line, &key);
		if (key.starred && begins(&key, small_print_starts) && at > text.n / 2)
			break;
		if (begins(&key, starts) || (key.starred && begins(&key, small_print_ends))) {
			*body = behind_marker(line, rest);
			found = true;
		}
	}
	return found;
}

/* Takes the blank lines before a paragraph and the paragraph off rest. */
static struct slice next_paragraph(struct slice *rest)
{
	struct slice paragraph = { NULL, 0 };

	while (rest->n) {
		struct slice before = *rest;
		struct slice line = next_line(rest);
		struct key key;

		make_key(line, &key);
		if (key.n == 0 && !key.starred) {
			if (paragraph.n)
				return paragraph;
			continue;
		}
		if (!paragraph.n)
			paragraph.p = before.p;
		paragraph.n = (size_t)(line.p + line.n - paragraph.p);
	}
	return paragraph;
}

/* Whether a line of the paragraph begins or any holds one of the words. */
static bool paragraph_says(struct slice paragraph, const char *const *first, const char *const *any)
{
	struct slice rest = paragraph;

	for (bool at_start = true; rest.n; at_start = false) {
		struct key key;

		make_key(next_line(&rest), &key);
		if ((at_start && first && begins(&key, first)) || holds(&key, any))
			return true;
	}
	return false;
}

/* A header without a marker: it ends with the last paragraph near the beginning that speaks like
 * one. The first must. */
static bool find_loose_start(struct slice text, struct slice *body)
{
	static const char *const must[] = { "PROJECT GUTENBERG ETEXT", "PROJECT GUTENBERG E-TEXT",
		"PROJECT GUTENBERG EBOOK", "PROJECT GUTENBERG'S", "PROJECT GUTENBERG RELEASE",
		NULL };
	struct slice rest = text;
	struct slice paragraph = next_paragraph(&rest);

	if (!paragraph_says(slice_head(paragraph, MAX_CREDIT_BYTES), NULL, must))
		return false;
	*body = rest;
	while (rest.n && (size_t)(rest.p - text.p) < MIN((size_t)LOOSE_REACH, text.n / 2)) {
		paragraph = next_paragraph(&rest);
		if (paragraph_says(paragraph, header_fields, header_words))
			*body = rest;
	}
	return true;
}

static struct slice skip_credits(struct slice body)
{
	for (int i = 0; i < MAX_CREDITS; i++) {
		struct slice rest = body;
		struct slice paragraph = next_paragraph(&rest);

		if (!paragraph.n || paragraph.n > MAX_CREDIT_BYTES ||
			!paragraph_says(paragraph, credit_starts, credit_words))
			break;
		body = rest;
	}
	return body;
}

/* The body up to the first line of a footer that begins near its end. */
static struct slice cut_footer(struct slice body)
{
	struct slice rest = slice_skip(body, body.n - MIN(body.n, (size_t)FOOTER_REACH));

	if (rest.p != body.p)
		next_line(&rest);
	while (rest.n) {
		struct slice line = next_line(&rest);
		struct key key;

		make_key(line, &key);
		if (begins(&key, ends) || (key.starred && begins(&key, small_print_starts)))
			return slice_head(body, (size_t)(line.p - body.p));
	}
	return body;
}

static struct slice trim_lines(struct slice body)
{
	struct slice rest = body;

	while (rest.n) {
		struct key key;

		make_key(next_line(&rest), &key);
		if (key.n || key.starred)
			break;
		body = rest;
	}
	while (body.n && isspace((unsigned char)body.p[body.n - 1]))
		body.n--;
	return body;
}

/* Facts. */

static struct slice trim(struct slice s)
{
	while (s.n && isspace((unsigned char)s.p[0]))
		s = slice_skip(s, 1);
	while (s.n && isspace((unsigned char)s.p[s.n - 1]))
		s.n--;
	return s;
}

/* A value with the indented lines that follow it. */
static struct slice field_value(struct slice line, size_t name, struct slice *rest)
{
	struct slice value = slice_skip(line, name);

	while (rest->n && (rest->p[0] == ' ' || rest->p[0] == '\t')) {
		struct slice peek = *rest;
		struct slice more = next_line(&peek);

		if (!trim(more).n)
			break;
		value.n = (size_t)(more.p + more.n - value.p);
		*rest = peek;
	}
	return trim(value);
}

static uint64_t find_number(struct slice line)
{
	size_t hash = slice_find(line, SLICE("#"));
	uint64_t n = 0;

	for (size_t i = hash + 1; i < line.n && isdigit((unsigned char)line.p[i]) && n < 100000000;
		i++)
		n = n * 10 + (uint64_t)(line.p[i] - '0');
	return n;
}

/* "The Project Gutenberg Etext of Alice in Wonderland, by Lewis Carroll", "Project Gutenberg's
 * …". */
static void read_first_line(struct slice line, const struct key *key, struct book_facts *facts)
{
	static const char *const openings[] = { " EBOOK OF ", " ETEXT OF ", " EBOOK, ", " ETEXT, ",
		"GUTENBERG'S ", NULL };
	struct slice upper = { key->p, key->n };
	size_t trimmed = 0, at, by;

	for (const char *const *o = openings; *o; o++) {
		at = slice_find(upper, slice_str(*o));
		if (at == upper.n)
			continue;
		/* key is the line without its stars and outer spaces: the places are the same. */
		while (trimmed < line.n &&
			(isspace((unsigned char)line.p[trimmed]) || line.p[trimmed] == '*'))
			trimmed++;
		line = slice_skip(line, trimmed + at + strlen(*o));
		upper = slice_skip(upper, at + strlen(*o));
		by = slice_find(upper, SLICE(", BY "));
		facts->title = trim(slice_head(line, by));
		if (by < upper.n)
			facts->author = trim(slice_skip(line, by + 5));
		while (facts->author.n && byte_in(facts->author.p[facts->author.n - 1], "* ."))
			facts->author.n--;
		while (facts->title.n && byte_in(facts->title.p[facts->title.n - 1], "* "))
			facts->title.n--;
		return;
	}
}

void book_read_facts(struct slice head, struct book_facts *facts)
{
	struct book_facts said = { .number = 0 }, first = { .number = 0 };
	const struct {
		const char *name;
		struct slice *at;
	} fields[] = { { "TITLE:", &said.title }, { "AUTHOR:", &said.author },
		{ "LANGUAGE:", &said.language }, { "RELEASE DATE:", &said.released },
		{ "POSTING DATE:", &said.released }, { "CHARACTER SET ENCODING:", &said.charset } };

	while (head.n) {
		struct slice line = next_line(&head);
		struct key key;

		make_key(line, &key);
		if (!said.number &&
			holds(&key, (const char *const[]){ "EBOOK #", "ETEXT #", NULL }))
			said.number = find_number(line);
		if (!first.title.n &&
			holds(&key, (const char *const[]){ "PROJECT GUTENBERG", NULL }))
			read_first_line(line, &key, &first);
		for (size_t i = 0; i < ARRAY_LEN(fields); i++)
			if (!fields[i].at->n &&
				strncmp(key.p, fields[i].name, strlen(fields[i].name)) == 0)
				*fields[i].at =
					field_value(trim(line), strlen(fields[i].name), &head);
	}
	*facts = said;
	if (!said.title.n)
		facts->title = first.title;
	if (!said.author.n)
		facts->author = first.author;
}

bool book_strip(struct slice text, struct slice *body, struct book_facts *facts)
{
	*facts = (struct book_facts){ .number = 0 };
	*body = text;
	if (!find_start(text, body) && !find_loose_start(text, body)) {
		*body = cut_footer(text);
		if (body->n < text.n)
			*body = trim_lines(*body);
		return body->n < text.n;
	}
	book_read_facts(slice_head(text, (size_t)(body->p - text.p)), facts);
	*body = trim_lines(skip_credits(cut_footer(*body)));
	return true;
}
