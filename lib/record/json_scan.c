/* The plain scanner, the reference of the others, and the choice between them. */
#include "lib/core/cpu.h"
#include "lib/record/json_walk.h"

#include <stdlib.h>

static inline const char *walk_string(struct walk *w, const char *p)
{
	return walk_string_plain(w, p);
}

bool json_scan_plain(struct slice text, enum json_shape shape, struct json_members *m,
	size_t *where, const char **what)
{
	return walk_text(text, shape, m, where, what);
}

json_scan_fn *json_scan_best(void)
{
#if defined(__x86_64__)
	if (cpu_has_avx512())
		return json_scan_avx512;
	if (cpu_has_avx2())
		return json_scan_avx2;
#endif
	return json_scan_plain;
}

static bool scan(struct slice text, enum json_shape shape, struct json_members *m, size_t *where,
	const char **what)
{
	if (m)
		m->n = 0;
	if (!text.p)
		text = SLICE("");
	return json_scan_best()(text, shape, m, where, what);
}

bool json_valid(struct slice text, size_t *where, const char **what)
{
	return scan(text, JSON_ANY_VALUE, NULL, where, what);
}

bool json_scan_object(struct slice text, struct json_members *m, size_t *where, const char **what)
{
	return scan(text, JSON_OBJECT_MEMBERS, m, where, what);
}

bool json_scan_array(struct slice text, struct json_members *m, size_t *where, const char **what)
{
	return scan(text, JSON_ARRAY_ELEMENTS, m, where, what);
}

void json_members_release(struct json_members *m)
{
	free(m->at);
	*m = (struct json_members){ 0 };
}
