/* A rule set: rows of name, statistic and limits, read from YAML. */
#include "stages/quality/rules.h"

#include "lib/core/hex.h"
#include "lib/core/mem.h"
#include "lib/core/yaml.h"
#include "lib/stream/input.h"

#include <stdlib.h>
#include <xxhash.h>

/* One rule set is written by hand. */
enum { MAX_BYTES = 1 << 20 };

static int text_of(const struct yaml *y, const struct yaml_node *n, const char **out, struct err *e)
{
	if (n->kind != YAML_SCALAR || !n->text[0])
		return yaml_error(y, n, e, "%s is not a text", n->key);
	*out = n->text;
	return 0;
}

static int read_statistic(
	const struct yaml *y, const struct yaml_node *n, struct rule *r, struct err *e)
{
	const char *name = NULL;

	if (text_of(y, n, &name, e) < 0)
		return -1;
	if (!statistic_find(name, &r->statistic))
		return yaml_error(y, n, e, "there is no statistic %s", name);
	return 0;
}

static int read_rule_key(
	const struct yaml *y, const struct yaml_node *n, struct rule *r, struct err *e)
{
	if (strcmp(n->key, "name") == 0)
		return text_of(y, n, &r->name, e);
	if (strcmp(n->key, "note") == 0)
		return text_of(y, n, &r->note, e);
	if (strcmp(n->key, "statistic") == 0)
		return read_statistic(y, n, r, e);
	if (strcmp(n->key, "min") == 0) {
		r->has_min = true;
		return yaml_real(y, n, &r->min, e);
	}
	if (strcmp(n->key, "max") == 0) {
		r->has_max = true;
		return yaml_real(y, n, &r->max, e);
	}
	return yaml_error(y, n, e,
		"a rule has no key %s (it has name, statistic, min, max and note)", n->key);
}

static int read_rule(
	const struct yaml *y, const struct yaml_node *row, struct rule_set *set, struct err *e)
{
	struct rule *r = &set->rules[set->n];

	if (row->kind != YAML_MAP)
		return yaml_error(y, row, e, "a rule is a mapping");
	for (const struct yaml_node *n = row->child; n; n = n->next) {
		if (read_rule_key(y, n, r, e) < 0)
			return -1;
	}
	if (!r->name || !yaml_get(row, "statistic"))
		return yaml_error(y, row, e, "a rule needs a name and a statistic");
	if (r->has_min && r->has_max && r->min > r->max)
		return yaml_error(y, row, e, "min is above max: every text would fail");
	for (size_t i = 0; i < set->n; i++) {
		if (strcmp(set->rules[i].name, r->name) == 0)
			return yaml_error(y, row, e, "the rule %s stands here twice", r->name);
	}
	if (statistic_needs_words(r->statistic) && !set->splitter)
		return yaml_error(y, row, e, "%s needs words: name a splitter for the set (%s)",
			statistic_name(r->statistic), splitter_names);
	set->n++;
	return 0;
}

static int read_rules(
	const struct yaml *y, const struct yaml_node *list, struct rule_set *set, struct err *e)
{
	size_t n = 0;

	if (list->kind != YAML_LIST)
		return yaml_error(y, list, e, "rules is not a list");
	for (const struct yaml_node *row = list->child; row; row = row->next)
		n++;
	set->rules = mem_zalloc(n, sizeof(set->rules[0]));
	for (const struct yaml_node *row = list->child; row; row = row->next) {
		if (read_rule(y, row, set, e) < 0)
			return -1;
	}
	return 0;
}

static int read_splitter(
	const struct yaml *y, const struct yaml_node *n, struct rule_set *set, struct err *e)
{
	const char *name = NULL;

	if (text_of(y, n, &name, e) < 0)
		return -1;
	set->splitter = splitter_find(name);
	if (!set->splitter)
		return yaml_error(
			y, n, e, "there is no splitter %s (there are %s)", name, splitter_names);
	return 0;
}

/* Rules are read last, because they need the splitter wherever it stands. */
static int read_set(const struct yaml *y, struct rule_set *set, struct err *e)
{
	const struct yaml_node *root = yaml_root(y), *rules = yaml_get(root, "rules");
	const char *note;

	if (root->kind != YAML_MAP || !rules || !yaml_get(root, "name"))
		return yaml_error(y, root, e, "a rule set is a mapping with a name and rules");
	for (const struct yaml_node *n = root->child; n; n = n->next) {
		int status = 0;

		if (strcmp(n->key, "name") == 0)
			status = text_of(y, n, &set->name, e);
		else if (strcmp(n->key, "note") == 0)
			status = text_of(y, n, &note, e);
		else if (strcmp(n->key, "splitter") == 0)
			status = read_splitter(y, n, set, e);
		else if (n != rules)
			status = yaml_error(y, n, e,
				"a rule set has no key %s (it has name, note, splitter and rules)",
				n->key);
		if (status < 0)
			return -1;
	}
	return read_rules(y, rules, set, e);
}

int rule_set_parse(struct rule_set *set, const char *file, struct slice text, struct err *e)
{
	XXH128_hash_t hash = XXH3_128bits(text.p, text.n);

	*set = (struct rule_set){ 0 };
	hex_128(hash.high64, hash.low64, set->digest);
	if (yaml_parse(&set->yaml, file, text, e) < 0)
		return -1;
	if (read_set(set->yaml, set, e) < 0) {
		rule_set_release(set);
		return -1;
	}
	return 0;
}

int rule_set_load(struct rule_set *set, const char *path, struct err *e)
{
	struct buf text = { 0 };
	int status = input_slurp(path, MAX_BYTES, &text, e);

	if (status == 0)
		status = rule_set_parse(set, path, buf_view(&text), e);
	buf_release(&text);
	return status;
}

bool rule_fails(const struct rule *r, double value, double *limit)
{
	if (r->has_min && value < r->min) {
		*limit = r->min;
		return true;
	}
	if (r->has_max && value > r->max) {
		*limit = r->max;
		return true;
	}
	return false;
}

void rule_set_release(struct rule_set *set)
{
	free(set->rules);
	yaml_release(set->yaml);
	*set = (struct rule_set){ 0 };
}
