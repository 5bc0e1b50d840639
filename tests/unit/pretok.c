/* Tests of tokenizer/pretok.h. */
#include "tokenizer/pretok.h"

#include "lib/core/buf.h"
#include "lib/record/record.h"
#include "lib/text/utf8.h"
#include "tests/shared_data.h"
#include "tokenizer/pretok_class.h"

#include <criterion/criterion.h>
#include <unicode/uchar.h>

static struct pretok *make(bool reference)
{
	size_t n;
	const struct cut_step *steps = pretok_named("gpt2", &n);
	struct err e = { 0 };
	struct pretok *p = NULL;

	cr_assert_eq(
		reference ? pretok_new_reference(&p, steps, n, &e) : pretok_new(&p, steps, n, &e),
		0, "%s", e.text);
	return p;
}

/* The pieces with a bar between them. */
static void cut(struct pretok_walk *w, const struct pretok *p, struct slice text, struct buf *out)
{
	struct err e = { 0 };
	struct slice piece;
	int got;

	out->n = 0;
	pretok_begin(w, p, text);
	while ((got = pretok_next(w, &piece, &e)) > 0) {
		if (out->n)
			buf_byte(out, '|');
		buf_slice(out, piece);
	}
	cr_assert_eq(got, 0, "%s", e.text);
}

/* By hand from the pattern
 * '(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ */
static const struct {
	struct slice text, pieces;
} cases[] = {
	{ { "", 0 }, { "", 0 } },
#define CASE(text, pieces) \
	{ \
		{ text, sizeof(text) - 1 }, \
		{ \
			pieces, sizeof(pieces) - 1 \
		} \
	}
	CASE("Hello world", "Hello| world"),
	CASE("it's we'll they've you're I'm he'd don't",
		"it|'s| we|'ll| they|'ve| you|'re| I|'m| "
		"he|'d| don|'t"),
	CASE("IT'S 'lo 'v", "IT|'|S| '|lo| '|v"),
	CASE("a''s ' s '", "a|''|s| '| s| '"),
	CASE("x  y", "x| | y"),
	CASE("x   y", "x|  | y"),
	CASE("x\n\ny", "x|\n|\n|y"),
	CASE("x \n y", "x| \n| y"),
	CASE("x\t1", "x|\t|1"),
	CASE("  ", "  "),
	CASE(" ", " "),
	CASE("a ", "a| "),
	CASE("a12b!?c", "a|12|b|!?|c"),
	CASE(" 12 !? \xC3\xA9t\xC3\xA9", " 12| !?| \xC3\xA9t\xC3\xA9"),
	/* NUL and U+001C are no white space, U+00A0 and U+2028 are, but no space of " ?". */
	CASE("a\0b\x1C", "a|\0|b|\x1C"),
	CASE("a\u00A0b", "a|\u00A0|b"),
	CASE("a\u00A0\u2028b", "a|\u00A0|\u2028|b"),
	/* U+180E left White_Space in Unicode 6.3. */
	CASE("a \u180Eb", "a| \u180E|b"),
	/* A combining mark is neither letter nor number. */
	CASE("e\u0301x", "e|\u0301|x"),
	CASE("x\u00B2\u216B", "x|\u00B2\u216B"),
	/* Ill-formed bytes are a piece of their own, and the text before ends there. */
	CASE("a  \xFF\xFE  b", "a|  |\xFF\xFE| | b"),
	CASE("\xE4\xB8", "\xE4\xB8"),
#undef CASE
};

static void check_cases(bool reference)
{
	struct pretok *p = make(reference);
	struct pretok_walk w = { 0 };
	struct buf got = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cut(&w, p, cases[i].text, &got);
		cr_expect(slice_eq(buf_view(&got), cases[i].pieces), "case %zu: %.*s", i,
			(int)got.n, got.p);
	}
	buf_release(&got);
	pretok_walk_release(&w);
	pretok_free(p);
}

Test(pretok, scanner_cuts_as_the_pattern_says)
{
	check_cases(false);
}

Test(pretok, regex_cuts_as_the_pattern_says)
{
	check_cases(true);
}

/* ---- the scanner against PCRE2 ---- */

static uint32_t next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33);
}

/* What PCRE2, whose Unicode may be older than the scanners', takes for a class. */
static void ask_pcre2(
	unsigned char classes[0x110000], const char *pattern, unsigned class, struct slice all)
{
	struct cut_step step = { slice_str(pattern), CUT_REMOVED, .invert = true };
	struct pretok_walk w = { 0 };
	struct pretok *p = NULL;
	struct slice piece;
	struct err e = { 0 };
	int got;

	cr_assert_eq(pretok_new(&p, &step, 1, &e), 0, "%s", e.text);
	pretok_begin(&w, p, all);
	while ((got = pretok_next(&w, &piece, &e)) > 0)
		classes[utf8_next(&piece)] |= (unsigned char)class;
	cr_assert_eq(got, 0);
	pretok_walk_release(&w);
	pretok_free(p);
}

/* Code points that the scanners and PCRE2 classify alike. */
static bool alike[0x110000];

static void find_alike(void)
{
	static unsigned char classes[0x110000];
	struct buf all = { 0 };
	unsigned n = 0;

	for (uint32_t c = 0; c < 0x110000; c++)
		if (c < 0xD800 || c >= 0xE000)
			all.n += utf8_put(buf_reserve(&all, UTF8_MAX_BYTES), c);
	ask_pcre2(classes, "\\p{L}", CLASS_LETTER, buf_view(&all));
	ask_pcre2(classes, "\\p{N}", CLASS_NUMBER, buf_view(&all));
	ask_pcre2(classes, "\\s", CLASS_SPACE, buf_view(&all));
	ask_pcre2(classes, "[\\r\\n]", CLASS_NEWLINE, buf_view(&all));
	ask_pcre2(classes, "\\p{M}", CLASS_MARK, buf_view(&all));
	ask_pcre2(classes, "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]", CLASS_UPPER, buf_view(&all));
	ask_pcre2(classes, "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]", CLASS_LOWER, buf_view(&all));
	ask_pcre2(classes, "[\\p{P}\\p{S}]", CLASS_SIGN, buf_view(&all));
	for (uint32_t c = 0; c < 0x110000; c++) {
		alike[c] = (c < 0xD800 || c >= 0xE000) && classes[c] == class_of(c);
		n += alike[c];
	}
	/* All but those that Unicode 15 and 16 added or moved. */
	cr_assert_gt(n, 0x110000 - 0x800 - 11000);
	buf_release(&all);
}

static uint32_t random_point(uint64_t *state)
{
	static const char common[] = "aZ09 '\n\tsdmtlvre.,!  \r";
	uint32_t c;

	if (next_random(state) % 4)
		return (unsigned char)common[next_random(state) % (sizeof(common) - 1)];
	do {
		static const uint32_t tops[] = { 0x80, 0x800, 0x3100, 0x10000, 0x110000 };

		c = next_random(state) % tops[next_random(state) % ARRAY_LEN(tops)];
	} while (!alike[c]);
	return c;
}

Test(pretok, scanner_is_equal_to_pcre2_on_random_text)
{
	struct pretok *plain = make(false), *regex = make(true);
	struct pretok_walk w = { 0 }, v = { 0 };
	struct buf text = { 0 }, a = { 0 }, b = { 0 };
	uint64_t state = 1;

	find_alike();
	for (int round = 0; round < 20000; round++) {
		uint32_t n = next_random(&state) % 40;

		text.n = 0;
		for (uint32_t i = 0; i < n; i++)
			text.n +=
				utf8_put(buf_reserve(&text, UTF8_MAX_BYTES), random_point(&state));
		if (n && next_random(&state) % 8 == 0)
			text.p[next_random(&state) % text.n] = (char)next_random(&state);
		cut(&w, plain, buf_view(&text), &a);
		cut(&v, regex, buf_view(&text), &b);
		cr_assert(slice_eq(buf_view(&a), buf_view(&b)), "%.*s and %.*s", (int)a.n, a.p,
			(int)b.n, b.p);
	}
	buf_release(&text);
	buf_release(&a);
	buf_release(&b);
	pretok_walk_release(&w);
	pretok_walk_release(&v);
	pretok_free(plain);
	pretok_free(regex);
}

/* Every code point that PCRE2 knows stands between letters, digits and spaces. */
Test(pretok, scanner_is_equal_to_pcre2_on_every_code_point)
{
	struct pretok *plain = make(false), *regex = make(true);
	struct pretok_walk w = { 0 }, v = { 0 };
	struct buf text = { 0 }, a = { 0 }, b = { 0 };

	find_alike();
	for (uint32_t c = 0; c < 0x110000; c++) {
		if (!alike[c])
			continue;
		buf_byte(&text, 'a');
		text.n += utf8_put(buf_reserve(&text, UTF8_MAX_BYTES), c);
		buf_str(&text, "1 ");
		if (c % 4096 != 4095)
			continue;
		cut(&w, plain, buf_view(&text), &a);
		cut(&v, regex, buf_view(&text), &b);
		cr_assert(slice_eq(buf_view(&a), buf_view(&b)), "up to U+%04X", (unsigned)c);
		text.n = 0;
	}
	buf_release(&text);
	buf_release(&a);
	buf_release(&b);
	pretok_walk_release(&w);
	pretok_walk_release(&v);
	pretok_free(plain);
	pretok_free(regex);
}

/* ---- the cases made with the regex module of Python ---- */

struct fixture {
	struct buf texts[4096];
	struct pretok *p;
	struct pretok_walk walk;
	unsigned judged, failed;
};

static void base64(struct slice in, struct buf *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;

	for (size_t i = 0; i < in.n && in.p[i] != '='; i++) {
		bits = bits << 6 | (uint32_t)(strchr(digits, in.p[i]) - digits);
		if (i % 4)
			buf_byte(out, (char)(bits >> (6 - 2 * (i % 4)) & 0xFF));
	}
}

static void read_text(struct fixture *f, struct record *r)
{
	struct buf unit = { 0 };
	struct slice part;
	uint64_t id, repeat;

	cr_assert_eq(record_uint(r, "id", &id), RECORD_FOUND);
	cr_assert_lt(id, ARRAY_LEN(f->texts));
	if (record_uint(r, "repeat", &repeat) != RECORD_FOUND)
		repeat = 1;
	if (record_str(r, "b64", &part) == RECORD_FOUND ||
		record_str(r, "unit_b64", &part) == RECORD_FOUND)
		base64(part, &unit);
	while (repeat--)
		buf_slice(&f->texts[id], buf_view(&unit));
	if (record_str(r, "tail_b64", &part) == RECORD_FOUND)
		base64(part, &f->texts[id]);
	buf_release(&unit);
}

/* False when the text holds code points that may be letters or numbers in a later Unicode than that
 * of the ICU that is linked: the fixtures know Unicode 17, Debian 12's ICU 15. */
static bool all_assigned(struct slice text)
{
	while (text.n) {
		uint32_t c = utf8_next(&text);

		if (u_charType((UChar32)c) == U_UNASSIGNED)
			return false;
	}
	return true;
}

/* The ends of the pieces as they stand in the case, or their number where it has a digest. */
static void judge(struct fixture *f, struct record *r)
{
	struct buf repaired = { 0 }, ends = { 0 };
	struct err e = { 0 };
	struct slice piece;
	uint64_t id, n = 0, want_n;
	size_t at = 0;

	cr_assert_eq(record_uint(r, "text", &id), RECORD_FOUND);
	utf8_repair(&repaired, buf_view(&f->texts[id]));
	if (!all_assigned(buf_view(&repaired))) {
		buf_release(&repaired);
		return;
	}
	pretok_begin(&f->walk, f->p, buf_view(&repaired));
	buf_byte(&ends, '[');
	while (pretok_next(&f->walk, &piece, &e) > 0) {
		at += piece.n;
		buf_printf(&ends, "%s%zu", n++ ? "," : "", at);
	}
	buf_byte(&ends, ']');
	if (record_uint(r, "n", &want_n) == RECORD_FOUND)
		f->failed += n != want_n;
	else
		f->failed += !slice_eq(buf_view(&ends), record_raw(r, "ends"));
	f->judged++;
	buf_release(&repaired);
	buf_release(&ends);
}

Test(pretok, cuts_the_shared_cases_as_the_regex_module_does)
{
	static struct fixture f;
	struct buf all = { 0 };
	struct slice rest, line;
	struct record r = { 0 };
	struct err e = { 0 };

	if (!shared_read("data/tokenizer/cases.jsonl.zst", 64 * MIB, &all))
		return;
	f.p = make(false);
	rest = buf_view(&all);
	while (shared_line(&rest, &line)) {
		struct slice kind, pattern;

		cr_assert_eq(record_scan(&r, line, &e), 0, "%s", e.text);
		record_str(&r, "kind", &kind);
		if (slice_eq(kind, SLICE("text")))
			read_text(&f, &r);
		else if (slice_eq(kind, SLICE("split")) &&
			record_str(&r, "pattern", &pattern) == RECORD_FOUND &&
			slice_eq(pattern, SLICE("gpt2")) && !record_raw(&r, "differs").p)
			judge(&f, &r);
	}
	cr_expect_gt(f.judged, 700);
	cr_expect_eq(f.failed, 0, "%u of %u differ", f.failed, f.judged);
	for (size_t i = 0; i < ARRAY_LEN(f.texts); i++)
		buf_release(&f.texts[i]);
	record_release(&r);
	buf_release(&all);
	pretok_walk_release(&f.walk);
	pretok_free(f.p);
}
