/* Copies strings with and without escapes: the plain way, and the choice between the ways. */
#include "lib/core/cpu.h"
#include "lib/record/json_copy_runs.h"

static size_t copy_to_special(char *out, const char *p, const char *end)
{
	size_t n = 0;

	for (; p + n < end && !json_escape_letter(p[n]); n++)
		out[n] = p[n];
	return n;
}

static size_t copy_to_backslash(char *out, const char *p, const char *end)
{
	const char *stop = memchr(p, '\\', (size_t)(end - p));
	size_t n = (size_t)((stop ? stop : end) - p);

	memcpy(out, p, n);
	return n;
}

static char *escape(char *out, struct slice s)
{
	return escape_runs(out, s);
}

static char *unescape(char *out, struct slice s, uint64_t *replaced)
{
	return unescape_runs(out, s, replaced);
}

const struct json_copy json_copy_plain = { escape, unescape };

const struct json_copy *json_copy_best(void)
{
#if defined(__x86_64__)
	if (cpu_has_avx512())
		return &json_copy_avx512;
	if (cpu_has_avx2())
		return &json_copy_avx2;
#endif
	return &json_copy_plain;
}
