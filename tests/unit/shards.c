/* Names of shards, and the folder of a mix. */
#include "stages/mix/shards.h"

#include "lib/core/mkdirs.h"
#include "stages/mix/folder.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

Test(shards, names_are_told_from_others)
{
	static const struct {
		const char *name, *prefix;
	} cases[] = {
		{ "train-00000-of-00064.jsonl.zst", "train" },
		{ "train-00000-of-00064.jsonl", "train" },
		{ "a-b.c-123456-of-1000000.jsonl", "a-b.c" },
		{ "train-0000-of-00064.jsonl.zst", "" },
		{ "train-00000-of-0064.jsonl.zst", "" },
		{ "train-00000-of-00064.jsonl.gz", "" },
		{ "train-00000-of-00064.jsonl.zst.bak", "" },
		{ "-00000-of-00064.jsonl.zst", "" },
		{ "00000-of-00064.jsonl", "" },
		{ "manifest.json", "" },
		{ "", "" },
	};
	char *name = shard_name("train", 3, 64, false);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(slice_eq(shard_prefix(cases[i].name), slice_str(cases[i].prefix)), "%s",
			cases[i].name);
	cr_expect_str_eq(name, "train-00003-of-00064.jsonl.zst");
	free(name);
}

static void touch(const char *dir, const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	close(open(path, O_WRONLY | O_CREAT, 0666));
}

static bool exists(const char *dir, const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return access(path, F_OK) == 0;
}

Test(folder, keeps_what_is_ours_now_and_what_never_was)
{
	static const char *const files[] = { "train-00000-of-00001.jsonl",
		"train-00001-of-00002.jsonl.zst", "web-00000-of-00001.jsonl",
		"other-00000-of-00001.jsonl", "train-0-of-1.jsonl", "manifest.json" };
	char top[] = "/tmp/folder-XXXXXX", dir[100];
	struct mix_source source = { .name = "web" };
	struct sources sources = { .at = &source, .n = 1 };
	struct shard shard = { .file = (char[]){ "train-00000-of-00001.jsonl" } };
	struct shard_list shards = { .at = &shard, .n = 1 };
	struct err e = { 0 };
	size_t removed;

	cr_assert_not_null(mkdtemp(top));
	snprintf(dir, sizeof(dir), "%s/a//b", top);
	cr_assert_eq(mkdirs(dir, &e), 0, "%s", e.text);
	cr_assert_eq(mkdirs(dir, &e), 0, "%s", e.text);
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		touch(dir, files[i]);
	folder_open(dir);
	cr_expect_not(exists(dir, "manifest.json"));
	cr_expect_eq(folder_close(dir, &shards, &sources, &removed, &e), 0);
	cr_expect_eq(removed, 2);
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		cr_expect_eq(exists(dir, files[i]), i == 0 || i == 3 || i == 4, "%s", files[i]);
	touch(top, "file");
	snprintf(dir, sizeof(dir), "%s/file/x", top);
	cr_expect_eq(mkdirs(dir, &e), -1);
	cr_expect(strstr(e.text, "is no folder"), "%s", e.text);
}
