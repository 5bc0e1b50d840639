/* Dates as pages write them. */
#include "stages/extract/dates.h"

#include <criterion/criterion.h>

static void expect(struct slice got, const char *want, const char *text)
{
	cr_expect(slice_eq(got, slice_str(want)), "%s: %.*s, not %s", text, (int)got.n,
		got.p ? got.p : "", want);
}

Test(dates, are_read_in_many_forms)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "2021-03-25", "2021-03-25" },
		{ "2021-03-25T12:30:00Z", "2021-03-25T12:30:00Z" },
		{ "2021-03-25 12:30", "2021-03-25" },
		{ "2021/3/5", "2021-03-05" },
		{ "2021. 03. 25.", "2021-03-25" },
		{ "20210325", "2021-03-25" },
		{ "1616670000", "2021-03-25" },
		{ "1616670000123", "2021-03-25" },
		{ "Published on March 25, 2021 by X", "2021-03-25" },
		{ "25th of March 2021", "2021-03-25" },
		{ "Mar. 5th, 2021", "2021-03-05" },
		{ "25-Mar-21", "2021-03-25" },
		{ "2021 March 25", "2021-03-25" },
		{ "25 de marzo de 2021", "2021-03-25" },
		{ "25 de marzo del 2021", "2021-03-25" },
		{ "25. März 2021", "2021-03-25" },
		{ "25. MÄRZ 2021", "2021-03-25" },
		{ "25 févr. 2021", "2021-02-25" },
		{ "25 gennaio 2021", "2021-01-25" },
		{ "25 maart 2021", "2021-03-25" },
		{ "25 марта 2021 г.", "2021-03-25" },
		{ "25 березня 2021", "2021-03-25" },
		{ "25 sierpnia 2021", "2021-08-25" },
		{ "25 Mart 2021", "2021-03-25" },
		{ "25 Μαρτίου 2021", "2021-03-25" },
		{ "2021. március 25.", "2021-03-25" },
		{ "25 tháng 3 năm 2021", "2021-03-25" },
		{ "25 มีนาคม 2564", "2021-03-25" }, /* of the Buddhist era */
		{ "٢٥ مارس ٢٠٢١", "2021-03-25" },
		{ "25 मार्च 2021", "2021-03-25" },
		{ "2021年3月25日 星期四", "2021-03-25" },
		{ "2021년 3월 25일", "2021-03-25" },
		{ "Thu, 25 Mar 2021 10:00:00 GMT", "2021-03-25" },
		{ "Thu Mar 25 10:00:00 2021", "2021-03-25" },
		{ "25.03.2021", "2021-03-25" },
		{ "25. 3. 2021", "2021-03-25" },
		{ "25.03.21", "2021-03-25" },
		{ "3/25/2021", "2021-03-25" },
		{ "25/3/2021", "2021-03-25" },
		{ "25-03-2021 10:29", "2021-03-25" },
		{ "4/4/2021", "2021-04-04" },
		{ "2020-02-29", "2020-02-29" },
		{ "3/4/2021", "" }, /* two readings */
		{ "1.2.21", "" }, /* a version */
		{ "10.11.12.13", "" }, /* an address */
		{ "In 2019, 10 of 12", "" },
		{ "2021 03 25", "" },
		{ "2021-13-01", "" },
		{ "2021-02-29", "" },
		{ "1066-10-14", "" },
		{ "no date", "" },
		{ "12345678901234567890", "" },
		{ "", "" },
	};
	struct arena arena = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect(date_find(slice_str(cases[i].text), DATE_UNKNOWN, &arena), cases[i].want,
			cases[i].text);
	arena_release(&arena);
}

Test(dates, of_two_readings_go_by_the_order)
{
	struct arena arena = { 0 };

	expect(date_find(SLICE("3/4/2021"), DATE_DAY_FIRST, &arena), "2021-04-03", "day");
	expect(date_find(SLICE("3/4/2021"), DATE_MONTH_FIRST, &arena), "2021-03-04", "month");
	expect(date_find(SLICE("25/4/2021"), DATE_MONTH_FIRST, &arena), "2021-04-25",
		"one reading");
	expect(date_find(SLICE("3.4.2021"), DATE_MONTH_FIRST, &arena), "2021-04-03", "stops");
	arena_release(&arena);
}

Test(dates, order_follows_language_and_host)
{
	static const struct {
		const char *language, *host;
		enum date_order want;
	} cases[] = {
		{ "en-US", "a.example", DATE_MONTH_FIRST },
		{ "en", "a.example", DATE_MONTH_FIRST },
		{ "en", "a.co.uk", DATE_DAY_FIRST },
		{ "en_GB", "a.example", DATE_DAY_FIRST },
		{ "de", "a.example", DATE_DAY_FIRST },
		{ "", "a.com.au", DATE_DAY_FIRST },
		{ "", "a.example", DATE_UNKNOWN },
		{ "x", "", DATE_DAY_FIRST },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(date_order_of(slice_str(cases[i].language), slice_str(cases[i].host)) ==
				cases[i].want,
			"%s %s", cases[i].language, cases[i].host);
}

Test(dates, stand_in_addresses)
{
	static const struct {
		const char *url;
		struct date want;
	} cases[] = {
		{ "http://a.example/2021/03/25/story", { 2021, 3, 25 } },
		{ "http://a.example/news/2021-3-5-story.html", { 2021, 3, 5 } },
		{ "http://a.example/2021-03/25/c_1.htm", { 2021, 3, 25 } },
		{ "http://a.example/20210325/", { 2021, 3, 25 } },
		{ "https://archive.example/web/20190717140047/http://a.example/2014/01/29/x",
			{ 2014, 1, 29 } },
		{ "http://2021-03-25.example/", { 0 } },
		{ "http://a.example/2021/03/story", { 0 } },
		{ "http://a.example/news/2021/jan21/x", { 0 } },
		{ "http://a.example/x?d=2021-03-25", { 0 } },
		{ "http://a.example/120210325", { 0 } },
		{ "http://a.example/25.03.2021", { 0 } },
		{ "", { 0 } },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct date got = date_in_path(slice_str(cases[i].url));

		cr_expect(got.year == cases[i].want.year && got.month == cases[i].want.month &&
				got.day == cases[i].want.day,
			"%s: %u-%u-%u", cases[i].url, got.year, got.month, got.day);
	}
}

Test(dates, count_days)
{
	cr_expect_eq(date_days((struct date){ 1970, 1, 1 }), 0);
	cr_expect_eq(date_days((struct date){ 2000, 3, 1 }), 11017);
	cr_expect_eq(date_days((struct date){ 2021, 3, 25 }), 18711);
}

Test(dates, tell_where_they_stand)
{
	struct date_found found;

	cr_assert(date_read(SLICE("By X, 25 March 2021, 10:00"), DATE_UNKNOWN, &found));
	cr_expect_eq(found.at, 6);
	cr_expect_eq(found.end, 19);
	cr_expect_not(date_read(SLICE("x"), DATE_UNKNOWN, &found));
	cr_expect_eq(found.date.year, 0);
}
