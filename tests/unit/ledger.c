/* Does a build add up: written by hand, as --stats writes it. */
#include "stages/stats/check.h"

#include <criterion/criterion.h>

/* One source, two shards: extract, quality, dedup. */
static const char *const whole[] = {
	"{\"stage\":\"extract\",\"options\":{\"source\":\"web\"},"
	"\"inputs\":[{\"file\":\"a.warc\",\"items\":10,\"bytes\":1000}],"
	"\"outputs\":[{\"file\":\"x/a\",\"records\":7,\"bytes\":700,\"digest\":\"aa\"}],"
	"\"read\":{\"records\":10,\"bytes\":1000},\"split\":0,\"kept\":{\"records\":7,\"bytes\":700},"
	"\"dropped\":{\"records\":2,\"by_reason\":{\"not_html\":2}},\"bad\":1}",
	"{\"stage\":\"extract\",\"options\":{\"source\":\"web\"},"
	"\"inputs\":[{\"file\":\"b.warc\",\"items\":3,\"bytes\":300}],"
	"\"outputs\":[{\"file\":\"x/b\",\"records\":4,\"bytes\":400,\"digest\":\"bb\"}],"
	"\"read\":{\"records\":3,\"bytes\":300},\"split\":1,\"kept\":{\"records\":4,\"bytes\":400},"
	"\"dropped\":{\"records\":0,\"by_reason\":{}},\"bad\":0}",
	"{\"stage\":\"dedup exact\",\"options\":{},"
	"\"inputs\":[{\"file\":\"x/a\",\"records\":7,\"bytes\":700,\"digest\":\"aa\"},"
	"{\"file\":\"x/b\",\"records\":4,\"bytes\":400,\"digest\":\"bb\"}],"
	"\"outputs\":[{\"file\":\"d\",\"records\":9,\"bytes\":900,\"digest\":\"dd\"}],"
	"\"read\":{\"records\":11,\"bytes\":1100},\"split\":0,\"kept\":{\"records\":9,\"bytes\":900},"
	"\"dropped\":{\"records\":2,\"by_reason\":{\"duplicate\":2}},\"bad\":0}",
};

/* The build of those texts in which the first of a pair stands replaced by the second. */
static void check_with(
	const char *from, const char *to, size_t n, struct build *b, struct findings *f)
{
	struct err e = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct slice text = slice_str(whole[i]);
		size_t at = *from ? slice_find(text, slice_str(from)) : text.n;
		struct buf changed = { 0 };

		buf_slice(&changed, slice_head(text, at));
		if (at < text.n) {
			buf_str(&changed, to);
			buf_slice(&changed, slice_skip(text, at + strlen(from)));
		}
		cr_assert_eq(build_add_text(b, "log", buf_view(&changed), &e), 0, "%s", e.text);
		buf_release(&changed);
	}
	cr_assert_eq(build_join(b, &e), 0, "%s", e.text);
	build_check(b, f);
	buf_cstr(&f->faults);
}

Test(ledger, a_whole_build_adds_up_and_its_source_is_followed)
{
	struct build b = { 0 };
	struct findings f = { 0 };

	check_with("", "", ARRAY_LEN(whole), &b, &f);
	cr_expect_eq(f.n_faults, 0, "%s", f.faults.p);
	cr_expect_eq(f.handed_files, 2);
	cr_expect_eq(f.handed_records, 11);
	cr_expect_str_eq(b.tasks[2].source, "web");
	cr_expect_eq(b.tasks[2].depth, 1);
	findings_release(&f);
	build_release(&b);
}

Test(ledger, each_fault_is_found_and_named)
{
	static const struct {
		const char *from, *to, *fault;
	} cases[] = {
		{ "\"split\":1", "\"split\":0",
			"read 3 + split 0 is not kept 4 + dropped 0 + bad 0" },
		{ "\"not_html\":2", "\"not_html\":1", "2 are dropped, but the reasons name 1" },
		{ "x/b\",\"records\":4,\"bytes\":400,\"digest\":\"bb\"}],\"out",
			"x/b\",\"records\":3,\"bytes\":400,\"digest\":\"bb\"}],\"out",
			"x/b: extract wrote 4 records, dedup exact read 3: 1 vanished" },
		{ "x/b\",\"records\":4,\"bytes\":400,\"digest\":\"bb\"}],\"out",
			"x/b\",\"records\":4,\"bytes\":400,\"digest\":\"bc\"}],\"out",
			"x/b: extract wrote content bb, dedup exact read bc" },
		{ "\"digest\":\"aa\"},{\"file\":\"x/b\"", "\"digest\":\"aa\"},{\"file\":\"x/c\"",
			"x/b: 4 records of extract went nowhere" },
		{ "\"digest\":\"aa\"},{\"file\":\"x/b\"",
			"\"digest\":\"aa\"},{\"made_by\":\"extract\",\"file\":\"x/c\"",
			"x/c: made by extract, but no task here wrote it: 4 records that dedup "
			"exact read come from nowhere" },
		{ "{\"file\":\"x/b\",\"records\":4,\"bytes\":400,\"digest\":\"bb\"}],\"out",
			"{\"file\":\"x/a\",\"records\":7,\"bytes\":700,\"digest\":\"aa\"}],\"out",
			"x/a: read twice by dedup exact" },
		{ "\"file\":\"x/b\",\"records\":4,\"bytes\":400,\"digest\":\"bb\"}],\"read",
			"\"file\":\"x/a\",\"records\":4,\"bytes\":400,\"digest\":\"bb\"}],\"read",
			"x/a: two tasks say they wrote it" },
		{ "\"kept\":{\"records\":9", "\"kept\":{\"records\":8",
			"the outputs hold 9 records, but 8 are kept" },
		{ "\"read\":{\"records\":11", "\"read\":{\"records\":12",
			"the inputs hold 11 records, but 12 are read" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct build b = { 0 };
		struct findings f = { 0 };

		check_with(cases[i].from, cases[i].to, ARRAY_LEN(whole), &b, &f);
		cr_expect_gt(f.n_faults, 0, "%s", cases[i].to);
		cr_expect(strstr(f.faults.p, cases[i].fault), "wanted: %s\ngot: %s", cases[i].fault,
			f.faults.p);
		findings_release(&f);
		build_release(&b);
	}
}

Test(ledger, the_end_of_the_chain_is_no_loss)
{
	struct build b = { 0 };
	struct findings f = { 0 };

	check_with("", "", 2, &b, &f); /* the two of extract, which nobody read yet */
	cr_expect_eq(f.n_faults, 0, "%s", f.faults.p);
	findings_release(&f);
	build_release(&b);
}

/* A mix of two sources into two shards, and its manifest. */
static const char mix_stats[] =
	"{\"stage\":\"mix\",\"options\":{},\"inputs\":["
	"{\"file\":\"d/a\",\"records\":10,\"bytes\":100,\"digest\":\"aa\"},"
	"{\"file\":\"d/b\",\"records\":4,\"bytes\":40,\"digest\":\"bb\"}],\"outputs\":["
	"{\"file\":\"m/0\",\"records\":7,\"bytes\":70,\"digest\":\"00\"},"
	"{\"file\":\"m/1\",\"records\":6,\"bytes\":60,\"digest\":\"11\"}],"
	"\"read\":{\"records\":14,\"bytes\":140},\"split\":5,\"kept\":{\"records\":13,\"bytes\":130},"
	"\"dropped\":{\"records\":6,\"by_reason\":{\"epochs\":6}},\"bad\":0}";

#define MANIFEST(share_a, digest_1) \
	"{\"format\":\"corpus-mix manifest 1\",\"shards\":[" \
	"{\"file\":\"0\",\"documents\":7,\"digest\":\"00\"}," \
	"{\"file\":\"1\",\"documents\":6,\"digest\":\"" digest_1 "\"}],\"sources\":{" \
	"\"a\":{\"input_documents\":10,\"input_bytes\":100,\"left_out\":6,\"documents\":" share_a \
	",\"bytes\":40},\"b\":{\"input_documents\":4,\"input_bytes\":40,\"left_out\":0," \
	"\"documents\":9,\"bytes\":90}}}"

Test(ledger, a_manifest_gives_the_sources_of_a_mix_and_must_agree_with_its_task)
{
	static const struct {
		const char *manifest, *fault;
	} cases[] = {
		{ MANIFEST("4", "11"), NULL },
		{ MANIFEST("5", "11"),
			"read 14, kept 13, dropped 6, but its manifest's sources 14, 14 and 6" },
		{ MANIFEST("4", "12"),
			"m/1: the manifest has 6 documents, digest 12; mix wrote 6" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct build b = { 0 };
		struct findings f = { 0 };
		struct err e = { 0 };

		cr_assert_eq(
			build_add_text(&b, "m/manifest.json", slice_str(cases[i].manifest), &e), 0);
		cr_assert_eq(
			build_add_text(&b, "log/mix", slice_str(mix_stats), &e), 0, "%s", e.text);
		cr_assert_eq(build_join(&b, &e), 0, "%s", e.text);
		build_check(&b, &f);
		buf_cstr(&f.faults);
		cr_expect_eq(b.tasks[0].n_shares, 2);
		cr_expect_eq(f.n_faults, cases[i].fault ? 1 : 0, "%s", f.faults.p);
		cr_expect(!cases[i].fault || strstr(f.faults.p, cases[i].fault), "%s", f.faults.p);
		findings_release(&f);
		build_release(&b);
	}
}

Test(ledger, a_manifest_without_its_task_is_refused)
{
	struct build b = { 0 };
	struct err e = { 0 };

	cr_assert_eq(build_add_text(&b, "m/manifest.json", slice_str(MANIFEST("4", "11")), &e), 0);
	cr_expect_eq(build_join(&b, &e), -1);
	cr_expect_str_eq(e.text, "m/manifest.json: no --stats is given of the task that wrote 0");
	build_release(&b);
}

Test(ledger, what_is_no_stats_file_is_refused)
{
	static const char *const texts[] = { "", "[]", "{}", "{\"stage\":\"x\"",
		"{\"stage\":\"x\",\"read\":{\"records\":-1}}",
		"{\"stage\":\"x\",\"read\":{\"records\":\"1\"}}",
		"{\"stage\":\"x\",\"inputs\":[{\"records\":1}]}" };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct build b = { 0 };
		struct err e = { 0 };

		cr_expect_eq(
			build_add_text(&b, "log", slice_str(texts[i]), &e), -1, "%s", texts[i]);
		cr_expect_eq(e.code, ERR_DATA);
		build_release(&b);
	}
}
