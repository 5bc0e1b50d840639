/* Repeated parts of texts, beside a search that compares all windows with all. */
#include "stages/dedup/repeats.h"

#include "lib/core/mem.h"
#include "stages/dedup/anchors.h"
#include "stages/dedup/twice.h"
#include "tests/random.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

enum { TEXTS = 12, MAX_UNITS = 4000 };

/* A text and its units, all in one piece. */
struct given {
	struct buf text;
	struct units units;
	uint64_t place;
};

/* --- the plain way --------------------------------------------------------------------------- */

static bool equal_windows(
	const struct given *a, size_t i, const struct given *b, size_t k, size_t n)
{
	return memcmp(a->units.hash + i, b->units.hash + k, n * sizeof(uint64_t)) == 0;
}

/* Whether the window stands at a place before this one, or with all at another. */
static bool is_repeated(const struct given *texts, size_t text, size_t at, size_t n, bool all)
{
	for (size_t t = 0; t < (all ? (size_t)TEXTS : text + 1); t++) {
		size_t windows = texts[t].units.n < n ? 0 : texts[t].units.n - n + 1;

		for (size_t i = 0; i < windows; i++) {
			if (t == text && (all ? i == at : i >= at))
				continue;
			if (equal_windows(&texts[t], i, &texts[text], at, n))
				return true;
		}
	}
	return false;
}

/* Marks the units that are in a repeated window. */
static void mark_plain(
	const struct given *texts, size_t text, size_t n, bool all, char marks[MAX_UNITS])
{
	size_t units = texts[text].units.n;

	memset(marks, 0, MAX_UNITS);
	for (size_t at = 0; at + n <= units; at++) {
		if (is_repeated(texts, text, at, n, all))
			memset(marks + at, 1, n);
	}
}

/* --- texts with repeats ---------------------------------------------------------------------- */

static const char *const alphabet[] = { "a", "B", "c", " ", "\xc3\xa9", "\xf0\x9f\x98\x80 ", "7",
	"_" };

/* Random characters, pieces of what was there before, and long runs of one. */
static void make_text(struct given *texts, size_t text, uint64_t *random)
{
	struct buf *out = &texts[text].text;
	size_t parts = random_below(random, 12);

	for (size_t p = 0; p < parts; p++) {
		const struct buf *from = &texts[random_below(random, text + 1)].text;
		size_t kind = random_below(random, 4), n = random_below(random, 60);

		for (size_t i = 0; i < n && kind < 2; i++)
			buf_str(out, alphabet[random_below(random, ARRAY_LEN(alphabet))]);
		for (size_t i = 0; i < n && kind == 2; i++)
			buf_str(out, p % 2 ? "a" : "a ");
		if (kind == 3 && from->n) {
			size_t at = random_below(random, from->n);
			char *copy = mem_strndup(from->p + at, MIN(from->n - at, 3 * n));

			buf_str(out, copy);
			free(copy);
		}
	}
}

/* Copies may begin within a character: such bytes become dots. */
static void make_valid(struct buf *b)
{
	struct slice rest = buf_view(b);

	while (rest.n) {
		size_t at = b->n - rest.n;
		unsigned char c = (unsigned char)*rest.p;
		size_t n = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xC0 ? 2 : 0;

		for (size_t i = 1; i < n; i++) {
			if (i >= rest.n || ((unsigned char)rest.p[i] & 0xC0) != 0x80)
				n = 0;
		}
		if (!n)
			b->p[at] = '.';
		rest = slice_skip(rest, MAX(n, (size_t)1));
	}
}

static void make(struct given texts[TEXTS], enum unit unit, uint64_t *random)
{
	uint64_t place = 1000;

	for (size_t t = 0; t < TEXTS; t++) {
		make_text(texts, t, random);
		make_valid(&texts[t].text);
		cr_assert(units_begin(&texts[t].units, unit, buf_view(&texts[t].text), 0));
		cr_assert(units_more(&texts[t].units) == (texts[t].units.n > 0));
		cr_assert_lt(texts[t].units.n, MAX_UNITS);
		texts[t].place = place;
		place += texts[t].text.n + 2;
	}
}

static void release(struct given texts[TEXTS])
{
	for (size_t t = 0; t < TEXTS; t++) {
		buf_release(&texts[t].text);
		units_release(&texts[t].units);
	}
}

/* --- the tests ------------------------------------------------------------------------------- */

static struct repeats *search(const struct given *texts, const struct repeats_options *o)
{
	struct err e = { 0 };
	struct repeats *r;
	struct repeats_searcher *s;

	cr_assert_eq(repeats_new(&r, o, &e), 0, "%s", e.text);
	s = repeats_searcher_new(r);
	for (size_t t = 0; t < TEXTS; t++)
		cr_assert(repeats_look(s, buf_view(&texts[t].text)));
	/* In another order: that of the places counts. */
	for (size_t t = TEXTS; t-- > 0;)
		cr_assert_eq(repeats_look_again(s, texts[t].place, buf_view(&texts[t].text), &e), 1,
			"%s", e.text);
	repeats_searcher_free(s);
	cr_assert_eq(repeats_finish(r, &e), 0, "%s", e.text);
	return r;
}

static void check_text(const struct repeats *r, const struct given *texts, size_t text,
	const struct repeats_options *o, uint64_t round)
{
	static char want[MAX_UNITS], got[MAX_UNITS];
	struct span_list found = { 0 };
	struct err e = { 0 };

	mark_plain(texts, text, o->window, o->all, want);
	memset(got, 0, sizeof(got));
	cr_assert_eq(repeats_of(r, texts[text].place, texts[text].text.n, &found, &e), 0);
	for (size_t i = 0; i < found.n; i++) {
		cr_assert_leq(found.at[i].to, texts[text].units.n);
		cr_assert(i == 0 || found.at[i].from > found.at[i - 1].to);
		memset(got + found.at[i].from, 1, found.at[i].to - found.at[i].from);
	}
	cr_expect_eq(memcmp(got, want, sizeof(got)), 0, "round %d, text %zu, window %zu",
		(int)round, text, o->window);
	span_list_release(&found);
}

Test(dedup_repeats, are_those_of_a_search_that_compares_all)
{
	uint64_t random = 7;

	for (uint64_t round = 0; round < 60; round++) {
		struct given texts[TEXTS] = { 0 };
		struct repeats_options o = {
			.unit = (enum unit)(round % 3),
			.window = 1 + random_below(&random, 30),
			.all = round / 3 % 2,
			/* So little that the anchors share places. */
			.memory = round % 2 ? 0 : 1 << 20,
			.expected = 1 << 20,
		};
		struct repeats *r;

		make(texts, o.unit, &random);
		r = search(texts, &o);
		for (size_t t = 0; t < TEXTS; t++)
			check_text(r, texts, t, &o, round);
		repeats_free(r);
		release(texts);
	}
}

/* Each window of the sequence has one anchor, which is in it. */
Test(dedup_repeats, equal_windows_have_equal_anchors)
{
	enum { N = 5000, WINDOW = 40 };
	static uint64_t units[N], hash_of[N];
	uint64_t random = 1;
	struct anchors a = { 0 };
	size_t windows = 0;

	for (size_t i = 0; i < N; i++)
		units[i] = i >= 3000 && i < 4000 ? units[i - 1777] : random_next(&random);
	for (size_t i = 4500; i < N; i++)
		units[i] = 5;
	anchors_init(&a, WINDOW);
	anchors_find(&a, units, N);
	for (size_t i = 0; i < a.n; i++) {
		cr_assert_eq(a.at[i].first, windows);
		for (size_t k = 0; k < a.at[i].n; k++)
			hash_of[windows++] = a.at[i].hash;
	}
	cr_expect_eq(windows, N - WINDOW + 1);
	for (size_t i = 3000; i <= 4000 - WINDOW; i++)
		cr_expect_eq(hash_of[i], hash_of[i - 1777]);
	/* 2 / (10 + 2) of the first 4500, and all of the run. */
	cr_expect_lt(a.n, 4500 / 4 + 500);
	anchors_find(&a, units, WINDOW - 1);
	cr_expect_eq(a.n, 0);
	anchors_release(&a);
}

Test(dedup_repeats, hashes_added_twice_are_known)
{
	struct twice *t = twice_new(1 << 16);
	uint64_t random = 3, wrong = 0;

	for (uint64_t i = 0; i < 4000; i++) {
		uint64_t h = random_next(&random);

		twice_add(t, h);
		if (i % 2)
			twice_add(t, h);
		cr_expect(i % 2 == 0 || twice_perhaps(t, h));
	}
	random = 3;
	for (uint64_t i = 0; i < 4000; i++)
		wrong += twice_perhaps(t, random_next(&random)) && i % 2 == 0;
	/* 262,144 places, 4,000 hashes. */
	cr_expect_lt(wrong, 80);
	cr_expect_not(twice_perhaps(t, random_next(&random)) && twice_perhaps(t, 1) &&
		twice_perhaps(t, 2) && twice_perhaps(t, 3));
	twice_free(t);
}

Test(dedup_repeats, units_come_whole_in_pieces)
{
	enum { OVERLAP = 99 };
	struct buf text = { 0 };

	for (int i = 0; i < 30000; i++)
		buf_printf(&text, "w%d \xc3\xa4 ", i % 1013);
	for (int kind = UNIT_TOKEN; kind <= UNIT_BYTE; kind++) {
		struct units u = { 0 };
		uint64_t n = 0;

		cr_assert(units_begin(&u, (enum unit)kind, buf_view(&text), OVERLAP));
		while (units_more(&u)) {
			cr_assert_eq(u.first, n ? n - OVERLAP : 0);
			for (size_t i = n ? OVERLAP : 0; i < u.n; i++, n++) {
				cr_assert_lt(u.from[i], u.to[i]);
				cr_assert(i == 0 || u.to[i - 1] <= u.from[i]);
			}
		}
		cr_expect_eq(n,
			kind == UNIT_TOKEN	    ? 60000
				: kind == UNIT_BYTE ? text.n
						    : text.n - 30000);
		units_release(&u);
	}
	buf_release(&text);
}

Test(dedup_repeats, spans_are_found_over_blocks_and_damage_is_told)
{
	struct span_list found = { 0 };
	struct err e = { 0 };
	struct spans *s;

	cr_assert_eq(spans_new(&s, NULL, &e), 0);
	for (uint64_t i = 0; i < 3000; i++)
		cr_assert_eq(spans_add(s, (struct span){ 10 * i, 10 * i + 4 }, &e), 0);
	cr_assert_eq(spans_seal(s, &e), 0);
	cr_assert_eq(spans_within(s, 5005, 10231, &found, &e), 0);
	cr_assert_eq(found.n, 523);
	cr_expect_eq(found.at[0].from, 5010);
	cr_expect_eq(found.at[522].from, 10230);
	cr_assert_eq(spans_within(s, 29991, UINT64_MAX, &found, &e), 0);
	cr_expect_eq(found.n, 0);
	cr_assert_eq(spans_within(s, 0, 1, &found, &e), 0);
	cr_expect_eq(found.n, 1);
	cr_assert_eq(pwrite(spans_fd(s), "x", 1, 9000), 1);
	cr_expect_eq(spans_within(s, 0, 6000, &found, &e), -1);
	cr_expect(strstr(e.text, "damaged"));
	spans_free(s);
	span_list_release(&found);
}
