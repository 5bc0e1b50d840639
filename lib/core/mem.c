/* Memory that is there or the run ends. */
#include "lib/core/mem.h"

#include "lib/core/temps.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

_Noreturn void mem_exhausted(void)
{
	static const char text[] = "out of memory (see --memory, --threads and --max-record)\n";

	temps_remove_all();
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(1);
	_exit(1);
}

void *mem_alloc(size_t n)
{
	void *p = malloc(n ? n : 1);

	if (!p)
		mem_exhausted();
	return p;
}

void *mem_zalloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		mem_exhausted();
	return p;
}

void *mem_resize(void *p, size_t count, size_t size)
{
	size_t n;

	if (!mul_size(count, size, &n))
		mem_exhausted();
	p = realloc(p, n ? n : 1);
	if (!p)
		mem_exhausted();
	return p;
}

char *mem_strndup(const char *s, size_t n)
{
	char *copy = mem_alloc(n + 1);

	if (n)
		memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

char *mem_strdup(const char *s)
{
	return mem_strndup(s, strlen(s));
}

char *mem_printf(const char *fmt, ...)
{
	va_list args;
	char *s;
	int n;

	va_start(args, fmt);
	n = vasprintf(&s, fmt, args);
	va_end(args);
	if (n < 0)
		mem_exhausted();
	return s;
}

void mem_grow(void *array, size_t count, size_t *cap, size_t size)
{
	void *p;

	if (count < *cap)
		return;
	memcpy(&p, array, sizeof(p));
	*cap = *cap ? *cap * 2 : 16;
	p = mem_resize(p, *cap, size);
	memcpy(array, &p, sizeof(p));
}
