/* The tree of pages' JSON-LD, against jansson's. */
#include "stages/extract/jsonld_tree.h"

#include "stages/extract/jsonld.h"

#include <criterion/criterion.h>
#include <jansson.h>

static bool same(struct ld_value *ours, const json_t *theirs, struct arena *arena);

static bool same_array(struct ld_value *ours, const json_t *theirs, struct arena *arena)
{
	struct ld_value *one = ld_first(ours);
	size_t i = 0;

	for (; one && i < json_array_size(theirs); one = one->next)
		if (!same(one, json_array_get(theirs, i++), arena))
			return false;
	return !one && i == json_array_size(theirs);
}

/* Of two members of one key only the last counts. */
static bool same_object(struct ld_value *ours, const json_t *theirs, struct arena *arena)
{
	size_t n = 0;

	for (struct ld_value *m = ours->first; m; m = m->next) {
		struct slice key = arena_copy(arena, m->key);

		if (ld_get(ours, key.p) != m)
			continue;
		if (!same(m, json_object_get(theirs, key.p), arena))
			return false;
		n++;
	}
	return n == json_object_size(theirs);
}

static bool same(struct ld_value *ours, const json_t *theirs, struct arena *arena)
{
	switch ((enum ld_kind)ours->kind) {
	case LD_OBJECT: return json_is_object(theirs) && same_object(ours, theirs, arena);
	case LD_ARRAY: return json_is_array(theirs) && same_array(ours, theirs, arena);
	case LD_STRING:
		return json_is_string(theirs) &&
			slice_eq(ld_text(ours, arena),
				(struct slice){
					json_string_value(theirs), json_string_length(theirs) });
	case LD_SCALAR:
		return json_is_number(theirs) || json_is_boolean(theirs) || json_is_null(theirs);
	}
	return false;
}

/* Whether both take the same from the front of text and find the same in it. */
static bool agree(struct slice text)
{
	struct arena arena = { 0 };
	struct slice rest = text;
	json_error_t error;
	json_t *theirs = json_loadb(text.p, text.n, JSON_DISABLE_EOF_CHECK, &error);
	struct ld_value *ours = ld_parse(&rest, &arena);
	bool yes = !ours == !theirs;

	if (ours && theirs)
		yes = same(ours, theirs, &arena) && text.n - rest.n == (size_t)error.position;
	json_decref(theirs);
	arena_release(&arena);
	return yes;
}

Test(jsonld_tree, agrees_with_jansson)
{
	static const char *const cases[] = { "", " ", "{}", "[]", " [ ] ", "null", "\"a\"", "1",
		"[1]", "[1,2]x", "[-0]", "[-]", "[01]", "[1.]", "[.1]", "[1.5e+3]", "[1e]",
		"[1E-2]", "[0e1]", "[true,false,null]", "[nul]", "[nullx]", "[TRUE]", "{\"a\":1}",
		"{\"a\":1,\"a\":\"2\"}", "{\"\":[]}", "{\"a\"}", "{\"a\":}", "{a:1}", "{1:1}",
		"[1 2]", "[1,]", "[,1]", "{\"a\":1,}", "{\"a\":[{\"b\":{\"c\":[[]]}}]} {}", "[\"",
		"[\"a", "[\"a\"", "[\"abcdefgh\"]", "[\"abcdefg\\\"h\"]", "[\"\\\\\",\"\\/\"]",
		"[\"\\b\\f\\n\\r\\t\"]", "[\"\\u00e9\\u20AC\\ud83d\\ude00\\uFFFFx\"]",
		"{\"\\u0061\\/\":\"b\"}", "{\"a\\u0062\":1,\"ab\":2}", "[}", "{]", "]", "\xC3\xA9",
		"[\xC3\xA9]", "[\"é\"]" };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(agree(slice_str(cases[i])), "%s", cases[i]);
}

/* jansson keeps numbers and has no place for these. */
Test(jsonld_tree, takes_numbers_of_any_size)
{
	static const char *const cases[] = { "[12345678901234567890123]", "[-1e999]" };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct slice text = slice_str(cases[i]);
		struct arena arena = { 0 };

		cr_expect(ld_is(ld_first(ld_parse(&text, &arena)), LD_SCALAR), "%s", cases[i]);
		arena_release(&arena);
	}
}

/* A generator with multiplier and increment of Knuth's MMIX: the same bytes in each run. */
static unsigned next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(*seed >> 33);
}

Test(jsonld_tree, agrees_with_jansson_on_what_is_repaired)
{
	static const char *const parts[] = { "{", "}", "[", "]", ",", ":", "\"a\"",
		"\"b\":", "\"longer than eight\"", "\"\\u00e9\\/\"", "\"\\ud83d\\ude00\"",
		"\"\\ud83d\"", "\"\\\"\"", "\"", "\\", "\\u", "12", "-1.5", "0", "e3", "null",
		"true", " ", "\n", "{\"a\":", "[{", "}]", "é", "//", "<!--" };
	uint64_t seed = 1;
	size_t taken = 0;

	for (int round = 0; round < 50000; round++) {
		struct arena arena = { 0 };
		char script[400];
		size_t n = 0, parts_left = next(&seed) % 20;
		struct slice text;

		script[n++] = "{["[next(&seed) % 2];
		while (parts_left--) {
			struct slice part = slice_str(parts[next(&seed) % ARRAY_LEN(parts)]);

			memcpy(script + n, part.p, part.n);
			n += part.n;
		}
		script[n++] = "}]"[next(&seed) % 2];
		text.p = jsonld_repaired((struct slice){ script, n }, &arena, &text.n);
		cr_expect(agree(text), "%.*s", (int)text.n, text.p);
		taken += ld_parse(&text, &arena) != NULL;
		arena_release(&arena);
	}
	cr_expect_gt(taken, 5000, "%zu are JSON", taken);
}

Test(jsonld_tree, goes_no_deeper_than_its_limit)
{
	struct arena arena = { 0 };
	char deep[2 * 65];
	struct slice text = { deep + 1, 2 * 64 };

	memset(deep, '[', 65);
	memset(deep + 65, ']', 65);
	cr_expect(ld_parse(&text, &arena));
	cr_expect_eq(text.n, 0);
	text = (struct slice){ deep, sizeof(deep) };
	cr_expect(!ld_parse(&text, &arena));
	cr_expect_eq(text.n, sizeof(deep));
	arena_release(&arena);
}
