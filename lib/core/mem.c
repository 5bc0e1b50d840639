/* Memory that is there or the run ends. */
#include "lib/core/mem.h"

#include "lib/core/temps.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
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

enum { HUGE_PAGE = 2 << 20, MOST_PAGE = 64 << 10 /* of any system's ordinary ones */ };

static size_t whole_pages(size_t bytes)
{
	return (bytes + MOST_PAGE - 1) / MOST_PAGE * MOST_PAGE;
}

void *mem_pages(size_t bytes)
{
	size_t size = whole_pages(bytes), room = size < HUGE_PAGE ? size : size + HUGE_PAGE, before;
	char *p = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		mem_exhausted();
	if (room == size)
		return p;
	before = (HUGE_PAGE - (uintptr_t)p % HUGE_PAGE) % HUGE_PAGE;
	if (before > 0)
		(void)munmap(p, before);
	(void)munmap(p + before + size, HUGE_PAGE - before);
	(void)madvise(p + before, size, MADV_HUGEPAGE);
	return p + before;
}

void mem_pages_free(void *p, size_t bytes)
{
	if (p)
		(void)munmap(p, whole_pages(bytes));
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
