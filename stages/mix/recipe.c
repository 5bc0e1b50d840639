/* Reads a recipe. */
#include "stages/mix/recipe.h"

#include "lib/core/hex.h"
#include "lib/core/mem.h"
#include "lib/core/yaml.h"
#include "lib/stream/input.h"

#include <math.h>
#include <stdlib.h>
#include <xxhash.h>

#define MAX_RECIPE_BYTES (1 * MIB)

const char *const mix_unit_names[UNIT_COUNT + 1] = { "tokens", "bytes", "documents", NULL };

/* Above this a recipe's epochs and weights could not be told from a slip of the pen. */
static const double max_epochs_limit = 1e6;

bool recipe_number(const char *text, double *out)
{
	static const char suffixes[] = "KMGT";
	const char *suffix;
	char *end;
	double v;

	if (!*text || text[strspn(text, "0123456789.eE+-KMGTkmgt")])
		return false;
	v = strtod(text, &end);
	if (end == text || !isfinite(v) || v <= 0)
		return false;
	if (*end) {
		suffix = strchr(suffixes, *end & ~0x20);
		if (!suffix || end[1])
			return false;
		for (const char *s = suffixes; s <= suffix; s++)
			v *= 1000;
	}
	*out = v;
	return true;
}

/* Sums and products of a few such numbers stay finite in binary64. */
static const double max_number = 1e30;

static int positive(const struct yaml *y, const struct yaml_node *n, double *out, struct err *e)
{
	if (n->kind != YAML_SCALAR || n->quoted || !recipe_number(n->text, out))
		return yaml_error(y, n, e, "%s: a number above 0 was expected", n->key);
	if (*out > max_number)
		return yaml_error(y, n, e, "%s: %g is over %g", n->key, *out, max_number);
	return 0;
}

static int epochs(const struct yaml *y, const struct yaml_node *n, double *out, struct err *e)
{
	if (positive(y, n, out, e) < 0)
		return -1;
	if (*out > max_epochs_limit)
		return yaml_error(y, n, e, "%s: %g is over %g", n->key, *out, max_epochs_limit);
	return 0;
}

static int read_unit(const struct yaml *y, const struct yaml_node *n, int *out, struct err *e)
{
	for (int i = 0; i < UNIT_COUNT; i++)
		if (n->kind == YAML_SCALAR && strcmp(n->text, mix_unit_names[i]) == 0) {
			*out = i;
			return 0;
		}
	return yaml_error(y, n, e, "unit: tokens, bytes or documents was expected");
}

/* A member of a source that is a fact: a key named as a unit. */
static double *fact_of(struct recipe_source *s, const char *key)
{
	for (int i = 0; i < UNIT_COUNT; i++)
		if (strcmp(key, mix_unit_names[i]) == 0)
			return &s->facts[i];
	return NULL;
}

static int read_source(
	const struct yaml *y, const struct yaml_node *n, struct recipe_source *s, struct err *e)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	*s = (struct recipe_source){ .name = n->key, .max_epochs = 1 };
	if (!*s->name || *s->name == '.' || s->name[strspn(s->name, allowed)])
		return yaml_error(y, n, e,
			"the source's name \"%s\" is not of letters, digits and any of . _ -",
			s->name);
	if (n->kind != YAML_MAP)
		return yaml_error(y, n, e, "%s: weight or epochs was expected", s->name);
	for (const struct yaml_node *k = n->child; k; k = k->next) {
		double *fact = fact_of(s, k->key);
		int result;

		if (fact)
			result = positive(y, k, fact, e);
		else if (strcmp(k->key, "weight") == 0)
			result = positive(y, k, &s->weight, e);
		else if (strcmp(k->key, "epochs") == 0)
			result = epochs(y, k, &s->epochs, e);
		else if (strcmp(k->key, "max_epochs") == 0)
			result = epochs(y, k, &s->max_epochs, e);
		else
			result = yaml_error(y, k, e, "unknown key %s", k->key);
		if (result < 0)
			return -1;
	}
	if ((s->weight > 0) == (s->epochs > 0))
		return yaml_error(y, n, e, "%s: either weight or epochs was expected", s->name);
	return 0;
}

static int read_sources(struct recipe *r, const struct yaml_node *n, struct err *e)
{
	size_t cap = 0;

	if (n->kind != YAML_MAP || !n->child)
		return yaml_error(r->yaml, n, e, "sources: a mapping of names was expected");
	for (const struct yaml_node *k = n->child; k; k = k->next) {
		mem_grow(&r->sources, r->n, &cap, sizeof(*r->sources));
		if (read_source(r->yaml, k, &r->sources[r->n], e) < 0)
			return -1;
		if ((r->sources[r->n].epochs > 0) != (r->sources[0].epochs > 0))
			return yaml_error(r->yaml, k, e,
				"%s has %s and %s has not: a recipe is of weights or of epochs",
				k->key, r->sources[r->n].epochs > 0 ? "epochs" : "a weight",
				r->sources[0].name);
		r->n++;
	}
	r->by_epochs = r->sources[0].epochs > 0;
	return 0;
}

static int read_key(struct recipe *r, const struct yaml_node *k, struct err *e)
{
	if (strcmp(k->key, "name") == 0 && k->kind == YAML_SCALAR) {
		r->name = k->text;
		return 0;
	}
	if (strcmp(k->key, "seed") == 0)
		return yaml_uint(r->yaml, k, &r->seed, e);
	if (strcmp(k->key, "unit") == 0)
		return read_unit(r->yaml, k, &r->unit, e);
	if (strcmp(k->key, "total") == 0)
		return positive(r->yaml, k, &r->total, e);
	if (strcmp(k->key, "sources") == 0)
		return read_sources(r, k, e);
	return yaml_error(r->yaml, k, e, "unknown key %s", k->key);
}

static int read_recipe(struct recipe *r, struct slice text, struct err *e)
{
	const struct yaml_node *root;

	if (yaml_parse(&r->yaml, r->path, text, e) < 0)
		return -1;
	root = yaml_root(r->yaml);
	if (root->kind != YAML_MAP)
		return yaml_error(r->yaml, root, e, "a recipe is a mapping with sources");
	for (const struct yaml_node *k = root->child; k; k = k->next)
		if (read_key(r, k, e) < 0)
			return -1;
	if (r->n == 0)
		return yaml_error(r->yaml, root, e, "a recipe needs sources");
	if (r->by_epochs && r->total > 0)
		return yaml_error(r->yaml, root, e, "a recipe of epochs has no total");
	return 0;
}

int recipe_parse(struct recipe *out, const char *path, struct slice text, struct err *e)
{
	XXH128_hash_t h = XXH3_128bits(text.p, text.n);
	const char *base = strrchr(path, '/');

	*out = (struct recipe){ .path = mem_strdup(path), .unit = -1 };
	out->name = base ? out->path + (base + 1 - path) : out->path;
	hex_128(h.high64, h.low64, out->digest);
	if (read_recipe(out, text, e) == 0)
		return 0;
	recipe_release(out);
	return -1;
}

int recipe_load(struct recipe *out, const char *path, struct err *e)
{
	struct buf text = { 0 };
	int result = input_slurp(path, MAX_RECIPE_BYTES, &text, e);

	if (result == 0)
		result = recipe_parse(out, path, buf_view(&text), e);
	buf_release(&text);
	return result;
}

void recipe_release(struct recipe *r)
{
	free(r->path);
	free(r->sources);
	yaml_release(r->yaml);
	*r = (struct recipe){ 0 };
}

size_t recipe_find(const struct recipe *r, struct slice name)
{
	size_t i = 0;

	while (i < r->n && !slice_eq(slice_str(r->sources[i].name), name))
		i++;
	return i;
}

void recipe_remove(struct recipe *r, size_t i)
{
	memmove(&r->sources[i], &r->sources[i + 1], (r->n - i - 1) * sizeof(*r->sources));
	r->n--;
}
