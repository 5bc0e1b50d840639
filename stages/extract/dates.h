/* dates.h - dates as pages write them. */
#ifndef CORPUS_EXTRACT_DATES_H
#define CORPUS_EXTRACT_DATES_H

#include "lib/core/arena.h"

/* What 3/4/2021 means where the text does not tell. */
enum date_order {
	DATE_UNKNOWN, /* no date */
	DATE_DAY_FIRST, /* 3 April */
	DATE_MONTH_FIRST, /* March 4 */
};

/* A day; all zero is none. */
struct date {
	unsigned year, month, day;
};

/* A date in a text, and where. */
struct date_found {
	struct date date;
	struct slice time; /* "T12:30:00+02:00" behind an ISO date, as it stands; else empty */
	size_t at, end; /* its bytes in the text, without the time */
};

/* The first date in text (UTF-8, any bytes; no more than 400 of them are looked at). Understood are
 * ISO 8601 and RFC 3339 (also with / . or nothing between), RFC 5322 and asctime, numbers in other
 * orders (25.03.2021, 25.03.21, 3/25/2021), months by name in the languages of date_months.c
 * ("March 25, 2021", "25. März 2021", "25 de marzo de 2021", "25-Mar-21"), East Asian ones
 * (2021年3月25日, 2021년 3월 25일), digits of Arabic, Persian and Indic scripts and Thai years. Years
 * are from 1970 to 2100. */
bool date_read(struct slice text, enum date_order order, struct date_found *found);

/* The same as "YYYY-MM-DD" with the time behind it; {NULL, 0} when there is none. A text that is a
 * number of 10 or 13 digits is seconds or milliseconds since 1970. */
struct slice date_find(struct slice text, enum date_order order, struct arena *arena);

/* "YYYY-MM-DD", and time behind it. */
struct slice date_print(struct date d, struct slice time, struct arena *arena);

/* The date in the path of an address: /2021/03/25/, /2021-03-25-, /20210325/; none otherwise. */
struct date date_in_path(struct slice url);

/* The order of day and month in texts of language (BCP 47) on host; both may be empty. */
enum date_order date_order_of(struct slice language, struct slice host);

/* Days since 1970-01-01 of a valid date. */
long date_days(struct date d);

/* The number of the month that word (small letters, ends in NUL) names; 0: it is none. */
unsigned date_month_of(const char *word);

#endif
