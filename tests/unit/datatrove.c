/* datatrove's signatures. What is expected was taken from datatrove 0.10.1 with spaCy 3.8.18: the
 * fixture of the shared data, 320 documents, and cases for what it does not hold. */
#include "stages/dedup/datatrove.h"

#include "lib/core/mem.h"
#include "lib/record/record.h"
#include "stages/dedup/minhash.h"
#include "tests/shared_data.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <xxhash.h>

enum { VALUES = 112 };

/* Documents of the set, and where in made the line about one begins, by its id. */
struct fixture {
	struct buf docs, made;
	json_t *begin;
	struct record doc, line;
};

static void index_made(struct fixture *f)
{
	struct slice rest, line;
	struct err e = { 0 };

	f->begin = json_object();
	for (rest = buf_view(&f->made); shared_line(&rest, &line);) {
		struct slice id;

		cr_assert_eq(record_scan(&f->line, line, &e), 0, "%s", e.text);
		id = record_id(&f->line);
		json_object_setn_new(f->begin, id.p, id.n, json_integer(line.p - f->made.p));
	}
}

/* The line about the document, in f->line. */
static bool find_line(struct fixture *f)
{
	struct slice id = record_id(&f->doc), rest = buf_view(&f->made), line;
	const json_t *begin = json_object_getn(f->begin, id.p, id.n);
	struct err e = { 0 };

	if (!begin)
		return false;
	rest = slice_skip(rest, (size_t)json_integer_value(begin));
	return shared_line(&rest, &line) && record_scan(&f->line, line, &e) == 0;
}

static void expect_hex(struct fixture *f, const char *key, uint64_t got)
{
	char text[17];
	struct slice want;

	snprintf(text, sizeof(text), "%016llx", (unsigned long long)got);
	cr_assert_eq(record_str(&f->line, key, &want), RECORD_FOUND);
	cr_expect(slice_eq(want, slice_str(text)), "%s: %.*s", key, 40, f->line.line.p);
}

/* The n numbers under key, whatever arrays they stand in. */
static void expect_numbers(struct fixture *f, const char *key, const uint64_t *got, size_t n)
{
	struct slice raw = record_raw(&f->line, key);
	size_t i = 0;

	while (raw.n) {
		char *end = NULL;

		if (*raw.p >= '0' && *raw.p <= '9') {
			uint64_t want = strtoull(raw.p, &end, 10);

			cr_expect(i < n && got[i] == want, "%s %zu: %.*s", key, i, 40,
				f->line.line.p);
			i++;
		}
		raw = slice_skip(raw, end ? (size_t)(end - raw.p) : 1);
	}
	cr_expect_eq(i, n);
}

static void expect_words(struct fixture *f, struct slice joined)
{
	struct buf lines = { 0 };

	buf_slice(&lines, joined);
	for (size_t i = 0; i < lines.n; i++)
		if (lines.p[i] == ' ')
			lines.p[i] = '\n';
	expect_hex(f, "tokens_xxh64", XXH64(lines.p, lines.n, 0));
	buf_release(&lines);
}

/* In the order in which a fault comes about. */
static void compare(struct fixture *f, struct datatrove *d, struct minhash *m)
{
	struct slice text = record_text(&f->doc), normalised = datatrove_normalise(d, text), words;
	const uint64_t *hashes;
	uint64_t values[VALUES];
	size_t n;

	expect_hex(f, "norm_xxh64", XXH64(normalised.p, normalised.n, 0));
	n = datatrove_shingles(d, text, &hashes, &words);
	expect_words(f, words);
	cr_assert_geq(n, 3);
	expect_numbers(f, "shingles", hashes, 3);
	cr_assert(minhash_sign(m, text, values));
	expect_numbers(f, "sig", values, VALUES);
}

Test(datatrove, makes_the_values_of_the_fixture)
{
	struct minhash_config config = MINHASH_DEFAULTS;
	struct fixture f = { 0 };
	struct err e = { 0 };
	struct slice rest, line;
	struct datatrove *d = datatrove_new(5, &e);
	struct minhash *m;
	size_t compared = 0;

	config.compat = MINHASH_DATATROVE;
	m = minhash_new(&config, &e);
	cr_assert(d && m, "%s", e.text);
	if (!shared_read("data/dedup/docs.jsonl.zst", SIZE_MAX, &f.docs) ||
		!shared_read("data/dedup/datatrove-signatures.jsonl.zst", SIZE_MAX, &f.made))
		return;
	index_made(&f);
	for (rest = buf_view(&f.docs); shared_line(&rest, &line);) {
		cr_assert_eq(record_scan(&f.doc, line, &e), 0);
		if (!find_line(&f))
			continue;
		compare(&f, d, m);
		compared++;
	}
	cr_expect_eq(compared, 320);
	json_decref(f.begin);
	record_release(&f.doc);
	record_release(&f.line);
	buf_release(&f.docs);
	buf_release(&f.made);
	datatrove_free(d);
	minhash_free(m);
}

Test(datatrove, draws_the_permutations_of_numpy)
{
	uint64_t a[VALUES], b[VALUES];

	/* RandomState(1) */
	datatrove_draw(a, b, VALUES, 1);
	cr_expect_eq(a[0], UINT64_C(775169054918279404));
	cr_expect_eq(a[1], UINT64_C(1758426461858698313));
	cr_expect_eq(b[0], UINT64_C(1062448801025099917));
	cr_expect_eq(b[2], UINT64_C(1217488311597731462));
}

Test(datatrove, normalises)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "" },
		{ " .,! ", "" },
		{ "Hello,  World!", "hello world" },
		{ "1.5 and 1.2.3 and 7", "0 and 0 0 and 0" },
		{ "1,000,000", "0 0" },
		{ "12. 34", "0 0" },
		{ "\u0661\u066b\u0662x", "0x" },
		{ "snake_case $5", "snake case 0" },
		{ "\u00c9T\u00c9 na\u00efve", "ete naive" },
		{ "\u0130stanbul \u039f\u0394\u039f\u03a3", "istanbul \u03bf\u03b4\u03bf\u03c2" },
		{ "\u00ab a\u00a0b \u00bb\u3000c", "a b c" },
		{ "a\xc2\x85z\u200bc", "a z\u200bc" },
		{ "\ud55c", "\u1112\u1161\u11ab" },
		{ "\u24b6 \u2116", "\u24d0 \u2116" },
		{ "a\u0300\u0316 \u0301", "a" },
	};
	struct err e = { 0 };
	struct datatrove *d = datatrove_new(5, &e);

	cr_assert_not_null(d, "%s", e.text);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct slice got = datatrove_normalise(d, slice_str(cases[i].text));

		cr_expect(slice_eq(got, slice_str(cases[i].want)), "%s: \"%.*s\"", cases[i].text,
			(int)got.n, got.p);
	}
	datatrove_free(d);
}

Test(datatrove, a_shorter_text_has_no_signature)
{
	struct minhash_config config = {
		.shingle = 5, .bands = 14, .rows = 8, .seed = 1, .compat = MINHASH_DATATROVE
	};
	struct err e = { 0 };
	struct minhash *m = minhash_new(&config, &e);
	uint64_t keys[14];

	cr_assert_not_null(m, "%s", e.text);
	cr_expect_eq(minhash_keys(m, (struct slice){ 0 }, keys), 0);
	cr_expect_eq(minhash_keys(m, SLICE(""), keys), 0);
	cr_expect_eq(minhash_keys(m, SLICE("one two three four"), keys), 0);
	cr_expect_eq(minhash_keys(m, SLICE("one two three cannot"), keys), 14);
	minhash_free(m);
}

Test(datatrove, a_seed_that_numpy_has_not_is_refused)
{
	struct minhash_config config = MINHASH_DEFAULTS;
	struct err e = { 0 };

	config.compat = MINHASH_DATATROVE;
	config.seed = UINT64_C(1) << 32;
	cr_expect_null(minhash_new(&config, &e));
	cr_expect_str_eq(
		e.text, "seed 4294967296: numpy's, which datatrove takes, ends at 4294967295");
}
