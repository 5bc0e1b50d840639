/* The scanners of tokenizer/pretok.h cut as PCRE2 does by the published patterns, and as the regex
 * module of Python did. */
#include "lib/record/record.h"
#include "tests/pretok_cut.h"
#include "tests/shared_data.h"
#include "tokenizer/pretok_class.h"

/* ---- what both know alike ---- */

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
	cr_assert(pretok_has_gaps(p));
	pretok_begin(&w, p, all);
	while ((got = pretok_next(&w, &piece, &e)) > 0)
		classes[utf8_next(&piece)] |= (unsigned char)class;
	cr_assert_eq(got, 0);
	pretok_walk_release(&w);
	pretok_free(p);
}

static const struct {
	const char *pattern;
	unsigned class;
} questions[] = {
	{ "\\p{L}", CLASS_LETTER },
	{ "\\p{N}", CLASS_NUMBER },
	{ "\\s", CLASS_SPACE },
	{ "[\\r\\n]", CLASS_NEWLINE },
	{ "\\p{M}", CLASS_MARK },
	{ "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]", CLASS_UPPER },
	{ "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]", CLASS_LOWER },
	{ "[\\p{P}\\p{S}]", CLASS_SIGN },
};

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
	for (size_t i = 0; i < ARRAY_LEN(questions); i++)
		ask_pcre2(classes, questions[i].pattern, questions[i].class, buf_view(&all));
	for (uint32_t c = 0; c < 0x110000; c++) {
		alike[c] = (c < 0xD800 || c >= 0xE000) && classes[c] == class_of(c);
		n += alike[c];
	}
	/* All but those that Unicode 15 and 16 added or moved. */
	cr_assert_gt(n, 0x110000 - 0x800 - 11000);
	buf_release(&all);
}

/* ---- the scanner of a name beside its reference ---- */

struct pair {
	const char *name;
	struct pretok *scanner, *reference;
	struct pretok_walk walk, reference_walk;
	struct buf ends, reference_ends;
};

static void pair_init(struct pair *pair, const char *name)
{
	struct err e = { 0 };
	size_t n;
	const struct cut_step *steps = pretok_named(name, &n);

	pair->name = name;
	cr_assert_eq(pretok_new(&pair->scanner, steps, n, &e), 0, "%s", e.text);
	cr_assert_eq(pretok_new_reference(&pair->reference, steps, n, &e), 0, "%s", e.text);
	cr_assert_str_eq(pretok_scanner_name(pair->scanner), name);
	cr_assert_null(pretok_scanner_name(pair->reference));
}

static void pair_release(struct pair *pair)
{
	pretok_walk_release(&pair->walk);
	pretok_walk_release(&pair->reference_walk);
	pretok_free(pair->scanner);
	pretok_free(pair->reference);
	buf_release(&pair->ends);
	buf_release(&pair->reference_ends);
}

/* Where the ends differ first, and the text from a little before there on. */
static void fail(struct pair *pair, struct slice text)
{
	size_t n = MIN(pair->ends.n, pair->reference_ends.n), i = 0, from;
	struct buf hex = { 0 };

	while (i < n && memcmp(pair->ends.p + i, pair->reference_ends.p + i, 4) == 0)
		i += 4;
	from = i ? load_le32(pair->ends.p + i - 4) : 0;
	for (size_t k = from; k < MIN(text.n, from + 30); k++)
		buf_printf(&hex, "%02X ", (unsigned char)text.p[k]);
	cr_assert_fail("%s: the piece from %zu on is %ld bytes, not %ld: %s(%.*s)", pair->name,
		from, i < pair->ends.n ? (long)(load_le32(pair->ends.p + i) - from) : -1,
		i < pair->reference_ends.n ? (long)(load_le32(pair->reference_ends.p + i) - from)
					   : -1,
		buf_cstr(&hex), (int)MIN(text.n - from, 30), text.p + from);
}

static void expect_equal(struct pair *pair, struct slice text, size_t cap)
{
	cut_ends(&pair->walk, pair->scanner, text, cap, &pair->ends);
	cut_ends(&pair->reference_walk, pair->reference, text, 1024, &pair->reference_ends);
	if (!slice_eq(buf_view(&pair->ends), buf_view(&pair->reference_ends)))
		fail(pair, text);
}

/* ---- random text ---- */

static void equal_on_random_text(const char *name, int rounds, uint32_t most)
{
	struct pair pair = { 0 };
	struct buf text = { 0 };
	uint64_t state = most;

	find_alike();
	pair_init(&pair, name);
	for (int round = 0; round < rounds; round++) {
		random_text(&text, most, alike, &state);
		expect_equal(&pair, buf_view(&text), 1 + next_random(&state) % 300);
	}
	buf_release(&text);
	pair_release(&pair);
}

Test(pretok_equal, scanners_are_equal_to_pcre2_on_short_random_text)
{
	for (size_t i = 0; pretok_names[i]; i++)
		equal_on_random_text(pretok_names[i], 30000, 12);
}

Test(pretok_equal, scanners_are_equal_to_pcre2_on_long_random_text)
{
	for (size_t i = 0; pretok_names[i]; i++)
		equal_on_random_text(pretok_names[i], 2000, 400);
}

/* Every code point that PCRE2 knows alike stands behind and before letters, signs and spaces. */
Test(pretok_equal, scanners_are_equal_to_pcre2_on_every_code_point)
{
	struct pair pairs[16] = { 0 };
	struct buf text = { 0 };
	size_t n;

	find_alike();
	for (n = 0; pretok_names[n]; n++)
		pair_init(&pairs[n], pretok_names[n]);
	for (uint32_t c = 0; c < 0x110000; c++) {
		static const char *const between[] = { "a", "B ", ".", " ", "!!", "\u4E2D", "1",
			"\n" };

		for (size_t i = 0; alike[c] && i < ARRAY_LEN(between); i++) {
			buf_str(&text, between[i]);
			text.n += utf8_put(buf_reserve(&text, UTF8_MAX_BYTES), c);
		}
		if (c % 4096 != 4095)
			continue;
		for (size_t i = 0; i < n; i++)
			expect_equal(&pairs[i], buf_view(&text), 256);
		text.n = 0;
	}
	for (size_t i = 0; i < n; i++)
		pair_release(&pairs[i]);
	buf_release(&text);
}

/* ---- real text ---- */

/* Where the code points are that both know; others are taken out. */
static void keep_alike(struct buf *text)
{
	struct slice rest = buf_view(text);
	size_t n = 0;

	while (rest.n) {
		const char *at = rest.p;
		uint32_t c = utf8_next(&rest);
		size_t bytes = (size_t)(rest.p - at);

		if (!alike[c])
			continue;
		memmove(text->p + n, at, bytes);
		n += bytes;
	}
	text->n = n;
}

static void equal_on_texts(const char *path, size_t most)
{
	struct pair pairs[16] = { 0 };
	struct buf all = { 0 }, text = { 0 };
	struct slice rest, line;
	struct record r = { 0 };
	struct err e = { 0 };
	size_t n;

	if (!shared_read(path, most, &all))
		return;
	for (n = 0; pretok_names[n]; n++)
		pair_init(&pairs[n], pretok_names[n]);
	rest = buf_view(&all);
	while (shared_line(&rest, &line) && rest.n) {
		cr_assert_eq(record_scan(&r, line, &e), 0, "%s", e.text);
		text.n = 0;
		buf_slice(&text, record_text(&r));
		keep_alike(&text);
		for (size_t i = 0; i < n; i++)
			expect_equal(&pairs[i], buf_view(&text), 256);
	}
	for (size_t i = 0; i < n; i++)
		pair_release(&pairs[i]);
	record_release(&r);
	buf_release(&text);
	buf_release(&all);
}

Test(pretok_equal, scanners_are_equal_to_pcre2_on_real_text)
{
	find_alike();
	equal_on_texts("data/dedup/docs.jsonl.zst", 8 * MIB);
	equal_on_texts("data/langid/train.jsonl.zst", 8 * MIB);
}

/* ---- the cases made with the regex module of Python ---- */

struct fixture {
	struct buf all;
	struct buf texts[4096];
	bool newer[4096]; /* texts of code points that tiktoken and tokenizers do not know yet */
	struct pretok *scanner;
	struct pretok_walk walk;
	struct buf ends, want;
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

/* The ends of the pieces as they stand in the case, or their number where it has a digest. */
static void judge(struct fixture *f, struct record *r)
{
	struct buf repaired = { 0 };
	uint64_t id, want_n;
	size_t n;

	cr_assert_eq(record_uint(r, "text", &id), RECORD_FOUND);
	utf8_repair(&repaired, buf_view(&f->texts[id]));
	cut_ends(&f->walk, f->scanner, buf_view(&repaired), 256, &f->ends);
	n = f->ends.n / sizeof(uint32_t);
	f->want.n = 0;
	buf_byte(&f->want, '[');
	for (size_t i = 0; i < n; i++)
		buf_printf(&f->want, "%s%u", i ? "," : "",
			(unsigned)load_le32(f->ends.p + i * sizeof(uint32_t)));
	buf_byte(&f->want, ']');
	if (record_uint(r, "n", &want_n) == RECORD_FOUND)
		f->failed += n != want_n;
	else
		f->failed += !slice_eq(buf_view(&f->want), record_raw(r, "ends"));
	f->judged++;
	buf_release(&repaired);
}

/* The pattern of a case, or an empty slice for other lines; *id is that of the text. */
static struct slice case_pattern(struct record *r, uint64_t *id)
{
	struct slice kind, pattern;

	record_str(r, "kind", &kind);
	if (!slice_eq(kind, SLICE("split")))
		return (struct slice){ 0 };
	cr_assert_eq(record_str(r, "pattern", &pattern), RECORD_FOUND);
	cr_assert_eq(record_uint(r, "text", id), RECORD_FOUND);
	cr_assert_lt(*id, 4096);
	return pattern;
}

/* The texts, and which of them another engine cuts elsewhere under some pattern. */
static void read_texts(struct fixture *f)
{
	struct slice rest = buf_view(&f->all), line;
	struct record r = { 0 };
	struct err e = { 0 };

	while (shared_line(&rest, &line)) {
		struct slice kind;
		uint64_t id;

		cr_assert_eq(record_scan(&r, line, &e), 0, "%s", e.text);
		record_str(&r, "kind", &kind);
		if (slice_eq(kind, SLICE("text")))
			read_text(f, &r);
		else if (case_pattern(&r, &id).n && record_raw(&r, "differs").p)
			f->newer[id] = true;
	}
	record_release(&r);
}

static void judge_cases(struct fixture *f, const char *pattern, const char *name)
{
	struct slice rest = buf_view(&f->all), line;
	struct record r = { 0 };
	struct err e = { 0 };
	uint64_t id;

	cr_assert_eq(pretok_new_named(&f->scanner, name, &e), 0, "%s", e.text);
	f->judged = f->failed = 0;
	while (shared_line(&rest, &line)) {
		cr_assert_eq(record_scan(&r, line, &e), 0, "%s", e.text);
		if (slice_eq(case_pattern(&r, &id), slice_str(pattern)) && !f->newer[id])
			judge(f, &r);
	}
	cr_expect_eq(f->judged, 807, "%u cases", f->judged);
	cr_expect_eq(f->failed, 0, "%s: %u of %u differ", name, f->failed, f->judged);
	record_release(&r);
	pretok_walk_release(&f->walk);
	pretok_free(f->scanner);
}

Test(pretok_equal, scanners_cut_the_shared_cases_as_the_regex_module_does)
{
	static struct fixture f;

	if (!shared_read("data/tokenizer/cases.jsonl.zst", 64 * MIB, &f.all))
		return;
	read_texts(&f);
	judge_cases(&f, "gpt2", "gpt2");
	judge_cases(&f, "cl100k", "llama3");
	judge_cases(&f, "o200k", "o200k");
	judge_cases(&f, "qwen2", "qwen2");
	judge_cases(&f, "deepseek", "deepseek3");
	for (size_t i = 0; i < ARRAY_LEN(f.texts); i++)
		buf_release(&f.texts[i]);
	buf_release(&f.all);
	buf_release(&f.ends);
	buf_release(&f.want);
}
