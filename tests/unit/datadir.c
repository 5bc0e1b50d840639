/* Tests of where files that come with the programs are looked for. */
#include "lib/core/datadir.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static void expect_path(const char *name, const char *want)
{
	struct buf path = { 0 };
	struct err e = { 0 };

	cr_expect_eq(datadir_find("quality", name, &path, &e), 0, "%s", e.text);
	cr_expect_str_eq(buf_cstr(&path), want);
	buf_release(&path);
}

Test(datadir, takes_what_looks_like_a_path_as_one)
{
	setenv("CORPUSMILL_CONFIGS", "configs", 1);
	expect_path("./gopher", "./gopher");
	expect_path("/a/b", "/a/b");
	expect_path("mine.yaml", "mine.yaml");
}

Test(datadir, looks_into_the_folder_of_the_environment_first)
{
	setenv("CORPUSMILL_CONFIGS", "configs", 1);
	expect_path("gopher", "configs/quality/gopher.yaml");
}

Test(datadir, says_what_it_did_not_find)
{
	static const char want[] =
		"nosuch: no quality/nosuch.yaml in $CORPUSMILL_CONFIGS, beside the program or in ";
	struct buf path = { 0 };
	struct err e = { 0 };

	cr_expect_eq(datadir_find("quality", "nosuch", &path, &e), -1);
	cr_expect_eq(e.code, ERR_USAGE);
	cr_expect(slice_starts(slice_str(e.text), slice_str(want)), "%s", e.text);
	buf_release(&path);
}
