/* Any bytes as JSON: the ways of scanning agree with each other and, where it can judge, with
 * jansson. It refuses four things that RFC 8259 allows and we accept: strings that are not UTF-8,
 * lone surrogates (its only "invalid Unicode"), numbers beyond binary64 or 64 bits, and \u0000 in a
 * key; it goes deeper than we do; and it overlooks a NUL byte behind a number. */
#include "lib/core/cpu.h"
#include "lib/record/json_scan.h"

#include <assert.h>
#include <jansson.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_way(json_scan_fn *scan, struct slice text, bool want_ok, size_t want_where,
	const char *want_what)
{
	size_t where = 0;
	const char *what = "";

	assert(scan(text, JSON_ANY_VALUE, NULL, &where, &what) == want_ok);
	assert(where == want_where && strcmp(what, want_what) == 0);
}

static bool beyond_jansson(const json_error_t *e)
{
	return json_error_code(e) == json_error_invalid_utf8 ||
		json_error_code(e) == json_error_numeric_overflow ||
		json_error_code(e) == json_error_null_byte_in_key ||
		strstr(e->text, "invalid Unicode");
}

/* A lone string or number says what jansson reads in it, and a string comes back when written. */
static void check_value(struct slice text, const json_t *j)
{
	struct arena arena = { 0 };
	struct buf out = { 0 };
	uint64_t replaced = 0;

	while (strchr(" \t\r\n", text.p[text.n - 1]))
		text.n--;
	while (strchr(" \t\r\n", *text.p))
		text = slice_skip(text, 1);
	if (json_is_string(j)) {
		struct slice want = { json_string_value(j), json_string_length(j) };

		assert(slice_eq(json_decode(text, &arena, &replaced), want) && replaced == 0);
		json_put_string(&out, want);
		assert(slice_eq(json_decode(buf_view(&out), &arena, &replaced), want));
	}
	if (json_is_number(j))
		assert(json_number(text) == json_number_value(j));
	arena_release(&arena);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = { n ? (const char *)data : "", n };
	size_t where = 0;
	const char *what = "";
	bool ok = json_scan_plain(text, JSON_ANY_VALUE, NULL, &where, &what);
	json_error_t e;
	json_t *j = json_loadb(text.p, n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);

	check_way(json_scan_best(), text, ok, where, what);
#if defined(__x86_64__)
	if (cpu_has_avx2())
		check_way(json_scan_avx2, text, ok, where, what);
#endif
	if (memchr(text.p, '\0', n))
		assert(!ok);
	else if (ok)
		assert(j || beyond_jansson(&e));
	else
		assert(!j || strcmp(what, "nested too deep") == 0);
	if (ok && j)
		check_value(text, j);
	json_decref(j);
	return 0;
}
