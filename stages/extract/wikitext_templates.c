/* The inline templates whose text a reader would miss, and what they show.
 *
 * A template's page is not at hand when another page is read, so this is a table of those that
 * stand in running text most often. Names and arguments are documented on the template's page of
 * the English Wikipedia, https://en.wikipedia.org/wiki/Template:NAME; other wikis share many, and
 * what means something else on each stands behind its language. */
#include "lib/text/utf8.h"
#include "stages/extract/wikitext_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>
#include <unicode/uchar.h>

enum {
	MAX_PARTS = 24,
	LONGEST_NAME = 60, /* bytes */
	LONGEST_LANGUAGE = 20,
	LONGEST_KEY = 24, /* of an argument */
	/* Folding and U+FFFD may lengthen a name. */
	LONGEST_KEY_BYTES = LONGEST_LANGUAGE + 1 + LONGEST_NAME * 3 + UTF8_MAX_BYTES + 1,
};

enum show {
	SHOW_FIRST, /* the first argument, between before and after */
	SHOW_SECOND,
	SHOW_LAST,
	SHOW_TEXT, /* before, whatever the arguments are */
	SHOW_JOINED, /* all of them, before between two */
	SHOW_BLOCK, /* the first as a paragraph of its own */
	SHOW_SIC,
	SHOW_FRACTION,
	SHOW_NIHONGO,
	SHOW_AS_OF,
	SHOW_CONVERT,
	SHOW_VALUE,
	SHOW_UNIT, /* the first, and the second as its unit */
	SHOW_LABEL, /* the second, or else the first */
	SHOW_THIRD,
	SHOW_READING, /* first（second） */
	SHOW_JOINED_END, /* all of them, and after behind the last */
	END_TABLE, /* nothing; the table around it ends */
};

struct rule {
	const char *name; /* lower case; behind a language and a colon: on its wikis alone */
	enum show show;
	const char *before, *after;
};

/* Sorted by name. */
static const struct rule rules[] = {
	{ "!", SHOW_TEXT, "|", NULL },
	{ "'", SHOW_TEXT, "'", NULL },
	{ "'s", SHOW_TEXT, "'s", NULL },
	{ "-", SHOW_TEXT, "-", NULL },
	{ "=", SHOW_TEXT, "=", NULL },
	{ "abbr", SHOW_FIRST, NULL, NULL },
	{ "abbrlink", SHOW_FIRST, NULL, NULL },
	{ "angbr", SHOW_FIRST, "\xe2\x9f\xa8", "\xe2\x9f\xa9" },
	{ "arabic", SHOW_FIRST, NULL, NULL },
	{ "as of", SHOW_AS_OF, NULL, NULL },
	{ "as written", SHOW_JOINED, "", NULL },
	{ "asof", SHOW_AS_OF, NULL, NULL },
	{ "aut", SHOW_FIRST, NULL, NULL },
	{ "big", SHOW_FIRST, NULL, NULL },
	{ "block indent", SHOW_BLOCK, NULL, NULL },
	{ "blockquote", SHOW_BLOCK, NULL, NULL },
	{ "bq", SHOW_BLOCK, NULL, NULL },
	{ "br", SHOW_TEXT, "\x05", NULL },
	{ "break", SHOW_TEXT, "\x05", NULL },
	{ "bull", SHOW_TEXT, " \xe2\x80\xa2 ", NULL },
	{ "c.", SHOW_FIRST, "c. ", NULL },
	{ "center", SHOW_BLOCK, NULL, NULL },
	{ "chem", SHOW_JOINED, "", NULL },
	{ "chem2", SHOW_FIRST, NULL, NULL },
	{ "circa", SHOW_FIRST, "c. ", NULL },
	{ "citation needed span", SHOW_FIRST, NULL, NULL },
	{ "cn span", SHOW_FIRST, NULL, NULL },
	{ "code", SHOW_FIRST, NULL, NULL },
	{ "color", SHOW_SECOND, NULL, NULL },
	{ "colour", SHOW_SECOND, NULL, NULL },
	{ "convert", SHOW_CONVERT, NULL, NULL },
	{ "cquote", SHOW_BLOCK, NULL, NULL },
	{ "cvt", SHOW_CONVERT, NULL, NULL },
	{ "dash", SHOW_TEXT, " \xe2\x80\x93 ", NULL },
	{ "de:\"", SHOW_FIRST, "„", "“" },
	{ "de:ens", SHOW_FIRST, "englisch ", NULL },
	{ "de:frs", SHOW_FIRST, "französisch ", NULL },
	{ "de:grcs", SHOW_FIRST, "altgriechisch ", NULL },
	{ "de:las", SHOW_FIRST, "lateinisch ", NULL },
	{ "de:zitat", SHOW_BLOCK, NULL, NULL },
	{ "de:zitat-en", SHOW_BLOCK, NULL, NULL },
	{ "de:§", SHOW_FIRST, "§ ", NULL },
	{ "dot", SHOW_TEXT, " \xc2\xb7 ", NULL },
	{ "e", SHOW_FIRST,
		"\xc3\x97"
		"10^",
		NULL },
	{ "em", SHOW_FIRST, NULL, NULL },
	{ "em dash", SHOW_TEXT, "\xe2\x80\x94", NULL },
	{ "emdash", SHOW_TEXT, "\xe2\x80\x94", NULL },
	{ "en dash", SHOW_TEXT, "\xe2\x80\x93", NULL },
	{ "end", END_TABLE, NULL, NULL },
	{ "end box", END_TABLE, NULL, NULL },
	{ "endash", SHOW_TEXT, "\xe2\x80\x93", NULL },
	{ "eqm", SHOW_TEXT, "=", NULL },
	{ "es:cita", SHOW_BLOCK, NULL, NULL },
	{ "es:cita requerida", SHOW_FIRST, NULL, NULL },
	{ "es:esd", SHOW_FIRST, NULL, NULL },
	{ "es:siglo", SHOW_FIRST, "siglo ", NULL },
	{ "es:unidad", SHOW_UNIT, NULL, NULL },
	{ "euro", SHOW_FIRST, "\xe2\x82\xac", NULL },
	{ "flag", SHOW_FIRST, NULL, NULL },
	{ "flagcountry", SHOW_FIRST, NULL, NULL },
	{ "flagu", SHOW_FIRST, NULL, NULL },
	{ "fr:-s", SHOW_JOINED_END, "", " siècle av. J.-C." },
	{ "fr:1er", SHOW_TEXT, "1er", NULL },
	{ "fr:1re", SHOW_TEXT, "1re", NULL },
	{ "fr:2e", SHOW_TEXT, "2e", NULL },
	{ "fr:3e", SHOW_TEXT, "3e", NULL },
	{ "fr:abr", SHOW_FIRST, NULL, NULL },
	{ "fr:abréviation", SHOW_FIRST, NULL, NULL },
	{ "fr:citation", SHOW_FIRST, "« ", " »" },
	{ "fr:citation bloc", SHOW_BLOCK, NULL, NULL },
	{ "fr:date", SHOW_JOINED, " ", NULL },
	{ "fr:date-", SHOW_JOINED, " ", NULL },
	{ "fr:exp", SHOW_FIRST, NULL, NULL },
	{ "fr:ier", SHOW_TEXT, "Ier", NULL },
	{ "fr:incise", SHOW_FIRST, "– ", " –" },
	{ "fr:ind", SHOW_FIRST, NULL, NULL },
	{ "fr:ire", SHOW_TEXT, "Ire", NULL },
	{ "fr:japonais", SHOW_NIHONGO, NULL, NULL },
	{ "fr:langue", SHOW_SECOND, NULL, NULL },
	{ "fr:lien", SHOW_FIRST, NULL, NULL },
	{ "fr:nobr romains", SHOW_FIRST, NULL, NULL },
	{ "fr:nombre", SHOW_UNIT, NULL, NULL },
	{ "fr:refnec", SHOW_FIRST, NULL, NULL },
	{ "fr:référence nécessaire", SHOW_FIRST, NULL, NULL },
	{ "fr:s", SHOW_JOINED_END, "", " siècle" },
	{ "fr:s mini-", SHOW_JOINED, "", NULL },
	{ "fr:s-", SHOW_JOINED, "", NULL },
	{ "fr:unité", SHOW_UNIT, NULL, NULL },
	{ "frac", SHOW_FRACTION, NULL, NULL },
	{ "gbp", SHOW_FIRST, "\xc2\xa3", NULL },
	{ "hair space", SHOW_TEXT, " ", NULL },
	{ "hebrew", SHOW_FIRST, NULL, NULL },
	{ "hmas", SHOW_FIRST, "HMAS ", NULL },
	{ "hmcs", SHOW_FIRST, "HMCS ", NULL },
	{ "hms", SHOW_FIRST, "HMS ", NULL },
	{ "ill", SHOW_FIRST, NULL, NULL },
	{ "inr", SHOW_FIRST, "\xe2\x82\xb9", NULL },
	{ "interlanguage link", SHOW_FIRST, NULL, NULL },
	{ "ipa", SHOW_FIRST, NULL, NULL },
	{ "it:citazione", SHOW_BLOCK, NULL, NULL },
	{ "it:citazione necessaria", SHOW_FIRST, NULL, NULL },
	{ "it:m", SHOW_VALUE, NULL, NULL },
	{ "it:senza fonte", SHOW_FIRST, NULL, NULL },
	{ "it:tutto attaccato", SHOW_FIRST, NULL, NULL },
	{ "italic", SHOW_FIRST, NULL, NULL },
	{ "ja:jis2004フォント", SHOW_FIRST, NULL, NULL },
	{ "ja:ruby", SHOW_READING, NULL, NULL },
	{ "ja:ルビ", SHOW_READING, NULL, NULL },
	{ "ja:仮リンク", SHOW_FIRST, NULL, NULL },
	{ "ja:補助漢字フォント", SHOW_FIRST, NULL, NULL },
	{ "ja:要出典範囲", SHOW_FIRST, NULL, NULL },
	{ "ja:読み仮名", SHOW_READING, NULL, NULL },
	{ "ja:読み仮名 ruby不使用", SHOW_READING, NULL, NULL },
	{ "kbd", SHOW_FIRST, NULL, NULL },
	{ "key", SHOW_JOINED, "+", NULL },
	{ "key press", SHOW_JOINED, "+", NULL },
	{ "keypress", SHOW_JOINED, "+", NULL },
	{ "ko:llang", SHOW_SECOND, NULL, NULL },
	{ "ko:인용문", SHOW_BLOCK, NULL, NULL },
	{ "ko:임시링크", SHOW_FIRST, NULL, NULL },
	{ "lang", SHOW_SECOND, NULL, NULL },
	{ "large", SHOW_FIRST, NULL, NULL },
	{ "larger", SHOW_FIRST, NULL, NULL },
	{ "linktext", SHOW_JOINED, " ", NULL },
	{ "math", SHOW_FIRST, NULL, NULL },
	{ "mdash", SHOW_TEXT, "\xe2\x80\x94", NULL },
	{ "middot", SHOW_TEXT, " \xc2\xb7 ", NULL },
	{ "midsize", SHOW_FIRST, NULL, NULL },
	{ "minus", SHOW_TEXT, "\xe2\x88\x92", NULL },
	{ "mono", SHOW_FIRST, NULL, NULL },
	{ "ms", SHOW_FIRST, "MS ", NULL },
	{ "mv", SHOW_FIRST, "MV ", NULL },
	{ "mvar", SHOW_FIRST, NULL, NULL },
	{ "native name", SHOW_SECOND, NULL, NULL },
	{ "nbsp", SHOW_TEXT, " ", NULL },
	{ "ndash", SHOW_TEXT, "\xe2\x80\x93", NULL },
	{ "nihongo", SHOW_NIHONGO, NULL, NULL },
	{ "nl:citaat", SHOW_BLOCK, NULL, NULL },
	{ "no bold", SHOW_FIRST, NULL, NULL },
	{ "no italic", SHOW_FIRST, NULL, NULL },
	{ "no wrap", SHOW_FIRST, NULL, NULL },
	{ "nobold", SHOW_FIRST, NULL, NULL },
	{ "nobr", SHOW_FIRST, NULL, NULL },
	{ "noitalic", SHOW_FIRST, NULL, NULL },
	{ "not a typo", SHOW_JOINED, "", NULL },
	{ "nowrap", SHOW_FIRST, NULL, NULL },
	{ "nts", SHOW_FIRST, NULL, NULL },
	{ "okina", SHOW_TEXT, "\xca\xbb", NULL },
	{ "pi", SHOW_TEXT, "\xcf\x80", NULL },
	{ "pipe", SHOW_TEXT, "|", NULL },
	{ "pl:cytat", SHOW_BLOCK, NULL, NULL },
	{ "pl:fakt", SHOW_FIRST, NULL, NULL },
	{ "pl:link-interwiki", SHOW_FIRST, NULL, NULL },
	{ "plusminus", SHOW_TEXT, "\xc2\xb1", NULL },
	{ "poem quote", SHOW_BLOCK, NULL, NULL },
	{ "poemquote", SHOW_BLOCK, NULL, NULL },
	{ "polytonic", SHOW_FIRST, NULL, NULL },
	{ "pt:citação", SHOW_BLOCK, NULL, NULL },
	{ "pt:citação necessária", SHOW_FIRST, NULL, NULL },
	{ "pt:dtext", SHOW_JOINED, " de ", NULL },
	{ "pt:fmtn", SHOW_UNIT, NULL, NULL },
	{ "pt:ilc", SHOW_FIRST, NULL, NULL },
	{ "pt:séc", SHOW_FIRST, "século ", NULL },
	{ "quotation", SHOW_BLOCK, NULL, NULL },
	{ "quote", SHOW_BLOCK, NULL, NULL },
	{ "railgauge", SHOW_FIRST, NULL, NULL },
	{ "resize", SHOW_LAST, NULL, NULL },
	{ "respell", SHOW_JOINED, "-", NULL },
	{ "rms", SHOW_FIRST, "RMS ", NULL },
	{ "rtl-lang", SHOW_SECOND, NULL, NULL },
	{ "ru:comment", SHOW_FIRST, NULL, NULL },
	{ "ru:s", SHOW_FIRST, NULL, NULL },
	{ "ru:не переведено", SHOW_LABEL, NULL, NULL },
	{ "ru:не переведено 3", SHOW_LABEL, NULL, NULL },
	{ "ru:не переведено 5", SHOW_LABEL, NULL, NULL },
	{ "ru:нп", SHOW_LABEL, NULL, NULL },
	{ "ru:нп3", SHOW_LABEL, NULL, NULL },
	{ "ru:нп5", SHOW_LABEL, NULL, NULL },
	{ "ru:цитата", SHOW_BLOCK, NULL, NULL },
	{ "s-end", END_TABLE, NULL, NULL },
	{ "samp", SHOW_FIRST, NULL, NULL },
	{ "sc", SHOW_FIRST, NULL, NULL },
	{ "script", SHOW_SECOND, NULL, NULL },
	{ "sfrac", SHOW_FRACTION, NULL, NULL },
	{ "ship", SHOW_JOINED, " ", NULL },
	{ "sic", SHOW_SIC, NULL, NULL },
	{ "sigfig", SHOW_FIRST, NULL, NULL },
	{ "small", SHOW_FIRST, NULL, NULL },
	{ "smallcaps", SHOW_FIRST, NULL, NULL },
	{ "smaller", SHOW_FIRST, NULL, NULL },
	{ "sms", SHOW_FIRST, "SMS ", NULL },
	{ "snd", SHOW_TEXT, " \xe2\x80\x93 ", NULL },
	{ "sortname", SHOW_JOINED, " ", NULL },
	{ "spaced en dash", SHOW_TEXT, " \xe2\x80\x93 ", NULL },
	{ "spaced ndash", SHOW_TEXT, " \xe2\x80\x93 ", NULL },
	{ "spaces", SHOW_TEXT, " ", NULL },
	{ "spnd", SHOW_TEXT, " \xe2\x80\x93 ", NULL },
	{ "ss", SHOW_FIRST, "SS ", NULL },
	{ "strong", SHOW_FIRST, NULL, NULL },
	{ "sub", SHOW_FIRST, NULL, NULL },
	{ "sv:citat", SHOW_BLOCK, NULL, NULL },
	{ "sv:språk", SHOW_SECOND, NULL, NULL },
	{ "table end", END_TABLE, NULL, NULL },
	{ "thin space", SHOW_TEXT, " ", NULL },
	{ "thinsp", SHOW_TEXT, " ", NULL },
	{ "times", SHOW_TEXT, "\xc3\x97", NULL },
	{ "tooltip", SHOW_FIRST, NULL, NULL },
	{ "transl", SHOW_LAST, NULL, NULL },
	{ "transliteration", SHOW_LAST, NULL, NULL },
	{ "tt", SHOW_FIRST, NULL, NULL },
	{ "uk:не перекладено", SHOW_LABEL, NULL, NULL },
	{ "uk:нп", SHOW_LABEL, NULL, NULL },
	{ "uk:нп5", SHOW_LABEL, NULL, NULL },
	{ "uk:цитата", SHOW_BLOCK, NULL, NULL },
	{ "unicode", SHOW_FIRST, NULL, NULL },
	{ "us$", SHOW_FIRST, "US$", NULL },
	{ "usd", SHOW_FIRST, "US$", NULL },
	{ "uss", SHOW_FIRST, "USS ", NULL },
	{ "val", SHOW_VALUE, NULL, NULL },
	{ "vanchor", SHOW_FIRST, NULL, NULL },
	{ "var", SHOW_FIRST, NULL, NULL },
	{ "visible anchor", SHOW_FIRST, NULL, NULL },
	{ "vr", SHOW_FIRST, NULL, NULL },
	{ "wikt-lang", SHOW_SECOND, NULL, NULL },
	{ "zh:le", SHOW_FIRST, NULL, NULL },
	{ "zh:link-de", SHOW_FIRST, NULL, NULL },
	{ "zh:link-en", SHOW_FIRST, NULL, NULL },
	{ "zh:link-fr", SHOW_FIRST, NULL, NULL },
	{ "zh:link-ja", SHOW_FIRST, NULL, NULL },
	{ "zh:link-ru", SHOW_FIRST, NULL, NULL },
	{ "zh:tsl", SHOW_THIRD, NULL, NULL },
	{ "zh:僻字", SHOW_FIRST, NULL, NULL },
};

/* What stands between the braces: name|first|second|key=value. Arguments are kept as they stand, a
 * numbered one ("2=x") at its number. */
struct parts {
	struct slice at[MAX_PARTS]; /* from 1 */
	size_t n; /* the highest number that is there */
	struct slice text; /* of text= or quote= */
	struct slice unit; /* of u= or ul= */
};

static int compare(const void *key, const void *row)
{
	return strcmp(key, ((const struct rule *)row)->name);
}

/* "LANGUAGE:name" of the template, folded, with spaces for _; *name is the part behind the colon.
 * False when no rule's is as long. */
static bool template_key(
	struct slice content, struct slice language, char key[LONGEST_KEY_BYTES], const char **name)
{
	const char *sep = content.n ? memchr(content.p, MARK_SEP, content.n) : NULL;
	struct slice s = content;
	size_t n = MIN(language.n, (size_t)LONGEST_LANGUAGE);

	if (sep)
		s.n = (size_t)(sep - content.p);
	s = wiki_trim(s);
	if (s.n == 0 || s.n >= LONGEST_NAME)
		return false;
	memcpy(key, language.p ? language.p : "", n);
	key[n++] = ':';
	*name = key + n;
	while (s.n) {
		uint32_t c = utf8_next(&s);

		c = c == '_'	   ? ' '
			: c < 0x80 ? (uint32_t)tolower((int)c)
				   : (uint32_t)u_foldCase((UChar32)c, 0);
		n += utf8_put(key + n, c);
	}
	key[n] = '\0';
	return true;
}

/* Names that stand for many: lang-de, script/Hebrew. */
static const struct rule *family(const char *name)
{
	static const struct rule first = { "", SHOW_FIRST, NULL, NULL };

	if (strncmp(name, "lang-", 5) == 0 || strncmp(name, "script/", 7) == 0)
		return &first;
	return NULL;
}

static const struct rule *find_rule(struct slice content, struct slice language)
{
	char key[LONGEST_KEY_BYTES];
	const char *name;
	const struct rule *hit;

	if (!template_key(content, language, key, &name))
		return NULL;
	hit = bsearch(key, rules, ARRAY_LEN(rules), sizeof(rules[0]), compare);
	if (!hit)
		hit = bsearch(name, rules, ARRAY_LEN(rules), sizeof(rules[0]), compare);
	return hit ? hit : family(name);
}

/* The key before =, when the part begins with one. */
static bool split_key(struct slice part, struct slice *key, struct slice *value)
{
	struct slice head = slice_head(part, LONGEST_KEY + 16);
	const char *equals = head.n ? memchr(head.p, '=', head.n) : NULL;

	if (!equals)
		return false;
	head.n = (size_t)(equals - head.p);
	if (head.n && (memchr(head.p, MARK_TEXT, head.n) || memchr(head.p, MARK_RAW, head.n)))
		return false;
	*key = wiki_trim(head);
	*value = wiki_trim(slice_skip(part, head.n + 1));
	return key->n <= LONGEST_KEY;
}

static void named_part(struct parts *parts, struct slice key, struct slice value)
{
	bool number = key.n == 1 && isdigit((unsigned char)key.p[0]) && key.p[0] != '0';

	if (number) {
		size_t i = (size_t)(key.p[0] - '0');

		parts->at[i] = value;
		parts->n = MAX(parts->n, i);
	} else if (slice_eq(key, SLICE("text")) || slice_eq(key, SLICE("quote"))) {
		parts->text = value;
	} else if (slice_eq(key, SLICE("u")) || slice_eq(key, SLICE("ul"))) {
		parts->unit = value;
	}
}

static void split_parts(struct slice content, struct parts *parts)
{
	size_t position = 0;
	const char *sep = content.n ? memchr(content.p, MARK_SEP, content.n) : NULL;

	while (sep) {
		struct slice part, key, value;

		content = slice_skip(content, (size_t)(sep + 1 - content.p));
		sep = content.n ? memchr(content.p, MARK_SEP, content.n) : NULL;
		part = sep ? slice_head(content, (size_t)(sep - content.p)) : content;
		if (split_key(part, &key, &value)) {
			named_part(parts, key, value);
		} else if (++position < MAX_PARTS) {
			parts->at[position] = wiki_trim(part);
			parts->n = MAX(parts->n, position);
		}
	}
}

static bool one_of(struct slice s, const char *const *words)
{
	for (; *words; words++)
		if (slice_eq(s, slice_str(*words)))
			return true;
	return false;
}

/* A unit's code as it is written: km2 is km². */
static void put_unit(struct buf *out, struct slice unit)
{
	char last = unit.n ? unit.p[unit.n - 1] : '\0';

	if (unit.n > 1 && (last == '2' || last == '3')) {
		buf_append(out, unit.p, unit.n - 1);
		buf_str(out, last == '2' ? "\xc2\xb2" : "\xc2\xb3");
	} else if (slice_starts(unit, SLICE("sq")) && unit.n > 3 && unit.p[2] != ' ') {
		buf_str(out, "sq ");
		buf_slice(out, slice_skip(unit, 2));
	} else {
		buf_slice(out, unit);
	}
}

/* The value in its own unit, without the converted one: 5|to|10|km, 6|ft|2|in. */
static void show_convert(const struct parts *p, struct buf *out)
{
	static const char *const dashes[] = { "-", "\xe2\x80\x93", "to(-)", NULL };
	static const char *const words[] = { "to", "and", "by", "or", "x", "*", "\xc3\x97", "+/-",
		"and(-)", "to about", NULL };
	size_t i = 2;

	buf_slice(out, p->at[1]);
	for (; i + 1 <= p->n; i += 2) {
		if (one_of(p->at[i], dashes))
			buf_str(out, "\xe2\x80\x93");
		else if (one_of(p->at[i], words))
			buf_byte(out, ' ');
		else
			break;
		if (out->p[out->n - 1] == ' ') {
			buf_slice(out, p->at[i]);
			buf_byte(out, ' ');
		}
		buf_slice(out, p->at[i + 1]);
	}
	buf_byte(out, ' ');
	put_unit(out, p->at[i]);
	if (i + 2 <= p->n && p->at[i + 1].n && isdigit((unsigned char)p->at[i + 1].p[0])) {
		buf_byte(out, ' ');
		buf_slice(out, p->at[i + 1]);
		buf_byte(out, ' ');
		put_unit(out, p->at[i + 2]);
	}
}

static void show_as_of(const struct parts *p, struct buf *out)
{
	static const char *const months[] = { "January", "February", "March", "April", "May",
		"June", "July", "August", "September", "October", "November", "December" };
	unsigned month = 0;

	for (size_t i = 0; i < p->at[2].n && i < 2; i++)
		month = month * 10 + (unsigned)(p->at[2].p[i] - '0');
	buf_str(out, "As of ");
	if (p->at[3].n) {
		buf_slice(out, p->at[3]);
		buf_byte(out, ' ');
	}
	if (month >= 1 && month <= 12) {
		buf_str(out, months[month - 1]);
		buf_byte(out, ' ');
	}
	buf_slice(out, p->at[1]);
}

/* English (kanji, romaji). */
static void show_nihongo(const struct parts *p, struct buf *out)
{
	buf_slice(out, p->at[1]);
	if (!p->at[2].n && !p->at[3].n)
		return;
	buf_str(out, p->at[1].n ? " (" : "(");
	buf_slice(out, p->at[2]);
	if (p->at[2].n && p->at[3].n)
		buf_str(out, ", ");
	buf_slice(out, p->at[3]);
	buf_byte(out, ')');
}

/* 1/2, or with three numbers 3 1/2; of one, the denominator. */
static void show_fraction(const struct parts *p, struct buf *out)
{
	size_t i = p->n == 3 ? 2 : 1;

	if (p->n == 3) {
		buf_slice(out, p->at[1]);
		buf_byte(out, ' ');
	}
	if (p->n == 1)
		buf_byte(out, '1');
	else
		buf_slice(out, p->at[i++]);
	buf_byte(out, '/');
	buf_slice(out, p->at[i]);
}

static void show_joined(const struct parts *p, const char *between, struct buf *out)
{
	for (size_t i = 1; i <= p->n; i++) {
		if (i > 1 && p->at[i].n)
			buf_str(out, between);
		buf_slice(out, p->at[i]);
	}
}

static void show_value(const struct parts *p, struct buf *out)
{
	buf_slice(out, p->at[1]);
	if (p->unit.n) {
		buf_byte(out, ' ');
		put_unit(out, p->unit);
	}
}

static void show_unit(const struct parts *p, struct buf *out)
{
	buf_slice(out, p->at[1]);
	if (p->at[2].n) {
		buf_byte(out, ' ');
		put_unit(out, p->at[2]);
	}
}

static void show_reading(const struct parts *p, struct buf *out)
{
	buf_slice(out, p->at[1]);
	if (p->at[2].n) {
		buf_str(out, "（");
		buf_slice(out, p->at[2]);
		buf_str(out, "）");
	}
}

static void show_between(const struct rule *rule, struct slice s, struct buf *out)
{
	if (rule->before)
		buf_str(out, rule->before);
	buf_slice(out, s);
	if (rule->after)
		buf_str(out, rule->after);
}

static void show(const struct rule *rule, const struct parts *p, struct buf *out)
{
	struct slice first = p->n && p->at[1].n ? p->at[1] : p->text;

	switch (rule->show) {
	case SHOW_FIRST: show_between(rule, first, out); break;
	case SHOW_SECOND: show_between(rule, p->at[2], out); break;
	case SHOW_LAST: show_between(rule, p->at[p->n], out); break;
	case SHOW_TEXT: buf_str(out, rule->before); break;
	case SHOW_JOINED: show_joined(p, rule->before, out); break;
	case SHOW_BLOCK:
		buf_str(out, "\n\n");
		buf_slice(out, first);
		buf_str(out, "\n\n");
		break;
	case SHOW_SIC:
		buf_slice(out, first);
		buf_str(out, first.n ? " [sic]" : "[sic]");
		break;
	case SHOW_FRACTION: show_fraction(p, out); break;
	case SHOW_NIHONGO: show_nihongo(p, out); break;
	case SHOW_AS_OF: show_as_of(p, out); break;
	case SHOW_CONVERT: show_convert(p, out); break;
	case SHOW_VALUE: show_value(p, out); break;
	case SHOW_UNIT: show_unit(p, out); break;
	case SHOW_LABEL: buf_slice(out, p->at[2].n ? p->at[2] : first); break;
	case SHOW_THIRD: buf_slice(out, p->at[3]); break;
	case SHOW_READING: show_reading(p, out); break;
	case SHOW_JOINED_END:
		show_joined(p, rule->before, out);
		buf_str(out, rule->after);
		break;
	case END_TABLE: break;
	}
}

/* {{formatnum:1234}} and other functions of the parser that show their argument. */
static bool show_function(struct slice content, struct buf *out)
{
	static const char *const functions[] = {
		"formatnum:", "lc:", "uc:", "lcfirst:", "ucfirst:"
	};

	content = wiki_trim(content);
	for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
		size_t n = strlen(functions[i]);
		const char *sep;

		if (content.n < n || strncasecmp(content.p, functions[i], n) != 0)
			continue;
		content = slice_skip(content, n);
		sep = content.n ? memchr(content.p, MARK_SEP, content.n) : NULL;
		buf_slice(out, sep ? slice_head(content, (size_t)(sep - content.p)) : content);
		return true;
	}
	return false;
}

bool wiki_template_expand(struct slice content, struct slice language, struct buf *out)
{
	const struct rule *rule = find_rule(content, language);
	struct parts parts = { .n = 0 };

	if (!rule)
		return show_function(content, out);
	split_parts(content, &parts);
	show(rule, &parts, out);
	return out->n > 0;
}

bool wiki_template_ends_table(struct slice content, struct slice language)
{
	const struct rule *rule = find_rule(content, language);

	return rule && rule->show == END_TABLE;
}
