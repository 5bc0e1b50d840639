/* YAML as a tree with places; what a mistake in a rule set may look like is refused. */
#include "lib/core/yaml.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct yaml *parsed(const char *text, struct err *e)
{
	struct yaml *y = NULL;

	err_clear(e);
	return yaml_parse(&y, "f.yaml", slice_str(text), e) < 0 ? NULL : y;
}

Test(yaml, gives_a_tree_with_places)
{
	struct err e = { 0 };
	struct yaml *y = parsed("name: gopher\nrules:\n  - {stat: words, min: 50}\n  - 'x'\n"
				"text: |\n  a\n  b\n",
		&e);
	const struct yaml_node *root, *rules, *n;

	cr_assert_not_null(y, "%s", e.text);
	root = yaml_root(y);
	cr_expect_eq(root->kind, YAML_MAP);
	n = yaml_get(root, "name");
	cr_expect(n->kind == YAML_SCALAR && !n->quoted);
	cr_expect_str_eq(n->text, "gopher");
	cr_expect_str_eq(n->key, "name");
	rules = yaml_get(root, "rules");
	cr_expect(rules->kind == YAML_LIST && rules->line == 2 && rules->column == 1);
	n = yaml_get(rules->child, "min");
	cr_expect_str_eq(n->text, "50");
	cr_expect(n->line == 3 && n->column == 19, "%u:%u", n->line, n->column);
	n = rules->child->next;
	cr_expect(n->quoted && !n->key && n->line == 4 && n->column == 5 && !n->next);
	cr_expect_str_eq(yaml_get(root, "text")->text, "a\nb\n");
	cr_expect_null(yaml_get(root, "nothing"));
	cr_expect_null(yaml_get(rules, "name"));
	yaml_release(y);
}

Test(yaml, empty_files_are_empty_mappings)
{
	static const char *const cases[] = { "", "\n", "# a comment\n" };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = { 0 };
		struct yaml *y = parsed(cases[i], &e);

		cr_assert_not_null(y, "%s", e.text);
		cr_expect(yaml_root(y)->kind == YAML_MAP && !yaml_root(y)->child);
		yaml_release(y);
	}
}

Test(yaml, refuses_what_may_be_a_mistake)
{
	static const struct {
		const char *given, *says;
	} cases[] = {
		{ "a: 1\nb: 2\na: 3\n", "f.yaml:3:1: the key stands here twice" },
		{ "a: &x 1\nb: *x\n", "f.yaml:1:4: anchors and tags are not understood" },
		{ "b: *x\n", "f.yaml:1:4: aliases are not understood" },
		{ "a: !!int 1\n", "f.yaml:1:4: anchors and tags are not understood" },
		{ "a: &x [1]\n", "f.yaml:1:4: anchors and tags are not understood" },
		{ "a: !x {b: 1}\n", "f.yaml:1:4: anchors and tags are not understood" },
		{ "a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document" },
		{ "[a]: 1\n", "f.yaml:1:1: a key must be a plain word" },
		{ "a: \"x\\0y\"\n", "f.yaml:1:4: a NUL character" },
		{ "a: [1, 2\n", "f.yaml:2:1: did not find expected ',' or ']'" },
		{ "a:\n\t- b\n", "f.yaml:2:1: found character that cannot start any token" },
		{ "a: \"x\xff\"\n", "f.yaml: byte 5: invalid leading UTF-8 octet" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = { 0 };

		cr_expect_null(parsed(cases[i].given, &e), "%s", cases[i].given);
		cr_expect_str_eq(e.text, cases[i].says);
		cr_expect_eq(e.code, ERR_USAGE);
	}
}

Test(yaml, nesting_has_a_bound)
{
	struct err e = { 0 };
	char deep[2001];

	memset(deep, '[', 1000);
	memset(deep + 1000, ']', 1000);
	deep[2000] = '\0';
	cr_expect_null(parsed(deep, &e));
	cr_expect_str_eq(e.text, "f.yaml:1:65: nested too deep");
	deep[1064] = '\0';
	yaml_release(parsed(deep + 936, &e));
	cr_expect_eq(e.code, ERR_NONE, "64 deep: %s", e.text);
}

Test(yaml, scalars_have_types_of_their_own)
{
	static const struct {
		const char *given;
		bool real, whole;
	} cases[] = {
		{ "1", true, true },
		{ "1.5", true, false },
		{ "-2e3", true, false },
		{ "'1'", false, false },
		{ "18446744073709551615", true, true },
		{ "18446744073709551616", true, false },
		{ "true", false, false },
		{ "\"true\"", false, false },
		{ "yes", false, false },
		{ ".inf", false, false },
		{ "nan", false, false },
		{ "0x10", false, false },
		{ "1e999", false, false },
		{ "1-2", false, false },
		{ "", false, false },
		{ "[1]", false, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = { 0 };
		char text[60];
		struct yaml *y;
		const struct yaml_node *n;
		double real;
		uint64_t whole;

		snprintf(text, sizeof(text), "a: %s\n", cases[i].given);
		y = parsed(text, &e);
		cr_assert_not_null(y, "%s", e.text);
		n = yaml_get(yaml_root(y), "a");
		cr_expect_eq(yaml_real(y, n, &real, &e) == 0, cases[i].real, "%s", text);
		err_clear(&e);
		cr_expect_eq(yaml_uint(y, n, &whole, &e) == 0, cases[i].whole, "%s", text);
		yaml_release(y);
	}
}

Test(yaml, errors_say_what_was_expected_and_where)
{
	struct err e = { 0 };
	struct yaml *y = parsed("min: much\n", &e);
	double real;

	cr_assert_not_null(y);
	cr_expect_eq(yaml_real(y, yaml_get(yaml_root(y), "min"), &real, &e), -1);
	cr_expect_str_eq(e.text, "f.yaml:1:1: min: a number was expected");
	yaml_release(y);
}

Test(yaml, files_are_read_or_say_why_not)
{
	char path[] = "/tmp/corpus-yaml-XXXXXX";
	int fd = mkstemp(path);
	struct err e = { 0 };
	struct yaml *y;

	cr_assert_eq(write(fd, "a: 1\n", 5), 5);
	cr_assert_eq(yaml_load(&y, path, &e), 0, "%s", e.text);
	yaml_release(y);
	cr_assert_eq(ftruncate(fd, 17 * 1024 * 1024), 0);
	cr_expect_eq(yaml_load(&y, path, &e), -1);
	cr_expect_eq(e.code, ERR_LIMIT);
	unlink(path);
	close(fd);
	err_clear(&e);
	cr_expect_eq(yaml_load(&y, path, &e), -1);
	cr_expect_eq(e.code, ERR_NOINPUT);
	err_clear(&e);
	cr_expect_eq(yaml_load(&y, "/tmp", &e), -1);
	cr_expect_str_eq(e.text, "/tmp: Is a directory");
}
