/* Takes bylines apart: "By Jane Doe and John Smith, staff writers | March 3". */
#include "lib/text/utf8.h"
#include "stages/extract/author.h"
#include "stages/extract/dates.h"
#include "stages/extract/eight.h"

#include <unicode/uchar.h>

enum { NAME_BYTES = 70, NAME_WORDS = 6 };

/* What the name of who wrote a text follows, in small letters. Longer ones before those they begin
 * with; sorted by the first letter. may_lead lists their first two letters. */
static const struct slice leads[] = { { "article by", 10 }, { "article written by", 18 },
	{ "authored by", 11 }, { "asked by", 8 }, { "artikel von", 11 },
	{ "autor des artikels", 18 }, { "autorin", 7 }, { "autoren", 7 }, { "autor/in", 8 },
	{ "article de", 10 }, { "articolo di", 11 }, { "a cura di", 9 }, { "av", 2 }, { "af", 2 },
	{ "autorzy", 7 }, { "autor", 5 }, { "auteur", 6 }, { "autore", 6 }, { "authors", 7 },
	{ "author", 6 }, { "beitragvon", 10 }, { "blog by", 7 }, { "by", 2 }, { "beitrag von", 11 },
	{ "bericht von", 11 }, { "created by", 10 }, { "contributed by", 14 }, { "di", 2 },
	{ "door", 4 }, { "ditulis oleh", 12 }, { "ein interview von", 17 },
	{ "ein beitrag von", 15 }, { "ein artikel von", 15 }, { "erstellt von", 12 },
	{ "eingestellt von", 15 }, { "escrito por", 11 }, { "geschrieben von", 15 },
	{ "gepostet von", 12 }, { "geschreven door", 15 }, { "geplaatst door", 14 },
	{ "interview von", 13 }, { "kommentar von", 13 }, { "napisane przez", 14 }, { "oleh", 4 },
	{ "posted by", 9 }, { "published by", 12 }, { "publié par", 11 }, { "posté par", 10 },
	{ "propos recueillis par", 21 }, { "par", 3 }, { "publicado por", 13 }, { "por", 3 },
	{ "pubblicato da", 13 }, { "reported by", 11 }, { "review by", 9 }, { "rédigé par", 12 },
	{ "redactado por", 13 }, { "redaktion:", 10 }, { "redakteur:", 10 }, { "redakteurin:", 12 },
	{ "story by", 8 }, { "submitted by", 12 }, { "started by", 10 }, { "scritto da", 10 },
	{ "skrevet af", 10 }, { "skrevet av", 10 }, { "skriven av", 10 },
	{ "this post was written by", 24 }, { "text by", 7 }, { "text von", 8 }, { "texto de", 8 },
	{ "texto", 5 }, { "text:", 5 }, { "tekst:", 6 }, { "veröffentlicht von", 19 },
	{ "verfasst von", 12 }, { "von", 3 }, { "verfasser", 9 }, { "written and edited by", 21 },
	{ "written by", 10 }, { "words by", 8 }, { "yazan", 5 }, { "авторы", 12 }, { "автор", 10 },
	{ "текст:", 11 }, { "作者", 6 }, { "记者", 6 }, { "記者", 6 }, { "文/", 4 }, { "文／", 6 },
	{ "责任编辑", 12 }, { "글", 3 }, { "écrit par", 10 } };

/* The first row of each letter, counted from 1; 0: there is none. Those that begin with other
 * letters stand behind them. */
static const uint8_t first_lead[26] = { ['a' - 'a'] = 1,
	['b' - 'a'] = 21,
	['c' - 'a'] = 26,
	['d' - 'a'] = 28,
	['e' - 'a'] = 31,
	['g' - 'a'] = 37,
	['i' - 'a'] = 41,
	['k' - 'a'] = 42,
	['n' - 'a'] = 43,
	['o' - 'a'] = 44,
	['p' - 'a'] = 45,
	['r' - 'a'] = 54,
	['s' - 'a'] = 61,
	['t' - 'a'] = 68,
	['v' - 'a'] = 75,
	['w' - 'a'] = 79,
	['y' - 'a'] = 82 };
enum { OTHER_LEADS = 82 };

/* What a name follows where it is known that there is one: in links, pictures and boxes. */
static const struct slice labels[] = { { "zeige alle beiträge von", 24 },
	{ "alle beiträge von", 18 }, { "alle artikel von", 16 }, { "alle posts von", 14 },
	{ "view all posts by", 17 }, { "see all posts by", 16 }, { "all posts by", 12 },
	{ "more posts by", 13 }, { "posts by", 8 }, { "voir tous les articles de", 25 },
	{ "articles by", 11 }, { "ver todas las entradas de", 25 }, { "articles de", 11 },
	{ "about the author", 16 }, { "about", 5 }, { "follow", 6 }, { "über den autor", 15 },
	{ "zur person", 10 }, { "meet the author", 15 }, { "meet", 4 }, { "profile photo for", 17 },
	{ "photo of", 8 }, { "avatar of", 9 }, { "picture of", 10 } };

/* Words of what people do, and of agencies; those of names are not among them. */
static const char *const roles[] = { "admin", "agency", "analyst", "assistant", "associate",
	"author", "autor", "autorin", "chief", "chefredakteur", "columnist", "contributing",
	"contributor", "contributors", "copywriter", "correspondent", "desk", "director", "editor",
	"editorial", "editors", "editor-in-chief", "expert", "founder", "freelance", "freelancer",
	"ceo", "cto", "journalist", "journalistin", "koautor", "manager", "marketing", "md", "phd",
	"managing", "news", "newsroom", "online", "politics", "producer", "redacción", "redacteur",
	"redaktion", "redakteur", "redakteurin", "redazione", "rédaction", "reporter", "reporters",
	"review", "senior", "specialist", "staff", "strategist", "support", "team", "volontär",
	"writer", "writers", "member", "moderator", "dpa", "afp", "apa", "reuters", "ap", "sid",
	"kna", "epd" };

/* Where an author stands and none is named. */
static const char *const no_names[] = { "admin", "administrator", "anonym", "anonymous", "anónimo",
	"author", "autor", "autoren", "contact", "copyright", "default", "editor", "email",
	"e-mail", "facebook", "follow", "gast", "guest", "home", "image", "impressum", "instagram",
	"kontakt", "link", "linkedin", "login", "mehr", "more", "n/a", "na", "name", "none", "null",
	"profile", "profil", "published", "root", "share", "superuser", "super user", "test",
	"teilen", "twitter", "undefined", "unknown", "user", "webmaster", "website", "wordpress",
	"wpadmin", "you", "us", "date", "datum", "updated", "posted", "foto", "photo", "video",
	"bio", "read more", "back", "jobs", "settings", "member", "new member", "senior member",
	"moderator", "the top", "publiziert", "veröffentlicht", "geschrieben", "erstellt",
	"written", "publicado", "publié", "submitted", "youtube", "pinterest", "whatsapp", "xing",
	"telegram", "rss", "newsletter", "menu", "subscribe", "username", "password", "comments",
	"kommentare" };

static bool in_list(const char *const *list, size_t n, struct slice word)
{
	for (size_t i = 0; i < n && word.n; i++)
		if ((*word.p | 0x20) == (*list[i] | 0x20) && slice_is_word(word, list[i]))
			return true;
	return false;
}

/* --- leads ------------------------------------------------------------------------------------ */

static const char trimmed[] = " \t\n,;:.|-/*#>\"'";

/* The same letters, of either case: those of the lists are small. */
static bool begins_with(struct slice line, struct slice lead)
{
	while (lead.n) {
		uint32_t c, small;

		if (!line.n)
			return false;
		c = utf8_next(&line);
		small = utf8_next(&lead);
		if (c != small &&
			(c < 0x80 ? (c | 0x20) != small || c < 'A'
				  : u_tolower((UChar32)c) != (UChar32)small))
			return false;
	}
	return true;
}

/* Written next to each other, without space, by elements that have a margin: "ByJane Doe". */
static bool is_joined(struct slice line, size_t n)
{
	return n >= 2 && line.n > n + 1 && line.p[n] >= 'A' && line.p[n] <= 'Z' &&
		((line.p[n - 1] | 0x20) == 'y' || (line.p[n - 1] | 0x20) == 'n') &&
		line.p[n + 1] >= 'a' && line.p[n + 1] <= 'z';
}

static size_t one_lead(struct slice line, const struct slice *list, size_t n_list)
{
	char first, second;

	if (line.n < 2)
		return 0;
	first = (char)(line.p[0] | 0x20);
	second = (char)(line.p[1] | 0x20);
	for (size_t i = 0; i < n_list; i++) {
		const struct slice lead = list[i];
		size_t n = lead.n;
		bool word;

		if ((lead.p[0] | 0x20) != first || (lead.p[1] | 0x20) != second || line.n < n ||
			!begins_with(line, lead))
			continue;
		word = (unsigned char)lead.p[0] < 0xE0 && lead.p[n - 1] != ':' &&
			lead.p[n - 1] != '/';
		if (word && line.n > n && !byte_in(line.p[n], " :\n") && !is_joined(line, n))
			continue;
		while (n < line.n && byte_in(line.p[n], " :\n"))
			n++;
		return n;
	}
	return 0;
}

static size_t one_byline_lead(struct slice line)
{
	char first = (char)(*line.p | 0x20);
	size_t row, end;

	if ((unsigned char)*line.p >= 0x80)
		return one_lead(line, leads + OTHER_LEADS, ARRAY_LEN(leads) - OTHER_LEADS);
	if (first < 'a' || first > 'z' || (row = first_lead[first - 'a']) == 0)
		return 0;
	for (end = row; end < OTHER_LEADS && leads[end].p[0] == first; end++)
		;
	return one_lead(line, leads + row - 1, end - row + 1);
}

/* Whether the first two letters are those of a lead: seven in ten lines end here. */
static bool may_lead(struct slice line)
{
	/* What letters may follow a first one. */
	static const uint32_t seconds[32] = {
		[LETTER_INDEX('a')] = LETTER_BIT('r') | LETTER_BIT('u') | LETTER_BIT('s') |
			LETTER_BIT(' ') | LETTER_BIT('v') | LETTER_BIT('f'),
		[LETTER_INDEX('b')] = LETTER_BIT('e') | LETTER_BIT('l') | LETTER_BIT('y'),
		[LETTER_INDEX('c')] = LETTER_BIT('r') | LETTER_BIT('o'),
		[LETTER_INDEX('d')] = LETTER_BIT('i') | LETTER_BIT('o'),
		[LETTER_INDEX('e')] = LETTER_BIT('i') | LETTER_BIT('r') | LETTER_BIT('s'),
		[LETTER_INDEX('g')] = LETTER_BIT('e'),
		[LETTER_INDEX('i')] = LETTER_BIT('n'),
		[LETTER_INDEX('k')] = LETTER_BIT('o'),
		[LETTER_INDEX('n')] = LETTER_BIT('a'),
		[LETTER_INDEX('o')] = LETTER_BIT('l'),
		[LETTER_INDEX('p')] =
			LETTER_BIT('o') | LETTER_BIT('u') | LETTER_BIT('r') | LETTER_BIT('a'),
		[LETTER_INDEX('r')] = LETTER_BIT('e') | LETTER_BIT(0xC3 /* é */),
		[LETTER_INDEX('s')] =
			LETTER_BIT('t') | LETTER_BIT('u') | LETTER_BIT('c') | LETTER_BIT('k'),
		[LETTER_INDEX('t')] = LETTER_BIT('h') | LETTER_BIT('e'),
		[LETTER_INDEX('v')] = LETTER_BIT('e') | LETTER_BIT('o'),
		[LETTER_INDEX('w')] = LETTER_BIT('r') | LETTER_BIT('o'),
		[LETTER_INDEX('y')] = LETTER_BIT('a'),
	};

	return line.n >= 2 &&
		((unsigned char)*line.p >= 0x80 ||
			seconds[LETTER_INDEX(*line.p)] & LETTER_BIT(line.p[1]));
}

size_t byline_lead(struct slice line)
{
	size_t n = 0, one;

	if (!may_lead(line))
		return 0;
	while (n < line.n && (one = one_byline_lead(slice_skip(line, n))) > 0)
		n += one;
	return n;
}

/* Without leads and labels at the front. */
static struct slice without_leads(struct slice line)
{
	for (size_t n = 1; n > 0 && line.n;) {
		n = byline_lead(line);
		if (n == 0)
			n = one_lead(line, labels, ARRAY_LEN(labels));
		line = slice_skip(line, n);
	}
	return line;
}

/* --- ends ------------------------------------------------------------------------------------- */

/* Where what belongs to the names ends: at marks, numbers and words that lead on to something
 * else. */
static size_t end_of_names(struct slice line)
{
	static const struct slice marks[] = { { "|", 1 }, { "•", 3 }, { "·", 2 }, { "(", 1 },
		{ "[", 1 }, { "<", 1 }, { " - ", 3 }, { " – ", 5 }, { " — ", 5 }, { "…", 3 },
		{ "→", 3 }, { "»", 2 }, { "{", 1 }, { "https:", 6 }, { "http:", 5 }, { "www.", 4 },
		{ "mailto:", 7 }, { " on ", 4 }, { " at ", 4 }, { " in ", 4 }, { " for ", 5 },
		{ " am ", 4 }, { " vom ", 5 }, { " im ", 4 }, { " bei ", 5 }, { " für ", 6 },
		{ " pour ", 6 }, { " via ", 5 }, { " with ", 6 }, { " mit ", 5 }, { " is ", 4 },
		{ " ist ", 5 }, { " has ", 5 }, { " says", 5 }, { " sagt", 5 }, { " wrote", 6 },
		{ " schrieb", 8 }, { " » ", 4 }, { "  ", 2 }, { "@", 1 }, { " from ", 6 },
		{ " updated", 8 }, { " Updated", 8 }, { " Published", 10 }, { " Posted", 7 },
		{ " Last ", 6 }, { " Follow", 7 }, { " Veröffentlicht", 16 }, { " Fotos", 6 },
		{ " Foto:", 6 }, { "eviewed by", 10 }, { "edited by", 9 }, { "Edited by", 9 },
		{ " Illustration", 13 }, { " Bild:", 6 } };
	static const bool begin[256] = { ['|'] = true,
		[0xC2] = true,
		[0xE2] = true,
		['('] = true,
		['['] = true,
		['<'] = true,
		['{'] = true,
		[' '] = true,
		['h'] = true,
		['w'] = true,
		['m'] = true,
		['e'] = true,
		['E'] = true,
		['@'] = true };
	size_t end = line.n;
	struct date_found date;

	for (size_t at = 1; at < line.n; at++) {
		struct slice rest = slice_skip(line, at);

		if (line.p[at - 1] == ' ' && line.p[at] >= '0' && line.p[at] <= '9') {
			end = at;
			break;
		}
		for (size_t i = 0; begin[(unsigned char)*rest.p] && i < ARRAY_LEN(marks); i++)
			if (*rest.p == *marks[i].p && slice_starts(rest, marks[i]))
				end = MIN(end, at);
		if (end < line.n)
			break;
	}
	if (date_read(line, DATE_DAY_FIRST, &date))
		end = MIN(end, date.at);
	return end;
}

/* The length of what stands between two names at the front of s, or 0. */
static size_t between_names(struct slice s)
{
	static const struct slice words[] = { { " and ", 5 }, { " und ", 5 }, { " & ", 3 },
		{ " et ", 4 }, { " y ", 3 }, { " e ", 3 }, { " och ", 5 }, { " og ", 4 },
		{ " en ", 4 }, { " / ", 3 }, { " i ", 3 }, { " и ", 4 }, { " with ", 6 },
		{ " sowie ", 7 }, { " + ", 3 } };

	if (byte_in(*s.p, ",;\n"))
		return 1;
	if ((unsigned char)*s.p == 0xE3 && slice_starts(s, SLICE("、")))
		return 3;
	for (size_t i = 0; *s.p == ' ' && i < ARRAY_LEN(words); i++)
		if (slice_starts(s, words[i]))
			return words[i].n;
	return 0;
}

/* --- one name --------------------------------------------------------------------------------- */

struct shape {
	size_t words, role_words, small_words;
	bool letter; /* there is one */
	bool small; /* the last word begins with a small letter */
	size_t small_at; /* where the small letters at the end begin: "Jane Doe reports" */
};

static const char *const particles[] = { "al", "bin", "da", "de", "del", "den", "der", "di", "do",
	"dos", "du", "el", "ibn", "la", "le", "ten", "ter", "van", "von", "vom", "y", "zu", "zur" };

static struct shape shape_of(struct slice name)
{
	struct shape s = { .small_at = name.n };

	for (size_t at = 0; at < name.n;) {
		struct slice word = slice_skip(name, at), rest;
		uint32_t c;

		word = slice_head(word, slice_find(word, SLICE(" ")));
		if (!word.n) {
			at++;
			continue;
		}
		rest = word;
		c = utf8_next(&rest);
		s.words++;
		s.role_words += in_list(roles, ARRAY_LEN(roles), slice_trim(word, ".,'\""));
		s.small_words +=
			u_islower((UChar32)c) && !in_list(particles, ARRAY_LEN(particles), word);
		if (!u_islower((UChar32)c))
			s.small = false;
		else if (!s.small) {
			s.small = true;
			s.small_at = at;
		}
		for (; !s.letter && (s.letter = u_isalpha((UChar32)c)) == false && rest.n;)
			c = utf8_next(&rest);
		at += word.n;
	}
	return s;
}

/* What is left of "Jun 2". */
static bool is_month(struct slice name)
{
	char word[16];

	if (name.n >= sizeof(word))
		return false;
	for (size_t i = 0; i < name.n; i++)
		word[i] = name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char)(name.p[i] + 32) : name.p[i];
	word[name.n] = '\0';
	return date_month_of(word) > 0;
}

/* Adds the name when it is one; a role on its own is kept as the last resort. */
static void add_name(struct author_names *names, struct slice name)
{
	struct shape s;

	name = slice_trim(name, trimmed);
	name = without_leads(name);
	name = slice_trim(name, trimmed);
	s = shape_of(name);
	/* Small letters all through are a user's name; behind capitals they are no part of it. */
	if (s.small && s.small_at > 0) {
		name = slice_trim(slice_head(name, s.small_at), trimmed);
		s = shape_of(name);
	}
	if (name.n < 2 || name.n > NAME_BYTES || s.words > NAME_WORDS || !s.letter)
		return;
	if (in_list(no_names, ARRAY_LEN(no_names), name) || names->n == AUTHOR_NAMES_MAX ||
		is_month(name))
		return;
	if (s.role_words && (names->n > 0 || s.role_words == s.words)) {
		if (names->n > 0)
			return;
		names->roles_only = true;
	} else if (names->roles_only) {
		names->n = 0;
		names->roles_only = false;
	}
	for (size_t i = 0; i < names->n; i++)
		if (slice_eq(names->name[i], name))
			return;
	names->name[names->n++] = name;
}

static void read_line(struct slice line, struct author_names *names)
{
	size_t begin = 0;

	line = slice_head(line, end_of_names(line));
	for (size_t at = 0; at < line.n;) {
		size_t mark = between_names(slice_skip(line, at));

		if (!mark) {
			at++;
			continue;
		}
		add_name(names, slice_head(slice_skip(line, begin), at - begin));
		at += mark;
		begin = at;
	}
	add_name(names, slice_skip(line, begin));
}

static bool is_address(struct slice text)
{
	return slice_starts(text, SLICE("http:")) || slice_starts(text, SLICE("https:")) ||
		slice_starts(text, SLICE("www.")) || slice_starts(text, SLICE("//"));
}

bool author_looks_like_name(struct slice name)
{
	static const char *const others[] = { "the", "a", "an", "our", "your", "my", "der", "die",
		"das", "den", "dem", "le", "la", "les", "el", "los", "no", "all", "this", "mir" };
	struct shape s = shape_of(name);

	return s.words >= 1 && s.words <= 4 && s.small_words == 0 &&
		!in_list(others, ARRAY_LEN(others), slice_head(name, slice_find(name, SLICE(" "))));
}

void author_names(struct slice text, struct author_names *names)
{
	*names = (struct author_names){ 0 };
	if (is_address(text))
		return;
	text = without_leads(text);
	/* The first line that holds a name; the next one tells what its bearer does. */
	while (text.n && (names->n == 0 || names->roles_only)) {
		struct slice line = slice_take_line(&text);

		line = slice_trim(line, trimmed);
		line = without_leads(line);
		if (line.n)
			read_line(line, names);
		while (names->n && text.n &&
			(byte_in(*text.p, "&,") || slice_starts(text, SLICE("and\n")) ||
				slice_starts(text, SLICE("und\n")))) {
			slice_take_line(&text);
			line = slice_take_line(&text);
			if (line.n)
				read_line(line, names);
		}
	}
}
