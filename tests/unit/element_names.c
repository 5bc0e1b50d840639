/* What names of elements say, against a look at each byte. */
#include "stages/extract/element_names.h"

#include "stages/extract/eight.h"

#include <criterion/criterion.h>

static const struct {
	const char *part;
	unsigned says;
} vocabulary[] = {
	{ "auteur", NAMES_AUTHOR },
	{ "author", NAMES_AUTHOR },
	{ "autor", NAMES_AUTHOR },
	{ "byline", NAMES_AUTHOR },
	{ "comment", NAMES_COMMENT },
	{ "contributor", NAMES_AUTHOR },
	{ "created", NAMES_DATE },
	{ "date", NAMES_DATE },
	{ "datum", NAMES_DATE },
	{ "disqus", NAMES_COMMENT },
	{ "fecha", NAMES_DATE },
	{ "fn", NAMES_USER },
	{ "meta", NAMES_DATE },
	{ "nickname", NAMES_USER },
	{ "posted", NAMES_DATE },
	{ "poster", NAMES_USER },
	{ "postuser", NAMES_USER },
	{ "pubdate", NAMES_DATE },
	{ "publicad", NAMES_DATE },
	{ "publication-date", NAMES_DATE },
	{ "publish-", NAMES_DATE },
	{ "publish_", NAMES_DATE },
	{ "publishd", NAMES_DATE },
	{ "published", NAMES_DATE },
	{ "redakteur", NAMES_AUTHOR },
	{ "respond", NAMES_COMMENT },
	{ "time", NAMES_DATE },
	{ "updated", NAMES_UPDATED },
	{ "user", NAMES_USER },
	{ "verfasser", NAMES_AUTHOR },
	{ "writer", NAMES_AUTHOR },
	{ "writtenby", NAMES_AUTHOR },
};

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c)
{
	return is_capital(c) || (c >= 'a' && c <= 'z');
}

static unsigned plain_say(struct slice names)
{
	unsigned says = 0;

	for (size_t i = 0; i < names.n; i++) {
		char c = names.p[i], before = i ? names.p[i - 1] : ' ';

		if (!is_letter(c) || (is_capital(c) ? is_capital(before) : is_letter(before)))
			continue;
		for (size_t k = 0; k < ARRAY_LEN(vocabulary); k++) {
			size_t n = strlen(vocabulary[k].part);

			if (names.n - i >= n &&
				strncasecmp(names.p + i, vocabulary[k].part, n) == 0)
				says |= vocabulary[k].says;
		}
	}
	return says;
}

Test(element_names, say_what_words_begin_with)
{
	static const struct {
		const char *names;
		unsigned want;
	} cases[] = {
		{ "", 0 },
		{ "fn", NAMES_USER },
		{ "f", 0 },
		{ "entry-date", NAMES_DATE },
		{ "entryDate", NAMES_DATE },
		{ "entrydate", 0 },
		{ "ENTRYDATE", 0 },
		{ "outdated", 0 },
		{ "updated post-Author", NAMES_UPDATED | NAMES_AUTHOR },
		{ "x1user", NAMES_USER },
		{ "publish_on", NAMES_DATE },
		{ "publish on", 0 },
		{ "has-many-classes and-a comments", NAMES_COMMENT },
		{ "daté", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect_eq(names_say(slice_str(cases[i].names)), cases[i].want, "given %s",
			cases[i].names);
}

Test(element_names, say_the_same_at_every_place_of_eight)
{
	char names[64];

	for (size_t k = 0; k < ARRAY_LEN(vocabulary); k++)
		for (size_t at = 0; at < 17; at++)
			for (size_t cut = 0; cut < 2; cut++) {
				size_t n = strlen(vocabulary[k].part);
				struct slice s = { names, at + n - cut };

				memset(names, '-', sizeof(names));
				memcpy(names + at, vocabulary[k].part, n);
				cr_expect_eq(names_say(s), plain_say(s), "%.*s", (int)s.n, s.p);
				cr_expect(cut || names_say(s) & vocabulary[k].says, "%.*s",
					(int)s.n, s.p);
			}
}

/* A generator with multiplier and increment of Knuth's MMIX: the same bytes in each run. */
static unsigned next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(*seed >> 33);
}

Test(element_names, say_the_same_of_any_bytes)
{
	struct names_memo memo = { 0 };
	static char kept[100000][48]; /* the memo points there */
	uint64_t seed = 1;

	for (int round = 0; round < 100000; round++) {
		char *names = kept[round];
		size_t n = 0;

		while (n < 24) {
			const char *part = vocabulary[next(&seed) % ARRAY_LEN(vocabulary)].part;
			size_t most = next(&seed) % (strlen(part) + 1);

			memcpy(names + n, part, most);
			n += most;
			names[n++] =
				next(&seed) % 4 ? "-_ AzD1."[next(&seed) % 8] : (char)next(&seed);
			if (next(&seed) % 2)
				names[next(&seed) % n] ^= 0x20;
		}
		n = next(&seed) % (n + 1);
		cr_expect_eq(names_say((struct slice){ names, n }),
			plain_say((struct slice){ names, n }), "%.*s", (int)n, names);
		cr_expect_eq(names_say_again(&memo, (struct slice){ names, n }),
			plain_say((struct slice){ names, n }), "%.*s", (int)n, names);
	}
}

Test(element_names, are_remembered)
{
	struct names_memo memo = { 0 };
	struct slice names = SLICE("post-date");

	cr_expect_eq(names_say_again(&memo, (struct slice){ 0 }), 0);
	cr_expect_eq(names_say_again(&memo, names), NAMES_DATE);
	cr_expect_eq(names_say_again(&memo, SLICE("post-user")), NAMES_USER);
	cr_expect_eq(names_say_again(&memo, names), NAMES_DATE);
	cr_expect_eq(names_say_again(&memo, slice_head(names, 8)), 0);
}

Test(element_names, eight_bytes_are_asked_at_once)
{
	for (unsigned c = 0; c < 256; c++)
		for (size_t at = 0; at < 8; at++) {
			char bytes[8] = { 0 };
			uint64_t x, bit = UINT64_C(0x80) << (8 * at);

			bytes[at] = (char)c;
			x = eight_load(bytes, at + 1);
			cr_expect_eq(x, load_le64(bytes), "%u at %zu", c, at);
			cr_expect_eq(eight_digits(x), c >= '0' && c <= '9' ? bit : 0, "%u", c);
			cr_expect_eq(eight_letters(x), is_letter((char)c) ? bit : 0, "%u", c);
			cr_expect_eq(eight_from(x, 0x21), c > ' ' ? bit : 0, "%u", c);
		}
}
