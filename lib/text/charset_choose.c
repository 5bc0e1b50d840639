/* The encoding of a text: by its first bytes, by what is said of it, by what bytes are likely. */
#include "lib/text/charset.h"

#include "lib/text/charset_table.h"
#include "lib/text/utf8.h"

#include <unicode/ucsdet.h>

enum {
	SAMPLE = 64 * 1024, /* bytes that the detector looks at */
	ENOUGH = 3, /* characters of UTF-8 that are no accident */
	HINT_WEIGHT = 40, /* of a language, in the detector's 100 points of confidence */
	SURE = 50, /* confidence against which the language's word does not stand */
};

static const struct charset *by_name(const char *name)
{
	return charset_of_label(slice_str(name));
}

static bool is_utf16(const struct charset *c)
{
	return c && strncmp(c->name, "UTF-16", 6) == 0;
}

/* In seven bits, so that valid UTF-8 says nothing against it. */
static bool is_seven_bit(const struct charset *c)
{
	return c && (strncmp(c->name, "ISO-2022", 8) == 0 || strncmp(c->name, "HZ", 2) == 0);
}

/* --- marks ------------------------------------------------------------------------------------ */

static bool byte_order_mark(struct slice bytes, struct charset_choice *choice)
{
	static const struct {
		struct slice mark;
		const char *name;
	} marks[] = {
		{ { "\xEF\xBB\xBF", 3 }, "utf-8" },
		{ { "\xFE\xFF", 2 }, "utf-16be" },
		{ { "\xFF\xFE", 2 }, "utf-16le" },
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (slice_starts(bytes, marks[i].mark)) {
			choice->charset = by_name(marks[i].name);
			choice->bom = marks[i].mark.n;
			return true;
		}
	return false;
}

/* UTF-16 without a mark shows by its markup: of two bytes, one is NUL. In no other encoding half of
 * the bytes at even or odd places are. */
static const struct charset *seen_utf16(struct slice bytes)
{
	struct slice head = slice_head(bytes, 4096);
	size_t nuls[2] = { 0 }, half = head.n / 2;

	for (size_t i = 0; i < head.n; i++)
		nuls[i & 1] += head.p[i] == '\0';
	if (half < 4 || (nuls[0] * 2 < half && nuls[1] * 2 < half))
		return NULL;
	if (nuls[0] * 8 > half && nuls[1] * 8 > half)
		return NULL; /* binary, or 32 bits a character */
	return by_name(nuls[0] > nuls[1] ? "utf-16be" : "utf-16le");
}

/* --- languages -------------------------------------------------------------------------------- */

/* The encodings that a language was written in on the Web, the usual one first: HTML Standard,
 * 13.2.3.2, the table of defaults by locale, and the others that the detector knows of the same
 * script. Countries by top-level domain. */
static const struct {
	const char *languages, *countries, *charsets;
} hints[] = {
	{ " ar fa ur ps ug ", " ae bh dz eg iq ir jo kw lb ly ma om pk qa sa sd sy tn ye ",
		" windows-1256 ISO-8859-6 " },
	{ " ru be bg mk sr kk ky mn tt ba tg uk sah cv os ", " ru su by bg mk kz kg mn ua ",
		" windows-1251 KOI8-R KOI8-U ISO-8859-5 IBM866 " },
	{ " cs sk hr sl pl hu ro bs sq hsb dsb ", " cz sk hr si pl hu ro ba al ",
		" ISO-8859-2 windows-1250 " },
	{ " el ", " gr cy ", " ISO-8859-7 windows-1253 " },
	{ " et lt lv ", " ee lt lv ", " windows-1257 " },
	{ " he yi ", " il ", " ISO-8859-8 windows-1255 " },
	{ " ja ", " jp ", " Shift_JIS EUC-JP ISO-2022-JP " },
	{ " ko ", " kr ", " EUC-KR ISO-2022-KR " },
	{ " th ", " th ", " windows-874 " },
	{ " tr az ku ", " tr az ", " windows-1254 " },
	{ " vi ", " vn ", " windows-1258 " },
	{ " zh-tw zh-hk zh-mo zh-hant ", " tw hk mo ", " Big5 " },
	{ " zh zh-cn zh-sg zh-hans ", " cn sg ", " GBK gb18030 ISO-2022-CN HZ-GB-2312 " },
};

static bool listed(const char *list, struct slice word)
{
	char key[16] = " ";

	if (!word.n || word.n > sizeof(key) - 3)
		return false;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.p[i] == '_' ? '-' : word.p[i];

		key[i + 1] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	key[word.n + 1] = ' ';
	return strstr(list, key) != NULL;
}

static size_t until(struct slice s, const char *set)
{
	size_t n = 0;

	while (n < s.n && !byte_in(s.p[n], set))
		n++;
	return n;
}

/* The last label of a URL's host. */
static struct slice country_of(struct slice url)
{
	size_t scheme = slice_find(url, SLICE("://"));
	struct slice host;

	if (scheme == url.n)
		return (struct slice){ 0 };
	host = slice_skip(url, scheme + 3);
	host = slice_head(host, until(host, ":/?#"));
	for (size_t i = host.n; i > 0; i--)
		if (host.p[i - 1] == '.')
			return slice_skip(host, i);
	return (struct slice){ 0 };
}

/* The encodings of a language or of a country, or NULL. The page's word counts before its place;
 * zh-TW before zh. */
static const char *hinted(struct slice language, struct slice url)
{
	struct slice country = country_of(url);
	struct slice plain = slice_head(language, until(language, "-_"));

	for (size_t i = 0; i < ARRAY_LEN(hints); i++)
		if (listed(hints[i].languages, language))
			return hints[i].charsets;
	for (size_t i = 0; i < ARRAY_LEN(hints); i++)
		if (listed(hints[i].languages, plain))
			return hints[i].charsets;
	for (size_t i = 0; i < ARRAY_LEN(hints); i++)
		if (listed(hints[i].countries, country))
			return hints[i].charsets;
	return NULL;
}

/* --- the detector ----------------------------------------------------------------------------- */

static bool holds_any(struct slice bytes, const char *set)
{
	for (size_t i = 0; i < bytes.n; i++)
		if (byte_in(bytes.p[i], set))
			return true;
	return false;
}

/* How many of the bytes beyond ASCII are no character, or a control character that no text
 * holds. */
static size_t odd_bytes(const struct charset *c, struct slice bytes, size_t *high)
{
	size_t odd = 0;

	*high = 0;
	for (size_t i = 0; c->high && i < bytes.n; i++) {
		unsigned char b = (unsigned char)bytes.p[i];

		if (b < 0x80)
			continue;
		++*high;
		odd += c->high[b - 0x80] < 0xA0;
	}
	return odd;
}

static bool has_controls(const struct charset *c, struct slice bytes)
{
	size_t high;

	return odd_bytes(c, bytes, &high) > 0;
}

/* The detector knows the older of two encodings, or calls both by one name. */
static const struct charset *refined(const struct charset *c, struct slice bytes)
{
	static const struct {
		const char *known, *other;
		const char *letters; /* that tell the other; NULL: what the known one has not */
	} pairs[] = {
		{ "ISO-8859-2", "windows-1250", NULL },
		{ "ISO-8859-6", "windows-1256", NULL },
		{ "ISO-8859-7", "windows-1253", NULL },
		{ "ISO-8859-8", "windows-1255", NULL },
		{ "ISO-8859-8-I", "windows-1255", NULL },
		{ "KOI8-R", "KOI8-U", "\xA4\xA6\xA7\xAD\xB4\xB6\xB7\xBD" },
	};

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		if (strcmp(c->name, pairs[i].known) == 0 &&
			(pairs[i].letters ? holds_any(bytes, pairs[i].letters)
					  : has_controls(c, bytes)))
			return by_name(pairs[i].other);
	/* ł is Polish in both, and Polish has no š, which is ISO's reading of ą. */
	if (strcmp(c->name, "ISO-8859-2") == 0 && holds_any(bytes, "\xB3") &&
		holds_any(bytes, "\xB9"))
		return by_name("windows-1250");
	return c;
}

/* Hardly a byte may be no character. */
static bool is_possible(const struct charset *c, struct slice bytes)
{
	size_t high, odd = odd_bytes(c, bytes, &high);

	return odd * 50 <= high;
}

/* What a language is usually written in. */
static const struct charset *usual(const char *list)
{
	struct slice name = slice_trim(slice_str(list), " ");

	return charset_of_label(slice_head(name, until(name, " ")));
}

/* The best of what ICU's statistics offer, with more weight for what the language is written in;
 * when they are sure of nothing, the language's word alone. */
static const struct charset *best_match(
	const UCharsetMatch **matches, int32_t n, const char *list, struct slice bytes)
{
	const struct charset *best = NULL;
	int32_t best_score = -1;

	for (int32_t i = 0; i < n; i++) {
		UErrorCode status = U_ZERO_ERROR;
		const char *name = ucsdet_getName(matches[i], &status);
		int32_t score = ucsdet_getConfidence(matches[i], &status);
		const struct charset *c = name ? by_name(name) : NULL;

		if (U_FAILURE(status) || !c || is_utf16(c))
			continue;
		c = refined(c, bytes);
		if (!is_possible(c, bytes))
			continue;
		if (list && strstr(list, c->name))
			score += HINT_WEIGHT;
		if (score > best_score) {
			best_score = score;
			best = c;
		}
	}
	return list && best_score < SURE ? refined(usual(list), bytes) : best;
}

/* Some encodings ICU has no statistics for: then the language's word is taken. */
static const struct charset *unknown_to_detector(const char *list)
{
	static const char *const names[] = { "windows-1257", "windows-874", "windows-1258" };

	for (size_t i = 0; list && i < ARRAY_LEN(names); i++)
		if (strstr(list, names[i]))
			return by_name(names[i]);
	return NULL;
}

static bool begins_code(struct slice tag)
{
	return tag.n > 7 &&
		(strncasecmp(tag.p, "<script", 7) == 0 || strncasecmp(tag.p, "<style", 6) == 0);
}

/* What stands between tags, scripts and style sheets aside: names of elements and code are English
 * in any language. (ICU's own filter does nothing on pages of few tags.) */
static void strip_markup(struct slice bytes, struct buf *out)
{
	while (bytes.n && out->n < SAMPLE) {
		const char *lt = memchr(bytes.p, '<', bytes.n), *end;
		size_t n = lt ? (size_t)(lt - bytes.p) : bytes.n;

		buf_slice(out, slice_head(bytes, MIN(n, SAMPLE - out->n)));
		bytes = slice_skip(bytes, n);
		if (begins_code(bytes))
			bytes = slice_skip(
				bytes, 1 + slice_find(slice_skip(bytes, 1), SLICE("</s")));
		end = bytes.n ? memchr(bytes.p, '>', bytes.n) : NULL;
		bytes = slice_skip(bytes, end ? (size_t)(end - bytes.p) + 1 : bytes.n);
	}
}

/* The detector looks at the first bytes alone, so a text whose head is ASCII is given from its
 * first byte beyond ASCII. In seven bits a "<" may be half of a character. */
static const struct charset *detect(struct slice bytes, bool html, const char *list)
{
	UErrorCode status = U_ZERO_ERROR;
	UCharsetDetector *detector = ucsdet_open(&status);
	size_t ascii = charset_ascii_run(bytes);
	struct slice sample = slice_skip(bytes, ascii > 256 ? ascii - 256 : 0);
	const UCharsetMatch **matches;
	const struct charset *c = NULL;
	struct buf text = { 0 };
	int32_t n = 0;

	if (html && ascii < bytes.n) {
		strip_markup(sample, &text);
		sample = buf_view(&text);
	}
	sample = slice_head(sample, SAMPLE);
	ucsdet_setText(detector, sample.p, (int32_t)sample.n, &status);
	matches = ucsdet_detectAll(detector, &n, &status);
	if (U_SUCCESS(status))
		c = best_match(matches, n, list, sample);
	ucsdet_close(detector);
	buf_release(&text);
	return c;
}

/* --- the choice ------------------------------------------------------------------------------- */

static bool enough_utf8(struct slice bytes)
{
	size_t seen = 0;

	while (bytes.n && seen < ENOUGH) {
		bytes = slice_skip(bytes, charset_ascii_run(bytes));
		while (bytes.n && bytes.p[0] & 0x80 && seen < ENOUGH) {
			utf8_next(&bytes);
			seen++;
		}
	}
	return seen >= ENOUGH;
}

/* Valid UTF-8 with enough beyond ASCII, or nothing beyond it that another encoding explains. */
static bool is_utf8(struct slice bytes, const struct charset *const declared[2])
{
	if (enough_utf8(bytes))
		return true;
	return charset_ascii_run(bytes) == bytes.n && !memchr(bytes.p, 0x1B, bytes.n) &&
		!is_seven_bit(declared[0]) && !is_seven_bit(declared[1]);
}

static const struct charset *undeclared(struct slice bytes, bool html, const char *list)
{
	const struct charset *c = unknown_to_detector(list);

	return c ? c : detect(bytes, html, list);
}

static const struct charset *declared_or_detected(struct slice bytes,
	const struct charset *const declared[2], bool valid, bool html, const char *list)
{
	struct utf8_count count = valid ? (struct utf8_count){ 0 } : utf8_count(bytes);
	bool plausible = count.good >= count.bad;
	const struct charset *c;

	for (size_t i = 0; i < 2; i++)
		if (declared[i] && (declared[i] != charset_rows || plausible))
			return declared[i];
	if (valid && charset_ascii_run(bytes) < bytes.n)
		return charset_rows;
	c = undeclared(bytes, html, list);
	return c && (c != charset_rows || plausible) ? c : by_name("windows-1252");
}

struct charset_choice charset_choose_page(
	struct slice bytes, struct slice label, struct slice url, bool html)
{
	struct charset_choice choice = { .charset = charset_rows };
	const struct charset *declared[2] = { charset_of_label(label), NULL };
	struct charset_declared by_page = { 0 };
	const struct charset *wide;

	if (byte_order_mark(bytes, &choice))
		return choice;
	wide = seen_utf16(bytes);
	if (wide) {
		choice.charset = is_utf16(declared[0]) ? declared[0] : wide;
		return choice;
	}
	if (is_utf16(declared[0])) /* a label that every second byte denies */
		declared[0] = NULL;
	choice.valid = utf8_valid(bytes);
	if (choice.valid && !is_seven_bit(declared[0]) && enough_utf8(bytes))
		return choice;
	if (html)
		by_page = charset_declared(bytes);
	declared[1] = is_utf16(by_page.charset) ? charset_rows : by_page.charset;
	if (choice.valid && is_utf8(bytes, declared))
		return choice;
	choice.charset = declared_or_detected(
		bytes, declared, choice.valid, html, hinted(by_page.language, url));
	return choice;
}

struct charset_choice charset_choose(struct slice bytes, struct slice label, bool html)
{
	return charset_choose_page(bytes, label, (struct slice){ 0 }, html);
}
