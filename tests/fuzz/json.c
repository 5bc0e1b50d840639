/* Any bytes as JSON: the ways of scanning agree with each other and, where it can judge, with
 * jansson. It refuses four things that RFC 8259 allows and we accept: strings that are not UTF-8,
 * lone surrogates (its only "invalid Unicode"), numbers beyond binary64 or 64 bits, and \u0000 in a
 * key; it goes deeper than we do; and it overlooks a NUL byte behind a number. */
#include "lib/record/json_scan.h"

#include <jansson.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool beyond_jansson(const json_error_t *e)
{
	return json_error_code(e) == json_error_invalid_utf8 ||
		json_error_code(e) == json_error_numeric_overflow ||
		json_error_code(e) == json_error_null_byte_in_key ||
		strstr(e->text, "invalid Unicode");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = { n ? (const char *)data : "", n };
	size_t where[2] = { 0 };
	const char *what[2] = { "", "" };
	bool ok = json_scan_plain(text, JSON_ANY_VALUE, NULL, &where[0], &what[0]);
	json_error_t e;
	json_t *j = json_loadb(text.p, n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);

	if (json_scan_best()(text, JSON_ANY_VALUE, NULL, &where[1], &what[1]) != ok ||
		where[0] != where[1] || strcmp(what[0], what[1]) != 0)
		abort();
	if (memchr(text.p, '\0', n) ? ok : ok && !j && !beyond_jansson(&e))
		abort();
	if (!ok && j && !memchr(text.p, '\0', n) && strcmp(what[0], "nested too deep") != 0)
		abort();
	json_decref(j);
	return 0;
}
