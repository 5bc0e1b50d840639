/* The ways of putting escapes in and taking them out: all write the same bytes. */
#include "lib/core/cpu.h"
#include "lib/record/json_copy.h"
#include "tests/random.h"

#include <criterion/criterion.h>

static const struct json_copy *const ways[] = {
	&json_copy_plain,
#if defined(__x86_64__)
	&json_copy_avx2,
	&json_copy_avx512,
#endif
};

static bool runs(size_t way)
{
#if defined(__x86_64__)
	if (ways[way] == &json_copy_avx2)
		return cpu_has_avx2();
#endif
	return way == 0 || ways[way] == json_copy_best();
}

/* Text with runs of all lengths between what must be escaped. */
static size_t random_text(uint64_t *state, char *out, size_t max)
{
	static const char specials[] = "\"\\\n\t\r\b\f\x01\x1f/\x7f";
	size_t n = random_below(state, max + 1), one_in = 1 + random_below(state, 50);

	for (size_t i = 0; i < n; i++)
		out[i] = random_below(state, one_in)
			? (char)('a' + random_below(state, 26))
			: specials[random_below(state, sizeof(specials))];
	return n;
}

Test(json_copy, ways_put_the_same_escapes_in)
{
	char text[300], want[6 * 300 + JSON_COPY_SLACK], got[6 * 300 + JSON_COPY_SLACK];
	uint64_t state = 3;

	for (int round = 0; round < 100000; round++) {
		size_t n = random_text(&state, text, sizeof(text)), want_n;
		/* A copy that ends with its memory: what is read behind it is seen. */
		char *copy = memcpy(malloc(n + !n), text, n);
		struct slice s = { copy, n };

		want_n = (size_t)(ways[0]->escape(want, s) - want);
		for (size_t way = 1; way < ARRAY_LEN(ways); way++) {
			if (!runs(way))
				continue;
			cr_assert_eq((size_t)(ways[way]->escape(got, s) - got), want_n);
			cr_assert_arr_eq(got, want, want_n);
		}
		free(copy);
	}
}

static size_t random_escaped(uint64_t *state, char *out, size_t max)
{
	static const char *const escapes[] = { "\\n", "\\t", "\\\"", "\\\\", "\\/", "\\b", "\\f",
		"\\r", "\\u0000", "\\u00e9", "\\uFFFF", "\\ud83d\\ude00", "\\ud83d", "\\udc00" };
	size_t n = 0, one_in = 1 + random_below(state, 50), want = random_below(state, max - 12);

	while (n < want) {
		const char *add = random_below(state, one_in)
			? "x"
			: escapes[random_below(state, ARRAY_LEN(escapes))];

		memcpy(out + n, add, strlen(add));
		n += strlen(add);
	}
	return n;
}

Test(json_copy, ways_take_the_same_escapes_out)
{
	char text[300], want[300 + JSON_COPY_SLACK], got[300 + JSON_COPY_SLACK];
	uint64_t state = 4;

	for (int round = 0; round < 100000; round++) {
		size_t n = random_escaped(&state, text, sizeof(text)), want_n;
		char *copy = memcpy(malloc(n + !n), text, n);
		struct slice s = { copy, n };
		uint64_t want_replaced = 0;

		want_n = (size_t)(ways[0]->unescape(want, s, &want_replaced) - want);
		for (size_t way = 1; way < ARRAY_LEN(ways); way++) {
			uint64_t got_replaced = 0;

			if (!runs(way))
				continue;
			cr_assert_eq(
				(size_t)(ways[way]->unescape(got, s, &got_replaced) - got), want_n);
			cr_assert_arr_eq(got, want, want_n);
			cr_assert_eq(got_replaced, want_replaced);
		}
		free(copy);
	}
}

Test(json_copy, what_is_put_in_comes_out)
{
	char text[300], escaped[6 * 300 + JSON_COPY_SLACK], back[6 * 300 + JSON_COPY_SLACK];
	uint64_t state = 5, replaced = 0;

	for (int round = 0; round < 10000; round++) {
		size_t n = random_text(&state, text, sizeof(text));
		const struct json_copy *way = json_copy_best();
		struct slice s = { escaped,
			(size_t)(way->escape(escaped, (struct slice){ text, n }) - escaped) };

		cr_assert_eq((size_t)(way->unescape(back, s, &replaced) - back), n);
		cr_assert_arr_eq(back, text, n);
	}
	cr_expect_eq(replaced, 0);
}
