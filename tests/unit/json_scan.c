/* The ways of scanning JSON: all accept the same, list the same and report the same. */
#include "lib/core/cpu.h"
#include "lib/record/json_scan.h"
#include "lib/record/record.h"
#include "tests/random.h"
#include "tests/shared_data.h"

#include <criterion/criterion.h>

static json_scan_fn *const ways[] = {
	json_scan_plain,
#if defined(__x86_64__)
	json_scan_avx2,
	json_scan_avx512,
#endif
};

static bool runs(size_t way)
{
#if defined(__x86_64__)
	if (ways[way] == json_scan_avx2)
		return cpu_has_avx2();
#endif
	return way == 0 || ways[way] == json_scan_best();
}

struct result {
	bool ok;
	size_t where;
	const char *what;
	struct json_members members;
};

/* Over a copy that ends with its block of memory, so that a checker sees what is read behind. */
static struct result scanned(size_t way, const char *copy, size_t n, enum json_shape shape)
{
	struct result r = { .where = 0, .what = "" };

	r.ok = ways[way]((struct slice){ copy, n }, shape, &r.members, &r.where, &r.what);
	return r;
}

static bool same(const struct result *a, const struct result *b)
{
	if (a->ok != b->ok || a->where != b->where || strcmp(a->what, b->what) != 0)
		return false;
	if (a->members.n != b->members.n)
		return false;
	for (size_t i = 0; i < a->members.n; i++) {
		const struct json_member *x = &a->members.at[i], *y = &b->members.at[i];

		if (x->key.p != y->key.p || x->key.n != y->key.n || x->value.p != y->value.p ||
			x->value.n != y->value.n || x->type != y->type ||
			x->key_escaped != y->key_escaped)
			return false;
	}
	return true;
}

/* True when all agree; *ok is what they say. */
static bool agree(struct slice text, enum json_shape shape, bool *ok)
{
	char *copy = malloc(text.n + !text.n);
	bool all = true;
	struct result want, got;

	memcpy(copy, text.n ? text.p : "", text.n);
	want = scanned(0, copy, text.n, shape);
	for (size_t way = 1; way < ARRAY_LEN(ways); way++) {
		if (!runs(way))
			continue;
		got = scanned(way, copy, text.n, shape);
		all = all && same(&want, &got);
		json_members_release(&got.members);
	}
	json_members_release(&want.members);
	free(copy);
	*ok = want.ok;
	return all;
}

static size_t unbase64(struct slice s, char *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		const char *digit = s.p[i] ? strchr(digits, s.p[i]) : NULL;

		if (!digit)
			break;
		bits = bits << 6 | (uint32_t)(digit - digits);
		if (i % 4)
			out[n++] = (char)(bits >> (6 - 2 * (i % 4)));
	}
	return n;
}

static void check_case(struct slice name, struct slice expect, struct slice text)
{
	struct buf line = { 0 };
	bool ok;

	cr_expect(agree(text, JSON_ANY_VALUE, &ok), "%.*s", (int)name.n, name.p);
	if (!slice_eq(expect, SLICE("either")))
		cr_expect_eq(ok, slice_eq(expect, SLICE("accept")), "%.*s", (int)name.n, name.p);
	if (text.n && memchr(text.p, '\n', text.n))
		return;
	buf_str(&line, "{\"id\":\"x\",\"v\":");
	buf_slice(&line, text);
	buf_byte(&line, '}');
	cr_expect(agree(buf_view(&line), JSON_OBJECT_MEMBERS, &ok), "%.*s", (int)name.n, name.p);
	if (!slice_eq(expect, SLICE("either")))
		cr_expect_eq(
			ok, slice_eq(expect, SLICE("accept")), "field: %.*s", (int)name.n, name.p);
	buf_release(&line);
}

Test(json_scan, cases_of_the_shared_collection)
{
	struct buf file = { 0 };
	struct slice rest, line, name, expect, packed;
	struct record r = { 0 };
	struct err e = { 0 };
	size_t n = 0;

	if (!shared_read("data/ecosystem/json-cases.jsonl.zst", 64 * MIB, &file))
		cr_skip_test("skipped");
	for (rest = buf_view(&file); shared_line(&rest, &line); n++) {
		char *text = malloc(line.n);

		cr_assert_eq(record_scan(&r, line, &e), 0, "%s", e.text);
		record_str(&r, "name", &name);
		record_str(&r, "expect", &expect);
		record_str(&r, "base64", &packed);
		check_case(name, expect, (struct slice){ text, unbase64(packed, text) });
		free(text);
	}
	cr_expect_gt(n, 100);
	record_release(&r);
	buf_release(&file);
}

Test(json_scan, ways_agree_on_real_records)
{
	struct buf file = { 0 };
	struct slice rest, line;
	bool ok;

	if (!shared_read("data/dedup/docs.jsonl.zst", 16 * MIB, &file))
		cr_skip_test("skipped");
	for (rest = buf_view(&file); shared_line(&rest, &line);) {
		cr_expect(agree(line, JSON_OBJECT_MEMBERS, &ok));
		cr_expect(ok || !rest.n);
	}
	buf_release(&file);
}

/* Strings of what matters to a scanner, at all places of a block of 64 bytes. */
Test(json_scan, ways_agree_on_random_strings)
{
	static const char *const parts[] = { "a", "\\\\", "\\\"", "\\n", "\\u00e9",
		"\\ud83d\\ude00", "\xC3\xA9", "u0123", "\x7f", "\\", "\"", "\\u12", "\\x", "\t",
		"\x80\xff", "\\u00G0" };
	uint64_t state = 1;
	size_t accepted = 0;
	bool ok;

	for (int round = 0; round < 200000; round++) {
		struct buf text = { 0 };
		size_t n = random_below(&state, 60), kinds = random_below(&state, 4) ? 9 : 16;

		for (size_t i = random_below(&state, 70); i > 0; i--)
			buf_byte(&text, ' ');
		buf_byte(&text, '"');
		for (size_t i = 0; i < n; i++)
			buf_str(&text, parts[random_below(&state, kinds)]);
		buf_byte(&text, '"');
		for (size_t i = random_below(&state, 70); i > 0; i--)
			buf_byte(&text, ' ');
		if (!agree(buf_view(&text), JSON_ANY_VALUE, &ok))
			cr_assert(false, "%.*s", (int)text.n, text.p);
		accepted += ok;
		buf_release(&text);
	}
	cr_expect_gt(accepted, 100000);
	cr_expect_lt(accepted, 190000);
}

/* One to three bytes of a good record changed, left out or put in. */
Test(json_scan, ways_agree_on_damaged_records)
{
	static const char good[] =
		"{\"id\":\"<urn:uuid:0b1a>\", \"text\":\"He said \\\"no\\\".\\n\\n\\t\\tC:\\\\dir\\\\ "
		"caf\xC3\xA9 \\u00e9 \\ud83d\\ude00 and so on, and a little more of it here\","
		"\"n\":[-1.5e+10,0,{\"a\":[true,false,null]}],\"quality\":{\"x\":0.25,\"y\":1}}";
	static const char bytes[] = "\"\\{}[],:0129.eE+-utfn \t\n\x01\x80\xff";
	uint64_t state = 2;
	bool ok;

	for (int round = 0; round < 200000; round++) {
		char text[sizeof(good) + 3];
		size_t n = sizeof(good) - 1;

		memcpy(text, good, n);
		for (size_t i = random_below(&state, 3) + 1; i > 0 && n > 0; i--) {
			size_t at = random_below(&state, n);
			char c = bytes[random_below(&state, sizeof(bytes) - 1)];

			switch (random_below(&state, 4)) {
			case 0: text[at] = c; break;
			case 1: memmove(text + at, text + at + 1, --n - at); break;
			case 2:
				memmove(text + at + 1, text + at, n++ - at);
				text[at] = c;
				break;
			default: n = random_below(&state, 8) ? n : at + 1; break;
			}
		}
		if (!agree((struct slice){ text, n }, JSON_OBJECT_MEMBERS, &ok))
			cr_assert(false, "%.*s", (int)n, text);
	}
}
