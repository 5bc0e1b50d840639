/* The option table: parsing with its limits, and the forms made from it. */
#include "lib/core/opt.h"

#include "lib/core/opt_forms.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct config {
	bool flag, other;
	const char *str;
	const char *file;
	struct opt_list list;
	struct opt_list files;
	uint64_t count;
	int64_t level;
	uint64_t size;
	double real, ratio;
	int choice;
	bool early;
};

#define FIELD(name) offsetof(struct config, name)

static const char *const words[] = { "first", "last", NULL };

static const struct opt options[] = {
	{ 'f', "flag", OPT_FLAG, FIELD(flag), .help = "a flag" },
	{ 'g', "other", OPT_FLAG, FIELD(other), .help = "another" },
	{ 's', "str", OPT_STR, FIELD(str), .help = "a text" },
	{ 0, "file", OPT_FILE, FIELD(file), .help = "a file" },
	{ 'l', "list", OPT_LIST, FIELD(list), .help = "a list" },
	{ 0, "files", OPT_FILES, FIELD(files), .help = "files" },
	{ 'n', "count", OPT_UINT, FIELD(count), .min = 1, .max = 100, .help = "a number" },
	{ 0, "level", OPT_INT, FIELD(level), .min = -7, .max = 22, .help = "a level" },
	{ 0, "size", OPT_SIZE, FIELD(size), .help = "a size", .neutral = true },
	{ 0, "real", OPT_REAL, FIELD(real), .help = "any number" },
	{ 0, "ratio", OPT_RATIO, FIELD(ratio), .help = "a share" },
	{ 0, "choice", OPT_CHOICE, FIELD(choice), .choices = words, .help = "a choice" },
	{ 'e', "early", OPT_FLAG, FIELD(early), .early = true, .help = "acts first" },
	{ 0, "hidden", OPT_STR, FIELD(str), .help = NULL },
};

static struct config config;
static const struct opt_group groups[] = { { NULL, options, ARRAY_LEN(options), &config } };

static const char *default_items[] = { "en", "de" };

static void defaults(void)
{
	config = (struct config){
		.list = { default_items, 2, 0 },
		.count = 5,
		.level = INT64_MIN,
		.size = 64 << 20,
		.real = (double)NAN,
		.ratio = 0.65,
	};
}

/* Parses words separated by blanks ("~" stands for an empty argument); the result is
 * "operand|operand|" or the error's text. */
static const char *parsed(const char *line, enum opt_pass pass)
{
	static struct err e;
	static struct buf out;
	static char copy[1000], empty[1];
	char *argv[50] = { copy }, *save = NULL;
	int argc = 1, n;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		argv[argc++] = strcmp(w, "~") == 0 ? empty : w;
	err_clear(&e);
	buf_clear(&out, SIZE_MAX);
	n = opt_parse(groups, 1, argc, argv, pass, &e);
	if (n < 0)
		return e.text;
	for (int i = 1; i <= n; i++)
		buf_printf(&out, "%s|", argv[i]);
	return buf_cstr(&out);
}

static const char *value_of(const char *name)
{
	static struct buf out;

	buf_clear(&out, SIZE_MAX);
	opt_print_value(opt_find(groups, 1, name, NULL), &config, &out);
	return buf_cstr(&out);
}

Test(opt, takes_options_and_operands_in_any_order, .init = defaults)
{
	static const struct {
		const char *line, *operands, *option, *value;
	} cases[] = {
		{ "a -f b", "a|b|", "flag", "true" },
		{ "--no-flag", "", "flag", "false" },
		{ "-fg -", "-|", "other", "true" },
		{ "-fs x y", "y|", "str", "x" },
		{ "-fsx", "", "str", "x" },
		{ "--str=a=b", "", "str", "a=b" },
		{ "--str -f", "", "str", "-f" },
		{ "--str= -- -f --str z", "-f|--str|z|", "str", "" },
		{ "-n 1 -n 99", "", "count", "99" },
		{ "--level -7", "", "level", "-7" },
		{ "--level=22", "", "level", "22" },
		{ "--size 500", "", "size", "500" },
		{ "--size 2G", "", "size", "2G" },
		{ "--size 2048K", "", "size", "2M" },
		{ "--size 15T", "", "size", "15T" },
		{ "--size 0", "", "size", "0" },
		{ "--real -1.5e3", "", "real", "-1500" },
		{ "--real 0.1", "", "real", "0.1" },
		{ "--ratio 1", "", "ratio", "1" },
		{ "--choice last", "", "choice", "last" },
		{ "-l a,b --list c", "", "list", "a,b,c" },
		{ "--files a,b --files c", "", "files", "a,b,c" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cr_expect_str_eq(
			parsed(cases[i].line, OPT_ALL), cases[i].operands, "%s", cases[i].line);
		cr_expect_str_eq(
			value_of(cases[i].option), cases[i].value, "value of %s", cases[i].line);
	}
	cr_expect_eq(config.list.n, 3);
	cr_expect_eq(config.files.n, 2, "file names are not cut at commas");
	opt_release(groups, 1);
}

Test(opt, refuses_with_the_value_and_the_limit, .init = defaults)
{
	static const struct {
		const char *line, *says;
	} cases[] = {
		{ "--strange", "unknown option --strange" },
		{ "--strange=3", "unknown option --strange" },
		{ "--no-str", "unknown option --no-str" },
		{ "--fla", "unknown option --fla" },
		{ "-fz", "unknown option -z" },
		{ "--", "" },
		{ "--=x", "unknown option --" },
		{ "--flag=true", "--flag: takes no value" },
		{ "--no-flag=", "--no-flag: takes no value" },
		{ "--str", "--str: needs a value TEXT" },
		{ "-n", "--count: needs a value N" },
		{ "--file a --file a", "--file: is given twice" },
		{ "-n 0", "--count: 0 is less than 1" },
		{ "-n 101", "--count: 101 is more than 100" },
		{ "-n -1", "--count: '-1' is not a whole number" },
		{ "-n +1", "--count: '+1' is not a whole number" },
		{ "-n 1x", "--count: '1x' is not a whole number" },
		{ "-n ~", "--count: '' is not a whole number" },
		{ "-n 99999999999999999999",
			"--count: '99999999999999999999' is not a whole number" },
		{ "--level -8", "--level: -8 is less than -7" },
		{ "--level --8", "--level: '--8' is not a whole number" },
		{ "--level 9223372036854775808",
			"--level: '9223372036854775808' is not a whole number" },
		{ "--size 5X", "--size: '5X' is not a size such as 500, 64M or 2G" },
		{ "--size 5MB", "--size: '5MB' is not a size such as 500, 64M or 2G" },
		{ "--size M", "--size: 'M' is not a size such as 500, 64M or 2G" },
		{ "--size 16777216T", "--size: '16777216T' is not a size below 16 EiB" },
		{ "--real nan", "--real: 'nan' is not a number" },
		{ "--real 0x1p3", "--real: '0x1p3' is not a number" },
		{ "--real 1e999", "--real: '1e999' is not a number" },
		{ "--real 1e", "--real: '1e' is not a number" },
		{ "--real ~", "--real: '' is not a number" },
		{ "--ratio 1.01", "--ratio: 1.01 is more than 1" },
		{ "--ratio -0.1", "--ratio: -0.1 is less than 0" },
		{ "--choice middle", "--choice: 'middle' is none of first, last" },
		{ "-l a,,b", "--list: 'a,,b' has an empty item" },
		{ "-l ~", "--list: '' has an empty item" },
		{ "--file ~", "--file: the file name is empty" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect_str_eq(
			parsed(cases[i].line, OPT_ALL), cases[i].says, "%s", cases[i].line);
	opt_release(groups, 1);
}

Test(opt, early_pass_applies_early_options_alone, .init = defaults)
{
	cr_expect_str_eq(parsed("a -f -n 7 -e", OPT_EARLY), "a|", "argv stays as it is");
	cr_expect(config.early && !config.flag);
	cr_expect_eq(config.count, 5);
	cr_expect_str_eq(parsed("--strange", OPT_EARLY), "unknown option --strange");
}

Test(opt, a_list_replaces_the_default_once_a_pass, .init = defaults)
{
	cr_expect_str_eq(value_of("list"), "en,de");
	parsed("", OPT_ALL);
	cr_expect_str_eq(value_of("list"), "en,de");
	parsed("--list a", OPT_ALL);
	parsed("--list b -l c", OPT_ALL);
	cr_expect_str_eq(value_of("list"), "b,c");
	opt_release(groups, 1);
	cr_expect_eq(config.list.n, 0);
}

static struct buf made(void (*form)(const char *, const struct opt_verb *, size_t, struct buf *))
{
	struct opt_verb one = { NULL, "a summary", "[FILE ...]", groups, 1 };
	struct buf out = { 0 };

	form("corpus-x", &one, 1, &out);
	buf_cstr(&out);
	return out;
}

Test(opt, every_form_names_every_option, .init = defaults)
{
	struct opt_verb one = { NULL, "a summary", "[FILE ...]", groups, 1 };
	struct buf forms[] = { made(opt_bash), made(opt_zsh), made(opt_fish), { 0 }, { 0 }, { 0 },
		{ 0 } };

	opt_help(groups, 1, &forms[3]);
	opt_mdoc(&one, 1, &forms[4]);
	opt_names(&one, 1, &forms[5]);
	opt_yaml(groups, 1, 2, &forms[6]);
	for (size_t f = 0; f < ARRAY_LEN(forms); f++)
		for (size_t i = 0; i < ARRAY_LEN(options); i++) {
			bool in = strstr(buf_cstr(&forms[f]), options[i].name) != NULL;
			bool wanted = options[i].help && !(f == 6 && options[i].early);

			cr_expect_eq(in, wanted, "form %zu, option %s", f, options[i].name);
		}
	for (size_t f = 0; f < ARRAY_LEN(forms); f++)
		buf_release(&forms[f]);
}

Test(opt, help_shows_defaults_and_choices_within_80_columns, .init = defaults)
{
	struct buf out = { 0 };

	opt_help(groups, 1, &out);
	cr_expect_not_null(strstr(buf_cstr(&out), "a list (default: en,de)\n"));
	cr_expect_not_null(strstr(out.p, "a size (default: 64M)\n"));
	cr_expect_not_null(strstr(out.p, "a choice: first, last (default: first)\n"));
	cr_expect_not_null(strstr(out.p, "  -f, --flag                a flag\n"));
	cr_expect_not_null(strstr(out.p, "any number\n"));
	for (char *line = strtok(out.p, "\n"); line; line = strtok(NULL, "\n"))
		cr_expect_leq(strlen(line), 80);
	buf_release(&out);
}

/* What --print-config writes reads back as the same values, whatever strings hold. */
Test(opt, yaml_reads_back, .init = defaults)
{
	static const char hard[] = "a: \"b\" \\ #c\n\t\x01 \x7f \xc2\x85 \xc3\xa4 'd' - ~ null";
	struct buf first = { 0 }, second = { 0 };
	struct yaml *y;
	struct err e = { 0 };

	config.str = hard;
	config.file = "no";
	config.flag = true;
	config.level = -5;
	config.real = 1e-7;
	config.choice = 1;
	cr_assert_eq(opt_set(&options[4], &config, "x,y z", &e), 0);
	cr_assert_eq(opt_set(&options[5], &config, "p,q", &e), 0);
	opt_yaml(groups, 1, 0, &first);

	opt_release(groups, 1);
	defaults();
	cr_assert_eq(yaml_parse(&y, "c.yaml", buf_view(&first), &e), 0, "%s", e.text);
	cr_assert_eq(opt_read(groups, 1, y, yaml_root(y), &e), 0, "%s", e.text);
	cr_expect_str_eq(config.str, hard);
	cr_expect_eq(config.files.n, 1);
	opt_yaml(groups, 1, 0, &second);
	cr_expect_str_eq(buf_cstr(&second), buf_cstr(&first));
	opt_release(groups, 1);
	yaml_release(y);
	buf_release(&first);
	buf_release(&second);
}

static const char *config_error(const char *text)
{
	static struct err e;
	struct yaml *y;

	err_clear(&e);
	if (yaml_parse(&y, "c.yaml", slice_str(text), &e) == 0) {
		if (opt_read(groups, 1, y, yaml_root(y), &e) == 0)
			snprintf(e.text, sizeof(e.text), "fine");
		yaml_release(y);
	}
	return e.text;
}

Test(opt, config_errors_name_the_place, .init = defaults)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "count: 7\nsize: \"1M\"\nlist: [a, b]\nfiles: x", "fine" },
		{ "count: 7\nstrange: 1", "c.yaml:2:1: unknown key strange" },
		{ "hidden: x", "c.yaml:1:1: unknown key hidden" },
		{ "early: true", "c.yaml:1:1: early: is for the command line alone" },
		{ "flag: yes", "c.yaml:1:1: --flag: 'yes' is not true or false" },
		{ "flag:", "c.yaml:1:1: flag: needs true or false" },
		{ "count: [1, 2]", "c.yaml:1:1: count: is one value, not a list" },
		{ "count: {a: b}", "c.yaml:1:1: count: needs a value" },
		{ "\n  count: 200", "c.yaml:2:3: --count: 200 is more than 100" },
		{ "list: [a, [b]]", "c.yaml:1:11: list: needs a value" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect_str_eq(config_error(cases[i].text), cases[i].says, "%s", cases[i].text);
	opt_release(groups, 1);
}

Test(opt, json_holds_what_is_set, .init = defaults)
{
	struct buf out = { 0 };

	config.str = "a\"b";
	opt_json(groups, 1, false, &out);
	cr_expect_str_eq(buf_cstr(&out),
		"{\"flag\":false,\"other\":false,\"str\":\"a\\\"b\",\"list\":[\"en\",\"de\"],"
		"\"count\":5,\"size\":67108864,\"ratio\":0.65,\"choice\":\"first\"}");
	buf_clear(&out, 0);
	opt_json(groups, 1, true, &out);
	cr_expect_null(strstr(buf_cstr(&out), "size"), "neutral options stand in no stamp");
	buf_release(&out);
}
