/* Reads dates by a scan over the numbers and words of a text. */
#include "stages/extract/dates.h"

#include "lib/text/utf8.h"

#include <stdio.h>
#include <unicode/uchar.h>

enum { TEXT_MAX = 400, WORD_MAX = 40 };

/* One number or word of the text. */
struct token {
	size_t at, end; /* its bytes */
	unsigned value; /* of a number of up to 8 digits */
	unsigned digits; /* of a number; 0: a word */
	unsigned month; /* that the word names; 0: none */
	char before; /* the byte in front of it, ' ' for none */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The digit that c is in any script, or -1. */
static int digit_of(uint32_t c)
{
	if (c < 0x80)
		return c >= '0' && c <= '9' ? (int)c - '0' : -1;
	return u_charDigitValue((UChar32)c);
}

/* Letters, and marks, which Indic and Thai words are full of. */
static bool is_letter(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return (U_GET_GC_MASK((UChar32)c) & (U_GC_L_MASK | U_GC_M_MASK)) != 0;
}

/* Chinese characters and Hangul syllables, which stand without spaces, are words by themselves. */
static bool is_east_asian(uint32_t c)
{
	return c >= 0x3000 && c < 0xFB00;
}

static void read_number(struct slice text, struct token *t)
{
	size_t n = 0;

	for (struct slice rest = text; rest.n; n = text.n - rest.n) {
		int d = digit_of(utf8_next(&rest));

		if (d < 0)
			break;
		if (t->digits++ < 8)
			t->value = t->value * 10 + (unsigned)d;
	}
	t->end = t->at + n;
}

static uint32_t small(uint32_t c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 0x20 : c;
	return (uint32_t)u_tolower((UChar32)c);
}

static void read_word(struct slice text, struct token *t)
{
	char word[WORD_MAX + UTF8_MAX_BYTES + 1];
	size_t n = 0, in_word = 0;

	for (struct slice rest = text; rest.n; n = text.n - rest.n) {
		uint32_t c = utf8_next(&rest);

		if (!is_letter(c) || (n > 0 && is_east_asian(c)))
			break;
		if (in_word < WORD_MAX)
			in_word += utf8_put(word + in_word, small(c));
		if (is_east_asian(c)) {
			n = text.n - rest.n;
			break;
		}
	}
	word[in_word] = '\0';
	t->end = t->at + n;
	t->month = in_word < WORD_MAX ? date_month_of(word) : 0;
}

/* Takes the next number or word at or behind *at. */
static bool next_token(struct slice text, size_t *at, struct token *t)
{
	while (*at < text.n) {
		struct slice rest = slice_skip(text, *at);
		struct slice here = rest;
		uint32_t c = utf8_next(&rest);

		*t = (struct token){ .at = *at, .before = *at ? text.p[*at - 1] : ' ' };
		if (digit_of(c) >= 0)
			read_number(here, t);
		else if (is_letter(c))
			read_word(here, t);
		*at = t->end ? t->end : text.n - rest.n;
		if (t->end)
			return true;
	}
	return false;
}

/* Words between the parts of a date: "25th of March", "25 de marzo del 2021", 2021年3月25日. Those of
 * one or two letters need no list. */
static bool is_filler(struct slice text, const struct token *t)
{
	static const struct slice fillers[] = { { "del", 3 }, { "den", 3 }, { "the", 3 },
		{ "año", 4 }, { "ngày", 5 }, { "năm", 4 }, { "年", 3 }, { "月", 3 }, { "日", 3 },
		{ "년", 3 }, { "월", 3 }, { "일", 3 } };
	const struct slice word = { text.p + t->at, t->end - t->at };

	if (t->digits || t->month)
		return false;
	if (word.n <= 2)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(fillers); i++)
		if (word.n == fillers[i].n && (*word.p | 0x20) == (*fillers[i].p | 0x20) &&
			strncasecmp(word.p, fillers[i].p, word.n) == 0)
			return true;
	return false;
}

/* "tháng 3" is March in Vietnamese. */
static bool is_month_mark(struct slice text, const struct token *t)
{
	return slice_is_word((struct slice){ text.p + t->at, t->end - t->at }, "tháng");
}

/* A number of a time of day: 10:30. asctime has one between day and year. */
static bool is_time(struct slice text, const struct token *t)
{
	return t->digits && t->digits <= 2 &&
		((t->end + 1 < text.n && text.p[t->end] == ':' && is_digit(text.p[t->end + 1])) ||
			(t->before == ':' && t->at >= 2 && is_digit(text.p[t->at - 2])));
}

static bool is_date(struct date d)
{
	static const unsigned char days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return d.year >= 1970 && d.year <= 2100 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
		d.day <= days[d.month - 1] &&
		(d.month != 2 || d.day < 29 || (d.year % 4 == 0 && d.year != 2100));
}

/* A year of the Buddhist era, in use in Thailand, is 543 more. */
static unsigned year_of(const struct token *t)
{
	if (t->digits == 2)
		return t->value + (t->value < 70 ? 2000 : 1900);
	return t->value >= 2513 && t->value <= 2643 ? t->value - 543 : t->value;
}

/* Day and month by numbers, in the order of the text where only one is possible. */
static struct date by_order(unsigned year, unsigned a, unsigned b, enum date_order order)
{
	if (a > 12 || (order == DATE_DAY_FIRST && b <= 12) || a == b)
		return (struct date){ year, b, a };
	if (b > 12 || order == DATE_MONTH_FIRST)
		return (struct date){ year, a, b };
	return (struct date){ 0 };
}

/* The mark between two numbers of one date: '.', '/', '-', or 'x' for a character of another script
 * (2021年3月); a space may follow ("25. 3. 2021"). 0: they do not belong together. */
static char mark_between(struct slice text, const struct token *a, const struct token *b)
{
	size_t n = b->at - a->end;

	if (n == 0 || n > 4)
		return 0;
	if ((unsigned char)text.p[a->end] >= 0x80)
		return 'x';
	if (!byte_in(text.p[a->end], "./-") || n > 2 || (n == 2 && text.p[a->end + 1] != ' '))
		return 0;
	return text.p[a->end];
}

/* 1.2.21 may be a version or an address; 28.01.22 is a date where no more numbers follow. */
static bool is_short_form(struct slice text, const struct token t[3], char mark)
{
	size_t behind = t[2].end;

	if (t[2].digits != 2 || mark == '-' || mark == 'x' || byte_in(t[0].before, "./-"))
		return false;
	if (mark == '.' && (t[0].digits != 2 || t[1].digits != 2))
		return false;
	return behind + 1 >= text.n || !byte_in(text.p[behind], "./-") ||
		!is_digit(text.p[behind + 1]);
}

static struct date read_numbers(struct slice text, const struct token t[3], enum date_order order)
{
	char mark = mark_between(text, &t[0], &t[1]);
	char second = mark_between(text, &t[1], &t[2]);

	if (!mark || !second || t[1].digits > 2)
		return (struct date){ 0 };
	if (t[0].digits == 4 && t[2].digits <= 2) /* also /2021-03/25/ */
		return (struct date){ year_of(&t[0]), t[1].value, t[2].value };
	if (mark != second || t[0].digits > 2 ||
		(t[2].digits != 4 && !is_short_form(text, t, mark)))
		return (struct date){ 0 };
	return by_order(
		year_of(&t[2]), t[0].value, t[1].value, mark == '.' ? DATE_DAY_FIRST : order);
}

/* Three tokens in a row, in each order that has one meaning. */
static struct date read_three(struct slice text, const struct token t[3], enum date_order order)
{
	struct date d = { 0 };

	if (t[0].digits && t[1].digits && t[2].digits)
		d = read_numbers(text, t, order);
	else if (t[0].month && t[1].digits && t[1].digits <= 2 && t[2].digits == 4)
		d = (struct date){ year_of(&t[2]), t[0].month, t[1].value };
	else if (t[0].digits && t[0].digits <= 2 && t[1].month && t[2].digits == 4)
		d = (struct date){ year_of(&t[2]), t[1].month, t[0].value };
	else if (t[0].digits && t[0].digits <= 2 && t[1].month && t[2].digits == 2)
		d = (struct date){ year_of(&t[2]), t[1].month, t[0].value };
	else if (t[0].digits == 4 && t[1].month && t[2].digits && t[2].digits <= 2)
		d = (struct date){ year_of(&t[0]), t[1].month, t[2].value };
	return is_date(d) ? d : (struct date){ 0 };
}

static struct date read_compact(const struct token *t)
{
	struct date d = { t->value / 10000, t->value / 100 % 100, t->value % 100 };

	return t->digits == 8 && is_date(d) ? d : (struct date){ 0 };
}

/* "T12:00:00+02:00" behind an ISO date, else empty. */
static struct slice time_behind(struct slice rest)
{
	size_t n = 0;

	if (rest.n < 9 || (rest.p[0] != 'T' && rest.p[0] != 't') || !is_digit(rest.p[1]) ||
		rest.p[3] != ':' || rest.p[6] != ':')
		return (struct slice){ 0 };
	while (n < rest.n && (is_digit(rest.p[n]) || byte_in(rest.p[n], "TtZz:+-.")))
		n++;
	return slice_head(rest, n);
}

bool date_read(struct slice text, enum date_order order, struct date_found *found)
{
	struct token t[3] = { 0 };
	bool month_next = false;

	text = slice_head(text, TEXT_MAX);
	for (size_t at = 0; next_token(text, &at, &t[2]);) {
		if (is_filler(text, &t[2]) || is_time(text, &t[2]))
			continue;
		if (is_month_mark(text, &t[2])) {
			month_next = true;
			continue;
		}
		if (month_next && t[2].digits && t[2].value <= 12) {
			t[2].month = t[2].value;
			t[2].digits = 0;
		}
		month_next = false;
		*found = (struct date_found){ .date = read_compact(&t[2]), .at = t[2].at };
		if (!found->date.year && t[0].end) {
			found->date = read_three(text, t, order);
			found->at = t[0].at;
			if (t[0].digits == 4 && t[1].before == '-')
				found->time = time_behind(slice_skip(text, t[2].end));
		}
		found->end = t[2].end;
		if (found->date.year)
			return true;
		t[0] = t[1];
		t[1] = t[2];
	}
	*found = (struct date_found){ 0 };
	return false;
}

/* --- in and out ------------------------------------------------------------------------------- */

/* Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil: years begin in
 * March, so that the leap day is the last. */
long date_days(struct date d)
{
	long y = (long)d.year - (d.month <= 2);
	long month = d.month > 2 ? (long)d.month - 3 : (long)d.month + 9;

	return y * 365 + y / 4 - y / 100 + y / 400 + (153 * month + 2) / 5 + (long)d.day - 1 -
		719468;
}

/* The same backwards, civil_from_days, for days since 1970. */
static struct date date_of_days(long days)
{
	long z = days + 719468, era = z / 146097, of_era = z % 146097;
	long year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	long of_year = of_era - (365 * year + year / 4 - year / 100);
	long month = (5 * of_year + 2) / 153;
	struct date d = { (unsigned)(year + era * 400),
		(unsigned)(month < 10 ? month + 3 : month - 9),
		(unsigned)(of_year - (153 * month + 2) / 5 + 1) };

	d.year += d.month <= 2;
	return d;
}

struct slice date_print(struct date d, struct slice time, struct arena *arena)
{
	char *out = arena_alloc(arena, 16 + time.n);
	int n = snprintf(out, 16, "%04u-%02u-%02u", d.year % 10000, d.month % 100, d.day % 100);

	memcpy(out + n, time.p ? time.p : "", time.n);
	return (struct slice){ out, (size_t)n + time.n };
}

static bool read_epoch(struct slice text, struct date *d)
{
	uint64_t value = 0;

	text = slice_trim(text, " \t\r\n");
	if (text.n != 10 && text.n != 13)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!is_digit(text.p[i]))
			return false;
		value = value * 10 + (uint64_t)(text.p[i] - '0');
	}
	*d = date_of_days((long)(value / (text.n == 13 ? 86400000 : 86400)));
	return is_date(*d);
}

struct slice date_find(struct slice text, enum date_order order, struct arena *arena)
{
	struct date_found found = { 0 };

	if (!read_epoch(text, &found.date) && !date_read(text, order, &found))
		return (struct slice){ 0 };
	return date_print(found.date, found.time, arena);
}

/* --- addresses and places --------------------------------------------------------------------- */

static bool has_letters(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (is_letter((unsigned char)s.p[i]))
			return true;
	return false;
}

struct date date_in_path(struct slice url)
{
	struct date_found found;
	size_t path;

	url = slice_head(url, slice_find(url, SLICE("?")));
	path = slice_find(url, SLICE("://"));
	path = path < url.n ? path + 3 : 0;
	while (path < url.n && url.p[path] != '/')
		path++;
	url = slice_skip(url, path);
	/* An archive's address has the date of the capture in front of the page's own. */
	for (size_t at; (at = slice_find(url, SLICE("://"))) < url.n;)
		url = slice_skip(url, at + 3);
	for (size_t i = 0; i + 8 <= url.n; i++) {
		if (!is_digit(url.p[i]) || (i && is_digit(url.p[i - 1])))
			continue;
		/* Numbers of articles are full of what could be 12.3.45: the year comes first. */
		if (date_read(slice_head(slice_skip(url, i), 11), DATE_UNKNOWN, &found) &&
			found.at == 0 && !has_letters(slice_head(slice_skip(url, i), found.end)) &&
			(url.p[i] == '1' || url.p[i] == '2') &&
			(found.end == 8 || byte_in(url.p[i + 4], "/-_")) &&
			(i + found.end == url.n || !is_digit(url.p[i + found.end])))
			return found.date;
	}
	return (struct date){ 0 };
}

/* CLDR, supplemental territories: of those that write English, these write the day first. */
enum date_order date_order_of(struct slice language, struct slice host)
{
	static const char *const day_first[] = { ".uk", ".au", ".nz", ".ie", ".in", ".za", ".sg",
		".my", ".ng", ".ke", ".pk", ".hk" };
	static const char *const regions[] = { "-us", "_us", "-ph", "_ph" };
	const struct slice region = slice_skip(language, 2);

	for (size_t i = 0; i < ARRAY_LEN(regions); i++)
		if (language.n == 5 && slice_is_word(region, regions[i]))
			return DATE_MONTH_FIRST;
	if (language.n > 2 && byte_in(language.p[2], "-_"))
		return DATE_DAY_FIRST;
	for (size_t i = 0; i < ARRAY_LEN(day_first); i++)
		if (slice_ends(host, slice_str(day_first[i])))
			return DATE_DAY_FIRST;
	if (language.n == 0)
		return DATE_UNKNOWN;
	return slice_is_word(language, "en") ? DATE_MONTH_FIRST : DATE_DAY_FIRST;
}
