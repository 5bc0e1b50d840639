/* Reads dates by a scan over the numbers and words of a text. */
#include "stages/extract/dates.h"

#include <stdio.h>

/* A month's name by its beginning, which is unique in these languages. Several may share a number.
 * Compared in small ASCII letters; other bytes as they are. */
static const struct {
	const char *head;
	int month;
} months[] = {
	{ "jan", 1 },
	{ "ene", 1 },
	{ "gen", 1 },
	{ "jän", 1 },
	{ "feb", 2 },
	{ "fév", 2 },
	{ "fev", 2 },
	{ "mar", 3 },
	{ "mär", 3 },
	{ "maa", 3 },
	{ "mrz", 3 },
	{ "apr", 4 },
	{ "avr", 4 },
	{ "abr", 4 },
	{ "may", 5 },
	{ "mai", 5 },
	{ "mag", 5 },
	{ "mei", 5 },
	{ "jun", 6 },
	{ "juin", 6 },
	{ "giu", 6 },
	{ "jul", 7 },
	{ "juil", 7 },
	{ "lug", 7 },
	{ "aug", 8 },
	{ "aoû", 8 },
	{ "ago", 8 },
	{ "sep", 9 },
	{ "set", 9 },
	{ "oct", 10 },
	{ "okt", 10 },
	{ "ott", 10 },
	{ "out", 10 },
	{ "nov", 11 },
	{ "dec", 12 },
	{ "dez", 12 },
	{ "déc", 12 },
	{ "dic", 12 },
};

/* One number or word of the text. */
struct token {
	struct slice text;
	bool number;
	unsigned value; /* of a number of up to 8 digits */
	char before; /* the byte in front of it */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* Takes the next number or word off *rest. */
static bool next_token(struct slice *rest, char *before, struct token *t)
{
	size_t n = 0;

	while (rest->n && !is_digit(*rest->p) && !is_letter(*rest->p)) {
		*before = *rest->p;
		*rest = slice_skip(*rest, 1);
	}
	if (!rest->n)
		return false;
	*t = (struct token){ .number = is_digit(*rest->p), .before = *before };
	for (; n < rest->n && (t->number ? is_digit : is_letter)(rest->p[n]); n++)
		if (t->number && n < 8)
			t->value = t->value * 10 + (unsigned)(rest->p[n] - '0');
	t->text = slice_head(*rest, n);
	*before = rest->p[n - 1];
	*rest = slice_skip(*rest, n);
	return true;
}

static int month_of(const struct token *t)
{
	char low[8] = { 0 };

	if (t->number || t->text.n < 3)
		return 0;
	for (size_t i = 0; i < MIN(t->text.n, sizeof(low) - 1); i++)
		low[i] = t->text.p[i] >= 'A' && t->text.p[i] <= 'Z' ? (char)(t->text.p[i] + 32)
								    : t->text.p[i];
	for (size_t i = 0; i < ARRAY_LEN(months); i++)
		if (strncmp(low, months[i].head, strlen(months[i].head)) == 0)
			return months[i].month;
	return 0;
}

struct date {
	unsigned year, month, day;
};

static bool is_date(struct date d)
{
	static const unsigned char days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return d.year >= 1970 && d.year <= 2100 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
		d.day <= days[d.month - 1];
}

/* Three tokens in a row, in each order that has one meaning. */
static bool read_three(const struct token t[3], struct date *d)
{
	bool numbers = t[0].number && t[1].number && t[2].number;
	unsigned a = t[0].value, b = t[1].value, c = t[2].value;

	*d = (struct date){ 0 };
	if (numbers && t[0].text.n == 4 && t[1].text.n <= 2 && t[2].text.n <= 2)
		*d = (struct date){ a, b, c };
	else if (numbers && t[2].text.n == 4 && t[1].before == '.')
		*d = (struct date){ c, b, a };
	else if (numbers && t[2].text.n == 4 && t[1].before == '/' && (a > 12 || a == b))
		*d = (struct date){ c, b, a };
	else if (numbers && t[2].text.n == 4 && t[1].before == '/' && b > 12)
		*d = (struct date){ c, a, b };
	else if (month_of(&t[0]) && t[1].number && t[2].number && t[2].text.n == 4)
		*d = (struct date){ c, (unsigned)month_of(&t[0]), b };
	else if (t[0].number && month_of(&t[1]) && t[2].number && t[2].text.n == 4)
		*d = (struct date){ c, (unsigned)month_of(&t[1]), a };
	return is_date(*d);
}

static bool read_compact(const struct token *t, struct date *d)
{
	if (!t->number || t->text.n != 8)
		return false;
	*d = (struct date){ t->value / 10000, t->value / 100 % 100, t->value % 100 };
	return is_date(*d);
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

static struct slice print_date(struct date d, struct slice time, struct arena *arena)
{
	char *out = arena_alloc(arena, 16 + time.n);
	int n = snprintf(out, 16, "%04u-%02u-%02u", d.year, d.month, d.day);

	memcpy(out + n, time.p ? time.p : "", time.n);
	return (struct slice){ out, (size_t)n + time.n };
}

struct slice date_find(struct slice text, struct arena *arena)
{
	struct slice rest = slice_head(text, 400);
	struct token t[3] = { 0 };
	char before = ' ';
	struct date d;

	while (next_token(&rest, &before, &t[2])) {
		/* "25th of March", "25 de marzo de 2021" */
		if (!t[2].number && t[2].text.n <= 2)
			continue;
		if (read_compact(&t[2], &d))
			return print_date(d, (struct slice){ 0 }, arena);
		if (t[0].text.n && read_three(t, &d))
			return print_date(d,
				t[0].number && t[1].before == '-' ? time_behind(rest)
								  : (struct slice){ 0 },
				arena);
		t[0] = t[1];
		t[1] = t[2];
	}
	return (struct slice){ 0 };
}
