/* Errors as values that read as sentences. */
#include "lib/core/err.h"

#include <stdarg.h>
#include <stdio.h>

static void PRINTF(3, 0) format(char *out, size_t size, const char *fmt, va_list args)
{
	int n = vsnprintf(out, size, fmt, args);

	if (n >= 0 && (size_t)n >= size)
		memcpy(out + size - 4, "...", 4);
}

int err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list args;

	if (e->code != ERR_NONE)
		return -1;
	e->code = code;
	va_start(args, fmt);
	format(e->text, sizeof(e->text), fmt, args);
	va_end(args);
	return -1;
}

int err_wrap(struct err *e, const char *fmt, ...)
{
	char place[sizeof(e->text)], was[sizeof(e->text)];
	va_list args;

	memcpy(was, e->text, sizeof(was));
	va_start(args, fmt);
	format(place, sizeof(place), fmt, args);
	va_end(args);
	if ((size_t)snprintf(e->text, sizeof(e->text), "%.400s: %.590s", place, was) >=
		sizeof(e->text))
		memcpy(e->text + sizeof(e->text) - 4, "...", 4);
	return -1;
}

void err_clear(struct err *e)
{
	e->code = ERR_NONE;
	e->text[0] = '\0';
}
