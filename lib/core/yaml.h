/* yaml.h - small YAML files as a tree with places (recipes, rule sets, --config).
 *
 * One document of mappings, sequences and scalars, read by libyaml. Anchors, aliases, tags and a
 * second document are refused, duplicate keys too: a mistake in a rule set must not look like
 * success. */
#ifndef CORPUS_YAML_H
#define CORPUS_YAML_H

#include "lib/core/buf.h"
#include "lib/core/err.h"

enum yaml_kind { YAML_SCALAR, YAML_MAP, YAML_LIST };

struct yaml_node {
	enum yaml_kind kind;
	bool quoted; /* a scalar in quotes: never a number, a flag or null */
	unsigned line, column; /* from 1; in a mapping those of the key */
	const char *key; /* in a mapping; else NULL */
	const char *text; /* a scalar's; NUL-terminated UTF-8 */
	struct yaml_node *child; /* the first; siblings by next */
	struct yaml_node *next;
};

struct yaml;

/* Reads a file. Errors name "FILE:LINE:COLUMN". */
int yaml_load(struct yaml **out, const char *path, struct err *e) MUST_CHECK;
int yaml_parse(struct yaml **out, const char *name, struct slice text, struct err *e) MUST_CHECK;
const struct yaml_node *yaml_root(const struct yaml *y);

void yaml_release(struct yaml *y);

/* The child of a mapping, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* The scalar's value, or an error at its place that says what was expected. */
int yaml_real(
	const struct yaml *y, const struct yaml_node *n, double *out, struct err *e) MUST_CHECK;
int yaml_uint(
	const struct yaml *y, const struct yaml_node *n, uint64_t *out, struct err *e) MUST_CHECK;

/* ERR_USAGE "FILE:LINE:COLUMN: ...". Returns -1. */
int yaml_error(const struct yaml *y, const struct yaml_node *n, struct err *e, const char *fmt, ...)
	PRINTF(4, 5);

#endif
