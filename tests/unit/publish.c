/* Files that appear together. */
#include "lib/stream/publish.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/corpus-publish-XXXXXX";

static const char *name_of(const char *name)
{
	static char path[100];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static struct publish *parked(const char *name, const char *text)
{
	struct publish *p = NULL;
	struct err e = { 0 };

	cr_assert_eq(publish_open(&p, name_of(name), &e), 0, "%s", e.text);
	cr_assert_eq(write_all(publish_fd(p), text, strlen(text), name, &e), 0);
	cr_assert_eq(publish_park(p, &e), 0, "%s", e.text);
	return p;
}

static size_t size_of(const char *name)
{
	char text[100];
	FILE *f = fopen(name_of(name), "r");
	size_t n = f ? fread(text, 1, sizeof(text), f) : 0;

	if (f)
		fclose(f);
	return n;
}

static void setup(void)
{
	cr_assert_not_null(mkdtemp(folder));
}

static void teardown(void)
{
	unlink(name_of("a"));
	unlink(name_of("b"));
	cr_expect_eq(rmdir(folder), 0, "something stayed");
}

Test(publish, parked_files_appear_when_they_are_committed, .init = setup, .fini = teardown)
{
	struct err e = { 0 };
	struct publish *a, *b;

	cr_assert_eq(publish_bytes(name_of("a"), SLICE("old"), &e), 0);
	a = parked("a", "12345");
	b = parked("b", "1");
	cr_expect_eq(size_of("a"), 3);
	cr_expect_neq(access(name_of("b"), F_OK), 0);
	cr_expect_eq(publish_commit(a, &e), 0, "%s", e.text);
	cr_expect_eq(publish_commit(b, &e), 0, "%s", e.text);
	cr_expect_eq(size_of("a"), 5);
	cr_expect_eq(size_of("b"), 1);
}

Test(publish, a_parked_file_that_is_aborted_leaves_nothing, .init = setup, .fini = teardown)
{
	struct err e = { 0 };

	cr_assert_eq(publish_bytes(name_of("a"), SLICE("old"), &e), 0);
	publish_abort(parked("a", "12345"));
	publish_abort(parked("b", "1"));
	cr_expect_eq(size_of("a"), 3);
	cr_expect_neq(access(name_of("b"), F_OK), 0);
}
